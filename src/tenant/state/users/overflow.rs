//! [B-tree](https://en.wikipedia.org/wiki/B-tree) of two levels: the users who have a spare key, by
//! home and id.
//!
//! It keeps a lookup `O(log n)` whatever the hashes are. The lower level is sorted runs of users,
//! the upper level the list of the runs. Of a million users 116 on average have the home of another
//! user and are here; more are here only if ids were chosen for their hashes. A write copies one
//! run and the list of runs, if clones share them.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::tenant::state::bucket::{Key, steps};

/// The most users of a run; a longer run is split in two.
const RUN_CAPACITY: usize = 512;

#[derive(Debug, Clone, Default)]
pub(crate) struct Overflow {
    runs: Vec<SortedRun>,
    /// The number of spare keys given out.
    spares_given: u32,
}

/// At least one user, sorted by home and id. `first` repeats the home of the first user, so that
/// the search for a run reads no run.
#[derive(Debug, Clone)]
struct SortedRun {
    first: Home,
    users: Arc<Vec<Displaced>>,
}

/// A user who has a spare key.
#[derive(Debug, Clone, Copy)]
struct Displaced {
    home: Home,
    key: Key,
}

/// A home, ordered by its last bits first, so that the homes of one bucket are adjacent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Home(u32);

impl Home {
    fn of(key: Key) -> Self {
        Self(key.0.reverse_bits())
    }

    fn key(self) -> Key {
        Key(self.0.reverse_bits())
    }
}

/// Where a user is or would be inserted.
#[derive(Debug, Clone, Copy)]
pub(super) struct RunPosition {
    run: usize,
    at: usize,
}

impl Overflow {
    /// Returns the next spare key. It repeats only after all other keys. Successive keys belong to
    /// buckets all over the table, and their first bits spread evenly (a [Weyl
    /// sequence](https://en.wikipedia.org/wiki/Weyl_sequence)).
    pub(super) fn next_spare(&mut self) -> Key {
        steps::count();
        self.spares_given = self.spares_given.wrapping_add(1);
        Key(self.spares_given.wrapping_mul(0x9E37_79B9))
    }

    /// Returns the key of a user. `O(log n)`.
    pub(super) fn get<'a>(&self, home: Key, id: &str, id_of: impl Fn(Key) -> Option<&'a str>) -> Option<Key> {
        let position = self.find(home, id, id_of).ok()?;
        self.runs.get(position.run)?.users.get(position.at).map(|there| there.key)
    }

    /// Returns where a user is, or `Err` with where they would be inserted. `id_of` returns the id
    /// of a key. `O(log n)`.
    pub(super) fn find<'a>(
        &self,
        home: Key,
        id: &str,
        id_of: impl Fn(Key) -> Option<&'a str>,
    ) -> Result<RunPosition, RunPosition> {
        let home = Home::of(home);
        let by_id = |key: Key| id_of(key).unwrap_or_default().cmp(id);
        let begins_later = |run: &SortedRun| {
            steps::count();
            let by_first_id = || run.users.first().map_or(Ordering::Less, |first| by_id(first.key));
            run.first.cmp(&home).then_with(by_first_id) == Ordering::Greater
        };
        let run = self.runs.partition_point(|run| !begins_later(run)).saturating_sub(1);
        let order = |there: &Displaced| {
            steps::count();
            there.home.cmp(&home).then_with(|| by_id(there.key))
        };
        let position = |at| RunPosition { run, at };
        let users = self.runs.get(run).map_or(&[][..], |run| &run.users);
        users.binary_search_by(order).map(position).map_err(position)
    }

    /// Returns the first home whose last bits are these, or later ones in their order.
    pub(super) fn first_from(&self, bits: Key) -> Option<Key> {
        let home = Home::of(bits);
        let later = self.runs.partition_point(|run| run.first < home);
        let mut runs = self.runs.get(later.saturating_sub(1)..)?.iter().take(2);
        let first = |run: &SortedRun| run.users.get(run.users.partition_point(|there| there.home < home)).copied();
        runs.find_map(first).map(|there| there.home.key())
    }

    /// Inserts a user at the position that [`Overflow::find`] returned.
    pub(super) fn insert(&mut self, position: RunPosition, home: Key, key: Key) {
        let new = Displaced { home: Home::of(home), key };
        let Some(run) = self.runs.get_mut(position.run) else {
            self.runs.push(SortedRun { first: new.home, users: Arc::new(alloc::vec![new]) });
            return;
        };
        let users = Arc::make_mut(&mut run.users);
        users.insert(position.at.min(users.len()), new);
        run.first = run.first.min(new.home);
        if users.len() > RUN_CAPACITY {
            let later = users.split_off(users.len().wrapping_div(2));
            let first = later.first().map_or(new.home, |first| first.home);
            self.runs.insert(position.run.saturating_add(1), SortedRun { first, users: Arc::new(later) });
        }
    }

    /// Removes the user at a position.
    pub(super) fn remove(&mut self, position: RunPosition) {
        let Some(run) = self.runs.get_mut(position.run) else { return };
        let users = Arc::make_mut(&mut run.users);
        if position.at < users.len() {
            users.remove(position.at);
        }
        match users.first() {
            Some(first) => run.first = first.home,
            None => _ = self.runs.remove(position.run),
        }
    }
}

#[cfg(test)]
impl Overflow {
    /// Returns the homes and keys of all users, by home and id; `None` if a run is empty, too long
    /// or has the wrong `first`.
    pub(super) fn all(&self) -> Option<Vec<(Key, Key)>> {
        let begins = |run: &SortedRun| run.users.first().is_some_and(|first| first.home == run.first);
        let sound = self.runs.iter().all(|run| run.users.len() <= RUN_CAPACITY && begins(run));
        let users = self.runs.iter().flat_map(|run| run.users.iter());
        sound.then(|| users.map(|user| (user.home.key(), user.key)).collect())
    }
}
