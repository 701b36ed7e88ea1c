//! Bulk load of the users' table by [radix partitioning](https://en.wikipedia.org/wiki/Radix_sort),
//! as from a snapshot.
//!
//! Users are first distributed to partitions by the last bits of their keys, in the order of their
//! arrival; then each partition is sorted into buckets, so that the memory in use fits into a
//! processor's cache. Users without room at home (few, if hashes spread evenly) are inserted into
//! the table one by one at the end.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::catalog::index::PlanNumber;
use crate::collections::hashing::hash_of;
use crate::id::is_plain;
use crate::id::user::UserRef;
use crate::tenant::state::bucket::{BUCKET_CAPACITY, Bucket, Key, index};
use crate::tenant::state::claim_number::ClaimNumber;
use crate::tenant::state::user::UserEntitlements;
use crate::tenant::state::users::{MAX_LOAD, PAGE_LEN, Page, Users, half_of};

/// Buckets per partition, about.
const BUCKETS_PER_PART: usize = 128;
/// The most partitions: writing to more of them is no faster than writing to all buckets.
const MAX_PARTS: usize = 1024;

/// Collects users and builds the table. Ids are at most as long as ids may be; they are checked
/// when buckets are built.
pub(crate) struct UserTableBuilder {
    /// A power of two of them; each has the users whose keys end in the same bits.
    parts: Vec<Part>,
    /// The keys of all users, in the order in which they were added.
    keys: Vec<Key>,
    /// What users with more than one plain claim hold.
    others: Vec<UserEntitlements>,
    buckets: usize,
}

/// Users in the order in which they were added.
struct Part {
    users: Vec<PendingUser>,
    ids: String,
}

/// A user in 24 bytes: a cache has room for few, and each is written once and read once.
#[derive(Clone, Copy)]
struct PendingUser {
    key: Key,
    /// The number of users added before.
    user: u32,
    /// Where the id ends in the ids of the partition.
    end: u32,
    /// The plan of the user's one plain claim, its number in the queue and its event; or [`OTHER`],
    /// and in `number` the index of what they hold among the others.
    plan: u16,
    number: u32,
    event: u32,
}

/// Why no table can be built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BuildError {
    /// An id is not valid.
    InvalidId,
    /// A user was added twice.
    DuplicateUser,
}

/// Stands for "no single plain claim"; no plan with this number is stored in `plan`.
const OTHER: u16 = u16::MAX;

impl UserTableBuilder {
    /// Returns a builder for about `users` users, with ids of `bytes` bytes together.
    pub(crate) fn with_capacity(users: usize, bytes: usize) -> Self {
        let buckets = users.div_ceil(MAX_LOAD).max(1);
        let count = half_of(buckets.div_ceil(BUCKETS_PER_PART)).min(MAX_PARTS);
        // Hashes spread almost evenly: a sixteenth more than the average.
        let per_part = |all: usize| all.div_ceil(count).saturating_add(all.div_ceil(count.saturating_mul(16)));
        let part = || Part { users: Vec::with_capacity(per_part(users)), ids: String::with_capacity(per_part(bytes)) };
        let parts = core::iter::repeat_with(part).take(count).collect();
        Self { parts, keys: Vec::with_capacity(users), others: Vec::new(), buckets }
    }

    /// Adds a user with what they hold.
    pub(crate) fn add(&mut self, id: UserRef<'_>, held: UserEntitlements) {
        self.put(Key::of(hash_of(id.as_str())), id, held);
    }

