//! Counts the names that rows give to one thing.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::cmp::Reverse;

use entitle::id::Label;

/// The names that rows give to one thing, with the number of rows and the order of first use.
#[derive(Debug, Default)]
pub(crate) struct NameCounts(BTreeMap<Label, (u64, usize)>);

impl NameCounts {
    pub(crate) fn add(&mut self, name: Label) {
        let first = self.0.len();
        let (count, _) = self.0.entry(name).or_insert((0, first));
        *count = count.saturating_add(1);
    }

    /// Returns the names, the most frequent first; of equally frequent ones the earliest first.
    pub(crate) fn by_frequency(self) -> Vec<Label> {
        let mut names: Vec<_> = self.0.into_iter().collect();
        names.sort_by_key(|&(_, (count, first))| (Reverse(count), first));
        names.into_iter().map(|(name, _)| name).collect()
    }
}
