//! A PostgreSQL database does what the other stores do, and says what it cannot do.

use entitle::RecordId;
use entitle::record::Beginning;
use entitle_host::conformance;
use entitle_host::store::{PostgresOptions, PostgresStore, Store as _, StoreError};

use crate::postgres_server::Server;

#[test]
fn records_in_a_postgresql_database_conform() {
    let Some(server) = Server::start() else { return };
    let store = || PostgresStore::connect(&server.database()).unwrap();
    let failures = conformance::failures(&store(), &store()).unwrap();
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn a_database_that_cannot_be_used_is_an_error_that_names_what_to_do() {
    let Some(server) = Server::start() else { return };
    let error = PostgresStore::connect("host=/nowhere user=postgres").unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
    let error = PostgresStore::connect("host").unwrap_err();
    assert!(matches!(error, StoreError::Failed { .. }), "{error}");
    assert!(error.to_string().contains("invalid connection string: "), "{error}");
    let mut client = postgres::Client::connect(&server.database(), postgres::NoTls).unwrap();
    for made in ["create database other", "create database newer", "create user reader"] {
        client.batch_execute(made).unwrap();
    }
    let database = |name: &str| server.database().replace("dbname=postgres", &format!("dbname={name}"));
    let mut other = postgres::Client::connect(&database("other"), postgres::NoTls).unwrap();
    other.batch_execute("create table entitle_entries (mine text)").unwrap();
    let error = PostgresStore::connect(&database("other")).unwrap_err();
    assert!(matches!(error, StoreError::OtherApplication { .. }), "{error}");
    drop(PostgresStore::connect(&database("newer")).unwrap());
    let mut newer = postgres::Client::connect(&database("newer"), postgres::NoTls).unwrap();
    newer.batch_execute("update entitle_schema set version = 2").unwrap();
    let error = PostgresStore::connect(&database("newer")).unwrap_err();
    assert_eq!(error, StoreError::NewerSchema { found: 2, known: 1 });
    let reader = server.database().replace("user=postgres", "user=reader");
    let error = PostgresStore::connect(&reader).unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly { .. }), "{error}");
    // A database that was made read-only while it was used, as a replica is.
    let store = PostgresStore::connect(&server.database()).unwrap();
    client.batch_execute("alter database postgres set default_transaction_read_only = on").unwrap();
    let beginning = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([1; 16]));
    let error = store.begin(&beginning).unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly { .. }), "{error}");
}

#[test]
fn of_several_servers_the_first_that_can_be_used_is_connected_to() {
    let Some(server) = Server::start() else { return };
    let folder = server.socket().parent().unwrap().display().to_string();
    let connect = |hosts: &str, more: &str| {
        PostgresStore::connect(&format!("host={hosts} user=postgres dbname=postgres {more}")).map(drop)
    };
    // Nothing listens at the first one.
    connect(&format!("127.0.0.1,{folder}"), "port=9,5432").unwrap();
    connect(&format!("no-such-host.invalid,{folder}"), "").unwrap();
    let error = connect("no-such-host.invalid", "").unwrap_err();
    assert!(error.to_string().contains("no server is reached"), "{error}");
    assert!(matches!(connect("127.0.0.1,127.0.0.1", "port=9"), Err(StoreError::Unavailable { .. })));
    connect(&folder, "target_session_attrs=read-write").unwrap();
    let error = connect(&folder, "target_session_attrs=read-only").unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
    assert!(error.to_string().contains("target_session_attrs"), "{error}");
}

#[test]
fn those_who_call_at_the_same_time_wait_for_the_only_connection() {
    let Some(server) = Server::start() else { return };
    for connections in [0, 1] {
        let store = PostgresOptions::new().connections(connections).connect(&server.database()).unwrap();
        let beginning = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([1; 16]));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..20).for_each(|_| assert_eq!(store.begin(&beginning), Ok(beginning.clone()))));
            }
        });
    }
}

#[test]
fn others_see_what_one_stored_without_polling() {
    let Some(server) = Server::start() else { return };
    crate::hosts::assert_seen_by_hints(|| PostgresStore::connect(&server.database()).unwrap());
}

#[test]
fn a_process_whose_clock_differs_from_the_stores_reads_and_does_not_write() {
    let Some(server) = Server::start() else { return };
    crate::hosts::assert_writes_by_its_clock(PostgresStore::connect(&server.database()).unwrap());
}
