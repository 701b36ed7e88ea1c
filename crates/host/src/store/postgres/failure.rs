//! What PostgreSQL's errors mean.

use std::io;

use tokio_postgres::error::{DbError, Severity, SqlState};
use tokio_postgres::types::FromSql;
use tokio_postgres::{Error, Row};

use crate::store::StoreError;

/// Why a call has no answer that can be used.
#[derive(Debug)]
pub(super) enum CallError {
    /// The client or the server answered with an error, or the connection broke.
    Client(Error),
    /// There was no answer in time. What was sent may still take effect.
    TimeOver,
    /// No connection was made.
    NotReached(io::Error),
    /// The server does not take writes, or takes them, and the configuration wants another one.
    NotWanted,
}

impl From<Error> for CallError {
    fn from(error: Error) -> Self {
        Self::Client(error)
    }
}

impl From<CallError> for StoreError {
    fn from(error: CallError) -> Self {
        match &error {
            CallError::Client(error) => of_client(error),
            CallError::TimeOver => Self::Unavailable { detail: "the server did not answer in time".to_string() },
            CallError::NotReached(error) => Self::Unavailable { detail: format!("no server is reached: {error}") },
            CallError::NotWanted => {
                let detail = "the server is not as `target_session_attrs` of the configuration wants it".to_string();
                Self::Unavailable { detail }
            }
        }
    }
}

impl CallError {
    fn answer(&self) -> Option<&DbError> {
        match self {
            Self::Client(error) => error.as_db_error(),
            Self::TimeOver | Self::NotReached(_) | Self::NotWanted => None,
        }
    }

    /// Returns whether nothing that was sent can have taken effect: the server rolled it back and
    /// answered with an error.
    pub(super) fn is_answer(&self) -> bool {
        self.answer().is_some_and(|error| is_rolled_back(error.parsed_severity(), error.code().code()))
    }

    /// Returns whether a value must be unique and is not.
    pub(super) fn is_violation(&self) -> bool {
        self.answer().is_some_and(|error| *error.code() == SqlState::UNIQUE_VIOLATION)
    }

    /// Returns whether something is there already, is not there, or has another form than this
    /// library's.
    pub(super) fn is_about_tables(&self) -> bool {
        let states = [
            SqlState::DUPLICATE_TABLE,
            SqlState::DUPLICATE_OBJECT,
            SqlState::UNDEFINED_COLUMN,
            SqlState::UNDEFINED_TABLE,
            SqlState::WRONG_OBJECT_TYPE,
            SqlState::DATATYPE_MISMATCH,
        ];
        self.answer().is_some_and(|error| states.contains(error.code()))
    }
}

/// Returns what a host is to know of an error.
fn of_client(error: &Error) -> StoreError {
    let detail = detail(error);
    match error.code() {
        Some(state) => of_state(state, detail),
        // Not an answer of the server: the connection broke, or there was none.
        None => StoreError::Unavailable { detail },
    }
}

/// Returns what a host is to know of an answer with a state.
fn of_state(state: &SqlState, detail: String) -> StoreError {
    if *state == SqlState::READ_ONLY_SQL_TRANSACTION || *state == SqlState::INSUFFICIENT_PRIVILEGE {
        return StoreError::ReadOnly { detail };
    }
    if *state == SqlState::DISK_FULL {
        return StoreError::Full { detail };
    }
    // By class: connections, rollbacks, resources, intervention of an operator, and the system.
    match state.code().get(..2) {
        Some("08" | "40" | "53" | "55" | "57") => StoreError::Unavailable { detail },
        _ => StoreError::Failed { detail },
    }
}

/// Returns whether an answer of a severity and a state says that a statement was rolled back.
///
/// What ends the session does not: the server may have committed before. Nor do the states whose
/// cause may be after the commit: an unknown completion, connections, intervention of an operator,
/// and errors of the system or of the server itself.
fn is_rolled_back(severity: Option<Severity>, state: &str) -> bool {
    let is_doubtful = state == "40003" || ["08", "57P", "58", "XX"].iter().any(|class| state.starts_with(class));
    severity == Some(Severity::Error) && !is_doubtful
}

/// Returns a value of a row. One of another type is not what this library stored.
pub(super) fn value<'r, T: FromSql<'r>>(row: &'r Row, column: usize) -> Result<T, StoreError> {
    row.try_get(column).map_err(|error| StoreError::Damaged { detail: detail(&error) })
}

pub(super) fn detail(error: &Error) -> String {
    match error.as_db_error() {
        Some(error) => error.message().to_string(),
        None => match core::error::Error::source(error) {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use tokio_postgres::error::{Severity, SqlState};

    use super::{is_rolled_back, of_state};

    #[test]
    fn states_say_what_to_do() {
        for (state, code) in [
            ("25006", "host.store.read-only"),
            ("42501", "host.store.read-only"),
            ("53100", "host.store.full"),
            ("08006", "host.store.unavailable"),
            ("40001", "host.store.unavailable"),
            ("40P01", "host.store.unavailable"),
            ("53200", "host.store.unavailable"),
            ("53300", "host.store.unavailable"),
            ("55P03", "host.store.unavailable"),
            ("57014", "host.store.unavailable"),
            ("57P01", "host.store.unavailable"),
            ("28P01", "host.store.failed"),
            ("3D000", "host.store.failed"),
            ("42P01", "host.store.failed"),
            ("XX000", "host.store.failed"),
        ] {
            assert_eq!(of_state(&SqlState::from_code(state), String::new()).code(), code, "{state}");
        }
    }

    #[test]
    fn only_an_error_that_rolled_back_says_that_nothing_is_stored() {
        let rolled_back = ["23505", "25006", "40001", "40P01", "42501", "53100", "53300", "55P03", "57014"];
        let doubtful =
            ["08006", "08P01", "40003", "57P01", "57P02", "57P03", "57P05", "58000", "58030", "XX000", "XX001"];
        for state in rolled_back {
            assert!(is_rolled_back(Some(Severity::Error), state), "{state}");
        }
        for state in doubtful {
            assert!(!is_rolled_back(Some(Severity::Error), state), "{state}");
        }
        for state in rolled_back.into_iter().chain(doubtful) {
            for severity in [Some(Severity::Fatal), Some(Severity::Panic), None] {
                assert!(!is_rolled_back(severity, state), "{severity:?} {state}");
            }
        }
    }
}
