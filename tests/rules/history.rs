//! P2: a report for a past instant is the report that was made then.

use entitle::chrono::{DateTime, TimeDelta, Utc};
use entitle::command::TrialName;
use entitle::license::TimeTicketDraft;
use entitle::report::{History, LicenseRow};
use entitle::testing::records;
use entitle::time::Length;
use entitle::{Actor, Catalog, Command, Entry, Event, Grant, LicenseId, Role, Tenant, TicketId, Token};
use proptest::prelude::*;

use crate::support::{
    Scenario, Vendor, admin, assign, beginning, day, days, forged, paid, replayed, request, unassign, units, window,
};

fn license_rows(tenant: &Tenant, on: DateTime<Utc>) -> Vec<LicenseRow> {
    tenant.license_rows(on).collect()
}

/// Provisioned and assigned of gold on a day, by the record.
fn gold(history: &mut History<'_>, on: i64) -> Option<(String, u64)> {
    let tenant = history.at(day(on)).unwrap();
    assert_eq!(tenant.reading(day(on)), day(on), "read at another instant than the one that was asked for");
    let mut rows = tenant.license_rows(day(on)).filter(|row| row.sku_name == *"F365 Gold");
    rows.next().map(|row| (row.licenses_provisioned.to_string(), row.licenses_assigned))
}

#[allow(clippy::unnecessary_wraps, reason = "to be compared with what may be none")]
fn some(provisioned: &str, assigned: u64) -> Option<(String, u64)> {
    Some((provisioned.to_string(), assigned))
}

#[test]
fn p2_licenses_count_from_their_installation_and_seats_from_their_assignment() {
    let vendor = Vendor::fabrikam();
    let (mut tenant, deal) = (vendor.tenant("contoso"), vendor.deal_for("contoso").with(paid("gold", 2, days(0, 100))));
    // A term from day 0, installed on day 5; the renewal of day 20 has five.
    let next = deal.revise(day(19)).unwrap().with(paid("gold", 5, days(0, 100)));
    let events = [
        tenant.run(5, [Command::Install(vendor.seal(&deal))]).unwrap(),
        tenant.run(8, [assign("ada", "gold"), assign("bo", "gold")]).unwrap(),
        tenant.run(20, [Command::Install(vendor.seal(&next))]).unwrap(),
        tenant.run(30, [unassign("ada", "gold")]).unwrap(),
    ];
    let mut history = tenant.history(&events).unwrap();
    for (on, expected) in [
        (4, None),
        (5, some("2", 0)),
        (7, some("2", 0)),
        (8, some("2", 2)),
        (19, some("2", 2)),
        (20, some("5", 2)),
        (29, some("5", 2)),
        (30, some("5", 1)),
        (200, some("0", 0)),
    ] {
        assert_eq!(gold(&mut history, on), expected, "on day {on}");
    }
    // The second before an event it has not happened.
    let mut history = tenant.history(&events).unwrap();
    assert_eq!(history.at(day(5) - TimeDelta::seconds(1)).unwrap().position(), 0);
    assert_eq!(history.at(day(30) - TimeDelta::milliseconds(1)).unwrap().position(), 3);
    assert_eq!(history.at(day(30)).unwrap().position(), 4);
}

#[test]
fn p2_the_catalog_is_that_of_today() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.tenant("contoso");
    let deal = vendor.deal_for("contoso").with(paid("gold", 2, days(0, 100)));
    let events = [tenant.run(5, [Command::Install(vendor.seal(&deal))]).unwrap()];
    let mut offer = vendor.catalog.offer().clone();
    offer.plans[2].name = "F365 Platinum".parse().unwrap();
    offer.name = Some("Fabrikam 365".parse().unwrap());
    let tenant = tenant.rebase(&Catalog::new(offer).unwrap(), &vendor.ring());
    let mut history = tenant.history(&events).unwrap();
    let row = history.at(day(6)).unwrap().license_rows(day(6)).next().unwrap();
    assert_eq!((row.sku_name.as_str(), row.product_display_name.as_str()), ("F365 Platinum", "Fabrikam 365"));
}

#[test]
fn p2_an_event_recorded_before_the_floor_counts_as_recorded_at_it() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.tenant("contoso");
    let mut deal = vendor.deal_for("contoso").with(paid("gold", 2, days(0, 100)));
    deal.issued = day(10);
    // The clock is behind: it says day 3, and the license was made out on day 10.
    let install = tenant.forge(3, [Command::Install(vendor.seal(&deal))]);
    let events =
        [install, tenant.run(4, [assign("ada", "gold")]).unwrap(), tenant.run(11, [assign("bo", "gold")]).unwrap()];
    let mut history = tenant.history(&events).unwrap();
    for (on, expected) in [(3, None), (9, None), (10, some("2", 1)), (11, some("2", 2))] {
        assert_eq!(gold(&mut history, on), expected, "on day {on}");
    }
    // A forged record that goes back in time: what is recorded before the floor counts as recorded at it.
    let back = tenant.forge(2, [unassign("bo", "gold")]);
    let forged: Vec<_> = events.into_iter().chain([back]).collect();
    let mut history = tenant.history(&forged).unwrap();
    assert_eq!(gold(&mut history, 10), some("2", 1));
    assert_eq!(gold(&mut history, 11), some("2", 1));
}

