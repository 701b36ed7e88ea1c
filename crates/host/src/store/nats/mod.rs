//! Records in a stream of NATS JetStream.

mod subject;

mod failure;

mod credentials;

mod barrier;

mod index;

mod settings;

mod log;

mod many;

mod snapshots;

mod connection;

mod listener;

mod options;

mod reading;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use arc_swap::ArcSwap;
use bytes::Bytes;
use entitle::chrono::{DateTime, Utc};
use entitle::record::{Beginning, Head};
use entitle::{Entry, RequestId, TenantId};

use super::runtime::Runtime;
use super::{Appended, Change, Cursor, Hints, Page, Position, Store, StoreError, page_of};
use barrier::Barrier;
use connection::Connection;
use failure::{Published, unavailable};
use index::Index;
use listener::Listener;
use log::{Log, headers};
pub use options::NatsOptions;
use reading::locked;

/// Records in a stream of NATS JetStream, for servers on several machines that stay available when
/// one of them fails. It needs NATS 2.11 or later, and was tried with 2.15.
///
/// A batch is one message, under a subject of its tenant, and is stored only after the message that
/// was the last of the subject when it was decided. A server that was paused or cut off does not know
/// that another leads the stream, and answers reads from an older state; what was read counts as the
/// whole record only from a server that has a message which a majority stored after the reading began,
/// under the subject `%` of the stream, where it goes after a second. It keeps in memory where the
/// entries of each record that was used are: some 80 bytes an entry, read from the beginning at the
/// first use of a record. A message has to fit into the servers' `max_payload`: set it to `8MB` where
/// large documents are installed. Connections have no TLS: use a network of your own. A server that was
/// paused or cut off keeps its connections, too: once it, or the stream by it, has returned nothing for some
/// seconds, another of the cluster is used, and what was under way is answered as unknown.
#[derive(Debug)]
pub struct NatsStore {
    connection: Arc<ArcSwap<Connection>>,
    /// The name of this store in its messages.
    sender: String,
    indexes: Mutex<HashMap<TenantId, Slot>>,
    barrier: Barrier,
    runtime: Arc<Runtime>,
}

/// The index of a record once it was read; `None` if there was no record.
type Slot = Arc<Mutex<Option<Index>>>;

impl NatsStore {
    /// Connects to servers with the stream `entitle` on three of them; see
    /// [`NatsOptions::connect`].
    ///
    /// # Errors
    ///
    /// As [`NatsOptions::connect`].
    pub fn connect(servers: &str) -> Result<Self, StoreError> {
        NatsOptions::new().connect(servers)
    }

    fn records(&self) -> Log {
        self.connection.load().records.clone()
    }

    fn publish(&self, tenant: &TenantId, payload: String, last: Head, expected: u64) -> Published {
        let (log, subject) = (self.records(), self.subject(tenant));
        let headers = headers(&last.hash().to_string(), last.number(), &self.sender);
        let published = async move { log.publish(subject, Bytes::from(payload), headers, Some(expected)).await };
        self.runtime.call(published).unwrap_or_else(Published::Unknown)
    }

    /// Returns why entries cannot be stored after a head; `None` if they can, as far as is known.
    fn obstacle(
        &self,
        tenant: &TenantId,
        index: &mut Option<Index>,
        after: Head,
        entries: &[Entry],
    ) -> Result<Option<Appended>, StoreError> {
        match obstacle(index.as_ref(), after, entries) {
            // A server that is behind has less than the record.
            Some(Appended::Forked) => {
                self.confirm(tenant, index)?;
                Ok(obstacle(index.as_ref(), after, entries))
            }
            found => Ok(found),
        }
    }

    /// Returns what became of entries whose message the servers refused since another is the last of
    /// its subject, or is just being stored.
    fn after_conflict(
        &self,
        tenant: &TenantId,
        index: &mut Option<Index>,
        after: Head,
        entries: &[Entry],
    ) -> Result<Appended, StoreError> {
        self.look(tenant, index)?;
        if let Some(obstacle) = self.obstacle(tenant, index, after, entries)? {
            return Ok(obstacle);
        }
        // The other one is stored before the barrier, or never.
        self.confirm(tenant, index)?;
        let vanished = || Appended::NotStored(unavailable("another message was in the way, and is gone"));
        Ok(obstacle(index.as_ref(), after, entries).unwrap_or_else(vanished))
    }
}

/// Returns why entries cannot be stored after a head; `None` if they can.
fn obstacle(index: Option<&Index>, after: Head, entries: &[Entry]) -> Option<Appended> {
    let Some(index) = index.filter(|index| index.contains(after)) else { return Some(Appended::Forked) };
    let stored = entries.iter().map(Entry::request).find(|request| index.find(*request).is_some());
    if let Some(request) = stored {
        return Some(Appended::AlreadyStored(request));
    }
    if index.head() != after {
        return Some(Appended::Conflict);
    }
    index.damage.clone().map(|damage| Appended::NotStored(damage.into()))
}

impl Store for NatsStore {
    fn begin(&self, beginning: &Beginning) -> Result<Beginning, StoreError> {
        let tenant = beginning.tenant();
        let slot = self.slot(tenant);
        let mut index = locked(&slot);
        self.look(tenant, &mut index)?;
        if index.is_none() {
            match self.publish(tenant, beginning.text().to_string(), beginning.head(), 0) {
                Published::Stored(sequence) => *index = Some(Index::new(beginning.clone(), sequence)),
                Published::Conflict | Published::Duplicate => drop(self.confirm(tenant, &mut index)?),
                Published::NotStored(error) | Published::Unknown(error) => return Err(error),
            }
        }
        let missing = || unavailable(format!("the record of `{tenant}` is being begun"));
        index.as_ref().map(|index| index.beginning.clone()).ok_or_else(missing)
    }

