//! The oracle's lives of grants: a list of phases with their beginnings, nothing cleverer (L4 to L8, T1, T4).

use alloc::vec;
use alloc::vec::Vec;

use chrono::{DateTime, TimeDelta, Utc};

use crate::grant::{Extensions, PaidTerms, Termination, Tolerance, TrialTerms};
use crate::time::{Days, EARLIEST, End, Phase};
use crate::units::Units;

/// The phases of a grant, each from its instant on; of two from the same instant the first has no length.
#[derive(Debug, Clone)]
pub struct Life {
    phases: Vec<(DateTime<Utc>, Phase)>,
    /// From when on a newer revocation list is wanted, and from when on nothing is given without (X5).
    wants: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// An end that may never come.
type Maybe = Option<DateTime<Utc>>;

fn later(end: Maybe, by: Days) -> Maybe {
    end.map(|end| end + TimeDelta::days(by.get().into()))
}

fn is_before(at: DateTime<Utc>, end: Maybe) -> bool {
    end.is_none_or(|end| at < end)
}

fn earlier(one: Maybe, other: DateTime<Utc>) -> DateTime<Utc> {
    one.map_or(other, |one| one.min(other))
}

impl Life {
    fn of(phases: &[(Maybe, Phase)]) -> Self {
        let phases = phases.iter().filter_map(|&(from, phase)| from.map(|from| (from, phase))).collect();
        Self { phases, wants: None }
    }

    fn never() -> Self {
        Self::of(&[(Some(EARLIEST), Phase::Ended)])
    }

    pub(super) fn of_paid(paid: &PaidTerms) -> Self {
        let starts = paid.term.starts();
        let mut ends = match paid.term.ends() {
            End::At(at) => Some(at),
            End::Never => None,
        };
        let mut grace_ends = later(ends, paid.grace);
        let mut suspended_ends = later(grace_ends, paid.suspended);
        match paid.early {
            Termination::Cancelled(at) | Termination::Withdrawn(at) if at < starts => return Self::never(),
            Termination::Cancelled(at) if is_before(at, grace_ends) => {
                (ends, grace_ends) = (Some(earlier(ends, at)), Some(at));
                suspended_ends = later(Some(at), paid.suspended);
            }
            Termination::Withdrawn(at) if is_before(at, grace_ends) => {
                (ends, grace_ends, suspended_ends) = (Some(earlier(ends, at)), Some(at), Some(at));
            }
            Termination::Never | Termination::Cancelled(_) | Termination::Withdrawn(_) => {}
        }
        Self::of(&[
            (Some(EARLIEST), Phase::Pending),
            (Some(starts), Phase::Active),
            (ends, Phase::Grace),
            (grace_ends, Phase::Suspended),
            (suspended_ends, Phase::Ended),
        ])
    }

    pub(super) fn of_trial(trial: &TrialTerms, started: Maybe, extended: &[DateTime<Utc>]) -> Self {
        let (opens, closes) = (trial.may_start.opens(), trial.may_start.closes());
        let (start, cut) = (counted_start(trial, started), cut(trial));
        if cut.is_some_and(|cut| cut < start.unwrap_or(opens)) {
            return Self::never();
        }
        let Some(start) = start else {
            let over = cut.map_or(closes, |cut| cut.min(closes));
            return Self::of(&[(Some(EARLIEST), Phase::NotStarted), (Some(over), Phase::Ended)]);
        };
        let (mut ends, _) = extended_end(trial, start, extended);
        let mut over = ends + TimeDelta::days(trial.grace.get().into());
        if let Some(cut) = cut {
            (ends, over) = (ends.min(cut), over.min(cut));
        }
        Self::of(&[
            (Some(EARLIEST), Phase::Pending),
            (Some(start), Phase::Active),
            (Some(ends), Phase::Grace),
            (Some(over), Phase::Ended),
        ])
    }

    /// The phase at an instant.
    #[must_use]
    pub fn phase(&self, at: DateTime<Utc>) -> Phase {
        self.phases.iter().rev().find(|(from, _)| *from <= at).unwrap().1
    }

    /// When the phase it is in began.
    #[must_use]
    pub fn since(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        self.phases.iter().rev().find(|(from, _)| *from <= at).unwrap().0
    }

    /// When the phase it is in ends.
    #[must_use]
    pub fn until(&self, at: DateTime<Utc>) -> End {
        self.changes().into_iter().find(|change| *change > at).map_or(End::Never, End::At)
    }

