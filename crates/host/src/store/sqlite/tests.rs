//! Databases that cannot be used, and those that several processes write.
#![allow(clippy::arithmetic_side_effects, reason = "a test may fail by panicking")]

use core::time::Duration;
use std::sync::mpsc;
use std::thread;

use entitle::record::Beginning;
use entitle::{Actor, Catalog, Command, KeyRing, RecordId, RequestId, Role, Tenant};
use rusqlite::Connection;

use super::{CONTENTION, PAUSE, SqliteStore, schema};
use crate::store::{Appended, Page, Position, Store, StoreError};

fn opened(prepare: &str) -> Result<SqliteStore, StoreError> {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(prepare).unwrap();
    SqliteStore::with(connection)
}

#[test]
fn a_database_of_another_application_or_a_newer_release_is_left_as_it_is() {
    for other in ["create table mine (x)", "pragma application_id = 7", "pragma user_version = 3"] {
        let error = opened(other).map(|_| ()).unwrap_err();
        assert!(matches!(error, StoreError::OtherApplication { .. }), "{other}: {error}");
    }
    let newer = format!("pragma application_id = {}; pragma user_version = 2", schema::APPLICATION);
    let error = opened(&newer).map(|_| ()).unwrap_err();
    assert_eq!(error, StoreError::NewerSchema { found: 2, known: 1 });
    assert!(error.to_string().contains("update the application"), "{error}");
}

fn at(connection: &Connection) -> (i64, i64) {
    let tables = "select count(*) from sqlite_schema where type = 'table'";
    let version = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    (version, connection.query_row(tables, [], |row| row.get(0)).unwrap())
}

#[test]
fn an_older_schema_becomes_this_releases_with_what_it_holds() {
    let mut connection = Connection::open_in_memory().unwrap();
    // A database of this library without tables is of version 0.
    connection.pragma_update(None, "application_id", schema::APPLICATION).unwrap();
    schema::prepare(&mut connection, schema::MIGRATIONS).unwrap();
    assert_eq!(at(&connection), (1, 2));
    connection.execute("insert into entitle_snapshots values ('contoso', 7, x'00')", []).unwrap();
    // A release that comes later.
    let add = "alter table entitle_snapshots add column made text";
    let later = [schema::MIGRATIONS, &[add, "create table entitle_hosts (name text)"]].concat();
    schema::prepare(&mut connection, &later).unwrap();
    assert_eq!(at(&connection), (3, 3));
    let kept = "select number, made from entitle_snapshots";
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    assert_eq!(connection.query_row(kept, [], row), Ok((7, None::<String>)));
    // This release reads nothing of it.
    let error = schema::prepare(&mut connection, schema::MIGRATIONS).unwrap_err();
    assert_eq!(error, StoreError::NewerSchema { found: 3, known: 1 });
}

#[test]
fn a_migration_that_fails_leaves_the_database_as_it_was() {
    let mut connection = Connection::open_in_memory().unwrap();
    schema::prepare(&mut connection, schema::MIGRATIONS).unwrap();
    let later = [schema::MIGRATIONS, &["create table entitle_hosts (name text)", "create table entitle_hosts (x)"]];
    schema::prepare(&mut connection, &later.concat()).unwrap_err();
    assert_eq!(at(&connection), (1, 2));
}

#[test]
fn a_path_where_no_database_can_be_is_an_error_that_says_what_to_do() {
    let folder = std::env::temp_dir();
    let error = SqliteStore::open(&folder).unwrap_err();
    assert!(matches!(error, StoreError::OtherApplication { .. }), "{error}");
    assert!(error.to_string().contains("is not a file"), "{error}");
    let error = SqliteStore::open(folder.join("entitle-missing-folder/records.db")).unwrap_err();
    assert!(matches!(error, StoreError::Failed { .. }), "{error}");
    assert!(error.to_string().contains("does not exist: create it"), "{error}");
}

