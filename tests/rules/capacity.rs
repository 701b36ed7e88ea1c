//! M1 to M3, M5: pools of capacity, and what draws from them.

use entitle::capacity::Consumption;
use entitle::catalog::Scope;
use entitle::chrono::{DateTime, Utc};
use entitle::command::RefusalReason;
use entitle::license::TimeTicketDraft;
use entitle::limits::MAX_MILLIONTHS;
use entitle::quantity::{Amount, Capacity, Percent, Quantity};
use entitle::time::Month;
use entitle::{Actor, Command, ConsumerId, Event, Grant, Role, Tenant, TicketId, Units};
use proptest::prelude::*;
use std::collections::BTreeMap;

use crate::support::{Scenario, Vendor, day, days, paid, request};

/// Two capacity plans, the second without overage, beside a user plan.
const BOTS: &str = r#"{ "publisher": "p", "offer": "bots", "management": { "managed": "with_license" },
    "apps": [{ "id": "author", "access": "licensed" }],
    "plans": [
      { "id": "author", "scope": "user", "name": "Author", "apps": ["author"] },
      { "id": "sessions", "scope": "capacity", "name": "Sessions" },
      { "id": "pages", "scope": "capacity", "name": "Pages", "overage": 0 } ] }"#;

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

/// A draw in March 2026, whose days are 0 to 30.
fn draw(plan: &str, id: &str, consumer: &str, millionths: u64) -> Command {
    in_month("2026-03", plan, id, consumer, millionths)
}

fn in_month(when: &str, plan: &str, id: &str, consumer: &str, millionths: u64) -> Command {
    let (plan, id, consumer) = (plan.parse().unwrap(), id.parse().unwrap(), consumer.parse().unwrap());
    Command::Consume(Consumption::new(plan, id, consumer, month(when), Amount::millionths(millionths).unwrap()))
}

fn host() -> Actor {
    Actor::new("app".parse().unwrap()).with(Role::Host)
}

fn record(tenant: &mut Tenant, on: i64, commands: impl IntoIterator<Item = Command>) -> Result<(), RefusalReason> {
    let commands: Vec<_> = commands.into_iter().collect();
    let event = tenant.decide(&host(), &commands, request(), day(on)).map_err(|refusal| refusal.reason)?;
    tenant.apply(&event).unwrap();
    Ok(())
}

fn bots(grants: impl IntoIterator<Item = Grant>) -> Tenant {
    Vendor::of(BOTS).contoso(grants)
}

const UNIT: u64 = 1_000_000;

fn consumed(tenant: &Tenant, plan: &str, on: i64) -> u64 {
    tenant.usage(&plan.parse().unwrap(), day(on)).unwrap().consumed.in_millionths()
}

#[test]
fn m1_units_pool_over_all_grants_and_usage_is_counted_by_consumer_and_in_total() {
    let vendor = Vendor::of(BOTS);
    let mut tenant = bots([paid("author", 1, days(0, 100)), paid("sessions", 2, days(0, 100))]);
    let more = vendor.deal(2, vendor.deal_for("contoso").licensee).with(paid("sessions", 3, days(0, 100)));
    tenant.run(0, [Command::Install(vendor.seal(&more))]).unwrap();
    record(&mut tenant, 1, [draw("sessions", "a", "bot-1", 2 * UNIT), draw("sessions", "b", "bot-2", UNIT / 2)])
        .unwrap();
    record(&mut tenant, 2, [draw("sessions", "c", "bot-1", 2 * UNIT)]).unwrap();
    let usage = tenant.usage(&"sessions".parse().unwrap(), day(3)).unwrap();
    assert_eq!(
        (usage.consumed.to_string(), usage.allowance.to_string(), usage.limit.to_string()),
        ("4.5".into(), "5".into(), "6.25".into())
    );
    let mut consumers: Vec<(String, u64)> =
        usage.consumers().map(|(consumer, consumed)| (consumer.to_string(), consumed.in_millionths())).collect();
    consumers.sort();
    assert_eq!(consumers, [("bot-1".to_string(), 4 * UNIT), ("bot-2".to_string(), UNIT / 2)]);
    assert!(!usage.is_over());
    // Another tenant plan of the same record is another pool.
    assert_eq!(consumed(&tenant, "pages", 3), 0);
    assert!(tenant.usage(&"author".parse().unwrap(), day(3)).is_none());
    assert!(tenant.usage(&"gone".parse().unwrap(), day(3)).is_none());
}

