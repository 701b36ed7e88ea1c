//! An answer of a check as an owned value, from the library or from the oracle.

use alloc::vec::Vec;

use crate::catalog::basis::Basis;
use crate::decision::denial_explanation::{DenialCause, PlanDenial};
use crate::decision::{Decision, Warning};
use crate::id::PlanId;
use crate::time::End;

/// The answer that a check gives or should give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opinion {
    /// The user may open the app.
    Allowed {
        /// The plan that allows it, if one is needed.
        plan: Option<PlanId>,
        /// The basis (K7).
        basis: Basis,
        /// The warnings (K7).
        warnings: Vec<Warning>,
        /// The first instant at which the answer changes by time alone (K5).
        until: End,
    },
    /// The user may not open the app.
    Denied {
        /// The plans that list the app, each with its reason and the states of its grants, the
        /// nearest miss first (K3).
        misses: Vec<PlanDenial>,
        /// The first instant at which the answer changes by time alone (K5).
        until: End,
    },
    /// The catalog has no such app (K8).
    UnknownApp,
}

impl Opinion {
    /// Returns the answer of the library.
    #[must_use]
    pub fn of(decision: &Decision<'_>) -> Self {
        match decision {
            Decision::Allow(allow) => Self::Allowed {
                plan: allow.plan().map(|plan| plan.id.clone()),
                basis: allow.basis(),
                warnings: allow.warnings().collect(),
                until: allow.until(),
            },
            Decision::Deny(denial) => match denial.explain().cause {
                DenialCause::Plans(misses) => Self::Denied { misses, until: denial.until() },
                DenialCause::UnknownApp => Self::UnknownApp,
            },
        }
    }

    /// Returns whether the user may open the app.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed { .. })
    }

    /// Returns the first instant at which the answer changes by time alone (K5).
    #[must_use]
    pub fn until(&self) -> End {
        match self {
            Self::Allowed { until, .. } | Self::Denied { until, .. } => *until,
            Self::UnknownApp => End::Never,
        }
    }
}
