//! A table of codes. Each package of this repository compares one with its own sources.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// A stable code, the text beside it, and the actual code and text.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) code: &'static str,
    pub(crate) text: String,
    pub(crate) actual: (String, String),
    /// The codes of the message and of the messages within it, for what has a message.
    pub(crate) wordings: Vec<&'static str>,
}

/// A row from anything that has a code and a text.
macro_rules! row {
    ($code:literal, $text:expr, $actual:expr) => {{
        let actual = $actual;
        let actual = (actual.code().to_string(), actual.to_string());
        $crate::codes::Row { code: $code, text: $text.to_string(), actual, wordings: Vec::new() }
    }};
}
pub(crate) use row;

/// Fails where a value has another code or another text than its row.
pub(crate) fn have_their_texts(rows: &[Row]) {
    let other = |row: &Row| row.actual.0 != row.code || row.actual.1 != row.text;
    let others: Vec<String> = rows.iter().filter(|row| other(row)).map(|row| format!("{row:#?}")).collect();
    assert!(others.is_empty(), "{}", others.join("\n"));
}

/// The string literals in a folder of sources that have the form of a code.
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

/// Fails where the sources of a package or its list of wordings have a code without a row, or the table a row
/// without a code.
pub(crate) fn are_those_of(package: &str, listed: &[&'static str], at_least: usize, rows: &[Row]) {
    let mut codes: BTreeSet<String> = listed.iter().map(|code| (*code).to_string()).collect();
    codes_in(&Path::new(package).join("src"), &mut codes);
    assert!(codes.len() >= at_least, "the sources were not read: {codes:?}");
    let of_row = |row: &Row| {
        row.wordings.iter().map(|code| (*code).to_string()).chain([row.code.to_string()]).collect::<Vec<_>>()
    };
    let rows: BTreeSet<String> = rows.iter().flat_map(of_row).collect();
    assert_eq!(codes.difference(&rows).collect::<Vec<_>>(), Vec::<&String>::new(), "codes without a row");
    assert_eq!(rows.difference(&codes).collect::<Vec<_>>(), Vec::<&String>::new(), "rows without a code");
}
