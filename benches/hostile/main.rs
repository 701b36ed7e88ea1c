//! What hostile input costs for each of its bytes, and whether that grows with it (X8): `cargo bench --bench hostile`.
//!
//! One line a kind: seconds for each megabyte at a size and at a larger one, and how many times as much that is. Work that
//! is linear in its input says 1; work with the square of it says how many times larger the input is. Nothing fails.
#![allow(
    missing_docs,
    unreachable_pub,
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    reason = "a program to be run by hand, which may stop at what does not fit, beside parts of another"
)]

mod anchors;
mod capacity;
mod catalogs;
mod events;
mod grants;
mod groups;
mod growth;
mod plain;
mod remedies;
mod tickets;
#[path = "../summary/workload.rs"]
mod workload;

fn main() {
    // `cargo bench --bench hostile -- catalogs groups`: these parts alone.
    let parts: Vec<String> = std::env::args().skip(1).filter(|part| !part.starts_with("--")).collect();
    let is_wanted = |part: &str| parts.is_empty() || parts.iter().any(|wanted| wanted == part);
    let all: [(&str, fn()); 8] = [
        ("plain", plain::run),
        ("catalogs", catalogs::run),
        ("groups", groups::run),
        ("remedies", remedies::run),
        ("tickets", tickets::run),
        ("anchors", anchors::run),
        ("grants", grants::run),
        ("capacity", capacity::run),
    ];
    growth::heading();
    all.into_iter().filter(|(part, _)| is_wanted(part)).for_each(|(_, run)| run());
}
