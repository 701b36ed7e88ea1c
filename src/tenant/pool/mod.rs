//! Answers how many units of a plan there are, at every instant: the sum of its grants (L9, L10,
//! S11).
//! It takes grants with their phases.
//! It must not know who uses the units.

use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub(crate) mod negotiated;
pub(crate) mod schedule;

use crate::catalog::basis::Basis;
use crate::collections::sorted::distinct;
use crate::license::grant::{Grant, GrantKind, Tolerance};
use crate::license::phases::PhaseTimeline;
use crate::quantity::units::{Sum, Total, Units};
use crate::time::{EARLIEST, End, Phase};

/// The places in the queue that a plan's units cover between two instants. Each number is the
/// larger of paid and trial units (L10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Coverage<T = Total> {
    /// Paid units that are active.
    pub(crate) paid: T,
    /// All units that are active.
    pub(crate) active: T,
    /// All units that are active or in grace.
    pub(crate) usable: T,
    /// Usable units with their tolerances: the limit of the queue (S11).
    pub(crate) limit: T,
}

impl<T: Copy> Coverage<T> {
    /// Returns the coverage with each number converted.
    pub(crate) fn map<U>(&self, mut convert: impl FnMut(T) -> U) -> Coverage<U> {
        Coverage {
            paid: convert(self.paid),
            active: convert(self.active),
            usable: convert(self.usable),
            limit: convert(self.limit),
        }
    }

    /// Returns the basis of the first number that covers a place, or `None` (K7).
    #[inline]
    pub(crate) fn basis(&self, mut covers: impl FnMut(T) -> bool) -> Option<Basis> {
        if covers(self.paid) {
            Some(Basis::Paid)
        } else if covers(self.active) {
            Some(Basis::Trial)
        } else if covers(self.usable) {
            Some(Basis::Grace)
        } else if covers(self.limit) {
            Some(Basis::Tolerance)
        } else {
            None
        }
    }
}

/// An interval in which no phase and no tolerance of a plan's grants begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) from: DateTime<Utc>,
    pub(crate) coverage: Coverage,
    /// The phase of the grant that is nearest to being usable (K3), if there is a grant.
    pub(crate) nearest: Option<Phase>,
    /// The first instant at which a usable grant gives nothing without a recent revocation list, if
    /// a warning is due (X5).
    pub(crate) stale: Option<End>,
}

/// A grant with its phases, as input of its pool.
#[derive(Debug)]
pub(crate) struct GrantInstance<'a> {
    pub(crate) grant: &'a Grant,
    pub(crate) timeline: PhaseTimeline,
    /// The instants from which the grant without a recent revocation list causes a warning, and
    /// gives nothing.
    pub(crate) freshness: (End, End),
}

