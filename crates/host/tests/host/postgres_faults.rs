//! A PostgreSQL server that hangs, dies in the middle of a call or comes back, and calls on threads
//! of tokio: every call ends in time, and what may have been stored has an unknown outcome.

#[cfg(target_os = "linux")]
use core::net::SocketAddr;
use core::time::Duration;
use std::net::TcpListener;
#[cfg(target_os = "linux")]
use std::net::TcpStream;
use std::thread;
use std::time::Instant;

use entitle::record::Beginning;
use entitle::{Entry, RecordId, RequestId, Tenant};
use entitle_host::Host;
use entitle_host::store::{Appended, Page, Position, PostgresOptions, PostgresStore, Store as _, StoreError};
use entitle_host::writer::Answer;
#[cfg(target_os = "linux")]
use socket2::{Domain, Socket, Type};

use crate::postgres_proxy::{Fault, Proxy};
use crate::postgres_server::Server;
use crate::support::{admin, catalog, is_member, join, now, ring};

/// How long the tests wait for a server, and much longer than that.
const SHORT: Duration = Duration::from_millis(300);
const LONG: Duration = Duration::from_secs(20);

fn options() -> PostgresOptions {
    PostgresOptions::new().connect_timeout(SHORT).call_timeout(SHORT)
}

fn begun(store: &PostgresStore) -> (Tenant, Entry) {
    let beginning = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([1; 16]));
    let tenant = Tenant::new(&catalog(), &ring(), &store.begin(&beginning).unwrap());
    let entry = tenant.decide(&admin(), &[join("bo")], RequestId::from_random([2; 16]), now()).unwrap();
    (tenant, entry)
}

fn append(store: &PostgresStore, tenant: &Tenant, entry: &Entry) -> Appended {
    store.append(tenant.id(), Position::of(tenant.head()), core::slice::from_ref(entry))
}

fn stored(store: &PostgresStore, tenant: &Tenant) -> usize {
    match store.read(tenant.id(), Position::of(tenant.head()), 9).unwrap() {
        Page::Entries { entries, .. } => entries.len(),
        page => panic!("{page:?}"),
    }
}

fn soon<T>(act: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let answer = act();
    assert!(began.elapsed() < LONG, "it took {:?}", began.elapsed());
    answer
}

#[test]
fn what_is_acknowledged_is_on_disk_whatever_the_settings_of_the_server() {
    let Some(server) = Server::start() else { return };
    let mut client = postgres::Client::connect(&server.database(), postgres::NoTls).unwrap();
    client.batch_execute("alter database postgres set synchronous_commit = off").unwrap();
    let connect = || PostgresStore::connect(&server.database()).unwrap();
    let (mut tenant, _) = begun(&connect());
    for number in 1..=3_u8 {
        let request = RequestId::from_random([number; 16]);
        let entry = tenant.decide(&admin(), &[join(&format!("user-{number}"))], request, now()).unwrap();
        assert!(matches!(append(&connect(), &tenant, &entry), Appended::Stored(_)));
        tenant.apply(&entry).unwrap();
        server.crash();
        assert_eq!(connect().find(tenant.id(), request), Ok(Some(number.into())), "the crash took it");
    }
}

#[test]
fn a_server_that_accepts_and_never_answers_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || listener.incoming().map_while(Result::ok).collect::<Vec<_>>());
    let database = format!("host=127.0.0.1 port={port} user=postgres");
    let error = soon(|| options().connect(&database).unwrap_err());
    let expected = StoreError::Unavailable { detail: "the server did not answer in time".to_string() };
    assert_eq!(error, expected);
}

/// One that takes connections and says nothing, and one that takes none.
#[cfg(target_os = "linux")]
#[test]
fn a_server_that_is_silent_leaves_time_for_the_next() {
    let Some(server) = Server::start() else { return };
    let proxy = Proxy::start(server.socket());
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    // Its queue is full.
    let full = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    full.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
    full.listen(0).unwrap();
    let at_full = full.local_addr().unwrap().as_socket().unwrap();
    let waiting = TcpStream::connect(at_full).unwrap();
    thread::scope(|scope| {
        for first in [silent.local_addr().unwrap().port(), at_full.port()] {
            let ports = format!("port={first},{}", proxy.port());
            scope.spawn(move || {
                let options = PostgresOptions::new().connect_timeout(Duration::from_secs(2));
                let connected =
                    options.connect(&format!("host=127.0.0.1,127.0.0.1 {ports} user=postgres dbname=postgres"));
                assert!(connected.is_ok(), "{connected:?}");
            });
        }
    });
    drop(waiting);
}

