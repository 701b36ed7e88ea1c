//! What the servers say of messages that they stored.

use core::time::Duration;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};

use arc_swap::ArcSwap;
use async_nats::Message;
use entitle::TenantId;
use futures_util::StreamExt as _;
use tokio::task::JoinHandle;

use super::connection::Connection;
use super::failure::unavailable;
use super::log::{NUMBER, SENDER};
use super::subject;
use crate::store::runtime::Runtime;
use crate::store::{Hint, Hints, StoreError};

/// A subscription to what the servers stored.
pub(super) struct Listener {
    runtime: Arc<Runtime>,
    connection: Arc<ArcSwap<Connection>>,
    subject: String,
    /// Whose messages are no hints: this process knows what it stored.
    sender: String,
    stored: Option<Subscription>,
}

/// What is received by a connection, which may be replaced.
struct Subscription {
    connection: Arc<Connection>,
    stored: Receiver<(TenantId, u64)>,
    /// Keeps the client open while it runs.
    receiving: JoinHandle<()>,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.receiving.abort();
    }
}

impl Listener {
    pub(super) fn new(
        runtime: Arc<Runtime>,
        connection: Arc<ArcSwap<Connection>>,
        subject: String,
        sender: String,
    ) -> Self {
        Self { runtime, connection, subject, sender, stored: None }
    }

    fn subscribe(&self) -> Result<Subscription, StoreError> {
        let connection = self.connection.load_full();
        let (client, subject) = (connection.client.clone(), format!("{}.*", self.subject));
        let subscribed = self.runtime.call(async move {
            let subscribed = client.subscribe(subject).await;
            _ = client.flush().await;
            subscribed
        })?;
        let mut messages = subscribed.map_err(unavailable)?;
        let (sender, stored) = channel();
        let own = self.sender.clone();
        let receiving = self.runtime.spawn(async move {
            while let Some(message) = messages.next().await {
                let Some(record) = record(&message, &own) else { continue };
                if sender.send(record).is_err() {
                    return;
                }
            }
        });
        Ok(Subscription { connection, stored, receiving })
    }
}

impl Hints for Listener {
    fn wait(&mut self, timeout: Duration) -> Result<Hint, StoreError> {
        let current = self.connection.load_full();
        let stored = self.stored.as_ref().filter(|stored| Arc::ptr_eq(&stored.connection, &current));
        let Some(Subscription { stored, .. }) = stored else {
            self.stored = None;
            self.stored = Some(self.subscribe()?);
            // What was stored before this process listened.
            return Ok(Hint::Some);
        };
        match stored.recv_timeout(timeout) {
            Ok(first) => Ok(Hint::Records(core::iter::once(first).chain(stored.try_iter()).collect())),
            Err(RecvTimeoutError::Timeout) => Ok(Hint::Nothing),
            Err(RecvTimeoutError::Disconnected) => {
                self.stored = None;
                Err(unavailable("the subscription ended"))
            }
        }
    }
}

/// Returns the record of a message, which anybody may have sent; `None` for those of this store.
fn record(message: &Message, own: &str) -> Option<(TenantId, u64)> {
    let (_, part) = message.subject.as_str().rsplit_once('.')?;
    let headers = message.headers.as_ref()?;
    if headers.get(SENDER).is_some_and(|sender| sender.as_str() == own) {
        return None;
    }
    let number = headers.get(NUMBER)?.as_str().parse().ok()?;
    Some((subject::decode(part)?, number))
}

#[cfg(test)]
mod tests {
    use async_nats::header::NATS_MESSAGE_ID;
    use async_nats::{HeaderMap, HeaderValue, Message};

    use super::{NUMBER, SENDER, record};
    use crate::store::nats::log::headers;

    fn message(subject: &str, headers: Option<HeaderMap>) -> Message {
        let (payload, length) = (bytes::Bytes::new(), 0);
        Message { subject: subject.into(), reply: None, payload, headers, status: None, description: None, length }
    }

    #[test]
    fn what_others_stored_is_a_hint_and_what_anybody_else_sends_is_none() {
        let found =
            |subject, headers| record(&message(subject, headers), "us").map(|(id, number)| (id.to_string(), number));
        let theirs = || headers("id", 7, "them");
        assert_eq!(found("entitle-stored.a%2Eb", Some(theirs())), Some(("a.b".to_string(), 7)));
        assert_eq!(found("entitle-stored.contoso", Some(headers("id", 7, "us"))), None, "it is our own");
        for (subject, headers) in [
            ("entitle-stored.contoso", None),
            ("entitle-stored.contoso", Some(HeaderMap::new())),
            // Those of the barrier, and what is no subject of a tenant.
            ("entitle-stored.%", Some(theirs())),
            ("contoso", Some(theirs())),
        ] {
            assert_eq!(found(subject, headers), None, "{subject}");
        }
        let mut no_number = theirs();
        no_number.insert(NUMBER, "many");
        assert_eq!(found("entitle-stored.contoso", Some(no_number)), None);
    }

    #[test]
    fn a_message_names_its_last_entry_by_which_the_servers_know_it_and_who_sent_it() {
        let headers = headers("hash", 7, "us");
        let of = |header: &str| headers.get(header).map(|value| value.as_str().to_string());
        assert_eq!([NUMBER, SENDER].map(of), ["7", "us"].map(|value| Some(value.to_string())));
        assert_eq!(headers.get(NATS_MESSAGE_ID).map(HeaderValue::as_str), Some("hash"));
    }
}
