//! The messages of a subject in order, many of them with one question.

use core::time::Duration;

use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, pull};
use futures_util::stream::TryStreamExt as _;
use tokio::time::timeout;

use super::failure::{of_consuming, of_reading, unavailable};
use super::log::{Log, Stored};
use crate::store::StoreError;

/// How many messages are asked for one by one, before more are asked for at once.
const SINGLY: usize = 8;

/// How many bytes of messages are asked for at a time, unless one message is longer.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// How long the answers to one question may take together.
const AT_MOST: Duration = Duration::from_secs(5);

/// After which time a server forgets a consumer that was not removed.
const FORGOTTEN: Duration = Duration::from_secs(10);

impl Log {
    /// Returns at most `max` messages of a subject, from a sequence number on.
    pub(super) async fn from(&self, subject: &str, mut first: u64, max: usize) -> Result<Vec<Stored>, StoreError> {
        let mut messages: Vec<Stored> = Vec::new();
        while messages.len() < max {
            if messages.len() == SINGLY {
                messages.append(&mut self.many(subject, first, max.saturating_sub(SINGLY)).await?);
                first = messages.last().map_or(first, |message| message.sequence.saturating_add(1));
                if messages.len() >= max {
                    break;
                }
            }
            // The last ones are asked of the server that leads the stream.
            let read = self.stream.get_first_raw_message_by_subject(subject, first).await;
            let Some(message) = of_reading(read)?.map(Stored::from) else { break };
            first = message.sequence.saturating_add(1);
            messages.push(message);
        }
        Ok(messages)
    }

    /// Returns messages of a subject, at most `max`, from a sequence number on. The server that answers
    /// need not lead the stream, and may have less.
    async fn many(&self, subject: &str, first: u64, max: usize) -> Result<Vec<Stored>, StoreError> {
        let config = pull::Config {
            filter_subject: subject.to_string(),
            deliver_policy: DeliverPolicy::ByStartSequence { start_sequence: first },
            ack_policy: AckPolicy::None,
            inactive_threshold: FORGOTTEN,
            memory_storage: true,
            num_replicas: 1,
            ..pull::Config::default()
        };
        let consumer = self.stream.create_consumer(config).await.map_err(|error| of_consuming(&error))?;
        let asked = consumer.fetch().max_messages(max).max_bytes(MAX_BYTES).messages();
        let messages = async { asked.await.map_err(unavailable)?.map_err(unavailable).try_collect::<Vec<_>>().await };
        let messages = timeout(AT_MOST, messages).await;
        // Otherwise it is forgotten a little later.
        _ = self.stream.delete_consumer(&consumer.cached_info().name).await;
        let messages = messages.map_err(|_| unavailable("the messages of a record do not come"))??;
        messages.iter().map(Stored::of_consumed).collect()
    }
}
