//! A map as a vector sorted by key, for few entries: lookup is `O(log n)`, insertion and removal
//! are `O(n)`.
//!
//! It takes less code in the host's program than a `BTreeMap`, and less memory for a few entries.

use alloc::vec::Vec;

#[derive(Debug, Clone)]
pub(crate) struct Table<K, V>(Vec<(K, V)>);

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord, V> Table<K, V> {
    fn position(&self, key: &K) -> Result<usize, usize> {
        self.0.binary_search_by(|(each, _)| each.cmp(key))
    }

    /// Returns the value of a key. `O(log n)`.
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.0.get(self.position(key).ok()?).map(|(_, value)| value)
    }

    pub(crate) fn contains(&self, key: &K) -> bool {
        self.position(key).is_ok()
    }

    /// Sets the value of a key and returns the value it replaces. `O(n)`.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.position(&key) {
            Ok(at) => self.0.get_mut(at).map(|(_, there)| core::mem::replace(there, value)),
            Err(at) => {
                self.0.insert(at, (key, value));
                None
            }
        }
    }

    /// Removes a key with its value, if it is there. `O(n)`.
    pub(crate) fn remove(&mut self, key: &K) {
        if let Ok(at) = self.position(key) {
            self.0.remove(at);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the entries in the order of their keys.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// Returns the entries in the order of their keys, with the values to change.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (&K, &mut V)> {
        self.0.iter_mut().map(|(key, value)| (&*key, value))
    }

    /// Returns the keys in their order.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &K> {
        self.0.iter().map(|(key, _)| key)
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for Table<K, V> {
    fn from_iter<T: IntoIterator<Item = (K, V)>>(entries: T) -> Self {
        let mut table = Self::default();
        entries.into_iter().for_each(|(key, value)| _ = table.insert(key, value));
        table
    }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeMap;
    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::Table;

    proptest! {
        /// A `BTreeMap` is the oracle.
        #[test]
        fn is_a_map(steps: Vec<(bool, u8, u8)>) {
            let (mut table, mut map) = (Table::default(), BTreeMap::new());
            for (puts, key, value) in steps {
                let key = key % 16;
                if puts {
                    prop_assert_eq!(table.insert(key, value), map.insert(key, value));
                } else {
                    table.remove(&key);
                    map.remove(&key);
                }
                prop_assert_eq!((table.get(&key), table.is_empty()), (map.get(&key), map.is_empty()));
                prop_assert_eq!(table.contains(&key), map.contains_key(&key));
            }
            prop_assert!(table.iter().eq(&map) && table.keys().eq(map.keys()));
            prop_assert!(map.clone().into_iter().rev().collect::<Table<_, _>>().iter().eq(&map));
        }
    }
}
