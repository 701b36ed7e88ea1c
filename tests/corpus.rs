//! What fuzzing has found worth keeping, replayed through the very functions that were fuzzed.
#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

#[path = "fuzz/bodies.rs"]
mod bodies;
#[path = "fuzz/replay.rs"]
mod replay;

use replay::replay;

#[test]
fn x8_inputs_kept_for_tokens_and_armor() {
    replay("token", bodies::token);
}

#[test]
fn x8_inputs_kept_for_what_is_signed() {
    replay("claims", bodies::claims);
}

#[test]
fn x8_inputs_kept_for_certificates() {
    replay("certificates", bodies::certificates::certificates);
}

#[test]
fn x8_inputs_kept_for_keys_ids_and_instants() {
    replay("words", bodies::words);
}

#[test]
fn x8_inputs_kept_for_catalogs() {
    replay("catalog", bodies::catalog);
}

#[test]
fn x8_inputs_kept_for_ledgers() {
    replay("ledger", bodies::ledger);
}

#[test]
fn x8_inputs_kept_for_commands_decided_and_forged() {
    replay("events", bodies::events);
}

#[test]
fn x8_inputs_kept_for_snapshots() {
    replay("snapshot", bodies::snapshot);
    // Of the format of today, so that fuzzing begins where it is hard.
    replay("snapshot", |input| _ = bodies::of_snapshot(input).unwrap());
}
