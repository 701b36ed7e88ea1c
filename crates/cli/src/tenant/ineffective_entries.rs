//! Which entries of a revocation list do nothing here, so that nobody takes a key for ended that is not.

use entitle::Command;
use entitle::license::Revocation;
use entitle::token::{KeyId, KeyPurpose};

use super::record::Record;

/// What of a command does nothing.
#[derive(Debug, Default)]
pub(super) struct IneffectiveEntries {
    keys: Vec<KeyId>,
    /// How many entries there are.
    entries: usize,
}

/// The entries of a list that name a key which this ring trusts for lists: no list can end one (X5).
pub(super) fn ineffective_entries(record: &Record, command: &Command) -> IneffectiveEntries {
    let Command::InstallRevocationList(token) = command else { return IneffectiveEntries::default() };
    let Ok(list) = record.ring.verify_list(token) else { return IneffectiveEntries::default() };
    let entries = &list.revocations().entries;
    let keys = entries.iter().filter_map(|entry| match entry {
        Revocation::Key(revoked) if record.ring.trusts(revoked.key, KeyPurpose::Revocations) => Some(revoked.key),
        _ => None,
    });
    IneffectiveEntries { keys: keys.collect(), entries: entries.len() }
}

impl IneffectiveEntries {
    /// Whether that is all that the command says.
    pub(super) fn is_all(&self) -> bool {
        !self.keys.is_empty() && self.keys.len() == self.entries
    }

    /// In words, a line for each.
    pub(super) fn warnings(&self) -> Vec<String> {
        let line = |key| {
            format!(
                "the key `{key}` does not end: it is trusted for revocation lists here, and no list ends such a key"
            )
        };
        self.keys.iter().map(line).collect()
    }
}
