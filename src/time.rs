//! Instants, days, terms and phases. All intervals are half-open, all times are UTC (L4).

use alloc::string::String;
use core::fmt;
use core::num::NonZeroU32;
use core::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Timelike, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use crate::id::excerpt;
use crate::strict_serde::{Text, one_reading, serde_as_text};

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

/// Serde code for instants in documents: exactly `YYYY-MM-DDTHH:MM:SSZ` (X4).
pub(crate) mod instant {
    use super::{DateTime, Deserializer, Serializer, Text, Utc, Written, parse};

    pub(crate) fn serialize<S: Serializer>(at: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Written(*at))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
        deserializer.deserialize_str(Text(parse))
    }
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

fn parse(text: &str) -> Result<DateTime<Utc>, TimeError> {
    spelled(text).filter(|&at| at >= EARLIEST).ok_or_else(|| TimeError::NotAnInstant { text: excerpt(text) })
}

/// The end of something: an instant, which no longer belongs to it, or never. `Never` is later than
/// every instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum End {
    /// It ends at this instant.
    At(DateTime<Utc>),
    /// It never ends.
    Never,
}

impl End {
    /// Returns this end moved later by some days; never if that is after [`LATEST`], since no
    /// reading gets there.
    pub(crate) fn plus(self, days: Days) -> Self {
        match self {
            Self::At(at) => Self::after(at, days),
            Self::Never => Self::Never,
        }
    }

    /// Returns the end of what starts at `at` and lasts `days`.
    pub(crate) fn after(at: DateTime<Utc>, days: Days) -> Self {
        at.checked_add_signed(days.delta()).filter(|&end| end <= LATEST).map_or(Self::Never, Self::At)
    }

    /// Returns whether this end is after `at`.
    pub(crate) fn is_after(self, at: DateTime<Utc>) -> bool {
        self > Self::At(at)
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(at) => Written(*at).fmt(f),
            Self::Never => f.write_str("never"),
        }
    }
}

impl FromStr for End {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        match text {
            "never" => Ok(Self::Never),
            _ => parse(text).map(Self::At),
        }
    }
}

serde_as_text!(End);

/// A number of days of 24 hours; it can be zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Days(u32);

impl Days {
    /// Zero days.
    pub const NONE: Self = Self(0);

    /// Returns this many days.
    #[must_use]
    pub const fn new(days: u32) -> Self {
        Self(days)
    }

    /// Returns the number of days.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    pub(crate) fn delta(self) -> TimeDelta {
        TimeDelta::days(self.0.into())
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => f.write_str("1 day"),
            days => write!(f, "{days} days"),
        }
    }
}

/// A length of at least one day (L6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Length(NonZeroU32);

impl Length {
    /// Returns a length of this many days.
    ///
    /// # Errors
    ///
    /// [`TimeError::ZeroLength`] for `0`.
    pub fn days(days: u32) -> Result<Self, TimeError> {
        NonZeroU32::new(days).map(Self).ok_or(TimeError::ZeroLength)
    }

    /// Returns the number of days.
    #[must_use]
    pub fn in_days(self) -> Days {
        Days(self.0.get())
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.in_days().fmt(f)
    }
}

/// The half-open interval in which a paid grant is active: from `starts`, until just before `ends`
/// (L4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "TermDraft")]
pub struct Term {
    #[serde(with = "instant")]
    starts: DateTime<Utc>,
    ends: End,
}

impl Term {
    /// Returns the term from `starts` until just before `ends`. Both are floored to the second and
    /// clamped to 1970–9999.
    ///
    /// # Errors
    ///
    /// [`TimeError::EndsBeforeItStarts`] if `ends` is not later than `starts`.
    pub fn new(starts: DateTime<Utc>, ends: DateTime<Utc>) -> Result<Self, TimeError> {
        let (starts, ends) = in_order(starts, ends)?;
        Ok(Self { starts, ends: End::At(ends) })
    }

    /// Returns the term from `starts` on without an end.
    #[must_use]
    pub fn perpetual(starts: DateTime<Utc>) -> Self {
        Self { starts: whole_second(starts), ends: End::Never }
    }

