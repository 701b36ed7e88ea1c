//! Users who come all at once, as from a snapshot: a bulk load of the table by radix partitioning. They are spread in the
//! order in which they come, then put into leaves part by part, so that what is at work at any time fits into a processor's
//! cache. Users for whom there is no room at home, few if hashes spread evenly, are put into the table one by one at last.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::hashing::hash_of;
use crate::id::is_plain;
use crate::tenant::bucket::{Bucket, FULL, Key, index};
use crate::tenant::user::UserEntitlements;
use crate::tenant::users::{MOST, PAGE, Page, Users, half_of};
use crate::user_id::UserRef;

/// A part has about so many leaves.
const LEAVES: usize = 128;
/// More parts than this are written to no faster than all leaves.
const PARTS: usize = 1024;

/// Users to come. Their ids are as long as ids may be, and checked when they are put into leaves.
pub(crate) struct UserTableBuilder {
    /// As many as some power of two; in each the users whose keys end alike.
    parts: Vec<Part>,
    /// Of all, in the order in which they came.
    keys: Vec<Key>,
    /// What those hold who hold more than one plain claim.
    others: Vec<UserEntitlements>,
    leaves: usize,
}

/// Users in the order in which they came.
struct Part {
    users: Vec<PendingUser>,
    ids: String,
}

/// A user, in as little room as they may take: a cache has room for few, and all are written once and read once.
#[derive(Clone, Copy)]
struct PendingUser {
    key: Key,
    /// How many came before.
    user: u32,
    /// Where the id ends in those of the part.
    end: u32,
    /// The plan of their one plain claim, its number in the line and its event; or [`OTHER`], and where among the others
    /// it stands what they hold.
    plan: u16,
    number: u32,
    event: u32,
}

/// Why there is no table of a crowd.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BuildError {
    /// An id is none.
    Id,
    /// A user came twice.
    Twice,
}

/// No plan is this one here.
const OTHER: u16 = u16::MAX;

impl UserTableBuilder {
    /// For about so many users, with ids of so many bytes together.
    pub(crate) fn of(users: usize, bytes: usize) -> Self {
        let leaves = users.div_ceil(MOST).max(1);
        let count = half_of(leaves.div_ceil(LEAVES)).min(PARTS);
        // Hashes spread evenly, but for some.
        let share = |all: usize| all.div_ceil(count).saturating_add(all.div_ceil(count.saturating_mul(16)));
        let part = || Part { users: Vec::with_capacity(share(users)), ids: String::with_capacity(share(bytes)) };
        let parts = core::iter::repeat_with(part).take(count).collect();
        Self { parts, keys: Vec::with_capacity(users), others: Vec::new(), leaves }
    }

    /// The next, with what they hold.
    pub(crate) fn add(&mut self, id: UserRef<'_>, held: UserEntitlements) {
        self.put(Key::of(hash_of(id.as_str())), id, held);
    }

    /// The next, with one claim that is direct, with all apps.
    pub(crate) fn add_plain(&mut self, id: UserRef<'_>, plan: usize, number: u64, event: u64) {
        match (u16::try_from(plan), u32::try_from(number), u32::try_from(event)) {
            (Ok(plan), Ok(number), Ok(event)) if plan != OTHER => {
                self.push(Key::of(hash_of(id.as_str())), id, plan, number, event);
            }
            _ => self.add(id, UserEntitlements::plain(plan, number, event)),
        }
    }

    pub(super) fn put(&mut self, key: Key, id: UserRef<'_>, held: UserEntitlements) {
        let other = u32::try_from(self.others.len()).unwrap_or(u32::MAX);
        self.others.push(held);
        self.push(key, id, OTHER, other, 0);
    }

    #[inline]
    fn push(&mut self, key: Key, id: UserRef<'_>, plan: u16, number: u32, event: u32) {
        let user = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        let place = key.number() & self.parts.len().wrapping_sub(1);
        if let Some(Part { users, ids }) = self.parts.get_mut(place) {
            ids.push_str(id.as_str());
            let end = u32::try_from(ids.len()).unwrap_or(u32::MAX);
            users.push(PendingUser { key, user, end, plan, number, event });
        }
        self.keys.push(key);
    }

