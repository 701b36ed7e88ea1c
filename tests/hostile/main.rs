//! What bad input gets: a typed error that says what and where, and nothing else (X8).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    unreachable_pub,
    reason = "a test may fail by panicking"
)]

#[path = "../support/mod.rs"]
mod support;

mod armor;
mod catalogs;
mod certificates;
mod claims;
mod deals;
mod far_dates;
mod footers;
mod ids;
mod limits;
mod mint;
mod numbers;
mod random;
mod records;

mod sample;
mod sealing;
mod statements;
mod tickets;
mod times;
mod tokens;
