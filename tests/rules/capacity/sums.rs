//! M5: what is consumed, compared with the list of what was accepted.

use entitle::quantity::Quantity;
use entitle::time::Month;
use entitle::{ConsumerId, Event, Tenant};
use proptest::prelude::*;

use super::{BOTS, UNIT, host, in_month};
use crate::support::{Vendor, day, days, paid, request};

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