    /// The table of them, and their keys in the order in which they came.
    pub(crate) fn settle(self) -> Result<(Users, Vec<Key>), BuildError> {
        let Self { parts, mut keys, mut others, leaves } = self;
        let mut table = Users { pages: Vec::new(), leaves, len: 0, overflow: None };
        let (count, mut late) = (parts.len(), Vec::new());
        let mut of_parts = Vec::with_capacity(count);
        for part in parts {
            part.check()?;
            of_parts.push(part.leaves(&table, count, &mut others, &mut late).into_iter());
        }
        // The first leaf is the first of the first part, the next the first of the second, and so on.
        let row = (0..count).cycle().map_while(|part| of_parts.get_mut(part)?.next());
        let mut row = row.take(leaves);
        let page = |_| row.by_ref().take(PAGE).collect::<Page>();
        table.pages = (0..leaves.div_ceil(PAGE)).map(page).collect();
        table.len = keys.len().saturating_sub(late.len());
        for (comer, id) in late {
            let id = id.as_str();
            if table.search(comer.key, id).is_some() {
                return Err(BuildError::Twice);
            }
            let key = table.put(comer.key, id, comer.held(&mut others));
            keys.get_mut(index(comer.user)).into_iter().for_each(|there| *there = key);
        }
        Ok((table, keys))
    }
}

impl PendingUser {
    #[inline]
    fn held(&self, others: &mut [UserEntitlements]) -> UserEntitlements {
        match self.plan {
            OTHER => others.get_mut(index(self.number)).map(core::mem::take).unwrap_or_default(),
            plan => UserEntitlements::plain(plan.into(), self.number.into(), self.event.into()),
        }
    }
}

impl Part {
    /// Whether all ids are such. To look at them here brings them into a cache, from where they go into leaves.
    fn check(&self) -> Result<(), BuildError> {
        let all = || (0..self.users.len()).all(|at| UserRef::checked(self.id(at)).is_ok());
        if is_plain(&self.ids) || all() { Ok(()) } else { Err(BuildError::Id) }
    }

    /// Its leaves: each so many places after the one before, as there are parts.
    fn leaves(
        &self,
        table: &Users,
        parts: usize,
        others: &mut [UserEntitlements],
        late: &mut Vec<(PendingUser, String)>,
    ) -> Vec<Arc<Bucket>> {
        let (mut row, ends) = self.by_leaf(table, parts);
        let (mut leaves, mut start) = (Vec::with_capacity(ends.len()), 0);
        for end in ends {
            let chosen = row.get_mut(start..end).unwrap_or_default();
            leaves.push(Arc::new(self.leaf(chosen, others, late)));
            start = end;
        }
        leaves
    }

    /// Where they stand here, leaf by leaf; and where those of each leaf end.
    fn by_leaf(&self, table: &Users, parts: usize) -> (Vec<Sorted>, Vec<usize>) {
        let place = |comer: &PendingUser| table.place(comer.key).wrapping_shr(parts.trailing_zeros());
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

    /// The leaf of those who stand at some places, by their keys; `late` gets those for whom it has no room.
    fn leaf(
        &self,
        chosen: &mut [Sorted],
        others: &mut [UserEntitlements],
        late: &mut Vec<(PendingUser, String)>,
    ) -> Bucket {
        let bytes = chosen.iter().map(|sorted| self.id(sorted.at()).len()).sum();
        chosen.sort_unstable();
        let mut leaf = Bucket::with_capacity(chosen.len(), bytes);
        for sorted in chosen {
            let Some(comer) = self.users.get(sorted.at()) else { continue };
            if leaf.slots.len() >= FULL || leaf.slots.last().is_some_and(|last| last.key == comer.key) {
                late.push((*comer, self.id(sorted.at()).into()));
                continue;
            }
            leaf.append(comer.key, self.id(sorted.at()), comer.held(others));
        }
        leaf.count_all();
        leaf
    }

    #[inline]
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
