//! What is taken for granted although no record says it: purchases, freed seats and a revocation list, to see what they would
//! help. Only on copies of a tenant that nobody is shown, so that no answer rests on them.

use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::grant::Grant;
use crate::id::PlanId;
use crate::phase_timeline::PhaseTimeline;
use crate::pool::GrantInstance;
use crate::time::{EARLIEST, End};

/// What is taken for granted.
#[derive(Debug, Clone)]
pub(crate) struct Hypothesis {
    /// Grants as in a license of their own.
    pub(crate) bought: Vec<Grant>,
    /// How many claims ahead of whoever asks are gone from the line of a plan.
    pub(crate) freed: Vec<(PlanId, u64)>,
    /// When a revocation list was issued that ends nothing.
    pub(crate) list: DateTime<Utc>,
}

impl Hypothesis {
    pub(crate) const NOTHING: &'static Self = &Self { bought: Vec::new(), freed: Vec::new(), list: EARLIEST };

    /// The grants, with their lives.
    pub(crate) fn grant_instances(&self) -> impl Iterator<Item = GrantInstance<'_>> {
        let never = (End::Never, End::Never);
        self.bought.iter().map(move |grant| GrantInstance {
            grant,
            life: PhaseTimeline::of(&grant.terms, None),
            freshness: never,
        })
    }

    /// How many claims are gone from the line of a plan.
    pub(crate) fn freed(&self, plan: &PlanId) -> u64 {
        self.freed.iter().filter(|(freed, _)| freed == plan).fold(0, |sum, (_, seats)| sum.saturating_add(*seats))
    }

    /// The plans that it is about, but for the list.
    pub(crate) fn plans(&self) -> impl Iterator<Item = &PlanId> {
        self.bought.iter().map(|grant| &grant.plan).chain(self.freed.iter().map(|(plan, _)| plan))
    }
}
