//! What fuzzing has found worth keeping, replayed through the very functions that were fuzzed.
#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

#[path = "fuzz/bodies.rs"]
mod bodies;

use std::fs;
use std::path::Path;

fn replay(target: &str, body: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(target);
    let mut replayed = 0_usize;
    for file in fs::read_dir(folder).unwrap() {
        body(&fs::read(file.unwrap().path()).unwrap());
        replayed = replayed.saturating_add(1);
    }
    assert!(replayed >= 5, "{target}: only {replayed} inputs are kept");
}

#[test]
fn x8_inputs_kept_for_an_isvs_files() {
    replay("isv", bodies::isv);
}

#[test]
fn x8_inputs_kept_for_editions_of_the_catalogue() {
    replay("catalogue", bodies::catalogue);
}

#[test]
fn x8_inputs_kept_for_what_graph_said() {
    replay("graph", bodies::graph);
}
