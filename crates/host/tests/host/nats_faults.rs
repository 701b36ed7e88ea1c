//! Stores on servers of which one fails.

use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use std::thread;
use std::time::Instant;

use entitle::record::Beginning;
use entitle::{RecordId, RequestId, Tenant};
use entitle_host::store::{Appended, NatsStore, Position, Store as _, StoreError};

use crate::nats::entries_of;
use crate::nats_server::{Servers, until_available};
use crate::support::{admin, catalog, join, now, ring};

/// Which it hears first, its readers or the servers that have another leader, is not for a test to say:
/// without the barrier this fails about one time in three.
#[cfg(unix)]
#[test]
fn a_server_that_was_paused_while_another_was_made_the_leader_does_not_answer_with_less_than_is_stored() {
    let Some(servers) = Servers::three() else { return };
    drop(servers.connect());
    let beginning = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([1; 16]));
    let leader = servers.leader("entitle", 0);
    let connect = |node: usize| servers.options().connect(&servers.address(node % 3)).unwrap();
    // Each by the server that is to be paused, which sees some questions before it hears of the others.
    let readers: Vec<NatsStore> = (0..12).map(|_| connect(leader)).collect();
    let writer = connect(leader + 1);
    writer.begin(&beginning).unwrap();
    let mut tenant = Tenant::new(&catalog(), &ring(), &beginning);
    let mut write = |number: u8| {
        let request = RequestId::from_random([number; 16]);
        let entry = tenant.decide(&admin(), &[join(&format!("user-{number}"))], request, now()).unwrap();
        let began = Instant::now();
        loop {
            match writer.append(tenant.id(), Position::of(tenant.head()), core::slice::from_ref(&entry)) {
                Appended::Stored(_) | Appended::AlreadyStored(_) => break,
                Appended::NotStored(_) | Appended::Unknown(_) if began.elapsed() < Duration::from_secs(60) => {}
                appended => panic!("{appended:?}\n{}", servers.log()),
            }
        }
        tenant.apply(&entry).unwrap();
        request
    };
    write(1);
    for reader in &readers {
        assert_eq!(entries_of(reader, &beginning).unwrap().len(), 1);
    }
    servers.pause(leader, true);
    // As soon as the other two have a leader: the readers give up the connection after some seconds more.
    let began = Instant::now();
    while servers.leader("entitle", (leader + 1) % 3) == leader {
        assert!(began.elapsed() < Duration::from_secs(60), "{}", servers.log());
    }
    let second = write(2);
    let tenant = beginning.tenant();
    let (found, read): (Vec<_>, Vec<_>) = thread::scope(|scope| {
        // They lie in the connections of the one that is paused, and are the first that it sees.
        let asked: Vec<_> = readers
            .iter()
            .map(|reader| scope.spawn(|| (reader.find(tenant, second), entries_of(reader, &beginning))))
            .collect();
        thread::sleep(Duration::from_millis(300));
        servers.pause(leader, false);
        asked.into_iter().map(|asked| asked.join().unwrap()).unzip()
    });
    for found in found {
        assert!(matches!(found, Ok(Some(2)) | Err(StoreError::Unavailable { .. })), "{found:?}");
    }
    for read in read {
        assert!(matches!(&read, Ok(entries) if entries.len() == 2) || read.is_err_and(|e| e.is_temporary()));
    }
    for reader in &readers {
        assert_eq!(until_available(|| entries_of(reader, &beginning)).len(), 2);
    }
}

/// Alone, the client notices nothing while it has something to send, and connects again to a paused server
/// as well, where it waits until that goes on.
#[cfg(unix)]
#[test]
fn stores_that_have_much_to_ask_leave_a_server_that_is_paused() {
    let Some(servers) = Servers::three() else { return };
    drop(servers.connect());
    let paused = (servers.leader("entitle", 0) + 1) % 3;
    let connect = || until_available(|| servers.options().connect(&servers.address(paused)));
    let stores: Vec<(NatsStore, AtomicBool)> = (0..4).map(|_| (connect(), AtomicBool::new(false))).collect();
    servers.pause(paused, true);
    let began = Instant::now();
    let waits = || began.elapsed() < Duration::from_secs(40);
    thread::scope(|scope| {
        // Of each store three ask in turn, so that something is sent every second or two.
        for ((store, has_answer), part) in stores.iter().flat_map(|store| (0..3).map(move |part| (store, part))) {
            scope.spawn(move || {
                thread::sleep(Duration::from_millis(1_700 * part));
                while waits() && !has_answer.load(Ordering::Relaxed) {
                    has_answer.fetch_or(store.clock().is_ok(), Ordering::Relaxed);
                }
            });
        }
    });
    let answered = stores.iter().filter(|(_, has_answer)| has_answer.load(Ordering::Relaxed)).count();
    assert_eq!(answered, stores.len(), "after {:?}:\n{}", began.elapsed(), servers.log());
}

/// It answers its clients and stores nothing. Which server a store uses is left to chance: of twelve, some use
/// the one that is cut off.
#[test]
fn stores_leave_a_server_that_is_cut_off_from_the_others() {
    let Some(servers) = Servers::separable() else { return };
    let stores: Vec<NatsStore> = (0..12).map(|_| servers.connect()).collect();
    let beginning = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([1; 16]));
    stores[0].begin(&beginning).unwrap();
    servers.cut_off(servers.leader("entitle", 0));
    let began = Instant::now();
    // What a majority has to store before it is answered.
    let answered_after = |store: &NatsStore| loop {
        let found = store.find(beginning.tenant(), RequestId::from_random([2; 16]));
        match found {
            Err(error) if began.elapsed() < Duration::from_secs(50) => {
                eprintln!("{:?} {error}", began.elapsed());
                thread::sleep(Duration::from_millis(50));
            }
            found => break found,
        }
    };
    let found: Vec<_> = thread::scope(|scope| {
        let asked: Vec<_> = stores.iter().map(|store| scope.spawn(|| answered_after(store))).collect();
        asked.into_iter().map(|asked| asked.join().unwrap()).collect()
    });
    assert!(found.iter().all(|found| *found == Ok(None)), "after {:?}: {found:?}\n{}", began.elapsed(), servers.log());
}
