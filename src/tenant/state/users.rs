//! Linear hashing ([Litwin, VLDB 1980](https://en.wikipedia.org/wiki/Linear_hashing)) with
//! persistent pages: the users of a tenant by id. Clones share every page that neither changes, and
//! the ids of a bucket lie in one text.
//!
//! Each user has a [`Key`]: the hash of the id (their *home*), or a spare number if another user
//! has that hash. A bucket holds the users whose keys end in the same bits, sorted by key. The
//! table grows by one bucket at a time: the next bucket in turn is split in two. So a write copies
//! one bucket and the page that refers to it, and no write moves all users.
//!
//! Measured: one write after a clone of 250,000 users copies less than 64 KiB (`tests/cost.rs`).
//! A user with one claim takes 63 bytes, id included, and a check takes 321 instructions at any
//! number of users (`benches/summary`).
//!
//! A user who knows the seed of the hashes can choose ids that have the same home, or homes in one
//! bucket. So a bucket holds at most [`BUCKET_CAPACITY`] users. A user whose home is taken, or
//! whose bucket is full, gets a spare key; spare keys follow one another so that they spread over
//! all buckets. An ordered index ([`overflow`]) maps the ids of these users to their keys. Each
//! bucket records whether its homes have such users, so that no other lookup asks the index. A
//! lookup is `O(log n)` whatever the hashes are. A write is too, apart from a copy of the list of
//! the index's runs.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::iter::once;

use crate::collections::hashing::hash_of;
use crate::id::user::UserId;
use crate::tenant::state::bucket::{BUCKET_CAPACITY, Bucket, Entry, Key, Overflows, Slot};
use crate::tenant::state::user::UserEntitlements;
use crate::tenant::state::users::overflow::Overflow;

pub(crate) mod builder;
pub(crate) mod overflow;

/// Buckets per page.
const PAGE_LEN: usize = 64;
/// Average users per bucket above which the next bucket splits.
const MAX_LOAD: usize = 48;
/// Average users per bucket below which the last bucket is merged.
const MIN_LOAD: usize = 12;

#[derive(Debug, Clone)]
pub(crate) struct Users {
    pages: Vec<Page>,
    /// The number of buckets, at least one.
    buckets: usize,
    len: usize,
    /// The users who have a spare key; `None` while there are none.
    overflow: Option<Arc<Overflow>>,
}

type Page = Arc<[Arc<Bucket>]>;

impl Users {
    pub(crate) fn new() -> Self {
        Self { pages: once(once(Arc::new(Bucket::new())).collect()).collect(), buckets: 1, len: 0, overflow: None }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Returns what a user holds. `O(1)` if hashes spread evenly, at most `O(log n)` in the users.
    pub(crate) fn held(&self, user: &UserId) -> Option<&UserEntitlements> {
        let (bucket, at) = self.seek(user)?;
        bucket.slots.get(at).map(|slot| &slot.held)
    }

    /// Returns a user by id. Costs what [`Users::held`] does.
    pub(crate) fn get(&self, user: &UserId) -> Option<Entry<'_>> {
        let (bucket, at) = self.seek(user)?;
        bucket.entry(at)
    }

