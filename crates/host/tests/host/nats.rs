//! A stream of NATS JetStream does what the other stores do, and says what it cannot do.

use core::time::Duration;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use entitle::record::Beginning;
use entitle::{Entry, RecordId, RequestId, Tenant};
use entitle_host::conformance;
use entitle_host::store::{Appended, Change, NatsOptions, NatsStore, Page, Position, Store as _, StoreError};

use crate::nats_server::{Servers, until_available};
use crate::support::{admin, catalog, join, now, ring};

#[test]
fn records_in_a_stream_conform() {
    let Some(server) = Servers::one() else { return };
    assert_conforms(&server);
}

#[test]
fn records_in_a_stream_on_three_servers_conform() {
    let Some(servers) = Servers::three() else { return };
    assert_conforms(&servers);
}

fn assert_conforms(servers: &Servers) {
    let (one, other) = (servers.connect(), servers.connect());
    let failures = conformance::failures(&one, &other).unwrap();
    assert!(failures.is_empty(), "{failures:#?}");
}

/// Many messages are asked for at once, of a server that need not lead the stream.
#[test]
fn a_record_of_many_messages_is_read_in_order_by_who_knows_nothing_of_it() {
    let Some(servers) = Servers::three() else { return };
    // More messages than are asked for at once, and more bytes.
    read_in_order(&servers, "short", 300, 1);
    read_in_order(&servers, "long", 240, 64);
}

fn read_in_order(servers: &Servers, tenant: &str, messages: u128, batch: u128) {
    let store = servers.connect();
    let beginning = Beginning::new(tenant.parse().unwrap(), RecordId::from_random([1; 16]));
    let mut tenant = Tenant::new(&catalog(), &ring(), &store.begin(&beginning).unwrap());
    let (mut position, mut written) = (Position::of(tenant.head()), Vec::new());
    let request = |number: u128| RequestId::from_random(number.to_be_bytes());
    for message in 0..messages {
        let mut entries = Vec::new();
        for number in message * batch..(message + 1) * batch {
            let join = join(&format!("user-{number}"));
            let entry = tenant.decide(&admin(), &[join], request(number), now()).unwrap();
            tenant.apply(&entry).unwrap();
            entries.push(entry);
        }
        let Appended::Stored(cursor) = store.append(tenant.id(), position, &entries) else {
            panic!("message {message}")
        };
        position = Position { head: tenant.head(), cursor };
        written.append(&mut entries);
    }
    let bytes: usize = written.iter().map(|entry| entry.text().len()).sum();
    assert!(messages > 256 || bytes > 4 * 1024 * 1024, "{bytes} bytes are asked for at once");
    for _ in 0..3 {
        let read = until_available(|| {
            let (store, mut after, mut read) = (servers.connect(), Position::of(beginning.head()), Vec::new());
            loop {
                match store.read(tenant.id(), after, 1_000)? {
                    Page::Entries { mut entries, position, has_more } => {
                        read.append(&mut entries);
                        after = position;
                        if !has_more {
                            return Ok(read);
                        }
                    }
                    page => panic!("{page:?}"),
                }
            }
        });
        assert!(read == written, "{} entries of {}", read.len(), written.len());
    }
    let (last, number) = (messages * batch - 1, u64::try_from(messages * batch).unwrap());
    assert_eq!(store.find(tenant.id(), request(last)), Ok(Some(number)));
}

