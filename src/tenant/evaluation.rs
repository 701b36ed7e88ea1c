//! How a plan stands for a user: whether it is in effect, on what it rests, and when time alone can change that.
//!
//! One function judges a claim; the check, its explanation and the commands all ask it.

use chrono::{DateTime, Utc};

use crate::basis::Basis;
use crate::catalog::Catalog;
use crate::catalog::offer::Scope;
use crate::pool::Segment;
use crate::schedule::Segments;
use crate::tenant::plan::TENANT_CLAIM;
use crate::tenant::user::{Claim, claim_on};
use crate::tenant::view::{PlanView, View};
use crate::time::End;
use crate::units::Total;

/// A plan of the catalog as it stands for a user, whatever app is asked for. Each question is answered when it is asked,
/// so that a check pays for no more than its answer needs.
pub(crate) struct PlanEvaluation<'a> {
    view: View<'a>,
    catalog: &'a Catalog,
    /// Nothing, if the record says nothing of it.
    plan: Option<PlanView<'a>>,
    /// The number of the plan in the catalog.
    index: usize,
    claims: &'a [Claim],
    at: DateTime<Utc>,
    /// For whom its units have to reach; nobody, if the user does not claim it.
    pub(crate) beneficiary: Option<Beneficiary<'a>>,
}

impl<'a> PlanEvaluation<'a> {
    /// The segment of the reading and those after it. Logarithmic in the grants of the plan.
    pub(crate) fn segments(&self) -> Segments<'a> {
        self.plan.map_or(Segments::WITHOUT_GRANTS, |plan| plan.state().segments(self.at))
    }

    /// On what it rests, if its units reach.
    #[inline]
    fn basis(&self) -> Option<Basis> {
        self.plan?.basis(self.beneficiary.as_ref()?.number(), self.at)
    }

    /// The plan of the earliest claim before this one that it excludes: by event, within one by the catalog's order (G4).
    #[inline]
    fn excluded_by(&self) -> Option<usize> {
        let claim = self.beneficiary.as_ref()?.claim()?;
        let exclusions = self.catalog.exclusions(self.index);
        let earlier = exclusions.iter().filter_map(|&other| {
            let number = self.view.core.of_catalog(other)?;
            let turn = (claim_on(self.claims, number)?.event, other);
            (turn < (claim.event, self.index)).then_some(turn)
        });
        earlier.min().map(|(_, other)| other)
    }

    /// The first of its needs that is not met (C4).
    #[inline]
    pub(crate) fn unmet(&self) -> Option<usize> {
        let works = |plan| {
            let evaluation = self.view.evaluation(self.catalog, plan, self.claims, self.at);
            evaluation.is_some_and(|evaluation| evaluation.works().is_some())
        };
        self.catalog.chain(self.index).first_unmet(works)
    }

    /// When a phase or a tolerance of it, or of a plan that it requires, begins or ends next.
    pub(crate) fn next(&self) -> End {
        let next_of = |plan| {
            let next = self.view.core.segments(plan, self.at).get(1);
            next.map_or(End::Never, |segment| End::At(segment.from))
        };
        self.catalog.chain(self.index).plans().map(next_of).fold(next_of(self.index), End::min)
    }

    /// Whether its units reach and nothing excludes it.
    #[inline]
    fn works(&self) -> Option<Basis> {
        self.basis().filter(|_| self.excluded_by().is_none())
    }

    /// On what it rests, if it opens what it lists (C4); else the first that keeps it from that, in the order of K3.
    ///
    /// On its own, so that a check of plans that neither require nor exclude pays nothing for it.
    #[inline(never)]
    pub(crate) fn evaluate(&self) -> Result<Basis, BlockedBy<'a>> {
        let beneficiary = self.beneficiary.ok_or(BlockedBy::Unclaimed)?;
        let basis = self.basis().ok_or(BlockedBy::OutOfReach(beneficiary))?;
        if let Some(by) = self.excluded_by() {
            return Err(BlockedBy::ExcludedBy(by));
        }
        self.unmet().map_or(Ok(basis), |need| Err(BlockedBy::Unmet(need)))
    }

    /// On what it rests, if it opens what it lists (C4).
    #[inline]
    pub(crate) fn in_effect(&self) -> Option<Basis> {
        self.evaluate().ok()
    }
}

/// What keeps a plan from being in effect for a user.
pub(crate) enum BlockedBy<'a> {
    /// The user does not claim it.
    Unclaimed,
    /// Its units do not reach as far.
    OutOfReach(Beneficiary<'a>),
    /// An earlier claim is on a plan that excludes it: its number in the catalog (G4).
    ExcludedBy(usize),
    /// One of its needs, by its place among them (C4).
    Unmet(usize),
}

/// For whom the units of a plan have to reach.
#[derive(Clone, Copy)]
pub(crate) enum Beneficiary<'a> {
    /// The organisation: from one unit on (L2).
    Tenant,
    /// A claim in the line.
    Claim(&'a Claim, PlanView<'a>),
}

impl<'a> Beneficiary<'a> {
    /// What the plan's line calls it.
    #[inline]
    fn number(&self) -> u64 {
        match self {
            Self::Tenant => TENANT_CLAIM,
            Self::Claim(claim, _) => claim.number,
        }
    }

    /// The claim, unless it is the organisation's.
    #[inline]
    pub(crate) fn claim(&self) -> Option<&'a Claim> {
        match self {
            Self::Tenant => None,
            Self::Claim(claim, _) => Some(claim),
        }
    }

    pub(crate) fn is_within(&self, total: Total) -> bool {
        match self {
            Self::Tenant => total.reaches(1),
            Self::Claim(claim, plan) => plan.is_within(claim.number, total),
        }
    }

    /// Counted from 1. Logarithmic in the length of the line.
    pub(crate) fn place(&self) -> u64 {
        match self {
            Self::Tenant => 1,
            Self::Claim(claim, plan) => plan.place(claim.number),
        }
    }

    pub(crate) fn basis(&self, segment: &Segment) -> Option<Basis> {
        segment.coverage.basis(|total| self.is_within(total))
    }
}

impl<'a> View<'a> {
    /// A plan of the catalog as it stands for a user by their claims. To ask it all is linear in the plans that it requires,
    /// at most [`MAX_REQUIRED`](crate::MAX_REQUIRED), and in those that they exclude, but for logarithms.
    #[inline]
    pub(crate) fn evaluation(
        self,
        catalog: &'a Catalog,
        index: usize,
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
