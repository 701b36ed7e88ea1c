//! Releases of an application: the date that its publisher gives each (V1).

use core::fmt;
use core::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};

use crate::document::serde_as_text;
use crate::time::{EARLIEST, TimeError, instant, whole_second};
use crate::utc::Written;

/// The release of an application that a catalog is compiled into, known by the date that the
/// publisher gives it (V1). It decides which fallbacks of grants cover the application.
///
/// Its text form is the instant, or `undated`.
///
/// ```
/// use entitle::catalog::Release;
///
/// let release: Release = "2027-05-01T00:00:00Z".parse()?;
/// assert_eq!(release, Release::of("2027-05-01T00:00:00Z".parse()?));
/// assert_eq!(Release::default(), Release::Undated);
/// Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Release {
    /// The catalog names no date. No fallback covers such a release.
    #[default]
    Undated,
    /// The date of the release.
    Dated(DateTime<Utc>),
}

impl Release {
    /// Returns the release of a date, floored to the second.
    #[must_use]
    pub fn of(date: DateTime<Utc>) -> Self {
        Self::Dated(whole_second(date))
    }

    /// Returns whether the release has no date.
    #[must_use]
    pub fn is_undated(&self) -> bool {
        *self == Self::Undated
    }

    /// The earliest release, which every fallback covers that covers any.
    pub(crate) const EARLIEST: Self = Self::Dated(EARLIEST);

    /// Returns the last release dated before an instant; the first of all for [`EARLIEST`].
    pub(crate) fn just_before(instant: DateTime<Utc>) -> Self {
        Self::of(instant.checked_sub_signed(TimeDelta::seconds(1)).unwrap_or(EARLIEST))
    }

    /// Returns whether the release is dated before an instant.
    pub(crate) fn is_before(self, instant: DateTime<Utc>) -> bool {
        matches!(self, Self::Dated(date) if date < instant)
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Undated => f.write_str("undated"),
            Self::Dated(date) => Written(*date).fmt(f),
        }
    }
}

impl FromStr for Release {
    type Err = TimeError;

    /// Parses an instant like `2026-03-01T00:00:00Z` between 1970 and 9999, or `undated`.
    ///
    /// # Errors
    ///
    /// [`TimeError::NotAnInstant`] for any other text.
    fn from_str(text: &str) -> Result<Self, TimeError> {
        if text == "undated" { Ok(Self::Undated) } else { instant::parse(text).map(Self::Dated) }
    }
}

serde_as_text!(Release);