#[test]
fn m2_a_period_is_a_calendar_month_and_what_is_unused_lapses() {
    let mut tenant = bots([paid("pages", 2, days(0, 400))]);
    record(&mut tenant, 30, [draw("pages", "a", "bot", UNIT)]).unwrap();
    let usage = tenant.usage(&"pages".parse().unwrap(), day(30)).unwrap();
    assert_eq!((usage.month, usage.until), (month("2026-03"), entitle::time::End::At(day(31))));
    // April, the 31st day from the first of March, begins anew with two units, not with three.
    assert_eq!(consumed(&tenant, "pages", 31), 0);
    record(&mut tenant, 31, [in_month("2026-04", "pages", "a", "bot", 2 * UNIT)]).unwrap();
    let refused = record(&mut tenant, 31, [in_month("2026-04", "pages", "b", "bot", 1)]).unwrap_err();
    assert_eq!(refused.code(), "refusal.no-capacity");
}

#[test]
fn m2_draws_count_against_the_units_at_the_draw_without_proration() {
    // Three units until day 10, then one, then none: no part of a month is worth less.
    let mut tenant = bots([
        paid("pages", 2, days(0, 10)).with_grace(entitle::time::Days::NONE),
        paid("pages", 1, days(0, 20)).with_grace(entitle::time::Days::NONE),
        paid("pages", 4, days(25, 400)),
    ]);
    record(&mut tenant, 9, [draw("pages", "a", "bot", 2 * UNIT)]).unwrap();
    let refused = record(&mut tenant, 10, [draw("pages", "b", "bot", 1)]).unwrap_err();
    let (plan, limit) = ("pages".parse().unwrap(), tenant.usage(&"pages".parse().unwrap(), day(10)).unwrap().limit);
    let consumed = tenant.usage(&plan, day(10)).unwrap().consumed;
    assert_eq!(limit.to_string(), "1");
    assert_eq!(
        refused,
        RefusalReason::NoCapacity { plan, month: month("2026-03"), consumed, limit, more_from: Some(day(25)) }
    );
    assert!(tenant.usage(&"pages".parse().unwrap(), day(10)).unwrap().is_over());
    assert_eq!(tenant.usage(&"pages".parse().unwrap(), day(10)).unwrap().until, entitle::time::End::At(day(20)));
    record(&mut tenant, 25, [draw("pages", "b", "bot", 2 * UNIT)]).unwrap();
}

#[test]
fn m3_a_draw_is_allowed_up_to_the_overage_and_refused_as_a_whole_past_it() {
    let mut tenant = bots([paid("sessions", 4, days(0, 400))]);
    let sessions = || "sessions".parse().unwrap();
    record(&mut tenant, 1, [draw("sessions", "a", "bot", 4 * UNIT)]).unwrap();
    assert!(!tenant.usage(&sessions(), day(1)).unwrap().is_over());
    // 25 percent on top of four units is one.
    assert!(tenant.usage(&sessions(), day(1)).unwrap().covers(Amount::UNIT));
    let before = tenant.clone();
    let refused = record(&mut tenant, 1, [draw("sessions", "b", "bot", UNIT + 1)]).unwrap_err();
    assert_eq!(refused.to_string(), "`sessions` does not cover it: 4 of 5 are consumed in 2026-03");
    assert_eq!(
        (consumed(&tenant, "sessions", 1), tenant.position()),
        (consumed(&before, "sessions", 1), before.position())
    );
    record(&mut tenant, 1, [draw("sessions", "b", "bot", UNIT)]).unwrap();
    assert!(tenant.usage(&sessions(), day(1)).unwrap().is_over());
    assert!(record(&mut tenant, 1, [draw("sessions", "c", "bot", 1)]).is_err());
    // Of several draws in one list all are recorded or none.
    let mut tenant = before;
    assert!(record(&mut tenant, 1, [draw("sessions", "b", "x", UNIT), draw("sessions", "c", "y", 1)]).is_err());
    assert_eq!(consumed(&tenant, "sessions", 1), 4 * UNIT);
}

