//! Persistent [hash trie](https://infoscience.epfl.ch/record/64398) (Bagwell 2001) with flat hash
//! tables as leaves: a map whose clones share what neither changes.
//!
//! A branch chooses its child by four bits of the key's hash. A write copies the path to one leaf,
//! whatever the size of the map; a lookup follows the path and looks into one table. Keys whose
//! hashes agree in all bits that branches use stay in one table, and are compared one by one if the
//! other bits agree too. So the seed of the hashes must be unknown to tenants (see
//! [`seed_hashes`](crate::seed_hashes)).

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::hash::{BuildHasher, Hash};

use hashbrown::HashTable;

use crate::collections::hashing::Seeded;

/// Bits of the hash by which a branch chooses its child.
const BITS: u32 = 4;
const WIDTH: usize = 1 << BITS;
/// Entries above which a leaf becomes a branch, while bits of the hash are left.
const LEAF: usize = 448;
/// A leaf's table places entries by the bits below `FIRST` and tells them apart by the bits from
/// `LAST` on; branches use the bits between.
const FIRST: u32 = 20;
const LAST: u32 = 56;

#[derive(Debug, Clone)]
pub(crate) struct SharedHashMap<K, V> {
    root: Node<K, V>,
    len: usize,
}

#[derive(Debug)]
enum Node<K, V> {
    Leaf(Arc<HashTable<(K, V)>>),
    /// [`WIDTH`] of them.
    Branch(Arc<[Node<K, V>]>),
    Empty,
}

impl<K, V> Clone for Node<K, V> {
    fn clone(&self) -> Self {
        match self {
            Self::Leaf(entries) => Self::Leaf(Arc::clone(entries)),
            Self::Branch(children) => Self::Branch(Arc::clone(children)),
            Self::Empty => Self::Empty,
        }
    }
}

impl<K, V> Node<K, V> {
    /// Returns whether two nodes are one in memory, or both empty.
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Leaf(one), Self::Leaf(other)) => Arc::ptr_eq(one, other),
            (Self::Branch(one), Self::Branch(other)) => Arc::ptr_eq(one, other),
            (Self::Empty, Self::Empty) => true,
            _ => false,
        }
    }
}

impl<K: Clone + Eq + Hash, V: Clone> SharedHashMap<K, V> {
    pub(crate) fn new() -> Self {
        Self { root: Node::Empty, len: 0 }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Returns the value of a key. `O(1)`, apart from the depth of the trie, which is the logarithm
    /// of the size to base 16.
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.find(key, Seeded.hash_one(key))
    }

    fn find(&self, key: &K, hash: u64) -> Option<&V> {
        let mut node = &self.root;
        let mut bit = FIRST;
        loop {
            match node {
                Node::Branch(children) => {
                    node = children.get(slot(hash, bit))?;
                    bit = bit.saturating_add(BITS);
                }
                Node::Leaf(entries) => return entries.find(hash, |(k, _)| k == key).map(|(_, value)| value),
                Node::Empty => return None,
            }
        }
    }

    /// Returns the value of a key to change; copies first what clones share.
    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let hash = Seeded.hash_one(key);
        // An absent key must copy nothing.
        self.find(key, hash)?;
        let (mut node, mut bit) = (&mut self.root, FIRST);
        loop {
            match node {
                Node::Branch(children) => {
                    node = Arc::make_mut(children).get_mut(slot(hash, bit))?;
                    bit = bit.saturating_add(BITS);
                }
                Node::Leaf(entries) => {
                    let entries = Arc::make_mut(entries);
                    return entries.find_mut(hash, |(k, _)| k == key).map(|(_, value)| value);
                }
                Node::Empty => return None,
            }
        }
    }

    /// Returns the entries in no defined order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        let mut open = alloc::vec![&self.root];
        let mut leaf = hashbrown::hash_table::Iter::default();
        core::iter::from_fn(move || {
            loop {
                if let Some((key, value)) = leaf.next() {
                    return Some((key, value));
                }
                match open.pop()? {
                    Node::Leaf(entries) => leaf = entries.iter(),
                    Node::Branch(children) => open.extend(children.iter()),
                    Node::Empty => {}
                }
            }
        })
    }

    /// Returns the entries of the leaves that this map does not share with another: all entries
    /// whose keys or values differ are among them, in no defined order.
    ///
    /// `O(n)` in the entries of these leaves, and in the branches that lead to them. Two maps of
    /// which neither was made from the other share nothing.
    pub(crate) fn unshared<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = (&'a K, &'a V)> {
        // Nodes with the node of the other map in the same place. An entry of a leaf that both have
        // in one place can be in no other leaf of either.
        let mut open = alloc::vec![(&self.root, Some(&other.root))];
        let mut leaf = hashbrown::hash_table::Iter::default();
        core::iter::from_fn(move || {
            loop {
                if let Some((key, value)) = leaf.next() {
                    return Some((key, value));
                }
                let (node, there) = open.pop()?;
                if there.is_some_and(|there| node.is(there)) {
                    continue;
                }
                match (node, there) {
                    (Node::Leaf(entries), _) => leaf = entries.iter(),
                    (Node::Branch(children), Some(Node::Branch(others))) => {
                        open.extend(children.iter().zip(others.iter().map(Some)));
                    }
                    (Node::Branch(children), _) => open.extend(children.iter().map(|child| (child, None))),
                    (Node::Empty, _) => {}
                }
            }
        })
    }

    /// Inserts a value, or replaces the value of the key.
    pub(crate) fn insert(&mut self, key: K, value: V) {
        let hash = Seeded.hash_one(&key);
        if self.root.insert((key, value), hash, FIRST) {
            self.len = self.len.saturating_add(1);
        }
    }

    pub(crate) fn remove(&mut self, key: &K) {
        let hash = Seeded.hash_one(key);
        // An absent key must copy nothing.
        if self.find(key, hash).is_some() {
            self.root.remove(key, hash, FIRST);
            self.len = self.len.saturating_sub(1);
        }
    }
}

