//! Bucket of [linear hashing](https://en.wikipedia.org/wiki/Linear_hashing): at most
//! [`BUCKET_CAPACITY`] users, sorted by key, with their ids in one text.
//!
//! A key is searched one by one from the start of its group, since a group has one or two keys on
//! average; if many keys are in one group, a binary search of the rest of the bucket follows.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use crate::collections::growth;
use crate::id::user::UserRef;
use crate::tenant::state::user::UserEntitlements;

/// A user of a table: the hash of their id (their home), or a spare number if there is no room for
/// them at home.
///
/// A key belongs to the user while they are in the table, in this process. There are fewer users
/// than numbers of 32 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key(pub(crate) u32);

impl Key {
    /// Returns the home of an id with this hash.
    #[inline]
    pub(crate) fn of(hash: u64) -> Self {
        Self(u32::try_from(hash.wrapping_shr(32)).unwrap_or(0))
    }

    #[inline]
    pub(crate) fn number(self) -> usize {
        index(self.0)
    }

    /// Returns which group of a bucket the key is in; groups are in the order of keys.
    #[inline]
    fn group(self) -> usize {
        let group = u64::from(self.0).wrapping_mul(GROUPS.into()).wrapping_shr(u32::BITS);
        usize::try_from(group).unwrap_or(0)
    }
}

/// Returns a number of 32 bits as an index of a list; no list of users is longer.
#[inline]
pub(crate) fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[derive(Debug, Clone)]
pub(crate) struct Bucket {
    /// Sorted by key.
    pub(crate) slots: Vec<Slot>,
    /// The ids, in the order of the slots.
    pub(crate) ids: String,
    /// For each group the number of slots before it.
    before: [u8; GROUPS as usize],
    /// Whether users whose home is in this bucket have a spare key.
    pub(crate) overflows: Overflows,
}

/// Groups of a bucket, by the first bits of keys: with `overflows` they fill a cache line, so that
/// few keys are in one group.
const GROUPS: u8 = 63;
/// Slots compared one by one before a binary search. Of 63 groups of at most 96 keys on average,
/// one in 1000 has more.
const LINEAR_LIMIT: usize = 6;
/// The most users of a bucket: as many as a byte counts. If hashes spread evenly, a bucket has at
/// most 96 users on average, with a standard deviation of 10, and is never full.
pub(crate) const BUCKET_CAPACITY: usize = 255;

/// Whether users whose home is in a bucket have a spare key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Overflows {
    SomeDisplaced,
    AllHome,
}

/// A user as the bucket stores them.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    pub(crate) key: Key,
    /// Where the id ends; it begins where that of the slot before it ends.
    pub(crate) end: u32,
    pub(crate) held: UserEntitlements,
}

/// A user as the table returns them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry<'a> {
    pub(crate) key: Key,
    pub(crate) id: UserRef<'a>,
    pub(crate) held: &'a UserEntitlements,
}

impl Bucket {
    pub(crate) const fn new() -> Self {
        Self { slots: Vec::new(), ids: String::new(), before: [0; GROUPS as usize], overflows: Overflows::AllHome }
    }

    pub(crate) fn with_capacity(slots: usize, bytes: usize) -> Self {
        Self { slots: Vec::with_capacity(slots), ids: String::with_capacity(bytes), ..Self::new() }
    }

    /// Returns where a key is, or `Err` with where it would be inserted. `O(log n)` in the users of
    /// the bucket.
    #[inline]
    pub(crate) fn find(&self, key: Key) -> Result<usize, usize> {
        let mut at = self.before.get(key.group()).copied().unwrap_or(0).into();
        let far = LINEAR_LIMIT.wrapping_add(at);
        while let Some(slot) = self.slots.get(at) {
            steps::count();
            if slot.key >= key {
                return if slot.key == key { Ok(at) } else { Err(at) };
            }
            at = at.wrapping_add(1);
            if at == far {
                return self.find_by_binary_search(key, at);
            }
        }
        Err(at)
    }

    /// Returns the same, by binary search from this slot on.
    #[cold]
    #[inline(never)]
    fn find_by_binary_search(&self, key: Key, start: usize) -> Result<usize, usize> {
        let order = |slot: &Slot| {
            steps::count();
            slot.key.cmp(&key)
        };
        let rest = self.slots.get(start..).unwrap_or_default();
        let place = |at: usize| at.wrapping_add(start).min(self.slots.len());
        rest.binary_search_by(order).map(place).map_err(place)
    }

    /// Counts a key that was inserted.
    fn count(&mut self, key: Key) {
        for before in self.before.iter_mut().skip(key.group().saturating_add(1)) {
            *before = before.saturating_add(1);
        }
    }

    /// Counts all slots anew, after many were inserted or removed.
    pub(crate) fn recount(&mut self) {
        let mut begin = [0_u8; GROUPS as usize];
        for slot in &self.slots {
            if let Some(count) = begin.get_mut(slot.key.group()) {
                *count = count.saturating_add(1);
            }
        }
        let mut count = 0_u8;
        for (before, begin) in self.before.iter_mut().zip(begin) {
            *before = count;
            count = count.saturating_add(begin);
        }
    }

