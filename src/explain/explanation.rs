//! The explanation of a denial (K3, K10).

use crate::decision::denial_explanation::DenialExplanation;
use crate::decision::{Allow, Decision, Denial};
use crate::query::record_ahead::record_ahead;

impl<'a> Decision<'a> {
    /// Returns the allow, or the explanation of the denial as an error, for use with `?`.
    ///
    /// # Errors
    ///
    /// The [`DenialExplanation`] of a denial.
    pub fn allowed(self) -> Result<Allow<'a>, DenialExplanation> {
        match self {
            Self::Allow(allow) => Ok(allow),
            Self::Deny(denial) => Err(denial.explain()),
        }
    }
}

impl Denial<'_> {
    /// Returns why access is denied: one reason for every plan that lists the app, the nearest miss
    /// first (K3); and whether it may be denied only because the record is ahead of the clock
    /// (K10).
    ///
    /// `O(n)` in the grants of the tenant for each plan that lists the app. If the record is ahead
    /// of the clock by more than the catalog tolerates, it also costs what [`Tenant::rebase`](crate::Tenant::rebase) does.
    #[must_use]
    pub fn explain(&self) -> DenialExplanation {
        DenialExplanation::of(self, record_ahead(self))
    }
}

impl From<Denial<'_>> for DenialExplanation {
    fn from(denial: Denial<'_>) -> Self {
        denial.explain()
    }
}
