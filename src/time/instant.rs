//! Instants in UTC, to the second, and their one spelling in documents; `serialize` and
//! `deserialize` are for `#[serde(with = "instant")]` (X4).

use alloc::string::String;
use core::fmt;

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use serde::{Deserializer, Serializer};
use thiserror::Error;

use crate::id::excerpt;
use crate::strict_serde::Text;

/// The earliest instant, 1970-01-01T00:00:00Z. Earlier times count as this one.
pub const EARLIEST: DateTime<Utc> = DateTime::UNIX_EPOCH;

/// The latest instant, 9999-12-31T23:59:59Z. Later times count as this one.
pub const LATEST: DateTime<Utc> = match DateTime::from_timestamp(253_402_300_799, 0) {
    Some(latest) => latest,
    None => DateTime::<Utc>::MAX_UTC,
};

/// Returns an instant floored to the whole second and clamped to [`EARLIEST`] and [`LATEST`].
pub(crate) fn whole_second(at: DateTime<Utc>) -> DateTime<Utc> {
    let clamped = at.clamp(EARLIEST, LATEST);
    // Naive time is UTC here. Conversion through a time zone would cost more than a check.
    clamped.naive_utc().with_nanosecond(0).map_or(clamped, |floored| floored.and_utc())
}

/// An instant that displays as in documents: `2026-03-01T00:00:00Z` (X4).
pub(crate) struct Written(pub(crate) DateTime<Utc>);

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = whole_second(self.0);
        write!(f, "{:04}-{:02}-{:02}T", at.year(), at.month(), at.day())?;
        write!(f, "{:02}:{:02}:{:02}Z", at.hour(), at.minute(), at.second())
    }
}

/// Why a text or a pair of instants is not a valid time (L4, L6, X4).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TimeError {
    /// The text is not of the form `YYYY-MM-DDTHH:MM:SSZ` between 1970 and 9999.
    #[error("`{}` is not an instant like 2026-03-01T00:00:00Z between 1970 and 9999", text.escape_debug())]
    NotAnInstant {
        /// The text, cut if it is long.
        text: String,
    },
    /// A term or window does not end after its start.
    #[error("invalid term from {} to {}: it must end after it starts", Written(*starts), Written(*ends))]
    EndsBeforeItStarts {
        /// The first instant.
        starts: DateTime<Utc>,
        /// The first instant after the end.
        ends: DateTime<Utc>,
    },
    /// A length is zero days.
    #[error("invalid length of 0 days: at least 1 day is needed")]
    ZeroLength,
}

impl TimeError {
    /// Returns a stable name of this error for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAnInstant { .. } => "time.not-an-instant",
            Self::EndsBeforeItStarts { .. } => "time.ends-before-it-starts",
            Self::ZeroLength => "time.zero-length",
        }
    }
}

pub(crate) fn serialize<S: Serializer>(at: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&Written(*at))
}

/// Serializes an instant, or nothing.
#[expect(clippy::ref_option, reason = "serde hands over a reference to the field")]
pub(crate) fn serialize_known<S: Serializer>(known: &Option<DateTime<Utc>>, serializer: S) -> Result<S::Ok, S::Error> {
    match known {
        Some(at) => serialize(at, serializer),
        None => serializer.serialize_none(),
    }
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    deserializer.deserialize_str(Text(parse))
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

pub(super) fn parse(text: &str) -> Result<DateTime<Utc>, TimeError> {
    spelled(text).filter(|&at| at >= EARLIEST).ok_or_else(|| TimeError::NotAnInstant { text: excerpt(text) })
}
