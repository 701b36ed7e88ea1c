//! Many tenants over one store, in several processes.

use core::sync::atomic::{AtomicU32, Ordering};
use core::time::Duration;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use entitle::chrono::TimeDelta;
use entitle::record::{Beginning, Head};
use entitle::{Command, Entry, RecordId, RequestId, TenantId};
use entitle_host::store::{Appended, Change, MemoryStore, Page, Position, SqliteStore, Store, StoreError};
use entitle_host::writer::{Answer, NotStored, WriterStatus};
use entitle_host::{Host, HostBuilder, HostTenant, clock};

use crate::support::{Folder, admin, anchored, at, catalog, is_member, join, license, now, ring};

/// A store that several hosts share.
#[derive(Debug, Clone, Default)]
struct Shared(Arc<MemoryStore>, Arc<Faults>);

/// How many of the next appends fail, and how.
#[derive(Debug, Default)]
struct Faults {
    not_stored: AtomicU32,
    answers_lost: AtomicU32,
    not_compared: AtomicU32,
    not_saved: AtomicU32,
    /// Readings from the beginning of a record, as for a proof.
    not_read: AtomicU32,
}

fn takes_one(of: &AtomicU32) -> bool {
    of.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
}

fn broken() -> StoreError {
    StoreError::Unavailable { detail: "broken".to_string() }
}

impl Store for Shared {
    fn begin(&self, beginning: &Beginning) -> Result<Beginning, StoreError> {
        self.0.begin(beginning)
    }

    fn read(&self, tenant: &TenantId, after: Position, max: usize) -> Result<Page, StoreError> {
        if after.head.number() == 0 && takes_one(&self.1.not_read) {
            return Err(broken());
        }
        self.0.read(tenant, after, max)
    }

    fn append(&self, tenant: &TenantId, after: Position, entries: &[Entry]) -> Appended {
        if takes_one(&self.1.not_stored) {
            return Appended::NotStored(broken());
        }
        let appended = self.0.append(tenant, after, entries);
        if takes_one(&self.1.answers_lost) { Appended::Unknown(broken()) } else { appended }
    }

    fn find(&self, tenant: &TenantId, request: RequestId) -> Result<Option<u64>, StoreError> {
        self.0.find(tenant, request)
    }

    fn changed(&self, known: &[(TenantId, Head)]) -> Result<Vec<(TenantId, Change)>, StoreError> {
        if takes_one(&self.1.not_compared) { Err(broken()) } else { self.0.changed(known) }
    }

    fn load_snapshot(&self, tenant: &TenantId) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.load_snapshot(tenant)
    }

    fn save_snapshot(&self, tenant: &TenantId, head: Head, snapshot: &[u8]) -> Result<(), StoreError> {
        if takes_one(&self.1.not_saved) { Err(broken()) } else { self.0.save_snapshot(tenant, head, snapshot) }
    }
}

fn settings<S: Store + 'static>(store: S) -> HostBuilder<S> {
    Host::new(store, catalog(), ring()).poll(Duration::from_millis(20))
}

fn id() -> TenantId {
    "contoso".parse().unwrap()
}

fn assign(user: &str) -> Vec<Command> {
    vec![Command::assign(user.parse().unwrap(), "pro".parse().unwrap())]
}

#[test]
fn what_is_submitted_is_read_at_once_and_elsewhere_soon() {
    let store = Shared::default();
    let (one, other) = (settings(store.clone()).start(), settings(store).start());
    let (ours, theirs) = (one.tenant(&id()).unwrap(), other.tenant(&id()).unwrap());
    let answer = ours.submit(admin(), vec![join("bo")], now()).unwrap();
    assert_eq!(answer, Answer::Stored { number: 1 });
    assert!(is_member(&ours.now(), "bo"));
    let read = theirs.at_least(1, Duration::from_secs(5)).unwrap();
    assert!(is_member(&read, "bo"));
    let not_reached = theirs.at_least(2, Duration::from_millis(30)).unwrap_err();
    assert_eq!((not_reached.wanted, not_reached.position), (2, 1));
    // By polling alone.
    ours.submit(admin(), vec![join("cy")], now()).unwrap();
    let began = Instant::now();
    while !is_member(&theirs.now(), "cy") {
        assert!(began.elapsed() < Duration::from_secs(5), "not read");
        thread::sleep(Duration::from_millis(1));
    }
}

