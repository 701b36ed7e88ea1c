//! What PostgreSQL's errors mean.

use postgres::Error;
use postgres::error::SqlState;

use crate::store::StoreError;

/// Returns what a host is to know of an error.
pub(super) fn store_error(error: &Error) -> StoreError {
    let detail = detail(error);
    let Some(state) = error.code() else {
        // Not an answer of the server: the connection broke, or there was none.
        return StoreError::Unavailable { detail };
    };
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

/// Returns whether nothing that was sent can have taken effect: the server answered with an error.
pub(super) fn is_answer(error: &Error) -> bool {
    // Of a server that is shutting down it is unknown whether it committed before.
    error.as_db_error().is_some_and(|error| !error.code().code().starts_with("57P"))
}

/// Returns the name of the constraint that values violate.
pub(super) fn violated(error: &Error) -> Option<&str> {
    error.as_db_error().filter(|error| *error.code() == SqlState::UNIQUE_VIOLATION)?.constraint()
}

fn detail(error: &Error) -> String {
    match error.as_db_error() {
        Some(error) => error.message().to_string(),
        None => match core::error::Error::source(error) {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        },
    }
}
