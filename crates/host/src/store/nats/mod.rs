//! Records in a stream of NATS JetStream.

mod subject;

mod runtime;

mod failure;

mod index;

mod log;

mod snapshots;

mod listener;

use core::time::Duration;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_nats::jetstream::ContextBuilder;
use async_nats::{Client, ConnectOptions};
use bytes::Bytes;
use entitle::chrono::{DateTime, Utc};
use entitle::record::{Beginning, Head};
use entitle::{Entry, RequestId, TenantId};

use super::{Appended, Change, Cursor, Hints, Page, Position, Store, StoreError};
use failure::{Published, of_connecting, unavailable, without_jetstream};
use index::{Damage, Index};
use listener::Listener;
use log::{Log, Stored, headers};
use runtime::Runtime;

/// How long a call waits for a connection, or an answer.
const WAIT: Duration = Duration::from_secs(5);

/// How many messages are read at a time.
const MESSAGES: usize = 256;

/// How many entries that were just read are kept for the page that is being read.
const FRESH: usize = 1_000;

/// How a store in NATS is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NatsOptions {
    stream: String,
    replicas: usize,
}

impl Default for NatsOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl NatsOptions {
    /// Returns the options of a stream `entitle` on three servers.
    #[must_use]
    pub fn new() -> Self {
        Self { stream: "entitle".to_string(), replicas: 3 }
    }

    /// Sets the name of the stream, of letters, digits, `-` and `_`. Its subjects begin with it.
    #[must_use]
    pub fn stream(self, name: impl Into<String>) -> Self {
        Self { stream: name.into(), ..self }
    }

    /// Sets on how many servers each entry is: 1, 3 or 5. Counts where the stream is made.
    #[must_use]
    pub const fn replicas(mut self, replicas: usize) -> Self {
        self.replicas = replicas;
        self
    }

    /// Connects to servers, such as `nats://one:4222,nats://two:4222,nats://three:4222`, and makes
    /// the streams if there are none.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if no server answers; [`StoreError::Unsuitable`] for servers
    /// without JetStream, for fewer servers than replicas, and for a stream whose settings were
    /// changed; [`StoreError::OtherApplication`] for a stream of another application;
    /// [`StoreError::NewerSchema`] for one of a newer release; [`StoreError::Failed`] for addresses
    /// and names that are none, and if the servers refuse the user.
    pub fn connect(&self, servers: &str) -> Result<NatsStore, StoreError> {
        let runtime = Runtime::start()?;
        let servers: Vec<String> = servers.split(',').map(|server| server.trim().to_string()).collect();
        let options = self.clone();
        let (client, records, snapshots) = runtime.wait(async move { options.open(servers).await })??;
        Ok(NatsStore { records, snapshots, client, indexes: Mutex::default(), runtime: Arc::new(runtime) })
    }

    async fn open(self, servers: Vec<String>) -> Result<(Client, Log, Log), StoreError> {
        let settings = ConnectOptions::new().name("entitle").connection_timeout(WAIT).request_timeout(Some(WAIT));
        // A server that is gone is noticed though it says nothing, and another is tried at once.
        let settings = settings.ping_interval(WAIT).reconnect_delay_callback(|attempts| {
            Duration::from_millis(50).saturating_mul(u32::try_from(attempts).unwrap_or(u32::MAX)).min(WAIT)
        });
        let client = settings.connect(servers).await.map_err(|error| of_connecting(&error))?;
        if !client.server_info().jetstream {
            return Err(without_jetstream());
        }
        let context = ContextBuilder::new().timeout(WAIT).build(client.clone());
        let records = Log::open(context.clone(), log::records(&self.stream, self.replicas)).await?;
        let snapshots = Log::open(context, log::snapshots(&self.stream, self.replicas)).await?;
        Ok((client, records, snapshots))
    }
}

/// Records in a stream of NATS JetStream, for servers on several machines that stay available when
/// one of them fails. It was tried with NATS 2.15.
///
/// A batch is one message, under a subject of its tenant, and is stored only after the message that
/// was the last of the subject when it was decided. Reads are answered by the leader. It keeps in
/// memory where the entries of each record that was used are: some 80 bytes an entry, read from the
/// beginning at the first use of a record. A message has to fit into the servers' `max_payload`: set
/// it to `8MB` where large documents are installed. After a backup of the stream was restored, start
/// the processes again. Connections have no TLS: use a network of your own.
#[derive(Debug)]
pub struct NatsStore {
    records: Log,
    snapshots: Log,
    client: Client,
    indexes: Mutex<HashMap<TenantId, Slot>>,
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

    fn slot(&self, tenant: &TenantId) -> Slot {
        let mut indexes = self.indexes.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(indexes.entry(tenant.clone()).or_default())
    }

    fn subject(&self, tenant: &TenantId) -> String {
        format!("{}.{}", self.records.name(), subject::encode(tenant))
    }

