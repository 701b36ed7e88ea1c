//! A PostgreSQL database does what the other stores do, while processes are killed and it crashes.

use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use entitle::record::Beginning;
use entitle::{Command, Entry, RecordId, RequestId, Tenant, TenantId};
use entitle_host::store::{Page, Position, PostgresStore, Store, StoreError};
use entitle_host::writer::Answer;
use entitle_host::{Host, conformance, random};

use crate::postgres_server::Server;
use crate::support::{admin, catalog, child, child_folder, license, now, ring};

/// How many processes are killed while they write, and how often the server crashes.
/// `ENTITLE_KILLS` sets another number of kills.
const KILLS: u64 = 12;
const CRASHES: u64 = 3;

/// How many processes write at a time, with how many threads each.
const PROCESSES: usize = 2;
const THREADS: usize = 4;

/// How many seats they write for.
const SEATS: u32 = 3;

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
    assert!(matches!(PostgresStore::connect("host"), Err(StoreError::Failed { .. })));
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

/// Gives seats and takes them for ever, and prints every answer on a line.
fn write_until_killed(database: &str) {
    let store = loop {
        match PostgresStore::connect(database) {
            Ok(store) => break store,
            // The server is starting again.
            Err(_) => thread::sleep(Duration::from_millis(20)),
        }
    };
    let host = Host::new(store, catalog(), ring()).poll(Duration::from_millis(100)).start();
    let tenant = loop {
        match host.tenant(&id()) {
            Ok(tenant) => break tenant,
            Err(_) => thread::sleep(Duration::from_millis(20)),
        }
    };
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let tenant = tenant.clone();
            scope.spawn(move || {
                for number in 0_usize.. {
                    let user = format!("user-{}", (thread + number) % 7).parse().unwrap();
                    let plan = "pro".parse().unwrap();
                    let command =
                        if number % 2 == 0 { Command::assign(user, plan) } else { Command::unassign(user, plan) };
                    let request = random::request_id().unwrap();
                    let answer = tenant.submit_once(admin(), vec![command], request, now());
                    let word = match answer {
                        Answer::Stored { .. } => "stored",
                        Answer::Refused(_) | Answer::NotStored(_) => "denied",
                        Answer::Unknown => "unknown",
                    };
                    println!("\n{word} {request}");
                    let seated = tenant.now().pool(&"pro".parse().unwrap(), now()).seated;
                    assert!(seated <= u64::from(SEATS), "{seated} seats");
                }
            });
        }
    });
}

fn id() -> TenantId {
    "contoso".parse().unwrap()
}

#[test]
fn whatever_is_killed_nothing_acknowledged_is_lost_and_no_seat_is_too_many() {
    if let Some(database) = child_folder() {
        return write_until_killed(&database.to_string_lossy());
    }
    let Some(server) = Server::start() else { return };
    let store = PostgresStore::connect(&server.database()).unwrap();
    let beginning = store.begin(&Beginning::new(id(), RecordId::from_random([1; 16]))).unwrap();
    let tenant = Tenant::new(&catalog(), &ring(), &beginning);
    let install = Command::Install(license("contoso", 1, SEATS));
    let entry = tenant.decide(&admin(), &[install], RequestId::from_random([2; 16]), now()).unwrap();
    store.append(&id(), Position::of(tenant.head()), &[entry]);

    let kills = std::env::var("ENTITLE_KILLS").map_or(KILLS, |number| number.parse().unwrap());
    let (sender, answers) = mpsc::channel();
    let mut running: Vec<Child> = (0..PROCESSES).map(|_| writer(&server, &sender)).collect();
    for kill in 0..kills {
        thread::sleep(Duration::from_millis(250 + kill * 37 % 200));
        let mut killed = running.remove(0);
        assert_eq!(killed.try_wait().unwrap(), None, "a process ended by itself");
        killed.kill().unwrap();
        killed.wait().unwrap();
        if kill % (kills / CRASHES).max(1) == 0 {
            server.crash();
        }
        running.push(writer(&server, &sender));
    }
    thread::sleep(Duration::from_millis(500));
    for mut child in running {
        child.kill().unwrap();
        child.wait().unwrap();
    }
    drop(sender);
    let answers: Vec<String> = answers.into_iter().collect();
    // What a killed client sent may still appear.
    thread::sleep(Duration::from_secs(2));
    compare(&store, tenant, &answers);
}

fn writer(server: &Server, answers: &mpsc::Sender<String>) -> Child {
    let test = "postgres::whatever_is_killed_nothing_acknowledged_is_lost_and_no_seat_is_too_many";
    let mut child = child(test, Path::new(&server.database())).stdout(Stdio::piped()).spawn().unwrap();
    let (out, answers) = (child.stdout.take().unwrap(), answers.clone());
    thread::spawn(move || {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            _ = answers.send(line);
        }
    });
    child
}

/// Compares every answer with the record, and every state with the number of seats.
fn compare(store: &PostgresStore, mut tenant: Tenant, answers: &[String]) {
    let began = Instant::now();
    let mut numbers: BTreeMap<String, u64> = BTreeMap::new();
    loop {
        let page = store.read(&id(), Position::of(tenant.head()), 1_000);
        let Ok(Page::Entries { entries, has_more, .. }) = page else {
            assert!(began.elapsed() < Duration::from_secs(20), "{page:?}");
            continue;
        };
        for entry in &entries {
            tenant.apply(entry).unwrap();
            assert!(tenant.pool(&"pro".parse().unwrap(), now()).seated <= u64::from(SEATS));
            assert_eq!(numbers.insert(entry.request().to_string(), Entry::number(entry)), None, "stored twice");
        }
        if !has_more {
            break;
        }
    }
    let requests = |word: &str| -> BTreeSet<&str> {
        answers.iter().filter_map(|line| line.strip_prefix(word)).map(str::trim).filter(|id| id.len() == 32).collect()
    };
    let (stored, denied, unknown) = (requests("stored "), requests("denied "), requests("unknown "));
    let lost: Vec<_> = stored.iter().filter(|request| !numbers.contains_key(**request)).collect();
    let wrong: Vec<_> = denied.iter().filter(|request| numbers.contains_key(**request)).collect();
    println!(
        "{} entries; {} acknowledged, {} refused or not stored, {} unknown",
        numbers.len(),
        stored.len(),
        denied.len(),
        unknown.len()
    );
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    assert!(wrong.is_empty(), "denied and stored: {wrong:?}");
    assert!(stored.len() > 50, "hardly anything was written");
}
