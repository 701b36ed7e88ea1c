//! Why a plan gives nothing, with what only the tenant knows of it.

use chrono::{DateTime, Utc};

use crate::catalog::release::Release;
use crate::decision::denial_explanation::PlanDenial;
use crate::decision::denial_reason::{DenialReason, queue_number};
use crate::decision::grant_state::{GrantState, GrantStates};
use crate::explain::text::taken_back::withdrawn_since;
use crate::id::PlanId;
use crate::license::deal::Freshness;
use crate::message::{Message, Value, messages, wordings};
use crate::quantity::units::Total;
use crate::tenant::Tenant;
use crate::time::{Days, EARLIEST, End, Phase};

wordings! {
    ADMIN_WITHDRAWN = "admin.withdrawn", "its license was withdrawn by its publisher on {since}, for example after a refund";
    ADMIN_TRIAL_ENDED = "admin.trial-ended", "its trial ended on {since}";
    ADMIN_LIST_NOT_FRESH = "admin.list-not-fresh",
        "its license requires a revocation list that is less than {age} old, and has given nothing without one since {since}";
}

// The code of a reason is that of its message, except where the message has no date.
messages! {
    DenialReason;
    Self::NoGrant => "reason.no-grant", "no license grants it";
    Self::Revoked { since } => "reason.revoked", "its license was revoked on {since}", since;
    Self::Ended { since } if *since == EARLIEST => ("reason.ended")
        "reason.ended-before-it-began", "its license was ended before it began";
    Self::Ended { since } => "reason.ended", "its license ended on {since}", since;
    Self::Suspended { since, until: End::Never } => ("reason.suspended") "reason.suspended-without-end",
        "its license has been suspended since {since}: a renewal restores it", since;
    Self::ReleaseNotCovered { release: Release::Dated(release), fallback } => "reason.release-not-covered",
        "its license covers releases from before {fallback}, and this release is of {release}", fallback, release;
    Self::ReleaseNotCovered { release: Release::Undated, fallback } => ("reason.release-not-covered")
        "reason.release-undated",
        "its license covers releases from before {fallback}, and this version of the application does not state its release date", fallback;
    Self::Suspended { since, until } => "reason.suspended",
        "its license has been suspended since {since}: a renewal before {until} restores it", since, until;
    Self::TrialNotStarted { until: End::Never } => ("reason.trial-not-started")
        "reason.trial-not-started-without-end", "its trial has not been started";
    Self::TrialNotStarted { until } => "reason.trial-not-started",
        "its trial has not been started, which is possible until {until}", until;
    Self::Pending { from: End::At(from) } => "reason.pending", "its license starts on {from}", from;
    Self::Pending { from: End::Never } => ("reason.pending")
        "reason.pending-for-ever", "its license has not started, and will not become usable by time alone";
    Self::ListNotFresh { since } => "reason.list-not-fresh",
        "its license requires a recent revocation list, and has given nothing without one since {since}", since;
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
    if let Some(since) = trial_ended_on(tenant, plan, reason, at) {
        return ADMIN_TRIAL_ENDED.message().with("since", since);
    }
    match (reason, required_list_age(tenant, plan, at)) {
        (DenialReason::ListNotFresh { since }, Some(age)) => {
            ADMIN_LIST_NOT_FRESH.message().with("age", &age).with("since", since)
        }
        _ => reason.message(),
    }
}

/// Returns when the trial of a plan ended of which nothing was bought, where that is the reason.
fn trial_ended_on(tenant: &Tenant, plan: &PlanId, reason: &DenialReason, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    match reason {
        DenialReason::Ended { since } if *since != EARLIEST => {
            (GrantStates::of(tenant, plan, at).paid == GrantState::NoGrant).then_some(*since)
        }
        _ => None,
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
