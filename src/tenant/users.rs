//! The users of a tenant, looked up by their ids: a hash table that is cheap to clone, since clones share what neither
//! changes, and that keeps all ids in few long texts.
//!
//! The algorithm is [linear hashing](https://en.wikipedia.org/wiki/Linear_hashing) (Litwin, VLDB 1980). A user has a [`Key`],
//! the hash of the id where nobody else has that: their home. The table is a row of leaves (buckets); a leaf has the users
//! whose keys end alike, sorted by key. The row grows by a leaf at a time: the next in turn is split in two. So a write
//! copies one leaf and the page of the row that it stands on, and none ever has to move all users: one write after a clone
//! of a million users copies less than 64 KiB (`tests/cost.rs`). A user takes 63 bytes with their id and one claim, and a
//! check 321 instructions at any number of users (`benches/summary`).
//!
//! Whoever knows the seed of the hashes can choose ids whose homes are one or lie in one leaf. So a leaf has room for
//! [`FULL`] users. Who finds their home taken, or its leaf full, gets a spare key, given out one after the other so that
//! such users spread over all leaves; and an ordered index of such users finds their keys by their ids ([`overflow`]). A
//! leaf says whether the home of such a user is in it, so that the index is asked for nobody else. A lookup is logarithmic
//! whatever the hashes are, and so is a write, but for the list of the index's runs.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::iter::once;

use crate::hashing::hash_of;
use crate::tenant::bucket::{Bucket, Entry, FULL, Key, Overflows, Slot};
use crate::tenant::user::UserEntitlements;
use crate::tenant::users::overflow::Overflow;
use crate::user_id::UserId;

pub(crate) mod builder;
pub(crate) mod overflow;

/// So many leaves stand on a page.
const PAGE: usize = 64;
/// A leaf more when there are more users than this for each.
const MOST: usize = 48;
/// A leaf less when there are fewer users than this for each.
const LEAST: usize = 12;

#[derive(Debug, Clone)]
pub(crate) struct Users {
    pages: Vec<Page>,
    /// How many leaves there are; never none.
    leaves: usize,
    len: usize,
    /// The users who are not at home; not there until there is one.
    overflow: Option<Arc<Overflow>>,
}

type Page = Arc<[Arc<Bucket>]>;

impl Users {
    pub(crate) fn new() -> Self {
        Self { pages: once(once(Arc::new(Bucket::new())).collect()).collect(), leaves: 1, len: 0, overflow: None }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// What a user holds. It costs the same for any number of users, if hashes spread evenly; logarithmic otherwise.
    #[inline]
    pub(crate) fn held(&self, user: &UserId) -> Option<&UserEntitlements> {
        let (leaf, at) = self.seek(user)?;
        leaf.slots.get(at).map(|slot| &slot.held)
    }

    /// A user by their id.
    pub(crate) fn get(&self, user: &UserId) -> Option<Entry<'_>> {
        let (leaf, at) = self.seek(user)?;
        leaf.entry(at)
    }

    #[inline]
    fn seek(&self, user: &UserId) -> Option<(&Bucket, usize)> {
        let home = Key::of(user.hashed());
        let leaf = self.leaf(self.place(home))?;
        match leaf.find(home) {
            Ok(at) if leaf.has(at, user.as_str()) => Some((leaf, at)),
            _ if leaf.overflows == Overflows::No => None,
            _ => self.seek_displaced(user),
        }
    }

    #[cold]
    #[inline(never)]
    fn seek_displaced(&self, user: &UserId) -> Option<(&Bucket, usize)> {
        self.slot(self.displaced(Key::of(user.hashed()), user.as_str())?)
    }

