//! The phases of a grant with the instants at which they begin (L4 to L8, T1, T4).

use alloc::vec;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::catalog::release::Release;
use crate::license::grant::{Extensions, Fallback, GrantKind, PaidTerms, Termination, TrialTerms};
use crate::time::{EARLIEST, End, Phase};

/// The start and the extensions of one trial, from the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TrialRun {
    pub(crate) started: DateTime<Utc>,
    pub(crate) extended: Vec<DateTime<Utc>>,
}

/// The phases of a grant in order. The first begins at [`EARLIEST`], and no phase is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PhaseTimeline(Vec<(DateTime<Utc>, Phase)>);

impl PhaseTimeline {
    /// Returns the phases of a grant in a release of the application. `run` is the start of a trial
    /// in the record, if there is one.
    pub(crate) fn of(kind: &GrantKind, run: Option<&TrialRun>, release: Release) -> Self {
        match (kind, run) {
            (GrantKind::Paid(paid), _) => Self::paid(paid, release),
            (GrantKind::Trial(trial), Some(run)) if run.started < trial.may_start.closes() => Self::trial(trial, run),
            (GrantKind::Trial(trial), _) => Self::not_started(trial),
        }
    }

    fn ended() -> Self {
        Self(vec![(EARLIEST, Phase::Ended)])
    }

    /// Returns phases by their beginnings, none of which is earlier than the one before it. A phase
    /// that begins where the next one does is empty and left out.
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

    fn paid(paid: &PaidTerms, release: Release) -> Self {
        match paid.fallback {
            _ if paid.early.end() < End::At(paid.term.starts()) => Self::ended(),
            Fallback::None => Self::without_fallback(paid),
            fallback if fallback.covers(release) => Self::covered(paid),
            Fallback::Before(_) => Self::not_covered(paid),
        }
    }

    /// Returns the phases in a release that the fallback covers. A cancellation, which ends nothing
    /// there, counts only before the term has begun (V1).
    fn covered(paid: &PaidTerms) -> Self {
        Self::from_beginnings([
            (End::At(EARLIEST), Phase::Pending),
            (End::At(paid.term.starts()), Phase::Active),
            (paid.early.withdrawn(), Phase::Ended),
        ])
    }

    /// Returns the phases in a release that the fallback does not cover (V2).
    fn not_covered(paid: &PaidTerms) -> Self {
        let (ends, early) = (paid.term.ends(), paid.early.end());
        Self::from_beginnings([
            (End::At(EARLIEST), Phase::Pending),
            (End::At(paid.term.starts()), Phase::Active),
            (ends.min(early), Phase::Grace),
            (ends.plus(paid.grace).min(early), Phase::ReleaseNotCovered),
            (paid.early.withdrawn(), Phase::Ended),
        ])
    }

    fn without_fallback(paid: &PaidTerms) -> Self {
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

    /// Returns the phases with a revocation from an instant on. A grant that has already ended
    /// stays ended (X5).
    pub(crate) fn revoked(self, from: End) -> Self {
        let End::At(from) = from else { return self };
        if self.phase(from) == Phase::Ended {
            return self;
        }
        let before = self.0.into_iter().filter(|&(begins, _)| begins < from);
        Self(before.chain([(from.max(EARLIEST), Phase::Revoked)]).collect())
    }

    /// Returns the phases without usable ones from an instant on, where the license lacks a recent
    /// revocation list (X5).
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

    /// Returns the phase at an instant.
    pub(crate) fn phase(&self, at: DateTime<Utc>) -> Phase {
        self.0.iter().rev().find(|&&(begins, _)| begins <= at).map_or(Phase::Ended, |&(_, phase)| phase)
    }

    /// Returns every phase with the instant at which it begins, earliest first.
    pub(crate) fn steps(&self) -> impl Iterator<Item = (DateTime<Utc>, Phase)> {
        self.0.iter().copied()
    }

    /// Returns when a phase begins, or `None` if the grant never has it.
    pub(crate) fn begins(&self, phase: Phase) -> Option<DateTime<Utc>> {
        self.steps().find(|&(_, each)| each == phase).map(|(begins, _)| begins)
    }

    /// Returns when the term or the started trial begins; `None` for a trial that is not started,
    /// and for a grant that ends before it begins.
    pub(crate) fn starts(&self) -> Option<DateTime<Utc>> {
        self.steps().find(|&(_, phase)| matches!(phase, Phase::Active | Phase::NotFresh)).map(|(begins, _)| begins)
    }

    /// Returns the next instant at which a usable phase begins, if there is one.
    pub(crate) fn next_use(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.steps().find(|&(begins, phase)| begins > at && phase.is_usable()).map(|(begins, _)| begins)
    }

    /// Returns when the phase at `at` ends.
    pub(crate) fn phase_ends(&self, at: DateTime<Utc>) -> End {
        self.steps().map(|(begins, _)| begins).find(|&begins| begins > at).map_or(End::Never, End::At)
    }
}

/// Returns when a started trial ends by its length and extensions, and the number of extensions
/// left (T4).
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
