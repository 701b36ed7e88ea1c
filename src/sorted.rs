//! Sorted lists at the price of little code.
//!
//! Of the standard library's `sort` each type brings 5 to 8 KiB into the program of a host, and a `BTreeMap` that is
//! collected brings one as well. A heap sorts in a tenth of that code, and a few times the time: for what is sorted now and
//! then, not for what ordinary writes wait for.

use alloc::collections::BinaryHeap;
use alloc::vec::Vec;

/// The items in their order. Linear, but for sorting.
pub(crate) fn sorted<T: Ord>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    items.into_iter().collect::<BinaryHeap<T>>().into_sorted_vec()
}

/// The items in their order, each once. Linear, but for sorting.
pub(crate) fn sorted_once<T: Ord>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut sorted = sorted(items);
    sorted.dedup();
    sorted
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::{sorted, sorted_once};

    proptest! {
        /// The standard library as the oracle.
        #[test]
        fn a_heap_sorts_as_sort_does(items: Vec<(u8, u8)>) {
            let mut expected = items.clone();
            expected.sort_unstable();
            prop_assert_eq!(&sorted(items.clone()), &expected);
            expected.dedup();
            prop_assert_eq!(sorted_once(items), expected);
        }
    }
}