    /// Adds a user with one claim that is direct, with all apps.
    pub(crate) fn add_plain(&mut self, id: UserRef<'_>, plan: PlanNumber, number: ClaimNumber, event: u64) {
        match (u16::try_from(plan.0), u32::try_from(number.0), u32::try_from(event)) {
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

    /// Returns the table, and the keys of the users in the order in which they were added. `O(n)`
    /// in the users if hashes spread evenly.
    ///
    /// # Errors
    ///
    /// [`BuildError`] if an id is not valid or a user was added twice.
    pub(crate) fn build(self) -> Result<(Users, Vec<Key>), BuildError> {
        let Self { parts, mut keys, mut others, buckets } = self;
        let mut table = Users { pages: Vec::new(), buckets, len: 0, overflow: None };
        let (count, mut without_room) = (parts.len(), Vec::new());
        let mut buckets_of_parts = Vec::with_capacity(count);
        for part in parts {
            part.check()?;
            buckets_of_parts.push(part.buckets(&table, count, &mut others, &mut without_room).into_iter());
        }
        // Bucket 0 is the first of the first partition, bucket 1 the first of the second, and so
        // on.
        let interleaved = (0..count).cycle().map_while(|part| buckets_of_parts.get_mut(part)?.next());
        let mut interleaved = interleaved.take(buckets);
        let page = |_| interleaved.by_ref().take(PAGE_LEN).collect::<Page>();
        table.pages = (0..buckets.div_ceil(PAGE_LEN)).map(page).collect();
        table.len = keys.len().saturating_sub(without_room.len());
        for (pending, id) in without_room {
            let id = id.as_str();
            if table.search(pending.key, id).is_some() {
                return Err(BuildError::DuplicateUser);
            }
            let key = table.put(pending.key, id, pending.held(&mut others));
            if let Some(entry) = keys.get_mut(index(pending.user)) {
                *entry = key;
            }
        }
        Ok((table, keys))
    }
}

impl PendingUser {
    #[inline]
    fn held(&self, others: &mut [UserEntitlements]) -> UserEntitlements {
        match self.plan {
            OTHER => others.get_mut(index(self.number)).map(core::mem::take).unwrap_or_default(),
            plan => {
                UserEntitlements::plain(PlanNumber(plan.into()), ClaimNumber(self.number.into()), self.event.into())
            }
        }
    }
}

impl Part {
    /// Checks that all ids are valid. Reading them here brings them into the cache from which they
    /// go to buckets.
    fn check(&self) -> Result<(), BuildError> {
        let all = || (0..self.users.len()).all(|at| UserRef::checked(self.id(at)).is_ok());
        if is_plain(&self.ids) || all() { Ok(()) } else { Err(BuildError::InvalidId) }
    }

    /// Returns the buckets of the partition: in the table each is `parts` buckets after the one
    /// before.
    fn buckets(
        &self,
        table: &Users,
        parts: usize,
        others: &mut [UserEntitlements],
        without_room: &mut Vec<(PendingUser, String)>,
    ) -> Vec<Arc<Bucket>> {
        let (mut sorted, ends) = self.sort_by_bucket(table, parts);
        let (mut buckets, mut start) = (Vec::with_capacity(ends.len()), 0);
        for end in ends {
            let chosen = sorted.get_mut(start..end).unwrap_or_default();
            buckets.push(Arc::new(self.bucket(chosen, others, without_room)));
            start = end;
        }
        buckets
    }

    /// Returns the users of the partition grouped by bucket, and where the users of each bucket end
    /// (a counting sort).
    fn sort_by_bucket(&self, table: &Users, parts: usize) -> (Vec<Sorted>, Vec<usize>) {
        let bucket = |pending: &PendingUser| table.bucket_index(pending.key).wrapping_shr(parts.trailing_zeros());
        let mut ends = alloc::vec![0_usize; table.buckets.div_ceil(parts)];
        for pending in &self.users {
            if let Some(count) = ends.get_mut(bucket(pending)) {
                *count = count.saturating_add(1);
            }
        }
        // Turns counts into starts; the loop below moves each start to its end.
        let mut before = 0_usize;
        for end in &mut ends {
            before = before.saturating_add(core::mem::replace(end, before));
        }
        let mut sorted = alloc::vec![Sorted(0); self.users.len()];
        for (pending, at) in self.users.iter().zip(0..) {
            let Some(end) = ends.get_mut(bucket(pending)) else { continue };
            if let Some(place) = sorted.get_mut(*end) {
                *place = Sorted::of(pending.key, at);
            }
            *end = end.saturating_add(1);
        }
        (sorted, ends)
    }

    /// Returns the bucket of the chosen users, sorted by key; `without_room` gets those who do not
    /// fit.
    fn bucket(
        &self,
        chosen: &mut [Sorted],
        others: &mut [UserEntitlements],
        without_room: &mut Vec<(PendingUser, String)>,
    ) -> Bucket {
        let bytes = chosen.iter().map(|sorted| self.id(sorted.at()).len()).sum();
        chosen.sort_unstable();
        let mut bucket = Bucket::with_capacity(chosen.len(), bytes);
        for sorted in chosen {
            let Some(pending) = self.users.get(sorted.at()) else { continue };
            if bucket.slots.len() >= BUCKET_CAPACITY || bucket.slots.last().is_some_and(|last| last.key == pending.key)
            {
                without_room.push((*pending, self.id(sorted.at()).into()));
                continue;
            }
            bucket.append(pending.key, self.id(sorted.at()), pending.held(others));
        }
        bucket.recount();
        bucket
    }

    #[inline]
    fn id(&self, at: usize) -> &str {
        let end = |at: usize| self.users.get(at).map_or(0, |pending| index(pending.end));
        self.ids.get(at.checked_sub(1).map_or(0, end)..end(at)).unwrap_or_default()
    }
}

/// A key, and the index of its user in a partition, in one number that is sorted without branches.
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
