//! Laws of a record's time: what a clock reading and a time ticket cannot do, and that the worlds have them (X6).

use entitle::command::TrialName;
use entitle::testing::Oracle;
use entitle::time::EARLIEST;
use entitle::{Command, Event, PlanId, Tenant, TicketId};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use std::collections::{BTreeMap, BTreeSet};

use super::answers::all;
use super::calendar::{day, days};
use super::offers::{PLANS, plan_id};
use super::test_licenses::license_id;
use super::test_tickets::TestTicket;
use super::{World, admin, any_world, cases, decide, floor, forged, honest, is_dated_by, our_tenant, replay};

/// What a clock says, mostly near the record's days, and which ticket is tried again meanwhile.
fn readings() -> impl Strategy<Value = Vec<(i64, Option<prop::sample::Index>)>> {
    let number = prop_oneof![6 => -1..110_i64, 1 => 110..4000_i64];
    prop::collection::vec((number, prop::option::of(any::<prop::sample::Index>())), 1..=5)
}

/// The plans of which nothing is usable, now or later.
fn over(tenant: &Tenant) -> BTreeSet<PlanId> {
    let from = floor(tenant);
    let is_shut = |plan: &PlanId| {
        let mut at = from;
        loop {
            let pool = tenant.pool(plan, at);
            match pool.until {
                _ if pool.usable > entitle::quantity::Total::ZERO => return false,
                entitle::time::End::At(next) => at = next,
                entitle::time::End::Never => return true,
            }
        }
    };
    (0..PLANS.len()).map(plan_id).filter(is_shut).collect()
}

proptest! {
    #![proptest_config(cases(2))]

    #[test]
    fn x6_no_clock_reading_makes_what_has_ended_usable_again(world in any_world(), clocks in readings()) {
        let before = world.tenant();
        let oracle = world.oracle(&world.record);
        // Tickets that were used, or are for somebody else, or not to be trusted.
        let idle: Vec<&TestTicket> = world.test_tickets.iter().filter(|test_ticket| !oracle.takes_ticket(&test_ticket.token)).collect();
        let mut tenant = before.clone();
        let mut latest = floor(&tenant);
        for (number, ticket) in clocks {
            let ended = over(&tenant);
            let ticket = ticket.filter(|_| !idle.is_empty()).map(|index| index.get(&idle));
            let mut commands = vec![Command::RecordTime];
            commands.extend(ticket.map(|test_ticket| Command::CorrectTime(test_ticket.token.clone())));
            tenant = replay(tenant.clone(), &[Event::new(tenant.position() + 1, day(number), admin(), commands)]);
            latest = latest.max(day(number));
            for now in days().step_by(3).chain([EARLIEST, latest]) {
                prop_assert_eq!(tenant.reading(now), latest.max(now));
                // No more than time has passed.
                prop_assert_eq!(all(&tenant, now), all(&before, latest.max(now)), "at {}", now);
                for plan in &ended {
                    let usable = tenant.pool(plan, now).usable;
                    prop_assert_eq!(usable, entitle::quantity::Total::ZERO, "{} at {}", plan, now);
                }
            }
        }
    }

    #[test]
    fn x6_a_ticket_counts_if_it_is_ours_and_new(world in any_world()) {
        let (tenant, oracle) = (world.tenant(), world.oracle(&world.record));
        for test_ticket in &world.test_tickets {
            let decided = decide(&tenant, &admin(), &[Command::CorrectTime(test_ticket.token.clone())], floor(&tenant));
            let is_taken = oracle.takes_ticket(&test_ticket.token);
            prop_assert_eq!(decided.is_ok(), is_taken && is_dated_by(test_ticket.draft.issued, floor(&tenant)), "{:?}", decided);
            let Err(refusal) = decided else { continue };
            let (draft, offer) = (&test_ticket.draft, &world.offer);
            let code = match () {
                () if is_taken => "install.dated-ahead",
                () if !world.signers.contains(&test_ticket.signer) => refusal.reason.code(),
                () if !test_ticket.verifies => "token.not-trusted",
                // It verifies, and its key ends by its date.
                () if oracle.ticket_issued(&test_ticket.token).is_none() => "token.key-revoked",
                () if (&draft.publisher, &draft.offer) != (&offer.publisher, &offer.offer) => "install.other-offer",
                () if draft.tenant != our_tenant() => "install.other-tenant",
                () if !world.is_contained(&draft.anchor) => "install.not-contained",
                () => "install.ticket-used",
            };
            prop_assert_eq!(refusal.reason.code(), code);
        }
    }
}

