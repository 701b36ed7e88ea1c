//! Answers how a record is kept as text: one line for each event, and in each line the hash of the
//! line before (X7).
//! It takes events, and gives them back only if the chain of lines holds.
//! It must not know where the text is stored.
//!
//! ```text
//! {"ledger":"entitle.ledger.v1","tenant":"contoso","record":"…32 hexadecimal digits…"}
//! {"previous":"…hash of the line above…","event":{"number":1,"at":"2026-03-01T08:00:00Z","actor":…,"commands":[…]}}
//! ```

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub(crate) mod error;

mod inclusion;

pub use crate::license::checkpoint::{Anchor, Checkpoint, InclusionProof, ParseCheckpointError};
pub use crate::tenant::ApplyError;
pub use crate::tenant::snapshot::SnapshotError;
pub use error::{LedgerError, LedgerFault, WriteLineError};

use crate::id::{RecordId, TenantId, excerpt};
use crate::strict_serde::{one_reading, read};
use crate::tenant::command::Event;

/// The only format of a ledger.
const FORMAT: &str = "entitle.ledger.v1";

/// The end of a ledger: what its next line must continue.
///
/// It is a value: writing a line returns the ledger after it, so a line that could not be stored
/// changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    record: RecordId,
    position: u64,
    last: String,
}

/// The valid beginning of a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ValidPrefix {
    /// The end of the valid beginning.
    pub ledger: Ledger,
    /// The events before the fault.
    pub events: Vec<Event>,
    /// The first fault, if any.
    pub fault: Option<LedgerError>,
}

/// The first line of a ledger.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
struct Head {
    ledger: String,
    tenant: TenantId,
    record: RecordId,
}

/// A line after the first, for reading.
#[derive(Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
struct Entry {
    previous: String,
    event: Event,
}
one_reading!(Head);
one_reading!(de Entry);

/// A line after the first, for writing.
#[derive(Serialize)]
struct Written<'a> {
    previous: &'a str,
    event: &'a Event,
}

impl Ledger {
    /// Begins a record. Returns the ledger and its first line, with the line feed.
    ///
    /// # Errors
    ///
    /// [`WriteLineError::Failed`] if the line cannot be serialized.
    pub fn begin(tenant: &TenantId, record: RecordId) -> Result<(Self, String), WriteLineError> {
        let line = written(&Head { ledger: FORMAT.to_string(), tenant: tenant.clone(), record })?;
        let last = hash(&line);
        Ok((Self { record, position: 0, last }, line))
    }

    /// Returns the ledger after the next event, and the event's line with the line feed.
    ///
    /// Store the line before you apply the event, so that no answer depends on an event that is
    /// lost. `O(n)` in the length of the line.
    ///
    /// # Errors
    ///
    /// [`WriteLineError::NotNext`] for an event whose number is not [`position`](Ledger::position)
    /// + 1.
    pub fn line(&self, event: &Event) -> Result<(Self, String), WriteLineError> {
        self.follows(event)?;
        let line = written(&Written { previous: &self.last, event })?;
        let last = hash(&line);
        Ok((Self { record: self.record, position: event.number, last }, line))
    }

    /// Reads a ledger of this tenant. Returns its end, and its events in the order in which they
    /// apply.
    ///
    /// Reading proves that the lines continue each other, not that they are the lines that were
    /// written. Nothing in them is trusted, so licenses are verified again when their events are
    /// applied. A cut end or a rewritten ledger shows only against a checkpoint kept elsewhere: see
    /// [`Ledger::read_since`]. `O(n)` in the text.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] with the line, for a text that is not a ledger or another tenant's, a line
    /// that was edited, removed or moved, an unknown command, and a last line that was interrupted.
    pub fn read(tenant: &TenantId, text: &str) -> Result<(Self, Vec<Event>), LedgerError> {
        let ValidPrefix { ledger, events, fault } = Self::read_valid_prefix(tenant, text)?;
        fault.map_or(Ok((ledger, events)), Err)
    }

    /// Reads a ledger that must contain a checkpoint, so that it was neither cut before it nor
    /// rewritten.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] as for [`Ledger::read`], and for a ledger of another record, one that ends
    /// before the checkpoint, and one with another line at its position.
    pub fn read_since(
        tenant: &TenantId,
        text: &str,
        checkpoint: &Checkpoint,
    ) -> Result<(Self, Vec<Event>), LedgerError> {
        Self::prove(tenant, text, checkpoint)?;
        Self::read(tenant, text)
    }

