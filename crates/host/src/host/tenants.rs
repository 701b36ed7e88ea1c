//! The tenants that are loaded.

use core::sync::atomic::{AtomicU64, Ordering};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use entitle::TenantId;

use super::LoadError;
use super::drive::Shard;

/// The tenants that are loaded, each in a place of its own, so that loading one keeps no other
/// waiting.
#[derive(Debug)]
pub(super) struct Tenants {
    places: Mutex<HashMap<TenantId, Arc<Place>>>,
    keep: usize,
    /// Counts uses.
    uses: AtomicU64,
}

/// A tenant, or who loads it.
#[derive(Debug, Default)]
struct Place(Mutex<Option<Arc<Shard>>>);

impl Place {
    fn shard(&self) -> MutexGuard<'_, Option<Arc<Shard>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tenants {
    pub(super) fn new(keep: usize) -> Self {
        Self { places: Mutex::default(), keep, uses: AtomicU64::new(0) }
    }

    fn places(&self) -> MutexGuard<'_, HashMap<TenantId, Arc<Place>>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn len(&self) -> usize {
        self.places().len()
    }

    /// Returns a tenant, which is loaded once however many ask for it.
    pub(super) fn get_or_load(
        &self,
        id: &TenantId,
        load: impl FnOnce() -> Result<Shard, LoadError>,
    ) -> Result<Arc<Shard>, LoadError> {
        let place = self.place(id);
        let mut shard = place.shard();
        let used = self.uses.fetch_add(1, Ordering::Relaxed);
        let shard = match &*shard {
            Some(shard) => Arc::clone(shard),
            None => Arc::clone(shard.insert(Arc::new(load()?))),
        };
        shard.used.store(used, Ordering::Relaxed);
        Ok(shard)
    }

    fn place(&self, id: &TenantId) -> Arc<Place> {
        let mut places = self.places();
        if let Some(place) = places.get(id) {
            return Arc::clone(place);
        }
        if places.len() >= self.keep {
            self.make_room(&mut places);
        }
        Arc::clone(places.entry(id.clone()).or_default())
    }

    /// Lets the eighth of the tenants go that was not used for the longest time, without those that
    /// somebody uses now.
    fn make_room(&self, places: &mut HashMap<TenantId, Arc<Place>>) {
        let mut unused: Vec<(u64, TenantId)> =
            places.iter().filter_map(|(id, place)| Some((is_unused(place)?, id.clone()))).collect();
        unused.sort_unstable_by_key(|(used, _)| *used);
        let go = (self.keep / 8).max(1);
        for (_, id) in unused.into_iter().take(go) {
            places.remove(&id);
        }
    }

    /// Returns a tenant if it is loaded.
    pub(super) fn loaded(&self, id: &TenantId) -> Option<Arc<Shard>> {
        let place = Arc::clone(self.places().get(id)?);
        place.0.try_lock().ok()?.clone()
    }

    /// Returns all tenants that are loaded.
    pub(super) fn all(&self) -> Vec<Arc<Shard>> {
        let places: Vec<Arc<Place>> = self.places().values().cloned().collect();
        // One that is being loaded is read to its end anyway.
        places.iter().filter_map(|place| place.0.try_lock().ok()?.clone()).collect()
    }
}

/// Returns when a tenant was used last; `None` if somebody uses it.
fn is_unused(place: &Arc<Place>) -> Option<u64> {
    if Arc::strong_count(place) > 1 {
        return None;
    }
    let shard = place.0.try_lock().ok()?;
    match &*shard {
        Some(shard) if Arc::strong_count(shard) > 1 || !shard.is_idle() => None,
        Some(shard) => Some(shard.used.load(Ordering::Relaxed)),
        // It could not be loaded.
        None => Some(0),
    }
}
