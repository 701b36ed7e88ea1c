//! Many tenants over one store: answers which tenant readers see, and what became of commands.
//! It takes a store, a catalog, a key ring and the time.
//! It must not know how records are stored.
//!
//! No thread waits for each tenant: who submits commands makes the calls that the tenant's
//! writer wants, also for those who submit at the same time, so that their entries become one batch.
//! One thread asks the store which records changed, for all tenants at once, and another waits for
//! its hints.

pub(crate) mod error;

mod proving;

mod waiter;

mod engine;

mod waiting;

mod anchors;

mod drive;

mod load;

mod entries;

pub(crate) mod install;

pub(crate) mod metrics;

mod poller;

mod store_clock;

mod tenants;

#[cfg(feature = "tokio")]
mod tokio_face;

pub(crate) mod pass;

use core::time::Duration;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use entitle::chrono::{DateTime, Utc};
use entitle::record::SnapshotKey;
use entitle::{Actor, Catalog, Command, KeyRing, RequestId, Tenant, TenantId};

use crate::random::{RandomError, request_id};
use crate::store::Store;
use crate::trace;
use crate::writer::{Answer, Submission, WriterSettings, WriterStatus};
use engine::Shard;
use error::{LoadError, NotReached};
use load::Missing;
use metrics::{Counters, Metrics};
use pass::Pass;
use poller::Stop;
use store_clock::StoreClock;
use tenants::Tenants;

/// How a host works, until it is [started](HostBuilder::start).
#[derive(Debug)]
#[must_use]
pub struct HostBuilder<S> {
    store: S,
    catalog: Catalog,
    ring: KeyRing,
    settings: HostSettings,
}

#[derive(Debug)]
struct HostSettings {
    writer: WriterSettings,
    patience: Duration,
    snapshot_every: u64,
    snapshot_key: Option<SnapshotKey>,
    keep: usize,
    clock_tolerance: Duration,
}

/// The tenants of a store, for a server with many of them.
///
/// Clones share everything. A tenant is loaded once, when it is first asked for, and the ones that
/// were not used for the longest time go when there are too many.
#[derive(Debug)]
pub struct Host<S: Store + 'static> {
    inner: Arc<Inner<S>>,
    poller: Arc<Poller>,
}

/// The threads that find out which records changed; they end with the last clone of the host.
#[derive(Debug)]
struct Poller {
    stop: Arc<Stop>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

#[derive(Debug)]
struct Inner<S> {
    store: S,
    catalog: Catalog,
    ring: KeyRing,
    settings: HostSettings,
    tenants: Tenants,
    store_clock: StoreClock,
    counters: Counters,
    began: Instant,
}

/// One tenant of a host. Keep the host too, whose threads read what other processes store.
#[derive(Debug)]
pub struct HostTenant<S: Store + 'static> {
    inner: Arc<Inner<S>>,
    shard: Arc<Shard>,
}

/// Whether a request may have been submitted before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attempt {
    First,
    MayBeRepeated,
}

impl<S: Store + 'static> HostBuilder<S> {
    /// Sets how many entries are stored at once, at most: 64 if not set.
    pub fn batch(mut self, entries: usize) -> Self {
        self.settings.writer.batch = entries.max(1);
        self
    }

    /// Sets how often it is asked what other processes stored: each second if not set.
    pub fn poll(mut self, every: Duration) -> Self {
        self.settings.writer.poll = every;
        self
    }

    /// Sets how long a submission waits for an answer of the store: ten seconds if not set.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.settings.patience = patience;
        self
    }

    /// Sets after how many entries a snapshot is saved: 1,000 if not set. Of a record for which that is
    /// less than an eighth of the entries, it is saved after an eighth.
    pub fn snapshot_every(mut self, entries: u64) -> Self {
        self.settings.snapshot_every = entries.max(1);
        self
    }

    /// Sets the key of snapshots: only those made with it count (X11).
    pub fn snapshot_key(mut self, key: SnapshotKey) -> Self {
        self.settings.snapshot_key = Some(key);
        self
    }

    /// Sets how many tenants are kept loaded, at most: 10,000 if not set. More are kept while more
    /// are in use at the same time.
    pub fn keep(mut self, tenants: usize) -> Self {
        self.settings.keep = tenants.max(1);
        self
    }

    /// Sets by how much the time of a submission may differ from the store's clock, if it has one: a
    /// minute if not set. A process whose clock differs by more reads and does not write.
    pub fn clock_tolerance(mut self, tolerance: Duration) -> Self {
        self.settings.clock_tolerance = tolerance;
        self
    }

    /// Starts the host, with a thread that asks which records changed.
    #[must_use]
    pub fn start(self) -> Host<S> {
        let Self { store, catalog, ring, settings } = self;
        let (tenants, began) = (Tenants::new(settings.keep), Instant::now());
        let (store_clock, counters) = (StoreClock::default(), Counters::default());
        let inner = Arc::new(Inner { store, catalog, ring, settings, tenants, store_clock, counters, began });
        let stop = Arc::new(Stop::default());
        let threads = poller::start(&inner, &stop, inner.settings.writer.poll);
        Host { inner, poller: Arc::new(Poller { stop, threads: Mutex::new(threads) }) }
    }
}

