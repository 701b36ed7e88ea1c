//! The tenants that a host has loaded, their snapshots, and documents that depend on their records.

use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use std::fs;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use entitle::record::SnapshotKey;
use entitle::{Command, Entry, TenantId, Token, Zeroizing};
use entitle_host::store::{FileStore, Store as _};
use entitle_host::writer::{Answer, NotStored};
use entitle_host::{DocumentAnswer, Host, HostTenant, LoadError};

use crate::faulty_store::{Shared, broken, id, settings};
use crate::support::{
    Folder, admin, anchored, assign, at, catalog, deal, is_member, join, license, now, publisher, resold, ring,
};

#[test]
fn tenants_are_loaded_once_and_the_least_used_go() {
    // Often, since a tenant that is compared with the store must not keep others.
    let host = settings(Shared::default()).keep(16).poll(Duration::from_micros(10)).start();
    let id = |number: u32| format!("tenant-{number}").parse::<TenantId>().unwrap();
    let kept = host.begin(&id(0)).unwrap();
    for number in 1..100 {
        host.begin(&id(number)).unwrap().submit(admin(), vec![join("bo")], now()).unwrap();
        assert!(host.loaded() <= 16, "{}", host.loaded());
    }
    // One that is in use stays, and one that went is read again.
    kept.submit(admin(), vec![join("bo")], now()).unwrap();
    assert!(is_member(&host.begin(&id(0)).unwrap().now(), "bo"));
    assert!(is_member(&host.begin(&id(1)).unwrap().now(), "bo"));
}

#[test]
fn x6_what_ended_stays_so_on_a_server_that_recorded_the_time() {
    let host = settings(Shared::default()).start();
    let tenant = host.begin(&id()).unwrap();
    let export = catalog().app("export").unwrap();
    let is_allowed = |now| tenant.pass(&"bo".parse().unwrap(), &export, now).is_ok();
    let commands = vec![Command::Install(license("contoso", 1, 1)), assign("bo")];
    tenant.submit(admin(), commands, now()).unwrap();
    let over = at("2028-03-01T00:00:00Z");
    // Nothing is evidence of the time until it is recorded, once.
    assert_eq!((is_allowed(over), is_allowed(now())), (false, true));
    assert!(matches!(tenant.record_time(admin(), over).unwrap(), Some(Answer::Stored { .. })));
    assert_eq!((is_allowed(over), is_allowed(now())), (false, false));
    assert!(tenant.record_time(admin(), over).unwrap().is_none());
    assert!(tenant.record_time(admin(), now()).unwrap().is_none());
}

#[test]
fn asking_for_a_tenant_begins_no_record() {
    let folder = Folder::new();
    let host = Host::new(FileStore::open(folder.path("")).unwrap(), catalog(), ring()).keep(8).start();
    let kept = host.begin(&id()).unwrap();
    for number in 0..100 {
        let tenant: TenantId = format!("tenant-{number}").parse().unwrap();
        let unknown = LoadError::UnknownTenant { tenant: tenant.clone() };
        assert_eq!(host.tenant(&tenant).map(|_| ()), Err(unknown.clone()));
        assert_eq!(host.now(&tenant).map(|_| ()), Err(unknown));
    }
    // Neither on the disk nor in memory.
    assert_eq!((fs::read_dir(folder.path("")).unwrap().count(), host.loaded()), (2, 1));
    assert_eq!(host.tenant(&id()).unwrap().now().head(), kept.now().head());
    assert!(matches!(host.now_of("a\nb").map(|_| ()), Err(LoadError::NotAnId(_))));
    assert!(matches!(host.now_of("tenant-1").map(|_| ()), Err(LoadError::UnknownTenant { .. })));
    assert_eq!(host.now_of("contoso").unwrap().head(), kept.now().head());
    // Once it is begun, it is there.
    let tenant = "tenant-1".parse().unwrap();
    host.begin(&tenant).unwrap();
    assert!(host.tenant(&tenant).is_ok());
}