/// The same record without a ticket.
fn uncorrected(world: &World) -> Vec<Event> {
    let mut record = world.record.clone();
    for command in record.iter_mut().flat_map(|event| &mut event.commands) {
        if matches!(command, Command::CorrectTime(_)) {
            *command = Command::RecordTime;
        }
    }
    record
}

/// What happens around tickets and anchors.
fn occurrences(world: &World) -> BTreeSet<&'static str> {
    let oracle = world.oracle(&world.record);
    let commands = || world.record.iter().flat_map(|event| &event.commands);
    let test_ticket_of = |command: &Command| match command {
        Command::CorrectTime(token) => world.test_tickets.iter().find(|test_ticket| test_ticket.token == *token),
        _ => None,
    };
    let taken_in: Vec<&TestTicket> = commands().filter_map(test_ticket_of).collect();
    let used: BTreeSet<TicketId> =
        taken_in.iter().map(|test_ticket| test_ticket.draft.id).filter(|id| oracle.is_used(*id)).collect();
    let without = world.oracle(&uncorrected(world));
    let trials = (0..3).flat_map(|license| (0..2).map(move |plan| TrialName::new(license_id(license), plan_id(plan))));
    let phase_changes = |oracle: &Oracle, name: &TrialName| oracle.trial(name).map(|(_, timeline)| timeline.changes());
    let anchored = world.test_licenses.iter().filter(|test_license| {
        let has = |command: &Command| matches!(command, Command::Install(token) if *token == test_license.token);
        test_license.deal.anchor != entitle::record::Anchor::Anywhere && commands().any(has)
    });
    let in_force =
        |test_license: &super::TestLicense| oracle.in_force(test_license.deal.id) == Some(&test_license.deal);
    let (good, bad): (Vec<_>, Vec<_>) =
        anchored.partition(|test_license| world.is_contained(&test_license.deal.anchor));
    let open = |oracle: &Oracle| {
        let plans = world.offer.plans.iter().filter(|plan| oracle.shut(&plan.id, oracle.floor()).is_none());
        plans.map(|plan| &plan.id).collect::<BTreeSet<_>>().len()
    };
    let found = [
        ("ticket.corrects", oracle.corrected() > 0),
        ("ticket.corrects-the-floor", oracle.floor() < without.floor()),
        ("ticket.opens-a-plan", open(&oracle) > open(&without)),
        (
            "ticket.moves-a-trial",
            trials.into_iter().any(|name| phase_changes(&oracle, &name) != phase_changes(&without, &name)),
        ),
        ("ticket.of-many", used.len() > 1),
        ("ticket.corrects-nothing", !used.is_empty() && oracle.corrected() == 0),
        ("ticket.used-twice", taken_in.iter().filter(|test_ticket| test_ticket.counts(world)).count() > used.len()),
        (
            "ticket.not-ours",
            taken_in.iter().any(|test_ticket| test_ticket.verifies && test_ticket.draft.tenant != our_tenant()),
        ),
        ("ticket.not-trusted", taken_in.iter().any(|test_ticket| !test_ticket.verifies)),
        (
            "ticket.anchored",
            taken_in.iter().any(|test_ticket| test_ticket.counts(world) && test_ticket.anchored().is_some()),
        ),
        ("ticket.not-contained", taken_in.iter().any(|test_ticket| !world.is_contained(&test_ticket.draft.anchor))),
        ("ticket.spares-what-follows-its-anchor", oracle.spared() > 0),
        ("ticket.spares-what-follows-another-ticket", oracle.spared_by_another() > 0),
        ("license.anchored", good.into_iter().any(in_force)),
        (
            "license.not-contained",
            bad.into_iter().any(|test_license| test_license.verifies && oracle.is_addressed(&test_license.deal)),
        ),
    ];
    found.into_iter().filter(|(_, is_so)| *is_so).map(|(name, _)| name).collect()
}

/// Worlds are worth nothing in which no ticket does what it can do.
#[test]
fn tickets_and_anchors_occur_in_the_worlds() {
    let mut runner = super::runner(8);
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    // As many worlds as it takes, up to a bound.
    for strategy in [forged().boxed(), honest().boxed()].iter().cycle().take(1_200) {
        if seen.len() == 15 && seen.values().all(|worlds| *worlds >= 5) {
            break;
        }
        let world = strategy.new_tree(&mut runner).unwrap().current();
        for name in occurrences(&world) {
            *seen.entry(name).or_default() += 1;
        }
    }
    let rare: Vec<_> = seen.iter().filter(|(_, worlds)| **worlds < 5).collect();
    assert!(seen.len() == 15 && rare.is_empty(), "of 1200 worlds: {seen:?}");
}
