//! Where the grants of one kind of a plan are, as a denial explains it (K3).

use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::catalog::release::Release;
use crate::id::PlanId;
use crate::license::grant::{Grant, GrantKind};
use crate::license::phases::PhaseTimeline;
use crate::tenant::Tenant;
use crate::time::{EARLIEST, End, Phase, instant};

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
    /// The term and grace of the grants are over, and they have fallbacks, none of which covers this
    /// release of the application (V2).
    ReleaseNotCovered {
        /// This release.
        release: Release,
        /// The latest fallback: releases dated before it are covered.
        #[serde(with = "instant")]
        fallback: DateTime<Utc>,
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
    NotCovered,
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
            Phase::ReleaseNotCovered => Self::NotCovered,
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
                GrantKind::Paid(_) => paid.push((grant, timeline)),
                GrantKind::Trial(_) => trial.push((grant, timeline)),
            }
        }
        let release = tenant.core().release();
        Self { paid: GrantState::of(&paid, release, at), trial: GrantState::of(&trial, release, at) }
    }
}

/// Returns the latest of some fallbacks, if there is one.
fn latest_fallback<'a>(grants: impl Iterator<Item = &'a Grant>) -> Option<DateTime<Utc>> {
    grants.filter_map(|grant| grant.kind.fallback().before()).max()
}

impl GrantState {
    fn of(grants: &[(&Grant, PhaseTimeline)], release: Release, at: DateTime<Utc>) -> Self {
        let nearness = |timeline: &PhaseTimeline| Nearness::of(timeline.phase(at));
        let Some(nearest) = grants.iter().map(|(_, timeline)| nearness(timeline)).max() else { return Self::NoGrant };
        let grants_of_nearest = || grants.iter().filter(|(_, timeline)| nearness(timeline) == nearest);
        let of_nearest = || grants_of_nearest().map(|(_, timeline)| timeline);
        let since = |timeline: &PhaseTimeline| {
            let phase = timeline.phase(at);
            (timeline.begins(phase).unwrap_or(at), phase)
        };
        let (latest, phase) = of_nearest().map(since).max().unwrap_or((at, Phase::Ended));
        let latest_end = || of_nearest().map(|timeline| timeline.phase_ends(at)).max().unwrap_or(End::Never);
        let earliest_use = || of_nearest().filter_map(|timeline| timeline.next_use(at)).min();
        let fallback = || latest_fallback(grants_of_nearest().map(|(grant, _)| *grant)).unwrap_or(EARLIEST);
        match nearest {
            Nearness::Over if phase == Phase::Revoked => Self::Revoked { since: latest },
            Nearness::Over => Self::Ended { since: latest },
            Nearness::NotCovered => Self::ReleaseNotCovered { release, fallback: fallback() },
            Nearness::Suspended => Self::Suspended { since: latest, until: latest_end() },
            Nearness::NotStarted => Self::TrialNotStarted { until: latest_end() },
            Nearness::Pending => Self::Pending { from: earliest_use().map_or(End::Never, End::At) },
            Nearness::NotFresh => Self::ListNotFresh { since: latest },
            Nearness::Usable => Self::Usable,
        }
    }
}
