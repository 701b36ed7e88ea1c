//! Pairs of what two values have under the same keys.

use alloc::vec::Vec;
use core::cmp::Ordering;
use core::hash::Hash;

use crate::collections::shared_hash_map::SharedHashMap;

/// What two values have under a key.
pub(super) type Pair<K, V> = (K, Option<V>, Option<V>);

/// Returns what two lists have under each key, given both sorted by key, which they have once.
pub(super) fn paired<K: Ord, V>(
    before: impl IntoIterator<Item = (K, V)>,
    after: impl IntoIterator<Item = (K, V)>,
) -> impl Iterator<Item = Pair<K, V>> {
    let (mut before, mut after) = (before.into_iter().peekable(), after.into_iter().peekable());
    core::iter::from_fn(move || {
        let order = match (before.peek(), after.peek()) {
            (Some((one, _)), Some((other, _))) => one.cmp(other),
            (Some(_), None) => Ordering::Less,
            (None, _) => Ordering::Greater,
        };
        let was = if order.is_le() { before.next() } else { None };
        let is = if order.is_ge() { after.next() } else { None };
        match (was, is) {
            (Some((key, was)), is) => Some((key, Some(was), is.map(|(_, is)| is))),
            (None, Some((key, is))) => Some((key, None, Some(is))),
            (None, None) => None,
        }
    })
}

/// Returns what two maps have under each key under which they differ, sorted by key.
///
/// `O(n log n)` in the entries of the parts that the maps do not share.
pub(super) fn differing<'a, K: Clone + Ord + Hash, V: Clone>(
    before: &'a SharedHashMap<K, V>,
    after: &'a SharedHashMap<K, V>,
    is_same: impl Fn(&V, &V) -> bool,
) -> Vec<Pair<&'a K, &'a V>> {
    let changed = after.unshared(before).filter_map(|(key, is)| {
        let was = before.get(key);
        let differs = was.is_none_or(|was| !is_same(was, is));
        differs.then_some((key, was, Some(is)))
    });
    let gone = before.unshared(after).filter(|(key, _)| after.get(key).is_none());
    let mut all: Vec<Pair<&K, &V>> = changed.chain(gone.map(|(key, was)| (key, Some(was), None))).collect();
    all.sort_unstable_by_key(|(key, ..)| *key);
    all
}
