//! How much of a capacity: whole millionths of a unit, so that nothing is ever rounded (M5).

use core::fmt;
use core::num::NonZeroU64;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

use crate::units::Total;

const MILLION: u64 = 1_000_000;

/// The most millionths that one draw takes: what every JSON reader takes for a whole number, 2^53 − 1 (X4).
pub const MAX_MILLIONTHS: u64 = (1 << 53) - 1;

/// How much one draw takes: at least a millionth of a unit, at most [`MAX_MILLIONTHS`]. Written as millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(NonZeroU64);

/// A number is not an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{millionths} millionths are no amount: a draw takes from 1 to {MAX_MILLIONTHS}")]
#[non_exhaustive]
pub struct AmountError {
    /// The number.
    pub millionths: u64,
}

impl AmountError {
    /// A stable name of this error for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "amount.not-an-amount"
    }
}

impl Amount {
    /// One whole unit.
    pub const UNIT: Self = match NonZeroU64::new(MILLION) {
        Some(millionths) => Self(millionths),
        None => Self(NonZeroU64::MIN),
    };

    /// So many millionths of a unit.
    ///
    /// # Errors
    ///
    /// [`AmountError`] for `0` and for more than [`MAX_MILLIONTHS`].
    pub fn millionths(millionths: u64) -> Result<Self, AmountError> {
        let amount = NonZeroU64::new(millionths).filter(|_| millionths <= MAX_MILLIONTHS);
        amount.map(Self).ok_or(AmountError { millionths })
    }

    /// How many millionths.
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

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::millionths(u64::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// Amounts added up, in millionths of a unit; none is a quantity too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Quantity(u64);

impl Quantity {
    /// Nothing at all.
    pub const NONE: Self = Self(0);

    /// How many millionths.
    #[must_use]
    pub fn in_millionths(self) -> u64 {
        self.0
    }

    /// With one amount more. A sum past what can be counted stays the largest: only a forged record comes there.
    pub(crate) fn of_millionths(millionths: u64) -> Self {
        Self(millionths)
    }

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

/// How much may be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capacity {
    /// This much.
    Limited(Quantity),
    /// As much as anyone asks for.
    Unlimited,
}

impl Capacity {
    /// So many units and a percentage on top, to the millionth.
    pub(crate) fn of(units: Total, on_top: Percent) -> Self {
        // A hundredth of a million millionths for each percent.
        let hundredth = MILLION / 100;
        match units {
            Total::Limited(units) => {
                let percent = u64::from(on_top.0).saturating_add(100);
                Self::Limited(Quantity(units.saturating_mul(hundredth).saturating_mul(percent)))
            }
            Total::Unlimited => Self::Unlimited,
        }
    }

    /// Whether nothing may be drawn at all.
    pub(crate) fn is_none(self) -> bool {
        self == Self::Limited(Quantity::NONE)
    }

    /// Whether so much is within it.
    #[must_use]
    pub fn covers(self, drawn: Quantity) -> bool {
        self >= Self::Limited(drawn)
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Percent(u32);

impl Percent {
    /// None on top.
    pub const NONE: Self = Self(0);

    /// So many percent.
    #[must_use]
    pub const fn new(percent: u32) -> Self {
        Self(percent)
    }

    /// How many percent.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}