    /// Reads only the events after a checkpoint, for a host that continues from a
    /// [`snapshot`](crate::Tenant::snapshot) of the same position.
    ///
    /// The line at the checkpoint must have its hash; the lines before it are counted, not parsed.
    /// `O(n)` in the text.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] as for [`Ledger::read_since`], for the head, the line at the checkpoint and
    /// those after it.
    pub fn read_on(tenant: &TenantId, text: &str, checkpoint: &Checkpoint) -> Result<(Self, Vec<Event>), LedgerError> {
        let mut lines = text.split_inclusive('\n').zip(1_usize..);
        let head = lines.next().map_or("", |(line, _)| line);
        let mut ledger = Self::head(tenant, head).map_err(|fault| LedgerError { line: 1, fault })?;
        let lacks = |line| LedgerError { line, fault: LedgerFault::LacksCheckpoint { checkpoint: checkpoint.clone() } };
        if let Some(after_head) = checkpoint.position().checked_sub(1) {
            let skipped = usize::try_from(after_head).unwrap_or(usize::MAX);
            let line = lines.nth(skipped).ok_or_else(|| lacks(skipped.saturating_add(2)))?;
            (ledger.position, ledger.last) = (checkpoint.position(), hash(line.0));
        }
        if ledger.checkpoint() != *checkpoint {
            return Err(lacks(usize::try_from(checkpoint.position()).unwrap_or(usize::MAX).saturating_add(1)));
        }
        let read = |(text, line)| ledger.entry(text).map_err(|fault| LedgerError { line, fault });
        let events = lines.map(read).collect::<Result<_, _>>()?;
        Ok((ledger, events))
    }

    /// Reads a ledger up to its first fault, for a host that prefers to continue with the valid
    /// beginning.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] if the first line is not the head of a ledger of this tenant, so that no
    /// beginning is valid.
    pub fn read_valid_prefix(tenant: &TenantId, text: &str) -> Result<ValidPrefix, LedgerError> {
        let mut lines = text.split_inclusive('\n').zip(1_usize..);
        let (head, _) = lines.next().unwrap_or(("", 1));
        let ledger = Self::head(tenant, head).map_err(|fault| LedgerError { line: 1, fault })?;
        let mut valid = ValidPrefix { ledger, events: Vec::new(), fault: None };
        for (text, line) in lines {
            match valid.ledger.entry(text) {
                Ok(event) => valid.events.push(event),
                Err(fault) => {
                    valid.fault = Some(LedgerError { line, fault });
                    break;
                }
            }
        }
        Ok(valid)
    }

    /// Returns the checkpoint at the end of the ledger. Keep it where nobody who can change the
    /// ledger can change it.
    #[must_use]
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint::new(self.record, self.position, self.last.clone())
    }

    fn head(tenant: &TenantId, line: &str) -> Result<Self, LedgerFault> {
        let head: Head = read(line).map_err(|error| LedgerFault::NotAHead { error })?;
        if head.ledger != FORMAT {
            return Err(LedgerFault::UnknownFormat { found: excerpt(&head.ledger) });
        }
        if head.tenant != *tenant {
            return Err(LedgerFault::OtherTenant { tenant: head.tenant, ours: tenant.clone() });
        }
        whole(line)?;
        Ok(Self { record: head.record, position: 0, last: hash(line) })
    }

    /// Reads the next line and moves the end of the ledger after it.
    fn entry(&mut self, line: &str) -> Result<Event, LedgerFault> {
        whole(line)?;
        let Entry { previous, event } = read(line).map_err(|error| LedgerFault::NotAnEntry { error })?;
        if previous != self.last {
            return Err(LedgerFault::DoesNotFollow);
        }
        self.follows(&event)?;
        (self.position, self.last) = (event.number, hash(line));
        Ok(event)
    }

    fn follows(&self, event: &Event) -> Result<(), ApplyError> {
        let is_next = self.position.checked_add(1) == Some(event.number);
        if is_next { Ok(()) } else { Err(ApplyError { found: event.number, position: self.position }) }
    }

    /// Returns the id of the record.
    #[must_use]
    pub fn record(&self) -> RecordId {
        self.record
    }

    /// Returns the number of events.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }
}

fn written(line: &impl Serialize) -> Result<String, WriteLineError> {
    let mut text = serde_json::to_string(line).map_err(|error| WriteLineError::Failed { error: error.to_string() })?;
    text.push('\n');
    Ok(text)
}

fn whole(line: &str) -> Result<(), LedgerFault> {
    if line.ends_with('\n') { Ok(()) } else { Err(LedgerFault::Cut) }
}

/// Returns the hash of a line with its line feed.
fn hash(line: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(line.as_bytes()))
}
