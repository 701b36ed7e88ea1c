//! Proves the checkpoints that documents depend on, from whole records.

use core::sync::atomic::Ordering;
use core::time::Duration;
use std::sync::PoisonError;
use std::thread;

use entitle::record::Checkpoint;
use entitle::{Command, Tenant};

use super::Inner;
use super::engine::Shard;
use super::error::LoadError;
use super::proving::Proving;
use crate::store::{Page, Store};

/// How many entries are read at once.
const PAGE: usize = 1_000;

/// How often a proof is made for a tenant that is written meanwhile, and the pause between.
const ATTEMPTS: usize = 50;
const PAUSE: Duration = Duration::from_millis(5);

impl<S: Store> Inner<S> {
    /// Proves the checkpoints that documents among the commands depend on, so that they are decided
    /// on with the proof. What cannot be proved is refused when it is decided on.
    pub(super) fn prove_for(&self, shard: &Shard, commands: &[Command]) {
        let wanted = shard.published.load().missing_anchors_for(commands);
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
    /// `O(n)` in the entries since the latest proof of the same checkpoints.
    fn prove(&self, shard: &Shard, wanted: &[Checkpoint]) -> bool {
        if wanted.is_empty() {
            return true;
        }
        let mut known = shard.proving.lock().unwrap_or_else(PoisonError::into_inner);
        let mut proving = known.take().filter(|proving| proving.is_about(wanted)).unwrap_or_else(|| {
            // With those that documents in the record lack, which are asked for at every poll.
            let tenant = shard.published.load();
            let mut all: Vec<Checkpoint> = tenant.missing_anchors().into_iter().chain(wanted).cloned().collect();
            all.sort_unstable();
            all.dedup();
            Proving::new(&shard.beginning, all)
        });
        for _ in 0..ATTEMPTS {
            let tenant = shard.published.load_full();
            if self.prove_on(&mut proving, &tenant).is_err() {
                return false;
            }
            let proof = proving.prover.clone().finish();
            let is_contained = wanted.iter().any(|checkpoint| proof.contains(checkpoint));
            let is_taken = is_contained && shard.engine().writer.prove(&proof);
            if is_taken || !is_contained {
                *known = Some(proving);
                drop(known);
                self.go_on(shard);
                return true;
            }
            // It was written meanwhile.
            thread::sleep(PAUSE);
        }
        *known = Some(proving);
        false
    }

    /// Reads on up to a tenant's head.
    fn prove_on(&self, proving: &mut Proving, tenant: &Tenant) -> Result<(), LoadError> {
        let replaced = || LoadError::Replaced { tenant: tenant.id().clone() };
        loop {
            let left = tenant.position().saturating_sub(proving.position.head.number());
            let max = usize::try_from(left).unwrap_or(PAGE).min(PAGE);
            if max == 0 {
                return Ok(());
            }
            let page = self.store.read(tenant.id(), proving.position, max)?;
            let Page::Entries { entries, position, .. } = page else { return Err(replaced()) };
            if entries.is_empty() {
                return Err(replaced());
            }
            entries.iter().try_for_each(|entry| proving.prover.add(entry)).map_err(|_| replaced())?;
            proving.position = position;
        }
    }

    /// Returns a tenant with what was proved of its record, of which all entries were read.
    pub(super) fn proved(&self, proving: &mut Proving, tenant: &Tenant) -> Result<Tenant, LoadError> {
        self.prove_on(proving, tenant)?;
        let proved = tenant.with_proof(&proving.prover.clone().finish());
        proved.map_err(|_| LoadError::Replaced { tenant: tenant.id().clone() })
    }
}
