//! Entries of a revocation list that have no effect here, so that nobody takes a valid key for
//! revoked.

use entitle::Command;
use entitle::license::Revocation;
use entitle::token::{KeyId, KeyPurpose};

use super::verifier::Verifier;

/// The keys that a command names without effect.
#[derive(Debug, Default)]
pub(super) struct IneffectiveEntries {
    keys: Vec<KeyId>,
    /// The number of entries of the list.
    entries: usize,
}

/// Returns the entries of a list that name a key which this ring trusts for lists: no list can
/// revoke one (X5).
pub(super) fn ineffective_entries(verifier: &Verifier, command: &Command) -> IneffectiveEntries {
    let Command::InstallRevocationList(token) = command else { return IneffectiveEntries::default() };
    let Some(list) = verifier.list(token) else { return IneffectiveEntries::default() };
    let entries = &list.revocations().entries;
    let keys = entries.iter().filter_map(|entry| match entry {
        Revocation::Key(revoked) if verifier.ring.trusts(revoked.key, KeyPurpose::Revocations) => Some(revoked.key),
        _ => None,
    });
    IneffectiveEntries { keys: keys.collect(), entries: entries.len() }
}

impl IneffectiveEntries {
    /// Returns whether all entries of the command have no effect.
    pub(super) fn is_all(&self) -> bool {
        !self.keys.is_empty() && self.keys.len() == self.entries
    }

    /// Returns a warning for each entry.
    pub(super) fn warnings(&self) -> Vec<String> {
        let line = |key| {
            format!(
                "the key `{key}` is not revoked: it is trusted for revocation lists here, and no list can revoke such a key"
            )
        };
        self.keys.iter().map(line).collect()
    }
}
