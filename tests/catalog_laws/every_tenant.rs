//! Laws of small catalogs, compared with every tenant there can be.

use std::collections::BTreeSet;

use entitle::catalog::{
    Access, AppEntry, CatalogWarning, Combination, InstallPolicy, Management, Offer, Plan, PlanQuota, QuotaEntry,
    QuotaScope, Scope,
};
use entitle::quantity::QuotaAmount;
use entitle::testing::{LawFailure, Laws};
use entitle::{Catalog, Command, PlanId, Tenant};
use proptest::prelude::*;
use proptest::sample::subsequence;

use crate::support::{Scenario, Vendor, days, paid, user};

/// Up to four plans over three apps, each requiring any of those before it; some of them exclude each other.
fn offers() -> impl Strategy<Value = Offer> {
    let plan = (
        any::<bool>(),
        subsequence(vec!["a", "b", "c"], 0..=3),
        prop::collection::vec(subsequence(vec![0, 1, 2], 1..=3), 0..=2),
    );
    (prop::collection::vec(plan, 1..=4), any::<u16>(), any::<u16>()).prop_map(|(plans, some, others)| {
        let managed = Management::Managed(InstallPolicy::WithLicense);
        let mut offer = Offer::new("p".parse().unwrap(), "o".parse().unwrap(), managed);
        let mut scopes = Vec::new();
        for (number, (is_tenant, apps, needs)) in plans.into_iter().enumerate() {
            let scope = if is_tenant { Scope::Tenant } else { Scope::User };
            let mut plan = Plan::new(format!("p{number}").parse().unwrap(), scope, "P".parse().unwrap());
            plan.apps = apps.iter().map(|app| app.parse().unwrap()).collect();
            for need in needs {
                // A tenant plan requires tenant plans only (C4).
                let fits =
                    |&&before: &&usize| before < number && (scope == Scope::User || scopes[before] == Scope::Tenant);
                let any: Vec<PlanId> = need.iter().filter(fits).map(|n| format!("p{n}").parse().unwrap()).collect();
                if !any.is_empty() {
                    plan.requires.push(any);
                }
            }
            scopes.push(scope);
            offer.plans.push(plan);
        }
        let is_user = |offer: &Offer, n: usize| offer.plans.get(n).is_some_and(|plan| plan.scope == Scope::User);
        for (one, other) in (0..4).flat_map(|one| (0..one).map(move |other| (one, other))) {
            if (some & others) & (1 << (4 * one + other)) == 0 || !is_user(&offer, one) || !is_user(&offer, other) {
                continue;
            }
            offer.plans[one].excludes.push(format!("p{other}").parse().unwrap());
            // Where that takes a need all its plans, the catalog would not be sound.
            let excluded = |id: &PlanId| offer.plans[one].excludes.contains(id);
            if offer.plans[one].requires.iter().any(|any| any.iter().all(excluded)) {
                offer.plans[one].excludes.pop();
            }
        }
        for app in ["a", "b", "c"] {
            let app: entitle::AppId = app.parse().unwrap();
            let is_listed = offer.plans.iter().any(|plan| plan.apps.contains(&app));
            let access = if is_listed { Access::Licensed } else { Access::Free };
            offer.apps.push(if access == Access::Free { AppEntry::free(app) } else { AppEntry::licensed(app) });
        }
        offer
    })
}

/// Every order of some plans.
fn orders(plans: &[&Plan]) -> Vec<Vec<PlanId>> {
    let Some((first, rest)) = plans.split_first() else { return vec![Vec::new()] };
    let mut all = Vec::new();
    for order in orders(rest) {
        for at in 0..=order.len() {
            let mut longer = order.clone();
            longer.insert(at, first.id.clone());
            all.push(longer);
        }
    }
    all
}

