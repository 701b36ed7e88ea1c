//! Where the grants of one kind of a plan are, as a denial explains it (K3).

use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::catalog::release::Release;
use crate::id::PlanId;
use crate::license::grant::{Grant, GrantKind};
use crate::license::phases::PhaseTimeline;
use crate::tenant::no_units::NoUnits;
use crate::tenant::state::RecordState;
use crate::time::{EARLIEST, End, Phase};

/// Where the paid grants of a plan are, or its trials: the last state in this order in which one of
/// them is, those of [`NoUnits`] first, where [`Revoked`](NoUnits::Revoked) and
/// [`Ended`](NoUnits::Ended) are one step and the later of both counts (K3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum GrantState {
    /// They have no usable units.
    NoUnits(NoUnits),
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
    pub(crate) fn of(state: &RecordState, plan: &PlanId, at: DateTime<Utc>) -> Self {
        let (mut paid, mut trial) = (Vec::new(), Vec::new());
        for (grant, timeline) in state.grants(plan) {
            match grant.kind {
                GrantKind::Paid(_) => paid.push((grant, timeline)),
                GrantKind::Trial(_) => trial.push((grant, timeline)),
            }
        }
        let release = state.release();
        Self {
            paid: GrantState::of(&paid, |since| NoUnits::Ended { since }, release, at),
            trial: GrantState::of(&trial, |since| NoUnits::TrialEnded { since }, release, at),
        }
    }

    /// Returns why the plan has no usable units, or `None` if it has some: it is a recent list that
    /// either lacks, else the state of the paid grants, and that of the trials only where there are
    /// none (K3).
    pub(crate) fn no_units(self) -> Option<NoUnits> {
        let (GrantState::NoUnits(paid), GrantState::NoUnits(trial)) = (self.paid, self.trial) else { return None };
        let not_fresh = [paid, trial].into_iter().find(|why| matches!(why, NoUnits::ListNotFresh { .. }));
        Some(not_fresh.unwrap_or(if paid == NoUnits::NoGrant { trial } else { paid }))
    }
}

/// Returns the latest of some fallbacks, if there is one.
fn latest_fallback<'a>(grants: impl Iterator<Item = &'a Grant>) -> Option<DateTime<Utc>> {
    grants.filter_map(|grant| grant.kind.fallback().before()).max()
}

impl GrantState {
    /// Returns where some grants are; `ended` is what they are after the end of the last.
    fn of(
        grants: &[(&Grant, PhaseTimeline)],
        ended: fn(DateTime<Utc>) -> NoUnits,
        release: Release,
        at: DateTime<Utc>,
    ) -> Self {
        let nearness = |timeline: &PhaseTimeline| Nearness::of(timeline.phase(at));
        let Some(nearest) = grants.iter().map(|(_, timeline)| nearness(timeline)).max() else {
            return Self::NoUnits(NoUnits::NoGrant);
        };
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
        Self::NoUnits(match nearest {
            Nearness::Over if phase == Phase::Revoked => NoUnits::Revoked { since: latest },
            Nearness::Over => ended(latest),
            Nearness::NotCovered => NoUnits::ReleaseNotCovered { release, fallback: fallback() },
            Nearness::Suspended => NoUnits::Suspended { since: latest, until: latest_end() },
            Nearness::NotStarted => NoUnits::TrialNotStarted { until: latest_end() },
            Nearness::Pending => NoUnits::Pending { from: earliest_use().map_or(End::Never, End::At) },
            Nearness::NotFresh => NoUnits::ListNotFresh { since: latest },
            Nearness::Usable => return Self::Usable,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{GrantState, GrantStates};
    use crate::catalog::release::Release;
    use crate::tenant::no_units::NoUnits;
    use crate::time::{EARLIEST, End};
    use chrono::{DateTime, TimeDelta, Utc};

    /// Returns every reason, with an instant that tells two kinds of grants apart.
    fn reasons(at: DateTime<Utc>, ended: NoUnits) -> [NoUnits; 8] {
        [
            NoUnits::NoGrant,
            NoUnits::Revoked { since: at },
            ended,
            NoUnits::ReleaseNotCovered { release: Release::Undated, fallback: at },
            NoUnits::Suspended { since: at, until: End::Never },
            NoUnits::TrialNotStarted { until: End::At(at) },
            NoUnits::Pending { from: End::At(at) },
            NoUnits::ListNotFresh { since: at },
        ]
    }

    /// Which kind of grants is the reason, for each state of the paid grants (down) and of the
    /// trials (across), in the order of [`reasons`]: `p`aid or `t`rial.
    const TABLE: [&str; 8] =
        ["tttttttt", "pppppppt", "pppppppt", "pppppppt", "pppppppt", "pppppppt", "pppppppt", "pppppppp"];

    #[test]
    fn k3_of_all_pairs_of_states_a_purchase_speaks_before_a_trial() {
        let (paid_at, trial_at) = (EARLIEST + TimeDelta::days(1), EARLIEST + TimeDelta::days(2));
        let paid = reasons(paid_at, NoUnits::Ended { since: paid_at });
        let trial = reasons(trial_at, NoUnits::TrialEnded { since: trial_at });
        let states = |paid, trial| GrantStates { paid, trial }.no_units();
        for (paid, row) in paid.into_iter().zip(TABLE) {
            for (trial, cell) in trial.into_iter().zip(row.chars()) {
                let expected = if cell == 'p' { paid } else { trial };
                let found = states(GrantState::NoUnits(paid), GrantState::NoUnits(trial));
                assert_eq!(found, Some(expected), "{paid:?} {trial:?}");
            }
            assert_eq!(states(GrantState::NoUnits(paid), GrantState::Usable), None);
            assert_eq!(states(GrantState::Usable, GrantState::NoUnits(paid)), None);
        }
        assert_eq!(states(GrantState::Usable, GrantState::Usable), None);
    }
}
