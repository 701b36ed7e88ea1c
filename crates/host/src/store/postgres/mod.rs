//! Records in a PostgreSQL database.

mod failure;

mod socket;

mod address;

mod connection;

mod notify;

mod pool;

mod schema;

#[cfg(test)]
mod tests;

use core::time::Duration;
use std::collections::HashMap;
use std::sync::Arc;

use entitle::chrono::{DateTime, Utc};
use entitle::record::{Beginning, Head};
use entitle::{Entry, RequestId, TenantId};
use tokio_postgres::Config;

use super::runtime::Runtime;
use super::{Appended, Change, Cursor, Hints, Page, Position, Store, StoreError, tenant_id};
use connection::{Connection, Server, Statements, Values};
use failure::{CallError, value};
use notify::{Listener, Notifier};
use pool::Pool;

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

/// How a store in PostgreSQL is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostgresOptions {
    connections: usize,
    connect_timeout: Duration,
    call_timeout: Duration,
}

impl Default for PostgresOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl PostgresOptions {
    /// Returns the options that [`PostgresStore::connect`] has.
    #[must_use]
    pub const fn new() -> Self {
        let seconds = Duration::from_secs(5);
        Self { connections: 8, connect_timeout: seconds, call_timeout: seconds }
    }

    /// Sets the number of connections for calls, at most: 8 if not set. Two more listen and notify.
    #[must_use]
    pub const fn connections(self, connections: usize) -> Self {
        Self { connections, ..self }
    }

    /// Sets how long a connection may take until it can be used: five seconds if not set.
    #[must_use]
    pub const fn connect_timeout(self, connect_timeout: Duration) -> Self {
        Self { connect_timeout, ..self }
    }

    /// Sets how long the server may work on a statement: five seconds if not set. A call whose answer
    /// does not come a second later either ends with an unknown outcome, and its connection with it.
    #[must_use]
    pub const fn call_timeout(self, call_timeout: Duration) -> Self {
        Self { call_timeout, ..self }
    }

    /// Connects to a database; see [`PostgresStore::connect`].
    ///
    /// # Errors
    ///
    /// As [`PostgresStore::connect`].
    pub fn connect(&self, database: &str) -> Result<PostgresStore, StoreError> {
        let config = database.parse::<Config>();
        let config = config.map_err(|error| StoreError::Failed { detail: failure::detail(&error) })?;
        let server = Arc::new(self.server(config));
        let runtime = Arc::new(Runtime::start("entitle-postgres", self.connect_timeout.saturating_mul(2))?);
        schema::prepare(&mut Connection::open(&runtime, &server)?)?;
        let pool = Pool::new(Arc::clone(&runtime), Arc::clone(&server), self.connections, statements);
        let notifier = Notifier::start(&runtime, Arc::clone(&server));
        Ok(PostgresStore { pool, server, notifier, runtime })
    }

    /// Returns how a server is reached with these options.
    fn server(&self, mut config: Config) -> Server {
        let (statement, lock) = (self.call_timeout.as_millis(), self.call_timeout.as_millis().div_ceil(2));
        let limits = format!(
            "-c statement_timeout={statement} -c lock_timeout={lock} -c idle_in_transaction_session_timeout=30s"
        );
        let options = config.get_options().map_or(String::new(), |options| format!("{options} "));
        config.options(format!("{options}{limits}"));
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(self.connect_timeout);
        }
        // A server that is gone is noticed though nothing is asked of it.
        config.tcp_user_timeout(Duration::from_secs(15)).keepalives_idle(Duration::from_secs(30));
        // The answer of a server that gave up a statement arrives before its client gives up the call.
        let call_timeout = self.call_timeout.saturating_add(Duration::from_secs(1));
        Server { config, connect_timeout: self.connect_timeout, call_timeout }
    }
}

/// Records in a PostgreSQL database, for servers on several machines. Every version that is
/// supported has what it needs; it was tried with 15.
///
/// It keeps connections, and makes new ones when they break. The tables are made at the first start,
/// so the user needs the right to create them then, and afterwards only to select and insert
/// entries and to write snapshots. Connections have no TLS: use a socket, or a proxy beside the
/// application.
///
/// A call may be made on any thread, also on one of tokio's: the thread reads and writes on the socket
/// itself, and waits for the answer. A call ends in time whatever the server does: one that was sent and not answered has an
/// unknown outcome.
#[derive(Debug)]
pub struct PostgresStore {
    pool: Pool,
    server: Arc<Server>,
    notifier: Notifier,
    runtime: Arc<Runtime>,
}

