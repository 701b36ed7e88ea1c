//! The connection of a store, which is replaced when its server does not answer, or answers and is cut off
//! from the others.
//!
//! The client of NATS notices that a server is gone by a ping, which it sends only after it has sent
//! nothing else for a while; and when it connects again it waits without limit for a server that takes
//! connections and says nothing. So a server that is paused or cut off keeps a client that has much to
//! ask for as long as the pause lasts, although the other servers answer. A server that is cut off from the
//! others and not from its clients returns messages to them, and even says what it knows of a stream that it
//! led; but it stores nothing.

use core::hash::BuildHasher as _;
use core::sync::atomic::Ordering;
use core::time::Duration;
use std::hash::RandomState;
use std::sync::Arc;

use arc_swap::ArcSwap;
use async_nats::connection::State;
use async_nats::jetstream::{Context, ContextBuilder};
use async_nats::{Client, ConnectOptions};
use bytes::Bytes;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use tokio::time::{sleep, timeout};

use super::credentials::Credentials;
use super::failure::{of_connecting, unavailable};
use super::log::Log;
use crate::store::StoreError;

/// How long a call waits for a connection, or an answer.
pub(super) const WAIT: Duration = Duration::from_secs(5);

/// After which time without an answer the next server is tried as well.
const NEXT: Duration = Duration::from_millis(500);

/// How often a connection is looked at.
const INTERVAL: Duration = Duration::from_secs(1);

/// How long a server that answers takes at most to return a message to its sender. Together with the other
/// times it is less than `WAIT`, so that the call after one that had no answer has another server.
const SILENCE: Duration = Duration::from_secs(2);

/// How many looks in a row find messages that failed and none that was answered, before another server is used.
const FAILURES: u32 = 2;

/// What a store uses of a connection.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) client: Client,
    pub(super) records: Log,
    pub(super) snapshots: Log,
}

/// What is known of the traffic of a connection.
#[derive(Debug, Default)]
struct Traffic {
    /// How many bytes were received.
    received: u64,
    /// How many messages were sent when the server last answered.
    answered: u64,
}

/// What is known of the messages of a connection.
#[derive(Debug, Default)]
struct Messages {
    /// How many the servers answered.
    answered: u64,
    /// How many had no answer of a leader of the stream.
    failed: u64,
    /// How many looks in a row found messages that failed and none that was answered.
    failures: u32,
}

/// Connects to the server that answers first. One that is silent keeps nobody from the next. Where none can
/// be used, the error is one that does not end by itself, if there is one.
pub(super) async fn connect(mut servers: Vec<String>) -> Result<Client, StoreError> {
    let credentials = Credentials::of(&servers)?;
    // Clients spread over the servers.
    let random = usize::try_from(RandomState::new().hash_one(()) >> 33).unwrap_or_default();
    let first = random.checked_rem(servers.len()).unwrap_or_default();
    servers.rotate_left(first);
    let mut attempts = FuturesUnordered::new();
    let mut delay = Duration::ZERO;
    for _ in 0..servers.len() {
        attempts.push(attempt(servers.clone(), credentials.clone(), delay));
        servers.rotate_left(1);
        delay = delay.saturating_add(NEXT);
    }
    let mut worst = unavailable("no server is named");
    while let Some(connected) = attempts.next().await {
        match connected {
            Ok(client) => return Ok(client),
            Err(error) if worst.is_temporary() => worst = error,
            Err(_) => {}
        }
    }
    Err(worst)
}

async fn attempt(servers: Vec<String>, credentials: Credentials, delay: Duration) -> Result<Client, StoreError> {
    sleep(delay).await;
    let silent = || unavailable(format!("no server answered within {} s", WAIT.as_secs()));
    // Then the client gives up, and another connection is made; one that nobody holds would try for ever.
    let settings = credentials.within(settings()).max_reconnects(servers.len().saturating_mul(2));
    let connected = timeout(WAIT, settings.connect(servers)).await.map_err(|_| silent())?;
    connected.map_err(|error| of_connecting(&error))
}

fn settings() -> ConnectOptions {
    let settings = ConnectOptions::new().name("entitle").connection_timeout(WAIT).request_timeout(Some(WAIT));
    settings.retain_servers_order().ping_interval(WAIT).reconnect_delay_callback(|attempts| {
        Duration::from_millis(50).saturating_mul(u32::try_from(attempts).unwrap_or(u32::MAX)).min(WAIT)
    })
}

/// Returns how streams are used by a client.
pub(super) fn context(client: &Client) -> Context {
    ContextBuilder::new().timeout(WAIT).build(client.clone())
}

