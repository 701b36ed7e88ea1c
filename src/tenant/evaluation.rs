//! The evaluation of a plan for a user: whether the plan is in effect, why, and when time alone can
//! change that.
//!
//! The check, its explanation and the commands all use this one evaluation of a claim.

use chrono::{DateTime, Utc};

use crate::catalog::Catalog;
use crate::catalog::basis::Basis;
use crate::catalog::index::PlanIndex;
use crate::catalog::offer::Scope;
use crate::quantity::place::Place;
use crate::quantity::units::Total;
use crate::tenant::pool::Segment;
use crate::tenant::pool::schedule::Segments;
use crate::tenant::state::claim_number::ClaimNumber;
use crate::tenant::state::plan::TENANT_CLAIM;
use crate::tenant::state::user::{Claim, claim_on};
use crate::tenant::state::view::{PlanView, View};
use crate::time::End;

/// A plan of the catalog evaluated for a user, whatever app is in question. Each question is
/// answered when it is asked, so that a check pays only for what its answer needs.
pub(crate) struct PlanEvaluation<'a> {
    view: View<'a>,
    pub(crate) catalog: &'a Catalog,
    /// `None` if the record does not mention the plan.
    plan: Option<PlanView<'a>>,
    /// The index of the plan in the catalog.
    pub(crate) index: PlanIndex,
    claims: &'a [Claim],
    at: DateTime<Utc>,
    /// Who the units have to cover; `None` if the user does not claim the plan.
    pub(crate) beneficiary: Option<Beneficiary<'a>>,
}

impl<'a> PlanEvaluation<'a> {
    /// Returns the segment at the reading and those after it. `O(log n)` in the grants of the plan.
    pub(crate) fn segments(&self) -> Segments<'a> {
        self.plan.map_or(Segments::WITHOUT_GRANTS, |plan| plan.state().segments(self.at))
    }

    /// Returns why the plan covers the user, or `None` if its units do not suffice.
    #[inline]
    fn basis(&self) -> Option<Basis> {
        self.plan?.basis(self.beneficiary.as_ref()?.number(), self.at)
    }

    /// Returns the plan of the earliest claim before this one that excludes it: by event, within
    /// one event in the catalog's order (G4).
    #[inline]
    fn excluded_by(&self) -> Option<PlanIndex> {
        let claim = self.beneficiary.as_ref()?.claim()?;
        let exclusions = self.catalog.exclusions(self.index);
        let earlier = exclusions.iter().filter_map(|&other| {
            let number = self.view.core.of_catalog(other)?;
            let order = (claim_on(self.claims, number)?.event, other);
            (order < (claim.event, self.index)).then_some(order)
        });
        earlier.min().map(|(_, other)| other)
    }

    /// Returns the index of the first requirement that is not met (C4).
    #[inline]
    pub(crate) fn unmet(&self) -> Option<usize> {
        let works = |plan| {
            let evaluation = self.view.evaluation(self.catalog, plan, self.claims, self.at);
            evaluation.is_some_and(|evaluation| evaluation.works().is_some())
        };
        self.catalog.chain(self.index).first_unmet(works)
    }

    /// Returns when a phase or tolerance of the plan, or of a plan that it requires, next begins or
    /// ends.
    pub(crate) fn next(&self) -> End {
        let next_of = |plan| {
            let next = self.view.core.segments(plan, self.at).get(1);
            next.map_or(End::Never, |segment| End::At(segment.from))
        };
        self.catalog.chain(self.index).plans().map(next_of).fold(next_of(self.index), End::min)
    }

    /// Returns why the claim works, or `None` if the units do not suffice or another plan excludes
    /// it.
    #[inline]
    fn works(&self) -> Option<Basis> {
        self.basis().filter(|_| self.excluded_by().is_none())
    }

    /// Returns why the plan is in effect (C4), or the first reason why it is not, in the order of
    /// K3.
    ///
    /// A function of its own, so that a check of plans without requirements and exclusions pays
    /// nothing for it.
    #[inline(never)]
    pub(crate) fn evaluate(&self) -> Result<Basis, BlockedBy<'a>> {
        let beneficiary = self.beneficiary.ok_or(BlockedBy::Unclaimed)?;
        let basis = self.basis().ok_or(BlockedBy::OutOfReach(beneficiary))?;
        if let Some(by) = self.excluded_by() {
            return Err(BlockedBy::ExcludedBy(by));
        }
        self.unmet().map_or(Ok(basis), |need| Err(BlockedBy::Unmet(need)))
    }

    /// Returns why the plan is in effect, if it is (C4).
    #[inline]
    pub(crate) fn in_effect(&self) -> Option<Basis> {
        self.evaluate().ok()
    }
}

/// Why a plan is not in effect for a user.
pub(crate) enum BlockedBy<'a> {
    /// The user does not claim the plan.
    Unclaimed,
    /// The units do not cover the user.
    OutOfReach(Beneficiary<'a>),
    /// The user has an earlier claim on a plan that excludes it, given by its index in the catalog
    /// (G4).
    ExcludedBy(PlanIndex),
    /// A requirement is not met, given by its index (C4).
    Unmet(usize),
}

/// Who the units of a plan have to cover.
#[derive(Clone, Copy)]
pub(crate) enum Beneficiary<'a> {
    /// The organisation: one unit is enough (L2).
    Tenant,
    /// A claim in the queue.
    Claim(&'a Claim, PlanView<'a>),
}

impl<'a> Beneficiary<'a> {
    /// Returns the claim number in the plan's queue.
    #[inline]
    fn number(&self) -> ClaimNumber {
        match self {
            Self::Tenant => TENANT_CLAIM,
            Self::Claim(claim, _) => claim.number,
        }
    }

    /// Returns the claim; `None` for the organisation.
    #[inline]
    pub(crate) fn claim(&self) -> Option<&'a Claim> {
        match self {
            Self::Tenant => None,
            Self::Claim(claim, _) => Some(claim),
        }
    }

    pub(crate) fn is_within(&self, total: Total) -> bool {
        match self {
            Self::Tenant => total.reaches(Place::FIRST),
            Self::Claim(claim, plan) => plan.is_within(claim.number, total),
        }
    }

    /// Returns the place in the queue. `O(log n)` in the queue.
    pub(crate) fn place(&self) -> Place {
        match self {
            Self::Tenant => Place::FIRST,
            Self::Claim(claim, plan) => plan.place(claim.number),
        }
    }

    pub(crate) fn basis(&self, segment: &Segment) -> Option<Basis> {
        segment.coverage.basis(|total| self.is_within(total))
    }
}

impl<'a> View<'a> {
    /// Returns the evaluation of a plan of the catalog for a user with these claims.
    ///
    /// All its questions together cost `O(n log n)` in the plans that it requires, at most
    /// [`MAX_REQUIRED`](crate::limits::MAX_REQUIRED), and the plans that these exclude.
    #[inline]
    pub(crate) fn evaluation(
        self,
        catalog: &'a Catalog,
        index: PlanIndex,
        claims: &'a [Claim],
        at: DateTime<Utc>,
    ) -> Option<PlanEvaluation<'a>> {
        let number = self.core.of_catalog(index)?;
        let plan = self.plan(number);
        let beneficiary = match catalog.scope_of(index)? {
            Scope::Tenant => Some(Beneficiary::Tenant),
            Scope::User => plan.and_then(|plan| Some(Beneficiary::Claim(claim_on(claims, number)?, plan))),
            Scope::Capacity => None,
        };
        Some(PlanEvaluation { view: self, catalog, plan, index, claims, at, beneficiary })
    }
}