#[test]
fn servers_that_cannot_be_used_are_errors_that_name_what_to_do() {
    let error = NatsStore::connect("nats://127.0.0.1:9").unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
    let error = NatsStore::connect("nats://two words:x").unwrap_err();
    assert!(matches!(error, StoreError::Failed { .. }), "{error}");
    let Some(server) = Servers::one() else { return };
    drop(server.connect());
    // Spaces between addresses are none of them.
    drop(server.options().connect(&format!(" {} , {}", server.address(0), server.address(0))).unwrap());
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
fn the_address_names_the_user_and_the_password_or_the_token() {
    let Some(server) = Servers::with_authorization(r#"user: app, password: "a,b/c@d""#) else { return };
    let address = |who: &str| server.address(0).replace("//", &format!("//{who}@"));
    let store = until_available(|| server.options().connect(&address("app:a%2Cb%2Fc%40d")));
    assert!(store.clock().is_ok());
    for other in [server.address(0), address("app:wrong"), address("app"), address("other:a%2Cb%2Fc%40d")] {
        let error = server.options().connect(&other).unwrap_err();
        let text = error.to_string();
        assert!(
            matches!(error, StoreError::Failed { .. }) && text.contains("check the user and the password"),
            "{text}"
        );
        assert!(!text.contains("wrong") && !text.contains("a%2C"), "{text}");
    }
    // That others are not there hides no error that does not end by itself.
    let both = format!("nats://127.0.0.1:9,{},nats://127.0.0.1:9", address("app:wrong"));
    for _ in 0..6 {
        let error = server.options().connect(&both).unwrap_err();
        assert!(matches!(error, StoreError::Failed { .. }), "{error}");
    }
    let Some(server) = Servers::with_authorization("token: t0ken") else { return };
    let address = server.address(0).replace("//", "//t0ken@");
    assert!(until_available(|| server.options().connect(&address)).clock().is_ok());
}

#[test]
fn a_stream_that_is_not_of_records_or_was_changed_is_left_as_it_is() {
    use async_nats::jetstream::stream::{Config, RetentionPolicy};
    let Some(server) = Servers::one() else { return };
    drop(server.connect());
    let (runtime, streams) = server.streams();
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
    // One that has the name of records, and loses what was read.
    let mut lossy = made("lossy", Some("records of entitle, version 1"), "lossy.*");
    lossy.retention = RetentionPolicy::WorkQueue;
    runtime.block_on(streams.create_stream(lossy)).unwrap();
    assert!(matches!(connect("lossy"), StoreError::Unsuitable { .. }));
    // Nothing was made beside them.
    for name in ["orders", "mine", "newer", "lossy"] {
        assert!(runtime.block_on(streams.get_stream(format!("{name}-snapshots"))).is_err(), "{name}");
    }
    let mut limited = runtime.block_on(streams.get_stream("entitle")).unwrap().cached_info().config.clone();
    limited.max_messages = 10;
    runtime.block_on(streams.update_stream(limited)).unwrap();
    let error = connect("entitle");
    assert!(
        matches!(error, StoreError::Unsuitable { .. }) && error.to_string().contains("change them back"),
        "{error}"
    );
}

#[test]
fn a_stream_on_fewer_servers_than_were_wanted_is_left_as_it_is() {
    let Some(server) = Servers::one() else { return };
    drop(server.connect());
    let three = server.options().replicas(3).connect(&server.addresses()).unwrap_err();
    assert!(matches!(three, StoreError::Unsuitable { .. }) && three.code() == "host.store.unsuitable", "{three}");
    assert!(three.to_string().contains("`nats stream edit entitle --replicas 3`"), "{three}");
    // Nothing was changed: it can be used as it was.
    drop(server.connect());
}

#[test]
fn servers_that_do_not_answer_are_unavailable_in_seconds() {
    // One takes connections and says nothing, the other says what it is and answers no question about streams.
    let servers = [TcpListener::bind("127.0.0.1:0").unwrap(), greeting("2.15.0")];
    let connected = servers.each_ref().map(|server| {
        let address = format!("nats://{}", server.local_addr().unwrap());
        let (sender, connected) = mpsc::channel();
        thread::spawn(move || sender.send(NatsStore::connect(&address).map(drop)));
        connected
    });
    for connected in connected {
        // A client that waits for ever would never end.
        let error = connected.recv_timeout(Duration::from_secs(60)).expect("an answer").unwrap_err();
        assert!(matches!(error, StoreError::Unavailable { .. }) && error.is_temporary(), "{error}");
    }
}

/// Returns where a server listens that says which version it is, and answers nothing else.
fn greeting(version: &'static str) -> TcpListener {
    let greeting = TcpListener::bind("127.0.0.1:0").unwrap();
    let accepted = greeting.try_clone().unwrap();
    thread::spawn(move || {
        for mut client in accepted.incoming().map_while(Result::ok) {
            let info = r#""server_id":"x","max_payload":1048576,"jetstream":true,"headers":true"#;
            _ = client.write_all(format!("INFO {{{info},\"version\":\"{version}\"}}\r\n").as_bytes());
            let mut bytes = [0; 4096];
            while let Ok(1..) = client.read(&mut bytes) {
                _ = client.write_all(b"PONG\r\n");
            }
        }
    });
    greeting
}

#[test]
fn a_server_that_is_too_old_is_named_before_anything_is_made() {
    let old = greeting("2.9.10");
    let error = NatsStore::connect(&format!("nats://{}", old.local_addr().unwrap())).unwrap_err();
    assert!(matches!(error, StoreError::Unsuitable { .. }), "{error}");
    let text = "the server cannot keep records: it is NATS 2.9.10: update it, to 2.11 or later. Nothing was made on it";
    assert_eq!(error.to_string(), text);
}

/// Returns what a store has of a record after its beginning.
pub(crate) fn entries_of(store: &NatsStore, beginning: &Beginning) -> Result<Vec<Entry>, StoreError> {
    match store.read(beginning.tenant(), Position::of(beginning.head()), 1_000)? {
        Page::Entries { entries, has_more: false, .. } => Ok(entries),
        page => panic!("{page:?}"),
    }
}

#[test]
fn what_is_stored_for_readers_alone_goes() {
    let Some(server) = Servers::one() else { return };
    let store = server.connect();
    let beginning = store.begin(&Beginning::new("contoso".parse().unwrap(), RecordId::from_random([1; 16]))).unwrap();
    for _ in 0..5 {
        assert_eq!(entries_of(&store, &beginning).unwrap(), []);
    }
    let began = Instant::now();
    // The beginning stays.
    while server.messages("entitle") > 1 {
        assert!(began.elapsed() < Duration::from_secs(60), "{} messages", server.messages("entitle"));
        thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(server.messages("entitle"), 1);
}

#[test]
fn a_record_that_cannot_be_read_hides_no_other() {
    let Some(server) = Servers::one() else { return };
    let store = server.connect();
    let record = |id: &str| store.begin(&Beginning::new(id.parse().unwrap(), RecordId::from_random([1; 16]))).unwrap();
    let (damaged, same, longer) = (record("damaged"), record("same"), record("longer"));
    let tenant = Tenant::new(&catalog(), &ring(), &longer);
    let entry = tenant.decide(&admin(), &[join("bo")], RequestId::from_random([2; 16]), now()).unwrap();
    assert!(matches!(store.append(tenant.id(), Position::of(tenant.head()), &[entry]), Appended::Stored(_)));
    // Another application writes into the stream: into one record, and as another tenant's.
    server.publish("entitle.damaged", "no entry");
    server.publish("entitle.foreign", same.text());
    let foreign = "foreign".parse().unwrap();
    let known = [&damaged, &same, &longer].map(|beginning| (beginning.tenant().clone(), beginning.head()));
    let asked = [&known[..], &[(foreign, same.head())]].concat();
    // By a store that has read them, and by one that has not.
    for store in [&store, &server.connect()] {
        let mut changed = store.changed(&asked).unwrap();
        changed.sort_by_key(|(tenant, _)| tenant.as_str().to_string());
        let changed: Vec<(&str, Change)> = changed.iter().map(|(tenant, change)| (tenant.as_str(), *change)).collect();
        let all = [("damaged", Change::Longer), ("foreign", Change::Longer), ("longer", Change::Longer)];
        assert_eq!(changed, all);
    }
    let error = store.read(&asked[3].0, Position::of(same.head()), 9).unwrap_err();
    assert!(matches!(error, StoreError::OtherTenant { .. }), "{error}");
    let page = store.read(damaged.tenant(), Position::of(damaged.head()), 9).unwrap();
    assert!(matches!(page, Page::Unreadable { number: 1, .. }), "{page:?}");
    let page = store.read(same.tenant(), Position::of(same.head()), 9).unwrap();
    assert!(matches!(page, Page::Entries { entries, has_more: false, .. } if entries.is_empty()));
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
    let changed = store.changed(&[(tenant.id().clone(), tenant.head())]);
    assert!(matches!(changed, Err(StoreError::Unavailable { .. })), "{changed:?}");
    server.restart(0);
    let found = until_available(|| store.find(tenant.id(), first.request()));
    assert_eq!(found, Some(1));
    // One that was sent before the server was gone may be stored now, once.
    let appended = store.append(tenant.id(), position, core::slice::from_ref(&second));
    assert!(matches!(appended, Appended::Stored(_) | Appended::AlreadyStored(_)), "{appended:?}");
    let page = store.read(tenant.id(), Position::of(beginning.head()), 9).unwrap();
    assert!(matches!(page, Page::Entries { entries, has_more: false, .. } if entries.len() == 2));
}