/// Without polling, another process sees what one stored, by the hints of the store.
pub(crate) fn assert_seen_by_hints<S: Store + 'static>(open: impl Fn() -> S) {
    let settings = || Host::new(open(), catalog(), ring()).clock_tolerance(Duration::MAX);
    let start = || settings().poll(Duration::from_secs(600)).start();
    let (one, other) = (start(), start());
    let (ours, theirs) = (one.tenant(&id()).unwrap(), other.tenant(&id()).unwrap());
    for number in 1..5 {
        ours.submit(admin(), vec![join(&format!("user-{number}"))], now()).unwrap();
        let began = Instant::now();
        while theirs.now().position() < number {
            assert!(began.elapsed() < Duration::from_secs(10), "not seen");
            thread::sleep(Duration::from_millis(1));
        }
    }
}

#[test]
fn over_sqlite_others_see_what_one_stored_without_polling() {
    let folder = Folder::new();
    assert_seen_by_hints(|| SqliteStore::open(folder.path("records.db")).unwrap());
}

#[test]
fn the_last_seats_go_to_as_many_users_as_there_are_seats() {
    let folder = Folder::new();
    let host = || settings(SqliteStore::open(folder.path("records.db")).unwrap()).start();
    let hosts = [host(), host()];
    let first = hosts[0].tenant(&id()).unwrap();
    let installed = first.submit(admin(), vec![Command::Install(license("contoso", 1, 5))], now()).unwrap();
    assert_eq!(installed, Answer::Stored { number: 1 });
    let answers: Vec<Answer> = thread::scope(|scope| {
        let write = |number: usize| {
            let tenant = hosts[number % 2].tenant(&id()).unwrap();
            move || tenant.submit(admin(), assign(&format!("user-{number}")), now()).unwrap()
        };
        let writers: Vec<_> = (0..16).map(|number| scope.spawn(write(number))).collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).collect()
    });
    let stored = answers.iter().filter(|answer| matches!(answer, Answer::Stored { .. })).count();
    let refused = answers.iter().filter(|answer| matches!(answer, Answer::Refused(_))).count();
    assert_eq!((stored, refused), (5, 11), "{answers:#?}");
    for host in &hosts {
        let tenant = host.tenant(&id()).unwrap().at_least(6, Duration::from_secs(5)).unwrap();
        assert_eq!(tenant.pool(&"pro".parse().unwrap(), now()).seated, 5);
    }
}

#[test]
fn those_who_submit_at_the_same_time_share_calls() {
    let host = settings(Shared::default()).start();
    let tenant = host.tenant(&id()).unwrap();
    thread::scope(|scope| {
        for writer in 0..8 {
            let tenant = tenant.clone();
            scope.spawn(move || {
                for number in 0..25 {
                    let user = format!("user-{writer}-{number}");
                    let answer = tenant.submit(admin(), vec![join(&user)], now()).unwrap();
                    assert!(matches!(answer, Answer::Stored { .. }), "{answer:?}");
                    assert!(is_member(&tenant.now(), &user), "read your writes");
                }
            });
        }
    });
    assert_eq!(tenant.now().position(), 200);
    let metrics = host.metrics();
    assert_eq!((metrics.stored, metrics.entries, metrics.loaded), (200, 200, 1));
    assert!(metrics.appends <= 200 && metrics.conflicts == 0 && metrics.failures == 0, "{metrics:?}");
}

#[test]
fn handlers_on_tokio_await_answers() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let host = settings(Shared::default()).start();
        let tenant = host.tenant_async(id()).await.unwrap().unwrap();
        let request = RequestId::from_random([1; 16]);
        let answer = tenant.submit_once_async(admin(), vec![join("bo")], request, now()).await.unwrap();
        assert_eq!(answer, Answer::Stored { number: 1 });
        let seen = tenant.at_least_async(1, Duration::from_secs(1)).await.unwrap().unwrap();
        assert!(is_member(&seen, "bo"));
    });
}

