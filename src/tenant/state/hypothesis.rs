//! Hypotheses: purchases, freed seats, a revocation list and another release, which no record
//! contains, to find out what they would change. Only internal copies of a tenant have one, so that no answer to a host
//! depends on it.

use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::catalog::release::Release;
use crate::id::PlanId;
use crate::license::grant::Grant;
use crate::license::phases::PhaseTimeline;
use crate::tenant::pool::GrantInstance;
use crate::time::{EARLIEST, End};

/// What is assumed although the record does not say it.
#[derive(Debug, Clone)]
pub(crate) struct Hypothesis {
    /// Grants, as in a license of their own.
    pub(crate) bought: Vec<Grant>,
    /// How many claims ahead of the user in question are removed from the queue of a plan.
    pub(crate) freed: Vec<(PlanId, u64)>,
    /// The issue date of an assumed revocation list that ends nothing.
    pub(crate) list: DateTime<Utc>,
    /// The release of the application that is assumed to be used; `None` for the one that is.
    pub(crate) release: Option<Release>,
}

impl Hypothesis {
    pub(crate) const NOTHING: &'static Self =
        &Self { bought: Vec::new(), freed: Vec::new(), list: EARLIEST, release: None };

    /// Returns the grants with their phases in a release.
    pub(crate) fn grant_instances(&self, release: Release) -> impl Iterator<Item = GrantInstance<'_>> {
        let never = (End::Never, End::Never);
        self.bought.iter().map(move |grant| GrantInstance {
            grant,
            timeline: PhaseTimeline::of(&grant.kind, None, release),
            freshness: never,
        })
    }

    /// Returns how many claims are removed from the queue of a plan.
    pub(crate) fn freed(&self, plan: &PlanId) -> u64 {
        self.freed.iter().filter(|(freed, _)| freed == plan).fold(0, |sum, (_, seats)| sum.saturating_add(*seats))
    }

    /// Returns the plans with a purchase or freed seats.
    pub(crate) fn plans(&self) -> impl Iterator<Item = &PlanId> {
        self.bought.iter().map(|grant| &grant.plan).chain(self.freed.iter().map(|(plan, _)| plan))
    }
}
