//! The phases of grants in the oracle, as a plain list with their beginnings (L4 to L8, T1, T4).

use alloc::vec;
use alloc::vec::Vec;

use chrono::{DateTime, TimeDelta, Utc};

use crate::catalog::release::Release;
use crate::license::grant::{Extensions, Fallback, PaidTerms, Termination, Tolerance, TrialTerms};
use crate::quantity::units::Units;
use crate::time::{Days, EARLIEST, End, Phase};

/// The phases of a grant, each from its instant on. Of two with the same instant, the first is
/// empty.
#[derive(Debug, Clone)]
pub struct PhaseTimeline {
    phases: Vec<(DateTime<Utc>, Phase)>,
    /// The instants from which a newer revocation list is required with a warning, and without
    /// which nothing is given (X5).
    wants: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// An end, or `None` for never.
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

impl PhaseTimeline {
    fn of(phases: &[(Maybe, Phase)]) -> Self {
        let phases = phases.iter().filter_map(|&(from, phase)| from.map(|from| (from, phase))).collect();
        Self { phases, wants: None }
    }

    fn never() -> Self {
        Self::of(&[(Some(EARLIEST), Phase::Ended)])
    }

    pub(super) fn of_paid(paid: &PaidTerms, release: Release) -> Self {
        let starts = paid.term.starts();
        if let Termination::Cancelled(at) | Termination::Withdrawn(at) = paid.early {
            if at < starts {
                return Self::never();
            }
        }
        if let Fallback::Before(before) = paid.fallback {
            let is_covered = matches!(release, Release::Dated(date) if date < before);
            return Self::with_fallback(paid, is_covered);
        }
        let mut ends = match paid.term.ends() {
            End::At(at) => Some(at),
            End::Never => None,
        };
        let mut grace_ends = later(ends, paid.grace);
        let mut suspended_ends = later(grace_ends, paid.suspended);
        match paid.early {
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

    /// Returns the phases of a grant with a fallback that begins (V1, V2).
    fn with_fallback(paid: &PaidTerms, is_covered: bool) -> Self {
        let withdrawn = match paid.early {
            Termination::Withdrawn(at) => Some(at),
            Termination::Never | Termination::Cancelled(_) => None,
        };
        let starts = paid.term.starts();
        if is_covered {
            return Self::of(&[
                (Some(EARLIEST), Phase::Pending),
                (Some(starts), Phase::Active),
                (withdrawn, Phase::Ended),
            ]);
        }
        let ends = match paid.term.ends() {
            End::At(at) => Some(at),
            End::Never => None,
        };
        let mut phases = vec![(EARLIEST, Phase::Pending), (starts, Phase::Active)];
        // What a cancellation or a withdrawal ends early, it ends at once.
        let cut = match paid.early {
            Termination::Never => None,
            Termination::Cancelled(at) | Termination::Withdrawn(at) => Some(at),
        };
        let until = |end: Maybe| end.into_iter().chain(cut).min();
        phases.extend(until(ends).map(|at| (at, Phase::Grace)));
        phases.extend(until(later(ends, paid.grace)).map(|at| (at, Phase::ReleaseNotCovered)));
        phases.extend(withdrawn.map(|at| (at, Phase::Ended)));
        Self { phases, wants: None }
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

    /// Returns the phase at an instant.
    #[must_use]
    pub fn phase(&self, at: DateTime<Utc>) -> Phase {
        self.phases.iter().rev().find(|(from, _)| *from <= at).unwrap().1
    }

    /// Returns when the phase at an instant began.
    #[must_use]
    pub fn since(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        self.phases.iter().rev().find(|(from, _)| *from <= at).unwrap().0
    }

    /// Returns when the phase at an instant ends.
    #[must_use]
    pub fn until(&self, at: DateTime<Utc>) -> End {
        self.changes().into_iter().find(|change| *change > at).map_or(End::Never, End::At)
    }

    /// Returns the instants at which the phase differs from the one just before.
    #[must_use]
    pub fn changes(&self) -> Vec<DateTime<Utc>> {
        let just_before = |at: DateTime<Utc>| self.phase(at - TimeDelta::seconds(1));
        let froms = self.phases.iter().map(|(from, _)| *from).filter(|from| *from > EARLIEST);
        let mut changes: Vec<_> = froms.filter(|&from| self.phase(from) != just_before(from)).collect();
        changes.dedup();
        changes
    }

    /// Returns the phases under revocation lists: revoked from one instant on unless already ended,
    /// and not usable from another instant on (X5).
    pub(super) fn under(&self, revoked: Maybe, wants: Option<(DateTime<Utc>, DateTime<Utc>)>) -> Self {
        // An ended grant is as if never bought (L5), also from exactly that instant on, so there is
        // nothing to revoke.
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

    /// Returns the instant from which a newer list is required, if the grant is usable then.
    pub(super) fn warns(&self) -> Maybe {
        let usable = |at: DateTime<Utc>| self.phase(at).is_usable();
        self.wants.map(|(warn, _)| warn).filter(|&warn| usable(warn - TimeDelta::seconds(1)) && usable(warn))
    }

    /// Returns the instant by which a newer list is required, if one is required now.
    #[must_use]
    pub fn wanted(&self, at: DateTime<Utc>) -> Maybe {
        self.wants.filter(|&(warn, _)| warn <= at && self.phase(at).is_usable()).map(|(_, deny)| deny)
    }

    /// Returns when a tolerance ends, if its grant is usable then.
    pub(super) fn tolerance_ends(&self, tolerance: Tolerance) -> Maybe {
        let Tolerance::UpTo(tolerance) = tolerance else { return None };
        let until = tolerance.until;
        let usable = |at: DateTime<Utc>| self.phase(at).is_usable();
        (usable(until - TimeDelta::seconds(1)) && usable(until)).then_some(until)
    }
}

/// Returns when a trial starts under the revision in force: no earlier than the window opens, and
/// not at all after it closes (T1).
fn counted_start(trial: &TrialTerms, started: Maybe) -> Maybe {
    started.filter(|&at| at < trial.may_start.closes()).map(|at| at.max(trial.may_start.opens()))
}

fn cut(trial: &TrialTerms) -> Maybe {
    match trial.early {
        Termination::Never => None,
        Termination::Cancelled(at) | Termination::Withdrawn(at) => Some(at),
    }
}

/// Returns when the term of a trial that starts at `start` ends, and the number of extensions left
/// (T4).
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

/// Returns the number of extensions left.
pub(super) fn extensions_left(trial: &TrialTerms, started: Maybe, extended: &[DateTime<Utc>]) -> u32 {
    counted_start(trial, started).map_or(0, |start| extended_end(trial, start, extended).1)
}

/// Returns the units with what a tolerance adds at an instant.
pub(super) fn tolerated(units: Units, tolerance: Tolerance, at: DateTime<Utc>) -> Units {
    match tolerance {
        Tolerance::UpTo(tolerance) if at < tolerance.until => units.max(tolerance.units),
        Tolerance::UpTo(_) | Tolerance::None => units,
    }
}