/// Every tenant there can be of a small catalog: which plans it has, and ada with them, assigned in any order.
fn tenants(catalog: &Catalog) -> Vec<(BTreeSet<PlanId>, Tenant)> {
    let vendor = Vendor { catalog: catalog.clone(), ..Vendor::fabrikam() };
    let plans = &catalog.offer().plans;
    let mut all = Vec::new();
    for case in 0..1_usize << plans.len() {
        let held: Vec<&Plan> = (0..plans.len()).filter(|n| case & (1 << n) != 0).map(|n| &plans[n]).collect();
        let granted = vendor.contoso(held.iter().map(|plan| paid(plan.id.as_str(), 1, days(0, 100))));
        let users: Vec<&Plan> = held.iter().copied().filter(|plan| plan.scope == Scope::User).collect();
        for order in orders(&users) {
            let mut tenant = granted.clone();
            for plan in order {
                tenant.forge(1, [Command::assign(user("ada"), plan)]);
            }
            all.push((held.iter().map(|plan| plan.id.clone()).collect(), tenant));
        }
    }
    all
}

/// The plan is in effect: an app of its own that nothing else lists would be open.
fn with_doors(mut offer: Offer) -> Offer {
    for plan in &mut offer.plans {
        let door: entitle::AppId = format!("door/{}", plan.id).parse().unwrap();
        offer.apps.push(AppEntry::licensed(door.clone()));
        plan.apps.push(door);
    }
    offer
}