/// What an administrator uploads: a thread of mail, in which the documents of earlier ones are quoted.
#[test]
fn each_document_that_is_handed_to_a_tenant_is_installed_once_and_answered() {
    let host = settings(Shared::default()).start();
    let tenant = host.begin(&id()).unwrap();
    let install = |tokens: &[Token]| -> Vec<String> {
        tenant.install(tokens, &admin(), now()).unwrap().iter().map(ToString::to_string).collect()
    };
    let [resold, certificate] = resold(1);
    assert_eq!(install(&[resold.clone(), certificate.clone()]), ["stored as entry 2", "stored as entry 1"]);
    let revision = publisher().seal(&deal("contoso", 5, 2).revise(now()).unwrap()).unwrap();
    let thread =
        [certificate, revision, license("contoso", 5, 1), license("northwind", 6, 1), license("contoso", 7, 1)];
    let first = install(&thread);
    assert_eq!(first[..3], ["already there", "stored as entry 3", "superseded"]);
    assert!(first[3].starts_with("this document (license) is for the tenant `northwind`"), "{}", first[3]);
    assert_eq!(first[4..], ["stored as entry 4"]);
    assert_eq!(install(&thread[4..]), ["already there"]);
    // A colleague's revision under the same number is lost if nobody acts.
    let other = publisher()
        .seal(&deal("contoso", 5, 2).revise(now()).unwrap().with_reference("another".parse().unwrap()))
        .unwrap();
    let answers = tenant.install(&[other], &admin(), now()).unwrap();
    assert!(matches!(&answers[..], [DocumentAnswer::Submitted(Answer::Refused(_))]), "{answers:?}");
    assert_eq!((answers[0].code(), tenant.now().position()), ("install.superseded", 4));
    assert!(tenant.install(&[], &admin(), now()).unwrap().is_empty());
}

#[test]
fn all_entries_of_a_tenant_are_read_up_to_what_readers_see() {
    let store = Shared::default();
    let host = settings(store.clone()).poll(Duration::from_secs(600)).start();
    let tenant = host.begin(&id()).unwrap();
    assert_eq!(tenant.entries(), Ok(Vec::new()));
    // More than are read at once.
    for number in 0..1_001 {
        tenant.submit(admin(), vec![join(&format!("user-{number}"))], now()).unwrap();
    }
    let elsewhere = settings(store.clone()).start();
    elsewhere.begin(&id()).unwrap().submit(admin(), vec![join("bo")], now()).unwrap();
    let entries = tenant.entries().unwrap();
    assert!((1..).zip(&entries).all(|(number, entry)| entry.head().number() == number));
    assert_eq!((entries.len(), entries.last().map(Entry::head)), (1_001, Some(tenant.now().head())));
    store.1.not_read.store(1, Ordering::Relaxed);
    assert_eq!(tenant.entries(), Err(LoadError::Store(broken())));
}

#[test]
fn a_snapshot_is_saved_and_a_host_starts_from_it() {
    let store = Shared::default();
    {
        let host = settings(store.clone()).snapshot_every(5).start();
        let tenant = host.begin(&id()).unwrap();
        for number in 0..7 {
            tenant.submit(admin(), vec![join(&format!("user-{number}"))], now()).unwrap();
        }
        let began = Instant::now();
        while store.load_snapshot(&id()).unwrap().is_none() {
            assert!(began.elapsed() < Duration::from_secs(5), "no snapshot");
            thread::sleep(Duration::from_millis(1));
        }
    }
    let host = settings(store.clone()).snapshot_every(5).start();
    assert_eq!(host.begin(&id()).unwrap().now().position(), 7);
    // It is not saved again, however often the host looks.
    store.1.not_saved.store(1, Ordering::Relaxed);
    store.1.not_compared.store(3, Ordering::Relaxed);
    let began = Instant::now();
    while store.1.not_compared.load(Ordering::Relaxed) > 0 {
        assert!(began.elapsed() < Duration::from_secs(5), "no poll");
        thread::sleep(Duration::from_millis(1));
    }
    assert_eq!(store.1.not_saved.swap(0, Ordering::Relaxed), 1);
    // One that is damaged is ignored.
    let head = host.begin(&id()).unwrap().now().head();
    store.save_snapshot(&id(), head, b"damaged").unwrap();
    assert_eq!(settings(store).start().begin(&id()).unwrap().now().position(), 7);
}

