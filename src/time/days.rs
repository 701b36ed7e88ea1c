//! Numbers of days of 24 hours.

use core::fmt;
use core::num::NonZeroU32;

use chrono::TimeDelta;
use serde::Serialize;

use crate::document::wrapper;
use crate::time::instant::TimeError;

/// A number of days of 24 hours; it can be zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Days(u32);
wrapper! { Days(u32) }

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Length(NonZeroU32);
wrapper! { Length(NonZeroU32) }

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
