//! Randomness of the operating system.

use entitle::{RecordId, RequestId};
use thiserror::Error;

use crate::message::{detail as value, messages};

/// The operating system has no random bytes.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub struct RandomError {
    /// What the operating system reports.
    pub detail: String,
}

messages! {
    RandomError;
    Self { detail } => "host.no-randomness", "the operating system has no random bytes: {detail}: start the application again",
        detail = value(detail);
}

/// Returns the id of a new request.
///
/// # Errors
///
/// [`RandomError`] if the operating system has no random bytes.
pub fn request_id() -> Result<RequestId, RandomError> {
    bytes().map(RequestId::from_random)
}

/// Returns the id of a new record.
///
/// # Errors
///
/// [`RandomError`] if the operating system has no random bytes.
pub fn record_id() -> Result<RecordId, RandomError> {
    bytes().map(RecordId::from_random)
}

fn bytes() -> Result<[u8; 16], RandomError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| RandomError { detail: error.to_string() })?;
    Ok(bytes)
}
