//! The streams of a store: made by itself, never those of another application; and their messages.

use core::sync::atomic::{AtomicU64, Ordering};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use async_nats::header::{NATS_MESSAGE_ID, NATS_MESSAGE_TTL};
use async_nats::jetstream::message::PublishMessage;
use async_nats::jetstream::stream::{Config, Stream};
use async_nats::jetstream::{self, Context, ErrorCode, context};
use async_nats::{HeaderMap, client};
use bytes::Bytes;
use entitle::chrono::{DateTime, Utc};
use futures_util::stream::{StreamExt as _, iter};
use serde::{Deserialize, Serialize};

use super::failure::{Published, of_answer, of_creating, of_finding, of_publishing, of_reading, unavailable};
use super::settings::check;
use crate::store::StoreError;

/// How many questions are asked at a time.
const AT_A_TIME: usize = 32;

/// The header with the number of the last entry of a message.
pub(super) const NUMBER: &str = "Entitle-Number";

/// The header that names the store which sent a message, so that it takes no hint from it.
pub(super) const SENDER: &str = "Entitle-Sender";

/// The last part of the subject of messages that nobody reads. No tenant has it.
const BARRIER: &str = "%";

/// How long such a message is kept, in seconds: the shortest time that the servers know.
const BARRIER_SECONDS: &str = "1";

/// A stream, in which the messages of a subject are the record of a tenant.
#[derive(Debug, Clone)]
pub(super) struct Log {
    context: Context,
    pub(super) stream: Stream<()>,
    name: String,
    published: Arc<Counts>,
}

/// How many messages were sent by a connection.
#[derive(Debug, Default)]
struct Counts {
    /// Those that the servers answered: stored, or refused for a reason.
    answered: AtomicU64,
    /// Those that no leader of the stream answered.
    failed: AtomicU64,
}

/// What is asked about a stream.
#[derive(Debug, Default, Serialize)]
struct Question<'q> {
    /// The subjects whose messages are counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    subjects_filter: Option<&'q str>,
    /// How many of those subjects to leave out, in the order of the servers.
    offset: usize,
}

/// What is read of an answer about a stream.
#[derive(Debug, Deserialize)]
struct Answered {
    /// The time of the server's clock; servers before 2.10 leave it out.
    ts: Option<String>,
    state: Option<State>,
    /// How many subjects there are that were asked for.
    total: Option<usize>,
    error: Option<jetstream::Error>,
}

/// What a server has of a stream.
#[derive(Debug, Deserialize)]
struct State {
    last_seq: u64,
    /// Of each subject that was asked for, how many messages there are.
    subjects: Option<HashMap<String, u64>>,
}

/// A message as it is stored.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) sequence: u64,
    /// The id of the message: the hash of the last entry in it.
    pub(super) id: String,
    pub(super) payload: Bytes,
}

impl Log {
    /// Returns a stream with these settings, which is made if there is none.
    pub(super) async fn open(context: Context, config: Config) -> Result<Self, StoreError> {
        let name = config.name.clone();
        let found = match context.get_stream(&name).await {
            Ok(found) => found,
            Err(error) => match error.kind() {
                context::GetStreamErrorKind::JetStream(answer)
                    if answer.error_code() == ErrorCode::STREAM_NOT_FOUND =>
                {
                    // Another process may make it at the same time, with the same settings.
                    context.create_stream(config.clone()).await.map_err(|error| of_creating(&error))?
                }
                _ => return Err(of_finding(&error)),
            },
        };
        check(&config, &found.cached_info().config)?;
        let stream = context.get_stream_no_info(&name).await.map_err(|error| of_finding(&error))?;
        Ok(Self { context, stream, name, published: Arc::default() })
    }

