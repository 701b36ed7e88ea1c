//! What the errors of NATS mean.

use core::error::Error as _;
use core::fmt::Display;

use async_nats::jetstream::context::{CreateStreamError, CreateStreamErrorKind, PublishError, PublishErrorKind};
use async_nats::jetstream::context::{GetStreamError, GetStreamErrorKind};
use async_nats::jetstream::stream::{LastRawMessageErrorKind, RawMessageError};
use async_nats::jetstream::{self, ErrorCode};
use async_nats::{ConnectError, ConnectErrorKind};

use crate::store::StoreError;

/// What became of a message.
#[derive(Debug)]
pub(super) enum Published {
    /// It is stored, under this sequence number.
    Stored(u64),
    /// A message with its id is stored.
    Duplicate,
    /// Another message is the last of its subject.
    Conflict,
    /// It was not stored.
    NotStored(StoreError),
    /// Nothing is known of it.
    Unknown(StoreError),
}

pub(super) fn unavailable(detail: impl Display) -> StoreError {
    StoreError::Unavailable { detail: detail.to_string() }
}

pub(super) fn of_connecting(error: &ConnectError) -> StoreError {
    let detail = error.to_string();
    match error.kind() {
        ConnectErrorKind::ServerParse => {
            StoreError::Failed { detail: format!("{detail}: write servers as `nats://host:4222`, with commas between") }
        }
        ConnectErrorKind::Authentication | ConnectErrorKind::AuthorizationViolation => {
            StoreError::Failed { detail: format!("{detail}: check the user and the password in the address") }
        }
        _ => StoreError::Unavailable { detail },
    }
}

/// Returns what an answer of JetStream means.
pub(super) fn of_answer(error: &jetstream::Error) -> StoreError {
    let detail = error.to_string();
    match error.error_code() {
        ErrorCode::JETSTREAM_NOT_ENABLED | ErrorCode::JETSTREAM_NOT_ENABLED_FOR_ACCOUNT => without_jetstream(),
        ErrorCode::STREAM_REPLICAS_NOT_SUPPORTED | ErrorCode::CLUSTER_NO_PEERS => StoreError::Unsuitable {
            detail: format!("{detail}: start as many servers as there are to be replicas, or set fewer replicas"),
        },
        ErrorCode::STREAM_SUBJECT_OVERLAP => {
            StoreError::OtherApplication { detail: format!("another stream has these subjects: {detail}") }
        }
        ErrorCode::STREAM_NOT_FOUND => StoreError::Damaged { detail: format!("the stream was removed: {detail}") },
        ErrorCode::ACCOUNT_RESOURCES_EXCEEDED
        | ErrorCode::STORAGE_RESOURCES_EXCEEDED
        | ErrorCode::MEMORY_RESOURCES_EXCEEDED
        | ErrorCode::STREAM_STORE_FAILED => StoreError::Full { detail },
        _ if error.code() >= 500 => StoreError::Unavailable { detail },
        _ => StoreError::Failed { detail },
    }
}

pub(super) fn without_jetstream() -> StoreError {
    let detail = "the server has no JetStream: start it with `jetstream { store_dir: … }` in its configuration";
    StoreError::Unsuitable { detail: detail.to_string() }
}

pub(super) fn of_creating(error: &CreateStreamError) -> StoreError {
    match error.kind() {
        CreateStreamErrorKind::JetStream(error) => of_answer(&error),
        CreateStreamErrorKind::EmptyStreamName | CreateStreamErrorKind::InvalidStreamName => {
            StoreError::Failed { detail: format!("{error}: a stream's name has letters, digits, `-` and `_`") }
        }
        _ => unavailable(error),
    }
}

pub(super) fn of_finding(error: &GetStreamError) -> StoreError {
    match error.kind() {
        GetStreamErrorKind::JetStream(error) => of_answer(&error),
        GetStreamErrorKind::EmptyName | GetStreamErrorKind::InvalidStreamName => {
            StoreError::Failed { detail: format!("{error}: a stream's name has letters, digits, `-` and `_`") }
        }
        GetStreamErrorKind::Request => unavailable(error),
    }
}

/// Returns the answer to reading a message: `None` where there is none.
pub(super) fn of_reading<T>(read: Result<T, RawMessageError>) -> Result<Option<T>, StoreError> {
    match read {
        Ok(message) => Ok(Some(message)),
        Err(error) => match error.kind() {
            LastRawMessageErrorKind::NoMessageFound => Ok(None),
            LastRawMessageErrorKind::JetStream(error) if error.error_code() == ErrorCode::NO_MESSAGE_FOUND => Ok(None),
            LastRawMessageErrorKind::JetStream(error) => Err(of_answer(&error)),
            _ => Err(unavailable(error)),
        },
    }
}

/// Returns what became of a message that was sent.
pub(super) fn of_publishing(error: &PublishError) -> Published {
    match error.kind() {
        PublishErrorKind::WrongLastSequence => Published::Conflict,
        // No server has the stream now: nobody received the message.
        PublishErrorKind::StreamNotFound => Published::NotStored(unavailable("the stream has no leader")),
        PublishErrorKind::MaxAckPending => Published::NotStored(unavailable(error)),
        _ => match error.source().and_then(|source| source.downcast_ref::<jetstream::Error>()) {
            Some(answer) if answer.error_code() == ErrorCode::STREAM_WRONG_LAST_SEQUENCE_CONSTANT => {
                Published::Conflict
            }
            // Before anything is stored: the request is wrong, or a limit is reached.
            Some(answer) => match of_answer(answer) {
                error @ StoreError::Unavailable { .. } => Published::Unknown(error),
                // The store of one server failed; others may have stored it.
                error if answer.error_code() == ErrorCode::STREAM_STORE_FAILED => Published::Unknown(error),
                error if answer.error_code() == ErrorCode::STREAM_DUPLICATE_MESSAGE_CONFLICT => {
                    Published::Unknown(error)
                }
                error => Published::NotStored(error),
            },
            None => Published::Unknown(unavailable(error)),
        },
    }
}