    #[allow(
        clippy::inline_always,
        reason = "the check is on the hot path of the host; it calls `held`, and nothing below"
    )]
    #[inline(always)]
    fn seek(&self, user: &UserId) -> Option<(&Bucket, usize)> {
        let home = Key::of(user.hashed());
        let bucket = self.bucket(self.bucket_index(home))?;
        match bucket.find(home) {
            Ok(at) if bucket.has(at, user.as_str()) => Some((bucket, at)),
            _ if bucket.overflows == Overflows::AllHome => None,
            _ => self.find_displaced(user),
        }
    }

    #[cold]
    #[inline(never)]
    fn find_displaced(&self, user: &UserId) -> Option<(&Bucket, usize)> {
        self.slot(self.displaced(Key::of(user.hashed()), user.as_str())?)
    }

    /// Returns the user who has a key.
    pub(crate) fn entry(&self, key: Key) -> Option<Entry<'_>> {
        self.slot(key).and_then(|(bucket, at)| bucket.entry(at))
    }

    /// Returns all users, in no defined order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Entry<'_>> {
        let buckets = self.pages.iter().flat_map(|page| page.iter());
        buckets.flat_map(|bucket| (0..bucket.slots.len()).filter_map(|at| bucket.entry(at)))
    }

    /// Returns the users of the buckets that this table does not share with another: all users whose
    /// entries differ are among them. `O(n)` in the changes between the two, and in the pages.
    pub(crate) fn unshared<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = Entry<'a>> {
        let is_shared_page = |(at, page): &(usize, &Page)| other.pages.get(*at).is_some_and(|it| Arc::ptr_eq(it, page));
        let pages = self.pages.iter().enumerate().filter(move |page| !is_shared_page(page));
        let buckets = pages.flat_map(move |(at, page)| {
            let others = other.pages.get(at).map_or(&[][..], |page| page);
            let is_shared =
                |nth: usize, bucket: &Arc<Bucket>| others.get(nth).is_some_and(|it| Arc::ptr_eq(it, bucket));
            page.iter().enumerate().filter(move |(nth, bucket)| !is_shared(*nth, bucket)).map(|(_, bucket)| bucket)
        });
        buckets.flat_map(|bucket| (0..bucket.slots.len()).filter_map(|at| bucket.entry(at)))
    }

    /// Inserts a user, or replaces what they hold. Returns their key.
    pub(crate) fn insert(&mut self, user: &UserId, held: UserEntitlements) -> Key {
        self.put(Key::of(user.hashed()), user.as_str(), held)
    }

    /// Replaces what the user of a key holds. Returns what they held before.
    pub(crate) fn replace(&mut self, key: Key, held: UserEntitlements) -> Option<UserEntitlements> {
        let index = self.bucket_index(key);
        let bucket = self.bucket_mut(index)?;
        let at = bucket.find(key).ok()?;
        bucket.slots.get_mut(at).map(|slot| core::mem::replace(&mut slot.held, held))
    }

    pub(crate) fn remove(&mut self, key: Key) {
        if let Some(home) = self.entry(key).map(|user| Key::of(hash_of(user.id.as_str()))) {
            self.take_out(home, key);
        }
    }

    /// Removes the user of a key, whose home is `home`.
    fn take_out(&mut self, home: Key, key: Key) {
        if key != home {
            self.forget_displaced(home, key);
        }
        let index = self.bucket_index(key);
        if let Some(bucket) = self.bucket_mut(index) {
            bucket.remove(key);
        }
        self.len = self.len.saturating_sub(1);
        while self.buckets > 1 && self.len < self.buckets.saturating_mul(MIN_LOAD) && self.merge().is_some() {}
    }

    /// Inserts a user with this home, or replaces what they hold. Returns their key.
    fn put(&mut self, home: Key, id: &str, held: UserEntitlements) -> Key {
        if let Some(key) = self.search(home, id) {
            self.replace(key, held);
            return key;
        }
        while self.len >= self.buckets.saturating_mul(MAX_LOAD) && self.split().is_some() {}
        let key = if self.has_room(home) { home } else { self.displace(home, id) };
        let index = self.bucket_index(key);
        if let Some(bucket) = self.bucket_mut(index) {
            bucket.put(key, id, held);
        }
        self.len = self.len.saturating_add(1);
        key
    }

    /// Returns the key of an id with this home.
    fn search(&self, home: Key, id: &str) -> Option<Key> {
        let bucket = self.bucket(self.bucket_index(home))?;
        match bucket.find(home) {
            Ok(at) if bucket.has(at, id) => Some(home),
            _ if bucket.overflows == Overflows::AllHome => None,
            _ => self.displaced(home, id),
        }
    }

    /// Returns whether a user can be inserted under a key.
    fn has_room(&self, key: Key) -> bool {
        self.bucket(self.bucket_index(key))
            .is_some_and(|bucket| bucket.slots.len() < BUCKET_CAPACITY && bucket.find(key).is_err())
    }

    /// Returns the spare key of a user who has one.
    fn displaced(&self, home: Key, id: &str) -> Option<Key> {
        self.overflow.as_ref()?.get(home, id, |key| self.id(key))
    }

    /// Returns a spare key for a user without room at home, and adds it to the index.
    ///
    /// Buckets have at most 48 users on average, so at most one in five is full, and few spare keys
    /// are tried.
    #[cold]
    #[inline(never)]
    fn displace(&mut self, home: Key, id: &str) -> Key {
        let mut overflow = self.overflow.take().unwrap_or_default();
        let change = Arc::make_mut(&mut overflow);
        let mut key = change.next_spare();
        while !self.has_room(key) {
            key = change.next_spare();
        }
        if let Err(position) = change.find(home, id, |key| self.id(key)) {
            change.insert(position, home, key);
        }
        self.overflow = Some(overflow);
        self.note_overflow(self.bucket_index(home));
        key
    }

    /// Removes a user with a spare key from the index.
    fn forget_displaced(&mut self, home: Key, key: Key) {
        let Some(mut overflow) = self.overflow.take() else { return };
        let id = self.id(key).unwrap_or_default();
        if let Ok(position) = overflow.find(home, id, |key| self.id(key)) {
            Arc::make_mut(&mut overflow).remove(position);
        }
        self.overflow = Some(overflow);
        self.note_overflow(self.bucket_index(home));
    }

    /// Records in a bucket whether users whose home is there have a spare key.
    fn note_overflow(&mut self, index: usize) {
        // All homes of a bucket end in the bits of its index. In the order of the index, the first
        // of them is the bucket's own index.
        let first = Key(u32::try_from(index).unwrap_or(u32::MAX));
        let home = self.overflow.as_ref().and_then(|overflow| overflow.first_from(first));
        let has_displaced = home.is_some_and(|home| self.bucket_index(home) == index);
        let overflows = if has_displaced { Overflows::SomeDisplaced } else { Overflows::AllHome };
        // An unchanged bucket is not copied.
        if self.bucket(index).is_none_or(|bucket| bucket.overflows == overflows) {
            return;
        }
        if let Some(bucket) = self.bucket_mut(index) {
            bucket.overflows = overflows;
        }
    }

    fn id(&self, key: Key) -> Option<&str> {
        self.entry(key).map(|user| user.id.as_str())
    }

    #[inline]
    fn slot(&self, key: Key) -> Option<(&Bucket, usize)> {
        let bucket = self.bucket(self.bucket_index(key))?;
        bucket.find(key).ok().map(|at| (bucket, at))
    }

    /// Returns the index of the bucket of a key: as many of its last bits as there are buckets for.
    #[inline]
    fn bucket_index(&self, key: Key) -> usize {
        let mask = usize::MAX.wrapping_shr((self.buckets | 1).leading_zeros());
        let wide = key.number() & mask;
        if wide < self.buckets { wide } else { wide & mask.wrapping_shr(1) }
    }

    #[inline]
    fn bucket(&self, index: usize) -> Option<&Bucket> {
        self.pages.get(index.wrapping_div(PAGE_LEN))?.get(index.wrapping_rem(PAGE_LEN)).map(|bucket| &**bucket)
    }

    fn bucket_mut(&mut self, index: usize) -> Option<&mut Bucket> {
        let page = self.pages.get_mut(index.wrapping_div(PAGE_LEN))?;
        Arc::make_mut(page).get_mut(index.wrapping_rem(PAGE_LEN)).map(Arc::make_mut)
    }

    /// Splits the next bucket in turn: users whose keys have the new bit go to a new last bucket.
    fn split(&mut self) -> Option<()> {
        let half = half_of(self.buckets);
        let index = self.buckets.wrapping_sub(half);
        let bucket = self.bucket_mut(index)?;
        let stays = |slot: &Slot| slot.key.number() & half == 0;
        let (first, second) = (bucket.part(stays), bucket.part(|slot| !stays(slot)));
        let before = core::mem::replace(bucket, first).overflows;
        let last = Arc::new(second);
        match self.pages.last_mut().filter(|page| page.len() < PAGE_LEN) {
            Some(page) => *page = page.iter().cloned().chain(once(last)).collect(),
            None => self.pages.push(once(last).collect()),
        }
        self.buckets = self.buckets.saturating_add(1);
        if before == Overflows::SomeDisplaced {
            self.note_overflow(index);
            self.note_overflow(index.saturating_add(half));
        }
        Some(())
    }

    /// Merges the last bucket into the one that it was split from, if that has room for both.
    fn merge(&mut self) -> Option<()> {
        let last = self.buckets.saturating_sub(1);
        let index = last.wrapping_sub(half_of(last));
        let both = self.bucket(index)?.slots.len().saturating_add(self.bucket(last)?.slots.len());
        if both > BUCKET_CAPACITY {
            return None;
        }
        let mut page = self.pages.pop()?.to_vec();
        let second = page.pop()?;
        if !page.is_empty() {
            self.pages.push(page.into());
        }
        self.buckets = last;
        let bucket = self.bucket_mut(index)?;
        let overflows = match second.overflows {
            Overflows::SomeDisplaced => Overflows::SomeDisplaced,
            Overflows::AllHome => bucket.overflows,
        };
        *bucket = Bucket::merged(bucket, &second);
        bucket.overflows = overflows;
        Some(())
    }
}

/// Returns the largest power of two that is at most `buckets`.
#[inline]
fn half_of(buckets: usize) -> usize {
    buckets.checked_ilog2().map_or(1, |bits| 1_usize.wrapping_shl(bits))
}

#[cfg(test)]
mod tests;
