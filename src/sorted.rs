//! Sorted lists at the price of little code.
//!
//! Of the standard library's `sort` each type brings 5 to 8 KiB into the program of a host, and a `BTreeMap` that is
//! collected brings one as well. A heap sorts in a tenth of that code, and a few times the time: for what is sorted now and
//! then, and not for what a check or a write waits for.

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

/// Puts an item into a sorted list, unless it is there. Linear in the list.
pub(crate) fn insert_once<T: Ord>(list: &mut Vec<T>, item: T) {
    if let Err(at) = list.binary_search(&item) {
        list.insert(at, item);
    }
}
