//! The basis of an allow: why a plan, or no plan, gives access (K7).

use serde::{Deserialize, Serialize};

use crate::message::messages;

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

messages! {
    Basis;
    Self::Unmanaged => "basis.unmanaged", "unmanaged";
    Self::Free => "basis.free", "free";
    Self::Paid => "basis.paid", "paid";
    Self::Trial => "basis.trial", "trial";
    Self::Grace => "basis.grace", "in grace";
    Self::Tolerance => "basis.tolerance", "over-assigned";
}
