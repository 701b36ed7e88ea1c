//! Checkpoints: what a ledger was at a point, and the proof that a ledger contains it (X7).

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

/// What a ledger was at a point: which record, how many events, and the hash of its last line (X7).
///
/// As text: `record.position.hash`. Clones share it.
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

    /// Which record it is.
    #[must_use]
    pub fn record(&self) -> RecordId {
        self.0.record
    }

    /// How many events the ledger had.
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

/// A text is not a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{}` is not a checkpoint: a record's id, a number and a hash, with full stops between", text.escape_debug())]
#[non_exhaustive]
pub struct ParseCheckpointError {
    /// The text, or the beginning of a long one.
    pub text: String,
}

impl ParseCheckpointError {
    /// A stable name of this error for programs and translations.
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
            // One spelling: no `+1` and no `01`.
            (parsed.to_string() == text).then_some(parsed)
        };
        parse().ok_or_else(|| ParseCheckpointError { text: excerpt(text) })
    }
}

serde_as_text!(Checkpoint);

/// On which records a signed document counts (X7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum Anchor {
    /// On any.
    Anywhere,
    /// Only on one that contains this: neither cut before it nor written anew.
    Record(Checkpoint),
}
one_reading!(Anchor);

/// Proof that the ledger of a tenant contains a checkpoint (X7).
///
/// The only way to one is [`Ledger::prove`](crate::Ledger::prove). It cannot be made from nothing:
///
/// ```compile_fail,E0277
/// fn from_nothing<T: Default>() -> T { T::default() }
/// let proof: entitle::InclusionProof = from_nothing();
/// ```
///
/// nor read from data:
///
/// ```compile_fail,E0277
/// let proof: entitle::InclusionProof = serde_json::from_str("{}").unwrap();
/// ```
///
/// nor written down:
///
/// ```compile_fail,E0451
/// # fn forge(checkpoint: entitle::Checkpoint, stood_at: chrono::DateTime<chrono::Utc>) {
/// let proof = entitle::InclusionProof { checkpoint, stood_at };
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InclusionProof {
    checkpoint: Checkpoint,
    stood_at: DateTime<Utc>,
}

impl InclusionProof {
    /// Called where a ledger was read, and nowhere else.
    pub(crate) fn proved(checkpoint: Checkpoint, stood_at: DateTime<Utc>) -> Self {
        Self { checkpoint, stood_at }
    }

    /// What the ledger contains.
    #[must_use]
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The latest time of an event up to there, since the last event with a time ticket; the earliest there is without one.
    pub(crate) fn stood_at(&self) -> DateTime<Utc> {
        self.stood_at
    }
}
