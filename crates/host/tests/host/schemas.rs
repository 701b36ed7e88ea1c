//! Databases whose schema is missing, older, newer or another application's: each is made, migrated
//! or left as it is, and never half-done.

use entitle::record::Beginning;
use entitle::{RecordId, RequestId, Tenant};
use entitle_host::store::{Appended, Page, Position, PostgresStore, Store as _, StoreError};
use postgres::{Client, NoTls};

use crate::postgres_server::Server;
use crate::support::{admin, catalog, join, now, ring};

/// A new database of a server, and a connection to it.
fn database(server: &Server, name: &str) -> (String, Client) {
    let mut any = Client::connect(&server.database(), NoTls).unwrap();
    any.batch_execute(&format!("create database {name}")).unwrap();
    let database = server.database().replace("dbname=postgres", &format!("dbname={name}"));
    let client = Client::connect(&database, NoTls).unwrap();
    (database, client)
}

fn tables(client: &mut Client) -> Vec<String> {
    let sql = "select tablename from pg_tables where schemaname = 'public' order by 1";
    client.query(sql, &[]).unwrap().iter().map(|row| row.get(0)).collect()
}

fn version(client: &mut Client) -> i32 {
    client.query_one("select version from entitle_schema", &[]).unwrap().get(0)
}

const VERSION_0: &str = "create table entitle_schema (version integer not null); insert into entitle_schema values (0)";

#[test]
fn an_older_schema_becomes_this_releases_once_however_many_start() {
    let Some(server) = Server::start() else { return };
    let (database, mut client) = database(&server, "older");
    client.batch_execute(VERSION_0).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| drop(PostgresStore::connect(&database).unwrap()));
        }
    });
    assert_eq!(version(&mut client), 1);
    assert_eq!(tables(&mut client), ["entitle_entries", "entitle_schema", "entitle_snapshots"]);
}

#[test]
fn a_migration_that_fails_leaves_the_database_as_it_was() {
    let Some(server) = Server::start() else { return };
    let (database, mut client) = database(&server, "taken");
    // The second table of the schema is another application's.
    client.batch_execute("create table entitle_snapshots (mine text)").unwrap();
    let error = PostgresStore::connect(&database).unwrap_err();
    assert!(matches!(error, StoreError::OtherApplication { .. }), "{error}");
    assert!(error.to_string().contains("entitle_snapshots"), "{error}");
    assert_eq!(tables(&mut client), ["entitle_snapshots"]);
    client.batch_execute(VERSION_0).unwrap();
    let error = PostgresStore::connect(&database).unwrap_err();
    assert!(matches!(error, StoreError::OtherApplication { .. }), "{error}");
    assert_eq!(
        (version(&mut client), tables(&mut client)),
        (0, vec!["entitle_schema".into(), "entitle_snapshots".into()])
    );
}

#[test]
fn a_version_table_of_another_application_is_left_as_it_is() {
    let Some(server) = Server::start() else { return };
    let two = "(version integer); insert into entitle_schema values (1), (1)";
    let forms = ["(mine text)", "(version text)", "(version integer)", two];
    for (number, form) in forms.iter().enumerate() {
        let (database, mut client) = database(&server, &format!("other{number}"));
        client.batch_execute(&format!("create table entitle_schema {form}")).unwrap();
        if form.contains("version text") {
            client.batch_execute("insert into entitle_schema values ('mine')").unwrap();
        }
        let error = PostgresStore::connect(&database).unwrap_err();
        assert!(matches!(error, StoreError::OtherApplication { .. }), "{form}: {error}");
        assert_eq!(tables(&mut client), ["entitle_schema"]);
    }
    // What is no table has such a name.
    for (number, other) in [
        "create table mine (x integer); create index entitle_schema on mine (x)",
        "create type entitle_snapshots as enum ('mine')",
    ]
    .into_iter()
    .enumerate()
    {
        let (database, mut client) = database(&server, &format!("named{number}"));
        client.batch_execute(other).unwrap();
        let before = tables(&mut client);
        let error = PostgresStore::connect(&database).unwrap_err();
        assert!(matches!(error, StoreError::OtherApplication { .. }), "{other}: {error}");
        assert_eq!(tables(&mut client), before);
    }
}

#[test]
fn a_record_that_was_changed_in_the_database_is_damaged() {
    let Some(server) = Server::start() else { return };
    let (database, mut client) = database(&server, "changed");
    let store = PostgresStore::connect(&database).unwrap();
    let beginning = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([1; 16]));
    store.begin(&beginning).unwrap();
    client.batch_execute("update entitle_entries set entry = 'something else'").unwrap();
    for error in [store.begin(&beginning).unwrap_err(), store.beginning(beginning.tenant()).unwrap_err()] {
        assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
    }
    // Nor is a value of another type what this library stored.
    client.batch_execute("alter table entitle_entries alter entry type bytea using ''").unwrap();
    let error = store.beginning(beginning.tenant()).unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
}

#[test]
fn in_a_full_database_nothing_is_stored_and_everything_is_read() {
    let Some(server) = Server::start() else { return };
    let (database, mut client) = database(&server, "full_disk");
    let store = PostgresStore::connect(&database).unwrap();
    let beginning = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([1; 16]));
    let tenant = Tenant::new(&catalog(), &ring(), &store.begin(&beginning).unwrap());
    let entry = tenant.decide(&admin(), &[join("bo")], RequestId::from_random([2; 16]), now()).unwrap();
    // What a server answers whose disk is full.
    let full = "create function is_full() returns trigger language plpgsql as
        $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$;
        create trigger is_full before insert on entitle_entries execute function is_full()";
    client.batch_execute(full).unwrap();
    let append = || store.append(tenant.id(), Position::of(tenant.head()), core::slice::from_ref(&entry));
    let appended = append();
    let Appended::NotStored(error) = &appended else { panic!("{appended:?}") };
    assert!(matches!(error, StoreError::Full { .. }) && error.to_string().contains("nothing was stored"), "{error}");
    let page = store.read(tenant.id(), Position::of(tenant.head()), 9).unwrap();
    assert!(matches!(page, Page::Entries { entries, has_more: false, .. } if entries.is_empty()));
    client.batch_execute("drop trigger is_full on entitle_entries").unwrap();
    assert!(matches!(append(), Appended::Stored(_)));
}
