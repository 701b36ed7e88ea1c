//! The threads that find out which records changed: one polls, and one waits for hints.

use core::time::Duration;
use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use entitle::TenantId;

use super::Inner;
use super::engine::Shard;
use crate::store::{Hint, Hints, Store};
use crate::trace;

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

/// Starts the threads, which end when they are stopped or the host is gone.
pub(super) fn start<S: Store + 'static>(
    host: &Arc<Inner<S>>,
    stop: &Arc<Stop>,
    every: Duration,
) -> Vec<JoinHandle<()>> {
    let (polled, stopped) = (Arc::downgrade(host), Arc::clone(stop));
    let mut threads = vec![thread::spawn(move || poll(&polled, &stopped, every))];
    if let Some(hints) = host.store.hints() {
        let (hinted, stopped) = (Arc::downgrade(host), Arc::clone(stop));
        threads.push(thread::spawn(move || take_hints(&hinted, &stopped, hints)));
    }
    threads
}

fn poll<S: Store>(host: &Weak<Inner<S>>, stop: &Stop, every: Duration) {
    while !stop.wait(every) {
        let Some(host) = host.upgrade() else { return };
        host.ask_for_time();
        host.read_changes();
        for (id, _) in host.tenants.heads() {
            let Some(shard) = host.tenants.loaded(&id) else { continue };
            // Also what those who waited left.
            host.go_on(&shard);
            host.prove_missing(&shard);
            host.save_snapshot_if_due(&shard);
        }
    }
}

/// How long a hint is waited for, and how long it is before a store that failed is asked again.
const HINT_WAIT: Duration = Duration::from_millis(100);

fn take_hints<S: Store>(host: &Weak<Inner<S>>, stop: &Stop, mut hints: Box<dyn Hints>) {
    // What was left to those who waited.
    let mut left: HashMap<TenantId, Arc<Shard>> = HashMap::new();
    while !stop.wait(Duration::ZERO) {
        let hint = hints.wait(HINT_WAIT);
        let Some(host) = host.upgrade() else { return };
        left.retain(|_, shard| !host.go_on(shard));
        match hint {
            Ok(Hint::Nothing) => {}
            Ok(Hint::Records(records)) => {
                for (tenant, number) in records {
                    // Most hints are about what this process wrote itself.
                    let shard = host.tenants.loaded(&tenant);
                    if let Some(shard) = shard.filter(|shard| shard.published.load().position() < number) {
                        if !host.settle(&shard) {
                            left.insert(tenant, shard);
                        }
                    }
                }
            }
            Ok(Hint::Some) => {
                let began = Instant::now();
                left.extend(host.read_changes());
                // All records are compared, which is to take a small part of the time.
                _ = stop.wait(began.elapsed().saturating_mul(9).min(HINT_WAIT));
            }
            Err(_) => _ = stop.wait(HINT_WAIT),
        }
    }
}

impl<S: Store> Inner<S> {
    /// Asks which records changed, and reads them. Returns those whose reading is left to who waits.
    fn read_changes(&self) -> HashMap<TenantId, Arc<Shard>> {
        let mut left = HashMap::new();
        let known = self.tenants.heads();
        let changed = {
            let _span = trace::call("changed", None);
            let changed = self.store.changed(&known);
            trace::failed(&changed);
            changed
        };
        self.counters.found(&changed);
        // A store that fails now is asked again; who writes gets its errors.
        for (id, _) in changed.unwrap_or_default() {
            if let Some(shard) = self.tenants.loaded(&id) {
                if !self.settle(&shard) {
                    left.insert(id, shard);
                }
            }
        }
        left
    }
}
