//! The basis of an allow: why a plan, or no plan, gives access (K7).

use core::fmt;

use serde::{Deserialize, Serialize};

/// Why access is allowed. Where several reasons apply, the first in this order is reported (K7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Basis {
    /// License management is off (C1).
    Unmanaged,
    /// The app is free (C3).
    Free,
    /// Paid units within their term.
    Paid,
    /// Units of a trial.
    Trial,
    /// Units in their grace period.
    Grace,
    /// Only the tolerance after a reduction of units (S11).
    Tolerance,
}

impl Basis {
    /// Returns a stable name for programs and translations.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Unmanaged => "basis.unmanaged",
            Self::Free => "basis.free",
            Self::Paid => "basis.paid",
            Self::Trial => "basis.trial",
            Self::Grace => "basis.grace",
            Self::Tolerance => "basis.tolerance",
        }
    }
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Unmanaged => "unmanaged",
            Self::Free => "free",
            Self::Paid => "paid",
            Self::Trial => "trial",
            Self::Grace => "in grace",
            Self::Tolerance => "over-assigned",
        })
    }
}
