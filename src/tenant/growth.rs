//! Room for little more than there is: most of what a tenant takes are its users and its documents, and both stay.

use alloc::vec::Vec;

use smallvec::{Array, SmallVec};

/// How much room to ask for, should there be too little: an eighth more than needed.
pub(crate) fn wanted(capacity: usize, len: usize, more: usize) -> Option<usize> {
    (capacity.saturating_sub(len) < more).then(|| more.saturating_add(len.wrapping_div(8)))
}

/// Puts something into a list.
pub(crate) fn insert<T>(list: &mut Vec<T>, at: usize, new: T) {
    if let Some(more) = wanted(list.capacity(), list.len(), 1) {
        list.reserve_exact(more);
    }
    list.insert(at, new);
}

/// Puts something into a list of which the first lie in place.
pub(crate) fn insert_small<A: Array>(list: &mut SmallVec<A>, at: usize, new: A::Item) {
    if let Some(more) = wanted(list.capacity(), list.len(), 1) {
        list.reserve_exact(more);
    }
    list.insert(at, new);
}