    /// Returns the same stream by another connection.
    pub(super) async fn with(&self, context: Context) -> Result<Self, StoreError> {
        let stream = context.get_stream_no_info(&self.name).await.map_err(|error| of_finding(&error))?;
        Ok(Self { context, stream, name: self.name.clone(), published: Arc::default() })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Returns how many messages the servers answered, and how many had no answer of a leader.
    pub(super) fn published(&self) -> (u64, u64) {
        (self.published.answered.load(Ordering::Relaxed), self.published.failed.load(Ordering::Relaxed))
    }

    /// Returns the time of the clock of the server that leads the stream.
    pub(super) async fn clock(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        Ok(self.ask(&Question::default()).await?.ts.and_then(|time| time.parse().ok()))
    }

    async fn ask(&self, question: &Question<'_>) -> Result<Answered, StoreError> {
        let answer: Result<Answered, _> = self.context.request(format!("STREAM.INFO.{}", self.name), question).await;
        let answer = answer.map_err(unavailable)?;
        match &answer.error {
            Some(error) => Err(of_answer(error)),
            None => Ok(answer),
        }
    }

    /// Stores a message that nobody reads. Returns its sequence number: a server that has it has
    /// everything that was acknowledged before this was called.
    pub(super) async fn pass(&self) -> Result<u64, StoreError> {
        let mut headers = HeaderMap::new();
        headers.insert(NATS_MESSAGE_TTL, BARRIER_SECONDS);
        match self.publish(format!("{}.{BARRIER}", self.name), Bytes::new(), headers, None).await {
            Published::Stored(sequence) => Ok(sequence),
            Published::NotStored(error) | Published::Unknown(error) => Err(error),
            found @ (Published::Duplicate | Published::Conflict) => {
                Err(unavailable(format!("a message without conditions: {found:?}")))
            }
        }
    }

    /// Returns how many messages a subject has, as a server counts them that has a message.
    pub(super) async fn count(&self, subject: &str, barrier: u64) -> Result<u64, StoreError> {
        let answer = self.ask(&Question { subjects_filter: Some(subject), offset: 0 }).await?;
        match answer.state {
            Some(state) if state.last_seq >= barrier => {
                Ok(state.subjects.and_then(|counts| counts.get(subject).copied()).unwrap_or(0))
            }
            _ => Err(behind()),
        }
    }

    /// Returns the last parts of all subjects, as a server has them that has a message.
    pub(super) async fn parts(&self, barrier: u64) -> Result<BTreeSet<String>, StoreError> {
        let (prefix, filter) = (format!("{}.", self.name), format!("{}.*", self.name));
        let (mut parts, mut offset) = (BTreeSet::new(), 0_usize);
        loop {
            // The servers name at most 100,000 at a time, sorted.
            let answer = self.ask(&Question { subjects_filter: Some(&filter), offset }).await?;
            let state = answer.state.filter(|state| state.last_seq >= barrier).ok_or_else(behind)?;
            let subjects = state.subjects.unwrap_or_default();
            let end = offset.saturating_add(subjects.len());
            let is_last = subjects.len() < 2 || answer.total.is_none_or(|total| end >= total);
            parts.extend(subjects.into_keys().filter_map(|it| it.strip_prefix(&prefix).map(str::to_string)));
            if is_last {
                return Ok(parts);
            }
            // The message that nobody reads may be gone by then, and those behind it stand one place before.
            offset = end.saturating_sub(1);
        }
    }

    /// Returns whether the message of a sequence number has an id; `true` without one that is asked for.
    pub(super) async fn contains(&self, message: Option<(u64, String)>) -> Result<bool, StoreError> {
        let Some((sequence, id)) = message else { return Ok(true) };
        let found = of_reading(self.stream.get_raw_message(sequence).await)?.map(Stored::from);
        Ok(found.is_some_and(|found| found.id == id))
    }

    /// Returns the last message of a subject.
    pub(super) async fn last(&self, subject: &str) -> Result<Option<Stored>, StoreError> {
        let read = self.stream.get_last_raw_message_by_subject(subject).await;
        Ok(of_reading(read)?.map(Stored::from))
    }

    /// Returns the last message of each of these subjects, in order; or why it cannot be read.
    pub(super) async fn last_of(&self, subjects: Vec<String>) -> Vec<Result<Option<Stored>, StoreError>> {
        let asked = subjects.into_iter().map(|subject| async move { self.last(&subject).await });
        iter(asked).buffered(AT_A_TIME).collect().await
    }

    /// Returns the messages of these sequence numbers, in order.
    pub(super) async fn get(&self, sequences: Vec<u64>) -> Result<Vec<Stored>, StoreError> {
        let asked = sequences.into_iter().map(|sequence| async move {
            let message = of_reading(self.stream.get_raw_message(sequence).await)?;
            message.map(Stored::from).ok_or_else(behind)
        });
        let answers: Vec<_> = iter(asked).buffered(AT_A_TIME).collect().await;
        answers.into_iter().collect()
    }

    /// Stores a message after the last of its subject, of which the sequence number is expected.
    pub(super) async fn publish(
        &self,
        subject: String,
        payload: Bytes,
        headers: HeaderMap,
        expected: Option<u64>,
    ) -> Published {
        let client: client::Client = self.context.client();
        if client.connection_state() != async_nats::connection::State::Connected {
            return Published::NotStored(unavailable("no server is connected"));
        }
        let max = client.server_info().max_payload;
        // Headers count too.
        if payload.len().saturating_add(1_024) > max {
            let bytes = payload.len();
            let detail = format!("a message of {bytes} bytes; set `max_payload` of the servers, {max}, to 8 MB");
            return Published::NotStored(StoreError::Unsuitable { detail });
        }
        let message = PublishMessage::build().payload(payload).headers(headers);
        let message = match expected {
            Some(sequence) => message.expected_last_subject_sequence(sequence),
            None => message,
        };
        let sent = match self.context.send_publish(subject, message).await {
            Ok(sent) => sent.await,
            Err(error) => Err(error),
        };
        let published = match sent {
            Ok(stored) if stored.duplicate => Published::Duplicate,
            Ok(stored) => Published::Stored(stored.sequence),
            Err(error) => of_publishing(&error),
        };
        let count = match &published {
            Published::NotStored(StoreError::Unavailable { .. }) | Published::Unknown(_) => &self.published.failed,
            _ => &self.published.answered,
        };
        count.fetch_add(1, Ordering::Relaxed);
        published
    }
}

/// Returns that the server which answered does not lead the stream any more.
pub(super) fn behind() -> StoreError {
    unavailable("the server that answered has less than was stored, since another leads the stream now")
}

/// Returns the headers of a message of a record.
pub(super) fn headers(id: &str, number: u64, sender: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(SENDER, sender);
    headers.insert(NATS_MESSAGE_ID, id);
    headers.insert(NUMBER, number.to_string());
    headers
}

impl Stored {
    /// Returns a message that a consumer received, and which of its messages it is, counted from 1; `None` for
    /// another answer.
    pub(super) fn of_consumed(message: &jetstream::Message) -> Option<(u64, Self)> {
        let info = message.info().ok()?;
        let (number, sequence) = (info.consumer_sequence, info.stream_sequence);
        let id = message.headers.as_ref().and_then(|headers| headers.get(NATS_MESSAGE_ID));
        let id = id.map_or(String::new(), |id| id.as_str().to_string());
        Some((number, Self { sequence, id, payload: message.payload.clone() }))
    }
}

impl From<async_nats::jetstream::message::StreamMessage> for Stored {
    fn from(message: async_nats::jetstream::message::StreamMessage) -> Self {
        let id = message.headers.get(NATS_MESSAGE_ID).map_or(String::new(), |id| id.as_str().to_string());
        Self { sequence: message.sequence, id, payload: message.payload }
    }
}