#[test]
fn what_takes_the_server_too_long_is_rolled_back_and_not_stored() {
    let Some(server) = Server::start() else { return };
    let options = PostgresOptions::new().call_timeout(Duration::from_secs(1));
    let store = options.connect(&server.database()).unwrap();
    let (tenant, entry) = begun(&store);
    let mut other = postgres::Client::connect(&server.database(), postgres::NoTls).unwrap();
    let not_stored = |says: &str| {
        let appended = append(&store, &tenant, &entry);
        let Appended::NotStored(StoreError::Unavailable { detail }) = &appended else { panic!("{appended:?}") };
        assert!(detail.contains(says), "{detail}");
    };
    // Another application has the table for itself.
    other.batch_execute("begin; lock table entitle_entries").unwrap();
    not_stored("lock timeout");
    other.batch_execute("commit").unwrap();
    let slow = "create function is_slow() returns trigger language plpgsql as
        $$ begin perform pg_sleep(60); return new; end $$;
        create trigger is_slow before insert on entitle_entries for each row execute function is_slow()";
    other.batch_execute(slow).unwrap();
    not_stored("statement timeout");
    other.batch_execute("drop trigger is_slow on entitle_entries").unwrap();
    assert_eq!(stored(&store, &tenant), 0);
    assert!(matches!(append(&store, &tenant, &entry), Appended::Stored(_)));
}

#[test]
fn a_server_that_ends_connections_at_once_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || listener.incoming().map_while(Result::ok).for_each(drop));
    let error = soon(|| options().connect(&format!("host=127.0.0.1 port={port} user=postgres")).unwrap_err());
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
}

#[test]
fn a_call_without_an_answer_has_an_unknown_outcome_and_others_go_on_later() {
    let Some(server) = Server::start() else { return };
    let proxy = Proxy::start(server.socket());
    let store = options().connections(1).connect(&proxy.database()).unwrap();
    let (tenant, entry) = begun(&store);
    for fault in [Fault::Silence, Fault::NoAnswers, Fault::EndsAtAnswer] {
        let before = stored(&store, &tenant);
        proxy.fail(fault);
        let appended = soon(|| append(&store, &tenant, &entry));
        assert!(matches!(appended, Appended::Unknown(StoreError::Unavailable { .. })), "{fault:?}: {appended:?}");
        // Without a connection nothing is sent.
        let again = soon(|| append(&store, &tenant, &entry));
        assert!(matches!(again, Appended::NotStored(StoreError::Unavailable { .. })), "{fault:?}: {again:?}");
        assert!(soon(|| store.find(tenant.id(), entry.request())).is_err());
        proxy.fail(Fault::Nothing);
        let is_lost = fault == Fault::Silence;
        assert_eq!(stored(&store, &tenant), if is_lost { before } else { 1 }, "{fault:?}");
    }
    // A connection that ended while nobody used it costs no call.
    proxy.cut();
    thread::sleep(Duration::from_millis(50));
    assert_eq!(stored(&store, &tenant), 1);
}

#[test]
fn who_submits_to_a_server_that_hangs_is_answered_and_the_host_goes_on_when_it_is_back() {
    let Some(server) = Server::start() else { return };
    let proxy = Proxy::start(server.socket());
    let store = options().connect(&proxy.database()).unwrap();
    let host = Host::new(store, catalog(), ring()).patience(SHORT).clock_tolerance(Duration::MAX).start();
    let tenant = host.begin(&"contoso".parse().unwrap()).unwrap();
    proxy.fail(Fault::Silence);
    let submit = |user: &str| soon(|| tenant.submit(admin(), vec![join(user)], now()).unwrap());
    thread::scope(|scope| {
        for user in ["bo", "cy", "di"] {
            scope.spawn(move || {
                let answer = submit(user);
                assert!(matches!(answer, Answer::Unknown { .. } | Answer::NotStored(_)), "{answer}");
            });
        }
    });
    proxy.fail(Fault::Nothing);
    let began = Instant::now();
    while !matches!(submit("eve"), Answer::Stored { .. }) {
        assert!(began.elapsed() < LONG, "the server is back");
    }
    assert!(is_member(&tenant.now(), "eve"));
}

#[test]
fn calls_are_made_on_threads_of_tokio() {
    let Some(server) = Server::start() else { return };
    let runtimes = [tokio::runtime::Builder::new_current_thread(), tokio::runtime::Builder::new_multi_thread()];
    for (number, mut runtime) in (1_u64..).zip(runtimes) {
        let database = server.database();
        let handler = async move {
            let store = PostgresStore::connect(&database).unwrap();
            let host = Host::new(store, catalog(), ring()).clock_tolerance(Duration::MAX).start();
            let tenant = host.begin(&"contoso".parse().unwrap()).unwrap();
            tenant.submit(admin(), vec![join(&format!("user-{number}"))], now()).unwrap()
            // The host and its store end here too.
        };
        let runtime = runtime.build().unwrap();
        let handler = async { tokio::spawn(handler).await.unwrap() };
        assert_eq!(runtime.block_on(handler), Answer::Stored { number });
    }
}
