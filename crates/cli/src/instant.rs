//! Instants and dates on the command line and in deals.

use core::fmt;
use core::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

use entitle::chrono::{DateTime, Utc};
use entitle::time::{EARLIEST, End};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::instant_hint::hint;

/// An instant: `2026-03-01T08:00:00Z`, or `2026-03-01` for its midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Instant(pub(crate) DateTime<Utc>);

/// An instant or `never`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InstantOrNever(pub(crate) End);

/// A text is not an instant, with what was probably meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NotAnInstant {
    text: String,
}

impl fmt::Display for NotAnInstant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = &self.text;
        match hint(text) {
            Some(hint) => write!(f, "`{text}` is not an instant: {hint}"),
            None => {
                write!(f, "`{text}` is not an instant between 1970 and 9999 like 2026-03-01 or 2026-03-01T08:00:00Z")
            }
        }
    }
}

impl core::error::Error for NotAnInstant {}

impl FromStr for InstantOrNever {
    type Err = NotAnInstant;

    fn from_str(text: &str) -> Result<Self, NotAnInstant> {
        // A date means its midnight.
        let midnight = if text.len() == 10 { format!("{text}T00:00:00Z").parse().ok() } else { None };
        let end = midnight.map_or_else(|| text.parse(), Ok);
        end.map(Self).map_err(|_| NotAnInstant { text: text.to_string() })
    }
}

impl FromStr for Instant {
    type Err = NotAnInstant;

    fn from_str(text: &str) -> Result<Self, NotAnInstant> {
        match text.parse::<InstantOrNever>()? {
            InstantOrNever(End::At(at)) => Ok(Self(at)),
            InstantOrNever(End::Never) => Err(NotAnInstant { text: text.to_string() }),
        }
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        End::At(self.0).fmt(f)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for InstantOrNever {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// Returns the date of an instant at midnight, else the instant.
pub(crate) fn day(at: DateTime<Utc>) -> String {
    let text = Instant(at).to_string();
    text.strip_suffix("T00:00:00Z").map_or_else(|| text.clone(), ToString::to_string)
}

/// Returns the date or the instant of an end, or `never`.
pub(crate) fn day_or_never(end: End) -> String {
    match end {
        End::At(at) => day(at),
        End::Never => "never".to_string(),
    }
}

/// Returns the time of the system clock; before 1970 it is 1970.
#[allow(clippy::disallowed_methods, reason = "the host reads the clock, here and nowhere else; the library cannot")]
pub(crate) fn system_clock() -> DateTime<Utc> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
    DateTime::from_timestamp(seconds, 0).unwrap_or(EARLIEST)
}
