//! Whether a publisher took back what was bought of a plan.

use chrono::{DateTime, Utc};

use crate::id::PlanId;
use crate::license::grant::{GrantKind, PaidTerms, Termination};
use crate::tenant::Tenant;
use crate::tenant::grant_state::{GrantState, GrantStates};
use crate::tenant::no_units::NoUnits;
use crate::time::EARLIEST;

/// Returns whether the publisher took back what was bought of a plan: its paid grants are over, and
/// the last of them was revoked or withdrawn. `O(n)` in the tenant's grants.
pub(crate) fn is_taken_back(tenant: &Tenant, plan: &PlanId, at: DateTime<Utc>) -> bool {
    match GrantStates::of(tenant.core(), plan, at).paid {
        GrantState::NoUnits(NoUnits::Revoked { .. }) => true,
        GrantState::NoUnits(NoUnits::Ended { since }) => tenant.grants(at).any(|status| match &status.grant.kind {
            GrantKind::Paid(PaidTerms { early: Termination::Withdrawn(on), .. }) => {
                status.grant.plan == *plan && (*on == since || since == EARLIEST)
            }
            _ => false,
        }),
        _ => false,
    }
}
