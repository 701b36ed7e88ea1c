//! Calendar months in UTC, the periods of capacity plans (M2).

use alloc::string::{String, ToString};
use core::fmt;
use core::str::FromStr;

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, TimeDelta, Utc};
use thiserror::Error;

use crate::document::serde_as_text;
use crate::id::excerpt;
use crate::message::messages;
use crate::time::{End, LATEST, whole_second};

/// A calendar month in UTC, from 1970 to 9999. Its text form is `YYYY-MM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(NaiveDate);

/// A text that is not a month.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub struct ParseMonthError {
    /// The text, cut if it is long.
    pub text: String,
}

messages! {
    ParseMonthError;
    Self { text } => "time.not-a-month", "{text} is not a month like 2026-03 between 1970 and 9999", text;
}

impl Month {
    /// Returns the month of an instant.
    #[must_use]
    pub fn of(at: DateTime<Utc>) -> Self {
        let date = whole_second(at).date_naive();
        Self(date.with_day(1).unwrap_or(date))
    }

    /// Returns the first instant of the month.
    #[must_use]
    pub fn starts(self) -> DateTime<Utc> {
        self.0.and_time(NaiveTime::MIN).and_utc()
    }

    /// Returns the first instant after the month; never for the last month.
    #[must_use]
    pub fn ends(self) -> End {
        let next = self.0.checked_add_months(Months::new(1)).map(|next| next.and_time(NaiveTime::MIN).and_utc());
        next.filter(|&next| next <= LATEST).map_or(End::Never, End::At)
    }

    /// Returns the last second of the month.
    #[must_use]
    pub fn last_second(self) -> DateTime<Utc> {
        match self.ends() {
            End::At(ends) => ends.checked_sub_signed(TimeDelta::seconds(1)).unwrap_or(LATEST),
            End::Never => LATEST,
        }
    }

    /// Returns the next month; `None` after the last month.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        match self.ends() {
            End::At(ends) => Some(Self::of(ends)),
            End::Never => None,
        }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

impl FromStr for Month {
    type Err = ParseMonthError;

    fn from_str(text: &str) -> Result<Self, ParseMonthError> {
        let parse = || {
            let (year, month) = text.split_once('-')?;
            let year = year.parse().ok().filter(|year| (1970..=9999).contains(year))?;
            let parsed = Self(NaiveDate::from_ymd_opt(year, month.parse().ok()?, 1)?);
            // A month has one spelling: `+3` and `3` are refused.
            (parsed.to_string() == text).then_some(parsed)
        };
        parse().ok_or_else(|| ParseMonthError { text: excerpt(text) })
    }
}

serde_as_text!(Month);
