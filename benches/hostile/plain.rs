//! Honest input, to compare with.

use entitle::Command;

use crate::events::{ledger, load};
use crate::growth::{growth, take};
use crate::workload::{Kind, Workload};

pub fn run() {
    growth("honest: a ledger of users in 50 groups and with seats", [10_000, 40_000], |users| {
        let load_of = Workload::new(Kind::Plain, users);
        let commands: Vec<Command> = load_of.entries.iter().flat_map(|entry| entry.event().commands.clone()).collect();
        let text = ledger(&commands, 1);
        take(text.len(), || load(&load_of.catalog, &text))
    });
}
