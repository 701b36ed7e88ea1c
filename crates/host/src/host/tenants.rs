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
            places.iter().filter_map(|(id, place)| Some((is_unused(place)?, id.clone()))).collect();
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

/// Returns when a tenant was used last; `None` if somebody uses it.
fn is_unused(place: &Arc<Place>) -> Option<u64> {
    if Arc::strong_count(place) > 1 {
        return None;
    }
    match place.shard.get() {
        Some(shard) if Arc::strong_count(shard) > 1 || !shard.is_idle() => None,
        Some(shard) => Some(shard.used.load(Ordering::Relaxed)),
        // It could not be loaded.
        None => Some(0),
    }
}
