//! Why a plan does not allow an app: the reason and its kind (K3).

use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::catalog::release::Release;
use crate::decision::grant_state::{GrantState, GrantStates};
use crate::id::PlanId;
use crate::message::Value;
use crate::quantity::place::Place;
use crate::quantity::units::Total;
use crate::time::{End, instant};

/// Why a plan does not allow an app to a user. Ordered by [`kind`](DenialReason::kind) from the
/// farthest miss to the nearest (K3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DenialReason {
    /// No license in force grants the plan.
    NoGrant,
    /// A revocation list has ended it (X5).
    Revoked {
        /// The instant since which this holds.
        #[serde(with = "instant")]
        since: DateTime<Utc>,
    },
    /// Its last grant has ended (L5, L6).
    Ended {
        /// The instant of the end; [`EARLIEST`](crate::time::EARLIEST) for a grant that was withdrawn
        /// before it started.
        #[serde(with = "instant")]
        since: DateTime<Utc>,
    },
    /// The term and grace of its grants are over, and they have fallbacks, none of which covers this
    /// release of the application (V2).
    ReleaseNotCovered {
        /// This release.
        release: Release,
        /// The latest fallback: releases dated before it are covered.
        #[serde(with = "instant")]
        fallback: DateTime<Utc>,
    },
    /// It is suspended, and a renewal restores it (L5).
    Suspended {
        /// The instant since which this holds.
        #[serde(with = "instant")]
        since: DateTime<Utc>,
        /// The instant at which the suspension ends.
        until: End,
    },
    /// It has a trial that nobody has started (T1).
    TrialNotStarted {
        /// The first instant at which it may no longer be started.
        until: End,
    },
    /// It is granted from a later instant (L8).
    Pending {
        /// The instant from which it is usable by time alone; never, if it ends or requires a
        /// revocation list before then.
        from: End,
    },
    /// Its license requires a more recent revocation list (X5).
    ListNotFresh {
        /// The instant since which the license gives nothing.
        #[serde(with = "instant")]
        since: DateTime<Utc>,
    },
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
            Self::NoGrant => DenialReasonKind::NoGrant,
            Self::Revoked { .. } | Self::Ended { .. } => DenialReasonKind::Over,
            Self::ReleaseNotCovered { .. } => DenialReasonKind::ReleaseNotCovered,
            Self::Suspended { .. } => DenialReasonKind::Suspended,
            Self::TrialNotStarted { .. } => DenialReasonKind::TrialNotStarted,
            Self::Pending { .. } => DenialReasonKind::Pending,
            Self::ListNotFresh { .. } => DenialReasonKind::ListNotFresh,
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

/// Returns the number of a waiting claim among those that wait, counted from 1.
pub(crate) fn queue_number(place: Place, limit: Total) -> Value {
    Value::Ordinal(match limit {
        Total::Limited(seats) => place.get().saturating_sub(seats),
        // No claim waits for one of unlimited seats.
        Total::Unlimited => place.get(),
    })
}

impl GrantStates {
    /// Returns why the grants of a plan give nothing, or `None` if one of them is usable (K3).
    pub(crate) fn reason(self) -> Option<DenialReason> {
        let states = [self.paid, self.trial];
        if states.contains(&GrantState::Usable) {
            return None;
        }
        let not_fresh = states.into_iter().find(|state| matches!(state, GrantState::ListNotFresh { .. }));
        let has_purchase = self.paid != GrantState::NoGrant;
        not_fresh.unwrap_or(if has_purchase { self.paid } else { self.trial }).reason()
    }
}

impl GrantState {
    fn reason(self) -> Option<DenialReason> {
        Some(match self {
            Self::NoGrant => DenialReason::NoGrant,
            Self::Revoked { since } => DenialReason::Revoked { since },
            Self::Ended { since } => DenialReason::Ended { since },
            Self::ReleaseNotCovered { release, fallback } => DenialReason::ReleaseNotCovered { release, fallback },
            Self::Suspended { since, until } => DenialReason::Suspended { since, until },
            Self::TrialNotStarted { until } => DenialReason::TrialNotStarted { until },
            Self::Pending { from } => DenialReason::Pending { from },
            Self::ListNotFresh { since } => DenialReason::ListNotFresh { since },
            Self::Usable => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{DenialReason, GrantState, GrantStates};
    use crate::catalog::release::Release;
    use crate::time::{EARLIEST, End};
    use chrono::{DateTime, TimeDelta, Utc};

    /// Returns every state, with an instant that tells two kinds of grants apart.
    fn states(at: DateTime<Utc>) -> [GrantState; 9] {
        [
            GrantState::NoGrant,
            GrantState::Revoked { since: at },
            GrantState::Ended { since: at },
            GrantState::ReleaseNotCovered { release: Release::Undated, fallback: at },
            GrantState::Suspended { since: at, until: End::Never },
            GrantState::TrialNotStarted { until: End::At(at) },
            GrantState::Pending { from: End::At(at) },
            GrantState::ListNotFresh { since: at },
            GrantState::Usable,
        ]
    }

    /// Which kind of grants is the reason, for each state of the paid grants (down) and of the
    /// trials (across), in the order of [`states`]: `p`aid, `t`rial, or `-` where the plan is usable.
    const TABLE: [&str; 9] = [
        "tttttttt-",
        "pppppppt-",
        "pppppppt-",
        "pppppppt-",
        "pppppppt-",
        "pppppppt-",
        "pppppppt-",
        "pppppppp-",
        "---------",
    ];

    #[test]
    fn k3_of_all_pairs_of_states_a_purchase_speaks_before_a_trial() {
        let (paid_at, trial_at) = (EARLIEST + TimeDelta::days(1), EARLIEST + TimeDelta::days(2));
        for (paid, row) in states(paid_at).into_iter().zip(TABLE) {
            for (trial, cell) in states(trial_at).into_iter().zip(row.chars()) {
                let expected = match cell {
                    'p' => paid.reason(),
                    't' => trial.reason(),
                    _ => None,
                };
                assert_eq!(GrantStates { paid, trial }.reason(), expected, "{paid:?} {trial:?}");
                assert_eq!(expected.is_some(), cell != '-');
            }
        }
    }

    #[test]
    fn k3_each_state_but_usable_is_a_reason_and_revoked_and_ended_are_one_kind() {
        let reasons: alloc::vec::Vec<DenialReason> =
            states(EARLIEST).into_iter().filter_map(GrantState::reason).collect();
        assert_eq!(reasons.len(), 8);
        let kinds: alloc::vec::Vec<_> = reasons.iter().map(DenialReason::kind).collect();
        assert!(kinds.is_sorted() && kinds[1] == kinds[2] && kinds[2] < kinds[3], "{kinds:?}");
        assert!(*kinds.last().unwrap() < DenialReason::NotAssigned.kind());
    }
}