#[test]
fn what_is_decided_later_is_decided_at_the_time_of_the_host() {
    let store = Shared::default();
    let host = settings(store.clone()).start();
    let tenant = host.tenant(&id()).unwrap();
    // A host whose time is a year from that of the machine.
    let now = clock::now() + TimeDelta::days(365);
    store.1.not_stored.store(1, Ordering::Relaxed);
    tenant.submit(admin(), vec![join("bo")], now).unwrap();
    thread::scope(|scope| {
        for number in 0..8 {
            let tenant = tenant.clone();
            scope.spawn(move || tenant.submit(admin(), vec![join(&format!("user-{number}"))], now).unwrap());
        }
    });
    let beginning = store.begin(&Beginning::new(id(), RecordId::from_random([0; 16]))).unwrap();
    let page = store.read(&id(), Position::of(beginning.head()), 100).unwrap();
    let Page::Entries { entries, .. } = page else { panic!("{page:?}") };
    assert_eq!(entries.len(), 9);
    for entry in entries {
        // Events have whole seconds.
        let after = entry.event().at - now;
        assert!(TimeDelta::seconds(-1) < after && after < TimeDelta::minutes(1), "{after}");
    }
}

#[test]
fn calls_that_fail_are_repeated_and_lost_answers_are_settled() {
    let store = Shared::default();
    let host = settings(store.clone()).start();
    let tenant = host.tenant(&id()).unwrap();
    store.1.not_stored.store(3, Ordering::Relaxed);
    assert_eq!(tenant.submit(admin(), vec![join("bo")], now()).unwrap(), Answer::Stored { number: 1 });
    store.1.answers_lost.store(1, Ordering::Relaxed);
    assert_eq!(tenant.submit(admin(), vec![join("cy")], now()).unwrap(), Answer::Stored { number: 2 });
    assert_eq!(tenant.now().position(), 2);
}

