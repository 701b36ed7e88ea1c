//! The proof that a tenant's record contains checkpoints (X7).

use alloc::collections::BTreeMap;

use chrono::{DateTime, Utc};
use thiserror::Error;

use crate::id::RecordId;
use crate::license::checkpoint::Checkpoint;
use crate::license::head::Head;
use crate::message::messages;
use crate::tenant::command::Command;
use crate::tenant::entry::{ApplyError, Beginning, Entry};
use crate::time::EARLIEST;

/// Proof that a record which ends with a certain head contains checkpoints: it was neither cut
/// before them nor rewritten (X7). [`Tenant::with_proof`](crate::Tenant::with_proof) takes it for
/// the tenant with that head.
///
/// Only an [`InclusionProver`] makes one, from all entries of the record. It has no default:
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
/// fn forge(proof: entitle::record::InclusionProof, head: entitle::record::Head) {
///     let proof = entitle::record::InclusionProof { head, ..proof };
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InclusionProof {
    record: RecordId,
    head: Head,
    /// The value is the latest time of the events up to the checkpoint that follow the last event
    /// with a time ticket; [`EARLIEST`] if there are none.
    contained: BTreeMap<Checkpoint, DateTime<Utc>>,
}

impl InclusionProof {
    /// Returns the id of the record.
    #[must_use]
    pub fn record(&self) -> RecordId {
        self.record
    }

    /// Returns the head of the record.
    #[must_use]
    pub fn head(&self) -> Head {
        self.head
    }

    /// Returns the checkpoints that the record contains.
    pub fn checkpoints(&self) -> impl Iterator<Item = &Checkpoint> {
        self.contained.keys()
    }

    /// Returns whether the record contains a checkpoint, among those that were asked for.
    #[must_use]
    pub fn contains(&self, checkpoint: &Checkpoint) -> bool {
        self.contained.contains_key(checkpoint)
    }

    pub(crate) fn contained(&self) -> &BTreeMap<Checkpoint, DateTime<Utc>> {
        &self.contained
    }
}

/// A prover that reads a record from its beginning, entry by entry, and finds which checkpoints it
/// contains.
#[derive(Debug, Clone)]
pub struct InclusionProver {
    wanted: BTreeMap<Head, Checkpoint>,
    latest_event: DateTime<Utc>,
    proof: InclusionProof,
}

impl InclusionProver {
    /// Returns the prover of a record at its beginning. Checkpoints of other records are never
    /// found.
    pub fn new<'c>(beginning: &Beginning, wanted: impl IntoIterator<Item = &'c Checkpoint>) -> Self {
        let (record, head) = (beginning.record(), beginning.head());
        let ours = wanted.into_iter().filter(|checkpoint| checkpoint.record() == record);
        let wanted = ours.map(|checkpoint| (checkpoint.head(), checkpoint.clone())).collect();
        let proof = InclusionProof { record, head, contained: BTreeMap::new() };
        let mut prover = Self { wanted, latest_event: EARLIEST, proof };
        prover.compare();
        prover
    }

    /// Adds the next entry. `O(log n)` in the checkpoints.
    ///
    /// # Errors
    ///
    /// [`ApplyError`] for an entry that does not continue the record.
    pub fn add(&mut self, entry: &Entry) -> Result<(), ApplyError> {
        self.proof.head.continued_by(entry)?;
        let event = entry.event();
        let has_ticket = event.commands.iter().any(|command| matches!(command, Command::CorrectTime(_)));
        // Which times a ticket corrects is known only where documents are verified.
        self.latest_event = if has_ticket { EARLIEST } else { self.latest_event.max(event.at) };
        self.proof.head = entry.head();
        self.compare();
        Ok(())
    }

    /// Returns the proof for the record that ends here.
    #[must_use]
    pub fn finish(self) -> InclusionProof {
        self.proof
    }

    /// Notes the checkpoint at the present head, if it is wanted.
    fn compare(&mut self) {
        if let Some(checkpoint) = self.wanted.get(&self.proof.head) {
            self.proof.contained.insert(checkpoint.clone(), self.latest_event);
        }
    }
}

/// Why a proof does not hold for a tenant. Nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ProofError {
    /// The proof is of another record.
    OtherRecord {
        /// The record of the proof.
        proved: RecordId,
        /// The record of the tenant.
        ours: RecordId,
    },
    /// The proof is of a record that ends elsewhere: prove it again, from all entries that the
    /// tenant has applied.
    OtherHead {
        /// The head of the proof.
        proved: Head,
        /// The head of the tenant.
        ours: Head,
    },
}

messages! {
    ProofError;
    Self::OtherRecord { proved, ours } => "proof.other-record",
        "the proof is of the record {proved}, the record of this tenant is {ours}", proved, ours;
    Self::OtherHead { proved, ours } => "proof.other-head",
        "the proof is of a record that ends with `{proved}`, that of this tenant ends with `{ours}`", proved, ours;
}
