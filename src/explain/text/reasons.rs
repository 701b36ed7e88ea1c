//! Why a plan gives nothing, with what only the tenant knows of it.

use chrono::{DateTime, Utc};

use crate::decision::denial_reason::DenialReason;
use crate::explain::text::taken_back::withdrawn_since;
use crate::id::PlanId;
use crate::license::deal::Freshness;
use crate::message::{Message, wordings};
use crate::tenant::Tenant;
use crate::time::{Days, Phase};

wordings! {
    ADMIN_WITHDRAWN = "admin.withdrawn", "its license was withdrawn by its publisher on {since}, for example after a refund";
    ADMIN_LIST_NOT_FRESH = "admin.list-not-fresh",
        "its license requires a revocation list that is less than {age} old, and has given nothing without one since {since}";
}

/// Returns the message of the reason of a plan for those who administer it.
pub(super) fn reason(tenant: &Tenant, plan: &PlanId, reason: &DenialReason, at: DateTime<Utc>) -> Message {
    if let Some(since) = withdrawn_since(tenant, plan, reason, at) {
        return ADMIN_WITHDRAWN.message().with("since", since);
    }
    match (reason, required_list_age(tenant, plan, at)) {
        (DenialReason::ListNotFresh { since }, Some(age)) => {
            ADMIN_LIST_NOT_FRESH.message().with("age", &age).with("since", since)
        }
        _ => reason.message(),
    }
}

/// Returns the age that a revocation list must be below for the licenses of a plan that lack a recent
/// one; `None` if none lacks one. `O(n)` in the tenant's grants.
pub(super) fn required_list_age(tenant: &Tenant, plan: &PlanId, at: DateTime<Utc>) -> Option<Days> {
    let lacking = tenant.grants(at).filter(|status| status.grant.plan == *plan && status.phase == Phase::NotFresh);
    let ages = lacking.filter_map(|status| match status.license.deal().freshness {
        Freshness::Asked(limit) => Some(limit.deny_after),
        Freshness::NotAsked => None,
    });
    ages.min()
}