/// Returns the segments of these grants in order, the first from [`EARLIEST`] on; empty without
/// grants. `O(n log n)` in the phases of the grants.
pub(crate) fn segments(grants: &[GrantInstance<'_>]) -> Vec<Segment> {
    let changes = grants.iter().enumerate();
    let changes = changes.flat_map(|(index, instance)| begins(instance).into_iter().map(move |from| (from, index)));
    let changes = distinct(changes);
    let mut now: Vec<Option<GrantContribution>> = alloc::vec![None; grants.len()];
    let mut count = Count::default();
    let mut segments: Vec<Segment> = Vec::new();
    for (from, index) in changes {
        let (Some(held), Some(instance)) = (now.get_mut(index), grants.get(index)) else { continue };
        let contribution = contribution(instance, from);
        if let Some(left) = held.replace(contribution) {
            count.leave(left);
        }
        count.enter(contribution);
        if segments.last().is_some_and(|last| last.from == from) {
            segments.pop();
        }
        segments.push(Segment { from, coverage: count.coverage(), nearest: count.nearest(), stale: count.stale() });
    }
    segments
}

/// The contribution of one grant at one time.
#[derive(Debug, Clone, Copy)]
struct GrantContribution {
    paid: bool,
    phase: Phase,
    units: Units,
    tolerated: Units,
    /// The instant from which it gives nothing without a recent list, once a warning is due.
    stale: Option<End>,
}

/// Returns the tolerated units of a grant, and until when.
fn tolerated(grant: &Grant) -> (Units, DateTime<Utc>) {
    match grant.tolerance {
        Tolerance::None => (grant.units, EARLIEST),
        Tolerance::UpTo(tolerance) => (tolerance.units, tolerance.until),
    }
}

/// Returns when the contributions of a grant begin: with its phases and, where it is usable, with
/// the end of its tolerance and the beginning of the warning about a recent list.
fn begins(instance: &GrantInstance<'_>) -> Vec<DateTime<Utc>> {
    let GrantInstance { grant, timeline, freshness: (warns, _) } = instance;
    let warned = match warns {
        End::At(warns) => Some(*warns),
        End::Never => None,
    };
    let inside = [Some(tolerated(grant).1), warned].into_iter().flatten().filter(|&at| timeline.phase(at).is_usable());
    timeline.steps().map(|(from, _)| from).chain(inside).collect()
}

/// Returns the contribution that begins at an instant.
fn contribution(instance: &GrantInstance<'_>, from: DateTime<Utc>) -> GrantContribution {
    let GrantInstance { grant, timeline, freshness: (warns, denies) } = instance;
    let (phase, (tolerated, until)) = (timeline.phase(from), tolerated(grant));
    let tolerated = if from < until { tolerated } else { grant.units };
    let stale = (phase.is_usable() && !warns.is_after(from)).then_some(*denies);
    GrantContribution { paid: matches!(grant.kind, GrantKind::Paid(_)), phase, units: grant.units, tolerated, stale }
}

/// A sum of grants from which each can be removed again.
#[derive(Debug, Default)]
struct Count {
    paid: Sums,
    trial: Sums,
    /// The number of grants in each phase, sorted, without zeros.
    phases: Vec<(Phase, usize)>,
    /// The number of grants that require a recent list, by the instant from which they give
    /// nothing.
    stale: Vec<(End, usize)>,
}

#[derive(Debug, Default)]
struct Sums {
    active: Sum,
    usable: Sum,
    limit: Sum,
}

impl Count {
    fn sums(&mut self, contribution: GrantContribution) -> &mut Sums {
        if contribution.paid { &mut self.paid } else { &mut self.trial }
    }

    fn enter(&mut self, contribution: GrantContribution) {
        let sums = self.sums(contribution);
        if contribution.phase == Phase::Active {
            sums.active.add(contribution.units);
        }
        if contribution.phase.is_usable() {
            sums.usable.add(contribution.units);
            sums.limit.add(contribution.tolerated);
        }
        enter(&mut self.phases, contribution.phase);
        if let Some(denies) = contribution.stale {
            enter(&mut self.stale, denies);
        }
    }

    fn leave(&mut self, contribution: GrantContribution) {
        let sums = self.sums(contribution);
        if contribution.phase == Phase::Active {
            sums.active.take(contribution.units);
        }
        if contribution.phase.is_usable() {
            sums.usable.take(contribution.units);
            sums.limit.take(contribution.tolerated);
        }
        leave(&mut self.phases, &contribution.phase);
        if let Some(denies) = &contribution.stale {
            leave(&mut self.stale, denies);
        }
    }

    fn coverage(&self) -> Coverage {
        let larger = |paid: Sum, trial: Sum| paid.total().max(trial.total());
        Coverage {
            paid: self.paid.active.total(),
            active: larger(self.paid.active, self.trial.active),
            usable: larger(self.paid.usable, self.trial.usable),
            limit: larger(self.paid.limit, self.trial.limit),
        }
    }

    fn stale(&self) -> Option<End> {
        self.stale.first().map(|&(denies, _)| denies)
    }

    fn nearest(&self) -> Option<Phase> {
        self.phases.last().map(|&(phase, _)| phase)
    }
}

/// Counts one more grant of a kind.
fn enter<K: Ord>(kinds: &mut Vec<(K, usize)>, kind: K) {
    match kinds.binary_search_by(|(each, _)| each.cmp(&kind)) {
        Ok(at) => {
            if let Some((_, grants)) = kinds.get_mut(at) {
                *grants = grants.saturating_add(1);
            }
        }
        Err(at) => kinds.insert(at, (kind, 1)),
    }
}

/// Counts one grant of a kind less, and removes a kind without grants.
fn leave<K: Ord>(kinds: &mut Vec<(K, usize)>, kind: &K) {
    let Ok(at) = kinds.binary_search_by(|(each, _)| each.cmp(kind)) else { return };
    match kinds.get_mut(at) {
        Some((_, grants)) if *grants > 1 => *grants = grants.saturating_sub(1),
        _ => _ = kinds.remove(at),
    }
}

/// The pool of a plan at an instant: the sums of its grants by phase, and its seats (L9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Pool {
    /// Units of paid grants.
    pub paid: ByPhase,
    /// Units of trials.
    pub trial: ByPhase,
    /// The units that can be assigned: active and in grace, the larger of paid and trial (L10).
    pub usable: Total,
    /// The number of claims that can hold a seat: the usable units with their tolerances (S11).
    pub limit: Total,
    /// The number of claims that hold a seat.
    pub seated: u64,
    /// The number of claims that wait for a seat.
    pub waiting: u64,
    /// The first instant at which this changes by time alone.
    pub until: End,
}

