//! Three licensing systems run whole, each written as given, when and then.
//!
//! `cargo test --test scenarios -- --nocapture` prints the stories.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "a test may fail by panicking"
)]

mod story;
#[path = "../support/mod.rs"]
mod support;

mod agents;
mod fabrikam;
mod orders;
mod releases;

#[test]
fn the_catalogs_leave_nothing_to_warn_of() {
    for catalog in [
        include_str!("../../examples/orders.json"),
        include_str!("../../examples/agents.json"),
        include_str!("../../examples/fabrikam.json"),
    ] {
        assert_eq!(entitle::Catalog::from_json(catalog).unwrap().warnings(), []);
    }
}
