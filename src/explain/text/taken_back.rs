//! What a publisher took back: what was bought and then revoked or withdrawn.

use chrono::{DateTime, Utc};

use crate::decision::denial_reason::DenialReason;
use crate::id::PlanId;
use crate::license::grant::{GrantKind, Termination, TrialTerms};
use crate::query::taken_back::is_taken_back;
use crate::tenant::Tenant;
use crate::tenant::grant_state::{GrantState, GrantStates};
use crate::tenant::no_units::NoUnits;
use crate::time::EARLIEST;

/// Returns whether the publisher ends a plan at an instant: what was bought, or its trial. `O(n)` in
/// the tenant's grants.
pub(super) fn is_ended_early(tenant: &Tenant, plan: &PlanId, on: DateTime<Utc>) -> bool {
    let states = GrantStates::of(tenant.core(), plan, on);
    let is_revoked_then = |state| matches!(state, GrantState::NoUnits(NoUnits::Revoked { since }) if since == on);
    is_revoked_then(states.paid)
        || is_revoked_then(states.trial)
        || (states.paid == (GrantState::NoUnits(NoUnits::Ended { since: on })) && is_taken_back(tenant, plan, on))
        || (states.trial == (GrantState::NoUnits(NoUnits::TrialEnded { since: on }))
            && is_trial_withdrawn(tenant, plan, on))
}

/// Returns whether the publisher withdraws a trial of a plan at an instant. `O(n)` in the tenant's grants.
fn is_trial_withdrawn(tenant: &Tenant, plan: &PlanId, on: DateTime<Utc>) -> bool {
    tenant.grants(on).any(|status| match &status.grant.kind {
        GrantKind::Trial(TrialTerms { early: Termination::Withdrawn(at), .. }) => {
            status.grant.plan == *plan && *at == on
        }
        _ => false,
    })
}

/// Returns since when the license of a plan is withdrawn, if its reason is that and not that it ran
/// out.
pub(super) fn withdrawn_since(
    tenant: &Tenant,
    plan: &PlanId,
    reason: &DenialReason,
    at: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    match reason {
        DenialReason::NoUnits(NoUnits::Ended { since }) if *since != EARLIEST && is_taken_back(tenant, plan, at) => {
            Some(*since)
        }
        _ => None,
    }
}
