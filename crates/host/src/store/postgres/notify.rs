//! Notifications: each process tells the others which records it wrote.
//!
//! Never in the insert: a transaction that notifies takes a lock on the whole database when it
//! commits, which costs two thirds of the writes. So what was written is gathered, and one statement
//! of a connection of its own notifies of all of it.

use core::future::poll_fn;
use core::time::Duration;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Instant;

use entitle::TenantId;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{sleep, timeout};
use tokio_postgres::tls::NoTlsStream;
use tokio_postgres::{AsyncMessage, Client, NoTls, Socket, Statement};

use super::connection::Server;
use super::failure::CallError;
use crate::store::runtime::{Runtime, wait};
use crate::store::{Hint, Hints, StoreError};

/// The channel of notifications.
const CHANNEL: &str = "entitle_entries";

/// How long writes are gathered.
const GATHER: Duration = Duration::from_millis(1);

/// The pause after a notification, so that a process that writes all the time has the server notify
/// some two hundred times a second.
const PAUSE: Duration = Duration::from_millis(4);

/// A notification is a transaction, and need not be on disk. The setting ends with it: a pool of
/// connections between may use the same for entries.
const NOTIFY: &str = "select pg_notify($1, t)
  from (select set_config('synchronous_commit', 'off', true)) s, unnest($2::text[]) t";

/// What is written is sent to the task that notifies; it ends when nothing can be sent any more.
#[derive(Debug)]
pub(super) struct Notifier(UnboundedSender<(TenantId, u64)>);

impl Notifier {
    pub(super) fn start(runtime: &Runtime, server: Arc<Server>) -> Self {
        let (sender, written) = unbounded_channel();
        drop(runtime.spawn(notify(server, written)));
        Self(sender)
    }

    pub(super) fn wrote(&self, tenant: &TenantId, number: u64) {
        // Without the task others poll.
        _ = self.0.send((tenant.clone(), number));
    }
}

async fn notify(server: Arc<Server>, mut written: UnboundedReceiver<(TenantId, u64)>) {
    let mut connected: Option<(Client, Statement)> = None;
    while let Some(first) = written.recv().await {
        sleep(GATHER).await;
        // Of each record the latest entry.
        let mut latest = HashMap::from([first]);
        while let Ok((tenant, number)) = written.try_recv() {
            latest.insert(tenant, number);
        }
        connected = connected.filter(|(client, _)| !client.is_closed());
        if connected.is_none() {
            let limit = server.connect_timeout.saturating_mul(2);
            connected = timeout(limit, notifying(&server)).await.ok().and_then(Result::ok);
        }
        // A notification that is lost is found by polling.
        if let Some((client, statement)) = &connected {
            let texts: Vec<String> = latest.iter().map(|(tenant, number)| format!("{number} {tenant}")).collect();
            let is_sent = timeout(server.call_timeout, client.execute(statement, &[&CHANNEL, &texts])).await;
            if !matches!(is_sent, Ok(Ok(_))) {
                connected = None;
            }
        }
        sleep(PAUSE).await;
    }
}

/// What reads and writes on the socket of a connection that runs on the thread of a runtime.
type Driver = tokio_postgres::Connection<Socket, NoTlsStream>;

async fn connect(server: &Server) -> Result<(Client, Driver), CallError> {
    let connecting = timeout(server.connect_timeout, server.config.connect(NoTls));
    Ok(connecting.await.map_err(|_| CallError::TimeOver)??)
}

/// Returns a connection that notifies.
async fn notifying(server: &Server) -> Result<(Client, Statement), CallError> {
    let (client, driver) = connect(server).await?;
    // It ends with the client. Its errors are those of the calls.
    drop(tokio::spawn(driver));
    let statement = client.prepare(NOTIFY).await?;
    Ok((client, statement))
}

/// A connection that listens.
pub(super) struct Listener {
    runtime: Arc<Runtime>,
    server: Arc<Server>,
    /// What is heard. It ends with the connection.
    heard: Option<Heard>,
}

struct Heard {
    payloads: Receiver<String>,
    /// Ends the connection by being dropped.
    _client: Client,
}

impl Listener {
    pub(super) fn new(runtime: Arc<Runtime>, server: Arc<Server>) -> Self {
        Self { runtime, server, heard: None }
    }

    fn listen(&self) -> Result<Heard, StoreError> {
        let (sender, payloads) = channel();
        let limit = self.server.connect_timeout.saturating_mul(2);
        let until = Instant::now().checked_add(limit).unwrap_or_else(Instant::now);
        let listening = listen(Arc::clone(&self.server), sender);
        match wait(self.runtime.spawn(async move { timeout(limit, listening).await }), until) {
            Some(Ok(Ok(client))) => Ok(Heard { payloads, _client: client? }),
            Some(Err(_)) => Err(StoreError::Failed { detail: "the thread of the client ended".to_string() }),
            Some(Ok(Err(_))) | None => Err(CallError::TimeOver.into()),
        }
    }
}

/// Connects, and sends what is heard until the connection ends.
async fn listen(server: Arc<Server>, heard: Sender<String>) -> Result<Client, CallError> {
    let (client, mut connection) = connect(&server).await?;
    tokio::spawn(async move {
        while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notification(notification) = message {
                if heard.send(notification.payload().to_string()).is_err() {
                    return;
                }
            }
        }
    });
    client.batch_execute(&format!("listen {CHANNEL}")).await?;
    Ok(client)
}

impl Hints for Listener {
    fn wait(&mut self, timeout: Duration) -> Result<Hint, StoreError> {
        let Some(heard) = &self.heard else {
            self.heard = Some(self.listen()?);
            // What was written before this connection listened.
            return Ok(Hint::Some);
        };
        match heard.payloads.recv_timeout(timeout) {
            Ok(first) => {
                let payloads = core::iter::once(first).chain(heard.payloads.try_iter());
                let records: Vec<(TenantId, u64)> = payloads.filter_map(|payload| record(&payload)).collect();
                Ok(if records.is_empty() { Hint::Nothing } else { Hint::Records(records) })
            }
            Err(RecvTimeoutError::Timeout) => Ok(Hint::Nothing),
            Err(RecvTimeoutError::Disconnected) => {
                self.heard = None;
                Err(StoreError::Unavailable { detail: "the connection that listens ended".to_string() })
            }
        }
    }
}

/// Returns the record of a notification, which anybody may have sent.
fn record(text: &str) -> Option<(TenantId, u64)> {
    let (number, tenant) = text.split_once(' ')?;
    Some((tenant.parse().ok()?, number.parse().ok()?))
}
