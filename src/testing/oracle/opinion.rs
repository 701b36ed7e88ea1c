//! An answer of a check as an owned value, from the library or from the oracle.

use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::basis::Basis;
use crate::decision::{Decision, Warning};
use crate::denial_explanation::{DenialCause, DenialReason};
use crate::id::PlanId;

/// What a check answers, or should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opinion {
    /// The user may.
    Allowed {
        /// By which plan, if one is needed.
        plan: Option<PlanId>,
        /// On what basis (K7).
        basis: Basis,
        /// What is approaching (K7).
        warnings: Vec<Warning>,
        /// Until when nothing changes by time alone (K5); for ever, if there is none.
        until: Option<DateTime<Utc>>,
    },
    /// The user may not.
    Denied {
        /// Of each plan that lists the app why not, the nearest miss first (K3).
        reasons: Vec<(PlanId, DenialReason)>,
        /// Until when nothing changes by time alone (K5); for ever, if there is none.
        until: Option<DateTime<Utc>>,
    },
    /// The catalog has no such app (K8).
    UnknownApp,
}

impl Opinion {
    /// What the library answers.
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
                DenialCause::Plans(misses) => {
                    let reasons = misses.into_iter().map(|miss| (miss.plan, miss.reason)).collect();
                    Self::Denied { reasons, until: denial.until() }
                }
                DenialCause::UnknownApp => Self::UnknownApp,
            },
        }
    }

    /// Whether the user may.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed { .. })
    }

    /// Until when nothing changes by time alone (K5); for ever, if there is none.
    #[must_use]
    pub fn until(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Allowed { until, .. } | Self::Denied { until, .. } => *until,
            Self::UnknownApp => None,
        }
    }
}
