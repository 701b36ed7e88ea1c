//! Processes that write the last seats of one tenant are killed, and the database crashes under them:
//! every answer is compared with the record, and every state that readers had with the seats.

use core::cell::Cell;
use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Instant;

use entitle::record::Beginning;
use entitle::{Command, Entry, RecordId, RequestId, Tenant, TenantId};
use entitle_host::store::{Appended, FileStore, NatsStore, Page, Position, SqliteStore, Store, StoreError};
use entitle_host::writer::Answer;
use entitle_host::{Host, random};

use crate::support::{Folder, admin, catalog, child, child_folder, license, now, ring};

/// How many processes are killed while they write; `ENTITLE_KILLS` sets another number.
const KILLS: u64 = 4;

/// The database crashes after every so many kills.
const KILLS_A_CRASH: u64 = 4;

/// How many processes write at a time, with how many threads each, for how many seats.
const PROCESSES: usize = 3;
const THREADS: usize = 8;
const SEATS: u32 = 3;

/// How long every process writes before the next is killed, at least.
const BETWEEN_KILLS: Duration = Duration::from_millis(250);

/// How many acknowledgements there have to be, for the comparison to mean something.
const ACKNOWLEDGED: usize = 50;

/// The test that a child process runs.
const WRITER: &str = "faults::writes_until_it_is_killed";

/// Opens a store by the text that a child process is given.
fn open(store: &str) -> Result<Box<dyn Store>, StoreError> {
    match store.split_once(' ') {
        Some(("file", folder)) => Ok(Box::new(FileStore::open(folder)?)),
        Some(("sqlite", path)) => Ok(Box::new(SqliteStore::open(path)?)),
        Some(("nats", servers)) => Ok(Box::new(NatsStore::connect(servers)?)),
        #[cfg(unix)]
        Some(("postgres", database)) => Ok(Box::new(entitle_host::store::PostgresStore::connect(database)?)),
        _ => panic!("{store}"),
    }
}

/// Gives seats and takes them for ever, and prints every answer on a line.
#[test]
fn writes_until_it_is_killed() {
    let Some(given) = child_folder() else { return };
    let given = given.to_string_lossy();
    // A child whose bug is planted acknowledges before it stores.
    let (store, is_early) = given.strip_prefix("early ").map_or((&*given, false), |store| (store, true));
    let retry = || thread::sleep(Duration::from_millis(20));
    let store = loop {
        match open(store) {
            Ok(store) => break store,
            Err(StoreError::Unavailable { .. }) => retry(),
            Err(error) => panic!("{error}"),
        }
    };
    let host =
        Host::new(store, catalog(), ring()).poll(Duration::from_millis(100)).clock_tolerance(Duration::MAX).start();
    let tenant = loop {
        match host.begin(&id()) {
            Ok(tenant) => break tenant,
            Err(_) => retry(),
        }
    };
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let tenant = tenant.clone();
            scope.spawn(move || {
                for number in 0_usize.. {
                    let (user, plan) =
                        (format!("user-{}", (thread + number) % 7).parse().unwrap(), "pro".parse().unwrap());
                    let assigns = number.is_multiple_of(2);
                    let command = if assigns { Command::assign(user, plan) } else { Command::unassign(user, plan) };
                    let request = random::request_id().unwrap();
                    if is_early && number.is_multiple_of(3) {
                        println!("\nstored {request}");
                    }
                    let answer = tenant.submit_once(admin(), vec![command], request, now());
                    let word = match &answer {
                        Answer::Stored { .. } => "stored",
                        Answer::Refused(_) | Answer::NotStored(_) if is_early => "seen",
                        Answer::Refused(_) | Answer::NotStored(_) => "denied",
                        Answer::Unknown { .. } => "unknown",
                    };
                    println!("\n{word} {request} {answer}");
                    assert!(seated(&tenant.now()) <= SEATS.into());
                }
            });
        }
    });
}

fn id() -> TenantId {
    "contoso".parse().unwrap()
}

fn seated(tenant: &Tenant) -> u64 {
    tenant.pool(&"pro".parse().unwrap(), now()).seated
}

/// Kills writers over a store, and compares. Returns what is wrong.
fn faults(name: &str, given: &str, crash: impl Fn(&AtomicU64)) -> Result<(), String> {
    let store = open(given.strip_prefix("early ").unwrap_or(given)).unwrap();
    let beginning = store.begin(&Beginning::new(id(), RecordId::from_random([1; 16]))).unwrap();
    let tenant = Tenant::new(&catalog(), &ring(), &beginning);
    let install = Command::Install(license("contoso", 1, SEATS));
    let entry = tenant.decide(&admin(), &[install], RequestId::from_random([2; 16]), now()).unwrap();
    let installed = store.append(&id(), Position::of(tenant.head()), &[entry]);
    assert!(matches!(installed, Appended::Stored(_)), "{installed:?}");

    let kills = std::env::var("ENTITLE_KILLS").map_or(KILLS, |number| number.parse().unwrap());
    let (sender, answers) = mpsc::channel();
    let stored = Arc::new(AtomicU64::new(0));
    let writer = || writer(given, &sender, &stored);
    let mut running: Vec<Child> = (0..PROCESSES).map(|_| writer()).collect();
    for kill in 0..kills {
        thread::sleep(BETWEEN_KILLS + Duration::from_millis(kill * 37 % 200));
        let mut killed = running.remove(0);
        assert_eq!(killed.try_wait().unwrap(), None, "a process ended by itself");
        killed.kill().unwrap();
        killed.wait().unwrap();
        if kill % KILLS_A_CRASH == 1 {
            crash(&stored);
        }
        running.push(writer());
    }
    // Not by the time: a machine that does other things, too, or servers that elect a leader take as long
    // as they take.
    let began = Instant::now();
    while stored.load(Ordering::Relaxed) < 2 * ACKNOWLEDGED as u64 && began.elapsed() < Duration::from_secs(60) {
        thread::sleep(Duration::from_millis(20));
    }
    for mut child in running {
        assert_eq!(child.try_wait().unwrap(), None, "a process ended by itself");
        child.kill().unwrap();
        child.wait().unwrap();
    }
    drop(sender);
    let answers: Vec<String> = answers.into_iter().collect();
    // What a killed client sent to a server may still appear.
    if given.starts_with("postgres ") || given.starts_with("nats ") {
        thread::sleep(Duration::from_secs(2));
    }
    compare(name, &*store, tenant, &answers)
}

