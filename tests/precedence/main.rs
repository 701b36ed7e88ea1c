//! What is said when several things could be: one row for each reason, refusal and error, with its text.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::too_many_lines,
    reason = "a test may fail by panicking, and a table is as long as what it lists"
)]

#[path = "../given/mod.rs"]
mod given;

mod answers;
mod errors;
mod laws;
mod microsoft;
mod records;
mod refusals;
mod remedies;
mod reports;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// A stable code, the text beside it, and what came.
struct Row {
    code: &'static str,
    text: String,
    came: (String, String),
}

/// A row from anything that has a code and a text.
macro_rules! row {
    ($code:literal, $text:expr, $came:expr) => {{
        let came = $came;
        $crate::Row { code: $code, text: $text.to_string(), came: (came.code().to_string(), came.to_string()) }
    }};
}
pub(crate) use row;

fn rows() -> Vec<Row> {
    let mut rows = errors::rows();
    rows.extend(laws::rows());
    rows.extend(microsoft::rows());
    rows.extend(records::rows());
    rows.extend(refusals::rows());
    rows.extend(remedies::rows());
    rows.extend(reports::rows());
    rows.extend(answers::rows());
    rows
}

#[test]
fn every_code_has_its_text() {
    for row in rows() {
        assert_eq!(row.came, (row.code.to_string(), row.text), "{}", row.code);
    }
}

/// The string literals in the library that have the form of a code.
fn codes_in(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            codes_in(&path, found);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for line in text.lines().map(str::trim) {
            let Some((before, rest)) = line.split_once('"') else { continue };
            let Some((literal, after)) = rest.split_once('"') else { continue };
            let alone = (before.is_empty() && after.is_empty()) || (before.ends_with("=> ") && after == ",");
            let word =
                |word: &str| !word.is_empty() && word.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
            if alone && literal.split_once('.').is_some_and(|(kind, name)| word(kind) && word(name)) {
                found.insert(literal.to_string());
            }
        }
    }
}

#[test]
fn every_code_has_a_row() {
    let mut codes = BTreeSet::new();
    codes_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut codes);
    assert!(codes.len() > 60, "the library was not read: {codes:?}");
    let rows: BTreeSet<String> = rows().into_iter().map(|row| row.code.to_string()).collect();
    assert_eq!(codes.difference(&rows).collect::<Vec<_>>(), Vec::<&String>::new(), "codes without a row");
    assert_eq!(rows.difference(&codes).collect::<Vec<_>>(), Vec::<&String>::new(), "rows without a code");
}
