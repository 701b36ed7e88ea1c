//! The remedy of a denial where the record is ahead of the clock: to compare the clock, and a time
//! ticket (K10).

use alloc::vec;
use alloc::vec::Vec;

use crate::decision::check_first::RecordAhead;
use crate::decision::{Decision, Denial};
use crate::query::record_ahead::record_ahead;
use crate::remedy::effort::Effort;
use crate::remedy::search::Search;
use crate::remedy::step::{Remedy, Step};

/// The remedy that comes before all others where the record is ahead of the clock, not yet searched
/// for.
#[derive(Debug)]
pub(crate) struct ClockRemedy<'a> {
    denial: Denial<'a>,
    effort: Effort,
}

impl<'a> ClockRemedy<'a> {
    pub(crate) fn of(denial: &Denial<'a>, effort: Effort) -> Self {
        Self { denial: Denial { question: denial.question, now: denial.now }, effort }
    }

    /// Returns a time ticket and, if it is not enough, steps without a purchase. `None` if the
    /// record is not ahead, or if the effort finds no such steps.
    pub(crate) fn find(self) -> Option<Remedy> {
        let RecordAhead { floor, now } = record_ahead(&self.denial)?;
        let question = self.denial.question;
        let mut steps = vec![Step::CompareClock { now, floor, checkpoint: question.tenant.checkpoint() }];
        let corrected = question.tenant.corrected(now);
        if let Decision::Deny(denied) = corrected.check(question.user, question.app, now) {
            steps.extend(steps_without_purchase(&denied, self.effort)?);
        }
        Some(Remedy { steps })
    }
}

fn steps_without_purchase(denied: &Denial<'_>, effort: Effort) -> Option<Vec<Step>> {
    let is_purchase = |step: &Step| matches!(step, Step::Buy { .. } | Step::Renew { .. });
    let mut search = Search::new(denied, effort);
    let mut remedies = core::iter::from_fn(|| search.next());
    remedies.find(|remedy| !remedy.steps.iter().any(is_purchase)).map(|remedy| remedy.steps)
}
