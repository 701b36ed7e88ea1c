//! The thread that asks the store which records changed.

use core::time::Duration;
use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::thread::{self, JoinHandle};

use entitle::TenantId;
use entitle::record::Head;

use super::Inner;
use super::drive::Shard;
use crate::store::Store;

/// Signals that the host is not used any more.
#[derive(Debug, Default)]
pub(super) struct Stop {
    is_set: Mutex<bool>,
    signal: Condvar,
}

impl Stop {
    pub(super) fn set(&self) {
        *self.is_set.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.signal.notify_all();
    }

    /// Waits, and returns whether to stop.
    fn wait(&self, timeout: Duration) -> bool {
        let is_set = self.is_set.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.signal.wait_timeout_while(is_set, timeout, |is_set| !*is_set);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

/// Starts the thread, which ends when it is stopped or the host is gone.
pub(super) fn start<S: Store + 'static>(host: Weak<Inner<S>>, stop: Arc<Stop>, every: Duration) -> JoinHandle<()> {
    thread::spawn(move || {
        while !stop.wait(every) {
            let Some(host) = host.upgrade() else { return };
            host.poll();
        }
    })
}

impl<S: Store> Inner<S> {
    /// Asks which records changed, reads them, and saves snapshots that are due.
    fn poll(&self) {
        let shards: HashMap<TenantId, Arc<Shard>> =
            self.tenants.all().into_iter().map(|shard| (shard.id.clone(), shard)).collect();
        let known: Vec<(TenantId, Head)> =
            shards.iter().map(|(id, shard)| (id.clone(), shard.published.load().head())).collect();
        // A store that fails now is asked again; who writes gets its errors.
        for (id, _) in self.store.changed(&known).unwrap_or_default() {
            if let Some(shard) = shards.get(&id) {
                self.settle(shard);
            }
        }
        for shard in shards.values() {
            self.save_snapshot_if_due(shard);
        }
    }
}
