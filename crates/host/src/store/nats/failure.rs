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

#[cfg(test)]
mod tests {
    use async_nats::jetstream;
    use async_nats::jetstream::context::{
        CreateStreamError, CreateStreamErrorKind, GetStreamError, GetStreamErrorKind, PublishError, PublishErrorKind,
    };
    use async_nats::jetstream::stream::{LastRawMessageErrorKind, RawMessageError};

    use super::{Published, of_answer, of_creating, of_finding, of_publishing, of_reading};

    /// An answer of JetStream, with the status and the number of its error.
    fn answer(status: u32, number: u32) -> jetstream::Error {
        serde_json::from_str(&format!("{{\"code\":{status},\"err_code\":{number}}}")).unwrap()
    }

    const NOT_FOUND: (u32, u32) = (404, 10_059);

    #[test]
    fn answers_of_jetstream_say_what_to_do() {
        for ((status, number), code) in [
            ((503, 10_076), "host.store.unsuitable"),
            ((503, 10_039), "host.store.unsuitable"),
            ((500, 10_074), "host.store.unsuitable"),
            ((400, 10_005), "host.store.unsuitable"),
            ((400, 10_065), "host.store.other-application"),
            (NOT_FOUND, "host.store.damaged"),
            ((400, 10_002), "host.store.full"),
            ((500, 10_047), "host.store.full"),
            ((500, 10_028), "host.store.full"),
            ((503, 10_077), "host.store.full"),
            ((503, 10_008), "host.store.unavailable"),
            ((500, 1), "host.store.unavailable"),
            ((499, 1), "host.store.failed"),
        ] {
            assert_eq!(of_answer(&answer(status, number)).code(), code, "{status} {number}");
        }
        let (status, number) = NOT_FOUND;
        let not_found = || answer(status, number);
        let creating = |kind| of_creating(&CreateStreamError::new(kind)).code();
        assert_eq!(creating(CreateStreamErrorKind::JetStream(not_found())), "host.store.damaged");
        assert_eq!(creating(CreateStreamErrorKind::EmptyStreamName), "host.store.failed");
        assert_eq!(creating(CreateStreamErrorKind::InvalidStreamName), "host.store.failed");
        assert_eq!(creating(CreateStreamErrorKind::TimedOut), "host.store.unavailable");
        let finding = |kind| of_finding(&GetStreamError::new(kind)).code();
        assert_eq!(finding(GetStreamErrorKind::JetStream(not_found())), "host.store.damaged");
        assert_eq!(finding(GetStreamErrorKind::InvalidStreamName), "host.store.failed");
        assert_eq!(finding(GetStreamErrorKind::EmptyName), "host.store.failed");
        assert_eq!(finding(GetStreamErrorKind::Request), "host.store.unavailable");
        let reading = |kind| of_reading(Err::<(), _>(RawMessageError::new(kind))).map_err(|error| error.code());
        assert_eq!(reading(LastRawMessageErrorKind::NoMessageFound), Ok(None));
        assert_eq!(reading(LastRawMessageErrorKind::JetStream(answer(404, 10_037))), Ok(None));
        assert_eq!(reading(LastRawMessageErrorKind::JetStream(not_found())), Err("host.store.damaged"));
        assert_eq!(reading(LastRawMessageErrorKind::Other), Err("host.store.unavailable"));
    }

    /// What became of a message: nothing is acknowledged as not stored that may be stored.
    #[test]
    fn only_an_error_before_anything_is_stored_says_that_nothing_is() {
        let became = |error: PublishError| match of_publishing(&error) {
            Published::Stored(_) => ("stored", ""),
            Published::Duplicate => ("duplicate", ""),
            Published::Conflict => ("conflict", ""),
            Published::NotStored(error) => ("not stored", error.code()),
            Published::Unknown(error) => ("unknown", error.code()),
        };
        for (kind, expected) in [
            (PublishErrorKind::WrongLastSequence, ("conflict", "")),
            (PublishErrorKind::StreamNotFound, ("not stored", "host.store.unavailable")),
            (PublishErrorKind::MaxAckPending, ("not stored", "host.store.unavailable")),
            (PublishErrorKind::TimedOut, ("unknown", "host.store.unavailable")),
            (PublishErrorKind::BrokenPipe, ("unknown", "host.store.unavailable")),
            (PublishErrorKind::Other, ("unknown", "host.store.unavailable")),
        ] {
            assert_eq!(became(PublishError::new(kind)), expected, "{kind}");
        }
        for ((status, number), expected) in [
            ((400, 10_164), ("conflict", "")),
            // The server, or its store, failed in the middle of it.
            ((503, 10_008), ("unknown", "host.store.unavailable")),
            ((503, 10_077), ("unknown", "host.store.full")),
            // The same message is being stored.
            ((409, 10_158), ("unknown", "host.store.failed")),
            ((400, 10_002), ("not stored", "host.store.full")),
            ((400, 1), ("not stored", "host.store.failed")),
        ] {
            let error = PublishError::with_source(PublishErrorKind::Other, answer(status, number));
            assert_eq!(became(error), expected, "{status} {number}");
        }
    }
}
