//! M2, M3, M5: the months of a record, also where its clock was ahead.

use std::collections::BTreeMap;

use entitle::chrono::{DateTime, Utc};
use entitle::command::RefusalReason;
use entitle::license::TimeTicketDraft;
use entitle::quantity::Amount;
use entitle::time::Month;
use entitle::{Actor, Command, Grant, Role, TicketId, Units};
use proptest::prelude::*;

use super::{BOTS, UNIT, bots, consumed, draw, in_month, month, record};
use crate::support::{Scenario, Vendor, day, days, paid, request};

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
        RefusalReason::NoCapacity {
            plan,
            month: month("2026-03"),
            amount: Amount::millionths(1).unwrap(),
            consumed,
            limit,
            more_from: Some(day(25))
        }
    );
    assert!(tenant.usage(&"pages".parse().unwrap(), day(10)).unwrap().is_over());
    assert_eq!(tenant.usage(&"pages".parse().unwrap(), day(10)).unwrap().until, entitle::time::End::At(day(20)));
    record(&mut tenant, 25, [draw("pages", "b", "bot", 2 * UNIT)]).unwrap();
}

/// A license dated tomorrow brings the time with it, and with it the units of tomorrow.
#[test]
fn m2_a_draw_counts_against_the_units_at_the_time_that_its_list_leads_to() {
    let vendor = Vendor::of(BOTS);
    let both = Actor::new("app".parse().unwrap()).with(Role::GlobalAdministrator).with(Role::Host);
    let code = |issued, starts| {
        let mut deal = vendor.deal_for("contoso").with(paid("sessions", 1, days(starts, 100)));
        deal.issued = day(issued);
        let list = [Command::Install(vendor.seal(&deal)), draw("sessions", "a", "bot", UNIT)];
        let decided = vendor.tenant("contoso").decide(&both, &list, request(), day(0));
        decided.map_err(|refusal| refusal.code()).err()
    };
    assert_eq!([code(0, 0), code(0, 1), code(1, 1)], [None, Some("refusal.no-usable-units"), None]);
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
