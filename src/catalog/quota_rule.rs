//! The rule of a quota: the plans that give it, and how their amounts combine (Q1, Q3).

use alloc::vec::Vec;

use crate::catalog::index::PlanIndex;
use crate::catalog::offer::{Management, Offer, Plan, Scope};
use crate::catalog::quota::{Combination, QuotaEntry, QuotaPer};
use crate::collections::id_index::IdIndex;
use crate::quantity::quota_amount::QuotaAmount;

/// The rule that decides how much of a quota a user or an organisation has.
#[derive(Debug, Clone)]
pub(crate) struct QuotaRule {
    /// The amount without a license: all of it where license management is off.
    pub(crate) free: QuotaAmount,
    pub(crate) combine: Combination,
    /// The plans that give the quota, in the catalog's order.
    pub(crate) plans: Vec<GivingPlan>,
}

/// What a plan gives of a quota.
#[derive(Debug, Clone)]
pub(crate) struct GivingPlan {
    pub(crate) plan: PlanIndex,
    pub(crate) amount: QuotaAmount,
    pub(crate) per: QuotaPer,
    /// The needs of the plan that name tenant plans alone, which must be met for the organisation.
    pub(crate) tenant_needs: Vec<Vec<PlanIndex>>,
}

/// Returns the rule of each quota, in the offer's order.
pub(crate) fn quota_rules(offer: &Offer, plans: &IdIndex<'_>) -> Vec<QuotaRule> {
    let quotas = IdIndex::of(offer.quotas.iter().map(|quota| quota.id.as_str()));
    let mut rules: Vec<QuotaRule> = offer.quotas.iter().map(|quota| without_plans(offer, quota)).collect();
    for (index, plan) in offer.plans.iter().enumerate() {
        for given in &plan.quotas {
            let Some(rule) = quotas.last(given.quota.as_str()).and_then(|place| rules.get_mut(place)) else { continue };
            rule.plans.push(GivingPlan {
                plan: PlanIndex(index),
                amount: given.amount,
                per: given.per,
                tenant_needs: tenant_needs(offer, plans, plan),
            });
        }
    }
    rules
}

fn without_plans(offer: &Offer, quota: &QuotaEntry) -> QuotaRule {
    let free = match offer.management {
        Management::Unmanaged => QuotaAmount::Unlimited,
        Management::Managed(_) => quota.free,
    };
    QuotaRule { free, combine: quota.combine, plans: Vec::new() }
}

fn tenant_needs(offer: &Offer, plans: &IdIndex<'_>, plan: &Plan) -> Vec<Vec<PlanIndex>> {
    let indexes = |need: &Vec<_>| -> Vec<PlanIndex> {
        need.iter().filter_map(|id: &crate::id::PlanId| plans.last(id.as_str())).map(PlanIndex).collect()
    };
    let is_tenant = |plan: &PlanIndex| offer.plans.get(plan.0).is_some_and(|plan| plan.scope == Scope::Tenant);
    let needs = plan.requires.iter().map(indexes);
    needs.filter(|need| need.iter().all(is_tenant)).collect()
}