    /// The user of a key.
    pub(crate) fn entry(&self, key: Key) -> Option<Entry<'_>> {
        self.slot(key).and_then(|(leaf, at)| leaf.entry(at))
    }

    /// All users, in no order that means anything.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Entry<'_>> {
        let leaves = self.pages.iter().flat_map(|page| page.iter());
        leaves.flat_map(|leaf| (0..leaf.slots.len()).filter_map(|at| leaf.entry(at)))
    }

    /// Puts a user in, in the place of what they held before.
    pub(crate) fn insert(&mut self, user: &UserId, held: UserEntitlements) -> Key {
        self.put(Key::of(user.hashed()), user.as_str(), held)
    }

    /// What a user holds from now on, and held before.
    pub(crate) fn replace(&mut self, key: Key, held: UserEntitlements) -> Option<UserEntitlements> {
        let place = self.place(key);
        let leaf = self.leaf_mut(place)?;
        let at = leaf.find(key).ok()?;
        leaf.slots.get_mut(at).map(|slot| core::mem::replace(&mut slot.held, held))
    }

    pub(crate) fn remove(&mut self, key: Key) {
        if let Some(home) = self.entry(key).map(|user| Key::of(hash_of(user.id.as_str()))) {
            self.take_out(home, key);
        }
    }

    /// Takes out the user of a key, who has this home.
    fn take_out(&mut self, home: Key, key: Key) {
        if key != home {
            self.forget_displaced(home, key);
        }
        let place = self.place(key);
        if let Some(leaf) = self.leaf_mut(place) {
            leaf.remove(key);
        }
        self.len = self.len.saturating_sub(1);
        while self.leaves > 1 && self.len < self.leaves.saturating_mul(LEAST) && self.merge().is_some() {}
    }

    /// Puts a user with this home in, in the place of what they held before.
    fn put(&mut self, home: Key, id: &str, held: UserEntitlements) -> Key {
        if let Some(key) = self.search(home, id) {
            self.replace(key, held);
            return key;
        }
        while self.len >= self.leaves.saturating_mul(MOST) && self.split().is_some() {}
        let key = if self.has_room(home) { home } else { self.displace(home, id) };
        let place = self.place(key);
        if let Some(leaf) = self.leaf_mut(place) {
            leaf.put(key, id, held);
        }
        self.len = self.len.saturating_add(1);
        key
    }

    /// The key of an id with this home.
    fn search(&self, home: Key, id: &str) -> Option<Key> {
        let leaf = self.leaf(self.place(home))?;
        match leaf.find(home) {
            Ok(at) if leaf.has(at, id) => Some(home),
            _ if leaf.overflows == Overflows::No => None,
            _ => self.displaced(home, id),
        }
    }

    /// Whether a user can be put in at a key.
    fn has_room(&self, key: Key) -> bool {
        self.leaf(self.place(key)).is_some_and(|leaf| leaf.slots.len() < FULL && leaf.find(key).is_err())
    }

    /// The key of a user who is not at home.
    fn displaced(&self, home: Key, id: &str) -> Option<Key> {
        self.overflow.as_ref()?.get(home, id, |key| self.id(key))
    }

    /// A spare key for a user who has no room at home, known to the index.
    ///
    /// At most one leaf in five is full, since they have 48 users on average, so that few keys are asked for.
    #[cold]
    #[inline(never)]
    fn displace(&mut self, home: Key, id: &str) -> Key {
        let mut overflow = self.overflow.take().unwrap_or_default();
        let change = Arc::make_mut(&mut overflow);
        let mut key = change.spare();
        while !self.has_room(key) {
            key = change.spare();
        }
        if let Err(place) = change.find(home, id, |key| self.id(key)) {
            change.insert(place, home, key);
        }
        self.overflow = Some(overflow);
        self.note_overflow(self.place(home));
        key
    }

    /// Has the index forget a user who is not at home.
    fn forget_displaced(&mut self, home: Key, key: Key) {
        let Some(mut overflow) = self.overflow.take() else { return };
        let id = self.id(key).unwrap_or_default();
        if let Ok(place) = overflow.find(home, id, |key| self.id(key)) {
            Arc::make_mut(&mut overflow).remove(place);
        }
        self.overflow = Some(overflow);
        self.note_overflow(self.place(home));
    }

    /// Has a leaf say whether the home of a user who is not at home is in it.
    fn note_overflow(&mut self, place: usize) {
        // All homes of a leaf end in the bits of its place, which so is the first of them.
        let first = Key(u32::try_from(place).unwrap_or(u32::MAX));
        let home = self.overflow.as_ref().and_then(|overflow| overflow.first_from(first));
        let overflows = if home.is_some_and(|home| self.place(home) == place) { Overflows::Yes } else { Overflows::No };
        if self.leaf(place).is_some_and(|leaf| leaf.overflows != overflows) {
            self.leaf_mut(place).into_iter().for_each(|leaf| leaf.overflows = overflows);
        }
    }

    fn id(&self, key: Key) -> Option<&str> {
        self.entry(key).map(|user| user.id.as_str())
    }

    #[inline]
    fn slot(&self, key: Key) -> Option<(&Bucket, usize)> {
        let leaf = self.leaf(self.place(key))?;
        leaf.find(key).ok().map(|at| (leaf, at))
    }

    /// The leaf of a key: as many of its last bits as there are leaves for.
    #[inline]
    fn place(&self, key: Key) -> usize {
        let mask = usize::MAX.wrapping_shr((self.leaves | 1).leading_zeros());
        let wide = key.number() & mask;
        if wide < self.leaves { wide } else { wide & mask.wrapping_shr(1) }
    }

    #[inline]
    fn leaf(&self, place: usize) -> Option<&Bucket> {
        self.pages.get(place.wrapping_div(PAGE))?.get(place.wrapping_rem(PAGE)).map(|leaf| &**leaf)
    }

    fn leaf_mut(&mut self, place: usize) -> Option<&mut Bucket> {
        let page = self.pages.get_mut(place.wrapping_div(PAGE))?;
        Arc::make_mut(page).get_mut(place.wrapping_rem(PAGE)).map(Arc::make_mut)
    }

    /// Splits the next leaf in turn, and puts what belongs there into a new last one.
    fn split(&mut self) -> Option<()> {
        let half = half_of(self.leaves);
        let place = self.leaves.wrapping_sub(half);
        let leaf = self.leaf_mut(place)?;
        let stays = |slot: &Slot| slot.key.number() & half == 0;
        let (first, second) = (leaf.part(stays), leaf.part(|slot| !stays(slot)));
        let before = core::mem::replace(leaf, first).overflows;
        let last = Arc::new(second);
        match self.pages.last_mut().filter(|page| page.len() < PAGE) {
            Some(page) => *page = page.iter().cloned().chain(once(last)).collect(),
            None => self.pages.push(once(last).collect()),
        }
        self.leaves = self.leaves.saturating_add(1);
        if before == Overflows::Yes {
            self.note_overflow(place);
            self.note_overflow(place.saturating_add(half));
        }
        Some(())
    }

    /// Puts the last leaf back into the one that it was split from, if that has room for both.
    fn merge(&mut self) -> Option<()> {
        let last = self.leaves.saturating_sub(1);
        let place = last.wrapping_sub(half_of(last));
        let both = self.leaf(place)?.slots.len().saturating_add(self.leaf(last)?.slots.len());
        if both > FULL {
            return None;
        }
        let mut page = self.pages.pop()?.to_vec();
        let second = page.pop()?;
        if !page.is_empty() {
            self.pages.push(page.into());
        }
        self.leaves = last;
        let leaf = self.leaf_mut(place)?;
        let overflows = if second.overflows == Overflows::Yes { Overflows::Yes } else { leaf.overflows };
        *leaf = Bucket::of_both(leaf, &second);
        leaf.overflows = overflows;
        Some(())
    }
}

/// The largest power of two that is no more.
#[inline]
fn half_of(leaves: usize) -> usize {
    leaves.checked_ilog2().map_or(1, |bits| 1_usize.wrapping_shl(bits))
}

#[cfg(test)]
mod tests;
