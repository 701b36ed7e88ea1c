//! The records of many tenants in one place: answers what is stored, and stores what continues it.
//! It takes the ids of tenants, heads and entries.
//! It must not know what entries do, or who wants them stored.

mod error;

mod percent;

mod hints;

mod memory;

mod file;

#[cfg(any(feature = "nats", feature = "postgres"))]
mod runtime;

#[cfg(feature = "nats")]
mod nats;

#[cfg(feature = "postgres")]
mod postgres;

#[cfg(feature = "sqlite")]
mod sqlite;

pub use error::StoreError;
pub(crate) use error::require_tenant;
pub use file::FileStore;
pub use hints::{Hint, Hints};
pub use memory::MemoryStore;
#[cfg(feature = "nats")]
pub use nats::{NatsOptions, NatsStore};
#[cfg(feature = "postgres")]
pub use postgres::{PostgresOptions, PostgresStore};
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteStore;

use entitle::chrono::{DateTime, Utc};
use entitle::record::{Beginning, EntryError, Head};
use entitle::{Entry, RequestId, TenantId};

/// Where a store keeps the records of tenants: a folder, a database, a distributed log.
///
/// A store is for one offer: a tenant has one record in it, and two offers that share it would share
/// the seats of plans that have the same id.
///
/// Nine functions that a store of your own implements; [`conformance`](crate::conformance) shows
/// whether it does. Entries are guarded by the head that they continue, not by a number alone, so
/// that a store that was restored from a backup is noticed. A call blocks until its outcome is
/// known or a time that the store chooses is over.
pub trait Store: Send + Sync {
    /// Begins the record of a tenant, and returns its beginning: the given one, or the one that is
    /// stored already.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if it is unknown whether the record is begun. The call can be repeated.
    /// [`StoreError::OtherTenant`] if the record of another tenant is in its place; a host also notices
    /// it in what is returned.
    fn begin(&self, beginning: &Beginning) -> Result<Beginning, StoreError>;

    /// Returns the beginning of the record of a tenant; `None` if none was begun. Nothing is stored.
    ///
    /// # Errors
    ///
    /// [`StoreError`] for a store that cannot be read now, and for the record of another tenant in its
    /// place.
    fn beginning(&self, tenant: &TenantId) -> Result<Option<Beginning>, StoreError>;

    /// Returns at most `max` of the tenants whose records were begun, at least 1, in the order of their
    /// ids: those after one, if it is given. For reports about all customers, page by page.
    ///
    /// # Errors
    ///
    /// [`StoreError`] for a store that cannot be read now.
    fn tenants(&self, after: Option<&TenantId>, max: usize) -> Result<Vec<TenantId>, StoreError>;

    /// Reads at most `max` entries of a record, at least 1, in order, after a position.
    ///
    /// # Errors
    ///
    /// [`StoreError`] for a store that cannot be read now.
    fn read(&self, tenant: &TenantId, after: Position, max: usize) -> Result<Page, StoreError>;

    /// Appends entries, which continue each other, to the record that ends at a position: all of
    /// them, or none. They are durable when this returns [`Appended::Stored`].
    fn append(&self, tenant: &TenantId, after: Position, entries: &[Entry]) -> Appended;

    /// Returns the number of the entry that answers a request.
    ///
    /// # Errors
    ///
    /// [`StoreError`] for a store that cannot be read now.
    fn find(&self, tenant: &TenantId, request: RequestId) -> Result<Option<u64>, StoreError>;

    /// Returns which of these records have other heads now. Those of which nothing is returned have
    /// not changed. One record that cannot be read is [`Change::Longer`], so that reading it says why,
    /// and hides no other.
    ///
    /// # Errors
    ///
    /// [`StoreError`] for a store that cannot be read now.
    fn changed(&self, known: &[(TenantId, Head)]) -> Result<Vec<(TenantId, Change)>, StoreError>;

    /// Returns the snapshot that was saved for a tenant. Nothing in it is trusted.
    ///
    /// # Errors
    ///
    /// [`StoreError`] for a store that cannot be read now.
    fn load_snapshot(&self, tenant: &TenantId) -> Result<Option<Vec<u8>>, StoreError>;

    /// Saves a snapshot of a tenant at a head, unless one at a later head is saved.
    ///
    /// # Errors
    ///
    /// [`StoreError`] for a store that cannot be written now.
    fn save_snapshot(&self, tenant: &TenantId, head: Head, snapshot: &[u8]) -> Result<(), StoreError>;

    /// Returns what hints at changes by other processes, if the store has something; without it they
    /// are found by polling alone.
    fn hints(&self) -> Option<Box<dyn Hints>> {
        None
    }

    /// Returns the time of the store's clock, if it has one of its own.
    ///
    /// # Errors
    ///
    /// [`StoreError`] for a store that cannot be read now.
    fn clock(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        Ok(None)
    }
}

