//! The command line, as people and programs use it: `cargo test -p entitle-cli`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may fail by panicking"
)]

mod desk;

mod administrator;
mod bulk;

mod actor;
mod billing;
mod book_crash;
mod book_file;
mod book_rules;
mod book_trust;
mod catalog_drafts;
mod catalog_matrix;
mod catalogs;
mod certify_rules;
mod colors;
mod crash;
mod deal_book;
mod desk_rules;
mod display;
mod ends;
mod exits;
mod forged;
mod forged_book;
mod graph;
mod help;
mod hostile;
mod inspect_words;
mod instants;
mod json_facts;
mod keys;
mod ledgers;
mod list_rules;
mod man_pages;
mod microsoft;
mod near_misses;
mod private;
mod publisher;
mod remedy_commands;
mod renewals;
mod reports;
mod revising;
mod revoked_later;
mod revoked_names;
mod revoked_rules;
mod signers;
mod slips;
mod snapshots;
mod sold_units;
mod story;
mod tenant;
mod tenant_words;
mod terminal;
mod times;
mod trust;
mod whatif_rules;
mod whole_files;
