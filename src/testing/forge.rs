//! Entries and proofs that nobody earned, as somebody who can write to a store could make them.

use crate::id::RequestId;
use crate::license::head::Head;
use crate::tenant::Tenant;
use crate::tenant::command::Event;
use crate::tenant::entry::{Entry, EntryError};
use crate::tenant::inclusion::InclusionProof;

/// Returns an entry that continues a record with an event which nobody decided: the chain proves
/// what follows what, not that it was allowed. The number of the event is taken as it is.
///
/// # Errors
///
/// [`EntryError::TooLong`] for an event that does not fit into an entry.
pub fn forge(head: Head, event: Event) -> Result<Entry, EntryError> {
    Entry::next(head.hash(), RequestId::from_random([0; 16]), event)
}

/// Returns a tenant as if its record was proved to contain what a proof found, whatever the heads
/// of both are: a record can then be replayed with the proofs of its end.
#[must_use]
pub fn assume_proof(tenant: &Tenant, proof: &InclusionProof) -> Tenant {
    tenant.containing(proof)
}
