//! `entitle book log` and `entitle book document`: the entries of a book.

use serde_json::{Value, json};

use super::content::{Content, Recorded, RecordedKey};
use super::file::BookFile;
use crate::answer::Answer;
use crate::exit::Failure;
use crate::files::Secrecy;
use crate::instant::{Instant, day};
use crate::seal::OutputOptions;
use crate::table::table;
use crate::text::name;

/// An entry in words.
struct Shown {
    number: u64,
    cells: Vec<String>,
    json: Value,
}

/// Lists the entries, or the last of them.
pub(super) fn log(book: &BookFile, last: Option<usize>) -> Answer {
    let mut shown = entries(book.content());
    shown.sort_by_key(|entry| entry.number);
    let skipped = shown.len().saturating_sub(last.unwrap_or(usize::MAX));
    let (rows, json): (Vec<_>, Vec<_>) = shown.into_iter().skip(skipped).map(|entry| (entry.cells, entry.json)).unzip();
    let answer = Answer::new(json!({ "entries": json })).notes(book.notes());
    if rows.is_empty() {
        answer.line("The book has no entries.")
    } else {
        answer.table(&table(&["ENTRY", "WHEN", "WHO", "WHAT"], &rows))
    }
}

fn entries(content: &Content) -> Vec<Shown> {
    let keys = content.keys().iter().map(|RecordedKey { number, at, by, key }| Shown {
        number: *number,
        cells: vec![number.to_string(), day(*at), by.to_string(), format!("key {}", key.id())],
        json: json!({ "entry": number, "at": Instant(*at), "by": by, "key": key.to_string(), "id": key.id() }),
    });
    let documents = content.documents().iter().map(|Recorded { number, at, by, token, document }| Shown {
        number: *number,
        cells: vec![number.to_string(), day(*at), by.to_string(), document.summary()],
        json: json!({ "entry": number, "at": Instant(*at), "by": by, "summary": document.summary(), "token": token }),
    });
    keys.chain(documents).collect()
}

/// Hands out a document once more.
pub(super) fn document(book: &BookFile, number: u64, to: &OutputOptions) -> Result<Answer, Failure> {
    let found = book.content().documents().iter().find(|recorded| recorded.number == number);
    let recorded = found.ok_or_else(|| {
        Failure::usage("cli.no-entry", format!("{} has no document with the number {number}", name(book.path())))
            .help("`entitle book log` shows the numbers")
    })?;
    Ok(to.write(&recorded.token, &recorded.document.summary(), Secrecy::SameAs(book.path()))?.notes(book.notes()))
}