fn ticket(vendor: &Vendor, id: u8, on: i64) -> Token {
    let id = TicketId::from_random([id; 16]);
    let correction = TimeTicketDraft::new(id, vendor.catalog.offer(), "contoso".parse().unwrap(), day(on));
    vendor.secret.seal_ticket(&correction).unwrap()
}

fn host() -> Actor {
    admin().with(Role::Host)
}

fn as_host(tenant: &mut Tenant, on: i64, command: Command) -> Entry {
    let entry = tenant.decide(&host(), &[command], request(), day(on)).unwrap();
    tenant.apply(&entry).unwrap();
    entry
}

#[test]
fn p2_a_clock_that_was_ahead_shifts_no_report_of_the_time_before() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.tenant("contoso");
    let deal = vendor.deal_for("contoso").with(paid("gold", 3, days(0, 100)));
    let events = [
        tenant.run(1, [Command::Install(vendor.seal(&deal)), assign("ada", "gold")]).unwrap(),
        // On day 8 or so the clock says 5000. The ticket of day 10 says that it was wrong.
        tenant.run(5000, [unassign("ada", "gold")]).unwrap(),
        as_host(&mut tenant, 12, Command::CorrectTime(ticket(&vendor, 1, 10))),
        tenant.run(12, [assign("bo", "gold"), assign("cy", "gold")]).unwrap(),
    ];
    let mut history = tenant.history(&events).unwrap();
    for (on, expected) in [(0, None), (1, some("3", 1)), (9, some("3", 1)), (10, some("3", 0)), (12, some("3", 2))] {
        assert_eq!(gold(&mut history, on), expected, "on day {on}");
    }
    // Without the ticket, what was recorded on day 5000 was.
    let blank = vendor.tenant("contoso");
    let mut history = blank.history(&events[..2]).unwrap();
    assert_eq!((gold(&mut history, 4999), gold(&mut history, 5000)), (some("0", 0), some("0", 0)));
    assert_eq!(history.at(day(5000)).unwrap().position(), 2);
}

#[test]
fn p2_a_ticket_corrects_reports_of_the_days_before_it_was_installed_too() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.tenant("contoso");
    let trial = Grant::trial("gold".parse().unwrap(), units(5), window(0, 60), Length::days(20).unwrap());
    let name = || TrialName::new(LicenseId::from_random([1; 16]), "gold".parse().unwrap());
    let mut later = vendor.deal(2, vendor.deal_for("contoso").licensee).with(paid("bronze", 1, days(0, 100)));
    later.issued = day(25);
    let events = [
        tenant.run(0, [Command::Install(vendor.seal(&vendor.deal_for("contoso").with(trial)))]).unwrap(),
        // The clock says day 50 and it is day 5: the trial runs from the 5th to the 25th.
        tenant.run(50, [Command::StartTrial(name()), assign("ada", "gold")]).unwrap(),
        // A license of day 25 comes before the ticket of day 5 does, and counts as of that day like all before it.
        tenant.run(50, [Command::Install(vendor.seal(&later))]).unwrap(),
        as_host(&mut tenant, 26, Command::CorrectTime(ticket(&vendor, 1, 5))),
    ];
    let mut history = tenant.history(&events).unwrap();
    let positions = [(4, 1, some("0", 0)), (5, 4, some("5", 1)), (24, 4, some("5", 1)), (25, 4, some("0", 0))];
    for (on, position, expected) in positions {
        assert_eq!(gold(&mut history, on), expected, "on day {on}");
        let tenant = history.at(day(on)).unwrap();
        assert_eq!(tenant.position(), position, "on day {on}");
        let activated = tenant.license_rows(day(on)).last().unwrap().activation_date;
        assert_eq!(activated, (on >= 5).then(|| day(5)), "on day {on}");
    }
}