#[test]
fn x11_a_snapshot_without_the_key_or_of_more_than_the_record_has_is_none() {
    let (store, copy) = (Shared::default(), Shared::default());
    let tenant = settings(store.clone()).start().begin(&id()).unwrap();
    copy.begin(&store.beginning(&id()).unwrap().unwrap()).unwrap();
    tenant.submit(admin(), vec![join("bo")], now()).unwrap();
    let seen = tenant.now();
    for store in [&store, &copy] {
        store.save_snapshot(&id(), seen.head(), &seen.snapshot().unwrap()).unwrap();
    }
    let read = |key: Option<SnapshotKey>| {
        let before = store.1.read.load(Ordering::Relaxed);
        let host = key.map_or(settings(store.clone()), |key| settings(store.clone()).snapshot_key(key));
        assert_eq!(host.start().begin(&id()).unwrap().now().position(), 1);
        store.1.read.load(Ordering::Relaxed) - before
    };
    assert_eq!(read(None), 0);
    assert_eq!(read(Some(SnapshotKey::from_random(&Zeroizing::new([1; 32])))), 1);
    // A backup, as it was before the snapshot.
    assert_eq!(settings(copy).start().begin(&id()).unwrap().now().position(), 0);
}

/// What a snapshot says of a record is not proved by it.
#[test]
fn x7_a_record_with_an_anchored_license_is_read_from_its_beginning_whatever_a_snapshot_covers() {
    let store = Shared::default();
    let tenant = settings(store.clone()).poll(Duration::from_secs(600)).start().begin(&id()).unwrap();
    let read = |store: &Shared| {
        let before = store.1.read.load(Ordering::Relaxed);
        let tenant = settings(store.clone()).poll(Duration::from_secs(600)).start().begin(&id()).unwrap().now();
        (store.1.read.load(Ordering::Relaxed) - before, tenant)
    };
    let save = |tenant: &entitle::Tenant| store.save_snapshot(&id(), tenant.head(), &tenant.snapshot().unwrap());
    tenant.submit(admin(), vec![join("bo")], now()).unwrap();
    let token = anchored(&tenant.now(), 1);
    save(&tenant.now()).unwrap();
    assert_eq!(read(&store).0, 0);
    tenant.submit(admin(), vec![Command::Install(token)], now()).unwrap();
    save(&tenant.now()).unwrap();
    let (entries, loaded) = read(&store);
    assert!(loaded.may_install(now()).is_allowed());
    assert_eq!(entries, 4, "both entries for the tenant, and both for the proof");
}

#[test]
fn a_record_to_which_a_newer_release_wrote_answers_with_what_can_be_read() {
    let folder = Folder::new();
    let store = || FileStore::open(folder.path("")).unwrap();
    Host::new(store(), catalog(), ring())
        .start()
        .begin(&id())
        .unwrap()
        .submit(admin(), vec![join("bo")], now())
        .unwrap();
    let path = store().path(&id());
    fs::write(&path, fs::read_to_string(&path).unwrap() + "{\"previous\":\"of a newer release\"}\n").unwrap();
    let tenant = Host::new(store(), catalog(), ring()).start().begin(&id()).unwrap();
    assert!(is_member(&tenant.now(), "bo"));
    let answer = tenant.submit(admin(), vec![join("cy")], now()).unwrap();
    assert!(matches!(answer, Answer::NotStored(NotStored::Unreadable { number: 2, .. })), "{answer}");
}

#[test]
fn a_snapshot_of_a_long_record_that_cannot_be_saved_is_made_again_after_as_many_entries() {
    let store = Shared::default();
    let submit = |host: &Host<Shared>, numbers: core::ops::Range<u32>| {
        let tenant = host.begin(&id()).unwrap();
        for number in numbers {
            tenant.submit(admin(), vec![join(&format!("user-{number}"))], now()).unwrap();
        }
    };
    submit(&settings(store.clone()).poll(Duration::from_secs(600)).start(), 0..400);
    store.1.not_saved.store(1_000, Ordering::Relaxed);
    let host = settings(store.clone()).snapshot_every(5).start();
    host.begin(&id()).unwrap();
    let is_tried = |times: u32| {
        let began = Instant::now();
        while 1_000 - store.1.not_saved.load(Ordering::Relaxed) < times {
            assert!(began.elapsed() < Duration::from_secs(5), "not tried");
            thread::sleep(Duration::from_millis(1));
        }
    };
    is_tried(1);
    // An eighth of the record would be 50.
    submit(&host, 400..413);
    is_tried(2);
}