impl<S: Store + 'static> Host<S> {
    /// Returns the settings of a host, to be [started](HostBuilder::start).
    // A builder says what it is for; `new` alone would start a thread without settings.
    #[expect(clippy::new_ret_no_self, reason = "the host is started when its settings are known")]
    pub fn new(store: S, catalog: Catalog, ring: KeyRing) -> HostBuilder<S> {
        let settings = HostSettings {
            writer: WriterSettings::default(),
            patience: Duration::from_secs(10),
            snapshot_every: 1_000,
            snapshot_key: None,
            keep: 10_000,
            clock_tolerance: Duration::from_secs(60),
        };
        HostBuilder { store, catalog, ring, settings }
    }

    /// Returns a tenant, whose record was begun. The host decides which tenant this is, for example by
    /// its sign-in (L1).
    ///
    /// Asking stores nothing, so that nobody fills the store by asking for ids. `O(1)` for a tenant
    /// that is loaded; otherwise `O(n)` in the entries after its snapshot.
    ///
    /// # Errors
    ///
    /// [`LoadError::UnknownTenant`] if no record was begun, and the others for a store that fails and
    /// for a record that cannot be read.
    pub fn tenant(&self, id: &TenantId) -> Result<HostTenant<S>, LoadError> {
        self.tenant_or(id, Missing::IsUnknown)
    }

    /// Returns a tenant, whose record is begun if there is none: for a customer who is new.
    ///
    /// # Errors
    ///
    /// [`LoadError`] as for [`tenant`](Host::tenant).
    pub fn begin(&self, id: &TenantId) -> Result<HostTenant<S>, LoadError> {
        self.tenant_or(id, Missing::IsBegun)
    }

    fn tenant_or(&self, id: &TenantId, missing: Missing) -> Result<HostTenant<S>, LoadError> {
        let shard = self.inner.tenants.get_or_load(id, || {
            let _span = trace::call("load", Some(id));
            let loaded = self.inner.load(id, missing);
            trace::loaded(match &loaded {
                Ok(shard) => Ok(shard.published.load().position()),
                Err(error) => Err((error.code(), error)),
            });
            loaded
        })?;
        Ok(HostTenant { inner: Arc::clone(&self.inner), shard })
    }

    /// Returns a tenant as readers see it now, for handlers that only check: as
    /// [`tenant`](Host::tenant) and [`now`](HostTenant::now), for a tenth of a microsecond.
    ///
    /// # Errors
    ///
    /// [`LoadError`] as for [`tenant`](Host::tenant).
    pub fn now(&self, id: &TenantId) -> Result<Arc<Tenant>, LoadError> {
        match self.inner.tenants.with(id.as_str(), |shard| shard.published.load_full()) {
            Some(tenant) => Ok(tenant),
            None => self.tenant(id).map(|tenant| tenant.now()),
        }
    }

    /// Returns a tenant as readers see it now, by the text of its id, which a request has: as
    /// [`now`](Host::now), without making an id of it if the tenant is loaded.
    ///
    /// # Errors
    ///
    /// [`LoadError::NotAnId`] for a text that is no id, and the others as for
    /// [`tenant`](Host::tenant).
    pub fn now_of(&self, id: &str) -> Result<Arc<Tenant>, LoadError> {
        match self.inner.tenants.with(id, |shard| shard.published.load_full()) {
            Some(tenant) => Ok(tenant),
            None => self.tenant(&id.parse()?).map(|tenant| tenant.now()),
        }
    }

    /// Returns how many tenants are loaded.
    #[must_use]
    pub fn loaded(&self) -> usize {
        self.inner.tenants.len()
    }

    /// Returns counts of what the host did since it was started.
    #[must_use]
    pub fn metrics(&self) -> Metrics {
        self.inner.counters.metrics(self.loaded())
    }

    /// Returns the store.
    #[must_use]
    pub fn store(&self) -> &S {
        &self.inner.store
    }
}

