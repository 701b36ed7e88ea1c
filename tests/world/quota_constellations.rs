//! What happens around quotas in a world, on some day, so that the laws about them are known to meet it.

use chrono::{DateTime, Utc};
use entitle::catalog::{Combination, PlanQuota, QuotaPer, QuotaScope};
use entitle::license::GrantKind;
use entitle::testing::Oracle;
use std::collections::BTreeSet;

use super::calendar::days;
use super::{World, user, users};

/// The constellations of the world that occur on some day.
pub(crate) fn quota_constellations(world: &World, oracle: &Oracle) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    for at in days().step_by(9).filter(|at| *at >= oracle.floor()) {
        for entry in &world.offer.quotas {
            let giving = world.offer.plans.iter().filter_map(|plan| {
                let given = plan.quotas.iter().find(|given| given.quota == entry.id)?;
                Some((plan, given))
            });
            for (plan, given) in giving.clone() {
                found.extend(of_grants(oracle, &plan.id, given, at));
                let has_units = oracle.shut(&plan.id, at).is_none();
                let lacks = has_units && oracle.unmet(plan, &user("nobody"), at).is_some();
                found.extend((entry.scope == QuotaScope::Tenant && lacks).then_some("quota.lacks-a-tenant-plan"));
            }
            let of_two = |who| giving.clone().filter(|(plan, _)| oracle.in_effect(plan, who, at)).count() > 1;
            let is_sum = entry.scope == QuotaScope::User && entry.combine == Combination::Sum;
            found.extend((is_sum && users().iter().any(of_two)).then_some("quota.of-two-plans"));
        }
    }
    found
}

/// What the usable grants of a plan say of a quota that it gives.
fn of_grants(oracle: &Oracle, plan: &entitle::PlanId, given: &PlanQuota, at: DateTime<Utc>) -> Vec<&'static str> {
    let usable = oracle.grants(plan).iter().filter(|(_, timeline)| timeline.phase(at).is_usable());
    let own = |grant: &entitle::Grant| grant.amounts.iter().any(|own| own.quota == given.quota);
    let usable: Vec<_> = usable.map(|(grant, _)| (own(grant), matches!(grant.kind, GrantKind::Paid(_)))).collect();
    let is_mixed = usable.iter().any(|(own, _)| *own) && usable.iter().any(|(own, _)| !own);
    let [paid, trial] = [true, false].map(|is| usable.iter().filter(|(_, is_paid)| *is_paid == is).count());
    let by_unit = given.per == QuotaPer::Unit;
    let all = [
        (is_mixed, "quota.negotiated-beside-the-plans"),
        (by_unit && paid > 1, "quota.sum-by-unit"),
        (by_unit && paid > 0 && trial > 0, "quota.by-unit-of-paid-and-trial"),
    ];
    all.into_iter().filter(|(occurs, _)| *occurs).map(|(_, name)| name).collect()
}
