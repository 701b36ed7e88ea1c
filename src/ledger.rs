//! The ledger: a record as a host keeps it, one line an event, each with the hash of the line before (X7).
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
use thiserror::Error;

use crate::checkpoint::{Checkpoint, InclusionProof};
use crate::id::{RecordId, TenantId, excerpt};
use crate::strict_serde::{one_reading, read};
use crate::tenant::ApplyError;
use crate::tenant::command::{Command, Event};
use crate::time::EARLIEST;

/// The one format of a ledger that there is.
const FORMAT: &str = "entitle.ledger.v1";

/// Where a ledger stands: what its next line has to say of the one before.
///
/// A value: writing a line gives the ledger behind it, so a line that could not be stored changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    record: RecordId,
    position: u64,
    last: String,
}

/// As much of a ledger as is good.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ValidPrefix {
    /// Where it stands before the fault.
    pub ledger: Ledger,
    /// The events before the fault.
    pub events: Vec<Event>,
    /// The first fault, if there is one.
    pub fault: Option<LedgerError>,
}

/// The first line.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
struct Head {
    ledger: String,
    tenant: TenantId,
    record: RecordId,
}

/// Every other line.
#[derive(Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
struct Entry {
    previous: String,
    event: Event,
}
one_reading!(Head);
one_reading!(de Entry);

/// As it is written.
#[derive(Serialize)]
struct Written<'a> {
    previous: &'a str,
    event: &'a Event,
}

/// Why a text is not a ledger of this tenant.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line} of the ledger: {fault}")]
#[non_exhaustive]
pub struct LedgerError {
    /// The line, counted from 1; the first is the head, so line n + 1 holds event n.
    pub line: usize,
    /// What is wrong with it.
    pub fault: LedgerFault,
}

/// What is wrong with a line of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LedgerFault {
    /// The first line is not the head of a ledger; there may be no line at all.
    #[error("not the head of a ledger: {error}")]
    NotAHead {
        /// What the parser said.
        error: String,
    },
    /// The head is of a format that this release does not know.
    #[error("the format `{}` is unknown: update the application", found.escape_debug())]
    UnknownFormat {
        /// The format that it names.
        found: String,
    },
    /// The ledger is another tenant's.
    #[error("this is the ledger of the tenant `{tenant}`, not of `{ours}`")]
    OtherTenant {
        /// The tenant in the head.
        tenant: TenantId,
        /// The tenant that was asked for.
        ours: TenantId,
    },
    /// The line is not an entry, or of a kind that this release does not know.
    #[error("not an entry of a ledger: {error}")]
    NotAnEntry {
        /// What the parser said.
        error: String,
    },
    /// The line does not carry the hash of the one before: that one was edited, or lines were taken out or moved.
    #[error("does not follow the line before, which was edited, or lines were taken out or moved")]
    DoesNotFollow,
    /// The event's number is not the next.
    #[error(transparent)]
    NotNext(#[from] ApplyError),
    /// The ledger does not contain a checkpoint: lines were cut off at its end, or it was written anew.
    #[error("the ledger does not contain the checkpoint `{checkpoint}`: it was cut before it, or written anew")]
    LacksCheckpoint {
        /// The checkpoint.
        checkpoint: Checkpoint,
    },
    /// The last line does not end in a line feed: it was cut while it was written.
    #[error("does not end in a line feed: it was cut while it was written")]
    Cut,
}

impl LedgerFault {
    /// A stable name of this fault for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAHead { .. } => "ledger.not-a-head",
            Self::UnknownFormat { .. } => "ledger.unknown-format",
            Self::OtherTenant { .. } => "ledger.other-tenant",
            Self::NotAnEntry { .. } => "ledger.not-an-entry",
            Self::DoesNotFollow => "ledger.does-not-follow",
            Self::NotNext(_) => "ledger.not-next",
            Self::LacksCheckpoint { .. } => "ledger.lacks-checkpoint",
            Self::Cut => "ledger.cut",
        }
    }
}