    /// Returns the first instant of the term.
    #[must_use]
    pub fn starts(&self) -> DateTime<Utc> {
        self.starts
    }

    /// Returns the end of the term.
    #[must_use]
    pub fn ends(&self) -> End {
        self.ends
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ends {
            End::At(ends) => write!(f, "{} to {}", Written(self.starts), Written(ends)),
            End::Never => write!(f, "{} on, perpetual", Written(self.starts)),
        }
    }
}

#[derive(Deserialize)]
#[serde(remote = "Self", deny_unknown_fields, expecting = "a term with `starts` and `ends`")]
struct TermDraft {
    #[serde(with = "instant")]
    starts: DateTime<Utc>,
    ends: End,
}
one_reading!(de TermDraft);

impl TryFrom<TermDraft> for Term {
    type Error = TimeError;

    fn try_from(draft: TermDraft) -> Result<Self, TimeError> {
        match draft.ends {
            End::At(ends) => Self::new(draft.starts, ends),
            End::Never => Ok(Self::perpetual(draft.starts)),
        }
    }
}

/// The half-open interval in which a trial can be started. It always ends (T1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "WindowDraft")]
pub struct Window {
    #[serde(with = "instant")]
    opens: DateTime<Utc>,
    #[serde(with = "instant")]
    closes: DateTime<Utc>,
}

impl Window {
    /// Returns the window from `opens` until just before `closes`. Both are floored to the second
    /// and clamped to 1970–9999.
    ///
    /// # Errors
    ///
    /// [`TimeError::EndsBeforeItStarts`] if `closes` is not later than `opens`.
    pub fn new(opens: DateTime<Utc>, closes: DateTime<Utc>) -> Result<Self, TimeError> {
        let (opens, closes) = in_order(opens, closes)?;
        Ok(Self { opens, closes })
    }

    /// Returns the first instant at which the trial can be started.
    #[must_use]
    pub fn opens(&self) -> DateTime<Utc> {
        self.opens
    }

    /// Returns the first instant at which the trial can no longer be started.
    #[must_use]
    pub fn closes(&self) -> DateTime<Utc> {
        self.closes
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", Written(self.opens), Written(self.closes))
    }
}

#[derive(Deserialize)]
#[serde(remote = "Self", deny_unknown_fields, expecting = "a window with `opens` and `closes`")]
struct WindowDraft {
    #[serde(with = "instant")]
    opens: DateTime<Utc>,
    #[serde(with = "instant")]
    closes: DateTime<Utc>,
}
one_reading!(de WindowDraft);

impl TryFrom<WindowDraft> for Window {
    type Error = TimeError;

    fn try_from(draft: WindowDraft) -> Result<Self, TimeError> {
        Self::new(draft.opens, draft.closes)
    }
}

fn in_order(starts: DateTime<Utc>, ends: DateTime<Utc>) -> Result<(DateTime<Utc>, DateTime<Utc>), TimeError> {
    let (starts, ends) = (whole_second(starts), whole_second(ends));
    if starts < ends { Ok((starts, ends)) } else { Err(TimeError::EndsBeforeItStarts { starts, ends }) }
}

/// The phase of a grant at an instant (L5, L6). A later phase in this order is nearer to being
/// usable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Ended by a revocation list (X5).
    Revoked,
    /// Ended, as if never bought.
    Ended,
    /// Not usable, but nothing is deleted and a renewal restores it (paid grants only).
    Suspended,
    /// A trial that is not started.
    NotStarted,
    /// A grant that starts later (L8).
    Pending,
    /// In its term or its grace, but the license requires a more recent revocation list (X5).
    NotFresh,
    /// After its term, and fully usable.
    Grace,
    /// In its term.
    Active,
}

impl Phase {
    /// Returns whether the units of a grant in this phase are usable: active or in grace.
    #[must_use]
    pub fn is_usable(self) -> bool {
        matches!(self, Self::Active | Self::Grace)
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Revoked => "revoked",
            Self::Ended => "ended",
            Self::Suspended => "suspended",
            Self::NotStarted => "trial not started",
            Self::Pending => "pending",
            Self::NotFresh => "waiting for a revocation list",
            Self::Grace => "in grace",
            Self::Active => "active",
        })
    }
}
