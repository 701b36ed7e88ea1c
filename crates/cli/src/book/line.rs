//! The lines of a deal book: each names its number and the hash of the line before.
//!
//! ```text
//! {"book":"entitle.deal-book.v1","publisher":"fabrikam","id":"…32 hexadecimal digits…"}
//! {"number":1,"previous":"…hash of the line above…","at":"2026-02-20T00:00:00Z","by":"ada","key":"k4.public.…"}
//! {"number":2,"previous":"…","at":"2026-02-20T00:00:00Z","by":"ada","document":"v4.public.…"}
//! ```

use entitle::id::Label;
use entitle::record::EntryHash;
use entitle::{PublicKey, PublisherId, RecordId, Token};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::instant::Instant;

/// The only format of a book.
pub(crate) const FORMAT: &str = "entitle.deal-book.v1";

/// What every book begins with.
pub(crate) const BEGINS: &str = "{\"book\":";

/// The first line of a book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "the first line of a deal book")]
pub(crate) struct Beginning {
    pub(crate) book: String,
    pub(crate) publisher: PublisherId,
    /// Random, so that the books of one publisher differ from their first line on.
    pub(crate) id: RecordId,
}

/// An entry: a line after the first, with either a key of the publisher or a signed document.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an entry of a deal book")]
pub(crate) struct EntryLine {
    pub(crate) number: u64,
    pub(crate) previous: EntryHash,
    pub(crate) at: Instant,
    pub(crate) by: Label,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<PublicKey>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) document: Option<Token>,
}

/// Parses a line that is written exactly as this program writes it.
pub(crate) fn parse<T: Serialize + DeserializeOwned>(line: &str) -> Result<T, String> {
    let parsed: T = serde_json::from_str(line).map_err(|error| crate::text::json_error(&error))?;
    let written = serde_json::to_string(&parsed).map_err(|error| error.to_string())?;
    if written == line { Ok(parsed) } else { Err("it is not written as `entitle` writes it".to_string()) }
}

/// Returns the hash of a line, without its line feed.
pub(crate) fn hash(line: &str) -> EntryHash {
    EntryHash::from_bytes(Sha256::digest(line.as_bytes()).into())
}
