//! Records in a stream that several stores use, that is damaged or replaced, and that holds long messages.

use core::time::Duration;
use std::sync::Barrier;
use std::thread;

use entitle::record::Beginning;
use entitle::{Command, Entry, RecordId, RequestId, Tenant};
use entitle_host::store::{Appended, Change, Hint, NatsStore, Page, Position, Store as _, StoreError};

use crate::nats::entries_of;
use crate::nats_server::{Servers, until_available};
use crate::support::{admin, catalog, join, now, ring};

fn beginning(tenant: &str, record: u8) -> Beginning {
    Beginning::new(tenant.parse().unwrap(), RecordId::from_random([record; 16]))
}

fn begun(store: &NatsStore, tenant: &str) -> Tenant {
    Tenant::new(&catalog(), &ring(), &store.begin(&beginning(tenant, 1)).unwrap())
}

/// Decides on commands and applies them, which stores nothing.
fn decide(tenant: &mut Tenant, request: u8, commands: &[Command]) -> Entry {
    let entry = tenant.decide(&admin(), commands, RequestId::from_random([request; 16]), now()).unwrap();
    tenant.apply(&entry).unwrap();
    entry
}

#[test]
fn a_message_that_is_sent_again_is_stored_once() {
    let Some(server) = Servers::one() else { return };
    let (one, other) = (server.connect(), server.connect());
    let mut tenant = begun(&one, "contoso");
    let first = Position::of(tenant.head());
    // Both know the record up to here, and nothing of what the other does.
    assert_eq!(begun(&other, "contoso").head(), first.head);
    let entry = [decide(&mut tenant, 1, &[join("bo")])];
    let Appended::Stored(cursor) = one.append(tenant.id(), first, &entry) else { panic!("not stored") };
    // As after an answer that was lost.
    let again = other.append(tenant.id(), first, &entry);
    // Which of its two guards a server asks first depends on its release.
    let is_known = match again {
        Appended::Stored(found) => found == cursor,
        Appended::AlreadyStored(request) => request == entry[0].request(),
        _ => false,
    };
    assert!(is_known, "{again:?}");
    let position = Position { head: tenant.head(), cursor };
    let next = [decide(&mut tenant, 2, &[join("cy")])];
    let next = other.append(tenant.id(), position, &next);
    assert!(matches!(next, Appended::Stored(_)), "{next:?}");
    assert_eq!(entries_of(&one, &beginning("contoso", 1)).unwrap().len(), 2);
}

#[test]
fn stores_that_begin_a_record_at_the_same_time_have_the_same_one() {
    let Some(server) = Servers::one() else { return };
    let (stores, together) = ([server.connect(), server.connect()], Barrier::new(2));
    for number in 0..20 {
        let tenant = format!("tenant-{number}");
        let begin = |(store, record): (&NatsStore, u8)| {
            together.wait();
            store.begin(&beginning(&tenant, record))
        };
        let answers: Vec<_> = thread::scope(|scope| {
            let begins: Vec<_> = stores.iter().zip(1..).map(|store| scope.spawn(move || begin(store))).collect();
            begins.into_iter().map(|begins| begins.join().unwrap()).collect()
        });
        assert!(answers[0].is_ok() && answers[0] == answers[1], "{answers:?}");
    }
}

