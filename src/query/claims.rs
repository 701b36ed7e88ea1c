//! The claims that do not work, listed for an administrator (G3, G4).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::catalog::offer::Scope;
use crate::decision::denial_reason::queue_number;
use crate::id::PlanId;
use crate::id::user::UserRef;
use crate::message::{Value, messages};
use crate::quantity::place::Place;
use crate::quantity::units::Total;
use crate::tenant::Tenant;
use crate::tenant::evaluation::{BlockedBy, PlanEvaluation};
use crate::tenant::grant_state::GrantStates;
use crate::tenant::no_units::NoUnits;

/// A claim that does not work, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClaimInError<'a> {
    /// The user of the claim.
    pub user: UserRef<'a>,
    /// The plan of the claim.
    pub plan: &'a PlanId,
    /// Why the claim does not work.
    pub error: ClaimError,
}

/// Why a claim does not work. The claim keeps its place in the queue, and works again as soon as
/// the reason is gone (G4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ClaimError {
    /// The claim waits for a seat (G3).
    CountViolation {
        /// The claim's place in the queue, counted from 1.
        place: Place,
        /// The number of claims that hold a seat.
        limit: Total,
    },
    /// The plan has no usable units, so that nobody has a seat of it (G3).
    NoUnits {
        /// The claim's place in the queue, counted from 1.
        place: Place,
        /// Why the plan has none.
        why: NoUnits,
    },
    /// The claim holds a seat, and an earlier claim of the user is on a plan that excludes this
    /// plan (G4).
    MutuallyExclusive {
        /// The plan of the earlier claim.
        by: PlanId,
    },
    /// The claim holds a seat, and a requirement of the plan is not met (G4).
    Dependency {
        /// The plans of which any one meets the requirement.
        any_of: alloc::vec::Vec<PlanId>,
    },
}

messages! {
    ClaimError;
    Self::CountViolation { place, limit: Total::ONE } => ("claim.count-violation") "claim.count-violation-one-seat",
        "waits for a seat as number {number}: the only seat is taken", number = queue_number(*place, Total::ONE);
    Self::CountViolation { place, limit } => "claim.count-violation",
        "waits for a seat as number {number}: all {limit} seats are taken",
        number = queue_number(*place, *limit), limit;
    Self::NoUnits { why, .. } => "claim.no-units", "gives nothing: {why}", why;
    Self::MutuallyExclusive { by } => "claim.mutually-exclusive",
        "is excluded by {by}, which the user claimed before", by;
    Self::Dependency { any_of } => "claim.dependency", "requires {any_of}", any_of = Value::any_of(any_of);
}

messages! {
    ClaimInError<'_>;
    Self { user, plan, error } => (error.code()) "claim.in-error", "{plan} of {user} {error}", plan = *plan, user, error;
}

impl Tenant {
    /// Returns the claims on user plans of the catalog that do not work: plan by plan, in queue
    /// order.
    ///
    /// `O(n log n)` in the claims of the tenant, and `O(n)` in its grants for each plan.
    pub fn claims_in_error(&self, now: DateTime<Utc>) -> impl Iterator<Item = ClaimInError<'_>> {
        let (at, catalog, state) = (self.reading(now), self.catalog(), self.state());
        let user_plans = catalog.indexed_plans().filter(|(_, plan)| plan.scope == Scope::User);
        user_plans.flat_map(move |(index, plan)| {
            let no_units = GrantStates::of(&state.core, &plan.id, at).no_units();
            let queue = state.core.catalog_plan(index).into_iter().flat_map(|plan| state.queue_users(plan));
            queue.filter_map(move |user| {
                let claims = user.held.claims();
                let evaluation = state.view().evaluation(catalog, index, claims.as_slice(), at)?;
                let error = claim_error(&evaluation, &evaluation.evaluate().err()?, || no_units)?;
                Some(ClaimInError { user: user.id, plan: &plan.id, error })
            })
        })
    }
}

/// Returns the error of a claim that is blocked; `None` if there is no claim. `no_units` returns why the
/// plan has no usable units, if it has none.
pub(crate) fn claim_error(
    evaluation: &PlanEvaluation<'_>,
    blocked: &BlockedBy<'_>,
    no_units: impl FnOnce() -> Option<NoUnits>,
) -> Option<ClaimError> {
    Some(match *blocked {
        BlockedBy::Unclaimed => return None,
        BlockedBy::OutOfReach(beneficiary) => {
            let (place, limit) = (beneficiary.place(), evaluation.segments().first()?.coverage.limit);
            match (limit == Total::ZERO).then(no_units).flatten() {
                Some(why) => ClaimError::NoUnits { place, why },
                None => ClaimError::CountViolation { place, limit },
            }
        }
        BlockedBy::ExcludedBy(by) => ClaimError::MutuallyExclusive { by: evaluation.catalog.plan_at(by)?.id.clone() },
        BlockedBy::Unmet(need) => {
            ClaimError::Dependency { any_of: evaluation.catalog.plan_at(evaluation.index)?.requires.get(need)?.clone() }
        }
    })
}