#[test]
fn a_snapshot_that_cannot_be_saved_is_made_again_after_as_many_entries() {
    let store = Shared::default();
    store.1.not_saved.store(1_000, Ordering::Relaxed);
    let host = settings(store.clone()).snapshot_every(5).start();
    let tenant = host.begin(&id()).unwrap();
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
fn x7_an_anchored_license_counts_in_every_process_and_after_a_restart() {
    let store = Shared::default();
    let (one, other) = (settings(store.clone()).start(), settings(store.clone()).start());
    let (ours, theirs) = (one.begin(&id()).unwrap(), other.begin(&id()).unwrap());
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
    assert!(counts(&settings(store).start().begin(&id()).unwrap()));
    // On another record it is refused, whatever is tried.
    let elsewhere = settings(Shared::default()).start().begin(&id()).unwrap();
    let token = anchored(&ours.now(), 2);
    let answer = elsewhere.submit(admin(), vec![Command::Install(token)], now()).unwrap();
    assert!(matches!(answer, Answer::Refused(_)), "{answer:?}");
}

#[test]
fn x7_a_proof_reads_on_from_the_one_before() {
    let store = Shared::default();
    let (one, other) = (settings(store.clone()).start(), settings(Shared::default()).start());
    let (ours, theirs) = (one.begin(&id()).unwrap(), other.begin(&id()).unwrap());
    let submit = |command: Command| match ours.submit(admin(), vec![command], now()).unwrap() {
        Answer::Stored { .. } => true,
        Answer::Refused(_) => false,
        answer => panic!("{answer}"),
    };
    (0..50).for_each(|number| assert!(submit(join(&format!("user-{number}")))));
    let read = || store.1.read.load(Ordering::Relaxed);
    // One of another record is never proved, however often it is tried.
    let foreign = Command::Install(anchored(&theirs.now(), 9));
    assert!(!submit(foreign.clone()));
    let whole = read();
    for number in 0..10 {
        assert!(submit(join(&format!("later-{number}"))));
        assert!(!submit(foreign.clone()));
    }
    assert!(read() - whole <= 20, "{} entries were read again", read() - whole);
    assert!(submit(Command::Install(anchored(&ours.now(), 1))));
    assert!(ours.now().may_install(now()).is_allowed());
}

#[test]
fn x7_a_tenant_that_is_written_all_the_time_is_proved() {
    let store = Shared::default();
    let host = settings(store).start();
    let tenant = host.begin(&id()).unwrap();
    (0..200).for_each(|number| drop(tenant.submit(admin(), vec![join(&format!("user-{number}"))], now()).unwrap()));
    let token = anchored(&tenant.now(), 1);
    let is_done = AtomicBool::new(false);
    thread::scope(|scope| {
        for writer in 0..4 {
            let (tenant, is_done) = (&tenant, &is_done);
            scope.spawn(move || {
                for number in 0_u32.. {
                    if is_done.load(Ordering::Relaxed) {
                        return;
                    }
                    tenant.submit(admin(), vec![join(&format!("busy-{writer}-{number}"))], now()).unwrap();
                }
            });
        }
        let answer = tenant.submit(admin(), vec![Command::Install(token)], now());
        is_done.store(true, Ordering::Relaxed);
        assert!(matches!(answer, Ok(Answer::Stored { .. })), "{answer:?}");
    });
    assert!(tenant.now().may_install(now()).is_allowed());
}

#[test]
fn x7_a_proof_that_fails_is_made_again() {
    let store = Shared::default();
    // Another process, whose store fails by itself.
    let elsewhere = Shared(Arc::clone(&store.0), Arc::default());
    let (one, other) = (settings(store).start(), settings(elsewhere.clone()).start());
    let (ours, theirs) = (one.begin(&id()).unwrap(), other.begin(&id()).unwrap());
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