    /// Does something with the record of a tenant as it is now, and the entries that were just read;
    /// `None` if there is no record.
    fn with<T>(
        &self,
        tenant: &TenantId,
        act: impl FnOnce(&Index, Vec<Entry>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let slot = self.slot(tenant);
        let mut index = slot.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = self.refresh(tenant, &mut index)?;
        index.as_ref().map(|index| act(index, fresh)).transpose()
    }

    /// Reads what is stored after what is known. Returns the entries that were read, if they are few.
    fn refresh(&self, tenant: &TenantId, index: &mut Option<Index>) -> Result<Vec<Entry>, StoreError> {
        let subject = self.subject(tenant);
        let last = {
            let (log, subject) = (self.records.clone(), subject.clone());
            self.runtime.wait(async move { log.last(&subject).await })??
        };
        let Some(last) = last else {
            *index = None;
            return Ok(Vec::new());
        };
        let is_known = |index: &Index| {
            let is_last = index.sequence == last.sequence && last.id == index.head().hash().to_string();
            is_last || index.damage.is_some() && index.sequence <= last.sequence
        };
        if index.as_ref().is_some_and(is_known) {
            return Ok(Vec::new());
        }
        if let Some(known) = index.as_mut().filter(|known| known.sequence < last.sequence) {
            let fresh = if continues(known, &last) {
                known.read(last.sequence, &last.payload)
            } else {
                self.catch_up(&subject, known)?
            };
            if known.damage.is_none() && known.sequence >= last.sequence {
                return Ok(fresh);
            }
        }
        // Nothing is known yet; or another stream is there than was read, from a backup for example.
        *index = self.first(&subject)?;
        index.as_mut().map_or(Ok(Vec::new()), |index| self.catch_up(&subject, index))
    }

    /// Returns the index of a record of which only the first message is read.
    fn first(&self, subject: &str) -> Result<Option<Index>, StoreError> {
        let first = self.messages(subject, 0, 1)?;
        let Some(first) = first.first() else { return Ok(None) };
        let text = core::str::from_utf8(&first.payload).unwrap_or_default();
        let beginning = Beginning::read(text)
            .map_err(|error| StoreError::OtherApplication { detail: format!("a message of `{subject}`: {error}") })?;
        Ok(Some(Index::new(beginning, first.sequence)))
    }

    fn catch_up(&self, subject: &str, index: &mut Index) -> Result<Vec<Entry>, StoreError> {
        let mut fresh = Vec::new();
        while index.damage.is_none() {
            let messages = self.messages(subject, index.sequence.saturating_add(1), MESSAGES)?;
            for message in &messages {
                if index.damage.is_none() {
                    fresh.extend(index.read(message.sequence, &message.payload));
                }
            }
            if fresh.len() > FRESH {
                fresh.clear();
            }
            if messages.len() < MESSAGES {
                break;
            }
        }
        // Those that were dropped precede those that are left.
        Ok(fresh)
    }

    fn messages(&self, subject: &str, first: u64, max: usize) -> Result<Vec<Stored>, StoreError> {
        let (log, subject) = (self.records.clone(), subject.to_string());
        self.runtime.wait(async move { log.from(&subject, first, max).await })?
    }

    fn publish(&self, tenant: &TenantId, payload: String, last: Head, expected: u64) -> Published {
        let (log, subject) = (self.records.clone(), self.subject(tenant));
        let headers = headers(&last.hash().to_string(), last.number());
        let published = async move { log.publish(subject, Bytes::from(payload), headers, Some(expected)).await };
        self.runtime.wait(published).unwrap_or_else(Published::Unknown)
    }
}

/// Returns whether a message is the next of a record.
fn continues(index: &Index, message: &Stored) -> bool {
    let line = core::str::from_utf8(&message.payload).ok().and_then(|text| text.lines().next());
    let entry = line.and_then(|line| Entry::read(line).ok());
    entry.is_some_and(|entry| index.head().continued_by(&entry).is_ok())
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
        let mut index = slot.lock().unwrap_or_else(PoisonError::into_inner);
        self.refresh(tenant, &mut index)?;
        if index.is_none() {
            match self.publish(tenant, beginning.text().to_string(), beginning.head(), 0) {
                Published::Stored(sequence) => *index = Some(Index::new(beginning.clone(), sequence)),
                Published::Conflict | Published::Duplicate => drop(self.refresh(tenant, &mut index)?),
                Published::NotStored(error) | Published::Unknown(error) => return Err(error),
            }
        }
        let missing = || unavailable(format!("the record of `{tenant}` is being begun"));
        index.as_ref().map(|index| index.beginning.clone()).ok_or_else(missing)
    }

