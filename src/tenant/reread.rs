//! The same record read in another way: with another catalog, key ring or release of the application,
//! with proofs of its checkpoints, or with its times corrected.

use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::catalog::Catalog;
use crate::catalog::release::Release;
use crate::license::checkpoint::Checkpoint;
use crate::tenant::Tenant;
use crate::tenant::document_issue::DocumentIssue;
use crate::tenant::inclusion::{InclusionProof, ProofError};
use crate::tenant::state::State;
use crate::tenant::state::config::TenantConfig;
use crate::tenant::state::document::DocumentStatus;
use crate::time::whole_second;
use crate::token::ring::KeyRing;

impl Tenant {
    /// Returns the same tenant, its record read with another catalog and another key ring.
    ///
    /// An upgraded application has a new catalog, a rotated key a new ring; the record is read with
    /// them as if it had been replayed. Documents whose key is gone give nothing but stay. Plans
    /// that the catalog no longer knows open nothing but stay, with their claims in their places
    /// (C11).
    ///
    /// `O(n log n)` in documents, plans and grants; users are shared.
    #[must_use]
    pub fn rebase(&self, catalog: &Catalog, ring: &KeyRing) -> Self {
        self.rebind_catalog(TenantConfig {
            catalog: catalog.clone(),
            ring: ring.clone(),
            ..TenantConfig::clone(&self.base)
        })
    }

    /// Returns the same tenant as another release of the application reads it that has the same apps
    /// and plans (V1): grants whose fallback covers that release have no end there. Claims stay in
    /// their places (V2).
    ///
    /// `O(n log n)` in plans and grants, and `O(n)` in the catalog; users and documents are shared.
    #[must_use]
    pub fn in_release(&self, release: Release) -> Self {
        let base = TenantConfig { catalog: self.catalog().with_release(release), ..TenantConfig::clone(&self.base) };
        let mut state = State::clone(&self.state);
        state.core.rebind_catalog(&base.catalog);
        state.core.rebuild_all_pools();
        Self::of(base, state, self.hash)
    }

    /// Returns the same tenant, its record proved to contain checkpoints: documents that count only
    /// on such a record count (X7). Costs what [`Tenant::rebase`] does.
    ///
    /// # Errors
    ///
    /// [`ProofError`] for a proof of another record, or of a record with another head than this
    /// tenant's.
    pub fn with_proof(&self, proof: &InclusionProof) -> Result<Self, ProofError> {
        if proof.record() != self.record() {
            return Err(ProofError::OtherRecord { proved: proof.record(), ours: self.record() });
        }
        if proof.head() != self.head() {
            return Err(ProofError::OtherHead { proved: proof.head(), ours: self.head() });
        }
        Ok(self.containing(proof))
    }

    /// Returns the same tenant with what a proof found, whatever record it is of.
    pub(crate) fn containing(&self, proof: &InclusionProof) -> Self {
        let mut base = TenantConfig::clone(&self.base);
        base.contained.extend(proof.contained().iter().map(|(checkpoint, at)| (checkpoint.clone(), *at)));
        self.rebind_catalog(base)
    }

    /// Returns the checkpoints that the record was not proved to contain and on which documents in
    /// it depend, each once, for [`Ledger::prove`](crate::record::Ledger::prove) and
    /// [`Tenant::with_proof`]. `O(n log n)` in the documents.
    #[must_use]
    pub fn missing_anchors(&self) -> Vec<&Checkpoint> {
        let missing = self.documents().filter_map(|document| match document.status {
            DocumentStatus::GivesNothing(DocumentIssue::NotContained { checkpoint }) => Some(checkpoint),
            _ => None,
        });
        let mut missing: Vec<&Checkpoint> = missing.collect();
        missing.sort_unstable();
        missing.dedup();
        missing
    }

    /// Returns the tenant that a time ticket would leave, issued at `issued` and anchored at the head
    /// (K10). `O(n log n)` in documents and plans.
    pub(crate) fn corrected(&self, issued: DateTime<Utc>) -> Self {
        let (issued, mut state) = (whole_second(issued), State::clone(&self.state));
        state.core.correct_times(issued);
        Self::of(TenantConfig::clone(&self.base), state, self.hash)
    }

    fn rebind_catalog(&self, base: TenantConfig) -> Self {
        let mut state = State::clone(&self.state);
        let core = &mut state.core;
        core.read_again(&base);
        core.rebind_catalog(&base.catalog);
        core.rebuild_all_pools();
        Self::of(base, state, self.hash)
    }
}