impl Ledger {
    /// Begins a record: the ledger and its first line, with the line feed.
    ///
    /// # Errors
    ///
    /// [`WriteLineError`], should the line not be one that reads back.
    pub fn begin(tenant: &TenantId, record: RecordId) -> Result<(Self, String), WriteLineError> {
        let line = written(&Head { ledger: FORMAT.to_string(), tenant: tenant.clone(), record })?;
        let last = hash(&line);
        Ok((Self { record, position: 0, last }, line))
    }

    /// The line of the next event, with the line feed, and the ledger behind it.
    ///
    /// Store the line before the event is applied: what was answered is then never forgotten. Linear in the event.
    ///
    /// # Errors
    ///
    /// [`WriteLineError::NotNext`] for an event whose number is not [`position`](Ledger::position) + 1.
    pub fn line(&self, event: &Event) -> Result<(Self, String), WriteLineError> {
        self.follows(event)?;
        let line = written(&Written { previous: &self.last, event })?;
        let last = hash(&line);
        Ok((Self { record: self.record, position: event.number, last }, line))
    }

    /// Reads a ledger of this tenant: its events, to be applied in their order, and where it stands.
    ///
    /// It proves that the lines follow each other, not that they are the lines that were written: nothing in them is
    /// trusted, which is why licenses are verified again when they are applied. That lines were cut off at its end, or all
    /// of it written anew, shows only against a checkpoint kept elsewhere: [`Ledger::read_since`]. Linear in the text.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] with the line: a text that is no ledger or another tenant's, a line that was edited, taken out or
    /// moved, one of an unknown kind, a last line that was cut.
    pub fn read(tenant: &TenantId, text: &str) -> Result<(Self, Vec<Event>), LedgerError> {
        let ValidPrefix { ledger, events, fault } = Self::read_valid_prefix(tenant, text)?;
        fault.map_or(Ok((ledger, events)), Err)
    }

    /// Reads a ledger that must contain what a checkpoint of it says: neither cut before it nor written anew.
    ///
    /// # Errors
    ///
    /// [`LedgerError`], as [`Ledger::read`], and for a ledger of another record, one that ends before the checkpoint, and
    /// one whose line there is another.
    pub fn read_since(
        tenant: &TenantId,
        text: &str,
        checkpoint: &Checkpoint,
    ) -> Result<(Self, Vec<Event>), LedgerError> {
        Self::prove(tenant, text, checkpoint)?;
        Self::read(tenant, text)
    }

