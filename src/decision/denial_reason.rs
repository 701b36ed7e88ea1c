//! Why a plan does not allow an app: the reason and its kind (K3).

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::id::PlanId;
use crate::message::Value;
use crate::quantity::place::Place;
use crate::quantity::units::Total;
use crate::tenant::no_units::NoUnits;

/// Why a plan does not allow an app to a user. Ordered by [`kind`](DenialReason::kind) from the
/// farthest miss to the nearest (K3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DenialReason {
    /// The plan has no usable units.
    NoUnits(NoUnits),
    /// The user has no claim on the plan.
    NotAssigned,
    /// The user's claim waits for a seat (S10).
    Waiting {
        /// The claim's place in the queue, counted from 1.
        place: Place,
        /// The number of claims that hold a seat.
        limit: Total,
    },
    /// The user has a seat, and an earlier claim of theirs is on a plan that excludes this one
    /// (C5).
    Excluded {
        /// The plan of the earlier claim.
        by: PlanId,
    },
    /// The user has a seat, or the organisation a unit, but a requirement of the plan is not met
    /// (C4).
    RequirementNotMet {
        /// The plans of which any one meets the requirement.
        any_of: Vec<PlanId>,
    },
    /// The app is on the deny list of the user's assignment (C10).
    TurnedOff,
}

impl DenialReason {
    /// Returns the kind of the reason, by which plans are ordered (K3).
    #[must_use]
    pub fn kind(&self) -> DenialReasonKind {
        match self {
            Self::NoUnits(why) => DenialReasonKind::of(*why),
            Self::NotAssigned => DenialReasonKind::NotAssigned,
            Self::Waiting { .. } => DenialReasonKind::Waiting,
            Self::Excluded { .. } => DenialReasonKind::Excluded,
            Self::RequirementNotMet { .. } => DenialReasonKind::RequirementNotMet,
            Self::TurnedOff => DenialReasonKind::TurnedOff,
        }
    }
}

/// The kind of a reason. The later in this order, the nearer is the miss: the less is lacking
/// until the app opens (K3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DenialReasonKind {
    /// No license grants the plan.
    NoGrant,
    /// It was revoked or has ended.
    Over,
    /// It does not cover this release of the application.
    ReleaseNotCovered,
    /// It is suspended.
    Suspended,
    /// Its trial is not started.
    TrialNotStarted,
    /// It starts later.
    Pending,
    /// It requires a recent revocation list.
    ListNotFresh,
    /// The user has no claim on it.
    NotAssigned,
    /// The user waits for a seat.
    Waiting,
    /// Another plan of the user excludes it.
    Excluded,
    /// A requirement is not met.
    RequirementNotMet,
    /// The app is turned off for the user.
    TurnedOff,
}

impl DenialReasonKind {
    fn of(why: NoUnits) -> Self {
        match why {
            NoUnits::NoGrant => Self::NoGrant,
            NoUnits::Revoked { .. } | NoUnits::Ended { .. } | NoUnits::TrialEnded { .. } => Self::Over,
            NoUnits::ReleaseNotCovered { .. } => Self::ReleaseNotCovered,
            NoUnits::Suspended { .. } => Self::Suspended,
            NoUnits::TrialNotStarted { .. } => Self::TrialNotStarted,
            NoUnits::Pending { .. } => Self::Pending,
            NoUnits::ListNotFresh { .. } => Self::ListNotFresh,
        }
    }
}

/// Returns the number of a waiting claim among those that wait, counted from 1.
pub(crate) fn queue_number(place: Place, limit: Total) -> Value {
    Value::Ordinal(match limit {
        Total::Limited(seats) => place.get().saturating_sub(seats),
        // No claim waits for one of unlimited seats.
        Total::Unlimited => place.get(),
    })
}

#[cfg(test)]
mod tests {
    use super::{DenialReason, DenialReasonKind};
    use crate::catalog::release::Release;
    use crate::tenant::no_units::NoUnits;
    use crate::time::{EARLIEST, End};

    #[test]
    fn k3_each_reason_of_no_units_is_farther_than_no_claim_and_what_is_over_is_one_kind() {
        let since = EARLIEST;
        let reasons = [
            NoUnits::NoGrant,
            NoUnits::Revoked { since },
            NoUnits::Ended { since },
            NoUnits::TrialEnded { since },
            NoUnits::ReleaseNotCovered { release: Release::Undated, fallback: since },
            NoUnits::Suspended { since, until: End::Never },
            NoUnits::TrialNotStarted { until: End::Never },
            NoUnits::Pending { from: End::Never },
            NoUnits::ListNotFresh { since },
        ];
        let kinds = reasons.map(|why| DenialReason::NoUnits(why).kind());
        assert!(kinds.is_sorted() && kinds[1..4].iter().all(|kind| *kind == DenialReasonKind::Over), "{kinds:?}");
        assert!(kinds[0] < kinds[1] && kinds[3] < kinds[4] && kinds[4..].is_sorted_by(|a, b| a < b), "{kinds:?}");
        assert!(kinds[8] < DenialReason::NotAssigned.kind());
    }
}
