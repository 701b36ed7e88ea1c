//! The users who have no room at home, by home and id: what makes a lookup logarithmic whatever the hashes are.
//!
//! A sorted list in runs, the upper level of which lists the runs (a B-tree of two levels). It has the 116 users of a
//! million whose home is another's, on average, and beyond those only users whose ids were chosen for their hashes. A write
//! copies one run and the list of runs, where clones share them.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::tenant::bucket::{Key, steps};

/// The most users of a run; a longer one is cut in two.
const RUN: usize = 512;

#[derive(Debug, Clone, Default)]
pub(crate) struct Overflow {
    runs: Vec<TrialState>,
    /// How many spare keys were asked for.
    asked: u32,
}

/// Users by home and id, at least one. The first home lies here too, so that a search for the run reads none of them.
#[derive(Debug, Clone)]
struct TrialState {
    first: Home,
    users: Arc<Vec<Displaced>>,
}

/// A user who is not at home.
#[derive(Debug, Clone, Copy)]
struct Displaced {
    home: Home,
    key: Key,
}

/// A home, ordered by its last bits first, so that the homes of a leaf lie side by side.
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

/// Where a user stands or would stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    run: usize,
    at: usize,
}

impl Overflow {
    /// A key that is not asked for again before all others were. Keys that come one after the other belong to leaves all
    /// around the table, and their first bits spread evenly (a Weyl sequence).
    pub(super) fn spare(&mut self) -> Key {
        steps::count();
        self.asked = self.asked.wrapping_add(1);
        Key(self.asked.wrapping_mul(0x9E37_79B9))
    }

    /// The key of a user. Logarithmic.
    pub(super) fn get<'a>(&self, home: Key, id: &str, id_of: impl Fn(Key) -> Option<&'a str>) -> Option<Key> {
        let place = self.find(home, id, id_of).ok()?;
        self.runs.get(place.run)?.users.get(place.at).map(|there| there.key)
    }

    /// Where a user stands or would stand. `id_of` returns the id of a key. Logarithmic.
    pub(super) fn find<'a>(&self, home: Key, id: &str, id_of: impl Fn(Key) -> Option<&'a str>) -> Result<Place, Place> {
        let home = Home::of(home);
        let by_id = |key: Key| id_of(key).unwrap_or_default().cmp(id);
        let begins_later = |run: &TrialState| {
            steps::count();
            let by_first_id = || run.users.first().map_or(Ordering::Less, |first| by_id(first.key));
            run.first.cmp(&home).then_with(by_first_id) == Ordering::Greater
        };
        let run = self.runs.partition_point(|run| !begins_later(run)).saturating_sub(1);
        let order = |there: &Displaced| {
            steps::count();
            there.home.cmp(&home).then_with(|| by_id(there.key))
        };
        let place = |at| Place { run, at };
        let users = self.runs.get(run).map_or(&[][..], |run| &run.users);
        users.binary_search_by(order).map(place).map_err(place)
    }

    /// The first home whose last bits are these or, in their order, later ones.
    pub(super) fn first_from(&self, bits: Key) -> Option<Key> {
        let home = Home::of(bits);
        let later = self.runs.partition_point(|run| run.first < home);
        let mut runs = self.runs.get(later.saturating_sub(1)..)?.iter().take(2);
        let first = |run: &TrialState| run.users.get(run.users.partition_point(|there| there.home < home)).copied();
        runs.find_map(first).map(|there| there.home.key())
    }

    /// Puts a user in where they were not found.
    pub(super) fn insert(&mut self, place: Place, home: Key, key: Key) {
        let new = Displaced { home: Home::of(home), key };
        let Some(run) = self.runs.get_mut(place.run) else {
            self.runs.push(TrialState { first: new.home, users: Arc::new(alloc::vec![new]) });
            return;
        };
        let users = Arc::make_mut(&mut run.users);
        users.insert(place.at.min(users.len()), new);
        run.first = run.first.min(new.home);
        if users.len() > RUN {
            let later = users.split_off(users.len().wrapping_div(2));
            let first = later.first().map_or(new.home, |first| first.home);
            self.runs.insert(place.run.saturating_add(1), TrialState { first, users: Arc::new(later) });
        }
    }

    /// Takes out the user of a place.
    pub(super) fn remove(&mut self, place: Place) {
        let Some(run) = self.runs.get_mut(place.run) else { return };
        let users = Arc::make_mut(&mut run.users);
        if place.at < users.len() {
            users.remove(place.at);
        }
        match users.first() {
            Some(first) => run.first = first.home,
            None => _ = self.runs.remove(place.run),
        }
    }
}

#[cfg(test)]
impl Overflow {
    /// The homes and keys of all, by home and id; nothing, should a run be empty, too long or begin with another.
    pub(super) fn all(&self) -> Option<Vec<(Key, Key)>> {
        let begins = |run: &TrialState| run.users.first().is_some_and(|first| first.home == run.first);
        let sound = self.runs.iter().all(|run| run.users.len() <= RUN && begins(run));
        let users = self.runs.iter().flat_map(|run| run.users.iter());
        sound.then(|| users.map(|user| (user.home.key(), user.key)).collect())
    }
}
