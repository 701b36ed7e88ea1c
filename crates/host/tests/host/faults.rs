//! Processes that write the last seats of one tenant are killed, and the database fails under them:
//! every answer is compared with the record, and every state that readers had with the seats.

use core::cell::Cell;
use core::time::Duration;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Instant;

use entitle::chrono::{DateTime, Utc};
use entitle::record::{Beginning, Head};
use entitle::{Entry, RequestId, TenantId};
use entitle_host::faults::{self, Faults, FaultsError, FaultsReport, Finding, Progress};
use entitle_host::store::{
    Appended, Change, Cursor, FileStore, Hints, NatsStore, Page, Position, SqliteStore, Store, StoreError,
};

use crate::support::{Folder, child, child_folder};

/// How many processes are killed while they write; `ENTITLE_KILLS` sets another number.
const KILLS: u32 = 4;

/// The test that a child process runs.
const WRITER: &str = "faults::writes_until_it_is_killed";

/// Opens a store by the text that a child process is given.
fn open(store: &str) -> Result<Box<dyn Store>, StoreError> {
    match store.split_once(' ') {
        Some(("file", folder)) => Ok(Box::new(FileStore::open(folder)?)),
        Some(("sqlite", path)) => Ok(Box::new(SqliteStore::open(path)?)),
        Some(("early", path)) => Ok(Box::new(Early::new(SqliteStore::open(path)?))),
        Some(("nats", servers)) => Ok(Box::new(NatsStore::connect(servers)?)),
        #[cfg(unix)]
        Some(("postgres", database)) => Ok(Box::new(entitle_host::store::PostgresStore::connect(database)?)),
        _ => panic!("{store}"),
    }
}

#[test]
fn writes_until_it_is_killed() {
    let Some(given) = child_folder() else { return };
    panic!("{}", faults::write(|| open(&given.to_string_lossy())));
}

/// Kills writers over a store, within this time of which what they sent may still appear.
fn run(given: &str, late: Duration, fail: impl FnMut(&Progress)) -> Result<FaultsReport, FaultsError> {
    let kills = std::env::var("ENTITLE_KILLS").map_or(KILLS, |number| number.parse().unwrap());
    let store = open(given).unwrap();
    let report = Faults::new().kills(kills).late(late).run(&store, || child(WRITER, Path::new(given)), fail)?;
    println!("{given}: {report}");
    Ok(report)
}

/// Fails where a store over which writers are killed does something else than it promises.
fn assert_right(given: &str, late: Duration, fail: impl FnMut(&Progress)) {
    let report = run(given, late, fail).unwrap();
    assert!(report.is_right(), "{report}");
}

/// Servers may still do what a killed process sent.
const LATE: Duration = Duration::from_secs(2);

#[test]
fn over_files_nothing_acknowledged_is_lost_and_no_seat_is_too_many() {
    let folder = Folder::new();
    assert_right(&format!("file {}", folder.path("").display()), Duration::ZERO, |_| {});
}

#[test]
fn over_sqlite_nothing_acknowledged_is_lost_and_no_seat_is_too_many() {
    let folder = Folder::new();
    assert_right(&format!("sqlite {}", folder.path("records.db").display()), Duration::ZERO, |_| {});
}

#[cfg(unix)]
#[test]
fn over_postgresql_that_crashes_nothing_acknowledged_is_lost_and_no_seat_is_too_many() {
    let Some(server) = crate::postgres_server::Server::start() else { return };
    assert_right(&format!("postgres {}", server.database()), LATE, |_| server.crash());
}

