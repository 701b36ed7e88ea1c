//! The tenants that are loaded.

use core::hash::BuildHasher as _;
use core::sync::atomic::Ordering;
use std::collections::HashMap;
use std::hash::RandomState;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use entitle::TenantId;
use entitle::record::Head;
use foldhash::SharedSeed;
use foldhash::quality::SeedableRandomState;

use super::engine::Shard;
use super::error::LoadError;

/// The tenants that are loaded, each in a place of its own, so that loading one keeps no other
/// waiting.
#[derive(Debug)]
pub(super) struct Tenants {
    places: Mutex<Places>,
    keep: usize,
}

#[derive(Debug)]
struct Places {
    by_id: ById,
    /// Counts uses.
    uses: Uses,
}

/// The places by the texts of the tenants' ids, so that they are found without making an id.
///
/// The hash is the one by which the core finds users, with a seed of the operating system. Each request
/// looks a tenant up, and std's hash takes ten times as many instructions.
type ById = HashMap<String, Arc<Place>, SeedableRandomState>;

impl Default for Places {
    fn default() -> Self {
        let seed = RandomState::new().hash_one(());
        let hasher = SeedableRandomState::with_seed(seed, SharedSeed::global_random());
        Self { by_id: HashMap::with_hasher(hasher), uses: Uses::default() }
    }
}

/// How often tenants were used.
#[derive(Debug, Default)]
struct Uses(u64);

impl Uses {
    /// Notes that a tenant is used now.
    fn count(&mut self, shard: &Shard) {
        self.0 = self.0.saturating_add(1);
        shard.used.store(self.0, Ordering::Relaxed);
    }
}

/// A tenant that is loaded, or about to be.
#[derive(Debug, Default)]
struct Place {
    shard: OnceLock<Arc<Shard>>,
    /// Held by who loads it.
    loading: Mutex<()>,
}

