//! What a user of a tenant has: claims with their places, sources and errors, and groups.

use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::catalog::basis::Basis;
use crate::catalog::offer::Scope;
use crate::id::user::UserId;
use crate::id::{AppId, GroupId, PlanId};
use crate::quantity::place::Place;
use crate::query::claims::{ClaimError, claim_error};
use crate::tenant::Tenant;
use crate::tenant::command::Assignee;
use crate::tenant::grant_state::GrantStates;
use crate::tenant::state::user::{Claim, UserEntitlements, claim_on};

/// A claim of a user on a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ClaimStatus<'a> {
    /// The plan.
    pub plan: &'a PlanId,
    /// The place in the queue of the plan.
    pub place: Place,
    /// Whether the claim works.
    pub state: ClaimState,
    /// Why the user claims the plan: the direct assignment first, then the groups by id.
    pub sources: Vec<ClaimSource<'a>>,
    /// The apps of the plan that are off, because every source denies them (S3).
    pub off: &'a [AppId],
}

/// Whether a claim works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ClaimState {
    /// The claim holds a seat and the plan is in effect.
    Works(Basis),
    /// The claim waits for a seat, or holds one and another reason keeps the plan out of effect
    /// (G4).
    Error(ClaimError),
    /// The catalog has no user plan of this id, so that the claim opens nothing (C11).
    UnknownPlan,
}

/// A reason for which a user claims a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ClaimSource<'a> {
    /// The user for a direct assignment, or a group.
    pub from: Assignee,
    /// The deny list: the apps of the plan that this source turns off (C10).
    pub except: &'a [AppId],
}

impl ClaimStatus<'_> {
    /// Returns whether the claim holds a seat, whether it works or not.
    #[must_use]
    pub fn has_seat(&self) -> bool {
        match &self.state {
            ClaimState::Works(_) => true,
            ClaimState::Error(error) => {
                !matches!(error, ClaimError::CountViolation { .. } | ClaimError::NoUnits { .. })
            }
            ClaimState::UnknownPlan => false,
        }
    }
}

impl Tenant {
    /// Returns the claims of a user: those on plans of the catalog in its order, then those on other
    /// plans by id; none for a user whom no command names (S15).
    ///
    /// Each costs `O(log n)` in the queue of the plan, `O(g)` in the groups of the user, and its
    /// requirements; a claim on a plan without usable units `O(n)` in the grants of the tenant, too.
    #[must_use]
    pub fn claims_of(&self, user: &UserId, now: DateTime<Utc>) -> Vec<ClaimStatus<'_>> {
        let (at, numbering) = (self.reading(now), self.core().numbering());
        let held = self.state().users.held(user).unwrap_or(&UserEntitlements::Nothing);
        let claims = held.claims();
        let status = |claim: &Claim| {
            Some(ClaimStatus {
                plan: numbering.id(claim.plan)?,
                place: self.view().plan(claim.plan)?.place(claim.number),
                state: self.claim_state(claim, claims.as_slice(), at),
                sources: self.claim_sources(user, held, claim),
                off: claim_on(held.stored_claims(), claim.plan).map_or(&[], Claim::off),
            })
        };
        let mut all: Vec<ClaimStatus<'_>> = claims.as_slice().iter().filter_map(status).collect();
        let index = |plan: &PlanId| self.catalog().plan_index(plan);
        all.sort_by_key(|claim| (index(claim.plan).is_none(), index(claim.plan), claim.plan));
        all
    }

    /// Returns the groups of a user, sorted by id. `O(1)`.
    #[must_use]
    pub fn groups_of(&self, user: &UserId) -> &[GroupId] {
        self.state().users.held(user).map_or(&[], UserEntitlements::groups)
    }

    fn claim_state(&self, claim: &Claim, claims: &[Claim], at: DateTime<Utc>) -> ClaimState {
        let index = self.core().numbering().in_catalog(claim.plan);
        let index = index.filter(|&index| self.catalog().scope_of(index) == Some(Scope::User));
        let evaluation = index.and_then(|index| self.view().evaluation(self.catalog(), index, claims, at));
        let Some(evaluation) = evaluation else { return ClaimState::UnknownPlan };
        match evaluation.evaluate() {
            Ok(basis) => ClaimState::Works(basis),
            Err(blocked) => {
                let no_units = || {
                    let plan = self.catalog().plan_at(evaluation.index)?;
                    GrantStates::of(self.core(), &plan.id, at).no_units()
                };
                claim_error(&evaluation, &blocked, no_units).map_or(ClaimState::UnknownPlan, ClaimState::Error)
            }
        }
    }

    fn claim_sources<'a>(&'a self, user: &UserId, held: &'a UserEntitlements, claim: &Claim) -> Vec<ClaimSource<'a>> {
        let stored = claim_on(held.stored_claims(), claim.plan);
        let except = || stored.and_then(Claim::directly_denied).unwrap_or_default();
        let direct = claim.is_direct().then(|| ClaimSource { from: user.clone().into(), except: except() });
        let inherited = held.groups().iter().filter_map(|id| {
            let except = self.core().groups.get(id)?.plans.get(&claim.plan)?;
            Some(ClaimSource { from: id.clone().into(), except })
        });
        direct.into_iter().chain(inherited).collect()
    }
}
