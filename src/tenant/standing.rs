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
use crate::tenant::state::{Claim, State, claim_on};
use crate::time::End;
use crate::units::Total;

/// A plan of the catalog as it stands for a user, whatever app is asked for.
pub(crate) struct Standing<'a> {
    /// For whom its units have to reach; nobody, if the user does not claim it.
    pub(crate) spot: Option<Spot<'a>>,
    /// The segment of the reading and those after it.
    pub(crate) segments: &'a [Segment],
    /// On what it rests, if its units reach.
    pub(crate) basis: Option<Basis>,
    /// The plan of the earliest claim of the user, before this one, that it excludes (G4).
    pub(crate) excluded_by: Option<usize>,
    /// The first of its needs that is not met.
    pub(crate) unmet: Option<usize>,
    /// When a phase or a tolerance of it, or of a plan that it requires, begins or ends next.
    pub(crate) next: End,
}

impl Standing<'_> {
    /// Whether its units reach and nothing excludes it.
    fn works(&self) -> Option<Basis> {
        self.basis.filter(|_| self.excluded_by.is_none())
    }

    /// Whether it opens what it lists (C4).
    pub(crate) fn in_effect(&self) -> Option<Basis> {
        self.works().filter(|_| self.unmet.is_none())
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
    pub(crate) fn is_within(&self, total: Total) -> bool {
        match self {
            Self::Tenant => total.reaches(1),
            Self::Claim { line, .. } => {
                let reaches_all = total.reaches(u64::try_from(line.len()).unwrap_or(u64::MAX));
                total > Total::ZERO && (reaches_all || total.reaches(self.place()))
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
    /// Judges a plan for a user by their claims. Linear in the plans that it requires, at most
    /// [`MAX_REQUIRED`](crate::MAX_REQUIRED), and in those that they exclude, but for logarithms.
    pub(crate) fn standing<'a>(
        &'a self,
        catalog: &Catalog,
        index: usize,
        claims: &'a [Claim],
        at: DateTime<Utc>,
    ) -> Standing<'a> {
        let mut standing = self.alone(catalog, index, claims, at);
        standing.unmet = catalog.chain(index).first_unmet(|required| {
            let required = self.alone(catalog, required, claims, at);
            standing.next = standing.next.min(required.next);
            required.works().is_some()
        });
        standing
    }

    /// The plan without what it requires.
    fn alone<'a>(&'a self, catalog: &Catalog, index: usize, claims: &'a [Claim], at: DateTime<Utc>) -> Standing<'a> {
        let mut standing =
            Standing { spot: None, segments: &[], basis: None, excluded_by: None, unmet: None, next: End::Never };
        let (Some(plan), Some((number, state))) = (catalog.plan_at(index), self.catalog_plan(index)) else {
            return standing;
        };
        standing.segments = state.schedule.from(at);
        standing.next = standing.segments.get(1).map_or(End::Never, |segment| End::At(segment.from));
        standing.spot = match plan.scope {
            Scope::Tenant => Some(Spot::Tenant),
            Scope::User => claim_on(claims, number).map(|claim| {
                let place = OnceCell::new();
                Spot::Claim { line: &state.line, claim, place }
            }),
            Scope::Capacity => None,
        };
        standing.excluded_by = match &standing.spot {
            Some(Spot::Claim { claim, .. }) => self.excluded_by(catalog, index, claim, claims),
            Some(Spot::Tenant) | None => None,
        };
        standing.basis = match (&standing.spot, standing.segments.first()) {
            (Some(spot), Some(segment)) => spot.basis(segment),
            (None, _) | (_, None) => None,
        };
        standing
    }

    /// The plan of the earliest claim before this one that it excludes: by event, within one by the catalog's order (G4).
    fn excluded_by(&self, catalog: &Catalog, index: usize, claim: &Claim, claims: &[Claim]) -> Option<usize> {
        let earlier = catalog.exclusions(index).iter().filter_map(|&other| {
            let (number, _) = self.catalog_plan(other)?;
            let turn = (claim_on(claims, number)?.turn.event, other);
            (turn < (claim.turn.event, index)).then_some(turn)
        });
        earlier.min().map(|(_, other)| other)
    }
}
