//! Records in a PostgreSQL database.

mod failure;

mod notify;

mod pool;

mod schema;

use core::time::Duration;
use std::collections::HashMap;
use std::sync::Arc;

use entitle::chrono::{DateTime, Utc};
use entitle::record::{Beginning, Head};
use entitle::{Entry, RequestId, TenantId};
use postgres::types::ToSql;
use postgres::{Client, Config, Error};

use super::{Appended, Change, Cursor, Hints, Page, Position, Store, StoreError};
use failure::{is_answer, store_error, violated};
use notify::{Listener, Notifier};
use pool::{Connection, Pool, Statements};

/// The number of connections, at most, unless the host sets it.
const CONNECTIONS: usize = 8;

/// How long the server may work on one statement, so that a call ends.
const STATEMENT_TIMEOUT: &str =
    "-c statement_timeout=10s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s";

const APPEND: &str = "
insert into entitle_entries select $1, n, h, r, e
  from unnest($2::bigint[], $3::bytea[], $4::bytea[], $5::text[]) u(n, h, r, e)
 where exists (select from entitle_entries where tenant = $1 and number = $6 and hash = $7)";

const READ: &str = "select entry from entitle_entries where tenant = $1 and number > $2 order by number limit $3";

const CONTAINS: &str = "select 1 from entitle_entries where tenant = $1 and number = $2 and hash = $3";

const FIND: &str = "select number from entitle_entries where tenant = $1 and request = $2";

const REQUESTS: &str = "select request from entitle_entries where tenant = $1 and request = any($2::bytea[]) limit 1";

/// By tenant and head, never by a number over all tenants, which would be seen out of order.
const CHANGED: &str = "
select k.tenant, not exists (select from entitle_entries e where (e.tenant, e.number, e.hash) = (k.tenant, k.number, k.hash))
  from unnest($1::text[], $2::bigint[], $3::bytea[]) k(tenant, number, hash)
 where exists (select from entitle_entries e where e.tenant = k.tenant and e.number = k.number + 1)
    or not exists (select from entitle_entries e where (e.tenant, e.number, e.hash) = (k.tenant, k.number, k.hash))";

/// Records in a PostgreSQL database, for servers on several machines. Every version that is
/// supported has what it needs; it was tried with 15.
///
/// It keeps connections, and makes new ones when they break. The tables are made at the first start,
/// so the user needs the right to create them then, and afterwards only to select and insert
/// entries and to write snapshots. Connections have no TLS: use a socket, or a proxy beside the
/// application.
#[derive(Debug)]
pub struct PostgresStore {
    pool: Pool,
    config: Arc<Config>,
    notifier: Notifier,
}

impl PostgresStore {
    /// Connects to a database, such as `host=/run/postgresql user=app dbname=records` or
    /// `postgresql://app@localhost/records`, and makes the tables if there are none.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if there is no connection; [`StoreError::OtherApplication`] for a
    /// database in which another application has a table of the same name;
    /// [`StoreError::NewerSchema`] for tables of a newer release; [`StoreError::ReadOnly`] if the
    /// user may not make the tables; [`StoreError::Failed`] for a text that is no configuration.
    pub fn connect(database: &str) -> Result<Self, StoreError> {
        Self::connect_with(database, CONNECTIONS)
    }

    /// Connects to a database with at most so many connections; see [`connect`](Self::connect).
    ///
    /// # Errors
    ///
    /// As [`connect`](Self::connect).
    pub fn connect_with(database: &str, connections: usize) -> Result<Self, StoreError> {
        let config = database.parse::<Config>();
        let mut config = config.map_err(|error| StoreError::Failed { detail: error.to_string() })?;
        let options = config.get_options().map_or(String::new(), |options| format!("{options} "));
        config.options(&format!("{options}{STATEMENT_TIMEOUT}"));
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(5));
        }
        // A server that is gone is noticed though it says nothing.
        config.tcp_user_timeout(Duration::from_secs(15));
        let config = Arc::new(config);
        let pool = Pool::new(Arc::clone(&config), connections);
        schema::prepare(&mut pool.client()?)?;
        Ok(Self { pool, notifier: Notifier::start(Arc::clone(&config)), config })
    }
}

/// Prepares the statements of a connection.
fn statements(client: &mut Client) -> Result<Statements, Error> {
    Ok(Statements {
        append: client.prepare(APPEND)?,
        read: client.prepare(READ)?,
        contains: client.prepare(CONTAINS)?,
        find: client.prepare(FIND)?,
        requests: client.prepare(REQUESTS)?,
        changed: client.prepare(CHANGED)?,
    })
}

