//! A store that several hosts share and that fails as it is set to.

use core::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use core::time::Duration;
use std::sync::Arc;

use entitle::chrono::{DateTime, TimeDelta, Utc};
use entitle::record::{Beginning, Head};
use entitle::{Command, Entry, RequestId, TenantId};
use entitle_host::store::{Appended, Change, MemoryStore, Page, Position, Store, StoreError};
use entitle_host::{Host, HostBuilder, clock};

use crate::support::{catalog, ring};

/// A store that several hosts share.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shared(pub(crate) Arc<MemoryStore>, pub(crate) Arc<Faults>);

/// How many of the next appends fail, and how.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    pub(crate) not_stored: AtomicU32,
    pub(crate) answers_lost: AtomicU32,
    /// Appends in which the store panics, before it stores anything.
    pub(crate) panics: AtomicU32,
    /// Appends that take two seconds.
    pub(crate) hangs: AtomicU32,
    pub(crate) not_compared: AtomicU32,
    /// How often it was asked for a request.
    pub(crate) finds: AtomicU32,
    /// The number of entries that were read.
    pub(crate) read: AtomicU32,
    /// By how many seconds its clock differs from this machine's; it has none while this is 0.
    pub(crate) clock: AtomicI64,
    /// How often it was asked for its time, and how many of the next answers are errors.
    pub(crate) clock_asked: AtomicU32,
    pub(crate) clock_not_read: AtomicU32,
    pub(crate) not_saved: AtomicU32,
    /// Readings from the beginning of a record, as for a proof.
    pub(crate) not_read: AtomicU32,
}

fn takes_one(of: &AtomicU32) -> bool {
    of.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
}

pub(crate) fn broken() -> StoreError {
    StoreError::Unavailable { detail: "broken".to_string() }
}

impl Store for Shared {
    fn begin(&self, beginning: &Beginning) -> Result<Beginning, StoreError> {
        self.0.begin(beginning)
    }

    fn beginning(&self, tenant: &TenantId) -> Result<Option<Beginning>, StoreError> {
        self.0.beginning(tenant)
    }

    fn tenants(&self, after: Option<&TenantId>, max: usize) -> Result<Vec<TenantId>, StoreError> {
        self.0.tenants(after, max)
    }

    fn read(&self, tenant: &TenantId, after: Position, max: usize) -> Result<Page, StoreError> {
        if after.head.number() == 0 && takes_one(&self.1.not_read) {
            return Err(broken());
        }
        let page = self.0.read(tenant, after, max);
        if let Ok(Page::Entries { entries, .. }) = &page {
            self.1.read.fetch_add(u32::try_from(entries.len()).unwrap(), Ordering::Relaxed);
        }
        page
    }

    fn append(&self, tenant: &TenantId, after: Position, entries: &[Entry]) -> Appended {
        assert!(!takes_one(&self.1.panics), "planted");
        if takes_one(&self.1.hangs) {
            std::thread::sleep(Duration::from_secs(2));
        }
        if takes_one(&self.1.not_stored) {
            return Appended::NotStored(broken());
        }
        let appended = self.0.append(tenant, after, entries);
        if takes_one(&self.1.answers_lost) { Appended::Unknown(broken()) } else { appended }
    }

    fn find(&self, tenant: &TenantId, request: RequestId) -> Result<Option<u64>, StoreError> {
        self.1.finds.fetch_add(1, Ordering::Relaxed);
        self.0.find(tenant, request)
    }

    fn clock(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.1.clock_asked.fetch_add(1, Ordering::Relaxed);
        if takes_one(&self.1.clock_not_read) {
            return Err(broken());
        }
        let differs = self.1.clock.load(Ordering::Relaxed);
        Ok((differs != 0).then(|| clock::now() + TimeDelta::seconds(differs)))
    }

    fn changed(&self, known: &[(TenantId, Head)]) -> Result<Vec<(TenantId, Change)>, StoreError> {
        if takes_one(&self.1.not_compared) { Err(broken()) } else { self.0.changed(known) }
    }

    fn load_snapshot(&self, tenant: &TenantId) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.load_snapshot(tenant)
    }

    fn save_snapshot(&self, tenant: &TenantId, head: Head, snapshot: &[u8]) -> Result<(), StoreError> {
        if takes_one(&self.1.not_saved) { Err(broken()) } else { self.0.save_snapshot(tenant, head, snapshot) }
    }
}

pub(crate) fn settings<S: Store + 'static>(store: S) -> HostBuilder<S> {
    Host::new(store, catalog(), ring()).poll(Duration::from_millis(20))
}

pub(crate) fn id() -> TenantId {
    "contoso".parse().unwrap()
}

pub(crate) fn assign(user: &str) -> Vec<Command> {
    vec![Command::assign(user.parse().unwrap(), "pro".parse().unwrap())]
}