    /// Reads only the events behind a checkpoint, for a host that goes on from a [`snapshot`](crate::Tenant::snapshot) of
    /// the same position.
    ///
    /// The line at the checkpoint has to be the one it was; the lines before it are counted, not read. Linear in the lines
    /// that are read, and in the length of the text to count the others.
    ///
    /// # Errors
    ///
    /// [`LedgerError`], as [`Ledger::read_since`], for the head, the line at the checkpoint and those behind it.
    pub fn read_on(tenant: &TenantId, text: &str, checkpoint: &Checkpoint) -> Result<(Self, Vec<Event>), LedgerError> {
        let mut lines = text.split_inclusive('\n').zip(1_usize..);
        let head = lines.next().map_or("", |(line, _)| line);
        let mut ledger = Self::head(tenant, head).map_err(|fault| LedgerError { line: 1, fault })?;
        let lacks = |line| LedgerError { line, fault: LedgerFault::LacksCheckpoint { checkpoint: checkpoint.clone() } };
        if let Some(behind_head) = checkpoint.position().checked_sub(1) {
            let skipped = usize::try_from(behind_head).unwrap_or(usize::MAX);
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

    /// Proves that a ledger contains what a checkpoint of it says, for [`Tenant::anchored`](crate::Tenant::anchored).
    ///
    /// The text has to be the one that the tenant's events came from. Linear in the lines up to the checkpoint.
    ///
    /// # Errors
    ///
    /// [`LedgerError`], as [`Ledger::read_since`], for the lines up to the checkpoint.
    pub fn prove(tenant: &TenantId, text: &str, checkpoint: &Checkpoint) -> Result<InclusionProof, LedgerError> {
        let (proofs, fault) = Self::prove_in_order(tenant, text, &[checkpoint])?;
        if let Some(proof) = proofs.into_iter().next() {
            return Ok(proof);
        }
        let line = usize::try_from(checkpoint.position()).unwrap_or(usize::MAX).saturating_add(1);
        let lacks = LedgerFault::LacksCheckpoint { checkpoint: checkpoint.clone() };
        Err(fault.unwrap_or(LedgerError { line, fault: lacks }))
    }

    /// Proves which of some checkpoints a ledger contains, reading it once; those that it does not contain, or that stand
    /// behind a damaged line, are left out.
    ///
    /// Linear in the lines up to the last of them, and `O(n log n)` in the checkpoints.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] if the first line is not the head of a ledger of this tenant.
    pub fn prove_all<'c>(
        tenant: &TenantId,
        text: &str,
        checkpoints: impl IntoIterator<Item = &'c Checkpoint>,
    ) -> Result<Vec<InclusionProof>, LedgerError> {
        let mut wanted: Vec<&Checkpoint> = checkpoints.into_iter().collect();
        wanted.sort_unstable_by_key(|checkpoint| checkpoint.position());
        Ok(Self::prove_in_order(tenant, text, &wanted)?.0)
    }

    /// The same for checkpoints in the order of their positions, with the fault at which the reading ended.
    fn prove_in_order(
        tenant: &TenantId,
        text: &str,
        wanted: &[&Checkpoint],
    ) -> Result<(Vec<InclusionProof>, Option<LedgerError>), LedgerError> {
        let mut lines = text.split_inclusive('\n').zip(1_usize..);
        let (head, _) = lines.next().unwrap_or(("", 1));
        let mut ledger = Self::head(tenant, head).map_err(|fault| LedgerError { line: 1, fault })?;
        let (mut proofs, mut stood_at) = (Vec::new(), EARLIEST);
        for &checkpoint in wanted {
            while ledger.position < checkpoint.position() {
                let Some((text, line)) = lines.next() else { return Ok((proofs, None)) };
                let event = match ledger.entry(text) {
                    Ok(event) => event,
                    Err(fault) => return Ok((proofs, Some(LedgerError { line, fault }))),
                };
                let has_ticket = event.commands.iter().any(|command| matches!(command, Command::CorrectTime(_)));
                // What a ticket corrects is known where the documents are read.
                stood_at = if has_ticket { EARLIEST } else { stood_at.max(event.at) };
            }
            if ledger.checkpoint() == *checkpoint {
                proofs.push(InclusionProof::proved(checkpoint.clone(), stood_at));
            }
        }
        Ok((proofs, None))
    }

    /// Reads a ledger up to its first fault, for a host that would rather go on with what is good than not at all.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] if the first line is not the head of a ledger of this tenant: then nothing of it is good.
    pub fn read_valid_prefix(tenant: &TenantId, text: &str) -> Result<ValidPrefix, LedgerError> {
        let mut lines = text.split_inclusive('\n').zip(1_usize..);
        let (head, _) = lines.next().unwrap_or(("", 1));
        let ledger = Self::head(tenant, head).map_err(|fault| LedgerError { line: 1, fault })?;
        let mut good = ValidPrefix { ledger, events: Vec::new(), fault: None };
        for (text, line) in lines {
            match good.ledger.entry(text) {
                Ok(event) => good.events.push(event),
                Err(fault) => {
                    good.fault = Some(LedgerError { line, fault });
                    break;
                }
            }
        }
        Ok(good)
    }

    /// Where the ledger stands, to be kept where whoever can reach the ledger cannot reach it.
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

    /// Reads the next line and stands behind it.
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

    /// Which record it is.
    #[must_use]
    pub fn record(&self) -> RecordId {
        self.record
    }

    /// How many events it holds.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }
}

/// Why a line could not be written; nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum WriteLineError {
    /// The event is not the next.
    #[error(transparent)]
    NotNext(#[from] ApplyError),
    /// The writer failed.
    #[error("the line cannot be written: {error}")]
    Failed {
        /// What it said.
        error: String,
    },
}

impl WriteLineError {
    /// A stable name of this error for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotNext(error) => error.code(),
            Self::Failed { .. } => "ledger.unwritable",
        }
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

/// The hash of a line with its line feed.
fn hash(line: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(line.as_bytes()))
}
