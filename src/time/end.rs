//! The end of something, which can be never.

use core::fmt;
use core::str::FromStr;

use chrono::{DateTime, Utc};

use crate::document::serde_as_text;
use crate::time::days::Days;
use crate::time::instant::{LATEST, TimeError, parse};
use crate::utc::Written;

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
    /// Returns the instant; `None` if it never ends.
    #[must_use]
    pub fn instant(self) -> Option<DateTime<Utc>> {
        match self {
            Self::At(at) => Some(at),
            Self::Never => None,
        }
    }

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