    fn read(&self, tenant: &TenantId, after: Position, max: usize) -> Result<Page, StoreError> {
        let page = self.with(tenant, |index, fresh| {
            if !index.contains(after.head) {
                return Ok(Page::Forked);
            }
            match index.damage.clone() {
                Some(Damage::Entry(error)) if index.head() == after.head => {
                    return Ok(Page::Unreadable { number: after.head.number().saturating_add(1), error });
                }
                Some(damage) if index.head() == after.head => return Err(damage.into()),
                _ => {}
            }
            let is_next = |entry: &Entry| entry.number() > after.head.number();
            let next = after.head.number().saturating_add(1);
            let mut entries: Vec<Entry> = if fresh.first().is_some_and(|first| first.number() <= next) {
                fresh.into_iter().filter(is_next).take(max).collect()
            } else {
                let (log, sequences) = (self.records.clone(), index.messages_after(after.head, max));
                let messages = self.runtime.wait(async move { log.get(sequences).await })??;
                let texts = messages.iter().filter_map(|message| core::str::from_utf8(&message.payload).ok());
                // They were read when they were indexed; one that was not ends the page.
                texts.flat_map(str::lines).map_while(|line| Entry::read(line).ok()).filter(is_next).take(max).collect()
            };
            entries.retain(|entry| index.contains(entry.head()));
            let head = entries.last().map_or(after.head, Entry::head);
            let position = Position { head, cursor: Cursor(index.cursor(head)) };
            Ok(Page::Entries { entries, position, has_more: head != index.head() || index.damage.is_some() })
        });
        Ok(page?.unwrap_or(Page::Forked))
    }

    fn append(&self, tenant: &TenantId, after: Position, entries: &[Entry]) -> Appended {
        let Some(last) = entries.last().map(Entry::head) else { return Appended::Stored(after.cursor) };
        let slot = self.slot(tenant);
        let mut index = slot.lock().unwrap_or_else(PoisonError::into_inner);
        // Whether the index is up to date is what the servers decide.
        if index.as_ref().is_none_or(|index| index.head() != after.head) {
            if let Err(error) = self.refresh(tenant, &mut index) {
                return Appended::NotStored(error);
            }
        }
        if let Some(obstacle) = obstacle(index.as_ref(), after.head, entries) {
            return obstacle;
        }
        let Some(known) = index.as_mut() else { return Appended::Forked };
        let lines: Vec<&str> = entries.iter().map(Entry::text).collect();
        let published = self.publish(tenant, lines.join("\n"), last, known.sequence);
        match published {
            Published::Stored(sequence) => {
                known.add(sequence, entries);
                Appended::Stored(Cursor(sequence))
            }
            Published::NotStored(error) => Appended::NotStored(error),
            Published::Unknown(error) => Appended::Unknown(error),
            Published::Duplicate => match self.refresh(tenant, &mut index) {
                Ok(_) => match index.as_ref().filter(|index| index.contains(last)) {
                    Some(index) => Appended::Stored(Cursor(index.cursor(last))),
                    None => Appended::Unknown(unavailable("the message is being stored")),
                },
                Err(error) => Appended::Unknown(error),
            },
            // What is in conflict may be this very message, sent twice by a client that reconnected, of
            // which the first is being stored: only a record that goes on settles it.
            Published::Conflict => match self.refresh(tenant, &mut index) {
                Ok(_) => obstacle(index.as_ref(), after.head, entries)
                    .unwrap_or_else(|| Appended::Unknown(unavailable("another message is being stored"))),
                Err(error) => Appended::Unknown(error),
            },
        }
    }

    fn find(&self, tenant: &TenantId, request: RequestId) -> Result<Option<u64>, StoreError> {
        Ok(self.with(tenant, |index, _| Ok(index.find(request)))?.flatten())
    }

    fn changed(&self, known: &[(TenantId, Head)]) -> Result<Vec<(TenantId, Change)>, StoreError> {
        let (log, subjects) = (self.records.clone(), known.iter().map(|(tenant, _)| self.subject(tenant)).collect());
        let last = self.runtime.wait(async move { log.last_of(subjects).await })??;
        let mut changed = Vec::new();
        for ((tenant, head), last) in known.iter().zip(last) {
            if last.is_some_and(|last| last.id == head.hash().to_string()) {
                continue;
            }
            let change = self.with(tenant, |index, _| {
                let is_longer = index.contains(*head);
                let change = if is_longer { Change::Longer } else { Change::Forked };
                // An entry that cannot be read makes a record longer, too.
                Ok((index.head() != *head || index.damage.is_some()).then_some(change))
            })?;
            changed.extend(change.unwrap_or(Some(Change::Forked)).map(|change| (tenant.clone(), change)));
        }
        Ok(changed)
    }

    fn load_snapshot(&self, tenant: &TenantId) -> Result<Option<Vec<u8>>, StoreError> {
        let (log, part) = (self.snapshots.clone(), subject::encode(tenant));
        self.runtime.wait(async move { snapshots::load(&log, &part).await })?
    }

    fn save_snapshot(&self, tenant: &TenantId, head: Head, snapshot: &[u8]) -> Result<(), StoreError> {
        let (log, part, snapshot) = (self.snapshots.clone(), subject::encode(tenant), snapshot.to_vec());
        self.runtime.wait(async move { snapshots::save(&log, &part, head, &snapshot).await })?
    }

    fn hints(&self) -> Option<Box<dyn Hints>> {
        let subject = log::stored_subject(self.records.name());
        Some(Box::new(Listener::new(Arc::clone(&self.runtime), self.client.clone(), subject)))
    }

    fn clock(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let log = self.records.clone();
        self.runtime.wait(async move { log.clock().await })?
    }
}
