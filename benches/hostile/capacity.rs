//! Draws from a capacity, in one month and in many.

use entitle::capacity::Consumption;
use entitle::catalog::{Plan, Scope};
use entitle::quantity::Amount;
use entitle::{Catalog, Command, ConsumptionId};

use crate::events::{ledger, load};
use crate::growth::{growth, take};
use crate::workload::{Kind, offer};

fn draws(name: &str, months: usize) {
    let mut offer = offer(Kind::Plain);
    offer.plans.push(Plan::new("calls".parse().unwrap(), Scope::Capacity, "Calls".parse().unwrap()));
    let catalog = Catalog::new(offer).unwrap();
    growth(name, [2_000, 8_000], |count| {
        let draw = |number: usize| {
            let id: ConsumptionId = format!("draw-{number}").parse().unwrap();
            let month = number % months;
            let month = format!("{:04}-{:02}", 2000 + month / 12, 1 + month % 12).parse().unwrap();
            let amount = Amount::millionths(1).unwrap();
            Command::Consume(Consumption::new("calls".parse().unwrap(), id, "bot".parse().unwrap(), month, amount))
        };
        let text = ledger(&(0..count).map(draw).collect::<Vec<_>>(), 1);
        take(text.len(), || load(&catalog, &text))
    });
}

pub fn run() {
    draws("honest: draws in one month", 1);
    draws("draws in thousands of months", 90_000);
}
