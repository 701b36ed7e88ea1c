//! The messages of a subject in order, many of them with one question.

use core::pin::pin;
use core::time::Duration;

use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, pull};
use futures_util::stream::{Stream, StreamExt as _};
use tokio::time::timeout;

use super::failure::of_reading;
use super::log::{Log, Stored};
use crate::store::StoreError;

/// How many messages are asked for one by one, before more are asked for at once.
const SINGLY: usize = 8;

/// How many bytes of messages are asked for at a time.
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
                messages.append(&mut self.many(subject, first, max.saturating_sub(SINGLY)).await);
                first = messages.last().map_or(first, |message| message.sequence.saturating_add(1));
                if messages.len() >= max {
                    break;
                }
            }
            // What did not come, and the last ones, are asked of the server that leads the stream.
            let read = self.stream.get_first_raw_message_by_subject(subject, first).await;
            let Some(message) = of_reading(read)?.map(Stored::from) else { break };
            first = message.sequence.saturating_add(1);
            messages.push(message);
        }
        Ok(messages)
    }

    /// Returns messages of a subject, at most `max`, from a sequence number on, as far as they come
    /// without a gap: a server ends its answer before a message that is too many bytes, and one that does
    /// not lead the stream may have less.
    async fn many(&self, subject: &str, first: u64, max: usize) -> Vec<Stored> {
        let config = pull::Config {
            filter_subject: subject.to_string(),
            deliver_policy: DeliverPolicy::ByStartSequence { start_sequence: first },
            ack_policy: AckPolicy::None,
            inactive_threshold: FORGOTTEN,
            memory_storage: true,
            num_replicas: 1,
            ..pull::Config::default()
        };
        let mut messages = Vec::new();
        let Ok(consumer) = self.stream.create_consumer(config).await else { return messages };
        let receive = async {
            let asked = consumer.fetch().max_messages(max).max_bytes(MAX_BYTES).messages();
            let Ok(answers) = asked.await else { return };
            let numbered = answers.map(|message| Stored::of_consumed(&message.ok()?));
            take_in_order(&mut messages, numbered).await;
        };
        _ = timeout(AT_MOST, receive).await;
        // Otherwise it is forgotten a little later.
        _ = self.stream.delete_consumer(&consumer.cached_info().name).await;
        messages
    }
}

/// Takes messages as they come, with their numbers from 1 on, up to the first that is missing.
async fn take_in_order(messages: &mut Vec<Stored>, numbered: impl Stream<Item = Option<(u64, Stored)>>) {
    let mut numbered = pin!(numbered);
    while let Some(Some((number, message))) = numbered.next().await {
        if usize::try_from(number) != Ok(messages.len().saturating_add(1)) {
            return;
        }
        messages.push(message);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream::iter;

    use super::{Stored, take_in_order};

    fn taken(numbers: &[Option<u64>]) -> Vec<u64> {
        let message = |number: u64| Stored { sequence: number, id: String::new(), payload: bytes::Bytes::new() };
        let numbered = numbers.iter().map(|number| number.map(|number| (number, message(number))));
        let mut messages = Vec::new();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(take_in_order(&mut messages, iter(numbered)));
        messages.iter().map(|message| message.sequence).collect()
    }

    #[test]
    fn messages_are_taken_up_to_the_first_that_is_missing() {
        assert_eq!(taken(&[Some(1), Some(2), Some(3)]), [1, 2, 3]);
        assert_eq!(taken(&[Some(1), Some(2), Some(4), Some(5)]), [1, 2]);
        assert!(taken(&[Some(2), Some(3)]).is_empty());
        assert_eq!(taken(&[Some(1), Some(1), Some(2)]), [1]);
        // An answer that is no message ends them.
        assert_eq!(taken(&[Some(1), None, Some(2)]), [1]);
    }
}
