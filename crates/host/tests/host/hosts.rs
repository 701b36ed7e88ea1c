//! Several hosts over one store: what one stores, others see, and what is decided is decided once.

use core::sync::atomic::Ordering;
use core::time::Duration;
use std::thread;
use std::time::Instant;

use entitle::chrono::TimeDelta;
use entitle::record::Beginning;
use entitle::time::End;
use entitle::{Command, RecordId, RequestId};
use entitle_host::store::{Page, Position, SqliteStore, Store};
use entitle_host::writer::{Answer, NotStored};
use entitle_host::{Host, clock};

use crate::faulty_store::{Shared, assign, id, settings};
use crate::support::{Folder, admin, at, catalog, is_member, join, license, now, ring};

#[test]
fn what_is_submitted_is_read_at_once_and_elsewhere_soon() {
    let store = Shared::default();
    let (one, other) = (settings(store.clone()).start(), settings(store).start());
    let (ours, theirs) = (one.begin(&id()).unwrap(), other.begin(&id()).unwrap());
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
    let (ours, theirs) = (one.begin(&id()).unwrap(), other.begin(&id()).unwrap());
    for number in 1..5 {
        ours.submit(admin(), vec![join(&format!("user-{number}"))], now()).unwrap();
        let began = Instant::now();
        while theirs.now().position() < number {
            assert!(began.elapsed() < Duration::from_secs(10), "not seen");
            thread::sleep(Duration::from_millis(1));
        }
    }
}

/// Checks that a process whose clock differs from the store's reads and does not write.
pub(crate) fn assert_writes_by_its_clock<S: Store + 'static>(store: S) {
    let host = Host::new(store, catalog(), ring()).start();
    let (tenant, now) = (host.begin(&id()).unwrap(), clock::now());
    assert!(matches!(tenant.submit(admin(), vec![join("bo")], now).unwrap(), Answer::Stored { .. }));
    for seconds in [-90, 90] {
        let answer = tenant.submit(admin(), vec![join("cy")], now + TimeDelta::seconds(seconds)).unwrap();
        assert!(matches!(answer, Answer::NotStored(NotStored::ClockDiffers { .. })), "{answer}");
    }
    assert!(is_member(&tenant.now(), "bo") && !is_member(&tenant.now(), "cy"));
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
    let first = hosts[0].begin(&id()).unwrap();
    let installed = first.submit(admin(), vec![Command::Install(license("contoso", 1, 5))], now()).unwrap();
    assert_eq!(installed, Answer::Stored { number: 1 });
    let answers: Vec<Answer> = thread::scope(|scope| {
        let write = |number: usize| {
            let tenant = hosts[number % 2].begin(&id()).unwrap();
            move || tenant.submit(admin(), assign(&format!("user-{number}")), now()).unwrap()
        };
        let writers: Vec<_> = (0..16).map(|number| scope.spawn(write(number))).collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).collect()
    });
    let stored = answers.iter().filter(|answer| matches!(answer, Answer::Stored { .. })).count();
    let refused = answers.iter().filter(|answer| matches!(answer, Answer::Refused(_))).count();
    assert_eq!((stored, refused), (5, 11), "{answers:#?}");
    for host in &hosts {
        let tenant = host.begin(&id()).unwrap().at_least(6, Duration::from_secs(5)).unwrap();
        assert_eq!(tenant.pool(&"pro".parse().unwrap(), now()).seated, 5);
    }
}

#[test]
fn those_who_submit_at_the_same_time_share_calls() {
    let host = settings(Shared::default()).start();
    let tenant = host.begin(&id()).unwrap();
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
        let tenant = host.begin_async(id()).await.unwrap().unwrap();
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
    let tenant = host.begin(&id()).unwrap();
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
fn a_pass_is_kept_and_names_what_was_checked() {
    let host = settings(Shared::default()).start();
    let tenant = host.begin(&id()).unwrap();
    let (ada, export) = ("ada".parse().unwrap(), catalog().app("export").unwrap());
    assert!(tenant.pass(&ada, &export, now()).is_err());
    let mut commands = vec![Command::Install(license("contoso", 1, 1))];
    commands.extend(assign("ada"));
    tenant.submit(admin(), commands, now()).unwrap();
    let pass = tenant.pass(&ada, &export, now()).unwrap();
    let pass = thread::spawn(move || pass).join().unwrap();
    assert_eq!((pass.tenant(), pass.user(), pass.app().as_str(), pass.position()), (&id(), &ada, "export", 1));
    assert!(pass.holds_at(now()) && !pass.holds_at(at("2028-01-01T00:00:00Z")));
    let End::At(until) = pass.until() else { panic!("it ends") };
    assert!(pass.holds_at(until - TimeDelta::seconds(1)) && !pass.holds_at(until), "the end is not in it");
}

/// As an application has it that chooses its store when it starts.
#[test]
fn a_store_in_a_box_has_its_hints_and_its_clock() {
    let folder = Folder::new();
    assert_seen_by_hints(|| -> Box<dyn Store> { Box::new(SqliteStore::open(folder.path("records.db")).unwrap()) });
    let store = Shared::default();
    store.1.clock.store(1, Ordering::Relaxed);
    let store: Box<dyn Store> = Box::new(store);
    assert_writes_by_its_clock(store);
}