#[test]
fn over_nats_that_loses_one_server_of_three_nothing_acknowledged_is_lost_and_no_seat_is_too_many() {
    let Some(servers) = crate::nats_server::Servers::three() else { return };
    // It makes the stream.
    drop(servers.connect());
    let times = Cell::new(0);
    let crash = |progress: &Progress| {
        let time = times.replace(times.get() + 1);
        // Every other time it is paused: it comes back without knowing that it was away.
        let (node, is_pause) = (time % 3, cfg!(unix) && time % 2 == 1);
        if is_pause {
            servers.pause(node, true);
        } else {
            servers.kill(node);
        }
        // The two that are left go on, also without the leader. It comes back behind them, and the next
        // one fails whether or not it has caught up.
        let (before, began) = (progress.acknowledged(), Instant::now());
        while progress.acknowledged() < before + 10 {
            let waits = began.elapsed() < Duration::from_secs(60);
            assert!(waits, "nothing is stored:\n{}\n{}", servers.seen_by_another(node), servers.log());
            thread::sleep(Duration::from_millis(20));
        }
        if is_pause { servers.pause(node, false) } else { servers.restart(node) }
    };
    let report = run(&format!("nats {}", servers.addresses()), LATE, crash).unwrap();
    assert!(report.is_right(), "{report}\n{}", servers.log());
}

/// A store that acknowledges what it stores a moment later.
struct Early {
    store: Arc<SqliteStore>,
    /// Locked while something is to be stored.
    late: Arc<Mutex<()>>,
}

impl Early {
    fn new(store: SqliteStore) -> Self {
        Self { store: Arc::new(store), late: Arc::default() }
    }

    fn store(&self) -> (&SqliteStore, MutexGuard<'_, ()>) {
        (&self.store, self.late.lock().unwrap())
    }
}

impl Store for Early {
    fn append(&self, tenant: &TenantId, after: Position, entries: &[Entry]) -> Appended {
        let (store, late) = (Arc::clone(&self.store), Arc::clone(&self.late));
        let (tenant, entries) = (tenant.clone(), entries.to_vec());
        let (is_locked, locked) = std::sync::mpsc::channel();
        thread::spawn(move || {
            let _late = late.lock().unwrap();
            is_locked.send(()).unwrap();
            thread::sleep(Duration::from_millis(5));
            store.append(&tenant, after, &entries)
        });
        locked.recv().unwrap();
        Appended::Stored(Cursor::default())
    }

    fn begin(&self, beginning: &Beginning) -> Result<Beginning, StoreError> {
        self.store().0.begin(beginning)
    }

    fn beginning(&self, tenant: &TenantId) -> Result<Option<Beginning>, StoreError> {
        self.store().0.beginning(tenant)
    }

    fn tenants(&self, after: Option<&TenantId>, max: usize) -> Result<Vec<TenantId>, StoreError> {
        self.store().0.tenants(after, max)
    }

    fn read(&self, tenant: &TenantId, after: Position, max: usize) -> Result<Page, StoreError> {
        self.store().0.read(tenant, after, max)
    }

    fn find(&self, tenant: &TenantId, request: RequestId) -> Result<Option<u64>, StoreError> {
        self.store().0.find(tenant, request)
    }

    fn changed(&self, known: &[(TenantId, Head)]) -> Result<Vec<(TenantId, Change)>, StoreError> {
        self.store().0.changed(known)
    }

    fn load_snapshot(&self, tenant: &TenantId) -> Result<Option<Vec<u8>>, StoreError> {
        self.store().0.load_snapshot(tenant)
    }

    fn save_snapshot(&self, tenant: &TenantId, head: Head, snapshot: &[u8]) -> Result<(), StoreError> {
        self.store().0.save_snapshot(tenant, head, snapshot)
    }

    fn hints(&self) -> Option<Box<dyn Hints>> {
        self.store.hints()
    }

    fn clock(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.store.clock()
    }
}

#[test]
fn an_acknowledgement_before_the_entry_is_stored_is_noticed() {
    let folder = Folder::new();
    let given = format!("early {}", folder.path("records.db").display());
    let report = run(&given, Duration::ZERO, |_| {}).unwrap();
    assert!(report.findings.iter().any(|finding| matches!(finding, Finding::Lost { .. })), "{report}");
}
