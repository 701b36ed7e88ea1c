//! A hash map that is cheap to clone: clones share what neither changes.
//!
//! A tree that branches by a few bits of the key's hash; its leaves are short lists. A write copies the path to one leaf,
//! whatever the size of the map; a lookup follows the path and compares one key.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::hash::{BuildHasher, Hash};

use hashbrown::DefaultHashBuilder;

/// A branch looks at this many bits of the hash.
const BITS: u32 = 6;
const WIDTH: usize = 1 << BITS;
/// A leaf of more entries than this branches out, while bits of the hash are left.
const LEAF: usize = 24;

/// The hashes are seeded per process where the platform can, since the keys are the tenant's choice.
#[derive(Debug, Clone)]
pub(crate) struct Map<K, V> {
    root: Node<K, V>,
    len: usize,
    hasher: DefaultHashBuilder,
}

#[derive(Debug)]
enum Node<K, V> {
    Leaf(Arc<Vec<Entry<K, V>>>),
    Branch(Arc<[Node<K, V>; WIDTH]>),
    Empty,
}

#[derive(Debug, Clone)]
struct Entry<K, V> {
    hash: u64,
    key: K,
    value: V,
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

impl<K: Clone + Eq + Hash, V: Clone> Map<K, V> {
    pub(crate) fn new() -> Self {
        Self { root: Node::Empty, len: 0, hasher: DefaultHashBuilder::default() }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Constant but for the depth of the tree, which grows with the 64th power of the size.
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        let hash = self.hasher.hash_one(key);
        let mut node = &self.root;
        let mut rest = hash;
        loop {
            match node {
                Node::Branch(children) => {
                    node = children.get(slot(rest))?;
                    rest >>= BITS;
                }
                Node::Leaf(entries) => {
                    return entries.iter().find(|e| e.hash == hash && e.key == *key).map(|entry| &entry.value);
                }
                Node::Empty => return None,
            }
        }
    }

    /// The entries in no order that means anything.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        let mut open = alloc::vec![&self.root];
        let mut leaf: core::slice::Iter<'_, Entry<K, V>> = [].iter();
        core::iter::from_fn(move || {
            loop {
                if let Some(entry) = leaf.next() {
                    return Some((&entry.key, &entry.value));
                }
                match open.pop()? {
                    Node::Leaf(entries) => leaf = entries.iter(),
                    Node::Branch(children) => open.extend(children.iter()),
                    Node::Empty => {}
                }
            }
        })
    }

    /// Puts a value in; a value that was there before is replaced.
    pub(crate) fn insert(&mut self, key: K, value: V) {
        let hash = self.hasher.hash_one(&key);
        if self.root.insert(Entry { hash, key, value }, hash, u64::BITS) {
            self.len = self.len.saturating_add(1);
        }
    }

    pub(crate) fn remove(&mut self, key: &K) {
        let hash = self.hasher.hash_one(key);
        // Asked first, so that what is not there copies nothing.
        if self.get(key).is_some() {
            self.root.remove(key, hash, hash);
            self.len = self.len.saturating_sub(1);
        }
    }
}

/// Which child of a branch the lowest bits choose.
fn slot(bits: u64) -> usize {
    usize::try_from(bits % (1 << BITS)).unwrap_or(0)
}

impl<K: Clone + Eq, V: Clone> Node<K, V> {
    /// Whether the key is new.
    fn insert(&mut self, entry: Entry<K, V>, rest: u64, bits_left: u32) -> bool {
        match self {
            Self::Empty => {
                *self = Self::Leaf(Arc::new(alloc::vec![entry]));
                true
            }
            Self::Branch(children) => match Arc::make_mut(children).get_mut(slot(rest)) {
                Some(child) => child.insert(entry, rest >> BITS, bits_left.saturating_sub(BITS)),
                None => false,
            },
            Self::Leaf(entries) => {
                let entries = Arc::make_mut(entries);
                if let Some(there) = entries.iter_mut().find(|e| e.hash == entry.hash && e.key == entry.key) {
                    there.value = entry.value;
                    return false;
                }
                entries.push(entry);
                if entries.len() > LEAF && bits_left >= BITS {
                    let used = u64::BITS.saturating_sub(bits_left);
                    *self = Self::branch(core::mem::take(entries), used);
                }
                true
            }
        }
    }

    /// Spreads the entries of a leaf by the bits after the first `used`.
    fn branch(entries: Vec<Entry<K, V>>, used: u32) -> Self {
        let mut lists: [Vec<Entry<K, V>>; WIDTH] = [const { Vec::new() }; WIDTH];
        for entry in entries {
            if let Some(list) = lists.get_mut(slot(entry.hash >> used)) {
                list.push(entry);
            }
        }
        Self::Branch(Arc::new(lists.map(|list| if list.is_empty() { Self::Empty } else { Self::Leaf(Arc::new(list)) })))
    }

    fn remove(&mut self, key: &K, hash: u64, rest: u64) {
        match self {
            Self::Empty => {}
            Self::Branch(children) => {
                if let Some(child) = Arc::make_mut(children).get_mut(slot(rest)) {
                    child.remove(key, hash, rest >> BITS);
                }
            }
            Self::Leaf(entries) => {
                let entries = Arc::make_mut(entries);
                entries.retain(|e| e.hash != hash || e.key != *key);
                if entries.is_empty() {
                    *self = Self::Empty;
                }
            }
        }
    }
}
