//! Why a plan gives nothing, with what only the tenant knows of it.

use chrono::{DateTime, Utc};

use crate::decision::denial_explanation::PlanDenial;
use crate::decision::denial_reason::{DenialReason, queue_number};
use crate::explain::text::taken_back::withdrawn_since;
use crate::id::PlanId;
use crate::license::deal::Freshness;
use crate::message::{Message, Value, messages, wordings};
use crate::quantity::units::Total;
use crate::tenant::Tenant;
use crate::tenant::no_units::NoUnits;
use crate::time::{Days, Phase};

wordings! {
    ADMIN_WITHDRAWN = "admin.withdrawn", "its license was withdrawn by its publisher on {since}, for example after a refund";
    ADMIN_LIST_NOT_FRESH = "admin.list-not-fresh",
        "its license requires a revocation list that is less than {age} old, and has given nothing without one since {since}";
}

messages! {
    DenialReason
        as Self::NoUnits(why) => why;
    Self::NotAssigned => "reason.not-assigned", "it is not assigned to this user";
    Self::Waiting { place, limit: Total::ONE } => ("reason.waiting") "reason.waiting-one-seat",
        "this user waits for a seat as number {number}: the only seat is taken", number = queue_number(*place, Total::ONE);
    Self::Waiting { place, limit } => "reason.waiting",
        "this user waits for a seat as number {number}: all {limit} seats are taken",
        number = queue_number(*place, *limit), limit;
    Self::Excluded { by } => "reason.excluded", "this user has had {by} for longer, and the two cannot be used together", by;
    Self::RequirementNotMet { any_of } => "reason.requirement-not-met",
        "it requires {any_of}, which is not in effect", any_of = Value::any_of(any_of);
    Self::TurnedOff => "reason.turned-off", "an administrator turned this app off for this user";
}

messages! {
    PlanDenial;
    Self { name, reason, .. } => (reason.code()) "plan.denial", "{name}: {reason}", name, reason;
}

/// Returns the message of the reason of a plan for those who administer it.
pub(super) fn reason(tenant: &Tenant, plan: &PlanId, reason: &DenialReason, at: DateTime<Utc>) -> Message {
    if let Some(since) = withdrawn_since(tenant, plan, reason, at) {
        return ADMIN_WITHDRAWN.message().with("since", since);
    }
    match (reason, required_list_age(tenant, plan, at)) {
        (DenialReason::NoUnits(NoUnits::ListNotFresh { since }), Some(age)) => {
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
