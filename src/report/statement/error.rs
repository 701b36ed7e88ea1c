//! Why a text is not a usage statement.

use alloc::string::String;

use chrono::{DateTime, Utc};
use thiserror::Error;

use crate::id::PlanId;
use crate::message::{Value, messages};
use crate::report::statement::wire::{FORMAT, MAX_STATEMENT_BYTES};
use crate::time::month::Month;

/// Why a text is not a usage statement (P3, X8).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StatementError {
    /// The text is longer than [`MAX_STATEMENT_BYTES`].
    TooLong {
        /// The length of the text in bytes.
        bytes: usize,
    },
    /// The text is not a statement in JSON.
    NotJson {
        /// The line of the text, counted from 1.
        line: usize,
        /// The column in the line, counted in bytes from 1; 0 before the first character.
        column: usize,
        /// The parser's message.
        detail: String,
    },
    /// The statement is of a format that this release does not know.
    UnknownFormat {
        /// The name of the format, cut if it is long.
        found: String,
    },
    /// A plan of the catalog is named twice.
    RepeatedPlan {
        /// The plan.
        plan: PlanId,
    },
    /// A plan is named twice in a month.
    RepeatedInMonth {
        /// The month.
        month: Month,
        /// The plan.
        plan: PlanId,
    },
    /// A month does not come after the one before.
    MonthNotLater {
        /// The month.
        month: Month,
    },
    /// A month is read at an instant outside it.
    ReadOutsideMonth {
        /// The month.
        month: Month,
        /// The instant.
        at: DateTime<Utc>,
    },
    /// The head of a month does not continue the month before, or is not part of the record.
    HeadNotContinued {
        /// The month.
        month: Month,
        /// The number of the entry that the month names.
        entry: u64,
    },
}

messages! {
    StatementError;
    Self::TooLong { bytes } => "statement.too-long", "a usage statement has at most {max} bytes, this text has {bytes}",
        max = MAX_STATEMENT_BYTES, bytes;
    Self::NotJson { line, column, detail } => "statement.not-json",
        "not a usage statement: line {line}, column {column}: {detail}", line = Value::ordinal(line), column = Value::ordinal(column), detail = Value::Detail(detail.clone());
    Self::UnknownFormat { found } => "statement.unknown-format",
        "unknown format {found} of a usage statement: this release reads {expected}", found,
        expected = Value::Literal(String::from(FORMAT));
    Self::RepeatedPlan { plan } => "statement.repeated-plan", "the usage statement lists plan {plan} twice", plan;
    Self::RepeatedInMonth { month, plan } => "statement.repeated-in-month",
        "the usage statement lists plan {plan} twice in {month}", plan, month;
    Self::MonthNotLater { month } => "statement.month-not-later",
        "{month} in the usage statement is not later than the month before it", month;
    Self::ReadOutsideMonth { month, at } => "statement.read-outside-month",
        "{month} in the usage statement is read at {at}, which is not in that month", month, at;
    Self::HeadNotContinued { month, entry } => "statement.head-not-continued",
        "the heads of the usage statement contradict each other: {month} ends with entry {entry}", month,
        entry = Value::ordinal(entry);
}