#[test]
fn p2_a_history_goes_forward_only_and_takes_a_whole_record() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.tenant("contoso");
    let deal = vendor.deal_for("contoso").with(paid("gold", 2, days(0, 100)));
    let events = [
        tenant.run(5, [Command::Install(vendor.seal(&deal))]).unwrap(),
        tenant.run(6, [assign("ada", "gold")]).unwrap(),
    ];
    let error = tenant.history(&events[1..]).unwrap_err();
    assert_eq!(error.code(), "apply.out-of-sequence");
    // Nor of another record of the tenant, nor one that ends before the tenant does.
    let mut other = vendor.tenant("contoso");
    let others = [other.forge(5, [Command::RecordTime])];
    assert_eq!(tenant.history(&others).unwrap_err().code(), "apply.out-of-sequence");
    let longer = [others[0].clone(), other.forge(6, [Command::RecordTime])];
    assert_eq!(tenant.history(&longer).unwrap_err().code(), "apply.forked");
    let mut history = tenant.history(&events).unwrap();
    assert_eq!(history.at(day(6)).unwrap().position(), 2);
    let error = history.at(day(5)).unwrap_err();
    assert_eq!(error.code(), "history.went-back");
    assert_eq!(
        error.to_string(),
        "the history is at 2026-03-07T00:00:00Z and cannot move back to 2026-03-06T00:00:00Z"
    );
    assert_eq!(history.at(day(6)).unwrap().position(), 2);
    assert!(
        license_rows(history.at(DateTime::<Utc>::MAX_UTC).unwrap(), DateTime::<Utc>::MAX_UTC)[0].licenses_assigned == 0
    );
}

/// The tenant to which exactly the events up to an instant were applied.
fn up_to(blank: &Tenant, record: &[Event], counted: &[DateTime<Utc>], at: DateTime<Utc>) -> Tenant {
    let until = record.iter().zip(counted).filter(|(_, counted)| **counted <= at);
    replayed(blank.clone(), until.map(|(event, _)| event))
}

/// The entries of these events, as a forger would write them.
fn entries(blank: &Tenant, events: &[Event]) -> Vec<Entry> {
    let mut tenant = blank.clone();
    let entries = events.iter().map(|event| {
        let entry = forged(&tenant, event.clone());
        tenant.apply(&entry).unwrap();
        entry
    });
    entries.collect()
}

fn same(history: &Tenant, twin: &Tenant, at: DateTime<Utc>) -> Result<(), TestCaseError> {
    prop_assert_eq!(history.reading(at), at);
    prop_assert_eq!(history.position(), twin.position(), "at {}", at);
    prop_assert_eq!(license_rows(history, at), license_rows(twin, at), "licenses at {}", at);
    let capacities = |tenant: &Tenant| tenant.capacity_rows(at).collect::<Vec<_>>();
    prop_assert_eq!(capacities(history), capacities(twin), "capacities at {}", at);
    let errors = |tenant: &Tenant| tenant.error_rows(at).collect::<Vec<_>>();
    prop_assert_eq!(errors(history), errors(twin), "errors at {}", at);
    Ok(())
}

/// Something that is recorded, honestly or not: on which day, and what.
#[derive(Debug, Clone)]
enum Attempt {
    /// A revision of one of two licenses, made out on a day.
    Install(u8, i64, u32),
    Start(u8),
    Assign(u8),
    Unassign(u8),
    /// A ticket, made out on a day.
    CorrectTime(u8, i64),
}

fn attempts() -> impl Strategy<Value = Vec<(i64, Attempt)>> {
    let attempt = prop_oneof![
        2 => (0..2_u8, 0..80_i64, 1..5_u32).prop_map(|(id, issued, units)| Attempt::Install(id, issued, units)),
        1 => (0..2_u8).prop_map(Attempt::Start),
        3 => (0..3_u8).prop_map(Attempt::Assign),
        1 => (0..3_u8).prop_map(Attempt::Unassign),
        2 => (0..3_u8, 0..80_i64).prop_map(|(id, issued)| Attempt::CorrectTime(id, issued)),
    ];
    prop::collection::vec((prop_oneof![3 => 0..80_i64, 1 => 80..120_i64], attempt), 1..14)
}

/// One command an event, so that nothing in an event is recorded at another time than the rest of it.
fn written(vendor: &Vendor, attempts: &[(i64, Attempt)]) -> Vec<Event> {
    let mut revisions = [0_u32; 2];
    let users = ["ada", "bo", "cy"];
    let gold = || "gold".parse().unwrap();
    let command = |attempt: &Attempt| match *attempt {
        Attempt::Install(id, issued, n) => {
            let mut deal = vendor.deal(id, vendor.deal_for("contoso").licensee).with(paid("gold", n, days(20, 60)));
            deal = deal.with(Grant::trial(gold(), units(n + 1), window(0, 100), Length::days(20).unwrap()));
            revisions[usize::from(id)] += 1;
            (deal.issued, deal.revision) = (day(issued), revisions[usize::from(id)].try_into().unwrap());
            Command::Install(vendor.seal(&deal))
        }
        Attempt::Start(id) => Command::StartTrial(TrialName::new(LicenseId::from_random([id; 16]), gold())),
        Attempt::Assign(user) => assign(users[usize::from(user)], "gold"),
        Attempt::Unassign(user) => unassign(users[usize::from(user)], "gold"),
        Attempt::CorrectTime(id, issued) => Command::CorrectTime(ticket(vendor, id, issued)),
    };
    let commands: Vec<_> = attempts.iter().map(|(_, attempt)| attempt).map(command).collect();
    let events = commands.into_iter().zip(attempts).zip(1..);
    events.map(|((command, (on, _)), number)| Event::new(number, day(*on), host(), vec![command])).collect()
}

