//! Databases that cannot be used.
#![allow(clippy::arithmetic_side_effects, reason = "a test may fail by panicking")]

use entitle::record::Beginning;
use entitle::{Actor, Catalog, Command, KeyRing, RecordId, RequestId, Role, Tenant};
use rusqlite::Connection;

use super::{SqliteStore, schema};
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
        let entry = tenant.decide(&admin, &[join], RequestId::from_random([stored; 16]), chrono::DateTime::UNIX_EPOCH);
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
