//! Which text is reported where several could be: one row for each reason, refusal and error, with its text.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::too_many_lines,
    reason = "a test may fail by panicking, and a table is as long as what it lists"
)]

#[path = "../support/mod.rs"]
mod support;

mod allows;
mod answers;
mod audit;
mod certificates;
mod codes;
mod denials;
mod directories;
mod errors;
mod fixtures;
mod laws;
mod previews;
mod quotas;
mod records;
mod refusals;
mod remedies;
mod reports;
mod support_desk;
mod values;
mod wordings;
mod words;

use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::thread;

use codes::Row;
use wordings::wordings_in;

/// A row from anything that has a message.
macro_rules! row {
    ($code:literal, $text:expr, $actual:expr) => {{
        let actual = $actual;
        let wordings = $crate::wordings_in(&actual.message());
        $crate::Row { wordings, ..$crate::codes::row!($code, $text, actual) }
    }};
}
use row;

/// All rows. The refusals take longer than the others together, which are made beside them.
static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    thread::scope(|scope| {
        let refusals = scope.spawn(refusals::rows);
        let mut rows = rows_but_refusals();
        rows.extend(refusals.join().unwrap());
        rows
    })
});

fn rows_but_refusals() -> Vec<Row> {
    let mut rows = errors::rows();
    rows.extend(certificates::rows());
    rows.extend(fixtures::rows());
    rows.extend(laws::rows());
    rows.extend(records::rows());
    rows.extend(remedies::rows());
    rows.extend(reports::rows());
    rows.extend(answers::rows());
    rows.extend(directories::rows());
    rows.extend(audit::rows());
    rows.extend(denials::rows());
    rows.extend(support_desk::rows());
    rows.extend(allows::rows());
    rows.extend(previews::rows());
    rows.extend(words::rows());
    rows.extend(quotas::rows());
    rows
}

#[test]
fn every_code_has_its_text() {
    codes::have_their_texts(&ROWS);
}

#[test]
fn k11_every_code_has_a_row_and_every_row_a_code() {
    let listed: Vec<&str> = entitle::language::wordings().map(entitle::language::Wording::code).collect();
    codes::are_those_of(env!("CARGO_MANIFEST_DIR"), &listed, 300, &ROWS);
    // A row with the code of a value shows one wording, and the value may have another.
    let shown: BTreeSet<&str> = ROWS.iter().flat_map(|row| row.wordings.iter().copied()).collect();
    let never: Vec<&str> = listed.into_iter().filter(|code| !shown.contains(code)).collect();
    assert_eq!(never, Vec::<&str>::new(), "wordings that no row shows");
}