/// The same with the dates of licenses as every ticket corrects them that comes later and is used for the first time.
fn corrected(attempts: &[(i64, Attempt)]) -> Vec<(i64, Attempt)> {
    let mut corrected: Vec<(i64, Attempt)> = Vec::new();
    let mut used = Vec::new();
    for attempt in attempts {
        if let (_, Attempt::CorrectTime(id, issued)) = *attempt {
            if !used.contains(&id) {
                used.push(id);
                for (_, before) in &mut corrected {
                    if let Attempt::Install(_, dated, _) = before {
                        *dated = issued.min(*dated);
                    }
                }
            }
        }
        corrected.push(attempt.clone());
    }
    corrected
}

/// As what instant each event counts: the latest time that the record had by then, each time and date corrected by every
/// ticket after it that is used for the first time.
fn counted(attempts: &[(i64, Attempt)]) -> Vec<DateTime<Utc>> {
    let mut recorded: Vec<i64> = Vec::new();
    let mut used = Vec::new();
    for (on, attempt) in attempts {
        // The time of the event, and the date of a license in it.
        recorded.push(*on);
        match *attempt {
            Attempt::CorrectTime(id, issued) if !used.contains(&id) => {
                used.push(id);
                for at in &mut recorded {
                    *at = issued.min(*at);
                }
                let last = recorded.last_mut().unwrap();
                *last = issued.max(*last);
            }
            Attempt::Install(_, issued, _) => {
                let last = recorded.last_mut().unwrap();
                *last = issued.max(*last);
            }
            _ => {}
        }
    }
    let latest = recorded.iter().scan(i64::MIN, |latest, &at| {
        *latest = at.max(*latest);
        Some(day(*latest))
    });
    latest.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Records with clocks that are ahead and behind, licenses from the future, and tickets in any order: reported as by a record
    /// in which every event has the time that it counts as, and no ticket is needed.
    #[test]
    fn p2_a_history_with_tickets_is_that_of_a_record_whose_clock_was_always_right(attempts in attempts()) {
        let vendor = Vendor::fabrikam();
        let (events, counted) = (written(&vendor, &attempts), counted(&attempts));
        let right = |event: &Event, at: DateTime<Utc>| {
            let commands = event.commands.iter().map(|command| match command {
                Command::CorrectTime(_) => Command::RecordTime,
                other => other.clone(),
            });
            Event::new(event.number, at, event.actor.clone(), commands.collect())
        };
        let dated = written(&vendor, &corrected(&attempts));
        let twin: Vec<_> = dated.iter().zip(&counted).map(|(event, at)| right(event, *at)).collect();
        let blank = vendor.tenant("contoso");
        let entries = entries(&blank, &events);
        let mut history = blank.history(&entries).unwrap();
        for at in (0..130).map(day) {
            same(history.at(at).unwrap(), &up_to(&blank, &twin, &counted, at), at)?;
        }
    }

    /// Records of every kind of command, some forged: reported as by the tenant at the time.
    #[test]
    fn p2_a_history_is_the_tenant_at_the_time(
        record in prop_oneof![
            records(&Vendor::fabrikam().catalog),
            records(&Vendor::of(include_str!("../../examples/agents.json")).catalog),
        ],
        instants in prop::collection::btree_set(0..130 * 24 * 3600_i64, 1..20),
    ) {
        let blank = Tenant::new(record.tenant().catalog(), &entitle::testing::ring(), &beginning(record.tenant().id().clone()));
        let events: Vec<Event> = record.entries().iter().map(|entry| entry.event().clone()).collect();
        let first = events.first().map_or(day(0), |event| event.at);
        let mut at_the_time = blank.clone();
        let counted = record.entries().iter().map(|entry| {
            at_the_time.apply(entry).unwrap();
            at_the_time.reading(entitle::time::EARLIEST)
        });
        let counted: Vec<_> = counted.collect();
        let mut history = record.tenant().history(record.entries()).unwrap();
        let around = counted.iter().flat_map(|&at| [at - TimeDelta::seconds(1), at]);
        let mut instants: Vec<_> = instants.iter().map(|&after| first + TimeDelta::seconds(after)).chain(around).collect();
        instants.sort();
        for at in instants {
            same(history.at(at).unwrap(), &up_to(&blank, &events, &counted, at), at)?;
        }
    }
}
