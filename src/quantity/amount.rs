//! Amounts of capacity, in whole millionths of a unit, so that nothing is rounded (M5).

use core::fmt;
use core::num::{NonZeroU32, NonZeroU64};

use serde::{Serialize, Serializer};
use thiserror::Error;

use crate::document::{FromDocument, ReadError, ValueReader, choice, deserialize_as_document, wrapper};
use crate::message::messages;
use crate::quantity::units::Total;

const MILLION: u64 = 1_000_000;

/// The largest consumption at once, in millionths: 2^53 − 1, the largest integer that every JSON
/// reader reads exactly (X4).
pub const MAX_MILLIONTHS: u64 = (1 << 53) - 1;

/// The amount of one consumption: at least a millionth of a unit, at most [`MAX_MILLIONTHS`].
/// Serialized as a number of millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(NonZeroU64);

/// A number that is not an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub struct AmountError {
    /// The number.
    pub millionths: u64,
}

messages! {
    AmountError;
    Self { millionths } => "amount.not-an-amount",
        "invalid amount of {millionths} millionths: an amount is from 1 to {max} millionths",
        millionths, max = MAX_MILLIONTHS;
}

impl Amount {
    /// One whole unit.
    pub const UNIT: Self = match NonZeroU64::new(MILLION) {
        Some(millionths) => Self(millionths),
        None => Self(NonZeroU64::MIN),
    };

    /// Returns the amount of this many whole units.
    ///
    /// ```
    /// use core::num::NonZeroU32;
    /// use entitle::quantity::Amount;
    ///
    /// let three = NonZeroU32::MIN.saturating_add(2);
    /// assert_eq!(Amount::units(three).to_string(), "3");
    /// assert_eq!(Amount::units(NonZeroU32::MIN), Amount::UNIT);
    /// ```
    #[must_use]
    pub fn units(units: NonZeroU32) -> Self {
        // At most 2^32 · 10^6, which is less than 2^53.
        Self(NonZeroU64::from(units).saturating_mul(Self::UNIT.0))
    }

    /// Returns the amount of this many millionths of a unit.
    ///
    /// # Errors
    ///
    /// [`AmountError`] for `0` and for more than [`MAX_MILLIONTHS`].
    pub fn millionths(millionths: u64) -> Result<Self, AmountError> {
        let amount = NonZeroU64::new(millionths).filter(|_| millionths <= MAX_MILLIONTHS);
        amount.map(Self).ok_or(AmountError { millionths })
    }

    /// Returns the number of millionths.
    #[must_use]
    pub fn in_millionths(self) -> u64 {
        self.0.get()
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Quantity(self.0.get()).fmt(f)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.0.get())
    }
}

impl FromDocument for Amount {
    fn read(value: &mut dyn ValueReader) -> Result<Self, ReadError> {
        Self::millionths(u64::read(value)?).map_err(ReadError::of)
    }
}
deserialize_as_document!(Amount);

/// A sum of amounts, in millionths of a unit; it can be zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Quantity(u64);
wrapper! { Quantity(u64) }

impl Quantity {
    /// Zero.
    pub const NONE: Self = Self(0);

    /// Returns the number of millionths.
    #[must_use]
    pub fn in_millionths(self) -> u64 {
        self.0
    }

    /// Returns the quantity of this many millionths.
    #[must_use]
    pub const fn of_millionths(millionths: u64) -> Self {
        Self(millionths)
    }

    /// Returns what is left of it after another quantity, at least zero.
    pub(crate) fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// Returns the sum with one more amount, at most `u64::MAX`: only a forged record gets there.
    pub(crate) fn plus(self, amount: Amount) -> Self {
        Self(self.0.saturating_add(amount.0.get()))
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (units, rest) = (self.0.checked_div(MILLION), self.0.checked_rem(MILLION));
        write!(f, "{}", units.unwrap_or(0))?;
        match rest.unwrap_or(0) {
            0 => Ok(()),
            rest => write!(f, ".{}", alloc::format!("{rest:06}").trim_end_matches('0')),
        }
    }
}

/// The amount that may be consumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Capacity {
    /// At most this quantity.
    Limited(Quantity),
    /// Any quantity.
    Unlimited,
}

choice! { Capacity { "limited" => Limited(Quantity), "unlimited" => Unlimited } }

impl Capacity {
    /// Returns the capacity of these units and a percentage on top, exact to the millionth.
    pub(crate) fn of(units: Total, on_top: Percent) -> Self {
        // One percent of a unit is a hundredth of a million millionths.
        let hundredth = MILLION / 100;
        match units {
            Total::Limited(units) => {
                let percent = u64::from(on_top.0).saturating_add(100);
                Self::Limited(Quantity(units.saturating_mul(hundredth).saturating_mul(percent)))
            }
            Total::Unlimited => Self::Unlimited,
        }
    }

    /// Returns whether nothing may be consumed.
    pub(crate) fn is_none(self) -> bool {
        self == Self::Limited(Quantity::NONE)
    }

    /// Returns whether this quantity is within the capacity.
    #[must_use]
    pub fn covers(self, consumed: Quantity) -> bool {
        self >= Self::Limited(consumed)
    }
}

impl fmt::Display for Capacity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Limited(quantity) => quantity.fmt(f),
            Self::Unlimited => f.write_str("unlimited"),
        }
    }
}

/// A whole number of percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Percent(u32);
wrapper! { Percent(u32) }

impl Percent {
    /// Zero percent.
    pub const NONE: Self = Self(0);

    /// Returns this many percent.
    #[must_use]
    pub const fn new(percent: u32) -> Self {
        Self(percent)
    }

    /// Returns the number of percent.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}