/// Returns the child of a branch that the bits from `bit` on choose.
fn slot(hash: u64, bit: u32) -> usize {
    usize::try_from(hash.wrapping_shr(bit) % (1 << BITS)).unwrap_or(0)
}

/// Inserts an entry into a table that does not have its key. A function of its own, so that a
/// program has it once for each map type.
#[inline(never)]
fn put<K: Hash, V>(leaf: &mut HashTable<(K, V)>, entry: (K, V), hash: u64) {
    leaf.insert_unique(hash, entry, |(key, _)| Seeded.hash_one(key));
}

impl<K: Clone + Eq + Hash, V: Clone> Node<K, V> {
    /// Inserts an entry; returns whether the key is new.
    fn insert(&mut self, entry: (K, V), hash: u64, bit: u32) -> bool {
        match self {
            Self::Empty => {
                let mut table = HashTable::new();
                put(&mut table, entry, hash);
                *self = Self::Leaf(Arc::new(table));
                true
            }
            Self::Branch(children) => match Arc::make_mut(children).get_mut(slot(hash, bit)) {
                Some(child) => child.insert(entry, hash, bit.saturating_add(BITS)),
                None => false,
            },
            Self::Leaf(entries) => {
                let entries = Arc::make_mut(entries);
                if let Some(there) = entries.find_mut(hash, |(key, _)| *key == entry.0) {
                    there.1 = entry.1;
                    return false;
                }
                put(entries, entry, hash);
                if entries.len() > LEAF && bit < LAST {
                    *self = Self::branch(core::mem::take(entries), bit);
                }
                true
            }
        }
    }

    /// Returns a branch of the entries of a leaf, spread by the bits from `bit` on.
    fn branch(entries: HashTable<(K, V)>, bit: u32) -> Self {
        let mut tables: Vec<HashTable<_>> = core::iter::repeat_with(HashTable::new).take(WIDTH).collect();
        for entry in entries {
            let hash = Seeded.hash_one(&entry.0);
            if let Some(table) = tables.get_mut(slot(hash, bit)) {
                put(table, entry, hash);
            }
        }
        let node = |table: HashTable<_>| if table.is_empty() { Self::Empty } else { Self::Leaf(Arc::new(table)) };
        Self::Branch(tables.into_iter().map(node).collect())
    }