#[test]
fn nothing_is_stored_after_what_cannot_be_read() {
    let Some(server) = Servers::one() else { return };
    let store = server.connect();
    let mut tenant = begun(&store, "contoso");
    let start = Position::of(tenant.head());
    let first = decide(&mut tenant, 1, &[join("bo")]);
    let appended = store.append(tenant.id(), start, core::slice::from_ref(&first));
    let Appended::Stored(cursor) = appended else { panic!("{appended:?}") };
    let position = Position { head: tenant.head(), cursor };
    let next = [decide(&mut tenant, 2, &[join("cy")])];
    // The first entry again, which does not continue the record.
    server.publish("entitle.contoso", first.text());
    // By a store that knew the record before, and by one that reads it first.
    for store in [&store, &server.connect()] {
        for _ in 0..2 {
            let appended = store.append(tenant.id(), position, &next);
            assert!(matches!(appended, Appended::NotStored(StoreError::Damaged { .. })), "{appended:?}");
        }
        let page = store.read(tenant.id(), start, 9).unwrap();
        assert!(matches!(&page, Page::Entries { entries, has_more: true, .. } if entries.len() == 1), "{page:?}");
        let error = store.read(tenant.id(), position, 9).unwrap_err();
        assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
        assert_eq!(store.changed(&[(tenant.id().clone(), first.head())]).unwrap().len(), 1);
        assert_eq!(store.find(tenant.id(), next[0].request()), Ok(None));
    }
}

#[test]
fn a_stream_that_was_replaced_by_another_is_noticed() {
    let Some(server) = Servers::one() else { return };
    let (store, (runtime, streams)) = (server.connect(), server.streams());
    let write = |store: &NatsStore, id: &str, record: u8, entries: u8| {
        let beginning = store.begin(&beginning(id, record)).unwrap();
        let mut tenant = Tenant::new(&catalog(), &ring(), &beginning);
        for number in 1..=entries {
            let position = Position::of(tenant.head());
            let entry = [decide(&mut tenant, number, &[join("bo")])];
            assert!(matches!(store.append(tenant.id(), position, &entry), Appended::Stored(_)));
        }
        (tenant.id().clone(), tenant.head())
    };
    // In the other stream there is another record under the same numbers of messages, a longer one, a shorter
    // one, and none.
    let known =
        [("same", 0), ("longer", 0), ("shorter", 1), ("gone", 0)].map(|(id, entries)| write(&store, id, 1, entries));
    runtime.block_on(streams.delete_stream("entitle")).unwrap();
    let other = server.connect();
    for (id, entries) in [("same", 0), ("longer", 1), ("shorter", 0)] {
        write(&other, id, 2, entries);
    }
    let forked = known.clone().map(|(tenant, _)| (tenant, Change::Forked)).to_vec();
    assert_eq!(until_available(|| store.changed(&known)), forked);
    // By what was read for that, and by stores that have read nothing since.
    for (tenant, head) in &known {
        assert_eq!(store.read(tenant, Position::of(*head), 9), Ok(Page::Forked));
    }
    assert_eq!(store.beginning(&known[3].0), Ok(None));
    assert_eq!(store.begin(&beginning("same", 1)), Ok(beginning("same", 2)));
}

/// As a store does that has not compared the records before.
#[test]
fn what_is_read_of_a_stream_that_was_replaced_is_what_is_in_it() {
    let Some(server) = Servers::one() else { return };
    let (store, (runtime, streams)) = (server.connect(), server.streams());
    let mut tenant = begun(&store, "shorter");
    let start = Position::of(tenant.head());
    let entry = [decide(&mut tenant, 1, &[join("bo")])];
    assert!(matches!(store.append(tenant.id(), start, &entry), Appended::Stored(_)));
    let [longer, gone, as_long] = ["longer", "gone", "as-long"].map(|id| begun(&store, id));
    runtime.block_on(streams.delete_stream("entitle")).unwrap();
    let other = server.connect();
    other.begin(&beginning("shorter", 1)).unwrap();
    other.begin(&beginning("as-long", 2)).unwrap();
    let theirs = Beginning::new(longer.id().clone(), RecordId::from_random([2; 16]));
    let mut ahead = Tenant::new(&catalog(), &ring(), &other.begin(&theirs).unwrap());
    let position = Position::of(ahead.head());
    let entry = [decide(&mut ahead, 1, &[join("bo")])];
    assert!(matches!(other.append(ahead.id(), position, &entry), Appended::Stored(_)));
    let read = |tenant: &Tenant| until_available(|| store.read(tenant.id(), Position::of(tenant.head()), 9));
    for tenant in [&tenant, &longer, &gone, &as_long] {
        assert_eq!(read(tenant), Page::Forked, "{}", tenant.id());
    }
    // Of this one a backup is there, as it was before the entry.
    let page = store.read(tenant.id(), start, 9).unwrap();
    assert!(matches!(&page, Page::Entries { entries, has_more: false, .. } if entries.is_empty()), "{page:?}");
}

