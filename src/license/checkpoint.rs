//! Checkpoints: the head of a record, kept elsewhere (X7).

use alloc::string::{String, ToString};
use alloc::sync::Arc;
use core::fmt;
use core::str::FromStr;

use serde::Serialize;
use thiserror::Error;

use crate::document::{choice, serde_as_text};
use crate::id::{RecordId, excerpt};
use crate::license::head::Head;
use crate::message::messages;
use crate::message::value::values;

/// A record and its head, kept where nobody who can change the record can change it (X7).
///
/// Its text form is `record.number.hash`. Clones share the value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Checkpoint(Arc<Point>);

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Point {
    record: RecordId,
    head: Head,
}

impl Checkpoint {
    /// Returns the checkpoint of a record at one of its heads.
    #[must_use]
    pub fn new(record: RecordId, head: Head) -> Self {
        Self(Arc::new(Point { record, head }))
    }

    /// Returns the id of the record.
    #[must_use]
    pub fn record(&self) -> RecordId {
        self.0.record
    }

    /// Returns the head of the record at this checkpoint.
    #[must_use]
    pub fn head(&self) -> Head {
        self.0.head
    }

    /// Returns the number of entries after the beginning at this checkpoint.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.0.head.number()
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0.record, self.0.head)
    }
}

/// A text that is not a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub struct ParseCheckpointError {
    /// The text, cut if it is long.
    pub text: String,
}

messages! {
    ParseCheckpointError;
    Self { text } => "ledger.not-a-checkpoint",
        "{text} is not a checkpoint: a record's id, a number and a hash, with full stops between", text;
}

impl FromStr for Checkpoint {
    type Err = ParseCheckpointError;

    fn from_str(text: &str) -> Result<Self, ParseCheckpointError> {
        let parse = || {
            let (record, rest) = text.split_once('.')?;
            let (position, last) = rest.split_once('.')?;
            let head = Head::new(position.parse().ok()?, last.parse().ok()?);
            let parsed = Self::new(record.parse().ok()?, head);
            // A checkpoint has one spelling: `+1` and `01` are refused.
            (parsed.to_string() == text).then_some(parsed)
        };
        parse().ok_or_else(|| ParseCheckpointError { text: excerpt(text) })
    }
}

serde_as_text!(Checkpoint);
values! { Hash: Checkpoint }

/// The records in which a signed document counts (X7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Anchor {
    /// Any record.
    Anywhere,
    /// Only a record that contains this checkpoint: neither cut before it nor rewritten.
    Record(Checkpoint),
}
choice! { Anchor { "anywhere" => Anywhere, "record" => Record(Checkpoint) } }
