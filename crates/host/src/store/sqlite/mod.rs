//! Records in an SQLite database.

mod failure;

mod schema;

#[cfg(test)]
mod tests;

mod watch;

use core::time::Duration;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use entitle::record::{Beginning, EntryHash, Head};
use entitle::{Entry, RequestId, TenantId};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::{Appended, Change, Cursor, Hints, Page, Position, Store, StoreError, tenant_id};
use crate::file::open;
use failure::{open_error, store_error, violates};
use watch::Watch;

/// How long a call waits for other processes, in attempts of a millisecond.
const ATTEMPTS: i32 = 5_000;

/// How long a process pauses after it stored something while others wait: without it, the process
/// that stores something next is nearly always the same.
const PAUSE: Duration = Duration::from_millis(2);

/// How long a process that wrote is taken to be waiting to write again.
const CONTENTION: Duration = Duration::from_secs(1);

/// How often a process that writes looks whether others do.
const LOOK: Duration = Duration::from_millis(50);

const INSERT: &str = "insert into entitle_entries (tenant, number, hash, request, entry) values (?1, ?2, ?3, ?4, ?5)";

/// Records in an SQLite database, for a server on one machine. Several processes may use it.
///
/// The database is in WAL mode, and an entry is synced before it is acknowledged. It must be on a
/// disk of this machine: SQLite's locks do not hold on most network shares.
#[derive(Debug)]
pub struct SqliteStore {
    inner: Mutex<Inner>,
    /// Reads while the other connection writes and syncs. `None` for a database in memory, which no
    /// other connection sees.
    reader: Option<Mutex<Connection>>,
    path: Option<PathBuf>,
}

#[derive(Debug)]
struct Inner {
    connection: Connection,
    /// SQLite's count of what other connections wrote, when it was last read.
    data_version: Option<i64>,
    looked: Option<Instant>,
    others_wrote: Option<Instant>,
    stored: Option<Instant>,
}

