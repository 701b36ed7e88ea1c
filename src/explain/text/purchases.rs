//! The purchases among the steps of a remedy: of what has ended, of what was taken back, and of what
//! is bought and starts later.

use core::num::NonZeroU32;

use chrono::{DateTime, Utc};

use crate::catalog::Catalog;
use crate::catalog::offer::Plan;
use crate::decision::denial_explanation::PlanDenial;
use crate::explain::text::Audience;
use crate::id::PlanId;
use crate::license::grant::GrantKind;
use crate::message::{Message, Wording, wordings};
use crate::quantity::units::{Sum, Total};
use crate::remedy::{PurchaseKind, Step};
use crate::tenant::Tenant;
use crate::tenant::grant_state::{GrantState, GrantStates};
use crate::tenant::no_units::NoUnits;
use crate::time::{EARLIEST, End};

wordings! {
    ADMIN_BUY_AGAIN_ONE = "admin.buy-again-one", "buy {plan} again with at least 1 unit";
    ADMIN_BUY_AGAIN = "admin.buy-again", "buy {plan} again with at least {units} units";
    ADMIN_RENEW_ONE = "admin.renew-one", "renew {plan} with at least 1 unit (licensed before: {former})";
    ADMIN_RENEW = "admin.renew", "renew {plan} with at least {units} units (licensed before: {former})";
    ADMIN_BUY_REQUIRED_ONE = "admin.buy-required-one", "buy 1 unit of {plan}, which {by} requires";
    ADMIN_BUY_REQUIRED = "admin.buy-required", "buy {units} units of {plan}, which {by} requires";
    ADMIN_BUY_SOONER_ONE = "admin.buy-sooner-one",
        "if it cannot wait: ask the publisher for an earlier start, or buy 1 unit of {plan} for the time before {from}";
    ADMIN_BUY_SOONER = "admin.buy-sooner",
        "if it cannot wait: ask the publisher for an earlier start, or buy {units} units of {plan} for the time before {from}";
    INDIVIDUAL_BUY = "individual.buy", "buy {plan}";
    INDIVIDUAL_RENEW = "individual.renew", "renew {plan}";
    INDIVIDUAL_BUY_SOONER_ONE = "individual.buy-sooner-one",
        "if it cannot wait: ask the vendor for an earlier start, or buy 1 unit of {plan} for the time before {from}";
    INDIVIDUAL_BUY_SOONER = "individual.buy-sooner",
        "if it cannot wait: ask the vendor for an earlier start, or buy {units} units of {plan} for the time before {from}";
    SUPPORT_BUY_SOONER_ONE = "support.buy-sooner-one",
        "if it cannot wait: issue the license with an earlier start, or have the customer buy 1 unit of {plan} for the time before \
         {from}";
    SUPPORT_BUY_SOONER = "support.buy-sooner",
        "if it cannot wait: issue the license with an earlier start, or have the customer buy {units} units of {plan} for the time \
         before {from}";
}