/// Replaces a connection whose server does not answer or stores nothing, until this is dropped. Calls that
/// wait for that server go on to do so, each within its own time limit.
pub(super) async fn keep(connection: Arc<ArcSwap<Connection>>, servers: Vec<String>) {
    let (mut traffic, mut messages) = (Traffic::default(), Messages::default());
    loop {
        sleep(INTERVAL).await;
        let current = connection.load_full();
        if answers(&current.client, &mut traffic).await && messages.are_stored(current.records.published()) {
            continue;
        }
        let Ok(client) = connect(known(&servers, current.client.server_info().connect_urls)).await else { continue };
        let context = context(&client);
        let (records, snapshots) = (current.records.with(context.clone()).await, current.snapshots.with(context).await);
        let (Ok(records), Ok(snapshots)) = (records, snapshots) else { continue };
        // Maybe it is the server that is to be left, or nobody leads the stream anywhere.
        if !matches!(timeout(SILENCE, records.pass()).await, Ok(Ok(_))) {
            continue;
        }
        connection.store(Arc::new(Connection { client, records, snapshots }));
        (traffic, messages) = (Traffic::default(), Messages::default());
    }
}

impl Messages {
    /// Returns whether messages are stored, as far as any are sent: how many were answered by now, and how
    /// many failed.
    fn are_stored(&mut self, (answered, failed): (u64, u64)) -> bool {
        let failures = match (answered > self.answered, failed > self.failed) {
            (true, _) => 0,
            (false, true) => self.failures.saturating_add(1),
            (false, false) => self.failures,
        };
        *self = Self { answered, failed, failures };
        failures < FAILURES
    }
}

impl Traffic {
    /// Returns whether nothing was received since something was sent: how many bytes were received by now, and
    /// how many messages sent.
    fn is_silent(&mut self, received: u64, sent: u64) -> bool {
        if received == self.received && sent != self.answered {
            return true;
        }
        self.received = received;
        false
    }
}

/// Returns the addresses of the servers, with those that the servers named themselves.
fn known(servers: &[String], named: Vec<String>) -> Vec<String> {
    let mut servers = servers.to_vec();
    for named in named {
        // Without the protocol and the user.
        if !servers.iter().any(|server| server.rsplit(['/', '@']).next() == Some(&named)) {
            servers.push(named);
        }
    }
    servers
}

/// Returns whether the server of a client answers, which is asked if nothing was received of it since
/// something was sent.
async fn answers(client: &Client, traffic: &mut Traffic) -> bool {
    if client.connection_state() != State::Connected {
        // It is connecting.
        _ = timeout(SILENCE, connected(client)).await;
        return client.connection_state() == State::Connected;
    }
    let statistics = client.statistics();
    let received = || statistics.in_bytes.load(Ordering::Relaxed);
    let sent = || statistics.out_messages.load(Ordering::Relaxed);
    let before = received();
    if !traffic.is_silent(before, sent()) {
        return true;
    }
    // A message to itself, which a server returns also while a stream has no leader.
    let inbox = client.new_inbox();
    let ask = async {
        let mut returned = client.subscribe(inbox.clone()).await.ok()?;
        client.publish(inbox, Bytes::new()).await.ok()?;
        returned.next().await
    };
    _ = timeout(SILENCE, ask).await;
    let has_answered = received() != before;
    if has_answered {
        *traffic = Traffic { received: received(), answered: sent() };
    }
    has_answered
}

async fn connected(client: &Client) {
    while client.connection_state() != State::Connected {
        sleep(INTERVAL).await;
    }
}

#[cfg(test)]
mod tests {
    use super::{Messages, Traffic, known};

    #[test]
    fn a_server_that_returned_nothing_since_something_was_sent_is_asked() {
        let mut traffic = Traffic::default();
        assert!(!traffic.is_silent(0, 0), "nothing was sent");
        assert!(!traffic.is_silent(100, 2), "something was received");
        // Again and again, as long as nothing is received.
        assert!(traffic.is_silent(100, 2) && traffic.is_silent(100, 3));
        assert!(!traffic.is_silent(101, 4) && traffic.is_silent(101, 4));
        traffic = Traffic { received: 200, answered: 5 };
        assert!(!traffic.is_silent(200, 5), "all that was sent is answered");
        assert!(traffic.is_silent(200, 6));
    }

    #[test]
    fn messages_are_not_stored_where_some_failed_at_two_looks_and_none_was_answered() {
        let looks = |looks: &[(u64, u64)]| {
            let mut messages = Messages::default();
            looks.iter().map(|look| messages.are_stored(*look)).collect::<Vec<_>>()
        };
        assert_eq!(looks(&[(0, 0), (0, 0), (0, 1), (0, 2), (0, 3)]), [true, true, true, false, false]);
        // Nothing that is sent says nothing.
        assert_eq!(looks(&[(5, 1), (5, 2), (5, 2), (5, 3)]), [true, true, true, false]);
        // One answer is enough, however many fail.
        assert_eq!(looks(&[(0, 1), (1, 9), (1, 10), (2, 20), (2, 21)]), [true; 5]);
    }

    #[test]
    fn servers_that_a_server_names_are_known_once() {
        let servers = ["nats://app:secret@one:4222".to_string(), "two:4222".to_string()];
        let named = ["one:4222", "two:4222", "three:4222"].map(str::to_string).to_vec();
        assert_eq!(known(&servers, named), [&servers[..], &["three:4222".to_string()]].concat());
        assert_eq!(known(&servers, Vec::new()), servers);
    }
}
