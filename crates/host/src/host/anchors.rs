//! Proves the checkpoints that documents depend on, from whole records.

use core::sync::atomic::Ordering;
use core::time::Duration;
use std::thread;

use entitle::query::DocumentIssue;
use entitle::record::{Beginning, Checkpoint, InclusionProof, InclusionProver};
use entitle::{Command, Tenant};

use super::drive::Shard;
use super::{Inner, LoadError};
use crate::store::{Page, Position, Store};

/// How many entries are read at once.
const PAGE: usize = 1_000;

/// How often a proof is made for a tenant that is written meanwhile, and the pause between.
const ATTEMPTS: usize = 50;
const PAUSE: Duration = Duration::from_millis(5);

impl<S: Store> Inner<S> {
    /// Proves the checkpoints that documents among the commands depend on, so that they are decided
    /// on with the proof. What cannot be proved is refused when it is decided on.
    pub(super) fn prove_for(&self, shard: &Shard, commands: &[Command]) {
        let tenant = shard.published.load();
        let mut wanted: Vec<Checkpoint> = Vec::new();
        for command in commands {
            if let Command::Install(token) | Command::CorrectTime(token) = command {
                if let Err(DocumentIssue::NotContained { checkpoint }) = tenant.install_state(token) {
                    wanted.push(checkpoint);
                }
            }
        }
        self.prove(shard, &wanted);
    }

    /// Proves what documents depend on that other processes installed.
    pub(super) fn prove_missing(&self, shard: &Shard) {
        let tenant = shard.published.load();
        if shard.proved.load(Ordering::Relaxed) == tenant.position() {
            return;
        }
        let missing: Vec<Checkpoint> = tenant.missing_anchors().into_iter().cloned().collect();
        // What could not be proved, since the store failed for example, is proved at the next poll.
        if self.prove(shard, &missing) {
            shard.proved.store(tenant.position(), Ordering::Relaxed);
        }
    }

    /// Proves which of these checkpoints the record contains. Returns whether that is known now.
    fn prove(&self, shard: &Shard, wanted: &[Checkpoint]) -> bool {
        if wanted.is_empty() {
            return true;
        }
        for _ in 0..ATTEMPTS {
            let tenant = shard.published.load_full();
            let Ok(proof) = self.proof(&shard.beginning, &tenant, wanted) else { return false };
            let is_taken = shard.engine().writer.prove(&proof);
            if is_taken {
                self.go_on(shard);
                return true;
            }
            thread::sleep(PAUSE);
        }
        false
    }

    /// Proves which checkpoints the record contains, up to a tenant's head. `O(n)` in the record.
    pub(super) fn proof(
        &self,
        beginning: &Beginning,
        tenant: &Tenant,
        wanted: &[Checkpoint],
    ) -> Result<InclusionProof, LoadError> {
        let replaced = || LoadError::Replaced { tenant: tenant.id().clone() };
        let mut prover = InclusionProver::new(beginning, wanted);
        let mut position = Position::of(beginning.head());
        while position.head.number() < tenant.position() {
            let left = tenant.position().saturating_sub(position.head.number());
            let max = usize::try_from(left).unwrap_or(PAGE).min(PAGE);
            let Page::Entries { entries, position: next, .. } = self.store.read(tenant.id(), position, max)? else {
                return Err(replaced());
            };
            if entries.is_empty() {
                return Err(replaced());
            }
            entries.iter().try_for_each(|entry| prover.add(entry)).map_err(|_| replaced())?;
            position = next;
        }
        Ok(prover.finish())
    }
}
