//! The pool of a plan: all its grants added up, now and at every instant to come (L9, L10, S11).

use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::basis::Basis;
use crate::grant::{Grant, GrantKind, Tolerance};
use crate::phase_timeline::PhaseTimeline;
use crate::sorted::sorted_once;
use crate::time::{EARLIEST, End, Phase};
use crate::units::{Sum, Total, Units};

/// How far the units of a plan reach between two instants. Each number is the larger of paid and trial units (L10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Coverage<T = Total> {
    /// Paid units that are active.
    pub(crate) paid: T,
    /// All units that are active.
    pub(crate) active: T,
    /// All units that are active or in grace.
    pub(crate) usable: T,
    /// Usable units with their tolerances: the limit of the line (S11).
    pub(crate) limit: T,
}

impl<T: Copy> Coverage<T> {
    /// The same, each number said otherwise.
    pub(crate) fn map<U>(&self, mut say: impl FnMut(T) -> U) -> Coverage<U> {
        Coverage { paid: say(self.paid), active: say(self.active), usable: say(self.usable), limit: say(self.limit) }
    }

    /// What the first that reaches is called (K7).
    #[inline]
    pub(crate) fn basis(&self, mut reached_by: impl FnMut(T) -> bool) -> Option<Basis> {
        if reached_by(self.paid) {
            Some(Basis::Paid)
        } else if reached_by(self.active) {
            Some(Basis::Trial)
        } else if reached_by(self.usable) {
            Some(Basis::Grace)
        } else if reached_by(self.limit) {
            Some(Basis::Tolerance)
        } else {
            None
        }
    }
}

/// A time in which no phase and no tolerance of a plan's grants begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) from: DateTime<Utc>,
    pub(crate) coverage: Coverage,
    /// The phase of the grant that is nearest to giving something (K3), if there is a grant.
    pub(crate) nearest: Option<Phase>,
    /// When the first of the usable grants will give nothing for want of a recent revocation list, if one is to be
    /// warned of (X5).
    pub(crate) stale: Option<End>,
}

/// A grant as its pool sees it.
#[derive(Debug)]
pub(crate) struct GrantInstance<'a> {
    pub(crate) grant: &'a Grant,
    pub(crate) life: PhaseTimeline,
    /// From when on it is warned of for want of a recent revocation list, and from when on it gives nothing.
    pub(crate) freshness: (End, End),
}

