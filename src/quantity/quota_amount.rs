//! Amounts of quotas: how many projects or rows a plan gives (Q1).

use core::fmt;

use serde::{Serialize, Serializer};
use thiserror::Error;

use crate::document::{FromDocument, ReadError, ValueReader, choice, deserialize_as_document};
use crate::message::messages;
use crate::quantity::amount::MAX_MILLIONTHS;
use crate::quantity::units::{Total, Units};

/// The largest amount of a quota that is a number: 2^53 − 1, the largest integer that every JSON
/// reader reads exactly (X4). A sum past it stays there (Q4).
pub const MAX_QUOTA: u64 = MAX_MILLIONTHS;

/// A number of what a quota counts, at most [`MAX_QUOTA`]. Serialized as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct QuotaNumber(u64);

/// A number is too large for a quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub struct QuotaNumberError {
    /// The number.
    pub number: u64,
}

messages! {
    QuotaNumberError;
    Self { number } => "quota.number-too-large",
        "invalid amount {found} of a quota: it is at most {max}, or unlimited", found = number, max = MAX_QUOTA;
}

impl QuotaNumber {
    /// Zero.
    pub const ZERO: Self = Self(0);

    /// Returns the number.
    ///
    /// # Errors
    ///
    /// [`QuotaNumberError`] for more than [`MAX_QUOTA`].
    pub fn new(number: u64) -> Result<Self, QuotaNumberError> {
        if number <= MAX_QUOTA { Ok(Self(number)) } else { Err(QuotaNumberError { number }) }
    }

    /// Returns the number as an integer.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0
    }
}

impl Serialize for QuotaNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.0)
    }
}

impl FromDocument for QuotaNumber {
    fn read(value: &mut dyn ValueReader) -> Result<Self, ReadError> {
        Self::new(u64::read(value)?).map_err(ReadError::of)
    }
}
deserialize_as_document!(QuotaNumber);

/// An amount of a quota: a number, or unlimited, which is more than every number (Q1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum QuotaAmount {
    /// This number.
    Limited(QuotaNumber),
    /// Any number.
    Unlimited,
}
choice! { QuotaAmount { "limited" => Limited(QuotaNumber), "unlimited" => Unlimited } }

impl QuotaAmount {
    /// Zero.
    pub const ZERO: Self = Self::Limited(QuotaNumber::ZERO);

    /// Returns this number as an amount.
    ///
    /// # Errors
    ///
    /// [`QuotaNumberError`] for more than [`MAX_QUOTA`].
    pub fn limited(number: u64) -> Result<Self, QuotaNumberError> {
        QuotaNumber::new(number).map(Self::Limited)
    }

    /// Returns whether a total of what the quota counts is within the amount.
    #[must_use]
    pub fn allows(self, total: u64) -> bool {
        match self {
            Self::Limited(QuotaNumber(number)) => total <= number,
            Self::Unlimited => true,
        }
    }

    /// Returns the sum of both, at most [`MAX_QUOTA`] if neither is unlimited (Q4).
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::Limited(QuotaNumber(one)), Self::Limited(QuotaNumber(other))) => {
                Self::capped(u128::from(one).saturating_add(other.into()))
            }
            (Self::Unlimited, _) | (_, Self::Unlimited) => Self::Unlimited,
        }
    }

    /// Returns this amount for each of some units: none for no units, and for an amount of zero;
    /// otherwise unlimited if one of both is, and at most [`MAX_QUOTA`] if not (Q3, Q4).
    #[must_use]
    pub fn times(self, units: Total) -> Self {
        match (self, units) {
            (Self::ZERO, _) | (_, Total::ZERO) => Self::ZERO,
            (Self::Unlimited, _) | (_, Total::Unlimited) => Self::Unlimited,
            (Self::Limited(QuotaNumber(number)), Total::Limited(units)) => {
                Self::capped(u128::from(number).saturating_mul(units.into()))
            }
        }
    }

    fn capped(number: u128) -> Self {
        Self::Limited(QuotaNumber(u64::try_from(number).unwrap_or(MAX_QUOTA).min(MAX_QUOTA)))
    }
}

impl From<Units> for Total {
    fn from(units: Units) -> Self {
        match units {
            Units::Limited(units) => Self::Limited(units.get().into()),
            Units::Unlimited => Self::Unlimited,
        }
    }
}

impl fmt::Display for QuotaAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Limited(QuotaNumber(number)) => number.fmt(f),
            Self::Unlimited => f.pad("unlimited"),
        }
    }
}

/// A running sum of amounts from which each can be removed again.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct QuotaSum {
    limited: u128,
    unlimited: u64,
}

impl QuotaSum {
    pub(crate) fn add(&mut self, amount: QuotaAmount) {
        match amount {
            QuotaAmount::Limited(QuotaNumber(number)) => self.limited = self.limited.saturating_add(number.into()),
            QuotaAmount::Unlimited => self.unlimited = self.unlimited.saturating_add(1),
        }
    }

    pub(crate) fn take(&mut self, amount: QuotaAmount) {
        match amount {
            QuotaAmount::Limited(QuotaNumber(number)) => self.limited = self.limited.saturating_sub(number.into()),
            QuotaAmount::Unlimited => self.unlimited = self.unlimited.saturating_sub(1),
        }
    }

    pub(crate) fn total(self) -> QuotaAmount {
        if self.unlimited > 0 { QuotaAmount::Unlimited } else { QuotaAmount::capped(self.limited) }
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_QUOTA, QuotaAmount, QuotaNumberError};
    use crate::quantity::units::Total;

    fn limited(number: u64) -> QuotaAmount {
        QuotaAmount::limited(number).unwrap_or(QuotaAmount::Unlimited)
    }

    #[test]
    fn q4_sums_and_products_stay_at_the_largest_number() {
        assert_eq!(QuotaAmount::limited(MAX_QUOTA + 1), Err(QuotaNumberError { number: MAX_QUOTA + 1 }));
        assert_eq!(limited(MAX_QUOTA).plus(limited(1)), limited(MAX_QUOTA));
        assert_eq!(limited(MAX_QUOTA).times(Total::Limited(u64::MAX)), limited(MAX_QUOTA));
        assert_eq!(limited(3).times(Total::Limited(4)), limited(12));
    }

    #[test]
    fn q3_unlimited_units_times_zero_are_zero() {
        assert_eq!(QuotaAmount::ZERO.times(Total::Unlimited), QuotaAmount::ZERO);
        assert_eq!(QuotaAmount::Unlimited.times(Total::ZERO), QuotaAmount::ZERO);
        assert_eq!(QuotaAmount::Unlimited.times(Total::ONE), QuotaAmount::Unlimited);
        assert_eq!(limited(1).times(Total::Unlimited), QuotaAmount::Unlimited);
        assert!(limited(3).allows(3) && !limited(3).allows(4) && QuotaAmount::Unlimited.allows(u64::MAX));
    }
}