impl PostgresStore {
    /// Connects to a database, such as `host=/run/postgresql user=app dbname=records` or
    /// `postgresql://app@localhost/records`, and makes the tables if there are none, or those of an
    /// older release into this one's. [`PostgresOptions`] has other timeouts and numbers.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if there is no connection; [`StoreError::OtherApplication`] for a
    /// database in which another application has a table of the same name;
    /// [`StoreError::NewerSchema`] for tables of a newer release; [`StoreError::ReadOnly`] if the
    /// user may not make the tables; [`StoreError::Failed`] for a text that is no configuration, and
    /// if the server refuses the user or has no such database. Nothing changes then.
    pub fn connect(database: &str) -> Result<Self, StoreError> {
        PostgresOptions::new().connect(database)
    }
}

/// Prepares the statements of a connection.
fn statements(connection: &mut Connection) -> Result<Statements, StoreError> {
    Ok(Statements {
        append: connection.prepare(APPEND)?,
        read: connection.prepare(READ)?,
        contains: connection.prepare(CONTAINS)?,
        find: connection.prepare(FIND)?,
        requests: connection.prepare(REQUESTS)?,
        changed: connection.prepare(CHANGED)?,
    })
}

/// Returns a number as the database keeps it. Records are shorter.
fn number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Returns whether a record contains a head.
fn contains(
    connection: &mut Connection,
    statements: &Statements,
    tenant: &TenantId,
    head: Head,
) -> Result<bool, CallError> {
    let (number, hash) = (number(head.number()), head.hash().to_bytes());
    let values: Values<'_> = &[&tenant.as_str(), &number, &hash.as_slice()];
    Ok(!connection.query(&statements.contains, values)?.is_empty())
}

/// Returns the beginning of a record that is stored.
fn stored_beginning(connection: &mut Connection, tenant: &str) -> Result<Option<Beginning>, StoreError> {
    let sql = "select entry from entitle_entries where tenant = $1 and number = 0";
    let rows = connection.query_text(sql, &[&tenant])?;
    let Some(row) = rows.first() else { return Ok(None) };
    let beginning = Beginning::read(value::<String>(row, 0)?);
    beginning.map(Some).map_err(|error| StoreError::Damaged { detail: error.to_string() })
}

impl Store for PostgresStore {
    fn begin(&self, beginning: &Beginning) -> Result<Beginning, StoreError> {
        let (tenant, hash) = (beginning.tenant().as_str(), beginning.head().hash().to_bytes());
        self.pool.with(|connection, _| {
            // Most records are begun already.
            if let Some(stored) = stored_beginning(connection, tenant)? {
                return Ok(stored);
            }
            let insert = "insert into entitle_entries (tenant, number, hash, entry) values ($1, 0, $2, $3)";
            match connection.execute_text(insert, &[&tenant, &hash.as_slice(), &beginning.text()]) {
                Ok(_) => return Ok(beginning.clone()),
                // Another process began it since.
                Err(error) if error.is_violation() => {}
                Err(error) => return Err(error.into()),
            }
            let missing = || StoreError::Damaged { detail: format!("the record of `{tenant}` was removed") };
            stored_beginning(connection, tenant)?.ok_or_else(missing)
        })
    }

    fn beginning(&self, tenant: &TenantId) -> Result<Option<Beginning>, StoreError> {
        self.pool.with(|connection, _| stored_beginning(connection, tenant.as_str()))
    }

