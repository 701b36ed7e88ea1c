//! Where the grants of a plan are, and why a plan gives nothing, in the simplest way (K3).

use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::catalog::release::Release;
use crate::decision::denial_reason::DenialReason;
use crate::license::grant::{Fallback, Grant, GrantKind, PaidTerms};
use crate::tenant::grant_state::GrantState;
use crate::tenant::no_units::NoUnits;
use crate::testing::oracle::phase_timeline::PhaseTimeline;
use crate::time::{End, Phase};

/// Returns where some grants of a plan are: the nearest of them to being usable (K3).
fn grant_state(grants: &[&(Grant, PhaseTimeline)], release: Release, at: DateTime<Utc>) -> GrantState {
    let timelines: Vec<&PhaseTimeline> = grants.iter().map(|(_, timeline)| timeline).collect();
    let within = |phases: &[Phase]| -> Vec<&PhaseTimeline> {
        timelines.iter().copied().filter(|timeline| phases.contains(&timeline.phase(at))).collect()
    };
    let since = |timelines: &[&PhaseTimeline]| timelines.iter().map(|timeline| timeline.since(at)).max().unwrap();
    let until = |timelines: &[&PhaseTimeline]| timelines.iter().map(|timeline| timeline.until(at)).max().unwrap();
    if !within(&[Phase::Active, Phase::Grace]).is_empty() {
        return GrantState::Usable;
    }
    if let timelines @ [_, ..] = &*within(&[Phase::NotFresh]) {
        return GrantState::NoUnits(NoUnits::ListNotFresh { since: since(timelines) });
    }
    if let timelines @ [_, ..] = &*within(&[Phase::Pending]) {
        // Usable by time alone: not if the grant ends or requires a list before then.
        let used = |timeline: &&PhaseTimeline| {
            timeline.changes().into_iter().find(|&on| on > at && timeline.phase(on).is_usable())
        };
        let from = timelines.iter().filter_map(used).min().map_or(End::Never, End::At);
        return GrantState::NoUnits(NoUnits::Pending { from });
    }
    if let timelines @ [_, ..] = &*within(&[Phase::NotStarted]) {
        return GrantState::NoUnits(NoUnits::TrialNotStarted { until: until(timelines) });
    }
    if let timelines @ [_, ..] = &*within(&[Phase::Suspended]) {
        return GrantState::NoUnits(NoUnits::Suspended { since: since(timelines), until: until(timelines) });
    }
    let not_covered = grants.iter().filter(|(_, timeline)| timeline.phase(at) == Phase::ReleaseNotCovered);
    let fallbacks = not_covered.filter_map(|(grant, _)| match &grant.kind {
        GrantKind::Paid(PaidTerms { fallback: Fallback::Before(before), .. }) => Some(*before),
        GrantKind::Paid(_) | GrantKind::Trial(_) => None,
    });
    if let Some(fallback) = fallbacks.max() {
        return GrantState::NoUnits(NoUnits::ReleaseNotCovered { release, fallback });
    }
    let (revoked, ended) = (within(&[Phase::Revoked]), within(&[Phase::Ended]));
    match (revoked.is_empty(), ended.is_empty()) {
        (true, true) => GrantState::NoUnits(NoUnits::NoGrant),
        (false, true) => GrantState::NoUnits(NoUnits::Revoked { since: since(&revoked) }),
        (false, false) if since(&revoked) > since(&ended) => {
            GrantState::NoUnits(NoUnits::Revoked { since: since(&revoked) })
        }
        (_, false) if grants.iter().all(|(grant, _)| matches!(grant.kind, GrantKind::Trial(_))) => {
            GrantState::NoUnits(NoUnits::TrialEnded { since: since(&ended) })
        }
        (_, false) => GrantState::NoUnits(NoUnits::Ended { since: since(&ended) }),
    }
}

/// Returns where the paid grants and the trials of a plan are (K3).
pub(super) fn grant_states(grants: &[(Grant, PhaseTimeline)], release: Release, at: DateTime<Utc>) -> [GrantState; 2] {
    let is_paid = |grant: &Grant| matches!(grant.kind, GrantKind::Paid(_));
    let (paid, trials): (Vec<_>, Vec<_>) = grants.iter().partition(|(grant, _)| is_paid(grant));
    [grant_state(&paid, release, at), grant_state(&trials, release, at)]
}

/// Returns why a plan gives nothing to anybody; `None` if one of its grants is usable (K3).
pub(super) fn shut([paid, trial]: [GrantState; 2]) -> Option<DenialReason> {
    let (GrantState::NoUnits(paid), GrantState::NoUnits(trial)) = (paid, trial) else { return None };
    let why = match (paid, trial) {
        (NoUnits::ListNotFresh { .. }, _) => paid,
        (_, NoUnits::ListNotFresh { .. }) | (NoUnits::NoGrant, _) => trial,
        _ => paid,
    };
    Some(DenialReason::NoUnits(why))
}

/// Returns the position of a reason in the order of K3.
pub(super) fn nearness(reason: &DenialReason) -> u8 {
    match reason {
        DenialReason::NoUnits(NoUnits::NoGrant) => 0,
        DenialReason::NoUnits(NoUnits::Revoked { .. } | NoUnits::Ended { .. } | NoUnits::TrialEnded { .. }) => 1,
        DenialReason::NoUnits(NoUnits::ReleaseNotCovered { .. }) => 2,
        DenialReason::NoUnits(NoUnits::Suspended { .. }) => 3,
        DenialReason::NoUnits(NoUnits::TrialNotStarted { .. }) => 4,
        DenialReason::NoUnits(NoUnits::Pending { .. }) => 5,
        DenialReason::NoUnits(NoUnits::ListNotFresh { .. }) => 6,
        DenialReason::NotAssigned => 7,
        DenialReason::Waiting { .. } => 8,
        DenialReason::Excluded { .. } => 9,
        DenialReason::RequirementNotMet { .. } => 10,
        DenialReason::TurnedOff => 11,
    }
}