#[test]
fn a_database_that_may_only_be_read_is_an_error() {
    let path = std::env::temp_dir().join(format!("entitle-sqlite-{}.db", std::process::id()));
    drop(SqliteStore::open(&path).unwrap());
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let error = SqliteStore::with(Connection::open_with_flags(&path, flags).unwrap()).map(|_| ()).unwrap_err();
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(error, StoreError::ReadOnly { .. }), "{error}");
}

#[test]
fn in_a_full_database_nothing_is_stored_and_everything_is_read() {
    let store = opened("").unwrap();
    let catalog =
        Catalog::from_json(r#"{ "publisher": "p", "offer": "o", "management": "unmanaged", "apps": [], "plans": [] }"#);
    let beginning = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([1; 16]));
    let mut tenant = Tenant::new(&catalog.unwrap(), &KeyRing::new(), &store.begin(&beginning).unwrap());
    store.inner().connection.pragma_update(None, "max_page_count", 12).unwrap();
    let admin = Actor::new("ada".parse().unwrap()).with(Role::GlobalAdministrator);
    let mut stored = 0;
    let error = loop {
        let join = Command::join(format!("user-{stored:0>250}").parse().unwrap(), "staff".parse().unwrap());
        let entry =
            tenant.decide(&admin, &[join], RequestId::from_random([stored; 16]), entitle::chrono::DateTime::UNIX_EPOCH);
        let entry = entry.unwrap();
        match store.append(tenant.id(), Position::of(tenant.head()), core::slice::from_ref(&entry)) {
            Appended::Stored(_) => tenant.apply(&entry).unwrap(),
            Appended::NotStored(error) | Appended::Unknown(error) => break error,
            found => panic!("{found:?}"),
        }
        stored += 1;
    };
    assert!(matches!(error, StoreError::Full { .. }), "{error}");
    let page = store.read(tenant.id(), Position::of(beginning.head()), 1_000).unwrap();
    let Page::Entries { entries, .. } = page else { panic!("{page:?}") };
    assert_eq!(entries.len(), usize::from(stored));
}

