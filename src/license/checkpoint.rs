//! Checkpoints: the state of a ledger at one position, and the proof that a ledger contains it
//! (X7).

use alloc::string::{String, ToString};
use alloc::sync::Arc;
use core::fmt;
use core::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::id::{RecordId, excerpt};
use crate::strict_serde::{one_reading, serde_as_text};

/// The state of a ledger at one position: its record, its number of events, and the hash of its
/// last line (X7).
///
/// Its text form is `record.position.hash`. Clones share the value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Checkpoint(Arc<Point>);

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Point {
    record: RecordId,
    position: u64,
    last: String,
}

impl Checkpoint {
    pub(crate) fn new(record: RecordId, position: u64, last: String) -> Self {
        Self(Arc::new(Point { record, position, last }))
    }

    /// Returns the id of the record.
    #[must_use]
    pub fn record(&self) -> RecordId {
        self.0.record
    }

    /// Returns the number of events in the ledger at this checkpoint.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.0.position
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0.record, self.0.position, self.0.last)
    }
}

/// A text that is not a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{}` is not a checkpoint: a record's id, a number and a hash, with full stops between", text.escape_debug())]
#[non_exhaustive]
pub struct ParseCheckpointError {
    /// The text, cut if it is long.
    pub text: String,
}

impl ParseCheckpointError {
    /// Returns a stable name of this error for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "ledger.not-a-checkpoint"
    }
}

impl FromStr for Checkpoint {
    type Err = ParseCheckpointError;

    fn from_str(text: &str) -> Result<Self, ParseCheckpointError> {
        let parse = || {
            let (record, rest) = text.split_once('.')?;
            let (position, last) = rest.split_once('.')?;
            let is_hash = last.len() == 43 && URL_SAFE_NO_PAD.decode(last).is_ok();
            let position = position.parse().ok().filter(|_| is_hash)?;
            let parsed = Self::new(record.parse().ok()?, position, last.to_string());
            // A checkpoint has one spelling: `+1` and `01` are refused.
            (parsed.to_string() == text).then_some(parsed)
        };
        parse().ok_or_else(|| ParseCheckpointError { text: excerpt(text) })
    }
}

serde_as_text!(Checkpoint);

/// The records in which a signed document counts (X7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum Anchor {
    /// Any record.
    Anywhere,
    /// Only a record that contains this checkpoint: neither cut before it nor rewritten.
    Record(Checkpoint),
}
one_reading!(Anchor);

/// Proof that the ledger of a tenant contains a checkpoint (X7).
///
/// Only [`Ledger::prove`](crate::record::Ledger::prove) makes one. It has no default:
///
/// ```compile_fail,E0277
/// fn from_nothing<T: Default>() -> T { T::default() }
/// let proof: entitle::record::InclusionProof = from_nothing();
/// ```
///
/// it cannot be deserialized:
///
/// ```compile_fail,E0277
/// let proof: entitle::record::InclusionProof = serde_json::from_str("{}").unwrap();
/// ```
///
/// and it cannot be constructed:
///
/// ```compile_fail,E0451
/// fn forge(checkpoint: entitle::record::Checkpoint, stood_at: chrono::DateTime<chrono::Utc>) {
///     let proof = entitle::record::InclusionProof { checkpoint, stood_at };
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InclusionProof {
    checkpoint: Checkpoint,
    stood_at: DateTime<Utc>,
}

impl InclusionProof {
    /// Makes the proof. Only the code that reads ledgers may call it.
    pub(crate) fn proved(checkpoint: Checkpoint, stood_at: DateTime<Utc>) -> Self {
        Self { checkpoint, stood_at }
    }

    /// Returns the checkpoint that the ledger contains.
    #[must_use]
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// Returns the latest time of the events up to the checkpoint that follow the last event with a
    /// time ticket; [`EARLIEST`](crate::time::EARLIEST) if there are none.
    pub(crate) fn stood_at(&self) -> DateTime<Utc> {
        self.stood_at
    }
}
