//! The view of a state that is evaluated: the state, and the pending changes of an event to its
//! queues.

use chrono::{DateTime, Utc};
use smallvec::SmallVec;

use crate::catalog::basis::Basis;
use crate::catalog::index::PlanNumber;
use crate::quantity::place::Place;
use crate::quantity::units::Total;
use crate::tenant::state::claim_number::ClaimNumber;
use crate::tenant::state::plan::PlanState;
use crate::tenant::state::{RecordState, State};

/// What an event changes in the queue of a plan.
#[derive(Debug, Clone, Default)]
pub(crate) struct QueueDiff {
    /// The numbers of the removed claims, sorted.
    removed: SmallVec<[ClaimNumber; 2]>,
    /// The number of added claims; they get the next numbers.
    added: u64,
}

/// The changes to all queues, by the numbers of the plans, sorted.
pub(crate) type QueueDiffs = [(PlanNumber, QueueDiff)];

/// A state with the pending changes of an event, if there are any.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) core: &'a RecordState,
    diffs: &'a QueueDiffs,
}

/// A plan in a view.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PlanView<'a> {
    plan: &'a PlanState,
    diff: Option<&'a QueueDiff>,
}

impl QueueDiff {
    /// Removes a claim.
    pub(crate) fn remove(&mut self, number: ClaimNumber) {
        self.removed.push(number);
    }

    /// Adds a claim.
    pub(crate) fn add(&mut self) {
        self.added = self.added.saturating_add(1);
    }

    /// Sorts the removed claims, after all were removed.
    pub(crate) fn sort(&mut self) {
        self.removed.sort_unstable();
    }
}

impl<'a> View<'a> {
    #[inline]
    pub(crate) fn of(core: &'a RecordState) -> Self {
        Self { core, diffs: &[] }
    }

    pub(crate) fn with(core: &'a RecordState, diffs: &'a QueueDiffs) -> Self {
        Self { core, diffs }
    }

    /// Returns a plan by its number in the tenant; `None` if the record does not mention it.
    #[inline]
    pub(crate) fn plan(self, number: PlanNumber) -> Option<PlanView<'a>> {
        let plan = self.core.plan(number)?;
        let at = self.diffs.binary_search_by_key(&number, |(plan, _)| *plan).ok();
        Some(PlanView { plan, diff: at.and_then(|at| self.diffs.get(at)).map(|(_, diff)| diff) })
    }
}

impl<'a> PlanView<'a> {
    #[inline]
    pub(crate) fn state(self) -> &'a PlanState {
        self.plan
    }

    /// Returns the place of a claim in the queue. `O(log n)` in the queue.
    pub(crate) fn place(self, number: ClaimNumber) -> Place {
        let queue = &self.plan.queue;
        let before = queue.rank(number);
        let removed_before = self.diff.map_or(0, |diff| {
            let removed = diff.removed.partition_point(|&removed| removed < number);
            u64::try_from(removed).unwrap_or(u64::MAX)
        });
        let new = number.0.saturating_sub(queue.next().0);
        Place::behind(before.saturating_sub(removed_before).saturating_add(new))
    }

    /// Returns why a claim is covered, or `None` if the units do not suffice.
    #[inline]
    pub(crate) fn basis(self, number: ClaimNumber, at: DateTime<Utc>) -> Option<Basis> {
        if self.diff.is_none() {
            return self.plan.basis(number, at);
        }
        let coverage = self.plan.segments(at).first()?.coverage;
        coverage.basis(|total| self.is_within(number, total))
    }

    /// Returns whether `total` units cover a claim.
    pub(crate) fn is_within(self, number: ClaimNumber, total: Total) -> bool {
        let removed = self.diff.map_or(0, |diff| u64::try_from(diff.removed.len()).unwrap_or(u64::MAX));
        let added = self.diff.map_or(0, |diff| diff.added);
        let len = self.plan.queue.len().saturating_sub(removed).saturating_add(added);
        total.reaches(Place::behind(len.saturating_sub(1)))
            || (total > Total::ZERO && total.reaches(self.place(number)))
    }
}

impl State {
    /// Returns a view of the state without pending changes.
    #[inline]
    pub(crate) fn view(&self) -> View<'_> {
        View::of(&self.core)
    }
}
