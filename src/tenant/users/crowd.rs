//! Users who come all at once, as from a snapshot: spread in the order in which they come, then put into leaves part by
//! part, so that what is at work at any time fits into a processor's cache.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::tenant::leaf::{Key, Leaf, index};
use crate::tenant::user::Held;
use crate::tenant::users::{MOST, PAGE, Page, Search, Users, half_of};
use crate::user_id::{UserRef, hash_of};

/// A part has about so many leaves.
const LEAVES: usize = 64;
/// More parts than this are written to no faster than all leaves.
const PARTS: usize = 1024;

pub(crate) struct Crowd {
    /// As many as some power of two; in each the users whose keys end alike.
    parts: Vec<Part>,
    /// Of all, in the order in which they came.
    keys: Vec<Key>,
    leaves: usize,
}

/// Users in the order in which they came.
struct Part {
    users: Vec<Comer>,
    ids: String,
}

struct Comer {
    key: Key,
    /// How many came before.
    user: u32,
    /// Where the id ends in those of the part.
    end: u32,
    held: Held,
}

/// One whose hash somebody else has.
struct Late {
    home: Key,
    user: u32,
    id: String,
    held: Held,
}

impl Crowd {
    /// For about so many users, with ids of so many bytes together.
    pub(crate) fn of(users: usize, bytes: usize) -> Self {
        let leaves = users.div_ceil(MOST).max(1);
        let count = half_of(leaves.div_ceil(LEAVES)).min(PARTS);
        // Hashes spread evenly, but for some.
        let share = |all: usize| all.div_ceil(count).saturating_add(all.div_ceil(count.saturating_mul(16)));
        let part = || Part { users: Vec::with_capacity(share(users)), ids: String::with_capacity(share(bytes)) };
        let parts = core::iter::repeat_with(part).take(count).collect();
        Self { parts, keys: Vec::with_capacity(users), leaves }
    }

    /// One more, with what they hold.
    pub(crate) fn add(&mut self, id: UserRef<'_>, held: Held) {
        self.put(Key::of(hash_of(id.as_str())), id, held);
    }

    pub(super) fn put(&mut self, key: Key, id: UserRef<'_>, held: Held) {
        let user = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        let place = key.number() & self.parts.len().wrapping_sub(1);
        if let Some(Part { users, ids }) = self.parts.get_mut(place) {
            ids.push_str(id.as_str());
            users.push(Comer { key, user, end: u32::try_from(ids.len()).unwrap_or(u32::MAX), held });
        }
        self.keys.push(key);
    }

    /// The table of them, and their keys in the order in which they came; nothing, if one came twice.
    pub(crate) fn settle(self) -> Option<(Users, Vec<Key>)> {
        let Self { parts, mut keys, leaves } = self;
        let mut table = Users { pages: Vec::new(), leaves, len: 0 };
        let (count, mut late) = (parts.len(), Vec::new());
        let mut of_parts: Vec<_> =
            parts.into_iter().map(|part| part.leaves(&table, count, &mut late).into_iter()).collect();
        // The first leaf is the first of the first part, the next the first of the second, and so on.
        let row = (0..count).cycle().map_while(|part| of_parts.get_mut(part)?.next());
        let row: Vec<Arc<Leaf>> = row.take(leaves).collect();
        table.pages = row.chunks(PAGE).map(Page::from).collect();
        // From here on no leaf is shared.
        drop(row);
        table.len = keys.len().saturating_sub(late.len());
        // Few, if any.
        for Late { home, user, id, held } in late {
            if let Search::Found(_) = table.search(home, &id) {
                return None;
            }
            let key = table.put(home, &id, held);
            keys.get_mut(index(user)).into_iter().for_each(|there| *there = key);
        }
        Some((table, keys))
    }
}

impl Part {
    /// Its leaves: each so many places after the one before, as there are parts.
    fn leaves(mut self, table: &Users, parts: usize, late: &mut Vec<Late>) -> Vec<Arc<Leaf>> {
        let (mut row, ends) = self.by_leaf(table, parts);
        let (mut leaves, mut start) = (Vec::with_capacity(ends.len()), 0);
        for end in ends {
            let chosen = row.get_mut(start..end).unwrap_or_default();
            chosen.sort_unstable();
            leaves.push(Arc::new(self.leaf(chosen, late)));
            start = end;
        }
        leaves
    }

    /// Where they stand here, leaf by leaf; and where those of each leaf end.
    fn by_leaf(&self, table: &Users, parts: usize) -> (Vec<Sorted>, Vec<usize>) {
        let place = |comer: &Comer| table.place(comer.key).wrapping_shr(parts.trailing_zeros());
        let mut ends = alloc::vec![0_usize; table.leaves.div_ceil(parts)];
        for comer in &self.users {
            ends.get_mut(place(comer)).into_iter().for_each(|count| *count = count.saturating_add(1));
        }
        // From how many there are to where they begin; then, as each finds its place, to where they end.
        let mut before = 0_usize;
        for end in &mut ends {
            before = before.saturating_add(core::mem::replace(end, before));
        }
        let mut row = alloc::vec![Sorted(0); self.users.len()];
        for (comer, at) in self.users.iter().zip(0..) {
            let Some(end) = ends.get_mut(place(comer)) else { continue };
            row.get_mut(*end).into_iter().for_each(|there| *there = Sorted::of(comer.key, at));
            *end = end.saturating_add(1);
        }
        (row, ends)
    }

    /// The leaf of those who stand at some places, by their keys.
    fn leaf(&mut self, chosen: &[Sorted], late: &mut Vec<Late>) -> Leaf {
        let bytes = chosen.iter().map(|sorted| self.id(sorted.at()).len()).sum();
        let mut leaf = Leaf::with_capacity(chosen.len(), bytes);
        for sorted in chosen {
            let at = sorted.at();
            let Some(Comer { key, user, held, .. }) = self.users.get_mut(at) else { continue };
            let (key, user, held) = (*key, *user, core::mem::take(held));
            if leaf.slots.last().is_some_and(|last| last.key == key) {
                late.push(Late { home: key, user, id: self.id(at).into(), held });
            } else {
                leaf.append(key, self.id(at), held);
            }
        }
        leaf.count_all();
        leaf
    }

    fn id(&self, at: usize) -> &str {
        let end = |at: usize| self.users.get(at).map_or(0, |comer| index(comer.end));
        self.ids.get(at.checked_sub(1).map_or(0, end)..end(at)).unwrap_or_default()
    }
}

/// A key, and where in a part its user stands: in one number, which is sorted without branches.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Sorted(u64);

impl Sorted {
    fn of(key: Key, at: u32) -> Self {
        Self(u64::from(key.0).wrapping_shl(u32::BITS) | u64::from(at))
    }

    fn at(self) -> usize {
        usize::try_from(self.0 & u64::from(u32::MAX)).unwrap_or(usize::MAX)
    }
}
