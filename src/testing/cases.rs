//! All combinations of a few plans that the organisation, or it and one user, can have.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use crate::catalog::Catalog;
use crate::catalog::index::{AppIndex, PlanIndex};
use crate::catalog::offer::Scope;

/// The largest number of plans whose 65,536 cases are all tried: the plans of a law and all plans
/// that these require (X8).
pub const MAX_DECIDED: usize = 16;

/// Whose combinations of plans are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CaseHolder {
    /// Those that are in effect for one user: no capacity plans, and none that exclude each other.
    User,
    /// Those of which the organisation has units: any.
    Organisation,
}

/// The plans of a law and all plans that these require.
pub(super) struct Cases<'a> {
    catalog: &'a Catalog,
    plans: Vec<PlanIndex>,
    whose: CaseHolder,
}

/// A law depends on more than [`MAX_DECIDED`] plans.
#[derive(Debug)]
pub(super) struct TooMany(pub(super) usize);

/// A combination of plans: usable in the organisation and, for user plans, with a claim that works.
///
/// A user plan never works together with a plan that it excludes, whatever the order of the
/// assignments, so these are all cases for one user.
#[derive(Clone, Copy)]
pub(super) struct Case<'a> {
    cases: &'a Cases<'a>,
    held: u32,
}

impl<'a> Cases<'a> {
    /// Returns the cases of some plans and of all plans that these require.
    pub(super) fn of(catalog: &'a Catalog, about: &[PlanIndex], whose: CaseHolder) -> Result<Self, TooMany> {
        let required = about.iter().flat_map(|&plan| catalog.chain(plan).plans());
        let plans: BTreeSet<PlanIndex> = about.iter().copied().chain(required).collect();
        let counts =
            |&plan: &PlanIndex| whose == CaseHolder::Organisation || catalog.scope_of(plan) != Some(Scope::Capacity);
        let plans: Vec<PlanIndex> = plans.into_iter().filter(counts).collect();
        if plans.len() > MAX_DECIDED { Err(TooMany(plans.len())) } else { Ok(Self { catalog, plans, whose }) }
    }

    /// Returns the first case with the fewest plans for which a predicate holds.
    pub(super) fn smallest(&'a self, holds: impl Fn(Case<'a>) -> bool) -> Option<Case<'a>> {
        let all = 1_u32.checked_shl(u32::try_from(self.plans.len()).unwrap_or(u32::MAX)).unwrap_or(0);
        let mut best: Option<Case<'a>> = None;
        for held in 0..all {
            let case = Case { cases: self, held };
            let is_smaller = best.is_none_or(|best| held.count_ones() < best.held.count_ones());
            if is_smaller && case.is_possible() && holds(case) {
                best = Some(case);
            }
        }
        best
    }
}

impl Case<'_> {
    /// Returns the plans of the case.
    pub(super) fn held(self) -> impl Iterator<Item = PlanIndex> {
        let bits = core::iter::successors(Some(1_u32), |bit| bit.checked_mul(2));
        let plans = self.cases.plans.iter().copied().zip(bits);
        plans.filter(move |&(_, bit)| self.held & bit != 0).map(|(plan, _)| plan)
    }

    pub(super) fn holds(self, plan: PlanIndex) -> bool {
        self.held().any(|held| held == plan)
    }

    /// Returns whether no two of the plans exclude each other, if they are those of one user.
    fn is_possible(self) -> bool {
        if self.cases.whose == CaseHolder::Organisation {
            return true;
        }
        let excludes = |one, other| self.cases.catalog.exclusions(one).contains(&other);
        self.held().all(|one| !self.held().any(|other| excludes(one, other)))
    }

    /// Returns whether a plan is in effect (C4).
    pub(super) fn in_effect(self, plan: PlanIndex) -> bool {
        let works = |required| self.holds(required);
        self.holds(plan) && self.cases.catalog.chain(plan).first_unmet(works).is_none()
    }

    /// Returns whether a plan in effect lists an app.
    pub(super) fn opens(self, app: AppIndex) -> bool {
        self.cases.catalog.rule(app).plans().iter().any(|&plan| self.in_effect(plan))
    }
}
