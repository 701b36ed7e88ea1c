//! How many: the units of a grant, and units added up.

use core::fmt;
use core::num::NonZeroU32;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::strict_serde::one_reading;

/// How many units a grant gives: seats of a user plan, units of a capacity plan (L2).
///
/// Unlimited is a word of its own, never a zero or a missing number; ordered, unlimited is the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum Units {
    /// This many.
    Limited(NonZeroU32),
    /// As many as anyone asks for.
    Unlimited,
}
one_reading!(Units);

/// Zero units were asked for; leave the grant out instead (L2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a grant of zero units is no grant: leave it out")]
pub struct ZeroUnitsError;

impl ZeroUnitsError {
    /// A stable name of this error for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "units.zero"
    }
}

impl Units {
    /// This many units.
    ///
    /// # Errors
    ///
    /// [`ZeroUnitsError`] for `0`.
    pub fn limited(units: u32) -> Result<Self, ZeroUnitsError> {
        NonZeroU32::new(units).map(Self::Limited).ok_or(ZeroUnitsError)
    }
}

impl fmt::Display for Units {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Limited(units) => units.fmt(f),
            Self::Unlimited => f.pad("unlimited"),
        }
    }
}

/// Units of several grants added up; ordered, unlimited is the most (L9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Total {
    /// This many.
    Limited(u64),
    /// One of the grants is unlimited, so the sum is.
    Unlimited,
}

impl Total {
    /// Nothing at all.
    pub const ZERO: Self = Self::Limited(0);

    /// Whether the one in `place` (counted from one) is within this many.
    #[must_use]
    pub fn reaches(self, place: u64) -> bool {
        self >= Self::Limited(place)
    }

    /// Both added up: unlimited stays unlimited, and a sum past what can be counted stays the largest number.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::Limited(one), Self::Limited(other)) => Self::Limited(one.saturating_add(other)),
            (Self::Unlimited, _) | (_, Self::Unlimited) => Self::Unlimited,
        }
    }
}

impl fmt::Display for Total {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Limited(units) => units.fmt(f),
            Self::Unlimited => f.pad("unlimited"),
        }
    }
}

/// A running sum of units from which grants can be taken out again.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sum {
    limited: u64,
    unlimited: u64,
}

impl Sum {
    pub(crate) fn add(&mut self, units: Units) {
        match units {
            Units::Limited(units) => self.limited = self.limited.saturating_add(units.get().into()),
            Units::Unlimited => self.unlimited = self.unlimited.saturating_add(1),
        }
    }

    pub(crate) fn take(&mut self, units: Units) {
        match units {
            Units::Limited(units) => self.limited = self.limited.saturating_sub(units.get().into()),
            Units::Unlimited => self.unlimited = self.unlimited.saturating_sub(1),
        }
    }

    pub(crate) fn total(self) -> Total {
        match self.unlimited {
            0 => Total::Limited(self.limited),
            _ => Total::Unlimited,
        }
    }
}
