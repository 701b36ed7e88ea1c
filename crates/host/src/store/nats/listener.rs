//! What the servers say of messages that they stored.

use core::time::Duration;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};

use async_nats::{Client, Message};
use entitle::TenantId;
use futures_util::StreamExt as _;

use super::failure::unavailable;
use super::log::{NUMBER, SENDER};
use super::subject;
use crate::store::runtime::Runtime;
use crate::store::{Hint, Hints, StoreError};

/// A subscription to what the servers stored.
pub(super) struct Listener {
    runtime: Arc<Runtime>,
    client: Client,
    subject: String,
    /// Whose messages are no hints: this process knows what it stored.
    sender: String,
    stored: Option<Receiver<(TenantId, u64)>>,
}

impl Listener {
    pub(super) fn new(runtime: Arc<Runtime>, client: Client, subject: String, sender: String) -> Self {
        Self { runtime, client, subject, sender, stored: None }
    }

    fn subscribe(&self) -> Result<Receiver<(TenantId, u64)>, StoreError> {
        let (client, subject) = (self.client.clone(), format!("{}.*", self.subject));
        let subscribed = self.runtime.call(async move {
            let subscribed = client.subscribe(subject).await;
            _ = client.flush().await;
            subscribed
        })?;
        let mut messages = subscribed.map_err(unavailable)?;
        let (sender, stored) = channel();
        let own = self.sender.clone();
        self.runtime.spawn(async move {
            while let Some(message) = messages.next().await {
                let Some(record) = record(&message, &own) else { continue };
                if sender.send(record).is_err() {
                    return;
                }
            }
        });
        Ok(stored)
    }
}

impl Hints for Listener {
    fn wait(&mut self, timeout: Duration) -> Result<Hint, StoreError> {
        let Some(stored) = &self.stored else {
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
