//! Calls of a host that fail, stay without an answer or are repeated.

use core::sync::atomic::Ordering;
use core::time::Duration;
use std::thread;
use std::time::Instant;

use entitle::RequestId;
use entitle::chrono::TimeDelta;
use entitle_host::store::{SqliteStore, Store as _};
use entitle_host::writer::{Answer, NotStored, WriterStatus};
use entitle_host::{Host, LoadError, clock};

use crate::faulty_store::{Shared, assign, broken, id, settings};
use crate::support::{Folder, admin, is_member, join, now};

#[test]
fn calls_that_fail_are_repeated_and_lost_answers_are_settled() {
    let store = Shared::default();
    let host = settings(store.clone()).start();
    let tenant = host.begin(&id()).unwrap();
    store.1.not_stored.store(3, Ordering::Relaxed);
    assert_eq!(tenant.submit(admin(), vec![join("bo")], now()).unwrap(), Answer::Stored { number: 1 });
    store.1.answers_lost.store(1, Ordering::Relaxed);
    assert_eq!(tenant.submit(admin(), vec![join("cy")], now()).unwrap(), Answer::Stored { number: 2 });
    assert_eq!(tenant.now().position(), 2);
}

#[test]
fn a_store_that_panics_keeps_nobody_else_waiting() {
    let store = Shared::default();
    let host = settings(store.clone()).start();
    let tenant = host.begin(&id()).unwrap();
    store.1.panics.store(1, Ordering::Relaxed);
    let panicked =
        thread::scope(|scope| scope.spawn(|| tenant.submit(admin(), vec![join("bo")], now())).join().is_err());
    assert!(panicked, "who made the call");
    let answer = tenant.submit(admin(), vec![join("cy")], now()).unwrap();
    assert!(matches!(answer, Answer::Stored { .. }), "{answer:?}");
    assert!(is_member(&tenant.now(), "cy"));
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
fn readings_that_fail_and_calls_after_those_of_others_are_counted() {
    let store = Shared::default();
    let start = || settings(store.clone()).poll(Duration::from_secs(600)).start();
    let (one, other) = (start(), start());
    let (ours, theirs) = (one.begin(&id()).unwrap(), other.begin(&id()).unwrap());
    store.1.not_read.store(1, Ordering::Relaxed);
    ours.at_least(1, Duration::from_millis(200)).unwrap_err();
    assert_eq!(one.metrics().failures, 1);
    ours.submit(admin(), vec![join("bo")], now()).unwrap();
    theirs.submit(admin(), vec![join("cy")], now()).unwrap();
    theirs.submit(admin(), vec![join("di")], now()).unwrap();
    ours.submit(admin(), vec![join("ed")], now()).unwrap();
    assert_eq!(one.metrics().conflicts, 1);
}

#[test]
fn who_submits_while_a_call_hangs_is_answered_in_time() {
    let store = Shared::default();
    let host = settings(store.clone()).patience(Duration::from_millis(200)).start();
    let tenant = host.begin(&id()).unwrap();
    store.1.hangs.store(1, Ordering::Relaxed);
    thread::scope(|scope| {
        scope.spawn(|| tenant.submit(admin(), vec![join("bo")], now()));
        while store.1.hangs.load(Ordering::Relaxed) > 0 {
            thread::sleep(Duration::from_millis(1));
        }
        let began = Instant::now();
        let answer = tenant.submit(admin(), vec![join("cy")], now()).unwrap();
        assert!(began.elapsed() < Duration::from_millis(1_500), "{:?}", began.elapsed());
        assert_eq!(answer, Answer::NotStored(NotStored::TimeOver(None)));
    });
}

#[test]
fn a_store_that_stays_broken_is_answered_in_time() {
    let store = Shared::default();
    let host = settings(store.clone()).patience(Duration::from_millis(200)).start();
    let tenant = host.begin(&id()).unwrap();
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
    let tenant = host.begin(&id()).unwrap();
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
        |host: &Host<Shared>| host.begin(&id()).unwrap().submit_once(admin(), vec![join("bo")], request, now());
    assert_eq!(submit(&settings(store.clone()).start()), Answer::Stored { number: 1 });
    assert_eq!(submit(&settings(store.clone()).start()), Answer::Stored { number: 1 });
    assert_eq!(store.find(&id(), request), Ok(Some(1)));
}

#[test]
fn the_store_is_asked_for_an_earlier_attempt_only_where_it_decides_the_answer() {
    let store = Shared::default();
    let finds = || store.1.finds.load(Ordering::Relaxed);
    let tenant = settings(store.clone()).start().begin(&id()).unwrap();
    let once =
        |number: u8, commands| tenant.submit_once(admin(), commands, RequestId::from_random([number; 16]), now());
    assert_eq!(once(1, vec![join("bo")]), Answer::Stored { number: 1 });
    assert_eq!(finds(), 0, "it is stored, so it was not");
    // Another process, whose attempt this is the repetition of.
    let elsewhere = settings(store.clone()).start().begin(&id()).unwrap();
    let request = RequestId::from_random([2; 16]);
    assert_eq!(elsewhere.submit_once(admin(), vec![join("cy")], request, now()), Answer::Stored { number: 2 });
    assert_eq!(once(2, vec![join("cy")]), Answer::Stored { number: 2 });
    // What is refused may be because of the earlier attempt.
    assert!(matches!(once(3, assign("bo")), Answer::Refused(_)));
    assert!(finds() >= 1);
    // A store that did not look at it is asked before anything is answered.
    let before = finds();
    store.1.not_stored.store(1, Ordering::Relaxed);
    assert_eq!(once(4, vec![join("di")]), Answer::Stored { number: 3 });
    assert_eq!(finds(), before + 1);
}

#[test]
fn a_clock_that_differs_is_compared_again_with_the_stores_before_a_write_is_refused() {
    let store = Shared::default();
    store.1.clock.store(1, Ordering::Relaxed);
    let tenant = settings(store.clone()).start().begin(&id()).unwrap();
    let submit = |hours: i64| {
        let now = clock::now() + TimeDelta::hours(hours);
        tenant.submit(admin(), vec![join(&format!("user-{hours}"))], now).unwrap()
    };
    assert!(matches!(submit(0), Answer::Stored { .. }));
    // The clocks of this machine and of the store were set, or it was suspended.
    store.1.clock.store(3_600, Ordering::Relaxed);
    assert!(matches!(submit(1), Answer::Stored { .. }));
    let answer = submit(5);
    assert!(matches!(answer, Answer::NotStored(NotStored::ClockDiffers { .. })), "{answer}");
}

#[test]
fn the_store_is_seldom_asked_for_its_time_by_loading_polling_and_submitting() {
    let store = Shared::default();
    store.1.clock.store(1, Ordering::Relaxed);
    let asked = || store.1.clock_asked.load(Ordering::Relaxed);
    let host = settings(store.clone()).poll(Duration::from_micros(10)).start();
    let tenants = ["contoso", "northwind", "wingtip"].map(|id| host.begin(&id.parse().unwrap()).unwrap());
    for (number, tenant) in tenants.iter().cycle().take(30).enumerate() {
        let answer = tenant.submit(admin(), vec![join(&format!("user-{number}"))], clock::now()).unwrap();
        assert!(matches!(answer, Answer::Stored { .. }), "{answer}");
    }
    assert_eq!(asked(), 1, "once a minute");
    // Nor does a wrong clock have it asked at each submission.
    for _ in 0..200 {
        let answer = tenants[0].submit(admin(), vec![join("bo")], now()).unwrap();
        assert!(matches!(answer, Answer::NotStored(NotStored::ClockDiffers { .. })), "{answer}");
    }
    assert!(asked() < 200, "{}", asked());
}

#[test]
fn a_store_that_does_not_say_its_time_is_asked_again_by_the_next_poll() {
    let store = Shared::default();
    store.1.clock.store(1, Ordering::Relaxed);
    store.1.clock_not_read.store(1, Ordering::Relaxed);
    let host = settings(store.clone()).start();
    let (tenant, began) = (host.begin(&id()).unwrap(), Instant::now());
    while !matches!(
        tenant.submit(admin(), vec![join("bo")], now()).unwrap(),
        Answer::NotStored(NotStored::ClockDiffers { .. })
    ) {
        assert!(began.elapsed() < Duration::from_secs(5), "not asked");
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn x7_a_tenant_whose_store_has_forked_answers_and_writes_nothing() {
    let folder = Folder::new();
    let open = || SqliteStore::open(folder.path("records.db")).unwrap();
    let host = settings(open()).start();
    let tenant = host.begin(&id()).unwrap();
    tenant.submit(admin(), vec![join("bo")], now()).unwrap();
    // What a restored backup and another process lead to: another entry 1.
    rewrite(&folder.path("records.db"));
    let answer = tenant.submit(admin(), vec![join("cy")], now()).unwrap();
    assert_eq!(answer, Answer::NotStored(NotStored::Forked));
    assert_eq!(tenant.status(), WriterStatus::Stopped(NotStored::Forked));
    assert!(is_member(&tenant.now(), "bo"), "it answers with what it has");
    // Who waits for more is answered at once.
    let began = Instant::now();
    let not_reached = tenant.at_least(9, Duration::from_secs(600)).unwrap_err();
    assert!(began.elapsed() < Duration::from_secs(60));
    assert_eq!((not_reached.position, not_reached.stopped), (1, Some(NotStored::Forked)));
    assert_eq!(tenant.entries(), Err(LoadError::Replaced { tenant: id() }), "it has not the entries that are stored");
}

#[test]
fn x7_the_entries_of_a_record_that_was_replaced_are_none_of_the_tenant() {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.path("records.db")).unwrap();
    let host = settings(store).poll(Duration::from_secs(600)).start();
    let tenant = host.begin(&id()).unwrap();
    for user in ["bo", "cy"] {
        tenant.submit(admin(), vec![join(user)], now()).unwrap();
    }
    assert_eq!(tenant.entries().unwrap().len(), 2);
    let replaced = || Err(LoadError::Replaced { tenant: id() });
    let database = rusqlite::Connection::open(folder.path("records.db")).unwrap();
    let change = |sql: &str| database.execute(sql, []).unwrap();
    // The second entry is of a newer release.
    let text: String =
        database.query_row("select entry from entitle_entries where number = 2", [], |row| row.get(0)).unwrap();
    change("update entitle_entries set entry = '{\"previous\":\"of a newer release\"}' where number = 2");
    let unreadable = tenant.entries().unwrap_err();
    assert!(matches!(&unreadable, LoadError::Unreadable { number: 2, .. }), "{unreadable}");
    database.execute("update entitle_entries set entry = ?1 where number = 2", [&text]).unwrap();
    assert_eq!(tenant.entries().unwrap().len(), 2);
    // It goes on from another second entry.
    change("delete from entitle_entries where number = 2");
    assert_eq!(tenant.entries(), replaced());
    let elsewhere = settings(SqliteStore::open(folder.path("records.db")).unwrap()).start().begin(&id()).unwrap();
    for user in ["di", "ed"] {
        elsewhere.submit(admin(), vec![join(user)], now()).unwrap();
    }
    assert_eq!((tenant.entries(), elsewhere.entries().unwrap().len()), (replaced(), 3));
    // It is another record.
    change("delete from entitle_entries");
    settings(SqliteStore::open(folder.path("records.db")).unwrap()).start().begin(&id()).unwrap();
    assert_eq!(tenant.entries(), replaced());
}

/// Takes the last entry out of a database, as restoring a backup does.
fn rewrite(path: &std::path::Path) {
    let connection = rusqlite::Connection::open(path).unwrap();
    assert_eq!(connection.execute("delete from entitle_entries where number = 1", []).unwrap(), 1);
}