#[test]
fn m3_a_plan_says_its_overage() {
    let limit = |overage: &str| {
        let vendor = Vendor::of(&BOTS.replace(r#""overage": 0"#, overage));
        let tenant = vendor.contoso([paid("pages", 3, days(0, 400))]);
        tenant.usage(&"pages".parse().unwrap(), day(1)).unwrap().limit.to_string()
    };
    assert_eq!(limit(r#""overage": 0"#), "3");
    assert_eq!(limit(r#""overage": 1"#), "3.03");
    assert_eq!(limit(r#""overage": 200"#), "9");
    assert_eq!(limit(r#""more_info": "x""#), "3.75");
    let unlimited = Grant::paid("pages".parse().unwrap(), Units::Unlimited, days(0, 400));
    let mut tenant = bots([unlimited]);
    record(&mut tenant, 1, [draw("pages", "a", "bot", MAX_MILLIONTHS)]).unwrap();
    let usage = tenant.usage(&"pages".parse().unwrap(), day(1)).unwrap();
    assert_eq!((usage.limit, usage.is_over()), (Capacity::Unlimited, false));
}

#[test]
fn m5_a_draw_recorded_twice_counts_once_and_not_into_another_month() {
    let mut tenant = bots([paid("pages", 9, days(0, 400))]);
    let first = draw("pages", "a", "bot", UNIT);
    record(&mut tenant, 1, [first.clone()]).unwrap();
    let again = RefusalReason::AlreadyRecorded { consumption: "a".parse().unwrap(), month: month("2026-03") };
    assert_eq!(record(&mut tenant, 2, [first.clone()]), Err(again.clone()));
    assert_eq!(record(&mut tenant, 2, [draw("pages", "a", "other", 5)]), Err(again));
    let twice = [draw("pages", "b", "bot", 1), draw("pages", "b", "bot", 1)];
    assert_eq!(record(&mut tenant, 2, twice.clone()).unwrap_err().code(), "refusal.already-recorded");
    // A record that holds it twice counts it once.
    tenant.forge(2, [first.clone()]);
    tenant.forge(2, twice);
    assert_eq!(consumed(&tenant, "pages", 2), UNIT + 1);
    // Into a month that is over, or has not begun, nothing is consumed.
    let late = record(&mut tenant, 31, [draw("pages", "c", "bot", 1)]).unwrap_err();
    assert_eq!(late, RefusalReason::OtherMonth { month: month("2026-03"), now: month("2026-04") });
    assert!(record(&mut tenant, 31, [in_month("2026-05", "pages", "c", "bot", 1)]).is_err());
    // The same id in another month is another draw.
    record(&mut tenant, 31, [in_month("2026-04", "pages", "a", "bot", 7)]).unwrap();
    assert_eq!(consumed(&tenant, "pages", 31), 7);
}

#[test]
fn m5_an_amount_is_a_whole_number_of_millionths_and_never_overflows() {
    assert_eq!(Amount::UNIT.in_millionths(), UNIT);
    for millionths in [0, MAX_MILLIONTHS + 1, u64::MAX] {
        assert_eq!(Amount::millionths(millionths).unwrap_err().millionths, millionths);
    }
    for (millionths, text) in
        [(1, "0.000001"), (UNIT, "1"), (UNIT * 3 / 2, "1.5"), (MAX_MILLIONTHS, "9007199254.740991")]
    {
        assert_eq!(Amount::millionths(millionths).unwrap().to_string(), text);
    }
    // A forged record goes past what can be counted: it stays there.
    let mut tenant = bots([paid("pages", 9, days(0, 400))]);
    for event in 0..3 {
        tenant.forge(1, (0..1_000).map(|n| draw("pages", &format!("{event}-{n}"), "bot", MAX_MILLIONTHS)));
    }
    assert_eq!(consumed(&tenant, "pages", 1), u64::MAX);
    assert!(record(&mut tenant, 1, [draw("pages", "x", "bot", 1)]).is_err());
}

#[test]
fn m5_months_are_read_in_one_spelling() {
    for text in
        ["2026-3", "2026-13", "2026-00", "1969-12", "10000-01", "+2026-03", "2026-+3", "2026-03-01", "", "03-2026"]
    {
        assert_eq!(text.parse::<Month>().unwrap_err().code(), "time.not-a-month", "{text}");
    }
    assert_eq!(Month::of(day(31)).to_string(), "2026-04");
    assert_eq!(Month::of(day(31) - entitle::chrono::TimeDelta::seconds(1)).to_string(), "2026-03");
    assert_eq!((month("2026-03").starts(), month("2026-03").ends()), (day(0), entitle::time::End::At(day(31))));
    assert_eq!(month("9999-12").ends(), entitle::time::End::Never);
}

#[test]
fn m1_only_capacity_plans_are_drawn_from() {
    let mut tenant = bots([paid("author", 1, days(0, 100))]);
    let user_plan = record(&mut tenant, 1, [draw("author", "a", "bot", 1)]).unwrap_err();
    assert_eq!(user_plan, RefusalReason::NotConsumable { plan: "author".parse().unwrap(), scope: Scope::User });
    assert_eq!(record(&mut tenant, 1, [draw("gone", "a", "bot", 1)]).unwrap_err().code(), "refusal.unknown-plan");
    assert_eq!(record(&mut tenant, 1, [draw("pages", "a", "bot", 1)]).unwrap_err().code(), "refusal.no-capacity");
}

#[test]
fn s11_a_capacity_has_no_tolerance() {
    let tenant = bots([paid("pages", 1, days(0, 100)).tolerating(crate::support::units(9), day(90))]);
    assert_eq!(tenant.usage(&"pages".parse().unwrap(), day(1)).unwrap().limit.to_string(), "1");
    assert_eq!(tenant.pool(&"pages".parse().unwrap(), day(1)).limit, entitle::quantity::Total::Limited(1));
}

/// A draw as it is tried: on a day, from a consumer, under an id, of an amount, and in which month.
type Try = (i64, u8, u8, u64, i64);

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let amounts = prop_oneof![1..3 * UNIT, Just(UNIT), Just(1)];
    // The month of the day, mostly; the month before or after.
    let months = prop_oneof![8 => Just(0_i64), 1 => Just(-31), 1 => Just(31)];
    prop::collection::vec((0..5_i64, 0..3_u8, 0..12_u8, amounts, months), 1..40)
}

proptest! {
    /// Compared with the list of what was accepted, added up each time.
    #[test]
    fn m5_draws_add_up_to_what_was_accepted(
        tries in tries(),
        grants in prop::collection::vec((1..4_u32, 0..60_i64, 1..80_i64), 1..4),
        overage in prop_oneof![Just(0_u32), Just(25), Just(10)],
        forged in prop::bool::weighted(0.2),
    ) {
        let vendor = Vendor::of(&BOTS.replace(r#""overage": 0"#, &format!(r#""overage": {overage}"#)));
        let grants = grants.into_iter().map(|(n, from, long)| (n, from, from + long));
        let grants: Vec<(u32, i64, i64)> = grants.collect();
        let bare = |&(n, from, to): &(u32, i64, i64)| paid("pages", n, days(from, to)).with_grace(entitle::time::Days::NONE);
        let mut tenant = vendor.contoso(grants.iter().map(bare));
        let mut counted: Vec<(Month, String, String, u64)> = Vec::new();
        let mut on = 0;
        for (later, consumer, id, amount, shift) in tries {
            on += later;
            let (now, asked) = (Month::of(day(on)), Month::of(day((on + shift).max(0))));
            let (consumer, id) = (format!("bot-{consumer}"), format!("draw-{id}"));
            let units: u64 = grants.iter().filter(|(_, from, to)| (*from..*to).contains(&on)).map(|(n, ..)| u64::from(*n)).sum();
            let sum = |counted: &[(Month, String, String, u64)]| -> u64 {
                counted.iter().filter(|(month, ..)| *month == now).map(|(.., amount)| amount).sum()
            };
            let known = |month: Month| counted.iter().any(|(there, other, ..)| *there == month && *other == id);
            let is_covered = (sum(&counted) + amount) * 100 <= units * UNIT * u64::from(100 + overage);
            let accepted = asked == now && !known(now) && is_covered;
            let command = in_month(&asked.to_string(), "pages", &id, &consumer, amount);
            let decided = tenant.decide(&host(), core::slice::from_ref(&command), request(), day(on));
            prop_assert_eq!(decided.is_ok(), accepted, "{:?}", decided);
            if accepted || forged {
                let entry = crate::support::forged(&tenant, Event::new(tenant.position() + 1, day(on), host(), vec![command]));
                tenant.apply(&entry).unwrap();
                if !known(asked) {
                    counted.push((asked, id, consumer, amount));
                }
            }
            let usage = tenant.usage(&"pages".parse().unwrap(), day(on)).unwrap();
            prop_assert_eq!(usage.month, now);
            prop_assert_eq!(usage.consumed.in_millionths(), sum(&counted));
            prop_assert_eq!(usage.is_over(), sum(&counted) > units * UNIT);
            for consumer in 0..3 {
                let consumer: ConsumerId = format!("bot-{consumer}").parse().unwrap();
                let of = |(there, _, by, amount): &(Month, String, String, u64)| {
                    (*there == now && *by == consumer.to_string()).then_some(*amount)
                };
                let reported = usage.consumers().find(|(other, _)| **other == consumer).map_or(Quantity::NONE, |(_, consumed)| consumed);
                prop_assert_eq!(reported.in_millionths(), counted.iter().filter_map(of).sum::<u64>());
            }
        }
        let again = tenant.rebase(&vendor.catalog, &vendor.ring());
        let usage = |tenant: &Tenant| tenant.usage(&"pages".parse().unwrap(), day(on)).unwrap().consumed;
        prop_assert_eq!(usage(&again), usage(&tenant));
    }
}

#[test]
fn m3_an_overage_is_a_percentage_of_a_capacity_plan() {
    assert_eq!((Percent::new(25).get(), Percent::NONE.get()), (25, 0));
    let faulty = BOTS.replace(r#""name": "Author","#, r#""name": "Author", "overage": 5,"#);
    let message = entitle::Catalog::from_json(&faulty).unwrap_err().to_string();
    assert!(message.contains("plans[0].overage: the plan `author` (user) has an overage"), "{message}");
    assert!(entitle::Catalog::from_json(&BOTS.replace("\"overage\": 0", "\"overage\": null")).is_err());
}

/// Whatever months a record draws in, in whatever order, none of them starts anew.
#[test]
fn m2_no_month_is_ever_forgotten() {
    let months = ["2026-03", "2026-04", "2026-05", "2026-06", "2026-07", "2026-08", "2031-01", "2026-01"];
    let mut tenant = bots([paid("sessions", 9, days(0, 100))]);
    for when in months {
        tenant.forge(1, [in_month(when, "sessions", "a", "bot", UNIT)]);
        assert_eq!(consumed(&tenant, "sessions", 2), UNIT, "{when}");
        tenant.forge(1, [in_month("2026-03", "sessions", "a", "bot", UNIT)]);
        assert_eq!(consumed(&tenant, "sessions", 2), UNIT, "the same draw again, after {when}");
    }
    assert_eq!(consumed(&tenant, "sessions", 40), UNIT);
}

/// A clock that was ahead in four later months, and the ticket that corrects it, give no second quota of the first month.
#[test]
fn m2_a_time_ticket_brings_no_month_back_as_fresh_quota() {
    let vendor = Vendor::of(BOTS);
    let mut tenant = vendor.contoso([paid("pages", 10, days(0, 400))]);
    record(&mut tenant, 1, [draw("pages", "all", "bot", 10 * UNIT)]).unwrap();
    for (index, when) in ["2026-04", "2026-05", "2026-06", "2026-07"].into_iter().enumerate() {
        let on = 35 + 31 * i64::try_from(index).unwrap();
        record(&mut tenant, on, [in_month(when, "pages", "a", "bot", 1)]).unwrap();
    }
    record(&mut tenant, 3, [ticket(&vendor, 1, day(2))]).unwrap();
    assert_eq!(tenant.reading(day(3)), day(3));
    assert_eq!(consumed(&tenant, "pages", 3), 10 * UNIT);
    let again = record(&mut tenant, 3, [draw("pages", "all", "bot", 1)]).unwrap_err();
    assert_eq!(again.code(), "refusal.already-recorded");
    let more = record(&mut tenant, 3, [draw("pages", "more", "bot", 1)]).unwrap_err();
    assert_eq!(more.code(), "refusal.no-capacity");
    // What was consumed ahead of time counts when its month comes.
    assert_eq!(consumed(&tenant, "pages", 35), 1);
}

fn ticket(vendor: &Vendor, id: u16, issued: DateTime<Utc>) -> Command {
    let mut bytes = [0; 16];
    bytes[..2].copy_from_slice(&id.to_le_bytes());
    let id = TicketId::from_random(bytes);
    let ticket = TimeTicketDraft::new(id, vendor.catalog.offer(), "contoso".parse().unwrap(), issued);
    Command::CorrectTime(vendor.secret.seal_ticket(&ticket).unwrap())
}

/// What a host does in a month: it draws with its clock so many days ahead, or has the publisher correct its time.
#[derive(Debug, Clone)]
enum Attempt {
    Draw { ahead: i64, id: u8, amount: u64 },
    UseTicket,
}

fn attempts() -> impl Strategy<Value = Vec<(i64, Attempt)>> {
    let ahead = prop_oneof![3 => Just(0_i64), 2 => 0..400_i64, 1 => -40..0_i64];
    let draw = (ahead, 0..6_u8, prop_oneof![1..3 * UNIT, Just(1)]);
    let draw = draw.prop_map(|(ahead, id, amount)| Attempt::Draw { ahead, id, amount });
    prop::collection::vec((0..9_i64, prop_oneof![4 => draw, 1 => Just(Attempt::UseTicket)]), 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// The law of capacity: what is accepted in a month, over all its draws, never exceeds the units and their overage, and
    /// no draw is accepted twice, whatever clocks say and tickets correct.
    #[test]
    fn m3_what_is_accepted_in_a_month_stays_within_its_units_across_tickets(attempts in attempts(), units in 1..4_u32) {
        let vendor = Vendor::of(BOTS);
        let mut tenant = vendor.contoso([Grant::paid(
            "sessions".parse().unwrap(),
            Units::limited(units).unwrap(),
            entitle::Term::perpetual(day(0)),
        )]);
        let mut accepted = BTreeMap::<(Month, u8), u64>::new();
        let mut today = 40;
        for (number, (later, attempt)) in (0_u16..).zip(attempts) {
            today += later;
            match attempt {
                Attempt::UseTicket => record(&mut tenant, today, [ticket(&vendor, number, day(today))]).unwrap(),
                Attempt::Draw { ahead, id, amount } => {
                    let month = Month::of(tenant.reading(day(today + ahead)));
                    let command = in_month(&month.to_string(), "sessions", &id.to_string(), "bot", amount);
                    if record(&mut tenant, today + ahead, [command]).is_ok() {
                        prop_assert_eq!(accepted.insert((month, id), amount), None, "{} twice", id);
                    }
                    let in_it = accepted.iter().filter(|((other, _), _)| *other == month);
                    let sum: u64 = in_it.map(|(_, amount)| amount).sum();
                    prop_assert!(sum * 4 <= u64::from(units) * UNIT * 5, "{} of {} in {}", sum, units, month);
                }
            }
        }
    }
}

#[test]
fn m3_usage_shows_whether_a_consumption_would_be_allowed() {
    let mut tenant = bots([paid("sessions", 2, days(0, 100))]);
    let covers = |tenant: &Tenant, millionths: u64| {
        let usage = tenant.usage(&"sessions".parse().unwrap(), day(2)).unwrap();
        usage.covers(Amount::millionths(millionths).unwrap())
    };
    record(&mut tenant, 1, [draw("sessions", "a", "bot", UNIT)]).unwrap();
    // Two units and a quarter of them: 2.5 in all, of which one is consumed.
    assert!(covers(&tenant, UNIT + UNIT / 2));
    assert!(!covers(&tenant, UNIT + UNIT / 2 + 1));
}
