//! Refusals: what of a list of commands may not be done, and why.

use serde::Serialize;
use thiserror::Error;

use crate::message::{Value, messages};
use crate::tenant::refusal_reason::RefusalReason;

/// The refusal of a list of commands; nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize)]
#[non_exhaustive]
pub struct Refusal {
    /// The index of the refused command, from 0.
    pub command: usize,
    /// Why the command was refused.
    pub reason: RefusalReason,
}

messages! {
    Refusal;
    Self { reason: reason @ (RefusalReason::Nothing
        | RefusalReason::TooMany { .. }
        | RefusalReason::TicketNotAlone { .. }
        | RefusalReason::Entry(_)), .. } => (reason.code()) "refusal.list", "the list of commands was refused: {reason}", reason;
    Self { command, reason } => (reason.code()) "refusal.command", "command {command} was refused: {reason}",
        command = Value::ordinal(command.saturating_add(1)), reason;
}
