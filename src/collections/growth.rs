//! Growth of lists by an eighth instead of doubling: most memory of a tenant is its users and
//! documents, and both stay.

use alloc::vec::Vec;

use smallvec::{Array, SmallVec};

/// Returns how much capacity to reserve if `more` elements do not fit: what is missing and an
/// eighth of the length.
pub(crate) fn additional_capacity(capacity: usize, len: usize, more: usize) -> Option<usize> {
    (capacity.saturating_sub(len) < more).then(|| more.saturating_add(len.wrapping_div(8)))
}

/// Inserts into a list.
pub(crate) fn insert<T>(list: &mut Vec<T>, at: usize, new: T) {
    if let Some(more) = additional_capacity(list.capacity(), list.len(), 1) {
        list.reserve_exact(more);
    }
    list.insert(at, new);
}

/// Inserts into a list whose first elements are inline.
pub(crate) fn insert_small<A: Array>(list: &mut SmallVec<A>, at: usize, new: A::Item) {
    if let Some(more) = additional_capacity(list.capacity(), list.len(), 1) {
        list.reserve_exact(more);
    }
    list.insert(at, new);
}
