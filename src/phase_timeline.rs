//! The life of a grant: which phase begins when (L4 to L8, T1, T4).

use alloc::vec;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::grant::{Extensions, GrantKind, PaidTerms, Termination, TrialTerms};
use crate::time::{EARLIEST, End, Phase};

/// What a record says of one trial: when it was started, and when it was extended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TrialRun {
    pub(crate) started: DateTime<Utc>,
    pub(crate) extended: Vec<DateTime<Utc>>,
}

/// A grant's phases in the order of their beginnings; the first begins at [`EARLIEST`], none is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PhaseTimeline(Vec<(DateTime<Utc>, Phase)>);

impl PhaseTimeline {
    /// The life of a grant, given what the record says of it should it be a trial.
    pub(crate) fn of(terms: &GrantKind, run: Option<&TrialRun>) -> Self {
        match (terms, run) {
            (GrantKind::Paid(paid), _) => Self::paid(paid),
            (GrantKind::Trial(trial), Some(run)) if run.started < trial.may_start.closes() => Self::trial(trial, run),
            (GrantKind::Trial(trial), _) => Self::not_started(trial),
        }
    }

    fn ended() -> Self {
        Self(vec![(EARLIEST, Phase::Ended)])
    }

    /// Phases by their beginnings, each not before the one above it; what begins where the next does is empty.
    fn from_beginnings(beginnings: impl IntoIterator<Item = (End, Phase)>) -> Self {
        let mut steps: Vec<(DateTime<Utc>, Phase)> = Vec::with_capacity(5);
        for (begins, phase) in beginnings {
            let End::At(begins) = begins else { break };
            if steps.last().is_some_and(|&(last, _)| last == begins) {
                steps.pop();
            }
            steps.push((begins, phase));
        }
        Self(steps)
    }

    fn paid(paid: &PaidTerms) -> Self {
        let (starts, ends) = (paid.term.starts(), paid.term.ends());
        let grace_ends = ends.plus(paid.grace);
        let beginnings = |ends, grace_ends, ended| {
            Self::from_beginnings([
                (End::At(EARLIEST), Phase::Pending),
                (End::At(starts), Phase::Active),
                (ends, Phase::Grace),
                (grace_ends, Phase::Suspended),
                (ended, Phase::Ended),
            ])
        };
        match paid.early {
            Termination::Cancelled(at) | Termination::Withdrawn(at) if at < starts => Self::ended(),
            Termination::Cancelled(at) if grace_ends.is_after(at) => {
                let at = End::At(at);
                beginnings(ends.min(at), at, at.plus(paid.suspended))
            }
            Termination::Withdrawn(at) if grace_ends.is_after(at) => {
                let at = End::At(at);
                beginnings(ends.min(at), at, at)
            }
            Termination::Never | Termination::Cancelled(_) | Termination::Withdrawn(_) => {
                beginnings(ends, grace_ends, grace_ends.plus(paid.suspended))
            }
        }
    }

    fn trial(trial: &TrialTerms, run: &TrialRun) -> Self {
        let starts = run.started.max(trial.may_start.opens());
        let early = trial.early.end();
        if early < End::At(starts) {
            return Self::ended();
        }
        let (ends, _) = extended(trial, run);
        let grace_ends = ends.plus(trial.grace);
        Self::from_beginnings([
            (End::At(EARLIEST), Phase::Pending),
            (End::At(starts), Phase::Active),
            (ends.min(early), Phase::Grace),
            (grace_ends.min(early), Phase::Ended),
        ])
    }

    fn not_started(trial: &TrialTerms) -> Self {
        let (opens, closes) = (trial.may_start.opens(), End::At(trial.may_start.closes()));
        let early = trial.early.end();
        if early < End::At(opens) {
            return Self::ended();
        }
        Self::from_beginnings([(End::At(EARLIEST), Phase::NotStarted), (closes.min(early), Phase::Ended)])
    }

    /// The same life, ended by a revocation list from an instant on; what had ended before stays so (X5).
    pub(crate) fn revoked(self, from: End) -> Self {
        let End::At(from) = from else { return self };
        if self.phase(from) == Phase::Ended {
            return self;
        }
        let before = self.0.into_iter().filter(|&(begins, _)| begins < from);
        Self(before.chain([(from.max(EARLIEST), Phase::Revoked)]).collect())
    }

    /// The same life, of no use from an instant on for want of a recent revocation list (X5).
    pub(crate) fn not_fresh(self, from: End) -> Self {
        let End::At(from) = from else { return self };
        let now = self.phase(from);
        let mut steps = self.0;
        if let Err(at) = steps.binary_search_by_key(&from, |&(begins, _)| begins) {
            steps.insert(at, (from, now));
        }
        for (begins, phase) in &mut steps {
            if *begins >= from && phase.is_usable() {
                *phase = Phase::NotFresh;
            }
        }
        steps.dedup_by_key(|&mut (_, phase)| phase);
        Self(steps)
    }

    /// The phase at an instant.
    pub(crate) fn phase(&self, at: DateTime<Utc>) -> Phase {
        self.0.iter().rev().find(|&&(begins, _)| begins <= at).map_or(Phase::Ended, |&(_, phase)| phase)
    }

    /// Every phase with the instant at which it begins, earliest first.
    pub(crate) fn steps(&self) -> impl Iterator<Item = (DateTime<Utc>, Phase)> {
        self.0.iter().copied()
    }

    /// When a phase begins, if the grant comes through it.
    pub(crate) fn begins(&self, phase: Phase) -> Option<DateTime<Utc>> {
        self.steps().find(|&(_, each)| each == phase).map(|(begins, _)| begins)
    }

    /// When its term begins, or its trial, if it ever does: not for a trial that nobody has started, nor for what was ended
    /// before.
    pub(crate) fn starts(&self) -> Option<DateTime<Utc>> {
        self.steps().find(|&(_, phase)| matches!(phase, Phase::Active | Phase::NotFresh)).map(|(begins, _)| begins)
    }

    /// When it will be of use, if that is still to come.
    pub(crate) fn next_use(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.steps().find(|&(begins, phase)| begins > at && phase.is_usable()).map(|(begins, _)| begins)
    }

    /// When the phase that holds at `at` ends.
    pub(crate) fn phase_ends(&self, at: DateTime<Utc>) -> End {
        self.steps().map(|(begins, _)| begins).find(|&begins| begins > at).map_or(End::Never, End::At)
    }
}

/// Where a trial that was started ends by its length and extensions, and how many of these are left (T4).
pub(crate) fn extended(trial: &TrialTerms, run: &TrialRun) -> (End, u32) {
    let starts = run.started.max(trial.may_start.opens());
    let mut ends = End::after(starts, trial.length.in_days());
    let Extensions::UpTo(extension) = trial.extensions else { return (ends, 0) };
    let mut left = extension.times.get();
    for &at in &run.extended {
        let active = starts <= at && ends.min(trial.early.end()).is_after(at);
        if let (true, Some(fewer)) = (active, left.checked_sub(1)) {
            ends = ends.plus(extension.length.in_days());
            left = fewer;
        }
    }
    (ends, left)
}
