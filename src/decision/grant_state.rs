//! Where the grants of one kind of a plan are, as a denial explains it (K3).

use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::id::PlanId;
use crate::license::grant::GrantKind;
use crate::license::phases::PhaseTimeline;
use crate::tenant::Tenant;
use crate::time::{End, Phase, instant};

/// Where the paid grants of a plan are, or its trials: the last state in this order in which one of
/// them is, where [`Revoked`](GrantState::Revoked) and [`Ended`](GrantState::Ended) are one step and
/// the later of both counts (K3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum GrantState {
    /// No license in force has such a grant.
    NoGrant,
    /// A revocation list has ended the grants (X5).
    Revoked {
        /// The instant since which this holds.
        #[serde(with = "instant")]
        since: DateTime<Utc>,
    },
    /// The last grant has ended (L5, L6).
    Ended {
        /// The instant of the end; [`EARLIEST`](crate::time::EARLIEST) for grants that were withdrawn
        /// before they started.
        #[serde(with = "instant")]
        since: DateTime<Utc>,
    },
    /// The grants are suspended, and a renewal restores them (L5).
    Suspended {
        /// The instant since which this holds.
        #[serde(with = "instant")]
        since: DateTime<Utc>,
        /// The instant at which the suspension ends.
        until: End,
    },
    /// There is a trial that nobody has started (T1).
    TrialNotStarted {
        /// The first instant at which it may no longer be started.
        until: End,
    },
    /// A grant starts later (L8).
    Pending {
        /// The instant from which it is usable by time alone; never, if it ends or requires a
        /// revocation list before then.
        from: End,
    },
    /// The license requires a more recent revocation list (X5).
    ListNotFresh {
        /// The instant since which it gives nothing.
        #[serde(with = "instant")]
        since: DateTime<Utc>,
    },
    /// A grant is active or in grace.
    Usable,
}

/// The grants of a plan by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct GrantStates {
    pub(crate) paid: GrantState,
    pub(crate) trial: GrantState,
}

/// The steps in which a grant comes nearer to being usable, the nearest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    Over,
    Suspended,
    NotStarted,
    Pending,
    NotFresh,
    Usable,
}

impl Nearness {
    fn of(phase: Phase) -> Self {
        match phase {
            Phase::Revoked | Phase::Ended => Self::Over,
            Phase::Suspended => Self::Suspended,
            Phase::NotStarted => Self::NotStarted,
            Phase::Pending => Self::Pending,
            Phase::NotFresh => Self::NotFresh,
            Phase::Grace | Phase::Active => Self::Usable,
        }
    }
}

impl GrantStates {
    /// Returns where the grants of a plan are at a reading. `O(n)` in the grants of the tenant.
    pub(crate) fn of(tenant: &Tenant, plan: &PlanId, at: DateTime<Utc>) -> Self {
        let (mut paid, mut trial) = (Vec::new(), Vec::new());
        for (grant, timeline) in tenant.core().grants(plan) {
            match grant.kind {
                GrantKind::Paid(_) => paid.push(timeline),
                GrantKind::Trial(_) => trial.push(timeline),
            }
        }
        Self { paid: GrantState::of(&paid, at), trial: GrantState::of(&trial, at) }
    }
}

impl GrantState {
    fn of(timelines: &[PhaseTimeline], at: DateTime<Utc>) -> Self {
        let nearness = |timeline: &PhaseTimeline| Nearness::of(timeline.phase(at));
        let Some(nearest) = timelines.iter().map(nearness).max() else { return Self::NoGrant };
        let of_nearest = || timelines.iter().filter(|timeline| nearness(timeline) == nearest);
        let since = |timeline: &PhaseTimeline| {
            let phase = timeline.phase(at);
            (timeline.begins(phase).unwrap_or(at), phase)
        };
        let (latest, phase) = of_nearest().map(since).max().unwrap_or((at, Phase::Ended));
        let latest_end = || of_nearest().map(|timeline| timeline.phase_ends(at)).max().unwrap_or(End::Never);
        let earliest_use = || of_nearest().filter_map(|timeline| timeline.next_use(at)).min();
        match nearest {
            Nearness::Over if phase == Phase::Revoked => Self::Revoked { since: latest },
            Nearness::Over => Self::Ended { since: latest },
            Nearness::Suspended => Self::Suspended { since: latest, until: latest_end() },
            Nearness::NotStarted => Self::TrialNotStarted { until: latest_end() },
            Nearness::Pending => Self::Pending { from: earliest_use().map_or(End::Never, End::At) },
            Nearness::NotFresh => Self::ListNotFresh { since: latest },
            Nearness::Usable => Self::Usable,
        }
    }
}
