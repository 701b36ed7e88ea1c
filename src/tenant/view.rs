//! A state as it is judged: with what an event under way would do to the lines, before it is done.

use chrono::{DateTime, Utc};
use smallvec::SmallVec;

use crate::basis::Basis;
use crate::tenant::plan::PlanState;
use crate::tenant::state::RecordState;
use crate::units::Total;

/// What an event does to the line of a plan.
#[derive(Debug, Clone, Default)]
pub(crate) struct QueueDiff {
    /// The numbers of the claims that go, sorted.
    gone: SmallVec<[u64; 2]>,
    /// How many come; they get the next numbers.
    new_claims: u64,
}

/// What an event does to all lines, by the numbers of the plans, sorted.
pub(crate) type AllMoves = [(usize, QueueDiff)];

/// A state with the moves of an event that is under way; none, if nothing is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) core: &'a RecordState,
    moves: &'a AllMoves,
}

/// A plan in a view.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PlanView<'a> {
    plan: &'a PlanState,
    moves: Option<&'a QueueDiff>,
}

impl QueueDiff {
    /// A claim goes.
    pub(crate) fn remove(&mut self, number: u64) {
        self.gone.push(number);
    }

    /// A claim comes.
    pub(crate) fn add(&mut self) {
        self.new_claims = self.new_claims.saturating_add(1);
    }

    /// Once all have gone.
    pub(crate) fn sort(&mut self) {
        self.gone.sort_unstable();
    }
}

impl<'a> View<'a> {
    #[inline]
    pub(crate) fn of(core: &'a RecordState) -> Self {
        Self { core, moves: &[] }
    }

    pub(crate) fn with(core: &'a RecordState, moves: &'a AllMoves) -> Self {
        Self { core, moves }
    }

    /// A plan by its number in the tenant; nothing, if the record says nothing of it.
    #[inline]
    pub(crate) fn plan(self, number: usize) -> Option<PlanView<'a>> {
        let plan = self.core.plan(number)?;
        let at = self.moves.binary_search_by_key(&number, |(moved, _)| *moved).ok();
        Some(PlanView { plan, moves: at.and_then(|at| self.moves.get(at)).map(|(_, moves)| moves) })
    }
}

impl<'a> PlanView<'a> {
    #[inline]
    pub(crate) fn state(self) -> &'a PlanState {
        self.plan
    }

    /// The place of a claim in the line, counted from 1. Logarithmic in the length of the line.
    pub(crate) fn place(self, number: u64) -> u64 {
        let line = &self.plan.queue;
        let before = line.rank(number);
        let moved = self.moves.map_or(0, |moves| {
            let gone = moves.gone.partition_point(|&gone| gone < number);
            u64::try_from(gone).unwrap_or(u64::MAX)
        });
        let new = number.saturating_sub(line.next());
        before.saturating_sub(moved).saturating_add(new).saturating_add(1)
    }

    /// On what a claim rests, if the units reach as far.
    #[inline]
    pub(crate) fn basis(self, number: u64, at: DateTime<Utc>) -> Option<Basis> {
        if self.moves.is_none() {
            return self.plan.basis(number, at);
        }
        let coverage = self.plan.segments(at).first()?.coverage;
        coverage.basis(|total| self.is_within(number, total))
    }

    /// Whether so many units cover a claim.
    pub(crate) fn is_within(self, number: u64, total: Total) -> bool {
        let gone = self.moves.map_or(0, |moves| u64::try_from(moves.gone.len()).unwrap_or(u64::MAX));
        let new_claims = self.moves.map_or(0, |moves| moves.new_claims);
        let len = self.plan.queue.len().saturating_sub(gone).saturating_add(new_claims);
        total.reaches(len.max(1)) || (total > Total::ZERO && total.reaches(self.place(number)))
    }
}