impl SqliteStore {
    /// Opens a database, or makes it; the tables of an older release become this one's.
    ///
    /// # Errors
    ///
    /// [`StoreError::OtherApplication`] for a file that is no database, or that of another
    /// application, a folder, and a folder that is missing; [`StoreError::NewerSchema`] for a database of a newer release;
    /// [`StoreError::ReadOnly`] for one that may not be written. Nothing changes then.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        if path.is_symlink() {
            // SQLite would make the database where a link leads that leads to no file.
            open::require_file_if_there(path)?;
        }
        let connection = Connection::open(path).map_err(|error| open_error(path, &error))?;
        Self::with(connection)
    }

    fn with(mut connection: Connection) -> Result<Self, StoreError> {
        wait_for_others(&connection)?;
        schema::prepare(&mut connection, schema::MIGRATIONS)?;
        // Only a database that is ours is switched to another mode.
        let configured = connection.pragma_update(None, "journal_mode", "wal");
        let configured = configured.and_then(|()| connection.pragma_update(None, "synchronous", "full"));
        configured.map_err(|error| store_error(&error))?;
        let inner = Inner { connection, data_version: None, looked: None, others_wrote: None, stored: None };
        let path = inner.connection.path().filter(|path| !path.is_empty()).map(PathBuf::from);
        let reader = path.as_ref().map(Connection::open).transpose().map_err(|error| store_error(&error))?;
        if let Some(reader) = &reader {
            wait_for_others(reader)?;
        }
        Ok(Self { inner: Mutex::new(inner), reader: reader.map(Mutex::new), path })
    }

    /// Reads with one view of the database, whatever is stored meanwhile.
    fn reading<T>(&self, read: impl FnOnce(&Transaction<'_>) -> Result<T, rusqlite::Error>) -> Result<T, StoreError> {
        let of = |connection: &mut Connection| connection.transaction().and_then(|transaction| read(&transaction));
        let read = match &self.reader {
            Some(reader) => of(&mut reader.lock().unwrap_or_else(PoisonError::into_inner)),
            None => of(&mut self.inner().connection),
        };
        read.map_err(|error| store_error(&error))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets the calls of a connection wait for other processes.
fn wait_for_others(connection: &Connection) -> Result<(), StoreError> {
    let configured = connection.busy_handler(Some(|attempts| {
        thread::sleep(Duration::from_millis(1));
        attempts < ATTEMPTS
    }));
    configured.map_err(|error| store_error(&error))
}

/// Returns the beginning of a record that is stored.
fn stored_beginning(connection: &Connection, tenant: &TenantId) -> Result<Option<Beginning>, StoreError> {
    let sql = "select entry from entitle_entries where tenant = ?1 and number = 0";
    let text = connection.query_row(sql, [tenant.as_str()], |row| row.get::<_, String>(0)).optional();
    let beginning = text.map_err(|error| store_error(&error))?.map(Beginning::read).transpose();
    beginning.map_err(|error| StoreError::Damaged { detail: error.to_string() })
}

impl Inner {
    /// Returns how long to pause, so that other processes have a turn if they wrote lately.
    fn pause(&self, now: Instant) -> Duration {
        let since = |then: Instant| now.saturating_duration_since(then);
        match self.stored {
            Some(stored) if self.others_wrote.is_some_and(|wrote| since(wrote) < CONTENTION) => {
                PAUSE.saturating_sub(since(stored))
            }
            _ => Duration::ZERO,
        }
    }

    /// Stores entries after a head, and takes notice of whether others wrote.
    fn append(&mut self, tenant: &TenantId, after: Head, entries: &[Entry]) -> Result<Appended, rusqlite::Error> {
        let transaction = Writing::begin(&self.connection)?;
        if self.looked.is_none_or(|looked| looked.elapsed() >= LOOK) {
            // In the transaction, where it needs no lock of its own.
            let version = self.connection.prepare_cached("pragma data_version")?.query_row([], |row| row.get(0))?;
            self.looked = Some(Instant::now());
            if self.data_version.replace(version).is_some_and(|before| before != version) {
                self.others_wrote = self.looked;
            }
        }
        let appended = insert(transaction, tenant, after, entries)?;
        if let Appended::Stored(_) = appended {
            self.stored = Some(Instant::now());
        }
        Ok(appended)
    }
}

/// A transaction that writes. It is rolled back unless it is committed.
///
/// Its statements are prepared once, which those of the client library are not.
struct Writing<'c>(&'c Connection);

impl<'c> Writing<'c> {
    fn begin(connection: &'c Connection) -> Result<Self, rusqlite::Error> {
        connection.prepare_cached("begin immediate")?.execute([])?;
        Ok(Self(connection))
    }

    fn commit(self) -> Result<(), rusqlite::Error> {
        self.0.prepare_cached("commit")?.execute([]).map(|_| ())
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        if !self.0.is_autocommit() {
            // What cannot be rolled back now is so when the connection is closed, and nothing is committed.
            _ = self.0.execute_batch("rollback");
        }
    }
}

/// Returns whether a record contains a head.
fn contains(connection: &Connection, tenant: &TenantId, head: Head) -> Result<bool, rusqlite::Error> {
    let sql = "select 1 from entitle_entries where tenant = ?1 and number = ?2 and hash = ?3";
    let mut query = connection.prepare_cached(sql)?;
    query.exists(params![tenant.as_str(), number(head.number()), head.hash().to_bytes()])
}

/// Returns a number as SQLite keeps it. Records are shorter.
fn number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

impl Store for SqliteStore {
    fn begin(&self, beginning: &Beginning) -> Result<Beginning, StoreError> {
        let inner = self.inner();
        let failed = |error| store_error(&error);
        let (tenant, head) = (beginning.tenant().as_str(), beginning.head());
        let inserted = inner
            .connection
            .execute(INSERT, params![tenant, 0, head.hash().to_bytes(), None::<&[u8]>, beginning.text()]);
        match inserted {
            Ok(_) => return Ok(beginning.clone()),
            Err(error) if violates(&error, "entitle_entries.number") => {}
            Err(error) => return Err(failed(error)),
        }
        let missing = || StoreError::Damaged { detail: format!("the record of `{tenant}` was removed") };
        stored_beginning(&inner.connection, beginning.tenant())?.ok_or_else(missing)
    }

    fn beginning(&self, tenant: &TenantId) -> Result<Option<Beginning>, StoreError> {
        match &self.reader {
            Some(reader) => stored_beginning(&reader.lock().unwrap_or_else(PoisonError::into_inner), tenant),
            None => stored_beginning(&self.inner().connection, tenant),
        }
    }

    fn tenants(&self, after: Option<&TenantId>, max: usize) -> Result<Vec<TenantId>, StoreError> {
        // A look into the index for each tenant, however long the records are.
        let sql = "with recursive begun (tenant) as (
                select min(tenant) from entitle_entries where tenant > ?1
                union all
                select (select min(tenant) from entitle_entries where tenant > begun.tenant)
                from begun where begun.tenant is not null
            ) select tenant from begun where tenant is not null limit ?2";
        let limit = i64::try_from(max).unwrap_or(i64::MAX);
        let texts = self.reading(|transaction| {
            let mut query = transaction.prepare_cached(sql)?;
            // No id is the empty text.
            let rows = query.query_map(params![after.map_or("", TenantId::as_str), limit], |row| row.get(0))?;
            rows.collect::<Result<Vec<String>, _>>()
        })?;
        texts.iter().map(|text| tenant_id(text)).collect()
    }

    fn read(&self, tenant: &TenantId, after: Position, max: usize) -> Result<Page, StoreError> {
        let texts = self.reading(|transaction| {
            if !contains(transaction, tenant, after.head)? {
                return Ok(None);
            }
            let sql = "select entry from entitle_entries where tenant = ?1 and number > ?2 order by number limit ?3";
            let mut query = transaction.prepare_cached(sql)?;
            // One more than wanted shows whether there are more.
            let limit = i64::try_from(max).unwrap_or(i64::MAX).saturating_add(1);
            let rows =
                query.query_map(params![tenant.as_str(), number(after.head.number()), limit], |row| row.get(0))?;
            rows.collect::<Result<Vec<String>, _>>().map(Some)
        })?;
        Ok(texts.map_or(Page::Forked, |texts| Page::from_texts(after.head, texts, max)))
    }

    fn append(&self, tenant: &TenantId, after: Position, entries: &[Entry]) -> Appended {
        let mut inner = self.inner();
        thread::sleep(inner.pause(Instant::now()));
        inner.append(tenant, after.head, entries).unwrap_or_else(|error| Appended::NotStored(store_error(&error)))
    }

    fn find(&self, tenant: &TenantId, request: RequestId) -> Result<Option<u64>, StoreError> {
        let sql = "select number from entitle_entries where tenant = ?1 and request = ?2";
        let found = self.reading(|transaction| {
            let mut query = transaction.prepare_cached(sql)?;
            query.query_row(params![tenant.as_str(), request.to_bytes()], |row| row.get::<_, i64>(0)).optional()
        })?;
        Ok(found.and_then(|number| u64::try_from(number).ok()))
    }

    fn changed(&self, known: &[(TenantId, Head)]) -> Result<Vec<(TenantId, Change)>, StoreError> {
        self.reading(|transaction| {
            let sql = "select number, hash from entitle_entries where tenant = ?1 and number between ?2 and ?2 + 1 order by number";
            let mut query = transaction.prepare_cached(sql)?;
            let mut changed = Vec::new();
            for (tenant, head) in known {
                let rows = query.query_map(params![tenant.as_str(), number(head.number())], |row| {
                    Ok((row.get::<_, i64>(0)?, row.get::<_, [u8; 32]>(1)?))
                })?;
                let rows = rows.collect::<Result<Vec<_>, _>>()?;
                let is_there = rows.first() == Some(&(number(head.number()), EntryHash::to_bytes(head.hash())));
                match (is_there, rows.len()) {
                    (false, _) => changed.push((tenant.clone(), Change::Forked)),
                    (true, 2) => changed.push((tenant.clone(), Change::Longer)),
                    (true, _) => {}
                }
            }
            Ok(changed)
        })
    }

    fn load_snapshot(&self, tenant: &TenantId) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "select snapshot from entitle_snapshots where tenant = ?1";
        self.reading(|transaction| transaction.query_row(sql, [tenant.as_str()], |row| row.get(0)).optional())
    }

    fn save_snapshot(&self, tenant: &TenantId, head: Head, snapshot: &[u8]) -> Result<(), StoreError> {
        let sql = "insert into entitle_snapshots (tenant, number, snapshot) values (?1, ?2, ?3)
            on conflict (tenant) do update set number = excluded.number, snapshot = excluded.snapshot
            where excluded.number >= number";
        let saved = self.inner().connection.execute(sql, params![tenant.as_str(), number(head.number()), snapshot]);
        saved.map(|_| ()).map_err(|error| store_error(&error))
    }

    fn hints(&self) -> Option<Box<dyn Hints>> {
        let connection = Connection::open(self.path.as_ref()?).ok()?;
        Some(Box::new(Watch::new(connection)))
    }
}

