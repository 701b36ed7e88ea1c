//! The rules, one by one, each written as a small story with its outcome computed by hand.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "a test may fail by panicking"
)]

#[allow(dead_code, reason = "no test file uses all of it")]
#[path = "../world/calendar.rs"]
mod calendar;
#[allow(dead_code, reason = "no test file uses all of it")]
#[path = "../world/offers.rs"]
mod offers;
#[path = "../support/mod.rs"]
mod support;

mod allowed_texts;
mod anchors;
mod audit;
mod capacity;
mod catalog;
mod certificates;
mod changes;
mod check;
mod check_first;
mod claim_on_first_use;
mod conflicts;
mod fixtures;
mod grant_phases;
mod grant_states;
mod groups;
mod history;
mod individual_texts;
mod install;
mod install_state;
mod json;
mod keys;
mod languages;
mod licenses;
mod limits;
mod longer_remedies;
mod pages;
mod preview;
mod preview_lists;
mod preview_quotas;
mod purchase_texts;
mod questions;
mod quota_remedies;
mod quotas;
mod reconcile;
mod reconcile_worlds;
mod record;
mod record_ahead;
mod releases;
mod remedies;
mod remedy_effort;
mod remedy_lists;
mod remedy_texts;
mod renewals;
mod reports;
mod requirements;
mod revocation;
mod roles;
mod seats;
mod series;
mod sessions;
mod sign_ups;
mod signing_elsewhere;
mod snapshots;

mod statement_limits;
mod statements;
mod status;
mod support_desk_texts;
mod taken_back;
mod texts;
mod tickets;
mod trials;
mod unused_seats;
