//! The reading of instants in UTC, which have one spelling in documents; `serialize` and
//! `deserialize` are for `#[serde(with = "instant")]` (X4).

use alloc::string::String;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserializer;
use thiserror::Error;

use crate::document::{self, FromDocument, ReadError, ValueReader, read_text};
use crate::id::excerpt;
use crate::message::messages;

pub use crate::utc::{EARLIEST, LATEST};
pub(crate) use crate::utc::{serialize, serialize_known, whole_second};

/// Why a text or a pair of instants is not a valid time (L4, L6, X4).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TimeError {
    /// The text is not of the form `YYYY-MM-DDTHH:MM:SSZ` between 1970 and 9999.
    NotAnInstant {
        /// The text, cut if it is long.
        text: String,
    },
    /// A term or window does not end after its start.
    EndsBeforeItStarts {
        /// The first instant.
        starts: DateTime<Utc>,
        /// The first instant after the end.
        ends: DateTime<Utc>,
    },
    /// A length is zero days.
    ZeroLength,
}

messages! {
    TimeError;
    Self::NotAnInstant { text } => "time.not-an-instant",
        "{text} is not an instant like 2026-03-01T00:00:00Z between 1970 and 9999", text;
    Self::EndsBeforeItStarts { starts, ends } => "time.ends-before-it-starts",
        "invalid term from {starts} to {ends}: it must end after it starts", starts, ends;
    Self::ZeroLength => "time.zero-length", "invalid length of 0 days: at least 1 day is needed";
}

/// An instant as a document spells it.
pub(crate) struct Instant(DateTime<Utc>);

impl FromDocument for Instant {
    fn read(value: &mut dyn ValueReader) -> Result<Self, ReadError> {
        read_text(value, parse).map(Self)
    }
}

impl From<Instant> for DateTime<Utc> {
    fn from(Instant(at): Instant) -> Self {
        at
    }
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    document::deserialize(deserializer).map(|Instant(at)| at)
}

/// Parses an instant in its one spelling, `YYYY-MM-DDTHH:MM:SSZ`. The parser of `chrono` accepts
/// other spellings and leap seconds, and costs more than the rest of a grant.
fn spelled(text: &str) -> Option<DateTime<Utc>> {
    let number = |digits: core::ops::Range<usize>| {
        let digits = text.get(digits).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
        digits.parse::<u32>().ok()
    };
    let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'Z')];
    let is_separated = separators.iter().all(|&(at, byte)| text.as_bytes().get(at) == Some(&byte));
    let year = i32::try_from(number(0..4)?).ok().filter(|_| text.len() == 20 && is_separated)?;
    let date = NaiveDate::from_ymd_opt(year, number(5..7)?, number(8..10)?)?;
    Some(date.and_hms_opt(number(11..13)?, number(14..16)?, number(17..19)?)?.and_utc())
}

pub(crate) fn parse(text: &str) -> Result<DateTime<Utc>, TimeError> {
    spelled(text).filter(|&at| at >= EARLIEST).ok_or_else(|| TimeError::NotAnInstant { text: excerpt(text) })
}
