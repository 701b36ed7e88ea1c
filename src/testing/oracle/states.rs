//! Where the grants of a plan are, and why a plan gives nothing, in the simplest way (K3).

use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::catalog::release::Release;
use crate::decision::denial_reason::DenialReason;
use crate::decision::grant_state::GrantState;
use crate::license::grant::{Fallback, Grant, GrantKind, PaidTerms};
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
        return GrantState::ListNotFresh { since: since(timelines) };
    }
    if let timelines @ [_, ..] = &*within(&[Phase::Pending]) {
        // Usable by time alone: not if the grant ends or requires a list before then.
        let used = |timeline: &&PhaseTimeline| {
            timeline.changes().into_iter().find(|&on| on > at && timeline.phase(on).is_usable())
        };
        let from = timelines.iter().filter_map(used).min().map_or(End::Never, End::At);
        return GrantState::Pending { from };
    }
    if let timelines @ [_, ..] = &*within(&[Phase::NotStarted]) {
        return GrantState::TrialNotStarted { until: until(timelines) };
    }
    if let timelines @ [_, ..] = &*within(&[Phase::Suspended]) {
        return GrantState::Suspended { since: since(timelines), until: until(timelines) };
    }
    let not_covered = grants.iter().filter(|(_, timeline)| timeline.phase(at) == Phase::ReleaseNotCovered);
    let fallbacks = not_covered.filter_map(|(grant, _)| match &grant.kind {
        GrantKind::Paid(PaidTerms { fallback: Fallback::Before(before), .. }) => Some(*before),
        GrantKind::Paid(_) | GrantKind::Trial(_) => None,
    });
    if let Some(fallback) = fallbacks.max() {
        return GrantState::ReleaseNotCovered { release, fallback };
    }
    let (revoked, ended) = (within(&[Phase::Revoked]), within(&[Phase::Ended]));
    match (revoked.is_empty(), ended.is_empty()) {
        (true, true) => GrantState::NoGrant,
        (false, true) => GrantState::Revoked { since: since(&revoked) },
        (false, false) if since(&revoked) > since(&ended) => GrantState::Revoked { since: since(&revoked) },
        (_, false) => GrantState::Ended { since: since(&ended) },
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
    let state = match (paid, trial) {
        (GrantState::Usable, _) | (_, GrantState::Usable) => return None,
        (GrantState::ListNotFresh { .. }, _) => paid,
        (_, GrantState::ListNotFresh { .. }) | (GrantState::NoGrant, _) => trial,
        _ => paid,
    };
    Some(match state {
        GrantState::NoGrant | GrantState::Usable => DenialReason::NoGrant,
        GrantState::Revoked { since } => DenialReason::Revoked { since },
        GrantState::ListNotFresh { since } => DenialReason::ListNotFresh { since },
        GrantState::Ended { since } => DenialReason::Ended { since },
        GrantState::ReleaseNotCovered { release, fallback } => DenialReason::ReleaseNotCovered { release, fallback },
        GrantState::Suspended { since, until } => DenialReason::Suspended { since, until },
        GrantState::TrialNotStarted { until } => DenialReason::TrialNotStarted { until },
        GrantState::Pending { from } => DenialReason::Pending { from },
    })
}

/// Returns the position of a reason in the order of K3.
pub(super) fn nearness(reason: &DenialReason) -> u8 {
    match reason {
        DenialReason::NoGrant => 0,
        DenialReason::Revoked { .. } | DenialReason::Ended { .. } => 1,
        DenialReason::ReleaseNotCovered { .. } => 2,
        DenialReason::Suspended { .. } => 3,
        DenialReason::TrialNotStarted { .. } => 4,
        DenialReason::Pending { .. } => 5,
        DenialReason::ListNotFresh { .. } => 6,
        DenialReason::NotAssigned => 7,
        DenialReason::Waiting { .. } => 8,
        DenialReason::Excluded { .. } => 9,
        DenialReason::RequirementNotMet { .. } => 10,
        DenialReason::TurnedOff => 11,
    }
}