impl<S: Store + 'static> HostTenant<S> {
    /// Returns the tenant as readers see it now. It takes no lock, and costs a few nanoseconds: ask
    /// for it at each request.
    #[must_use]
    pub fn now(&self) -> Arc<Tenant> {
        self.shard.published.load_full()
    }

    /// Returns whether commands are stored, or why not. A tenant whose store has forked, or to which
    /// a newer release wrote, goes on answering with what it has.
    #[must_use]
    pub fn status(&self) -> WriterStatus {
        self.shard.engine().writer.status().clone()
    }

    /// Checks whether a user may use an app, and returns a proof that can be kept and sent to another
    /// thread: who may, of which tenant at which position, and until when.
    ///
    /// # Errors
    ///
    /// The explanation of the denial.
    pub fn pass(
        &self,
        user: &entitle::UserId,
        app: &entitle::App,
        now: DateTime<Utc>,
    ) -> Result<Pass, entitle::DenialExplanation> {
        Pass::check(&self.now(), user, app, now)
    }

    /// Records commands: all of them, or none.
    ///
    /// What this thread reads from the tenant afterwards contains them. Commands that are submitted
    /// at the same time are stored together.
    ///
    /// # Errors
    ///
    /// [`RandomError`] if the operating system has no random bytes for the id of the request.
    pub fn submit(&self, actor: Actor, commands: Vec<Command>, now: DateTime<Utc>) -> Result<Answer, RandomError> {
        Ok(self.submit_request(actor, commands, request_id()?, Attempt::First, now))
    }

    /// Records the time if that is due ([`Tenant::is_time_record_due`]), so that what has ended stays so if
    /// the clock is set back (X6): `None` if it is not. The host never does it by itself, since it knows no
    /// time but that of the store. Call it now and then, such as at the first request of a minute, where
    /// customers have the machine; `actor` needs the role [`Host`](entitle::Role::Host).
    ///
    /// # Errors
    ///
    /// [`RandomError`] as for [`submit`](HostTenant::submit).
    pub fn record_time(&self, actor: Actor, now: DateTime<Utc>) -> Result<Option<Answer>, RandomError> {
        if !self.now().is_time_record_due(now) {
            return Ok(None);
        }
        self.submit(actor, vec![Command::RecordTime], now).map(Some)
    }

    /// Records commands under the id of a request that may have been stored before, by another
    /// process or before a restart: for handlers whose clients repeat requests. The store is asked
    /// first.
    #[must_use]
    pub fn submit_once(&self, actor: Actor, commands: Vec<Command>, request: RequestId, now: DateTime<Utc>) -> Answer {
        self.submit_request(actor, commands, request, Attempt::MayBeRepeated, now)
    }

    fn submit_request(
        &self,
        actor: Actor,
        commands: Vec<Command>,
        request: RequestId,
        attempt: Attempt,
        now: DateTime<Utc>,
    ) -> Answer {
        if let Err(why) = self.inner.compare_clocks(now) {
            return Answer::NotStored(why);
        }
        let deadline = self.inner.began.elapsed().saturating_add(self.inner.settings.patience);
        let is_repeated = attempt == Attempt::MayBeRepeated;
        self.inner.submit(&self.shard, Submission { actor, commands, request, deadline, is_repeated }, now)
    }

    /// Waits until readers see an entry, and returns the tenant with it: for a process that reads
    /// what another has acknowledged.
    ///
    /// # Errors
    ///
    /// [`NotReached`] if that takes longer than `timeout`, and at once for a tenant that
    /// [stopped](HostTenant::status).
    pub fn at_least(&self, number: u64, timeout: Duration) -> Result<Arc<Tenant>, NotReached> {
        self.inner.at_least(&self.shard, number, timeout)
    }
}

impl<S: Store + 'static> Clone for Host<S> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), poller: Arc::clone(&self.poller) }
    }
}

impl<S: Store + 'static> Clone for HostTenant<S> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), shard: Arc::clone(&self.shard) }
    }
}

impl Drop for Poller {
    fn drop(&mut self) {
        self.stop.set();
        let threads = core::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            // A panic of the thread was reported where it happened.
            _ = thread.join();
        }
    }
}