/// The segments of these grants in their order, the first from [`EARLIEST`] on; none without grants. Linear, but for sorting
/// their phases.
pub(crate) fn segments(grants: &[GrantInstance<'_>]) -> Vec<Segment> {
    let changes = grants.iter().enumerate();
    let changes =
        sorted_once(changes.flat_map(|(index, share)| begins(share).into_iter().map(move |from| (from, index))));
    let mut now: Vec<Option<GrantContribution>> = alloc::vec![None; grants.len()];
    let mut count = Count::default();
    let mut segments: Vec<Segment> = Vec::new();
    for (from, index) in changes {
        let (Some(held), Some(share)) = (now.get_mut(index), grants.get(index)) else { continue };
        let stage = stage(share, from);
        if let Some(left) = held.replace(stage) {
            count.leave(left);
        }
        count.enter(stage);
        if segments.last().is_some_and(|last| last.from == from) {
            segments.pop();
        }
        segments.push(Segment { from, coverage: count.coverage(), nearest: count.nearest(), stale: count.stale() });
    }
    segments
}

/// What one grant adds at one time.
#[derive(Debug, Clone, Copy)]
struct GrantContribution {
    paid: bool,
    phase: Phase,
    units: Units,
    tolerated: Units,
    /// When it will give nothing for want of a recent list, once that is to be warned of.
    stale: Option<End>,
}

/// How many units a grant tolerates, and until when.
fn tolerated(grant: &Grant) -> (Units, DateTime<Utc>) {
    match grant.tolerance {
        Tolerance::None => (grant.units, EARLIEST),
        Tolerance::UpTo(allowance) => (allowance.units, allowance.until),
    }
}

/// When the stages of a grant begin: its phases, and where it is usable the end of its tolerance and the beginning of the
/// warning that a recent list is wanted.
fn begins(share: &GrantInstance<'_>) -> Vec<DateTime<Utc>> {
    let GrantInstance { grant, life, freshness: (warns, _) } = share;
    let warned = match warns {
        End::At(warns) => Some(*warns),
        End::Never => None,
    };
    let inside = [Some(tolerated(grant).1), warned].into_iter().flatten().filter(|&at| life.phase(at).is_usable());
    life.steps().map(|(from, _)| from).chain(inside).collect()
}

/// The stage that begins at an instant.
fn stage(share: &GrantInstance<'_>, from: DateTime<Utc>) -> GrantContribution {
    let GrantInstance { grant, life, freshness: (warns, denies) } = share;
    let (phase, (tolerated, until)) = (life.phase(from), tolerated(grant));
    let tolerated = if from < until { tolerated } else { grant.units };
    let stale = (phase.is_usable() && !warns.is_after(from)).then_some(*denies);
    GrantContribution { paid: matches!(grant.terms, GrantKind::Paid(_)), phase, units: grant.units, tolerated, stale }
}

/// Grants added up, from which they can be taken out again.
#[derive(Debug, Default)]
struct Count {
    paid: Sums,
    trial: Sums,
    /// How many grants are in each phase; sorted, without those that have none.
    phases: Vec<(Phase, usize)>,
    /// Likewise for what wants a recent list, by when it will give nothing.
    stale: Vec<(End, usize)>,
}

#[derive(Debug, Default)]
struct Sums {
    active: Sum,
    usable: Sum,
    limit: Sum,
}

impl Count {
    fn sums(&mut self, stage: GrantContribution) -> &mut Sums {
        if stage.paid { &mut self.paid } else { &mut self.trial }
    }

    fn enter(&mut self, stage: GrantContribution) {
        let sums = self.sums(stage);
        if stage.phase == Phase::Active {
            sums.active.add(stage.units);
        }
        if stage.phase.is_usable() {
            sums.usable.add(stage.units);
            sums.limit.add(stage.tolerated);
        }
        enter(&mut self.phases, stage.phase);
        stage.stale.into_iter().for_each(|denies| enter(&mut self.stale, denies));
    }

    fn leave(&mut self, stage: GrantContribution) {
        let sums = self.sums(stage);
        if stage.phase == Phase::Active {
            sums.active.take(stage.units);
        }
        if stage.phase.is_usable() {
            sums.usable.take(stage.units);
            sums.limit.take(stage.tolerated);
        }
        leave(&mut self.phases, &stage.phase);
        stage.stale.iter().for_each(|denies| leave(&mut self.stale, denies));
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

/// One grant more of a kind.
fn enter<K: Ord>(kinds: &mut Vec<(K, usize)>, kind: K) {
    match kinds.binary_search_by(|(each, _)| each.cmp(&kind)) {
        Ok(at) => kinds.get_mut(at).into_iter().for_each(|(_, grants)| *grants = grants.saturating_add(1)),
        Err(at) => kinds.insert(at, (kind, 1)),
    }
}

/// One grant less of a kind, which is left out without any.
fn leave<K: Ord>(kinds: &mut Vec<(K, usize)>, kind: &K) {
    let Ok(at) = kinds.binary_search_by(|(each, _)| each.cmp(kind)) else { return };
    match kinds.get_mut(at) {
        Some((_, grants)) if *grants > 1 => *grants = grants.saturating_sub(1),
        _ => _ = kinds.remove(at),
    }
}

/// The pool of a plan at an instant: its grants added up by phase, and its seats (L9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pool {
    /// Units of paid grants.
    pub paid: ByPhase,
    /// Units of trials.
    pub trial: ByPhase,
    /// What can be assigned: active and in grace, the larger of paid and trial (L10).
    pub usable: Total,
    /// How many claims are covered: the usable units with their tolerances (S11).
    pub limit: Total,
    /// Claims that hold a seat.
    pub seated: u64,
    /// Claims that wait for one.
    pub waiting: u64,
    /// When this changes by time alone.
    pub until: End,
}

impl Pool {
    /// The usable units that no claim has a place within: of a user plan, how many more users could be assigned it directly at
    /// this instant, were nothing else in the way (S2). Nobody is assigned another plan, of which they are all its usable units
    /// (S1).
    #[must_use]
    pub fn free(&self) -> Total {
        match self.usable {
            Total::Limited(units) => Total::Limited(units.saturating_sub(self.seated.saturating_add(self.waiting))),
            Total::Unlimited => Total::Unlimited,
        }
    }
}

/// Units by the phase of their grants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ByPhase {
    /// Not started: trials only.
    pub not_started: Total,
    /// Bought, and not yet begun.
    pub pending: Total,
    /// In their term or grace, but of no use for want of a recent revocation list.
    pub not_fresh: Total,
    /// In their term.
    pub active: Total,
    /// Past their term, and still of full use.
    pub grace: Total,
    /// Not of use until renewed.
    pub suspended: Total,
}

/// The units of the grants in each phase; those that have ended or were revoked are left out.
pub(crate) fn by_phase<'a>(grants: impl Iterator<Item = (&'a Grant, Phase)>) -> ByPhase {
    let [mut not_started, mut pending, mut not_fresh, mut active, mut grace, mut suspended] = [Sum::default(); 6];
    for (grant, phase) in grants {
        let sum = match phase {
            Phase::NotStarted => &mut not_started,
            Phase::Pending => &mut pending,
            Phase::NotFresh => &mut not_fresh,
            Phase::Active => &mut active,
            Phase::Grace => &mut grace,
            Phase::Suspended => &mut suspended,
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
    }
}