    fn beginning(&self, tenant: &TenantId) -> Result<Option<Beginning>, StoreError> {
        let slot = self.slot(tenant);
        let mut index = locked(&slot);
        self.confirm(tenant, &mut index)?;
        Ok(index.as_ref().map(|index| index.beginning.clone()))
    }

    fn tenants(&self, after: Option<&TenantId>, max: usize) -> Result<Vec<TenantId>, StoreError> {
        let log = self.records();
        let barrier = self.barrier.pass(|| self.runtime.call(async move { log.pass().await })?)?;
        let log = self.records();
        let parts = self.runtime.call(async move { log.parts(barrier).await })??;
        Ok(page_of(parts.iter().filter_map(|part| subject::decode(part)).collect(), after, max))
    }

    fn read(&self, tenant: &TenantId, after: Position, max: usize) -> Result<Page, StoreError> {
        let slot = self.slot(tenant);
        let mut index = locked(&slot);
        let is_known = index.as_ref().is_some_and(|index| index.has_more_after(after.head, max));
        let fresh = if is_known { Vec::new() } else { self.confirm(tenant, &mut index)? };
        match index.as_ref().filter(|index| index.contains(after.head)) {
            Some(index) => self.page(index, fresh, after, max),
            None => Ok(Page::Forked),
        }
    }

    fn append(&self, tenant: &TenantId, after: Position, entries: &[Entry]) -> Appended {
        let Some(last) = entries.last().map(Entry::head) else { return Appended::Stored(after.cursor) };
        let slot = self.slot(tenant);
        let mut index = locked(&slot);
        // Whether the index is up to date is what the servers decide.
        if index.as_ref().is_none_or(|index| index.head() != after.head) {
            if let Err(error) = self.look(tenant, &mut index) {
                return Appended::NotStored(error);
            }
        }
        match self.obstacle(tenant, &mut index, after.head, entries) {
            Ok(None) => {}
            Ok(Some(obstacle)) => return obstacle,
            Err(error) => return Appended::NotStored(error),
        }
        let Some(known) = index.as_mut() else { return Appended::Forked };
        let lines: Vec<&str> = entries.iter().map(Entry::text).collect();
        match self.publish(tenant, lines.join("\n"), last, known.sequence) {
            Published::Stored(sequence) => {
                known.add(sequence, entries);
                Appended::Stored(Cursor(sequence))
            }
            Published::NotStored(error) => Appended::NotStored(error),
            Published::Unknown(error) => Appended::Unknown(error),
            Published::Duplicate => match self.confirm(tenant, &mut index) {
                Ok(_) => match index.as_ref().filter(|index| index.contains(last)) {
                    Some(index) => Appended::Stored(Cursor(index.cursor(last))),
                    None => Appended::Unknown(unavailable("the message is being stored")),
                },
                Err(error) => Appended::Unknown(error),
            },
            Published::Conflict => {
                self.after_conflict(tenant, &mut index, after.head, entries).unwrap_or_else(Appended::Unknown)
            }
        }
    }

    fn find(&self, tenant: &TenantId, request: RequestId) -> Result<Option<u64>, StoreError> {
        let slot = self.slot(tenant);
        let mut index = locked(&slot);
        self.confirm(tenant, &mut index)?;
        Ok(index.as_ref().and_then(|index| index.find(request)))
    }

    fn changed(&self, known: &[(TenantId, Head)]) -> Result<Vec<(TenantId, Change)>, StoreError> {
        let (log, subjects) = (self.records(), known.iter().map(|(tenant, _)| self.subject(tenant)).collect());
        let last = self.runtime.call(async move { log.last_of(subjects).await })?;
        if let Some(error) = last.iter().all(Result::is_err).then(|| last.first()).flatten() {
            return error.as_ref().map(|_| Vec::new()).map_err(Clone::clone);
        }
        let mut changed = Vec::new();
        for ((tenant, head), last) in known.iter().zip(last) {
            let is_last = last.is_ok_and(|last| last.is_some_and(|last| last.id == head.hash().to_string()));
            if !is_last {
                changed.extend(self.change(tenant, *head).map(|change| (tenant.clone(), change)));
            }
        }
        Ok(changed)
    }

    fn load_snapshot(&self, tenant: &TenantId) -> Result<Option<Vec<u8>>, StoreError> {
        let (log, part) = (self.connection.load().snapshots.clone(), subject::encode(tenant));
        self.runtime.call(async move { snapshots::load(&log, &part).await })?
    }

    fn save_snapshot(&self, tenant: &TenantId, head: Head, snapshot: &[u8]) -> Result<(), StoreError> {
        let (log, part, snapshot) =
            (self.connection.load().snapshots.clone(), subject::encode(tenant), snapshot.to_vec());
        self.runtime.call(async move { snapshots::save(&log, &part, head, &snapshot).await })?
    }

    fn hints(&self) -> Option<Box<dyn Hints>> {
        let subject = settings::stored_subject(self.records().name());
        Some(Box::new(Listener::new(
            Arc::clone(&self.runtime),
            Arc::clone(&self.connection),
            subject,
            self.sender.clone(),
        )))
    }

    fn clock(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let log = self.records();
        self.runtime.call(async move { log.clock().await })?
    }
}