#[test]
fn a_store_is_given_hints_of_what_others_stored_and_of_nothing_else() {
    let Some(server) = Servers::one() else { return };
    let (ours, theirs) = (server.connect(), server.connect());
    let mut hints = ours.hints().unwrap();
    let mut next = || hints.wait(Duration::from_secs(60)).unwrap();
    assert_eq!(next(), Hint::Some, "what was stored before");
    let mut tenant = begun(&ours, "contoso");
    for number in 1..5 {
        let (store, position) = (if number == 4 { &theirs } else { &ours }, Position::of(tenant.head()));
        let entry = [decide(&mut tenant, number, &[join(&format!("user-{number}"))])];
        let appended = store.append(tenant.id(), position, &entry);
        assert!(matches!(appended, Appended::Stored(_)), "{appended:?}");
    }
    assert_eq!(next(), Hint::Records(vec![(tenant.id().clone(), 4)]));
}

#[test]
fn a_message_that_is_too_long_for_the_servers_is_not_stored_and_says_so() {
    let Some(server) = Servers::one() else { return };
    let store = server.connect();
    let mut tenant = begun(&store, "contoso");
    let position = Position::of(tenant.head());
    let entries: Vec<Entry> = (1..5)
        .map(|request| {
            let joins: Vec<Command> = (0..1_000).map(|user| join(&format!("{request}-{user:0>280}"))).collect();
            decide(&mut tenant, request, &joins)
        })
        .collect();
    // Together they are more than a megabyte, which servers take unless they are set otherwise.
    let appended = store.append(tenant.id(), position, &entries);
    let Appended::NotStored(StoreError::Unsuitable { detail }) = &appended else { panic!("{appended:?}") };
    assert!(detail.contains("set `max_payload` of the servers, 1048576, to 8 MB"), "{detail}");
    let appended = store.append(tenant.id(), position, &entries[..3]);
    assert!(matches!(appended, Appended::Stored(_)), "{appended:?}");
    assert_eq!(entries_of(&server.connect(), &beginning("contoso", 1)).unwrap(), entries[..3]);
}

#[test]
fn a_snapshot_of_any_length_is_kept_and_replaced_as_a_whole() {
    let Some(server) = Servers::one() else { return };
    let store = server.connect();
    let mut tenant = begun(&store, "contoso");
    let early = tenant.head();
    decide(&mut tenant, 1, &[join("bo")]);
    // Some parts, one part, and none; those that are left of a longer one are no part of it.
    let long: Vec<u8> = (0..1_300_000_u32).map(|at| at.to_le_bytes()[0]).collect();
    for snapshot in [&long[..], b"short", b"", &long[..600_000]] {
        store.save_snapshot(tenant.id(), tenant.head(), snapshot).unwrap();
        assert!(server.connect().load_snapshot(tenant.id()).unwrap().as_deref() == Some(snapshot));
        store.save_snapshot(tenant.id(), early, b"earlier").unwrap();
        assert!(store.load_snapshot(tenant.id()).unwrap().as_deref() == Some(snapshot));
    }
    assert_eq!(server.messages("entitle-snapshots"), 3, "the latest of each part");
    // The first two parts count, as long as they are of one snapshot.
    server.publish("entitle-snapshots.contoso.1", "a part of another");
    assert_eq!(store.load_snapshot(tenant.id()), Ok(None));
}
