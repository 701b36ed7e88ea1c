//! Refusals: what of a list of commands may not be done, and why.

use serde::Serialize;
use thiserror::Error;

use crate::message::{Value, messages};
use crate::tenant::command::Command;
use crate::tenant::refusal_reason::RefusalReason;

/// What of a list of commands was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusedPart {
    /// The list as a whole: it is empty or too long.
    List,
    /// The only command of the list.
    OnlyCommand,
    /// One of several commands, by its index from 0.
    Command(usize),
}

/// The refusal of a list of commands; nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize)]
#[non_exhaustive]
pub struct Refusal {
    /// What of the list was refused.
    pub part: RefusedPart,
    /// Why it was refused.
    pub reason: RefusalReason,
}

messages! {
    Refusal
        as Self { part: RefusedPart::List | RefusedPart::OnlyCommand, reason } => reason;
    Self { part: RefusedPart::Command(index), reason } => (reason.code()) "refusal.command",
        "command {command} was refused: {reason}", command = Value::ordinal(index.saturating_add(1)), reason;
}

impl Refusal {
    /// Returns the refusal of a list that was given together with others, after their commands: the
    /// index of a refused command counts theirs, too.
    #[must_use]
    pub fn after(self, commands: usize) -> Self {
        let part = match self.part {
            RefusedPart::List => RefusedPart::List,
            RefusedPart::OnlyCommand => RefusedPart::Command(commands),
            RefusedPart::Command(index) => RefusedPart::Command(index.saturating_add(commands)),
        };
        Self { part, ..self }
    }

    /// Returns the refused command of a list, or `None` if the list as a whole was refused.
    #[must_use]
    pub fn command<'a>(&self, list: &'a [Command]) -> Option<&'a Command> {
        match self.part {
            RefusedPart::List => None,
            RefusedPart::OnlyCommand => list.first(),
            RefusedPart::Command(index) => list.get(index),
        }
    }
}
