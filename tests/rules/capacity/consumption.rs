//! M1 to M3, M5: what is consumed, and what is refused.

use core::num::NonZeroU32;

use entitle::catalog::Scope;
use entitle::command::RefusalReason;
use entitle::limits::MAX_MILLIONTHS;
use entitle::quantity::{Amount, Capacity, Percent};
use entitle::{Command, Grant, Tenant, Units};

use super::{BOTS, UNIT, bots, consumed, draw, host, in_month, month, record};
use crate::support::{Scenario, Vendor, day, days, paid, request};

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
fn m3_a_draw_is_allowed_up_to_the_overage_and_refused_as_a_whole_past_it() {
    let mut tenant = bots([paid("sessions", 4, days(0, 400)), paid("pages", 1, days(0, 400))]);
    let sessions = || "sessions".parse().unwrap();
    record(&mut tenant, 1, [draw("sessions", "a", "bot", 4 * UNIT)]).unwrap();
    assert!(!tenant.usage(&sessions(), day(1)).unwrap().is_over());
    // 25 percent on top of four units is one.
    let left = |tenant: &Tenant| tenant.usage(&sessions(), day(1)).unwrap().left().to_string();
    assert_eq!(left(&tenant), "1");
    assert!(tenant.usage(&sessions(), day(1)).unwrap().covers(Amount::UNIT));
    let before = tenant.clone();
    let refused = record(&mut tenant, 1, [draw("sessions", "b", "bot", UNIT + 1)]).unwrap_err();
    assert_eq!(refused.to_string(), "`sessions` does not cover 1.000001 more: 4 of 5 are consumed in 2026-03");
    assert_eq!(
        (consumed(&tenant, "sessions", 1), tenant.position()),
        (consumed(&before, "sessions", 1), before.position())
    );
    record(&mut tenant, 1, [draw("sessions", "b", "bot", UNIT)]).unwrap();
    assert!(tenant.usage(&sessions(), day(1)).unwrap().is_over());
    assert!(record(&mut tenant, 1, [draw("sessions", "c", "bot", 1)]).is_err());
    // More than the limit leaves nothing.
    assert_eq!(left(&tenant), "0");
    tenant.forge(1, [draw("sessions", "d", "bot", UNIT)]);
    assert_eq!(left(&tenant), "0");
    // Of several draws in one list all are recorded or none, and the first that goes past it is named.
    let tenant = before;
    let list = [
        draw("pages", "p", "x", 1),
        draw("sessions", "b", "x", UNIT),
        draw("sessions", "c", "y", 1),
        draw("sessions", "d", "y", 9 * UNIT),
    ];
    let refused = tenant.decide(&host(), &list, request(), day(1)).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "command 3 was refused: `sessions` does not cover 0.000001 more: 5 of 5 are consumed in 2026-03"
    );
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
    let is_recorded = |tenant: &Tenant, id: &str| {
        let usage = tenant.usage_in(&"pages".parse().unwrap(), month("2026-03")).unwrap();
        usage.is_recorded(&id.parse().unwrap())
    };
    assert!(is_recorded(&tenant, "a") && !is_recorded(&tenant, "b"));
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
    assert_eq!(Amount::units(NonZeroU32::MAX).in_millionths(), u64::from(u32::MAX) * UNIT);
    assert!(Amount::units(NonZeroU32::MAX).in_millionths() <= MAX_MILLIONTHS);
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
fn m1_only_capacity_plans_are_drawn_from() {
    let mut tenant = bots([paid("author", 1, days(0, 100))]);
    let user_plan = record(&mut tenant, 1, [draw("author", "a", "bot", 1)]).unwrap_err();
    assert_eq!(user_plan, RefusalReason::NotConsumable { plan: "author".parse().unwrap(), scope: Scope::User });
    assert_eq!(record(&mut tenant, 1, [draw("gone", "a", "bot", 1)]).unwrap_err().code(), "refusal.unknown-plan");
    assert_eq!(record(&mut tenant, 1, [draw("pages", "a", "bot", 1)]).unwrap_err().code(), "refusal.no-usable-units");
}

#[test]
fn s11_a_capacity_has_no_tolerance() {
    let tenant = bots([paid("pages", 1, days(0, 100)).tolerating(crate::support::units(9), day(90))]);
    assert_eq!(tenant.usage(&"pages".parse().unwrap(), day(1)).unwrap().limit.to_string(), "1");
    assert_eq!(tenant.pool(&"pages".parse().unwrap(), day(1)).limit, entitle::quantity::Total::Limited(1));
}

#[test]
fn m3_an_overage_is_a_percentage_of_a_capacity_plan() {
    assert_eq!((Percent::new(25).get(), Percent::NONE.get()), (25, 0));
    let faulty = BOTS.replace(r#""name": "Author","#, r#""name": "Author", "overage": 5,"#);
    let message = entitle::Catalog::from_json(&faulty).unwrap_err().to_string();
    assert!(message.contains("plans[0].overage: the plan `author` (user) has an overage"), "{message}");
    assert!(entitle::Catalog::from_json(&BOTS.replace("\"overage\": 0", "\"overage\": null")).is_err());
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