/// Stores entries after a head in a transaction, and ends it. Nothing was stored after an error.
fn insert(
    transaction: Writing<'_>,
    tenant: &TenantId,
    after: Head,
    entries: &[Entry],
) -> Result<Appended, rusqlite::Error> {
    let connection = transaction.0;
    // A query of its own: as a part of the insert it takes a table of its own.
    if !contains(connection, tenant, after)? {
        return Ok(Appended::Forked);
    }
    for (index, entry) in entries.iter().enumerate() {
        match insert_one(connection, tenant, entry) {
            Ok(()) => {}
            // The record goes on. It may have a retry, which is decided on a later head than its first
            // attempt, under another number.
            Err(error) if violates(&error, "entitle_entries.number") => {
                // After others the record has a gap, and those are in this transaction alone.
                for entry in entries.iter().filter(|_| index == 0) {
                    if is_stored(connection, tenant, entry.request())? {
                        return Ok(Appended::AlreadyStored(entry.request()));
                    }
                }
                return Ok(Appended::Conflict);
            }
            // It is stored, or two entries of the batch answer it.
            Err(error) if violates(&error, "entitle_entries.request") => {
                return Ok(Appended::AlreadyStored(entry.request()));
            }
            Err(error) => return Err(error),
        }
    }
    match transaction.commit() {
        Ok(()) => Ok(Appended::Stored(Cursor::default())),
        // Nothing was written.
        Err(error) if store_error(&error).is_temporary() => Err(error),
        // What was written may or may not be there when the database is opened again.
        Err(error) => Ok(Appended::Unknown(store_error(&error))),
    }
}

fn is_stored(connection: &Connection, tenant: &TenantId, request: RequestId) -> Result<bool, rusqlite::Error> {
    let mut query = connection.prepare_cached("select 1 from entitle_entries where tenant = ?1 and request = ?2")?;
    query.exists(params![tenant.as_str(), request.to_bytes()])
}

fn insert_one(connection: &Connection, tenant: &TenantId, entry: &Entry) -> Result<(), rusqlite::Error> {
    let (head, request) = (entry.head(), entry.request().to_bytes());
    let values = params![tenant.as_str(), number(head.number()), head.hash().to_bytes(), request, entry.text()];
    connection.prepare_cached(INSERT)?.execute(values).map(|_| ())
}
