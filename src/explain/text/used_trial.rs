//! A trial that was used before a purchase.

use chrono::{DateTime, Utc};

use crate::decision::denial_explanation::PlanDenial;
use crate::decision::denial_reason::DenialReasonKind;
use crate::query::trials::{TrialState, TrialStatus};
use crate::tenant::Tenant;
use crate::tenant::grant_state::GrantState;
use crate::tenant::no_units::NoUnits;
use crate::time::EARLIEST;

/// Returns when the trial of a plan ended that ran before a purchase, which is over now as well.
/// `O(n)` in the tenant's grants.
pub(super) fn used_trial(tenant: &Tenant, miss: &PlanDenial, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let is_over = miss.paid != GrantState::NoUnits(NoUnits::NoGrant) && miss.reason.kind() == DenialReasonKind::Over;
    let is_started = |status: &TrialStatus<'_>| matches!(status.state, TrialState::Started { .. });
    let is_used = || tenant.trials(at).any(|status| status.name.plan == miss.plan && is_started(&status));
    match miss.trial {
        GrantState::NoUnits(NoUnits::TrialEnded { since }) if is_over && since != EARLIEST && is_used() => Some(since),
        _ => None,
    }
}
