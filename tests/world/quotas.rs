//! Laws of quotas: what the library answers is what the oracle does, and never more than the documents give.

use chrono::{DateTime, TimeDelta, Utc};
use entitle::Tenant;
use entitle::catalog::{Combination, Management, Plan, QuotaPer, TenantQuota, UserQuota};
use entitle::quantity::{QuotaAmount, Total};
use entitle::quota::QuotaDecision;
use entitle::time::End;
use proptest::prelude::*;

use super::calendar::{around, days};
use super::law::limit;
use super::offers::QUOTAS;
use super::{World, any_world, cases, floor, users};

fn handles(tenant: &Tenant) -> (UserQuota, TenantQuota) {
    (tenant.catalog().user_quota(QUOTAS[0]).unwrap(), tenant.catalog().tenant_quota(QUOTAS[1]).unwrap())
}

/// How much of the quota of users each user has, and how much of the other the organisation has.
pub(crate) fn amounts(tenant: &Tenant, now: DateTime<Utc>) -> Vec<QuotaAmount> {
    let (of_users, of_tenant) = handles(tenant);
    let of_each = users().into_iter().map(|user| tenant.quota(&user, &of_users, now).amount());
    of_each.chain([tenant.tenant_quota(&of_tenant, now).amount()]).collect()
}

/// The instants at which anything of a quota may change, with the seconds around, and days between.
fn instants(world: &World) -> Vec<DateTime<Utc>> {
    let oracle = world.oracle(&world.record);
    let plans = world.offer.plans.iter().flat_map(|plan| oracle.boundaries(&plan.id));
    days().step_by(3).chain(plans.flat_map(around)).collect()
}

/// The most that could be of a quota from the documents alone: every plan with a limit in effect, for everyone (Q4).
fn most(world: &World, quota: usize, at: DateTime<Utc>) -> QuotaAmount {
    let entry = &world.offer.quotas[quota];
    let mut most = QuotaAmount::ZERO;
    for plan in &world.offer.plans {
        let Some(amount) = most_of_plan(world, plan, quota, at) else { continue };
        most = match entry.combine {
            Combination::Largest => most.max(amount),
            Combination::Sum => most.plus(amount),
        };
    }
    most.max(entry.free)
}

fn most_of_plan(world: &World, plan: &Plan, quota: usize, at: DateTime<Utc>) -> Option<QuotaAmount> {
    let id = &world.offer.quotas[quota].id;
    let given = plan.quotas.iter().find(|given| given.quota == *id)?;
    let units = limit(world, &plan.id, at);
    if units == Total::ZERO {
        return None;
    }
    // The largest amount that any document gives the plan, for as many units as there can be.
    let grants = world.test_licenses.iter().flat_map(|license| &license.deal.grants).filter(|it| it.plan == plan.id);
    let own = grants.flat_map(|grant| &grant.amounts).filter(|own| own.quota == *id).map(|own| own.amount);
    let largest = own.fold(given.amount, QuotaAmount::max);
    Some(match given.per {
        QuotaPer::Plan => largest,
        QuotaPer::Unit => largest.times(units),
    })
}

proptest! {
    #![proptest_config(cases(4))]

    #[test]
    fn q3_a_quota_is_what_the_oracle_answers(world in any_world()) {
        let (tenant, oracle) = (world.tenant(), world.oracle(&world.record));
        let (of_users, of_tenant) = handles(&tenant);
        for now in instants(&world) {
            for user in users() {
                let expected = oracle.quota(Some(&user), of_users.id(), now);
                let status = tenant.quota(&user, &of_users, now);
                prop_assert_eq!(status.amount(), expected, "{} at {}", user, now);
                prop_assert_eq!(status.until(), oracle.quota_until(of_users.id(), now), "{} at {}", user, now);
            }
            let status = tenant.tenant_quota(&of_tenant, now);
            prop_assert_eq!(status.amount(), oracle.quota(None, of_tenant.id(), now), "at {}", now);
            prop_assert_eq!(status.until(), oracle.quota_until(of_tenant.id(), now), "at {}", now);
        }
    }

    #[test]
    fn q4_a_quota_is_never_more_than_the_documents_give(world in any_world()) {
        let tenant = world.tenant();
        for now in instants(&world).into_iter().filter(|_| world.offer.management != Management::Unmanaged) {
            let at = tenant.reading(now);
            let amounts = amounts(&tenant, now);
            let (of_tenant, of_users) = amounts.split_last().unwrap();
            prop_assert!(*of_tenant <= most(&world, 1, at), "{} at {}", of_tenant, now);
            for amount in of_users {
                prop_assert!(*amount <= most(&world, 0, at), "{} at {}", amount, now);
            }
        }
    }

    /// Before `until` nothing changes, and what a check answers is what the amount allows.
    #[test]
    fn k5_a_quota_holds_until_it_says(world in any_world(), wanted in 0..12_u64) {
        let tenant = world.tenant();
        let (of_users, of_tenant) = handles(&tenant);
        for now in days().step_by(5).filter(|now| *now >= floor(&tenant)) {
            for user in users() {
                let status = tenant.quota(&user, &of_users, now);
                if let End::At(until) = status.until() {
                    let last = until - TimeDelta::seconds(1);
                    prop_assert_eq!(tenant.quota(&user, &of_users, last).amount(), status.amount());
                    prop_assert!(until > now);
                } else {
                    let later = now + TimeDelta::days(4_000);
                    prop_assert_eq!(tenant.quota(&user, &of_users, later).amount(), status.amount());
                }
                let decision = tenant.check_quota(&user, &of_users, wanted, now);
                prop_assert_eq!(decision.is_within(), status.amount().allows(wanted));
                if let QuotaDecision::Over(over) = decision {
                    let explanation = over.explain();
                    prop_assert_eq!((explanation.amount, explanation.wanted), (status.amount(), wanted));
                    prop_assert_eq!(explanation.plans.len(), giving(&tenant, 0));
                }
            }
            let decision = tenant.check_tenant_quota(&of_tenant, wanted, now);
            prop_assert_eq!(decision.is_within(), tenant.tenant_quota(&of_tenant, now).amount().allows(wanted));
        }
    }
}

fn giving(tenant: &Tenant, quota: usize) -> usize {
    let offer = tenant.catalog().offer();
    let gives = |plan: &&Plan| plan.quotas.iter().any(|given| given.quota == offer.quotas[quota].id);
    offer.plans.iter().filter(gives).count()
}
