//! `entitle book log` and `entitle book document`: the entries of a book.

use serde_json::{Value, json};

use super::content::{Content, Document, Recorded, RecordedKey};
use super::file::BookFile;
use super::revoked::{LicenseNames, RevokedName};
use crate::answer::Answer;
use crate::exit::Failure;
use crate::files::Secrecy;
use crate::instant::{Instant, day};
use crate::seal::OutputOptions;
use crate::table::table;
use crate::text::name;

/// How many entries of a list a line names.
const LISTED: usize = 5;

/// Why no instant is taken: with one, a log of the past would be expected.
pub(super) const OF_ALL_INSTANTS: &str = "the log of a book has the entries of all instants: leave out --at";

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
        answer.line(if skipped > 0 { "No entry is selected." } else { "The book has no entries." })
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
    let names = LicenseNames::of(Some(content));
    let documents = content.documents().iter().map(|Recorded { number, at, by, token, document }| {
        let mut what = document.summary();
        let mut json = json!({ "entry": number, "at": Instant(*at), "by": by, "summary": what, "token": token });
        if let Document::List(list) = document {
            let before = content.list_before(list).map(|before| before.revocations().entries.as_slice());
            let revoked = names.name(&list.revocations().entries, before.unwrap_or_default());
            what.push_str(&new_ones(&revoked));
            if let Some(fields) = json.as_object_mut() {
                fields.insert("revokes".to_string(), revoked.into_iter().map(|each| each.json).collect());
            }
        }
        Shown { number: *number, cells: vec![number.to_string(), day(*at), by.to_string(), what], json }
    });
    keys.chain(documents).collect()
}

/// Returns what a list revokes that the one before did not, the first of them by name.
fn new_ones(revoked: &[RevokedName]) -> String {
    let new: Vec<&RevokedName> = revoked.iter().filter(|each| each.is_new).collect();
    let mut named: Vec<String> = new.iter().take(LISTED).map(ToString::to_string).collect();
    let more = new.len().saturating_sub(LISTED);
    if more > 0 {
        named.push(format!("and {more} more"));
    }
    if named.is_empty() { String::new() } else { format!("; new: {}", named.join("; ")) }
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