/// Starts a process that writes; its answers are sent on, and those that something is stored counted.
fn writer(given: &str, answers: &mpsc::Sender<String>, stored: &Arc<AtomicU64>) -> Child {
    let mut child = child(WRITER, Path::new(given)).stdout(Stdio::piped()).spawn().unwrap();
    let (out, answers, stored) = (child.stdout.take().unwrap(), answers.clone(), Arc::clone(stored));
    thread::spawn(move || {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            stored.fetch_add(line.starts_with("stored ").into(), Ordering::Relaxed);
            _ = answers.send(line);
        }
    });
    child
}

/// Compares every answer with the record, and every state with the number of seats.
fn compare(name: &str, store: &dyn Store, mut tenant: Tenant, answers: &[String]) -> Result<(), String> {
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
            if seated(&tenant) > SEATS.into() {
                return Err(format!("{} seats at entry {}", seated(&tenant), entry.number()));
            }
            if numbers.insert(entry.request().to_string(), Entry::number(entry)).is_some() {
                return Err(format!("{} is stored twice", entry.request()));
            }
        }
        if !has_more {
            break;
        }
    }
    let requests = |word: &str| -> BTreeSet<&str> {
        let ids = answers.iter().filter_map(|line| line.strip_prefix(word)?.get(..32));
        ids.filter(|id| id.bytes().all(|byte| byte.is_ascii_hexdigit())).collect()
    };
    let answer = |request: &str| answers.iter().find(|line| line.contains(request)).cloned().unwrap_or_default();
    let (stored, denied, unknown) = (requests("stored "), requests("denied "), requests("unknown "));
    let (acknowledged, entries) = (stored.len(), numbers.len());
    println!(
        "{name}: {entries} entries, {acknowledged} acknowledged, {} denied, {} unknown",
        denied.len(),
        unknown.len()
    );
    if let Some(lost) = stored.iter().find(|request| !numbers.contains_key(**request)) {
        return Err(format!("acknowledged, and lost: {}", answer(lost)));
    }
    if let Some(wrong) = denied.iter().find(|request| numbers.contains_key(**request)) {
        return Err(format!("stored as entry {}, and denied: {}", numbers[*wrong], answer(wrong)));
    }
    if stored.len() >= ACKNOWLEDGED { Ok(()) } else { Err(format!("only {acknowledged} were acknowledged")) }
}

#[test]
fn over_files_nothing_acknowledged_is_lost_and_no_seat_is_too_many() {
    let folder = Folder::new();
    assert_eq!(faults("files", &format!("file {}", folder.path("").display()), |_| {}), Ok(()));
}

#[test]
fn over_sqlite_nothing_acknowledged_is_lost_and_no_seat_is_too_many() {
    let folder = Folder::new();
    let given = format!("sqlite {}", folder.path("records.db").display());
    // Processes are all that can crash of it.
    assert_eq!(faults("SQLite", &given, |_| fs::metadata(folder.path("records.db")).map(drop).unwrap()), Ok(()));
}

#[cfg(unix)]
#[test]
fn over_postgresql_that_crashes_nothing_acknowledged_is_lost_and_no_seat_is_too_many() {
    let Some(server) = crate::postgres_server::Server::start() else { return };
    assert_eq!(faults("PostgreSQL", &format!("postgres {}", server.database()), |_| server.crash()), Ok(()));
}

#[test]
fn over_nats_that_loses_one_server_of_three_nothing_acknowledged_is_lost_and_no_seat_is_too_many() {
    let Some(servers) = crate::nats_server::Servers::three() else { return };
    // It makes the stream.
    drop(servers.connect());
    let times = Cell::new(0);
    let crash = |stored: &AtomicU64| {
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
        let (before, began) = (stored.load(Ordering::Relaxed), Instant::now());
        while stored.load(Ordering::Relaxed) < before + 10 {
            let waits = began.elapsed() < Duration::from_secs(60);
            assert!(waits, "nothing is stored:\n{}\n{}", servers.seen_by_another(node), servers.log());
            thread::sleep(Duration::from_millis(20));
        }
        if is_pause { servers.pause(node, false) } else { servers.restart(node) }
    };
    let found = faults("NATS", &format!("nats {}", servers.addresses()), crash);
    assert!(found.is_ok(), "{found:?}\n{}", servers.log());
}

#[test]
fn an_acknowledgement_before_the_entry_is_stored_is_noticed() {
    let folder = Folder::new();
    let given = format!("early sqlite {}", folder.path("records.db").display());
    let found = faults("acknowledged early", &given, |_| {}).unwrap_err();
    assert!(found.starts_with("acknowledged, and lost"), "{found}");
}
