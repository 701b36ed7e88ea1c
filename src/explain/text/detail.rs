//! The details of a plan for a user, as the support desk reads them.

use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::catalog::offer::Scope;
use crate::id::PlanId;
use crate::id::user::UserId;
use crate::license::grant::{GrantKind, PaidTerms, Termination, Tolerance};
use crate::message::{Message, Text, TextPart, Value, wordings};
use crate::query::grants::GrantStatus;
use crate::tenant::Tenant;
use crate::tenant::command::TrialName;
use crate::tenant::source::source;
use crate::tenant::state::user::{UserEntitlements, claim_on};
use crate::time::Phase;

wordings! {
    DETAIL_POOL = "detail.pool",
        "usable units: {usable}, seats: {limit}, seated: {seated}, without a seat: {waiting}, next change by time: {until}";
    DETAIL_POOL_OF_ALL = "detail.pool-of-all", "usable units: {usable}, next change by time: {until}";
    DETAIL_MORE_GRANTS = "detail.more-grants", "grants not shown: {more}";
    DETAIL_CLAIM = "detail.claim", "claimed since entry {entry}";
    DETAIL_GRANT_PAID = "detail.grant-paid",
        "license {license} revision {revision}: paid, units: {units}, {phase}, next change by time: {until}";
    DETAIL_GRANT_WITHDRAWN = "detail.grant-withdrawn",
        "license {license} revision {revision}: paid, units: {units}, withdrawn by its publisher on {since}";
    DETAIL_GRANT_TRIAL = "detail.grant-trial",
        "license {license} revision {revision}: trial, units: {units}, {phase}, next change by time: {until}";
    DETAIL_GRANT_TRIAL_MISSED = "detail.grant-trial-missed",
        "license {license} revision {revision}: trial, units: {units}, never started, could be started before {closes}";
    DETAIL_TOLERANCE = "detail.tolerance",
        "license {license} tolerates {units} seats in all before {until}";
}

/// The largest number of grants of a plan in a text.
const SHOWN: usize = 10;

/// Adds the pool of a plan, its grants, and the sources of the user's claim if there is a user.
pub(crate) fn details(tenant: &Tenant, user: Option<&UserId>, plan: &PlanId, at: DateTime<Utc>, text: &mut Text) {
    let pool = tenant.pool(plan, at);
    let is_for_users = tenant.catalog().plan(plan).is_none_or(|plan| plan.scope == Scope::User);
    let message = if is_for_users {
        let message = DETAIL_POOL.message().with("limit", &pool.limit).with("seated", pool.seated);
        message.with("waiting", pool.waiting)
    } else {
        DETAIL_POOL_OF_ALL.message()
    };
    text.push(TextPart::Detail, [message.with("usable", &pool.usable).with("until", &pool.until)]);
    let of_plan = || tenant.grants(at).filter(|status| status.grant.plan == *plan);
    // Ended grants come last.
    let (first, last) =
        (|it: &GrantStatus<'_>| it.phase > Phase::Ended, |it: &GrantStatus<'_>| it.phase <= Phase::Ended);
    let grants: Vec<GrantStatus<'_>> = of_plan().filter(first).chain(of_plan().filter(last)).collect();
    let more = grants.len().saturating_sub(SHOWN);
    for status in grants.iter().take(SHOWN) {
        text.push(TextPart::Detail, [grant(tenant, status)]);
        if let Some(tolerance) = tolerance(status, at) {
            text.push(TextPart::Detail, [tolerance]);
        }
    }
    if more > 0 {
        text.push(TextPart::Detail, [DETAIL_MORE_GRANTS.message().with("more", more)]);
    }
    let Some(user) = user else { return };
    let held = tenant.state().users.held(user).unwrap_or(&UserEntitlements::Nothing);
    let claims = held.claims();
    let claim = tenant.core().number(plan).and_then(|number| claim_on(claims.as_slice(), number));
    if let Some(claim) = claim {
        let since = DETAIL_CLAIM.message().with("entry", Value::ordinal(claim.event));
        let sources = tenant.core().sources(user, held.groups(), claim);
        text.push(TextPart::Detail, core::iter::once(since).chain(sources.iter().map(source)));
    }
}

fn grant(tenant: &Tenant, status: &GrantStatus<'_>) -> Message {
    let deal = status.license.deal();
    let is_started = || tenant.core().run(&TrialName::new(deal.id, status.grant.plan.clone())).is_some();
    let message = match &status.grant.kind {
        GrantKind::Trial(trial) if status.phase == Phase::Ended && !is_started() => {
            DETAIL_GRANT_TRIAL_MISSED.message().with("closes", trial.may_start.closes())
        }
        GrantKind::Paid(PaidTerms { early: Termination::Withdrawn(since), .. }) if status.phase == Phase::Ended => {
            DETAIL_GRANT_WITHDRAWN.message().with("since", *since)
        }
        GrantKind::Paid(_) => DETAIL_GRANT_PAID.message(),
        GrantKind::Trial(_) => DETAIL_GRANT_TRIAL.message(),
    };
    let message = message.with("license", &deal.id).with("revision", Value::ordinal(&deal.revision));
    message.with("units", &status.grant.units).with("phase", &status.phase).with("until", &status.until)
}

/// Returns the message about the seats that a license tolerates beyond its units (S11).
fn tolerance(status: &GrantStatus<'_>, at: DateTime<Utc>) -> Option<Message> {
    let Tolerance::UpTo(tolerated) = status.grant.tolerance else { return None };
    let is_usable = matches!(status.phase, Phase::Active | Phase::Grace) && at < tolerated.until;
    let message = DETAIL_TOLERANCE.message().with("license", &status.license.deal().id);
    is_usable.then(|| message.with("units", &tolerated.units).with("until", tolerated.until))
}