    /// Returns the range of a slot's id in `ids`.
    #[inline]
    fn range(&self, at: usize) -> Range<usize> {
        let end = |at: usize| self.slots.get(at).map_or(0, |slot| usize::try_from(slot.end).unwrap_or(0));
        at.checked_sub(1).map_or(0, end)..end(at)
    }

    #[inline]
    pub(crate) fn has(&self, at: usize, id: &str) -> bool {
        self.ids.as_bytes().get(self.range(at)) == Some(id.as_bytes())
    }

    pub(crate) fn entry(&self, at: usize) -> Option<Entry<'_>> {
        let slot = self.slots.get(at)?;
        let id = self.ids.get(self.range(at))?;
        Some(Entry { key: slot.key, id: UserRef::new(id), held: &slot.held })
    }

    /// Inserts a user under a key that nobody has.
    pub(crate) fn put(&mut self, key: Key, id: &str, held: UserEntitlements) {
        let (Ok(at) | Err(at)) = self.find(key);
        let start = at.checked_sub(1).map_or(0, |before| self.range(before).end);
        growth::insert(&mut self.slots, at, Slot { key, end: u32::try_from(start).unwrap_or(u32::MAX), held });
        self.count(key);
        self.insert_id(at, start, id);
    }

    /// Inserts the id of a slot that has none yet.
    fn insert_id(&mut self, at: usize, start: usize, id: &str) {
        if let Some(more) = growth::additional_capacity(self.ids.capacity(), self.ids.len(), id.len()) {
            self.ids.reserve_exact(more);
        }
        self.ids.insert_str(start, id);
        let by = u32::try_from(id.len()).unwrap_or(0);
        for slot in self.slots.get_mut(at..).unwrap_or_default() {
            slot.end = slot.end.wrapping_add(by);
        }
    }

    /// Removes the user of a key.
    pub(crate) fn remove(&mut self, key: Key) {
        let Ok(at) = self.find(key) else { return };
        let range = self.range(at);
        let by = u32::try_from(range.len()).unwrap_or(0);
        self.ids.replace_range(range, "");
        self.slots.remove(at);
        for slot in self.slots.get_mut(at..).unwrap_or_default() {
            slot.end = slot.end.saturating_sub(by);
        }
        self.recount();
    }

    /// Returns a bucket of the slots that belong to it, with their ids.
    pub(crate) fn part(&self, belongs: impl Fn(&Slot) -> bool) -> Self {
        let chosen = || (0..).zip(&self.slots).filter(|(_, slot)| belongs(slot)).map(|(at, _)| at);
        let bytes = chosen().map(|at| self.range(at).len()).sum();
        let mut part = Self::with_capacity(chosen().count(), bytes);
        chosen().for_each(|at| part.push(self, at));
        part.recount();
        part
    }

    /// Returns a bucket of the slots of two others, by key.
    pub(crate) fn merged(one: &Self, other: &Self) -> Self {
        let mut merged = Self::new();
        let (mut ones, mut others) = ((0..one.slots.len()).peekable(), (0..other.slots.len()).peekable());
        let key = |bucket: &Self, at: Option<&usize>| at.and_then(|&at| bucket.slots.get(at)).map(|slot| slot.key);
        loop {
            let (first, second) = (key(one, ones.peek()), key(other, others.peek()));
            let (from, at) = match (first, second) {
                (None, None) => break,
                (first, second) if second.is_none_or(|second| first.is_some_and(|first| first < second)) => {
                    (one, ones.next())
                }
                _ => (other, others.next()),
            };
            if let Some(at) = at {
                merged.push(from, at);
            }
        }
        merged.recount();
        merged
    }

    /// Appends a slot of another bucket; [`Bucket::recount`] counts it.
    fn push(&mut self, from: &Self, at: usize) {
        if let Some(slot) = from.slots.get(at) {
            self.append(slot.key, from.ids.get(from.range(at)).unwrap_or_default(), slot.held.clone());
        }
    }

    /// Appends a slot; [`Bucket::recount`] counts it.
    #[inline]
    pub(crate) fn append(&mut self, key: Key, id: &str, held: UserEntitlements) {
        self.ids.push_str(id);
        self.slots.push(Slot { key, end: u32::try_from(self.ids.len()).unwrap_or(u32::MAX), held });
    }
}

/// Counts compared keys in tests, and does nothing elsewhere.
pub(crate) mod steps {
    #[cfg(not(test))]
    #[inline]
    pub(crate) fn count() {}

    #[cfg(test)]
    std::thread_local!(static STEPS: core::cell::Cell<usize> = const { core::cell::Cell::new(0) });

    #[cfg(test)]
    pub(crate) fn count() {
        STEPS.set(STEPS.get().wrapping_add(1));
    }

    /// Returns the steps since the last call.
    #[cfg(test)]
    pub(crate) fn take() -> usize {
        STEPS.take()
    }
}