/// A store that is chosen when the application starts.
impl<S: Store + ?Sized> Store for Box<S> {
    fn begin(&self, beginning: &Beginning) -> Result<Beginning, StoreError> {
        (**self).begin(beginning)
    }

    fn beginning(&self, tenant: &TenantId) -> Result<Option<Beginning>, StoreError> {
        (**self).beginning(tenant)
    }

    fn tenants(&self, after: Option<&TenantId>, max: usize) -> Result<Vec<TenantId>, StoreError> {
        (**self).tenants(after, max)
    }

    fn read(&self, tenant: &TenantId, after: Position, max: usize) -> Result<Page, StoreError> {
        (**self).read(tenant, after, max)
    }

    fn append(&self, tenant: &TenantId, after: Position, entries: &[Entry]) -> Appended {
        (**self).append(tenant, after, entries)
    }

    fn find(&self, tenant: &TenantId, request: RequestId) -> Result<Option<u64>, StoreError> {
        (**self).find(tenant, request)
    }

    fn changed(&self, known: &[(TenantId, Head)]) -> Result<Vec<(TenantId, Change)>, StoreError> {
        (**self).changed(known)
    }

    fn load_snapshot(&self, tenant: &TenantId) -> Result<Option<Vec<u8>>, StoreError> {
        (**self).load_snapshot(tenant)
    }

    fn save_snapshot(&self, tenant: &TenantId, head: Head, snapshot: &[u8]) -> Result<(), StoreError> {
        (**self).save_snapshot(tenant, head, snapshot)
    }

    fn hints(&self) -> Option<Box<dyn Hints>> {
        (**self).hints()
    }

    fn clock(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        (**self).clock()
    }
}

/// Returns the page after a tenant of all tenants, which come in no order.
fn page_of(mut tenants: Vec<TenantId>, after: Option<&TenantId>, max: usize) -> Vec<TenantId> {
    tenants.retain(|tenant| after.is_none_or(|after| tenant > after));
    tenants.sort_unstable();
    tenants.truncate(max);
    tenants
}

/// Returns the tenant of an id that is stored.
#[cfg(any(feature = "postgres", feature = "sqlite"))]
fn tenant_id(text: &str) -> Result<TenantId, StoreError> {
    text.parse().map_err(|error: entitle::id::TextError| StoreError::Damaged { detail: error.to_string() })
}

/// The end of what is known of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The head there.
    pub head: Head,
    /// What the store needs to go on from there.
    pub cursor: Cursor,
}

/// What a store needs beside a head to go on from it: the sequence number of a log, or nothing. Only
/// the store that gave it knows what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor(pub u64);

/// What was read after a position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// The entries that follow.
    Entries {
        /// The entries, in order; none at the end of the record.
        entries: Vec<Entry>,
        /// The position after them.
        position: Position,
        /// Whether there were more when they were read.
        has_more: bool,
    },
    /// The next entry cannot be read by this release: a newer one wrote it, or it was damaged.
    Unreadable {
        /// The number of the entry.
        number: u64,
        /// Why it cannot be read.
        error: EntryError,
    },
    /// The stored record does not contain the head.
    Forked,
}

/// What became of entries that were to be appended.
#[derive(Debug, Clone)]
pub enum Appended {
    /// They are stored.
    Stored(Cursor),
    /// The record goes on after the position: read it and decide again. Nothing was stored.
    Conflict,
    /// The record has an entry of one of the requests. Nothing was stored.
    AlreadyStored(RequestId),
    /// The stored record does not contain the head. Nothing was stored.
    Forked,
    /// Nothing was stored, and nothing will be.
    NotStored(StoreError),
    /// They may be stored, now or later: an answer was lost. Only a record that goes on after the
    /// position settles it.
    Unknown(StoreError),
}

/// How a stored record differs from what is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The stored record goes on after the head.
    Longer,
    /// The stored record does not contain the head.
    Forked,
}

impl Page {
    /// Returns the page after a head of texts that follow it. One text more than wanted shows that
    /// there are more.
    #[cfg(any(feature = "postgres", feature = "sqlite"))]
    fn from_texts(after: Head, texts: Vec<String>, max: usize) -> Self {
        let mut has_more = texts.len() > max;
        let mut entries: Vec<Entry> = Vec::new();
        for text in texts.into_iter().take(max) {
            match Entry::read(text) {
                Ok(entry) => entries.push(entry),
                Err(error) if entries.is_empty() => {
                    return Self::Unreadable { number: after.number().saturating_add(1), error };
                }
                // It begins the next page.
                Err(_) => {
                    has_more = true;
                    break;
                }
            }
        }
        let head = entries.last().map_or(after, Entry::head);
        Self::Entries { entries, position: Position::of(head), has_more }
    }
}

impl Position {
    /// Returns the position of a head for a store that needs nothing else.
    #[must_use]
    pub const fn of(head: Head) -> Self {
        Self { head, cursor: Cursor(0) }
    }
}
