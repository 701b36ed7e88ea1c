//! Hands out what was signed, once it is in the book.

use entitle::chrono::{DateTime, Utc};
use entitle::{PublicKey, Token};
use serde_json::json;

use super::file::{Locked, Written};
use crate::answer::Answer;
use crate::exit::Failure;
use crate::files::Secrecy;
use crate::seal::OutputOptions;
use crate::text::name;

/// Writes a document to the book, if there is one, and then to where it is to go.
pub(crate) fn hand_out(
    book: Option<Locked>,
    token: Token,
    key: &PublicKey,
    to: &OutputOptions,
    what: &str,
    secrecy: Secrecy<'_>,
    now: DateTime<Utc>,
) -> Result<Answer, Failure> {
    let Some(mut book) = book else { return to.write(&token, what, secrecy) };
    let is_new_key = !book.content().has_key(key);
    let Written { token, number, is_new } = book.write(token, key, now)?;
    let path = name(book.path());
    let again = if is_new { "" } else { ", where it was before" };
    let answer = to.write(&token, what, secrecy).map_err(|failure| {
        failure.help(format_args!("it is in {path}: `entitle book document {number}` hands it out"))
    })?;
    let answer = answer.with_field("entry", json!(number)).with_field("is_new", json!(is_new));
    let answer = answer.note(format_args!("{path}: entry {number}{again}"));
    let is_first = is_new && is_new_key;
    Ok(if is_first { answer.note(format_args!("{path}: {} is a new key of the book", key.id())) } else { answer })
}
