//! Totals over tenants, of which some are unlimited (P3).

use core::fmt;

use crate::quantity::amount::{Capacity, Quantity};
use crate::quantity::units::Total;

/// The sum of the totals of several tenants: of those that are limited, and how many are unlimited,
/// so that one unlimited tenant does not hide the others (P3).
///
/// `T` is `u64` for units and [`Quantity`] for amounts of capacity. The `Display` is `8`, `8 + 1
/// unlimited` or `1 unlimited`.
///
/// ```
/// use entitle::quantity::Total;
/// use entitle::report::GrandTotal;
///
/// let totals = [Total::Limited(5), Total::Unlimited, Total::Limited(3)];
/// let sum = totals.into_iter().map(GrandTotal::from).fold(GrandTotal::default(), GrandTotal::<u64>::plus);
/// assert_eq!((sum.limited, sum.unlimited), (8, 1));
/// assert_eq!(sum.to_string(), "8 + 1 unlimited");
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GrandTotal<T> {
    /// The number of tenants whose total is unlimited.
    pub unlimited: u64,
    /// The sum of the totals that are limited.
    pub limited: T,
}

impl GrandTotal<u64> {
    /// Returns the sum of both, at most `u64::MAX`.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let limited = self.limited.saturating_add(other.limited);
        Self { unlimited: self.unlimited.saturating_add(other.unlimited), limited }
    }
}

impl GrandTotal<Quantity> {
    /// Returns the sum of both, at most `u64::MAX` millionths.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let limited = self.limited.in_millionths().saturating_add(other.limited.in_millionths());
        Self { unlimited: self.unlimited.saturating_add(other.unlimited), limited: Quantity::of_millionths(limited) }
    }
}

/// The total of one tenant.
impl From<Total> for GrandTotal<u64> {
    fn from(total: Total) -> Self {
        match total {
            Total::Limited(limited) => Self { unlimited: 0, limited },
            Total::Unlimited => Self { unlimited: 1, limited: 0 },
        }
    }
}

/// The total of one tenant.
impl From<Capacity> for GrandTotal<Quantity> {
    fn from(capacity: Capacity) -> Self {
        match capacity {
            Capacity::Limited(limited) => Self { unlimited: 0, limited },
            Capacity::Unlimited => Self { unlimited: 1, limited: Quantity::NONE },
        }
    }
}

impl<T: fmt::Display + Default + PartialEq> fmt::Display for GrandTotal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.unlimited {
            0 => alloc::format!("{}", self.limited),
            unlimited if self.limited == T::default() => alloc::format!("{unlimited} unlimited"),
            unlimited => alloc::format!("{} + {unlimited} unlimited", self.limited),
        };
        f.pad(&text)
    }
}
