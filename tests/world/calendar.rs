//! The calendar of the worlds: whole days, few enough to ask about each.

use chrono::{DateTime, TimeDelta, Utc};

/// Every term of a world begins, and nearly all end, before this day.
pub(crate) const LAST_DAY: i64 = 110;

/// The first instant of a day.
pub(crate) fn day(number: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600, 0).unwrap() + TimeDelta::days(number)
}

/// The first instant of each day.
pub(crate) fn days() -> impl Iterator<Item = DateTime<Utc>> {
    (-1..=LAST_DAY).map(day)
}

/// An instant, with the second before and the second after it.
pub(crate) fn around(at: DateTime<Utc>) -> [DateTime<Utc>; 3] {
    [at - TimeDelta::seconds(1), at, at + TimeDelta::seconds(1)]
}
