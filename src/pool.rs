//! The pool of a plan: all its grants added up, now and at every instant to come (L9, L10, S11).

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::basis::Basis;
use crate::grant::{Grant, Terms, Tolerance};
use crate::life::Life;
use crate::time::{EARLIEST, End, Phase};
use crate::units::{Sum, Total, Units};

/// How far the units of a plan reach between two instants. Each number is the larger of paid and trial units (L10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reach<T = Total> {
    /// Paid units that are active.
    pub(crate) paid: T,
    /// All units that are active.
    pub(crate) active: T,
    /// All units that are active or in grace.
    pub(crate) usable: T,
    /// Usable units with their tolerances: the limit of the line (S11).
    pub(crate) limit: T,
}

impl<T: Copy> Reach<T> {
    /// The same, each number said otherwise.
    pub(crate) fn map<U>(&self, mut say: impl FnMut(T) -> U) -> Reach<U> {
        Reach { paid: say(self.paid), active: say(self.active), usable: say(self.usable), limit: say(self.limit) }
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
    pub(crate) reach: Reach,
    /// The phase of the grant that is nearest to giving something (K3), if there is a grant.
    pub(crate) nearest: Option<Phase>,
    /// When the first of the usable grants will give nothing for want of a recent revocation list, if one is to be
    /// warned of (X5).
    pub(crate) stale: Option<End>,
}

/// A grant as its pool sees it.
#[derive(Debug)]
pub(crate) struct Share<'a> {
    pub(crate) grant: &'a Grant,
    pub(crate) life: Life,
    /// From when on it is warned of for want of a recent revocation list, and from when on it gives nothing.
    pub(crate) freshness: (End, End),
}

/// The segments of these grants in their order, the first from [`EARLIEST`] on; none without grants. Linear, but for sorting
/// their phases.
pub(crate) fn segments(grants: &[Share<'_>]) -> Vec<Segment> {
    let mut changes: Vec<(DateTime<Utc>, usize, Stage)> = Vec::new();
    for (index, share) in grants.iter().enumerate() {
        changes.extend(stages(share).into_iter().map(|(from, stage)| (from, index, stage)));
    }
    changes.sort_by_key(|&(from, index, _)| (from, index));
    let mut now: Vec<Option<Stage>> = alloc::vec![None; grants.len()];
    let mut count = Count::default();
    let mut segments: Vec<Segment> = Vec::new();
    for (from, index, stage) in changes {
        let Some(held) = now.get_mut(index) else { continue };
        if let Some(left) = held.replace(stage) {
            count.leave(left);
        }
        count.enter(stage);
        if segments.last().is_some_and(|last| last.from == from) {
            segments.pop();
        }
        segments.push(Segment { from, reach: count.reach(), nearest: count.nearest(), stale: count.stale() });
    }
    segments
}

/// What one grant adds at one time.
#[derive(Debug, Clone, Copy)]
struct Stage {
    paid: bool,
    phase: Phase,
    units: Units,
    tolerated: Units,
    /// When it will give nothing for want of a recent list, once that is to be warned of.
    stale: Option<End>,
}

/// The stages of a grant in their order: its phases, and where it is usable the end of its tolerance and the beginning of
/// the warning that a recent list is wanted.
fn stages(share: &Share<'_>) -> Vec<(DateTime<Utc>, Stage)> {
    let Share { grant, life, freshness: (warns, denies) } = share;
    let (tolerated, until) = match grant.tolerance {
        Tolerance::None => (grant.units, EARLIEST),
        Tolerance::UpTo(allowance) => (allowance.units, allowance.until),
    };
    let phases = life.steps().map(|(from, _)| from);
    let warned = match warns {
        End::At(warns) => Some(*warns),
        End::Never => None,
    };
    let inside = [Some(until), warned].into_iter().flatten().filter(|&at| life.phase(at).is_usable());
    let mut begins: Vec<DateTime<Utc>> = phases.chain(inside).collect();
    begins.sort_unstable();
    begins.dedup();
    let stage = |from| {
        let phase = life.phase(from);
        let tolerated = if from < until { tolerated } else { grant.units };
        let stale = (phase.is_usable() && !warns.is_after(from)).then_some(*denies);
        Stage { paid: matches!(grant.terms, Terms::Paid(_)), phase, units: grant.units, tolerated, stale }
    };
    begins.into_iter().map(|from| (from, stage(from))).collect()
}

/// Grants added up, from which they can be taken out again.
#[derive(Debug, Default)]
struct Count {
    paid: Sums,
    trial: Sums,
    phases: BTreeMap<Phase, usize>,
    stale: BTreeMap<End, usize>,
}

#[derive(Debug, Default)]
struct Sums {
    active: Sum,
    usable: Sum,
    limit: Sum,
}

impl Count {
    fn sums(&mut self, stage: Stage) -> &mut Sums {
        if stage.paid { &mut self.paid } else { &mut self.trial }
    }

    fn enter(&mut self, stage: Stage) {
        let sums = self.sums(stage);
        if stage.phase == Phase::Active {
            sums.active.add(stage.units);
        }
        if stage.phase.is_usable() {
            sums.usable.add(stage.units);
            sums.limit.add(stage.tolerated);
        }
        let grants = self.phases.entry(stage.phase).or_default();
        *grants = grants.saturating_add(1);
        if let Some(denies) = stage.stale {
            let grants = self.stale.entry(denies).or_default();
            *grants = grants.saturating_add(1);
        }
    }

    fn leave(&mut self, stage: Stage) {
        let sums = self.sums(stage);
        if stage.phase == Phase::Active {
            sums.active.take(stage.units);
        }
        if stage.phase.is_usable() {
            sums.usable.take(stage.units);
            sums.limit.take(stage.tolerated);
        }
        if let Some(grants) = self.phases.get_mut(&stage.phase) {
            *grants = grants.saturating_sub(1);
        }
        if let Some(grants) = stage.stale.and_then(|denies| self.stale.get_mut(&denies)) {
            *grants = grants.saturating_sub(1);
        }
    }

    fn reach(&self) -> Reach {
        let larger = |paid: Sum, trial: Sum| paid.total().max(trial.total());
        Reach {
            paid: self.paid.active.total(),
            active: larger(self.paid.active, self.trial.active),
            usable: larger(self.paid.usable, self.trial.usable),
            limit: larger(self.paid.limit, self.trial.limit),
        }
    }

    fn stale(&self) -> Option<End> {
        self.stale.iter().find(|&(_, &grants)| grants > 0).map(|(&denies, _)| denies)
    }

    fn nearest(&self) -> Option<Phase> {
        self.phases.iter().rev().find(|&(_, &grants)| grants > 0).map(|(&phase, _)| phase)
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
    let mut sums: BTreeMap<Phase, Sum> = BTreeMap::new();
    for (grant, phase) in grants {
        sums.entry(phase).or_default().add(grant.units);
    }
    let of = |phase| sums.get(&phase).map_or(Total::ZERO, |sum| sum.total());
    ByPhase {
        not_started: of(Phase::NotStarted),
        pending: of(Phase::Pending),
        not_fresh: of(Phase::NotFresh),
        active: of(Phase::Active),
        grace: of(Phase::Grace),
        suspended: of(Phase::Suspended),
    }
}
