//! The units of a grant, and sums of units.

use core::fmt;
use core::num::NonZeroU32;

use serde::Serialize;
use thiserror::Error;

use crate::document::choice;
use crate::message::messages;
use crate::quantity::place::Place;

/// The number of units that a grant gives: seats of a user plan, units of a capacity plan (L2).
///
/// Unlimited is its own value, never a zero or a missing number. It is more than every number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Units {
    /// This number of units.
    Limited(NonZeroU32),
    /// Any number of units.
    Unlimited,
}
choice! { Units { "limited" => Limited(NonZeroU32), "unlimited" => Unlimited } }

/// A number of units is zero. Leave the grant out instead (L2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub struct ZeroUnitsError;

messages! {
    ZeroUnitsError;
    Self => "units.zero", "invalid grant of 0 units: leave the grant out";
}

impl Units {
    /// One unit.
    #[cfg(feature = "testing")]
    pub(crate) const ONE: Self = Self::Limited(NonZeroU32::MIN);

    /// Returns this number of units.
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

/// A sum of the units of several grants. Unlimited is more than every number (L9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Total {
    /// This number of units.
    Limited(u64),
    /// At least one of the grants is unlimited.
    Unlimited,
}

choice! { Total { "limited" => Limited(u64), "unlimited" => Unlimited } }

impl Total {
    /// Zero units.
    pub const ZERO: Self = Self::Limited(0);

    /// One unit.
    pub const ONE: Self = Self::Limited(1);

    /// Returns whether a place is within this number of units.
    #[must_use]
    pub fn reaches(self, place: Place) -> bool {
        self >= Self::Limited(place.get())
    }

    /// Returns the sum of both. Unlimited stays unlimited, and a sum is at most `u64::MAX`.
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

/// A running sum of units from which each grant can be removed again.
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
