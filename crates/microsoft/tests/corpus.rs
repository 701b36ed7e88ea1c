//! Replays inputs that fuzzing has found, through the functions that were fuzzed.
#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

#[path = "fuzz/bodies.rs"]
mod bodies;
#[path = "../../../tests/fuzz/replay.rs"]
mod replay;

use replay::replay;

#[test]
fn x8_inputs_kept_for_an_isvs_files() {
    replay("isv", bodies::isv);
}

#[test]
fn x8_inputs_kept_for_editions_of_the_catalogue() {
    replay("catalogue", bodies::catalogue);
}

#[test]
fn x8_inputs_kept_for_answers_of_graph() {
    replay("graph", bodies::graph);
}