/// Two processes would take turns badly: who stored something last is nearly always the first again.
#[test]
fn a_process_pauses_after_it_stored_something_while_another_writes() {
    let folder = std::env::temp_dir().join(format!("entitle-sqlite-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("turns.db");
    let (ours, theirs) = (SqliteStore::open(&path).unwrap(), SqliteStore::open(&path).unwrap());
    let write = |store: &SqliteStore, tenant: &str| {
        let beginning = Beginning::new(tenant.parse().unwrap(), RecordId::from_random([1; 16]));
        let beginning = store.begin(&beginning).unwrap();
        let catalog =
            r#"{ "publisher": "fabrikam", "offer": "studio", "management": "unmanaged", "apps": [], "plans": [] }"#;
        let tenant = Tenant::new(&Catalog::from_json(catalog).unwrap(), &KeyRing::new(), &beginning);
        let actor = Actor::new("ada".parse().unwrap()).with(Role::GlobalAdministrator);
        let join = Command::join("bo".parse().unwrap(), "staff".parse().unwrap());
        let entry = tenant
            .decide(&actor, &[join], RequestId::from_random([2; 16]), entitle::chrono::DateTime::UNIX_EPOCH)
            .unwrap();
        let stored = store.append(tenant.id(), Position::of(tenant.head()), &[entry]);
        assert!(matches!(stored, Appended::Stored(_)));
        let inner = store.inner();
        (inner.pause(inner.stored.unwrap()), inner.pause(inner.stored.unwrap() + PAUSE))
    };
    assert_eq!(write(&ours, "contoso"), (Duration::ZERO, Duration::ZERO), "nobody else writes");
    write(&theirs, "northwind");
    // Time for another look.
    ours.inner().looked = None;
    assert_eq!(write(&ours, "wingtip"), (PAUSE, Duration::ZERO));
    let inner = ours.inner();
    let later = inner.others_wrote.unwrap() + CONTENTION;
    assert_eq!(inner.pause(later), Duration::ZERO, "they stopped");
    drop(inner);
    std::fs::remove_dir_all(&folder).unwrap();
}

/// A record of which an entry is missing, as another application may leave it.
#[test]
fn in_a_record_with_a_gap_no_request_of_the_same_transaction_is_taken_for_a_stored_one() {
    let store = opened("").unwrap();
    let catalog =
        Catalog::from_json(r#"{ "publisher": "p", "offer": "o", "management": "unmanaged", "apps": [], "plans": [] }"#);
    let beginning = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([1; 16]));
    let mut tenant = Tenant::new(&catalog.unwrap(), &KeyRing::new(), &store.begin(&beginning).unwrap());
    let admin = Actor::new("ada".parse().unwrap()).with(Role::GlobalAdministrator);
    let after = Position::of(tenant.head());
    let mut entries = Vec::new();
    for number in 1..=2 {
        let join = Command::join(format!("user-{number}").parse().unwrap(), "staff".parse().unwrap());
        let request = RequestId::from_random([number; 16]);
        let entry = tenant.decide(&admin, &[join], request, entitle::chrono::DateTime::UNIX_EPOCH).unwrap();
        tenant.apply(&entry).unwrap();
        entries.push(entry);
    }
    let second = "insert into entitle_entries values ('contoso', 2, x'00', x'07', 'another')";
    store.inner().connection.execute(second, []).unwrap();
    let appended = store.append(tenant.id(), after, &entries);
    assert!(matches!(appended, Appended::Conflict), "{appended:?}");
    for entry in &entries {
        assert_eq!(store.find(tenant.id(), entry.request()), Ok(None), "nothing is stored");
    }
}

#[test]
fn what_is_acknowledged_is_synced_and_those_who_read_do_not_wait_for_those_who_write() {
    let folder = std::env::temp_dir().join(format!("entitle-sqlite-apart-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let store = SqliteStore::open(folder.join("records.db")).unwrap();
    let beginning = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([1; 16]));
    store.begin(&beginning).unwrap();
    let inner = store.inner();
    let setting =
        |name: &str| inner.connection.pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0));
    assert_eq!(setting("journal_mode"), Ok("wal".to_string().into()));
    assert_eq!(setting("synchronous"), Ok(2.into()), "full: synced before it is acknowledged");
    // Another thread writes meanwhile, with the connection for it and in a transaction.
    inner.connection.execute_batch("begin immediate; delete from entitle_entries").unwrap();
    let (tenant, position) = (beginning.tenant(), Position::of(beginning.head()));
    let (sender, read) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(|| {
            let page = store.read(tenant, position, 9);
            assert!(matches!(&page, Ok(Page::Entries { entries, .. }) if entries.is_empty()), "{page:?}");
            assert_eq!(store.beginning(tenant), Ok(Some(beginning.clone())));
            assert_eq!(store.find(tenant, RequestId::from_random([1; 16])), Ok(None));
            assert_eq!(store.changed(&[(tenant.clone(), beginning.head())]), Ok(Vec::new()));
            assert_eq!(store.load_snapshot(tenant), Ok(None));
            sender.send(()).unwrap();
        });
        let read = read.recv_timeout(Duration::from_secs(60));
        inner.connection.execute_batch("rollback").unwrap();
        drop(inner);
        read.unwrap();
    });
    drop(store);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn errors_of_a_database_say_what_to_do() {
    use rusqlite::ffi;
    let code = |code: core::ffi::c_int| {
        super::failure::store_error(&rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)).code()
    };
    for (failed, expected) in [
        (ffi::SQLITE_BUSY, "host.store.unavailable"),
        (ffi::SQLITE_BUSY_SNAPSHOT, "host.store.unavailable"),
        (ffi::SQLITE_LOCKED, "host.store.unavailable"),
        (ffi::SQLITE_READONLY, "host.store.read-only"),
        (ffi::SQLITE_PERM, "host.store.read-only"),
        (ffi::SQLITE_FULL, "host.store.full"),
        (ffi::SQLITE_NOTADB, "host.store.other-application"),
        (ffi::SQLITE_CORRUPT, "host.store.damaged"),
        (ffi::SQLITE_IOERR, "host.store.failed"),
    ] {
        assert_eq!(code(failed), expected, "{failed}");
    }
}