/// Returns the message of a purchase for an audience, where the plan was bought before, is bought for
/// later, or is required by one of the plans that open the app; `None` for another step. `O(n)` in
/// the tenant's grants.
pub(super) fn purchase(
    tenant: &Tenant,
    openers: &[PlanDenial],
    step: &Step,
    at: DateTime<Utc>,
    audience: Audience,
) -> Option<Message> {
    let is_one_for_oneself = audience == Audience::Individual && is_first_unit(tenant, step, at);
    let (message, plan) = match step {
        Step::Buy { plan, units, kind: PurchaseKind::Again } => {
            (counted(*units, ADMIN_BUY_AGAIN_ONE, ADMIN_BUY_AGAIN), plan)
        }
        Step::Buy { plan, units, kind: PurchaseKind::Renewal } => {
            let former = units_before(tenant, plan, at);
            if is_one_for_oneself && former.is_none_or(|former| former == Total::ONE) {
                (INDIVIDUAL_RENEW.message(), plan)
            } else {
                (counted(*units, ADMIN_RENEW_ONE, ADMIN_RENEW).with("former", &former?), plan)
            }
        }
        Step::Buy { plan, units, kind: PurchaseKind::Additional } => {
            let message = match (starts(tenant, plan, at), audience) {
                (Some(from), Audience::SupportDesk) => {
                    counted(*units, SUPPORT_BUY_SOONER_ONE, SUPPORT_BUY_SOONER).with("from", from)
                }
                (Some(from), Audience::Individual) => {
                    counted(*units, INDIVIDUAL_BUY_SOONER_ONE, INDIVIDUAL_BUY_SOONER).with("from", from)
                }
                (Some(from), _) => counted(*units, ADMIN_BUY_SOONER_ONE, ADMIN_BUY_SOONER).with("from", from),
                (None, _) => match requiring(tenant.catalog(), openers, plan) {
                    Some(by) => counted(*units, ADMIN_BUY_REQUIRED_ONE, ADMIN_BUY_REQUIRED).with("by", by),
                    None if is_one_for_oneself => INDIVIDUAL_BUY.message(),
                    None => return None,
                },
            };
            (message, plan)
        }
        _ => return None,
    };
    Some(message.with("plan", plan))
}

/// Returns whether a step buys what is not bought already for a later time. `O(n)` in the tenant's
/// grants.
pub(super) fn is_needed(tenant: &Tenant, step: &Step, at: DateTime<Utc>) -> bool {
    match step {
        Step::Buy { plan, kind: PurchaseKind::Additional, .. } => starts(tenant, plan, at).is_none(),
        Step::Buy { .. } => true,
        _ => false,
    }
}

/// Returns whether a step buys or renews one unit of a plan of which none is usable: the plan itself, for a
/// person who is the whole tenant.
fn is_first_unit(tenant: &Tenant, step: &Step, at: DateTime<Utc>) -> bool {
    match step {
        Step::Buy { plan, units: NonZeroU32::MIN, .. } => tenant.pool(plan, at).usable == Total::ZERO,
        _ => false,
    }
}

fn counted(units: NonZeroU32, one: Wording, many: Wording) -> Message {
    match units {
        NonZeroU32::MIN => one.message(),
        _ => many.message().with("units", &units),
    }
}

/// Returns the plan among those that open the app that requires a plan without an alternative; `None`
/// for a plan that opens the app by itself.
fn requiring<'a>(catalog: &Catalog, openers: &'a [PlanDenial], plan: &PlanId) -> Option<&'a PlanId> {
    if openers.iter().any(|opener| opener.plan == *plan) {
        return None;
    }
    let alone = core::slice::from_ref(plan);
    let requires_it = |opener: &Plan| opener.requires.iter().any(|any_of| any_of.as_slice() == alone);
    let by = openers.iter().find(|opener| catalog.plan(&opener.plan).is_some_and(requires_it));
    by.map(|opener| &opener.plan)
}

/// Returns from when what is bought of a plan is usable.
fn starts(tenant: &Tenant, plan: &PlanId, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    match GrantStates::of(tenant.core(), plan, at).paid {
        GrantState::NoUnits(NoUnits::Pending { from: End::At(from) }) => Some(from),
        _ => None,
    }
}

/// Returns the units of the paid grants of a plan that ended or were suspended last, together; `None`
/// if none of them had begun.
fn units_before(tenant: &Tenant, plan: &PlanId, at: DateTime<Utc>) -> Option<Total> {
    let paid = GrantStates::of(tenant.core(), plan, at).paid;
    let GrantState::NoUnits(NoUnits::Ended { since } | NoUnits::Suspended { since, .. }) = paid else { return None };
    let grants = tenant.core().grants(plan).filter(|(grant, _)| matches!(grant.kind, GrantKind::Paid(_)));
    let last = grants.filter(|(_, timeline)| timeline.begins(timeline.phase(at)) == Some(since));
    let mut sum = Sum::default();
    last.for_each(|(grant, _)| sum.add(grant.units));
    // What ended before it began was never in force.
    (since != EARLIEST).then(|| sum.total())
}
