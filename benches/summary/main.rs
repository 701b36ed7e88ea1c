//! The performance figures, each a ratio to a yardstick of the same run, one line each: `cargo bench --bench summary`.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    reason = "a program to be run by hand, which may stop at what does not fit"
)]

mod check;
mod sizes;
mod threads;
mod tokens;
mod workload;
mod writes;
mod yard;

use workload::{Kind, Workload};

fn main() {
    let big = Workload::new(Kind::Plain, 1_000_000);
    check::run(&big);
    threads::run();
    tokens::run();
    writes::run(&big);
    sizes::run(&big);
}