impl Pool {
    /// Returns the usable units that no claim takes. For a user plan, this is how many more users
    /// could be assigned the plan directly, if nothing else prevents it (S2). For a tenant or
    /// capacity plan, which is never assigned, it is all usable units (S1).
    #[must_use]
    pub fn free(&self) -> Total {
        match self.usable {
            Total::Limited(units) => Total::Limited(units.saturating_sub(self.seated.saturating_add(self.waiting))),
            Total::Unlimited => Total::Unlimited,
        }
    }
}

/// The units of grants by phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ByPhase {
    /// Trials that are not started.
    pub not_started: Total,
    /// Grants whose term begins later.
    pub pending: Total,
    /// Grants in their term or grace that are not usable without a recent revocation list.
    pub not_fresh: Total,
    /// Grants in their term.
    pub active: Total,
    /// Grants after their term that are still fully usable.
    pub grace: Total,
    /// Grants that are not usable until renewed.
    pub suspended: Total,
    /// Grants that are not usable in this release of the application, but in those that their
    /// fallback covers (V2).
    pub not_covered: Total,
}

/// Returns the units of the grants in each phase; ended and revoked grants are left out.
pub(crate) fn by_phase<'a>(grants: impl Iterator<Item = (&'a Grant, Phase)>) -> ByPhase {
    let [mut not_started, mut pending, mut not_fresh, mut active, mut grace, mut suspended, mut not_covered] =
        [Sum::default(); 7];
    for (grant, phase) in grants {
        let sum = match phase {
            Phase::NotStarted => &mut not_started,
            Phase::Pending => &mut pending,
            Phase::NotFresh => &mut not_fresh,
            Phase::Active => &mut active,
            Phase::Grace => &mut grace,
            Phase::Suspended => &mut suspended,
            Phase::ReleaseNotCovered => &mut not_covered,
            Phase::Ended | Phase::Revoked => continue,
        };
        sum.add(grant.units);
    }
    ByPhase {
        not_started: not_started.total(),
        pending: pending.total(),
        not_fresh: not_fresh.total(),
        active: active.total(),
        grace: grace.total(),
        suspended: suspended.total(),
        not_covered: not_covered.total(),
    }
}
