//! The values of messages, with their kinds.

use alloc::string::String;
use alloc::vec::Vec;
use core::num::NonZeroU32;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::message::Message;
use crate::utc::serialize;

/// A value of a message. Its kind tells a host how another language writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Value {
    /// An id that people chose, such as `gold`. English shows it in backticks.
    Id(String),
    /// A display name, such as Gold.
    Name(String),
    /// A text from outside, cut if it is long. English shows it in backticks, and control characters
    /// as escapes.
    Quoted(String),
    /// A hash, a key, a checkpoint or a random id, as it stands.
    Hash(String),
    /// A part of a document or of a text, as it stands: `plans[2].apps[0]`, `US`.
    Literal(String),
    /// What a parser or a serializer answered, in English, for developers.
    Detail(String),
    /// A whole number of things.
    Number(u64),
    /// A number in an order, such as that of a line or of a revision.
    Ordinal(u64),
    /// A number in millionths. English shows 2,500,000 as `2.5`.
    Millionths(u64),
    /// No limit. English shows `unlimited`.
    Unlimited,
    /// A number of days of 24 hours. English shows `1 day` or `14 days`.
    Days(u32),
    /// An instant in UTC. English shows it as `2026-03-01T00:00:00Z`.
    Instant(#[serde(serialize_with = "serialize")] DateTime<Utc>),
    /// The instant in UTC at which something ends, which no longer belongs to it. English shows it as
    /// an instant.
    EndsAt(#[serde(serialize_with = "serialize")] DateTime<Utc>),
    /// A calendar month in UTC, as `2026-03`.
    Month(String),
    /// No end. English shows `never`.
    Never,
    /// A message within the message.
    Message(Message),
    /// Several values of which each is meant. English shows `a, b and c`.
    All(Vec<Value>),
    /// Several values of which any one is meant. English shows `a, b or c`.
    AnyOf(Vec<Value>),
    /// Several values, each on a line of its own.
    Lines(Vec<Value>),
}

/// Makes types values of a kind, by their `Display`.
macro_rules! values {
    ($kind:ident: $($type:ty),+) => {$(
        impl From<&$type> for $crate::message::Value {
            fn from(value: &$type) -> Self {
                Self::$kind(alloc::string::ToString::to_string(value))
            }
        }
    )+};
}
pub(crate) use values;

impl Value {
    /// Returns a number in an order.
    pub(crate) fn ordinal(number: impl Into<Self>) -> Self {
        match number.into() {
            Self::Number(number) => Self::Ordinal(number),
            other => other,
        }
    }

    /// Returns a list of which each value is meant.
    pub(crate) fn all<T: Into<Self>>(values: impl IntoIterator<Item = T>) -> Self {
        Self::All(values.into_iter().map(Into::into).collect())
    }

    /// Returns a list of which any one value is meant.
    pub(crate) fn any_of<T: Into<Self>>(values: impl IntoIterator<Item = T>) -> Self {
        Self::AnyOf(values.into_iter().map(Into::into).collect())
    }
}

impl From<&String> for Value {
    fn from(quoted: &String) -> Self {
        Self::Quoted(quoted.clone())
    }
}

impl From<&DateTime<Utc>> for Value {
    fn from(at: &DateTime<Utc>) -> Self {
        Self::Instant(*at)
    }
}

impl From<DateTime<Utc>> for Value {
    fn from(at: DateTime<Utc>) -> Self {
        Self::Instant(at)
    }
}

impl From<Message> for Value {
    fn from(message: Message) -> Self {
        Self::Message(message)
    }
}

/// Implements the conversion of whole numbers, by value and by reference.
macro_rules! numbers {
    ($($number:ty),+) => {$(
        impl From<$number> for Value {
            fn from(number: $number) -> Self {
                Self::Number(u64::try_from(number).unwrap_or(u64::MAX))
            }
        }

        impl From<&$number> for Value {
            fn from(number: &$number) -> Self {
                Self::from(*number)
            }
        }
    )+};
}
numbers!(u32, u64, usize);

impl From<&NonZeroU32> for Value {
    fn from(number: &NonZeroU32) -> Self {
        Self::from(number.get())
    }
}