/// Returns a number as the database keeps it. Records are shorter.
fn number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Returns whether a record contains a head.
fn contains(connection: &mut Connection, tenant: &TenantId, head: Head) -> Result<bool, Error> {
    let (number, hash) = (number(head.number()), head.hash().to_bytes());
    let values: [&(dyn ToSql + Sync); 3] = [&tenant.as_str(), &number, &hash.as_slice()];
    Ok(connection.client.query_opt(&connection.statements.contains, &values)?.is_some())
}

impl Store for PostgresStore {
    fn begin(&self, beginning: &Beginning) -> Result<Beginning, StoreError> {
        let (tenant, hash) = (beginning.tenant().as_str(), beginning.head().hash().to_bytes());
        self.pool.with(|connection| {
            let stored = "select entry from entitle_entries where tenant = $1 and number = 0";
            let insert = "insert into entitle_entries (tenant, number, hash, entry) values ($1, 0, $2, $3)";
            // Most records are begun already.
            let mut found = connection.client.query_opt(stored, &[&tenant]).map_err(|error| store_error(&error))?;
            if found.is_none() {
                match connection.client.execute(insert, &[&tenant, &hash.as_slice(), &beginning.text()]) {
                    Ok(_) => return Ok(beginning.clone()),
                    // Another process began it since.
                    Err(error) if violated(&error).is_some() => {}
                    Err(error) => return Err(store_error(&error)),
                }
                found = connection.client.query_opt(stored, &[&tenant]).map_err(|error| store_error(&error))?;
            }
            let missing = || StoreError::Damaged { detail: format!("the record of `{tenant}` was removed") };
            let text: String = found.ok_or_else(missing)?.get(0);
            Beginning::read(text).map_err(|error| StoreError::Damaged { detail: error.to_string() })
        })
    }

    fn read(&self, tenant: &TenantId, after: Position, max: usize) -> Result<Page, StoreError> {
        self.pool.with(|connection| {
            // Entries first: what follows a head is not removed while they are read.
            let limit = i64::try_from(max).unwrap_or(i64::MAX).saturating_add(1);
            let from = number(after.head.number());
            let values: [&(dyn ToSql + Sync); 3] = [&tenant.as_str(), &from, &limit];
            let rows = connection.client.query(&connection.statements.read, &values);
            let rows = rows.map_err(|error| store_error(&error))?;
            if !contains(connection, tenant, after.head).map_err(|error| store_error(&error))? {
                return Ok(Page::Forked);
            }
            let mut has_more = rows.len() > max;
            let mut entries: Vec<Entry> = Vec::new();
            for row in rows.iter().take(max) {
                match Entry::read(row.get::<_, String>(0)) {
                    Ok(entry) => entries.push(entry),
                    Err(error) if entries.is_empty() => {
                        return Ok(Page::Unreadable { number: after.head.number().saturating_add(1), error });
                    }
                    Err(_) => {
                        has_more = true;
                        break;
                    }
                }
            }
            let head = entries.last().map_or(after.head, Entry::head);
            Ok(Page::Entries { entries, position: Position::of(head), has_more })
        })
    }

    fn append(&self, tenant: &TenantId, after: Position, entries: &[Entry]) -> Appended {
        let appended = self.pool.with(|connection| Ok(append(connection, tenant, after.head, entries)));
        if let (Ok(Appended::Stored(_)), Some(last)) = (&appended, entries.last()) {
            self.notifier.wrote(tenant, last.number());
        }
        // Without a connection nothing was sent.
        appended.unwrap_or_else(Appended::NotStored)
    }

    fn find(&self, tenant: &TenantId, request: RequestId) -> Result<Option<u64>, StoreError> {
        self.pool.with(|connection| {
            let request = request.to_bytes();
            let values: [&(dyn ToSql + Sync); 2] = [&tenant.as_str(), &request.as_slice()];
            let found = connection.client.query_opt(&connection.statements.find, &values);
            let found = found.map_err(|error| store_error(&error))?;
            Ok(found.and_then(|row| u64::try_from(row.get::<_, i64>(0)).ok()))
        })
    }

