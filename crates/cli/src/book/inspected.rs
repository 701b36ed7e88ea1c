//! A book as `entitle inspect` shows it.

use std::io::Read as _;
use std::path::Path;

use serde_json::json;

use super::content::Document;
use super::file::BookFile;
use super::line::BEGINS;
use crate::answer::Answer;
use crate::exit::Failure;
use crate::files;

/// Returns whether a file begins as a book. What cannot be read does not.
pub(crate) fn begins(path: &Path) -> bool {
    let mut start = [0; BEGINS.len()];
    let read = files::open_regular(path).and_then(|mut file| file.read_exact(&mut start));
    read.is_ok() && start == BEGINS.as_bytes()
}

/// Returns what is in a book. Fails if it is damaged.
pub(crate) fn inspect(path: &Path) -> Result<Answer, Failure> {
    let book = BookFile::read(path)?;
    let content = book.content();
    let count = |is: fn(&Document) -> bool| content.documents().iter().filter(|each| is(&each.document)).count();
    let licenses = count(|document| matches!(document, Document::License(_)));
    let lists = count(|document| matches!(document, Document::List(_)));
    let tickets = count(|document| matches!(document, Document::Ticket(_)));
    let certificates = count(|document| matches!(document, Document::Certificate(_)));
    let several = |number: usize, name: &str| format!("{number} {name}{}", if number == 1 { "" } else { "s" });
    let signed = [
        several(licenses, "license"),
        several(lists, "revocation list"),
        several(tickets, "time ticket"),
        several(certificates, "certificate"),
    ];
    let json = json!({
        "kind": "deal book",
        "publisher": content.publisher(),
        "entries": content.entries(),
        "head": content.head().to_string(),
        "keys": content.keys().iter().map(|recorded| recorded.key.to_string()).collect::<Vec<_>>(),
        "licenses": licenses,
        "lists": lists,
        "tickets": tickets,
        "certificates": certificates,
    });
    let mut answer = Answer::new(json)
        .line("deal book")
        .escaped_line(format_args!("  of       {}", content.publisher()))
        .line(format_args!("  entries  {}", content.entries()))
        .line(format_args!("  signed   {}", signed.join(", ")));
    for (index, recorded) in content.keys().iter().enumerate() {
        answer = answer.line(format_args!("  {:<9}{}", if index == 0 { "keys" } else { "" }, recorded.key.id()));
    }
    Ok(answer.line(format_args!("  head     {}.{}", content.entries(), content.head())).notes(book.notes()))
}
