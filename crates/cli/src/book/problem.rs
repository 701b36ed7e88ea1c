//! Why an entry cannot be in a book.

use std::path::Path;

use entitle::PublisherId;
use entitle::record::EntryHash;
use entitle::token::{KeyId, TokenError};

use crate::exit::Failure;
use crate::text::name;

/// Why an entry cannot be in a book.
#[derive(Debug)]
pub(super) enum Problem {
    NotAnEntry {
        detail: String,
    },
    /// The line does not continue the one before.
    Forked {
        found: EntryHash,
        expected: EntryHash,
    },
    OtherNumber {
        found: u64,
        expected: u64,
    },
    Unverified(TokenError),
    OtherPublisher {
        found: PublisherId,
        ours: PublisherId,
    },
    /// Two documents of one number differ.
    Conflict {
        what: String,
        found: String,
        ours: String,
        entry: u64,
    },
    /// A revision of a license is of another offer or for another licensee than an earlier one.
    OtherDeal {
        what: String,
        found: String,
        ours: String,
        entry: u64,
    },
    /// The document is in an earlier entry.
    Twice {
        earlier: u64,
    },
}

/// Returns the key of a document of which a book knows neither the public key nor a certificate. The text of the
/// error is for who installs a document in an application.
fn missing_key(error: &TokenError) -> Option<KeyId> {
    match error {
        TokenError::UnknownKey { key } | TokenError::NoCertificate { key } => Some(*key),
        _ => None,
    }
}

impl Problem {
    /// Returns the failure: of a line of the book, or of a document that is to be written to it.
    pub(super) fn failure(self, path: &Path, line: Option<usize>) -> Failure {
        let file = name(path);
        let Some(line) = line else { return self.refusal(&file) };
        let why = match &self {
            Self::NotAnEntry { detail } => format!("not an entry of a deal book: {detail}"),
            Self::Forked { found, expected } => {
                format!("this line continues {found}, but the hash of the line before is {expected}")
            }
            Self::OtherNumber { found, expected } => format!("this is entry {found}, and {expected} is expected"),
            Self::Unverified(error) => match missing_key(error) {
                Some(key) => {
                    format!("signed with the key `{key}`, of which no entry before has the public key or a certificate")
                }
                None => error.to_string(),
            },
            Self::OtherPublisher { found, ours } => format!("a document of `{found}` in the book of `{ours}`"),
            Self::Conflict { what, found, ours, entry } | Self::OtherDeal { what, found, ours, entry } => {
                format!("{what} is `{found}`, and `{ours}` in entry {entry}")
            }
            Self::Twice { earlier } => format!("this document is in entry {earlier} already"),
        };
        let failure = Failure::unreadable("cli.damaged-book", format!("{file}:{line}: {why}"));
        failure.help("the book was edited, cut or mixed with another copy: go back to a copy of which `entitle inspect` shows the head that you know, then `entitle deal import` what is missing")
    }

    /// Returns why a document cannot be written.
    fn refusal(self, file: &str) -> Failure {
        match self {
            Self::Conflict { what, found, ours, entry } => {
                let message = format!(
                    "{what} is in {file} already, with another content: `{ours}` (entry {entry}), not `{found}`"
                );
                Failure::refused("cli.other-content", message)
                    .help("make the next revision from the one in the book: `entitle deal show` shows it, `entitle revise` takes its id")
            }
            Self::OtherDeal { what, found, ours, entry } => {
                let message = format!("{what} is `{ours}` in {file} (entry {entry}), not `{found}`");
                Failure::refused("cli.other-deal", message)
                    .help("no revision changes that: `entitle deal new` makes a deal with an id of its own")
            }
            Self::OtherPublisher { found, ours } => {
                let message = format!("{file} is the book of `{ours}`, and the document is of `{found}`");
                Failure::refused("cli.other-publisher", message).help("name the book of that publisher with --book")
            }
            Self::Unverified(error) => match missing_key(&error) {
                Some(key) => {
                    let message =
                        format!("signed with the key `{key}`, which is neither a key of {file} nor named with --trust");
                    Failure::unreadable(error.code(), message).help(
                        "if it is a key of yours, name the file of its public key with --trust; if a key of yours certifies it, give the certificate too",
                    )
                }
                None => Failure::unreadable(error.code(), &error),
            },
            Self::NotAnEntry { detail } => Failure::unwritten("cli.unwritten", detail),
            Self::Twice { earlier } => {
                Failure::refused("cli.document-twice", format!("it is in {file} already, as entry {earlier}"))
            }
            Self::Forked { .. } | Self::OtherNumber { .. } => {
                Failure::unreadable("cli.damaged-book", "the book changed meanwhile")
            }
        }
    }
}