    fn changed(&self, known: &[(TenantId, Head)]) -> Result<Vec<(TenantId, Change)>, StoreError> {
        if known.is_empty() {
            return Ok(Vec::new());
        }
        let tenants: Vec<&str> = known.iter().map(|(tenant, _)| tenant.as_str()).collect();
        let numbers: Vec<i64> = known.iter().map(|(_, head)| number(head.number())).collect();
        let hashes: Vec<[u8; 32]> = known.iter().map(|(_, head)| head.hash().to_bytes()).collect();
        let hashes: Vec<&[u8]> = hashes.iter().map(<[u8; 32]>::as_slice).collect();
        let rows = self.pool.with(|connection| {
            let rows = connection.client.query(&connection.statements.changed, &[&tenants, &numbers, &hashes]);
            rows.map_err(|error| store_error(&error))
        })?;
        let ids: HashMap<&str, &TenantId> = known.iter().map(|(tenant, _)| (tenant.as_str(), tenant)).collect();
        let changed = rows.iter().filter_map(|row| {
            let change = if row.get::<_, bool>(1) { Change::Forked } else { Change::Longer };
            Some(((*ids.get(row.get::<_, &str>(0))?).clone(), change))
        });
        Ok(changed.collect())
    }

    fn load_snapshot(&self, tenant: &TenantId) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "select snapshot from entitle_snapshots where tenant = $1";
        let found = self.pool.with(|connection| {
            connection.client.query_opt(sql, &[&tenant.as_str()]).map_err(|error| store_error(&error))
        })?;
        Ok(found.map(|row| row.get(0)))
    }

    fn save_snapshot(&self, tenant: &TenantId, head: Head, snapshot: &[u8]) -> Result<(), StoreError> {
        let sql = "insert into entitle_snapshots as s (tenant, number, snapshot) values ($1, $2, $3)
            on conflict (tenant) do update set number = excluded.number, snapshot = excluded.snapshot
            where excluded.number >= s.number";
        self.pool.with(|connection| {
            let saved = connection.client.execute(sql, &[&tenant.as_str(), &number(head.number()), &snapshot]);
            saved.map(|_| ()).map_err(|error| store_error(&error))
        })
    }

    fn hints(&self) -> Option<Box<dyn Hints>> {
        Some(Box::new(Listener::new(Arc::clone(&self.config))))
    }

    fn clock(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let sql = "select (extract(epoch from clock_timestamp()) * 1000000)::bigint";
        let row = self.pool.with(|it| it.client.query_one(sql, &[]).map_err(|error| store_error(&error)))?;
        Ok(DateTime::from_timestamp_micros(row.get(0)))
    }
}

/// Stores entries after a head by one statement, which is a transaction of its own.
fn append(connection: &mut Connection, tenant: &TenantId, after: Head, entries: &[Entry]) -> Appended {
    let numbers: Vec<i64> = entries.iter().map(|entry| number(entry.number())).collect();
    let hashes: Vec<[u8; 32]> = entries.iter().map(|entry| entry.head().hash().to_bytes()).collect();
    let hashes: Vec<&[u8]> = hashes.iter().map(<[u8; 32]>::as_slice).collect();
    let requests: Vec<[u8; 16]> = entries.iter().map(|entry| entry.request().to_bytes()).collect();
    let requests: Vec<&[u8]> = requests.iter().map(<[u8; 16]>::as_slice).collect();
    let texts: Vec<&str> = entries.iter().map(Entry::text).collect();
    let (after_number, after_hash) = (number(after.number()), after.hash().to_bytes());
    let values: [&(dyn ToSql + Sync); 7] =
        [&tenant.as_str(), &numbers, &hashes, &requests, &texts, &after_number, &after_hash.as_slice()];
    match connection.client.execute(&connection.statements.append, &values) {
        Ok(0) => Appended::Forked,
        Ok(_) => Appended::Stored(Cursor::default()),
        Err(error) => match violated(&error) {
            // Which of both is reported depends on the order of the indexes; both may be violated.
            Some(_) => conflict(connection, tenant, &requests),
            None if is_answer(&error) => Appended::NotStored(store_error(&error)),
            None => Appended::Unknown(store_error(&error)),
        },
    }
}

/// Returns what entries are in conflict with: with one of the same request, or with others.
fn conflict(connection: &mut Connection, tenant: &TenantId, requests: &[&[u8]]) -> Appended {
    let values: [&(dyn ToSql + Sync); 2] = [&tenant.as_str(), &requests];
    match connection.client.query_opt(&connection.statements.requests, &values) {
        Ok(Some(row)) => match <[u8; 16]>::try_from(row.get::<_, &[u8]>(0)) {
            Ok(request) => Appended::AlreadyStored(RequestId::from_random(request)),
            Err(_) => Appended::Conflict,
        },
        // Nothing was stored in any case.
        Ok(None) | Err(_) => Appended::Conflict,
    }
}
