//! The remedy where the record is ahead of the clock: to compare the clock, and a time
//! ticket (K10).

use alloc::vec;
use alloc::vec::Vec;

use crate::decision::check_first::RecordAhead;
use crate::remedy::effort::Effort;
use crate::remedy::goal::UnreachedGoal;
use crate::remedy::search::Search;
use crate::remedy::simulation::Purchases;
use crate::remedy::step::{Remedy, Step};
use crate::token::permissions::KeyPurpose;

/// The remedy that comes before all others where the record is ahead of the clock, not yet searched
/// for.
#[derive(Debug)]
pub(crate) struct ClockRemedy<'a> {
    of: UnreachedGoal<'a>,
    effort: Effort,
}

impl<'a> ClockRemedy<'a> {
    pub(crate) fn new(of: UnreachedGoal<'a>, effort: Effort) -> Self {
        Self { of, effort }
    }

    /// Returns a time ticket and, if it is not enough, steps without a purchase. `None` if the
    /// record is not ahead, if no ticket would be accepted, or if the effort finds no such steps.
    pub(crate) fn find(self) -> Option<Remedy> {
        let RecordAhead { floor, now } = self.of.record_ahead()?;
        let UnreachedGoal { goal, tenant, .. } = self.of;
        if !tenant.base().ring.accepts(KeyPurpose::TimeTickets) {
            return None;
        }
        let mut steps = vec![Step::CompareClock { now, floor, checkpoint: tenant.checkpoint() }];
        let corrected = tenant.corrected(now);
        if !goal.is_reached(&corrected, now) {
            let at = corrected.raw_reading(now);
            steps.extend(steps_without_purchase(&UnreachedGoal { goal, tenant: &corrected, at, now }, self.effort)?);
        }
        Some(Remedy { steps })
    }
}

fn steps_without_purchase(of: &UnreachedGoal<'_>, effort: Effort) -> Option<Vec<Step>> {
    Search::new(of, effort, Purchases::LeftOut).next().map(|remedy| remedy.steps)
}