impl Tenants {
    pub(super) fn new(keep: usize) -> Self {
        Self { places: Mutex::default(), keep }
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn len(&self) -> usize {
        self.places().by_id.len()
    }

    /// Returns a tenant, which is loaded once however many ask for it.
    pub(super) fn get_or_load(
        &self,
        id: &TenantId,
        load: impl FnOnce() -> Result<Shard, LoadError>,
    ) -> Result<Arc<Shard>, LoadError> {
        if let Some(shard) = self.with(id.as_str(), Arc::clone) {
            return Ok(shard);
        }
        let place = self.place(id);
        let loading = place.loading.lock().unwrap_or_else(PoisonError::into_inner);
        if place.shard.get().is_none() {
            match load() {
                // Nobody else sets it, since loading is locked.
                Ok(shard) => _ = place.shard.set(Arc::new(shard)),
                Err(error) => {
                    drop(loading);
                    self.forget(id, &place);
                    return Err(error);
                }
            }
        }
        let loaded = place.shard.get().map(|shard| {
            self.places().uses.count(shard);
            Arc::clone(shard)
        });
        loaded.ok_or_else(|| LoadError::Replaced { tenant: id.clone() })
    }

    /// Reads something of a tenant that is loaded, under the lock of all.
    pub(super) fn with<T>(&self, id: &str, read: impl FnOnce(&Arc<Shard>) -> T) -> Option<T> {
        let Places { by_id, uses } = &mut *self.places();
        let shard = by_id.get(id)?.shard.get()?;
        uses.count(shard);
        Some(read(shard))
    }

    fn place(&self, id: &TenantId) -> Arc<Place> {
        let by_id = &mut self.places().by_id;
        if let Some(place) = by_id.get(id.as_str()) {
            return Arc::clone(place);
        }
        if by_id.len() >= self.keep {
            self.make_room(by_id);
        }
        Arc::clone(by_id.entry(id.as_str().to_string()).or_default())
    }

    /// Forgets a tenant that could not be loaded, unless others are about to try it.
    fn forget(&self, id: &TenantId, place: &Arc<Place>) {
        let by_id = &mut self.places().by_id;
        let is_there = by_id.get(id.as_str()).is_some_and(|there| Arc::ptr_eq(there, place));
        // Here and among the places.
        if is_there && place.shard.get().is_none() && Arc::strong_count(place) == 2 {
            by_id.remove(id.as_str());
        }
    }

    /// Lets the eighth of the tenants go that was not used for the longest time, without those that
    /// somebody uses now.
    fn make_room(&self, places: &mut ById) {
        let mut unused: Vec<(u64, String)> =
            places.iter().filter_map(|(id, place)| Some((unused_since(place)?, id.clone()))).collect();
        unused.sort_unstable_by_key(|(used, _)| *used);
        let go = (self.keep / 8).max(1);
        for (_, id) in unused.into_iter().take(go) {
            places.remove(&id);
        }
    }

    /// Returns a tenant if it is loaded.
    pub(super) fn loaded(&self, id: &TenantId) -> Option<Arc<Shard>> {
        self.places().by_id.get(id.as_str())?.shard.get().cloned()
    }

    /// Returns the tenants that are loaded, with the heads that readers have. They are not held: who goes
    /// through all of them takes one at a time, so that the others can go.
    pub(super) fn heads(&self) -> Vec<(TenantId, Head)> {
        let head = |shard: &Arc<Shard>| (shard.id.clone(), shard.published.load().head());
        // One that is being loaded is read to its end anyway.
        self.places().by_id.values().filter_map(|place| place.shard.get().map(head)).collect()
    }
}

/// Returns when a tenant was used last; `None` if somebody uses it, who would write beside the writer of
/// another that is loaded later. Who loads it has its place; who waits for it or makes a call holds it.
fn unused_since(place: &Arc<Place>) -> Option<u64> {
    if Arc::strong_count(place) > 1 {
        return None;
    }
    match place.shard.get() {
        Some(shard) if Arc::strong_count(shard) > 1 => None,
        Some(shard) => Some(shard.used.load(Ordering::Relaxed)),
        // It could not be loaded.
        None => Some(0),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::thread;

    use entitle::TenantId;

    use super::{Shard, Tenants};
    use crate::host::engine::tests::shard;
    use crate::host::error::LoadError;

    fn id(number: usize) -> TenantId {
        format!("tenant-{number}").parse().unwrap()
    }

    fn load(tenants: &Tenants, number: usize) -> Arc<Shard> {
        tenants.get_or_load(&id(number), || Ok(shard())).unwrap()
    }

    fn fail(tenants: &Tenants, number: usize) {
        let unknown = || Err(LoadError::UnknownTenant { tenant: id(number) });
        assert!(tenants.get_or_load(&id(number), unknown).is_err());
    }

    /// Returns which of so many tenants are loaded.
    fn loaded(tenants: &Tenants, number: usize) -> Vec<usize> {
        (0..number).filter(|number| tenants.loaded(&id(*number)).is_some()).collect()
    }

    #[test]
    fn an_eighth_of_the_tenants_goes_which_was_not_used_for_the_longest_time() {
        let tenants = Tenants::new(32);
        (0..32).for_each(|number| drop(load(&tenants, number)));
        // These are used again: one by who wants the tenant, one by who reads something of it.
        load(&tenants, 1);
        assert!(tenants.with("tenant-3", |_| ()).is_some());
        load(&tenants, 32);
        assert_eq!(loaded(&tenants, 33), [&[1, 3][..], &(6..33).collect::<Vec<_>>()].concat());
        // There is room for three more.
        (33..36).for_each(|number| drop(load(&tenants, number)));
        assert_eq!((tenants.len(), loaded(&tenants, 8)), (32, vec![1, 3, 6, 7]));
    }

    #[test]
    fn a_tenant_that_somebody_holds_does_not_go_and_has_one_writer() {
        let tenants = Tenants::new(4);
        let held: Vec<_> = (0..3).map(|number| load(&tenants, number)).collect();
        (3..40).for_each(|number| drop(load(&tenants, number)));
        assert_eq!(tenants.len(), 4);
        for (number, held) in held.iter().enumerate() {
            assert!(Arc::ptr_eq(held, &load(&tenants, number)), "{number}");
        }
        // More are kept while more are held.
        let more: Vec<_> = (40..48).map(|number| load(&tenants, number)).collect();
        assert_eq!(tenants.len(), 11);
        drop((held, more));
        (48..60).for_each(|number| drop(load(&tenants, number)));
    }

    #[test]
    fn a_tenant_does_not_go_while_it_is_loaded() {
        let tenants = Tenants::new(4);
        let first = tenants.get_or_load(&id(0), || {
            (1..40).for_each(|number| drop(load(&tenants, number)));
            Ok(shard())
        });
        assert!(tenants.loaded(&id(0)).is_some_and(|loaded| Arc::ptr_eq(&loaded, &first.unwrap())));
    }

    #[test]
    fn a_tenant_for_which_two_ask_at_the_same_time_is_loaded_once() {
        let tenants = Tenants::new(4);
        thread::scope(|scope| {
            let mut second = None;
            let first = tenants.get_or_load(&id(0), || {
                let place = tenants.place(&id(0));
                second = Some(scope.spawn(|| tenants.get_or_load(&id(0), || panic!("loaded twice"))));
                // Here, among the places, and by the first and the second.
                while Arc::strong_count(&place) < 4 {
                    thread::yield_now();
                }
                Ok(shard())
            });
            let second = second.unwrap().join().unwrap();
            assert!(Arc::ptr_eq(&first.unwrap(), &second.unwrap()));
        });
    }

    #[test]
    fn a_tenant_that_could_not_be_loaded_is_forgotten_unless_another_tries_it() {
        let tenants = Tenants::new(4);
        fail(&tenants, 0);
        assert_eq!(tenants.len(), 0);
        // Another has loaded it between the failure and the forgetting: it has a writer by now.
        let failed = tenants.place(&id(0));
        let shard = load(&tenants, 0);
        tenants.forget(&id(0), &failed);
        assert!(Arc::ptr_eq(&load(&tenants, 0), &shard));
        // Another is about to load it.
        let failed = tenants.place(&id(1));
        let tries = tenants.place(&id(1));
        tenants.forget(&id(1), &failed);
        assert!(Arc::ptr_eq(&tenants.place(&id(1)), &tries));
        // What both left is the first to go.
        drop((failed, tries));
        (2..4).for_each(|number| drop(load(&tenants, number)));
        load(&tenants, 4);
        assert_eq!((tenants.len(), loaded(&tenants, 5)), (4, vec![0, 2, 3, 4]));
    }
}