    fn remove(&mut self, key: &K, hash: u64, bit: u32) {
        match self {
            Self::Empty => {}
            Self::Branch(children) => {
                if let Some(child) = Arc::make_mut(children).get_mut(slot(hash, bit)) {
                    child.remove(key, hash, bit.saturating_add(BITS));
                }
            }
            Self::Leaf(entries) => {
                let entries = Arc::make_mut(entries);
                if let Ok(there) = entries.find_entry(hash, |(k, _)| k == key) {
                    there.remove();
                }
                if entries.is_empty() {
                    *self = Self::Empty;
                }
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::panic, clippy::expect_used, reason = "a test may fail by panicking")]
mod tests {
    use alloc::collections::BTreeMap;
    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::{BITS, FIRST, LAST, LEAF, Node, SharedHashMap, WIDTH};

    /// Returns whether leaves are within their size, no leaf is empty, and each entry is where its
    /// hash leads.
    fn is_sound(map: &SharedHashMap<u32, u32>, node: &Node<u32, u32>, bit: u32) -> bool {
        match node {
            Node::Empty => true,
            Node::Leaf(entries) => {
                let found = |(key, value): &(u32, u32)| map.get(key) == Some(value);
                !entries.is_empty() && (entries.len() <= LEAF || bit >= LAST) && entries.iter().all(found)
            }
            Node::Branch(children) => {
                bit + BITS <= LAST && children.iter().all(|child| is_sound(map, child, bit + BITS))
            }
        }
    }

    fn is_branched(map: &SharedHashMap<u32, u32>) -> bool {
        matches!(map.root, Node::Branch(_))
    }

    #[test]
    fn branches_when_a_leaf_is_full_and_not_before() {
        let mut map = SharedHashMap::new();
        for key in 0..u32::try_from(LEAF).expect("few") {
            map.insert(key, key);
        }
        assert!(!is_branched(&map));
        map.insert(u32::MAX, 0);
        assert!(is_branched(&map) && is_sound(&map, &map.root, FIRST));
        // Replacing a value needs no room.
        map.insert(u32::MAX, 1);
        assert_eq!((map.len(), map.get(&u32::MAX)), (LEAF + 1, Some(&1)));
    }

    #[test]
    fn a_branch_spreads_what_it_holds() {
        let mut map = SharedHashMap::new();
        (0..20_000_u32).for_each(|key| map.insert(key, key));
        let Node::Branch(children) = &map.root else { panic!("the root is a branch") };
        let used = children.iter().filter(|child| !matches!(child, Node::Empty)).count();
        assert!(used == WIDTH, "{used} of {WIDTH} children");
        assert!(is_sound(&map, &map.root, FIRST));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

        /// The map equals an ordered map over thousands of insertions and removals; a clone does
        /// not change.
        #[test]
        fn is_a_map(steps in prop::collection::vec((0..4_u8, 0..3000_u32), 1..6000), cut in 0..6000_usize) {
            let (mut map, mut plain) = (SharedHashMap::new(), BTreeMap::new());
            let mut kept = (map.clone(), plain.clone());
            for (index, (kind, key)) in steps.into_iter().enumerate() {
                if index == cut {
                    kept = (map.clone(), plain.clone());
                }
                if kind == 0 {
                    map.remove(&key);
                    plain.remove(&key);
                } else {
                    map.insert(key, u32::from(kind));
                    plain.insert(key, u32::from(kind));
                }
            }
            for (map, plain) in [(&map, &plain), (&kept.0, &kept.1)] {
                prop_assert_eq!(map.len(), plain.len());
                prop_assert!((0..3000).all(|key| map.get(&key) == plain.get(&key)));
                let mut all: Vec<_> = map.iter().map(|(key, value)| (*key, *value)).collect();
                all.sort_unstable();
                prop_assert!(all.into_iter().eq(plain.iter().map(|(key, value)| (*key, *value))));
                prop_assert!(is_sound(map, &map.root, FIRST));
            }
        }

        /// What two maps with a shared past do not share has all entries that differ, also where a
        /// leaf of one is a branch of the other; equal maps of one past share everything.
        #[test]
        fn unshared_entries_have_all_that_differ(
            past in 0..1500_u32,
            ones in prop::collection::vec((0..3_u8, 0..2000_u32), 0..600),
            others in prop::collection::vec((0..3_u8, 0..2000_u32), 0..600),
        ) {
            let mut origin = SharedHashMap::new();
            (0..past).for_each(|key| origin.insert(key, 0));
            let changed = |steps: Vec<(u8, u32)>| {
                let mut map = origin.clone();
                for (kind, key) in steps {
                    if kind == 0 { map.remove(&key) } else { map.insert(key, kind.into()) }
                }
                map
            };
            prop_assert_eq!(origin.unshared(&origin.clone()).count(), 0);
            let (one, other) = (changed(ones), changed(others));
            for (map, there) in [(&one, &other), (&other, &one), (&one, &origin), (&origin, &one)] {
                let mut found: Vec<u32> = map.unshared(there).map(|(key, _)| *key).collect();
                let listed = found.len();
                found.sort_unstable();
                found.dedup();
                prop_assert_eq!(found.len(), listed, "an entry twice");
                let differs = |key: &u32| map.get(key).is_some() && map.get(key) != there.get(key);
                let missing: Vec<u32> = (0..2000).filter(differs).filter(|key| found.binary_search(key).is_err()).collect();
                prop_assert_eq!(missing, Vec::<u32>::new());
                // An entry that is listed is listed from the other side too, if it is there.
                let back: Vec<u32> = there.unshared(map).map(|(key, _)| *key).collect();
                prop_assert!(found.iter().all(|key| there.get(key).is_none() || back.contains(key)));
            }
        }
    }

    #[test]
    fn one_write_leaves_all_but_one_leaf_shared() {
        let mut map = SharedHashMap::new();
        (0..100_000_u32).for_each(|key| map.insert(key, 0));
        let before = map.clone();
        map.insert(7, 1);
        for (map, other) in [(&map, &before), (&before, &map)] {
            let unshared = map.unshared(other).count();
            assert!((1..=LEAF).contains(&unshared), "{unshared} entries");
        }
    }
}
