//! How a plan stands for a user: whether it is in effect, on what it rests, and when time alone can change that.
//!
//! One function judges a claim; the check, its explanation and the commands all ask it.

use core::cell::OnceCell;

use chrono::{DateTime, Utc};

use crate::basis::Basis;
use crate::catalog::Catalog;
use crate::catalog::offer::Scope;
use crate::pool::Segment;
use crate::tenant::line::Line;
use crate::tenant::state::{Claim, PlanState, State, claim_on};
use crate::time::End;
use crate::units::Total;

/// A plan of the catalog as it stands for a user, whatever app is asked for. Each question is answered when it is asked,
/// so that a check pays for no more than its answer needs.
pub(crate) struct Standing<'a> {
    state: &'a State,
    catalog: &'a Catalog,
    plan: &'a PlanState,
    /// The number of the plan in the catalog.
    index: usize,
    claims: &'a [Claim],
    at: DateTime<Utc>,
    /// For whom its units have to reach; nobody, if the user does not claim it.
    pub(crate) spot: Option<Spot<'a>>,
}

impl<'a> Standing<'a> {
    /// The segment of the reading and those after it. Logarithmic in the grants of the plan.
    #[inline]
    pub(crate) fn segments(&self) -> &'a [Segment] {
        self.plan.schedule.from(self.at)
    }

    /// On what it rests, if its units reach.
    #[inline]
    pub(crate) fn basis(&self) -> Option<Basis> {
        let spot = self.spot.as_ref()?;
        spot.basis(self.segments().first()?)
    }

    /// The plan of the earliest claim before this one that it excludes: by event, within one by the catalog's order (G4).
    #[inline]
    pub(crate) fn excluded_by(&self) -> Option<usize> {
        let Some(Spot::Claim { claim, .. }) = &self.spot else { return None };
        let exclusions = self.catalog.exclusions(self.index);
        let earlier = exclusions.iter().filter_map(|&other| {
            let (number, _) = self.state.catalog_plan(other)?;
            let turn = (claim_on(self.claims, number)?.turn.event, other);
            (turn < (claim.turn.event, self.index)).then_some(turn)
        });
        earlier.min().map(|(_, other)| other)
    }

    /// The first of its needs that is not met (C4).
    #[inline]
    pub(crate) fn unmet(&self) -> Option<usize> {
        let works = |plan| {
            let standing = self.state.standing(self.catalog, plan, self.claims, self.at);
            standing.is_some_and(|standing| standing.works().is_some())
        };
        self.catalog.chain(self.index).first_unmet(works)
    }

    /// When a phase or a tolerance of it, or of a plan that it requires, begins or ends next.
    pub(crate) fn next(&self) -> End {
        let next_of = |plan| {
            let of_plan = self.state.catalog_plan(plan).and_then(|(_, plan)| plan.schedule.from(self.at).get(1));
            of_plan.map_or(End::Never, |segment| End::At(segment.from))
        };
        self.catalog.chain(self.index).plans().map(next_of).fold(next_of(self.index), End::min)
    }

    /// Whether its units reach and nothing excludes it.
    #[inline]
    fn works(&self) -> Option<Basis> {
        self.basis().filter(|_| self.excluded_by().is_none())
    }

    /// Whether it opens what it lists (C4).
    #[inline]
    pub(crate) fn in_effect(&self) -> Option<Basis> {
        self.works().filter(|_| self.unmet().is_none())
    }
}

/// For whom the units of a plan have to reach.
pub(crate) enum Spot<'a> {
    /// The organisation: from one unit on (L2).
    Tenant,
    /// A claim in the line, whose place is counted only where fewer units than claims make it matter.
    Claim { line: &'a Line, claim: &'a Claim, place: OnceCell<u64> },
}

impl Spot<'_> {
    #[inline]
    pub(crate) fn is_within(&self, total: Total) -> bool {
        match self {
            Self::Tenant => total.reaches(1),
            Self::Claim { line, .. } => {
                let reaches_all = total.reaches(u64::try_from(line.len()).unwrap_or(u64::MAX));
                reaches_all || (total > Total::ZERO && total.reaches(self.place()))
            }
        }
    }

    /// Counted from 1. Logarithmic in the length of the line.
    pub(crate) fn place(&self) -> u64 {
        match self {
            Self::Tenant => 1,
            Self::Claim { line, claim, place } => *place.get_or_init(|| line.place(claim.turn)),
        }
    }

    pub(crate) fn basis(&self, segment: &Segment) -> Option<Basis> {
        segment.reach.basis(|total| self.is_within(total))
    }
}

impl State {
    /// A plan of the catalog as it stands for a user by their claims. To ask it all is linear in the plans that it requires, at most
    /// [`MAX_REQUIRED`](crate::MAX_REQUIRED), and in those that they exclude, but for logarithms.
    #[inline]
    pub(crate) fn standing<'a>(
        &'a self,
        catalog: &'a Catalog,
        index: usize,
        claims: &'a [Claim],
        at: DateTime<Utc>,
    ) -> Option<Standing<'a>> {
        let (number, plan) = self.catalog_plan(index)?;
        let spot = match catalog.scope_of(index)? {
            Scope::Tenant => Some(Spot::Tenant),
            Scope::User => claim_on(claims, number).map(|claim| {
                let place = OnceCell::new();
                Spot::Claim { line: &plan.line, claim, place }
            }),
            Scope::Capacity => None,
        };
        Some(Standing { state: self, catalog, plan, index, claims, at, spot })
    }
}
