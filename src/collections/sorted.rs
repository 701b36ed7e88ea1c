//! Sorted lists by the heap of std, where a list is short or sorted now and then.
//!
//! Each type that `sort_unstable` sorts brings 4 KiB into the host's program, the heap of std less
//! than a tenth of it. It takes two to three times as long for a list of thousands, so what an
//! event sorts of its users stays with `sort_unstable`.

use alloc::collections::BinaryHeap;
use alloc::vec::Vec;

/// Returns the items in order. `O(n log n)`.
pub(crate) fn sorted<T: Ord>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let items: Vec<T> = items.into_iter().collect();
    BinaryHeap::from(items).into_sorted_vec()
}

/// Returns the items in order, each once. `O(n log n)`.
pub(crate) fn distinct<T: Ord>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut items = sorted(items);
    items.dedup();
    items
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;
    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::{distinct, sorted};

    proptest! {
        /// The sort and the set of std are the oracle.
        #[test]
        fn is_in_order(items: Vec<u8>) {
            let mut in_order = items.clone();
            in_order.sort_unstable();
            prop_assert_eq!(sorted(items.iter().copied()), in_order);
            prop_assert!(distinct(items.clone()).into_iter().eq(items.into_iter().collect::<BTreeSet<_>>()));
        }
    }
}
