//! Notifications: each process tells the others which records it wrote.
//!
//! Never in the insert: a transaction that notifies takes a lock on the whole database when it
//! commits, which costs two thirds of the writes. So what was written is gathered, and one statement
//! of a connection of its own notifies of all of it.

use core::time::Duration;
use std::collections::HashMap;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use entitle::TenantId;
use postgres::fallible_iterator::FallibleIterator as _;
use postgres::{Client, Config, NoTls};

use super::failure::store_error;
use crate::store::{Hint, Hints, StoreError};

/// The channel of notifications.
const CHANNEL: &str = "entitle_entries";

/// How long writes are gathered.
const GATHER: Duration = Duration::from_millis(1);

/// What is written is sent to the thread that notifies; it ends when nothing can be sent any more.
#[derive(Debug)]
pub(super) struct Notifier(Mutex<Sender<(TenantId, u64)>>);

impl Notifier {
    pub(super) fn start(config: Arc<Config>) -> Self {
        let (sender, written) = channel();
        thread::spawn(move || notify(&config, &written));
        Self(Mutex::new(sender))
    }

    pub(super) fn wrote(&self, tenant: &TenantId, number: u64) {
        // Without the thread others poll.
        _ = self.0.lock().unwrap_or_else(PoisonError::into_inner).send((tenant.clone(), number));
    }
}

fn notify(config: &Config, written: &Receiver<(TenantId, u64)>) {
    let mut client: Option<Client> = None;
    while let Ok(first) = written.recv() {
        thread::sleep(GATHER);
        // Of each record the latest entry.
        let latest: HashMap<TenantId, u64> = core::iter::once(first).chain(written.try_iter()).collect();
        let connected = client.take().filter(|client| !client.is_closed()).or_else(|| config.connect(NoTls).ok());
        // A notification that is lost is found by polling.
        client = connected.and_then(|mut client| {
            let texts: Vec<String> = latest.iter().map(|(tenant, number)| format!("{number} {tenant}")).collect();
            let sent = client.execute("select pg_notify($1, t) from unnest($2::text[]) t", &[&CHANNEL, &texts]);
            sent.is_ok().then_some(client)
        });
    }
}

/// A connection that listens.
pub(super) struct Listener {
    config: Arc<Config>,
    client: Option<Client>,
}

impl Listener {
    pub(super) fn new(config: Arc<Config>) -> Self {
        Self { config, client: None }
    }

    fn client(&mut self) -> Result<(&mut Client, bool), postgres::Error> {
        let known = self.client.take().filter(|client| !client.is_closed());
        let is_new = known.is_none();
        let client = if let Some(client) = known {
            client
        } else {
            let mut client = self.config.connect(NoTls)?;
            client.batch_execute(&format!("listen {CHANNEL}"))?;
            client
        };
        Ok((self.client.insert(client), is_new))
    }
}

impl Hints for Listener {
    fn wait(&mut self, timeout: Duration) -> Result<Hint, StoreError> {
        let failed = |error| store_error(&error);
        let (client, is_new) = self.client().map_err(failed)?;
        if is_new {
            // What was written before this connection listened.
            return Ok(Hint::Some);
        }
        let mut notifications = client.notifications();
        let first = notifications.timeout_iter(timeout).next().map_err(failed)?;
        let mut records: Vec<(TenantId, u64)> = first.iter().filter_map(|first| record(first.payload())).collect();
        let mut more = notifications.iter();
        while let Some(notification) = more.next().map_err(failed)? {
            records.extend(record(notification.payload()));
        }
        Ok(if records.is_empty() { Hint::Nothing } else { Hint::Records(records) })
    }
}

/// Returns the record of a notification, which anybody may have sent.
fn record(text: &str) -> Option<(TenantId, u64)> {
    let (number, tenant) = text.split_once(' ')?;
    Some((tenant.parse().ok()?, number.parse().ok()?))
}
