//! The limits of instants in UTC, to the second, and how they are written; `serialize` is for
//! `#[serde(with = "instant")]` (X4).

use core::fmt;

use chrono::{DateTime, Datelike, Timelike, Utc};
use serde::Serializer;

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
        let at = whole_second(self.0).naive_utc();
        let year = u32::try_from(at.year()).unwrap_or(0);
        let pairs =
            [year.wrapping_div(100), year.wrapping_rem(100), at.month(), at.day(), at.hour(), at.minute(), at.second()];
        let mut digits = pairs.into_iter().flat_map(|pair| [pair.wrapping_div(10), pair.wrapping_rem(10)]);
        // Digit by digit: each entry of a record has its time, and formatting numbers takes many times as long.
        let mut text = *b"0000-00-00T00:00:00Z";
        for place in text.iter_mut().filter(|place| **place == b'0') {
            let digit = digits.next().and_then(|digit| u8::try_from(digit).ok());
            *place = place.wrapping_add(digit.unwrap_or(0));
        }
        f.write_str(core::str::from_utf8(&text).unwrap_or_default())
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
