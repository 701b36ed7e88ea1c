//! A stream of NATS JetStream does what the other stores do, and says what it cannot do.

use entitle::record::Beginning;
use entitle::{RecordId, RequestId, Tenant};
use entitle_host::conformance;
use entitle_host::store::{Appended, NatsOptions, NatsStore, Page, Position, Store as _, StoreError};

use crate::nats_server::{Servers, until_available};
use crate::support::{admin, catalog, join, now, ring};

#[test]
fn records_in_a_stream_conform() {
    let Some(server) = Servers::one() else { return };
    let (one, other) = (server.connect(), server.connect());
    let failures = conformance::failures(&one, &other).unwrap();
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn servers_that_cannot_be_used_are_errors_that_name_what_to_do() {
    let error = NatsStore::connect("nats://127.0.0.1:9").unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
    let error = NatsStore::connect("nats://two words:x").unwrap_err();
    assert!(matches!(error, StoreError::Failed { .. }), "{error}");
    let Some(server) = Servers::one() else { return };
    drop(server.connect());
    // One server cannot have three replicas.
    let three = NatsOptions::new().stream("three").connect(&server.addresses()).unwrap_err();
    assert!(matches!(three, StoreError::Unsuitable { .. }) && three.to_string().contains("replicas"), "{three}");
    let error = server.options().stream("no name").connect(&server.addresses()).unwrap_err();
    assert!(matches!(error, StoreError::Failed { .. }), "{error}");
    let without = Servers::without_jetstream().unwrap();
    let error = loop {
        match without.options().connect(&without.addresses()).unwrap_err() {
            StoreError::Unavailable { .. } => {}
            error => break error,
        }
    };
    assert!(matches!(error, StoreError::Unsuitable { .. }) && error.to_string().contains("jetstream"), "{error}");
}

#[test]
fn a_stream_that_is_not_of_records_or_was_changed_is_left_as_it_is() {
    use async_nats::jetstream::{self, stream::Config};
    let Some(server) = Servers::one() else { return };
    drop(server.connect());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = runtime.block_on(async_nats::connect(server.addresses())).unwrap();
    let streams = {
        let _inside = runtime.enter();
        jetstream::new(client)
    };
    let connect = |name: &str| server.options().stream(name).connect(&server.addresses()).unwrap_err();
    let made = |name: &str, description: Option<&str>, subject: &str| Config {
        name: name.to_string(),
        description: description.map(str::to_string),
        subjects: vec![subject.to_string()],
        ..Config::default()
    };
    runtime.block_on(streams.create_stream(made("orders", None, "orders.*"))).unwrap();
    assert!(matches!(connect("orders"), StoreError::OtherApplication { .. }));
    // The subjects of a stream of another name.
    runtime.block_on(streams.create_stream(made("all", None, "mine.>"))).unwrap();
    assert!(matches!(connect("mine"), StoreError::OtherApplication { .. }));
    let newer = made("newer", Some("records of entitle, version 2"), "newer.*");
    runtime.block_on(streams.create_stream(newer)).unwrap();
    assert_eq!(connect("newer"), StoreError::NewerSchema { found: 2, known: 1 });
    let mut limited = runtime.block_on(streams.get_stream("entitle")).unwrap().cached_info().config.clone();
    limited.max_messages = 10;
    runtime.block_on(streams.update_stream(limited)).unwrap();
    assert!(matches!(connect("entitle"), StoreError::Unsuitable { .. }));
}

#[test]
fn others_see_what_one_stored_in_a_stream_without_polling() {
    let Some(server) = Servers::one() else { return };
    crate::hosts::assert_seen_by_hints(|| server.connect());
}

#[test]
fn a_process_whose_clock_differs_from_the_servers_reads_and_does_not_write() {
    let Some(server) = Servers::one() else { return };
    crate::hosts::assert_writes_by_its_clock(server.connect());
}

#[test]
fn a_store_outlives_its_servers() {
    let Some(server) = Servers::one() else { return };
    let store = server.connect();
    let beginning = store.begin(&Beginning::new("contoso".parse().unwrap(), RecordId::from_random([1; 16]))).unwrap();
    let mut tenant = Tenant::new(&catalog(), &ring(), &beginning);
    let decide = |tenant: &Tenant, number: u8| {
        tenant
            .decide(&admin(), &[join(&format!("user-{number}"))], RequestId::from_random([number; 16]), now())
            .unwrap()
    };
    let first = decide(&tenant, 1);
    let appended = store.append(tenant.id(), Position::of(tenant.head()), core::slice::from_ref(&first));
    let Appended::Stored(cursor) = appended else { panic!("{appended:?}") };
    tenant.apply(&first).unwrap();
    server.kill(0);
    let position = Position { head: tenant.head(), cursor };
    let second = decide(&tenant, 2);
    let appended = store.append(tenant.id(), position, core::slice::from_ref(&second));
    assert!(
        matches!(appended, Appended::NotStored(StoreError::Unavailable { .. }) | Appended::Unknown(_)),
        "{appended:?}"
    );
    assert!(matches!(store.find(tenant.id(), first.request()), Err(StoreError::Unavailable { .. })));
    server.restart(0);
    let found = until_available(|| store.find(tenant.id(), first.request()));
    assert_eq!(found, Some(1));
    // One that was sent before the server was gone may be stored now, once.
    let appended = store.append(tenant.id(), position, core::slice::from_ref(&second));
    assert!(matches!(appended, Appended::Stored(_) | Appended::AlreadyStored(_)), "{appended:?}");
    let page = store.read(tenant.id(), Position::of(beginning.head()), 9).unwrap();
    assert!(matches!(page, Page::Entries { entries, has_more: false, .. } if entries.len() == 2));
}
