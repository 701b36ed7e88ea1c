//! Whether a total is within a quota: the answer, and the proof that it is (Q3).

use chrono::{DateTime, Utc};

use crate::catalog::offer::Plan;
use crate::quantity::quota_amount::QuotaAmount;
use crate::quota::status::QuotaStatus;
use crate::time::End;

/// The answer of [`Tenant::check_quota`](crate::Tenant::check_quota) and
/// [`Tenant::check_tenant_quota`](crate::Tenant::check_tenant_quota). It allocates nothing.
#[derive(Debug)]
#[must_use = "a check whose answer is dropped protects nothing"]
pub enum QuotaDecision<'a> {
    /// The wanted total is within the quota.
    Within(Within<'a>),
    /// The wanted total is over the quota.
    Over(Over<'a>),
}

impl QuotaDecision<'_> {
    /// Returns whether the wanted total is within the quota.
    #[must_use]
    pub fn is_within(&self) -> bool {
        matches!(self, Self::Within(_))
    }

    /// Returns the first instant at which the amount can change by time alone (K5).
    #[must_use]
    pub fn until(&self) -> End {
        match self {
            Self::Within(within) => within.until(),
            Self::Over(over) => over.until(),
        }
    }
}

/// Proof that a total is within a quota.
///
/// Only a check of the quota makes one, and it cannot outlive the borrow of its tenant. It cannot be
/// constructed:
///
/// ```compile_fail,E0451
/// fn forge<'a>(answer: entitle::quota::Within<'a>) -> entitle::quota::Within<'a> {
///     entitle::quota::Within { wanted: 0, ..answer }
/// }
/// ```
///
/// or cloned:
///
/// ```compile_fail,E0277
/// fn keep<T: Clone>(answer: &T) -> T { answer.clone() }
/// fn forge(answer: &entitle::quota::Within<'_>) { keep::<entitle::quota::Within<'_>>(answer); }
/// ```
#[derive(Debug)]
#[must_use = "a proof that is dropped gives nobody anything"]
pub struct Within<'a> {
    pub(super) wanted: u64,
    pub(super) status: QuotaStatus<'a>,
}

/// The answer that a total is over a quota. [`Over::explain`] returns the reasons.
#[derive(Debug)]
#[must_use = "a total over a quota must be refused by the caller"]
pub struct Over<'a> {
    pub(crate) wanted: u64,
    pub(crate) status: QuotaStatus<'a>,
    /// The host's clock, which may be behind the reading (K10).
    pub(crate) now: DateTime<Utc>,
}

macro_rules! answer {
    ($name:ident) => {
        impl<'a> $name<'a> {
            /// Returns the wanted total.
            #[must_use]
            pub fn wanted(&self) -> u64 {
                self.wanted
            }

            /// Returns the amount of the quota.
            #[must_use]
            pub fn amount(&self) -> QuotaAmount {
                self.status.amount()
            }

            /// Returns the plans that give the quota here, each with what it gives. Computed by
            /// this call.
            pub fn plans(&self) -> impl Iterator<Item = (&'a Plan, QuotaAmount)> + use<'a> {
                self.status.plans()
            }

            /// Returns the first instant at which the amount can change by time alone (K5).
            /// Computed by this call.
            #[must_use]
            pub fn until(&self) -> End {
                self.status.until()
            }
        }
    };
}

answer!(Within);
answer!(Over);
