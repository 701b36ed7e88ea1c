//! Small random catalogs, sound by construction.

use entitle::{AppEntry, AppId, Days, Install, Management, Offer, Plan, PlanId, Scope};
use proptest::prelude::*;

/// The plans a catalog may have, in its order; not the order of their bytes.
pub(crate) const PLANS: [&str; 4] = ["mid", "top", "add", "base"];
/// The apps a catalog may have.
pub(crate) const APPS: [&str; 4] = ["orders", "bots", "reports", "audit"];

pub(crate) fn plan_id(index: usize) -> PlanId {
    PLANS[index % PLANS.len()].parse().unwrap()
}

pub(crate) fn app_id(index: usize) -> AppId {
    APPS[index % APPS.len()].parse().unwrap()
}

/// The apps whose bits are set.
pub(crate) fn apps_of(mask: u8) -> Vec<AppId> {
    (0..APPS.len()).filter(|index| mask & (1 << index) != 0).map(app_id).collect()
}

fn scope() -> impl Strategy<Value = Scope> {
    prop_oneof![6 => Just(Scope::User), 3 => Just(Scope::Tenant), 1 => Just(Scope::Capacity)]
}

fn management() -> impl Strategy<Value = Management> {
    prop_oneof![
        9 => Just(Management::Managed(Install::WithLicense)),
        3 => Just(Management::Managed(Install::WithoutLicense)),
        1 => Just(Management::Unmanaged),
    ]
}

pub(crate) fn offer() -> impl Strategy<Value = Offer> {
    let listed = prop::array::uniform4(prop::bool::weighted(0.7));
    let plans = prop::collection::vec((scope(), listed), 1..=PLANS.len());
    let notice = prop_oneof![Just(0), Just(5), Just(30)];
    // An app that no plan lists is free as well, so few need to be made free here.
    let apps = prop::collection::vec(prop::bool::weighted(0.1), 1..=APPS.len());
    (management(), notice, plans, apps).prop_map(|(management, notice, plans, free)| {
        let mut offer = Offer::new("publisher".parse().unwrap(), "product".parse().unwrap(), management);
        offer.notice = Days::new(notice);
        for (index, (scope, listed)) in plans.into_iter().enumerate() {
            let mut plan = Plan::new(plan_id(index), scope, PLANS[index].parse().unwrap());
            let lists = |app: &usize| scope != Scope::Capacity && listed[*app] && !free[*app];
            plan.apps = (0..free.len()).filter(lists).map(app_id).collect();
            offer.plans.push(plan);
        }
        for index in 0..free.len() {
            let id = app_id(index);
            let listed = offer.plans.iter().any(|plan| plan.apps.contains(&id));
            offer.apps.push(if listed { AppEntry::licensed(id) } else { AppEntry::free(id) });
        }
        offer
    })
}
