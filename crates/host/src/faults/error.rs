//! Why nothing is shown of a store.

use core::fmt::Display;

use thiserror::Error;

use crate::message::{detail, messages};
use crate::random::RandomError;
use crate::store::StoreError;

/// Processes could not be let write to the end.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FaultsError {
    /// A call of the store failed that had nothing to fail for.
    Store(StoreError),
    /// The operating system has no random bytes.
    Random(#[from] RandomError),
    /// A process could not be started, read or killed, or nobody reads what it writes.
    Process {
        /// What the operating system reports.
        detail: String,
    },
    /// The store has a record of the tenant `entitle-faults`, or the commands could not be made, which
    /// no release causes.
    Setup {
        /// What happened.
        detail: String,
    },
}

impl From<StoreError> for FaultsError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

messages! {
    FaultsError
        as Self::Store(error) => error
        as Self::Random(error) => error;
    Self::Process { detail: found } => "host.faults.process",
        "a process that writes cannot be used: {detail}", detail = detail(found);
    Self::Setup { detail: found } => "host.faults.setup",
        "writing cannot begin: {detail}: use a store without other records", detail = detail(found);
}

/// Returns what was made, or that it could not be.
pub(super) fn made<T, E: Display>(made: Result<T, E>) -> Result<T, FaultsError> {
    made.map_err(|error| FaultsError::Setup { detail: error.to_string() })
}

/// Returns what became of a process, or that it cannot be used.
pub(super) fn of_process<T>(found: std::io::Result<T>) -> Result<T, FaultsError> {
    found.map_err(|error| FaultsError::Process { detail: error.to_string() })
}
