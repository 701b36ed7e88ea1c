//! How far the record of a tenant was read for a proof.

use entitle::record::{Beginning, Checkpoint, InclusionProver};

use crate::store::Position;

/// How far a record was read for a proof, so that the next one reads only what follows.
#[derive(Debug)]
pub(super) struct Proving {
    pub(super) wanted: Vec<Checkpoint>,
    pub(super) prover: InclusionProver,
    pub(super) position: Position,
}

impl Proving {
    /// Returns the proof of these checkpoints at the beginning of a record.
    pub(super) fn new(beginning: &Beginning, wanted: Vec<Checkpoint>) -> Self {
        let prover = InclusionProver::new(beginning, &wanted);
        Self { wanted, prover, position: Position::of(beginning.head()) }
    }

    pub(super) fn is_about(&self, wanted: &[Checkpoint]) -> bool {
        wanted.iter().all(|checkpoint| self.wanted.contains(checkpoint))
    }
}