    fn tenants(&self, after: Option<&TenantId>, max: usize) -> Result<Vec<TenantId>, StoreError> {
        // A look into the index for each tenant, however long the records are.
        let sql = "with recursive begun (tenant) as (
                (select tenant from entitle_entries where tenant > $1 order by tenant limit 1)
                union all
                select (select e.tenant from entitle_entries e where e.tenant > begun.tenant order by e.tenant limit 1)
                from begun where begun.tenant is not null
            ) select tenant from begun where tenant is not null limit $2";
        // No id is the empty text.
        let after = after.map_or("", TenantId::as_str);
        let limit = i64::try_from(max).unwrap_or(i64::MAX);
        let rows = self.pool.with(|connection, _| Ok(connection.query_text(sql, &[&after, &limit])?))?;
        rows.iter().map(|row| tenant_id(value(row, 0)?)).collect()
    }

    fn read(&self, tenant: &TenantId, after: Position, max: usize) -> Result<Page, StoreError> {
        self.pool.with(|connection, statements| {
            // Entries first: what follows a head is not removed while they are read.
            let limit = i64::try_from(max).unwrap_or(i64::MAX).saturating_add(1);
            let from = number(after.head.number());
            let rows = connection.query(&statements.read, &[&tenant.as_str(), &from, &limit])?;
            if !contains(connection, statements, tenant, after.head)? {
                return Ok(Page::Forked);
            }
            let texts: Result<Vec<String>, StoreError> = rows.iter().map(|row| value(row, 0)).collect();
            Ok(Page::from_texts(after.head, texts?, max))
        })
    }

    fn append(&self, tenant: &TenantId, after: Position, entries: &[Entry]) -> Appended {
        let appended =
            self.pool.with(|connection, statements| Ok(append(connection, statements, tenant, after.head, entries)));
        if let (Ok(Appended::Stored(_)), Some(last)) = (&appended, entries.last()) {
            self.notifier.wrote(tenant, last.number());
        }
        // Without a connection nothing was sent.
        appended.unwrap_or_else(Appended::NotStored)
    }

    fn find(&self, tenant: &TenantId, request: RequestId) -> Result<Option<u64>, StoreError> {
        self.pool.with(|connection, statements| {
            let request = request.to_bytes();
            let rows = connection.query(&statements.find, &[&tenant.as_str(), &request.as_slice()])?;
            let number: Option<i64> = rows.first().map(|row| value(row, 0)).transpose()?;
            Ok(number.and_then(|number| u64::try_from(number).ok()))
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
        let rows = self.pool.with(|connection, statements| {
            Ok(connection.query(&statements.changed, &[&tenants, &numbers, &hashes])?)
        })?;
        let ids: HashMap<&str, &TenantId> = known.iter().map(|(tenant, _)| (tenant.as_str(), tenant)).collect();
        let mut changed = Vec::new();
        for row in &rows {
            let change = if value(row, 1)? { Change::Forked } else { Change::Longer };
            if let Some(tenant) = ids.get(value::<&str>(row, 0)?) {
                changed.push(((*tenant).clone(), change));
            }
        }
        Ok(changed)
    }

    fn load_snapshot(&self, tenant: &TenantId) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "select snapshot from entitle_snapshots where tenant = $1";
        let rows = self.pool.with(|connection, _| Ok(connection.query_text(sql, &[&tenant.as_str()])?))?;
        rows.first().map(|row| value(row, 0)).transpose()
    }

    fn save_snapshot(&self, tenant: &TenantId, head: Head, snapshot: &[u8]) -> Result<(), StoreError> {
        let sql = "insert into entitle_snapshots as s (tenant, number, snapshot) values ($1, $2, $3)
            on conflict (tenant) do update set number = excluded.number, snapshot = excluded.snapshot
            where excluded.number >= s.number";
        let values: Values<'_> = &[&tenant.as_str(), &number(head.number()), &snapshot];
        self.pool.with(|connection, _| Ok(connection.execute_text(sql, values).map(|_| ())?))
    }

    fn hints(&self) -> Option<Box<dyn Hints>> {
        Some(Box::new(Listener::new(Arc::clone(&self.runtime), Arc::clone(&self.server))))
    }

    fn clock(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let sql = "select (extract(epoch from clock_timestamp()) * 1000000)::bigint";
        let rows = self.pool.with(|connection, _| Ok(connection.query_text(sql, &[])?))?;
        let micros: Option<i64> = rows.first().map(|row| value(row, 0)).transpose()?;
        Ok(micros.and_then(DateTime::from_timestamp_micros))
    }
}

/// Stores entries after a head by one statement, which is a transaction of its own.
fn append(
    connection: &mut Connection,
    statements: &Statements,
    tenant: &TenantId,
    after: Head,
    entries: &[Entry],
) -> Appended {
    let numbers: Vec<i64> = entries.iter().map(|entry| number(entry.number())).collect();
    let hashes: Vec<[u8; 32]> = entries.iter().map(|entry| entry.head().hash().to_bytes()).collect();
    let hashes: Vec<&[u8]> = hashes.iter().map(<[u8; 32]>::as_slice).collect();
    let requests: Vec<[u8; 16]> = entries.iter().map(|entry| entry.request().to_bytes()).collect();
    let requests: Vec<&[u8]> = requests.iter().map(<[u8; 16]>::as_slice).collect();
    let texts: Vec<&str> = entries.iter().map(Entry::text).collect();
    let (after_number, after_hash) = (number(after.number()), after.hash().to_bytes());
    let values: Values<'_> =
        &[&tenant.as_str(), &numbers, &hashes, &requests, &texts, &after_number, &after_hash.as_slice()];
    match connection.execute(&statements.append, values) {
        Ok(0) => Appended::Forked,
        Ok(_) => Appended::Stored(Cursor::default()),
        // Which constraint is reported depends on the order of the indexes; both may be violated.
        Err(error) if error.is_violation() => conflict(connection, statements, tenant, &requests),
        Err(error) if error.is_answer() => Appended::NotStored(error.into()),
        Err(error) => Appended::Unknown(error.into()),
    }
}

/// Returns what entries are in conflict with: with one of the same request, or with others.
fn conflict(connection: &mut Connection, statements: &Statements, tenant: &TenantId, requests: &[&[u8]]) -> Appended {
    let rows = connection.query(&statements.requests, &[&tenant.as_str(), &requests]).unwrap_or_default();
    let request = rows.first().and_then(|row| <[u8; 16]>::try_from(value::<&[u8]>(row, 0).ok()?).ok());
    // Nothing was stored in any case.
    request.map_or(Appended::Conflict, |request| Appended::AlreadyStored(RequestId::from_random(request)))
}
