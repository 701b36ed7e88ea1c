//! The errors of pictures: one row for each, with its text.
#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

#[path = "../../../tests/precedence/codes.rs"]
mod codes;

use entitle_plot::{PlotError, over_time};

use codes::{Row, row};

fn rows() -> Vec<Row> {
    vec![
        row!("plot.no-rows", "there are no rows to draw", over_time(&"Seats".parse().unwrap(), &[]).unwrap_err()),
        row!("plot.failed", "the picture cannot be drawn: no room", PlotError::Failed { error: "no room".into() }),
    ]
}

#[test]
fn every_code_has_its_text() {
    codes::have_their_texts(&rows());
}

#[test]
fn every_code_has_a_row() {
    codes::are_those_of(env!("CARGO_MANIFEST_DIR"), &[], 2, &rows());
}