    /// The instants at which the phase is another than just before.
    #[must_use]
    pub fn changes(&self) -> Vec<DateTime<Utc>> {
        let just_before = |at: DateTime<Utc>| self.phase(at - TimeDelta::seconds(1));
        let froms = self.phases.iter().map(|(from, _)| *from).filter(|from| *from > EARLIEST);
        let mut changes: Vec<_> = froms.filter(|&from| self.phase(from) != just_before(from)).collect();
        changes.dedup();
        changes
    }

    /// With what revocation lists take from it: from one instant on everything that has not ended by then, and from
    /// another on what can be used (X5).
    pub(super) fn under(&self, revoked: Maybe, wants: Option<(DateTime<Utc>, DateTime<Utc>)>) -> Self {
        // What is ended is as if never bought (L5), also from that very instant on: there is nothing to revoke.
        let has_ended = |at| self.phase(at) == Phase::Ended;
        let phase = |at| match self.phase(at) {
            _ if revoked.is_some_and(|from| from <= at && !has_ended(from)) => Phase::Revoked,
            own if own.is_usable() && wants.is_some_and(|(_, deny)| deny <= at) => Phase::NotFresh,
            own => own,
        };
        let mut froms = vec![EARLIEST];
        froms.extend(self.changes().into_iter().chain(revoked).chain(wants.map(|(_, deny)| deny)));
        froms.sort();
        let mut phases: Vec<_> = froms.into_iter().map(|from| (from, phase(from))).collect();
        phases.dedup_by_key(|(_, phase)| *phase);
        Self { phases, wants }
    }

    /// From when on a newer list is wanted, should that be while the grant can be used.
    pub(super) fn warns(&self) -> Maybe {
        let usable = |at: DateTime<Utc>| self.phase(at).is_usable();
        self.wants.map(|(warn, _)| warn).filter(|&warn| usable(warn - TimeDelta::seconds(1)) && usable(warn))
    }

    /// By when a newer list is wanted, if it is now.
    pub(super) fn wanted(&self, at: DateTime<Utc>) -> Maybe {
        self.wants.filter(|&(warn, _)| warn <= at && self.phase(at).is_usable()).map(|(_, deny)| deny)
    }

    /// Whether a tolerance ends while its grant can be used.
    pub(super) fn tolerance_ends(&self, tolerance: Tolerance) -> Maybe {
        let Tolerance::UpTo(allowance) = tolerance else { return None };
        let until = allowance.until;
        let usable = |at: DateTime<Utc>| self.phase(at).is_usable();
        (usable(until - TimeDelta::seconds(1)) && usable(until)).then_some(until)
    }
}

/// When a trial began by the revision in force: a start counts from the opening on, and not at all once closed (T1).
fn counted_start(trial: &TrialTerms, started: Maybe) -> Maybe {
    started.filter(|&at| at < trial.may_start.closes()).map(|at| at.max(trial.may_start.opens()))
}

fn cut(trial: &TrialTerms) -> Maybe {
    match trial.early {
        Termination::Never => None,
        Termination::Cancelled(at) | Termination::Withdrawn(at) => Some(at),
    }
}

/// When the term of a trial ends that began at `start`, and how many extensions it has left (T4).
fn extended_end(trial: &TrialTerms, start: DateTime<Utc>, extended: &[DateTime<Utc>]) -> (DateTime<Utc>, u32) {
    let mut ends = start + TimeDelta::days(trial.length.in_days().get().into());
    let (mut left, by) = match trial.extensions {
        Extensions::None => (0, TimeDelta::zero()),
        Extensions::UpTo(some) => (some.times.get(), TimeDelta::days(some.length.in_days().get().into())),
    };
    for &at in extended {
        let is_active = start <= at && at < ends && is_before(at, cut(trial));
        if is_active && left > 0 {
            (ends, left) = (ends + by, left - 1);
        }
    }
    (ends, left)
}

/// How often a trial may still be extended.
pub(super) fn extensions_left(trial: &TrialTerms, started: Maybe, extended: &[DateTime<Utc>]) -> u32 {
    counted_start(trial, started).map_or(0, |start| extended_end(trial, start, extended).1)
}

/// The units with what a tolerance adds at an instant.
pub(super) fn tolerated(units: Units, tolerance: Tolerance, at: DateTime<Utc>) -> Units {
    match tolerance {
        Tolerance::UpTo(allowance) if at < allowance.until => units.max(allowance.units),
        Tolerance::UpTo(_) | Tolerance::None => units,
    }
}