/// The offer with a quota of users and one of the organisation, of which its plans give these amounts.
fn with_quotas(mut offer: Offer, given: &[(u64, u64)], combine: Combination, free: u64) -> Offer {
    let limited = |number: u64| QuotaAmount::limited(number).unwrap();
    for (id, scope) in [("projects", QuotaScope::User), ("storage", QuotaScope::Tenant)] {
        let name = || id.parse().unwrap();
        let mut entry = QuotaEntry::new(id.parse().unwrap(), name(), name(), scope, combine);
        entry.free = limited(free);
        offer.quotas.push(entry);
    }
    for (plan, (projects, storage)) in offer.plans.iter_mut().zip(given) {
        // What is zero is not given at all.
        let amounts = [("projects", *projects), ("storage", *storage)].into_iter().filter(|(_, amount)| *amount > 0);
        plan.quotas = amounts.map(|(id, amount)| PlanQuota::new(id.parse().unwrap(), limited(amount))).collect();
    }
    offer
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn q1_a_law_of_quotas_holds_if_and_only_if_it_holds_in_every_tenant(
        offer in offers(), given in prop::collection::vec((0..6_u64, 0..6_u64), 4), sums in any::<bool>(), free in 0..4_u64,
    ) {
        let combine = if sums { Combination::Sum } else { Combination::Largest };
        let catalog = Catalog::new(with_quotas(with_doors(offer), &given, combine, free)).unwrap();
        let (laws, tenants) = (Laws::of(&catalog), tenants(&catalog));
        let (projects, storage) = (catalog.user_quota("projects").unwrap(), catalog.tenant_quota("storage").unwrap());
        let (ada, now) = (user("ada"), crate::support::day(1));
        let smallest = |broken: &dyn Fn(&Tenant) -> bool| {
            tenants.iter().filter(|(_, tenant)| broken(tenant)).map(|(held, _)| held.len()).min()
        };
        let found = |proof: Result<(), LawFailure>| match proof {
            Ok(()) | Err(LawFailure::SaysNothing { .. } | LawFailure::GivesNothing { .. }) => None,
            Err(LawFailure::Broken { story, .. }) => Some(story.granted.len()),
            Err(other) => panic!("{other}"),
        };
        for most in 0..20 {
            let is_more = |tenant: &Tenant| tenant.check_quota(&ada, &projects, most + 1, now).is_within();
            prop_assert_eq!(found(laws.never_more_than("projects", most)), smallest(&is_more), "{}", most);
            let is_more = |tenant: &Tenant| tenant.check_tenant_quota(&storage, most + 1, now).is_within();
            prop_assert_eq!(found(laws.never_more_than("storage", most)), smallest(&is_more), "{}", most);
        }
        let plans = &catalog.offer().plans;
        for (more, less) in plans.iter().flat_map(|more| plans.iter().map(move |less| (more, less))) {
            let amount = |plan: &Plan, quota: &str| {
                plan.quotas.iter().find(|given| given.quota.as_str() == quota).map_or(QuotaAmount::ZERO, |given| given.amount)
            };
            let free = QuotaAmount::limited(free).unwrap();
            let is_less = |tenant: &Tenant| {
                let enough = amount(less, "projects").max(free);
                tenant.opens("ada", &format!("door/{}", more.id), 1) && tenant.quota(&ada, &projects, now).amount() < enough
            };
            let proof = laws.gives_at_least("projects", more.id.as_str(), less.id.as_str());
            prop_assert_eq!(found(proof), smallest(&is_less), "{} {}", more.id, less.id);
            let is_less = |tenant: &Tenant| {
                let enough = amount(less, "storage").max(free);
                let status = tenant.tenant_quota(&storage, now);
                // A plan that gives nothing of the quota is not among those that do.
                let counts = status.plans().any(|(plan, _)| plan.id == more.id);
                counts && status.amount() < enough
            };
            if amount(more, "storage") > QuotaAmount::ZERO {
                let proof = laws.gives_at_least("storage", more.id.as_str(), less.id.as_str());
                prop_assert_eq!(found(proof), smallest(&is_less), "{} {}", more.id, less.id);
            }
        }
    }

    #[test]
    fn a_law_holds_if_and_only_if_it_holds_in_every_tenant(offer in offers()) {
        let catalog = Catalog::new(with_doors(offer)).unwrap();
        let (laws, tenants) = (Laws::of(&catalog), tenants(&catalog));
        let in_effect = |tenant: &Tenant, plan: &Plan| tenant.opens("ada", &format!("door/{}", plan.id), 1);
        let smallest = |broken: &dyn Fn(&Tenant) -> bool| {
            tenants.iter().filter(|(_, tenant)| broken(tenant)).map(|(held, _)| held.len()).min()
        };
        let found = |proof: Result<(), LawFailure>| match proof {
            Ok(()) => None,
            Err(LawFailure::Broken { story, .. }) => Some(story.granted.len()),
            Err(LawFailure::SaysNothing { plan, .. }) => {
                let plan = catalog.plan(&plan).unwrap();
                assert!(!tenants.iter().any(|(_, tenant)| in_effect(tenant, plan)));
                None
            }
            Err(LawFailure::NeverOpens { app }) => {
                assert!(!tenants.iter().any(|(_, tenant)| tenant.opens("ada", &app, 1)));
                None
            }
            Err(other) => panic!("{other}"),
        };
        let plans = &catalog.offer().plans;
        for one in plans {
            for other in plans {
                let shut = |tenant: &Tenant| {
                    in_effect(tenant, one)
                        && other.apps.iter().any(|app| !tenant.opens("ada", app.as_str(), 1))
                };
                prop_assert_eq!(found(laws.unlocks_all_of(one.id.as_str(), other.id.as_str())), smallest(&shut));
                let both = |tenant: &Tenant| in_effect(tenant, one) && in_effect(tenant, other);
                prop_assert_eq!(found(laws.never_together(one.id.as_str(), other.id.as_str())), smallest(&both));
            }
            for app in catalog.apps() {
                let without = |tenant: &Tenant| tenant.opens("ada", app.id().as_str(), 1) && !in_effect(tenant, one);
                prop_assert_eq!(found(laws.opens_only_with(app.id().as_str(), one.id.as_str())), smallest(&without));
            }
        }
        let never = catalog.apps().find(|app| !tenants.iter().any(|(_, tenant)| tenant.opens("ada", app.id().as_str(), 1)));
        let never = never.map(|app| LawFailure::NeverOpens { app: app.id().to_string() });
        prop_assert_eq!(laws.every_app_can_be_opened().err(), never);
        // What the catalog itself warns of is true.
        for warning in catalog.warnings() {
            match warning {
                CatalogWarning::NeverInEffect { plan } => {
                    let plan = catalog.plan(plan).unwrap();
                    prop_assert!(!tenants.iter().any(|(_, tenant)| in_effect(tenant, plan)));
                }
                CatalogWarning::NeverOpens { app } => {
                    prop_assert!(!tenants.iter().any(|(_, tenant)| tenant.opens("ada", app.as_str(), 1)));
                }
                _ => {}
            }
        }
    }
}
