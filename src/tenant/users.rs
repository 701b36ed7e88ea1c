//! The users of a tenant, looked up by their ids: a hash table that is cheap to clone, since clones share what neither
//! changes, and that keeps all ids in few long texts.
//!
//! A user is named by their [`Key`], which is the hash of the id made unique. The table is a row of leaves; a leaf has the
//! users whose keys end alike, sorted by key, and says how many come before the keys that begin with certain bits. The row
//! grows by a leaf at a time: the next in turn is split in two (linear hashing). So a write copies one leaf and the page of
//! the row that it stands on, and none ever has to move all users.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::iter::once;

use crate::tenant::leaf::{Entry, Key, Leaf, Slot};
use crate::tenant::user::Held;
use crate::user_id::UserId;

pub(crate) mod crowd;

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
}

type Page = Arc<[Arc<Leaf>]>;

impl Users {
    pub(crate) fn new() -> Self {
        Self { pages: once(once(Arc::new(Leaf::new())).collect()).collect(), leaves: 1, len: 0 }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// What a user holds. It costs the same for any number of users.
    #[inline]
    pub(crate) fn held(&self, user: &UserId) -> Option<&Held> {
        let (leaf, at) = self.seek(user)?;
        leaf.slots.get(at).map(|slot| &slot.held)
    }

    /// A user by their id.
    pub(crate) fn get(&self, user: &UserId) -> Option<Entry<'_>> {
        let (leaf, at) = self.seek(user)?;
        leaf.entry(at)
    }

    #[inline]
    fn seek(&self, user: &UserId) -> Option<(&Leaf, usize)> {
        let mut key = Key::of(user.hashed());
        loop {
            let (leaf, at) = self.slot(key)?;
            if leaf.has(at, user.as_str()) {
                return Some((leaf, at));
            }
            key = key.next();
        }
    }

    /// The user of a key.
    pub(crate) fn entry(&self, key: Key) -> Option<Entry<'_>> {
        self.leaf(self.place(key)).and_then(|leaf| leaf.entry(leaf.find(key).ok()?))
    }

    /// All users, in no order that means anything.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Entry<'_>> {
        let leaves = self.pages.iter().flat_map(|page| page.iter());
        leaves.flat_map(|leaf| (0..leaf.slots.len()).filter_map(|at| leaf.entry(at)))
    }

    /// Puts a user in, in the place of what they held before.
    pub(crate) fn insert(&mut self, user: &UserId, held: Held) -> Key {
        self.put(Key::of(user.hashed()), user.as_str(), held)
    }

    /// What a user holds from now on, and held before.
    pub(crate) fn replace(&mut self, key: Key, held: Held) -> Option<Held> {
        let place = self.place(key);
        let leaf = self.leaf_mut(place)?;
        let at = leaf.find(key).ok()?;
        leaf.slots.get_mut(at).map(|slot| core::mem::replace(&mut slot.held, held))
    }

    pub(crate) fn remove(&mut self, key: Key) {
        if self.entry(key).is_none() {
            return;
        }
        self.len = self.len.saturating_sub(1);
        let place = self.place(key);
        if let Some(leaf) = self.leaf_mut(place) {
            leaf.forget(key);
        }
        // Others may be looked for past this key, so it goes only when none is.
        if !self.is_there(key.next()) {
            let mut last = key;
            while self.is_there(last) && self.entry(last).is_none() {
                let place = self.place(last);
                if let Some(leaf) = self.leaf_mut(place) {
                    leaf.take_out(last);
                }
                last = last.previous();
            }
        }
        if self.leaves > 1 && self.len < self.leaves.saturating_mul(LEAST) {
            self.merge();
        }
    }

    fn put(&mut self, home: Key, id: &str, held: Held) -> Key {
        let key = match self.search(home, id) {
            Search::Found(key) => {
                self.replace(key, held);
                return key;
            }
            Search::Free(key) => key,
        };
        let place = self.place(key);
        if let Some(leaf) = self.leaf_mut(place) {
            leaf.put(key, id, held);
        }
        self.len = self.len.saturating_add(1);
        if self.len > self.leaves.saturating_mul(MOST) {
            self.split();
        }
        key
    }

    /// Where an id is, or is to be put.
    fn search(&self, home: Key, id: &str) -> Search {
        let (mut key, mut free) = (home, None);
        loop {
            let Some((leaf, at)) = self.slot(key) else { return Search::Free(free.unwrap_or(key)) };
            if leaf.has(at, id) {
                return Search::Found(key);
            }
            if leaf.entry(at).is_none() {
                free = free.or(Some(key));
            }
            key = key.next();
        }
    }

    #[inline]
    fn slot(&self, key: Key) -> Option<(&Leaf, usize)> {
        let leaf = self.leaf(self.place(key))?;
        leaf.find(key).ok().map(|at| (leaf, at))
    }

    fn is_there(&self, key: Key) -> bool {
        self.slot(key).is_some()
    }

    /// The leaf of a key: as many of its last bits as there are leaves for.
    #[inline]
    fn place(&self, key: Key) -> usize {
        let half = half_of(self.leaves);
        let wide = key.number() & half.wrapping_mul(2).wrapping_sub(1);
        if wide < self.leaves { wide } else { wide & half.wrapping_sub(1) }
    }

    #[inline]
    fn leaf(&self, place: usize) -> Option<&Leaf> {
        self.pages.get(place.wrapping_div(PAGE))?.get(place.wrapping_rem(PAGE)).map(|leaf| &**leaf)
    }

    fn leaf_mut(&mut self, place: usize) -> Option<&mut Leaf> {
        let page = self.pages.get_mut(place.wrapping_div(PAGE))?;
        Arc::make_mut(page).get_mut(place.wrapping_rem(PAGE)).map(Arc::make_mut)
    }

    /// Splits the next leaf in turn, and puts what belongs there into a new last one.
    fn split(&mut self) {
        let half = half_of(self.leaves);
        let Some(leaf) = self.leaf_mut(self.leaves.wrapping_sub(half)) else { return };
        let stays = |slot: &Slot| slot.key.number() & half == 0;
        let (first, second) = (leaf.part(stays), leaf.part(|slot| !stays(slot)));
        *leaf = first;
        let last = Arc::new(second);
        match self.pages.last_mut().filter(|page| page.len() < PAGE) {
            Some(page) => *page = page.iter().cloned().chain(once(last)).collect(),
            None => self.pages.push(once(last).collect()),
        }
        self.leaves = self.leaves.saturating_add(1);
    }

    /// Puts the last leaf back into the one that it was split from.
    fn merge(&mut self) {
        let last = self.leaves.saturating_sub(1);
        let Some(mut page) = self.pages.pop().map(|page| page.to_vec()) else { return };
        let Some(second) = page.pop() else { return };
        if !page.is_empty() {
            self.pages.push(page.into());
        }
        self.leaves = last;
        if let Some(leaf) = self.leaf_mut(last.wrapping_sub(half_of(last))) {
            *leaf = Leaf::of_both(leaf, &second);
        }
    }
}

/// The largest power of two that is no more.
#[inline]
fn half_of(leaves: usize) -> usize {
    leaves.checked_ilog2().map_or(1, |bits| 1_usize.wrapping_shl(bits))
}

enum Search {
    Found(Key),
    Free(Key),
}

#[cfg(test)]
mod tests;