#[test]
fn records_that_could_not_be_compared_are_counted_as_failures() {
    let store = Shared::default();
    let host = settings(store.clone()).start();
    store.1.not_compared.store(2, Ordering::Relaxed);
    let began = Instant::now();
    while host.metrics().failures < 2 {
        assert!(began.elapsed() < Duration::from_secs(5), "not counted");
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_store_that_stays_broken_is_answered_in_time() {
    let store = Shared::default();
    let host = settings(store.clone()).patience(Duration::from_millis(200)).start();
    let tenant = host.tenant(&id()).unwrap();
    store.1.not_stored.store(u32::MAX, Ordering::Relaxed);
    let answer = tenant.submit(admin(), vec![join("bo")], now()).unwrap();
    assert_eq!(answer, Answer::NotStored(NotStored::TimeOver(Some(broken()))));
    assert!(!is_member(&tenant.now(), "bo"));
    store.1.not_stored.store(0, Ordering::Relaxed);
    assert!(matches!(tenant.submit(admin(), vec![join("bo")], now()).unwrap(), Answer::Stored { number: 1 }));
}

#[test]
fn a_request_whose_outcome_is_unknown_is_repeated_by_the_id_in_the_answer() {
    let store = Shared::default();
    let host = settings(store.clone()).patience(Duration::from_millis(200)).start();
    let tenant = host.tenant(&id()).unwrap();
    // What is refused has been decided on the record as it is.
    assert!(matches!(tenant.submit(admin(), assign("bo"), now()), Ok(Answer::Refused(_))));
    // The answer is lost, and the record cannot be read until the time is over.
    store.1.answers_lost.store(1, Ordering::Relaxed);
    store.1.not_read.store(u32::MAX, Ordering::Relaxed);
    let answer = tenant.submit(admin(), vec![join("bo")], now()).unwrap();
    let Answer::Unknown { request } = answer else { panic!("{answer:?}") };
    assert!(answer.to_string().contains(&request.to_string()), "{answer}");
    store.1.not_read.store(0, Ordering::Relaxed);
    let again = tenant.submit_once(admin(), vec![join("bo")], request, now());
    assert_eq!(again, Answer::Stored { number: 1 });
    assert_eq!(tenant.now().position(), 1);
}

#[test]
fn a_repeated_request_is_recognised_after_a_restart() {
    let (store, request) = (Shared::default(), RequestId::from_random([7; 16]));
    let submit =
        |host: &Host<Shared>| host.tenant(&id()).unwrap().submit_once(admin(), vec![join("bo")], request, now());
    assert_eq!(submit(&settings(store.clone()).start()), Answer::Stored { number: 1 });
    assert_eq!(submit(&settings(store.clone()).start()), Answer::Stored { number: 1 });
    assert_eq!(store.find(&id(), request), Ok(Some(1)));
}

#[test]
fn tenants_are_loaded_once_and_the_least_used_go() {
    let host = settings(Shared::default()).keep(16).start();
    let id = |number: u32| format!("tenant-{number}").parse::<TenantId>().unwrap();
    let kept = host.tenant(&id(0)).unwrap();
    for number in 1..100 {
        host.tenant(&id(number)).unwrap().submit(admin(), vec![join("bo")], now()).unwrap();
        assert!(host.loaded() <= 16, "{}", host.loaded());
    }
    // One that is in use stays, and one that went is read again.
    kept.submit(admin(), vec![join("bo")], now()).unwrap();
    assert!(is_member(&host.tenant(&id(0)).unwrap().now(), "bo"));
    assert!(is_member(&host.tenant(&id(1)).unwrap().now(), "bo"));
}

#[test]
fn a_snapshot_is_saved_and_a_host_starts_from_it() {
    let store = Shared::default();
    {
        let host = settings(store.clone()).snapshot_every(5).start();
        let tenant = host.tenant(&id()).unwrap();
        for number in 0..7 {
            tenant.submit(admin(), vec![join(&format!("user-{number}"))], now()).unwrap();
        }
        let began = Instant::now();
        while store.load_snapshot(&id()).unwrap().is_none() {
            assert!(began.elapsed() < Duration::from_secs(5), "no snapshot");
            thread::sleep(Duration::from_millis(1));
        }
    }
    let host = settings(store.clone()).start();
    assert_eq!(host.tenant(&id()).unwrap().now().position(), 7);
    // One that is damaged is ignored.
    let head = host.tenant(&id()).unwrap().now().head();
    store.save_snapshot(&id(), head, b"damaged").unwrap();
    assert_eq!(settings(store).start().tenant(&id()).unwrap().now().position(), 7);
}

#[test]
fn a_snapshot_that_cannot_be_saved_is_made_again_after_as_many_entries() {
    let store = Shared::default();
    store.1.not_saved.store(1_000, Ordering::Relaxed);
    let host = settings(store.clone()).snapshot_every(5).start();
    let tenant = host.tenant(&id()).unwrap();
    let tried = || 1_000 - store.1.not_saved.load(Ordering::Relaxed);
    for tries in 1..4 {
        for number in 0..5 {
            tenant.submit(admin(), vec![join(&format!("user-{tries}-{number}"))], now()).unwrap();
        }
        let began = Instant::now();
        while tried() < tries {
            assert!(began.elapsed() < Duration::from_secs(5), "not tried");
            thread::sleep(Duration::from_millis(1));
        }
        // Several polls.
        thread::sleep(Duration::from_millis(150));
        assert_eq!(tried(), tries);
    }
    assert_eq!(host.metrics().failures, 3);
}

#[test]
fn x7_a_tenant_whose_store_has_forked_answers_and_writes_nothing() {
    let folder = Folder::new();
    let open = || SqliteStore::open(folder.path("records.db")).unwrap();
    let host = settings(open()).start();
    let tenant = host.tenant(&id()).unwrap();
    tenant.submit(admin(), vec![join("bo")], now()).unwrap();
    // What a restored backup and another process lead to: another entry 1.
    rewrite(&folder.path("records.db"));
    let answer = tenant.submit(admin(), vec![join("cy")], now()).unwrap();
    assert_eq!(answer, Answer::NotStored(NotStored::Forked));
    assert_eq!(tenant.status(), WriterStatus::Stopped(NotStored::Forked));
    assert!(is_member(&tenant.now(), "bo"), "it answers with what it has");
}

/// Takes the last entry out of a database, as restoring a backup does.
fn rewrite(path: &std::path::Path) {
    let connection = rusqlite::Connection::open(path).unwrap();
    assert_eq!(connection.execute("delete from entitle_entries where number = 1", []).unwrap(), 1);
}

#[test]
fn x7_an_anchored_license_counts_in_every_process_and_after_a_restart() {
    let store = Shared::default();
    let (one, other) = (settings(store.clone()).start(), settings(store.clone()).start());
    let (ours, theirs) = (one.tenant(&id()).unwrap(), other.tenant(&id()).unwrap());
    ours.submit(admin(), vec![join("bo")], now()).unwrap();
    let token = anchored(&ours.now(), 1);
    ours.submit(admin(), vec![join("cy")], now()).unwrap();
    let answer = ours.submit(admin(), vec![Command::Install(token)], now()).unwrap();
    assert_eq!(answer, Answer::Stored { number: 3 });
    let counts = |tenant: &HostTenant<Shared>| tenant.now().may_install(now()).is_allowed();
    assert!(counts(&ours));
    let began = Instant::now();
    while !counts(&theirs) {
        assert!(began.elapsed() < Duration::from_secs(5), "not proved");
        thread::sleep(Duration::from_millis(1));
    }
    assert!(counts(&settings(store).start().tenant(&id()).unwrap()));
    // On another record it is refused, whatever is tried.
    let elsewhere = settings(Shared::default()).start().tenant(&id()).unwrap();
    let token = anchored(&ours.now(), 2);
    let answer = elsewhere.submit(admin(), vec![Command::Install(token)], now()).unwrap();
    assert!(matches!(answer, Answer::Refused(_)), "{answer:?}");
}

#[test]
fn x7_a_proof_that_fails_is_made_again() {
    let store = Shared::default();
    // Another process, whose store fails by itself.
    let elsewhere = Shared(Arc::clone(&store.0), Arc::default());
    let (one, other) = (settings(store).start(), settings(elsewhere.clone()).start());
    let (ours, theirs) = (one.tenant(&id()).unwrap(), other.tenant(&id()).unwrap());
    ours.submit(admin(), vec![join("bo")], now()).unwrap();
    theirs.at_least(1, Duration::from_secs(5)).unwrap();
    elsewhere.1.not_read.store(2, Ordering::Relaxed);
    ours.submit(admin(), vec![Command::Install(anchored(&ours.now(), 1))], now()).unwrap();
    let began = Instant::now();
    while !theirs.now().may_install(now()).is_allowed() {
        assert!(began.elapsed() < Duration::from_secs(5), "not proved");
        thread::sleep(Duration::from_millis(1));
    }
    assert_eq!(elsewhere.1.not_read.load(Ordering::Relaxed), 0);
}

#[test]
fn a_pass_is_kept_and_names_what_was_checked() {
    let host = settings(Shared::default()).start();
    let tenant = host.tenant(&id()).unwrap();
    let (ada, export) = ("ada".parse().unwrap(), catalog().app("export").unwrap());
    assert!(tenant.pass(&ada, &export, now()).is_err());
    let mut commands = vec![Command::Install(license("contoso", 1, 1))];
    commands.extend(assign("ada"));
    tenant.submit(admin(), commands, now()).unwrap();
    let pass = tenant.pass(&ada, &export, now()).unwrap();
    let pass = thread::spawn(move || pass).join().unwrap();
    assert_eq!((pass.tenant(), pass.user(), pass.app().as_str(), pass.position()), (&id(), &ada, "export", 1));
    assert!(pass.holds_at(now()) && !pass.holds_at(at("2028-01-01T00:00:00Z")));
}
