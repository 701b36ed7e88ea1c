//! Laws about a catalog, compared with every tenant there can be.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "a test may fail by panicking"
)]

#[path = "support/mod.rs"]
mod support;

use std::collections::BTreeSet;

use entitle::catalog::{
    Access, AppEntry, CatalogWarning, Combination, InstallPolicy, Management, Offer, Plan, PlanQuota, QuotaEntry,
    QuotaScope, Scope,
};
use entitle::quantity::QuotaAmount;
use entitle::testing::{LawFailure, Laws, MAX_DECIDED};
use entitle::{Catalog, Command, PlanId, Tenant};
use proptest::prelude::*;
use proptest::sample::subsequence;
use support::{Scenario, Vendor, days, paid, user};

/// The catalog with one text in it replaced.
fn edited(catalog: &str, from: &str, to: &str) -> Catalog {
    assert!(catalog.contains(from));
    Catalog::from_json(&catalog.replace(from, to)).unwrap()
}

const FABRIKAM: &str = include_str!("../examples/fabrikam.json");
const ORDERS: &str = include_str!("../examples/orders.json");

fn broken(proof: Result<(), LawFailure>) -> String {
    match proof.unwrap_err() {
        LawFailure::Broken { law, story } => format!("{law}\n{story}"),
        other => panic!("{other}"),
    }
}

#[test]
fn laws_that_hold_are_proven() {
    let laws = Laws::of(&Catalog::from_json(FABRIKAM).unwrap());
    for (more, less) in [("gold", "silver"), ("silver", "bronze"), ("gold", "bronze"), ("gold", "gold")] {
        assert_eq!(laws.unlocks_all_of(more, less), Ok(()));
    }
    assert_eq!(laws.opens_only_with("f365/audit", "gold"), Ok(()));
    assert_eq!(laws.every_app_can_be_opened(), Ok(()));
    let orders = Laws::of(&Catalog::from_json(ORDERS).unwrap());
    assert_eq!(orders.every_app_can_be_opened(), Ok(()));
}

#[test]
fn a_law_that_is_broken_comes_with_its_smallest_case() {
    let laws = Laws::of(&edited(
        FABRIKAM,
        r#"["f365/orders", "f365/forecasts", "f365/audit"]"#,
        r#"["f365/orders", "f365/audit"]"#,
    ));
    let message = "\
`gold` unlocks all of `silver`
  granted to the organisation: `gold`
  assigned to the user: `gold`
  check `f365/forecasts`: shut: `silver`, no license grants it";
    assert_eq!(broken(laws.unlocks_all_of("gold", "silver")), message);
    let message = "\
`f365/orders` opens only with `gold`
  granted to the organisation: `bronze`
  assigned to the user: `bronze`
  check `f365/orders`: open by `bronze`";
    assert_eq!(broken(laws.opens_only_with("f365/orders", "gold")), message);
    let message = "\
never `gold` and `bronze` together
  granted to the organisation: `bronze` `gold`
  assigned to the user: `bronze` `gold`
  check `f365/orders`: open by `bronze`
  check `f365/audit`: open by `gold`
  check `f365/orders`: open by `bronze`";
    assert_eq!(broken(laws.never_together("gold", "bronze")), message);
    let message = "\
`f365/basic` opens only with `gold`
  granted to the organisation: nothing
  assigned to the user: nothing
  check `f365/basic`: open to everyone";
    assert_eq!(broken(laws.opens_only_with("f365/basic", "gold")), message);
}

#[test]
fn a_law_names_what_the_catalog_has() {
    let laws = Laws::of(&Catalog::from_json(FABRIKAM).unwrap());
    let text = |proof: Result<(), LawFailure>| proof.unwrap_err().to_string();
    assert_eq!(text(laws.unlocks_all_of("golden", "silver")), "no plan of this catalog has the id `golden`");
    assert_eq!(text(laws.never_together("gold", "")), "no plan of this catalog has the id ``");
    assert_eq!(text(laws.opens_only_with("f365/adit", "gold")), "no app of this catalog has the id `f365/adit`");
}

/// Seats and storage by plan: storage is of the organisation, by unit in two of the plans.
const STUDIO: &str = r#"{
  "publisher": "fabrikam", "offer": "studio", "management": { "managed": "with_license" },
  "quotas": [
    { "id": "projects", "name": "Projects", "unit": "projects", "scope": "user", "combine": "largest", "free": { "limited": 3 } },
    { "id": "storage", "name": "Storage", "unit": "gigabytes", "scope": "tenant", "combine": "sum" }
  ],
  "apps": [{ "id": "edit", "access": "free" }],
  "plans": [
    { "id": "site", "scope": "tenant", "name": "Site", "quotas": [{ "quota": "storage", "amount": { "limited": 100 } }] },
    { "id": "pro", "scope": "user", "name": "Pro", "requires": [["site"]], "excludes": ["max"],
      "quotas": [{ "quota": "projects", "amount": { "limited": 50 } },
                 { "quota": "storage", "amount": { "limited": 10 }, "per": "unit" }] },
    { "id": "max", "scope": "user", "name": "Max",
      "quotas": [{ "quota": "projects", "amount": { "limited": 80 } }, { "quota": "storage", "amount": { "limited": 200 } }] },
    { "id": "pool", "scope": "capacity", "name": "Pool", "quotas": [{ "quota": "storage", "amount": { "limited": 7 }, "per": "unit" }] }
  ]
}"#;

#[test]
fn q1_laws_of_quotas_that_hold_are_proven() {
    let laws = Laws::of(&Catalog::from_json(STUDIO).unwrap());
    assert_eq!(laws.gives_at_least("projects", "max", "pro"), Ok(()));
    assert_eq!(laws.gives_at_least("projects", "pro", "pro"), Ok(()));
    assert_eq!(laws.gives_at_least("storage", "pro", "site"), Ok(()), "it requires the site");
    assert_eq!(laws.gives_at_least("storage", "pro", "pool"), Ok(()), "10 a unit and 100 are never less than 7 a unit");
    assert_eq!(laws.never_more_than("projects", 80), Ok(()));
}

#[test]
fn q1_a_law_of_quotas_that_is_broken_comes_with_its_smallest_case() {
    let laws = Laws::of(&Catalog::from_json(STUDIO).unwrap());
    let message = "\
`pro` gives at least as much of `projects` as `max`
  granted to the organisation: `site` (1) `pro` (1)
  assigned to the user: `pro`
  quota `projects`: 50";
    assert_eq!(broken(laws.gives_at_least("projects", "pro", "max")), message);
    let message = "\
`max` gives at least as much of `storage` as `pro`
  granted to the organisation: `max` (32)
  assigned to the user: nothing
  quota `storage`: 200";
    assert_eq!(
        broken(laws.gives_at_least("storage", "max", "pro")),
        message,
        "the first power of two units that is too many"
    );
    let message = "\
never more than 79 of `projects`
  granted to the organisation: `max`
  assigned to the user: `max`
  quota `projects`: 80";
    assert_eq!(broken(laws.never_more_than("projects", 79)), message);
    let message = "\
never more than 2 of `projects`
  granted to the organisation: nothing
  assigned to the user: nothing
  quota `projects`: 3";
    assert_eq!(broken(laws.never_more_than("projects", 2)), message, "3 are free");
    let message = "\
never more than 300 of `storage`
  granted to the organisation: `pool`
  assigned to the user: nothing
  quota `storage`: unlimited";
    assert_eq!(broken(laws.never_more_than("storage", 300)), message, "units can be unlimited");
}

#[test]
fn q1_unlimited_units_give_more_than_any_amount_that_is_given_once() {
    let once = r#""amount": { "limited": 5000000000 }"#;
    let catalog = edited(
        STUDIO,
        r#"{ "quota": "storage", "amount": { "limited": 200 } }"#,
        &format!(r#"{{ "quota": "storage", {once} }}"#),
    );
    let message = "\
`max` gives at least as much of `storage` as `pool`
  granted to the organisation: `max` (1073741824)
  assigned to the user: nothing
  quota `storage`: 5000000000";
    assert_eq!(broken(Laws::of(&catalog).gives_at_least("storage", "max", "pool")), message);
    let each =
        edited(STUDIO, r#""amount": { "limited": 7 }, "per": "unit""#, r#""amount": { "limited": 1 }, "per": "unit""#);
    let each = edited(
        &serde_json::to_string(each.offer()).unwrap(),
        r#""quota":"storage","amount":{"limited":200}"#,
        r#""quota":"storage","amount":{"limited":5000000000}"#,
    );
    let message = "\
`max` gives at least as much of `storage` as `pool`
  granted to the organisation: `max`
  assigned to the user: nothing
  quota `storage`: 5000000000";
    assert_eq!(
        broken(Laws::of(&each).gives_at_least("storage", "max", "pool")),
        message,
        "only unlimited units are too many"
    );
}

#[test]
fn q1_a_law_of_quotas_names_what_the_catalog_has_and_says_something() {
    let laws = Laws::of(&Catalog::from_json(STUDIO).unwrap());
    let text = |proof: Result<(), LawFailure>| proof.unwrap_err().to_string();
    assert_eq!(text(laws.never_more_than("project", 9)), "no quota of this catalog has the id `project`");
    assert_eq!(text(laws.gives_at_least("projects", "silver", "pro")), "no plan of this catalog has the id `silver`");
    assert_eq!(
        text(laws.gives_at_least("projects", "max", "site")),
        "`max` gives at least as much of `projects` as `site` holds only because `site` gives nothing of `projects`"
    );
}

#[test]
fn plans_that_exclude_each_other_are_never_together() {
    let laws =
        Laws::of(&edited(FABRIKAM, r#""name": "F365 Silver","#, r#""name": "F365 Silver", "excludes": ["gold"],"#));
    assert_eq!(laws.never_together("gold", "silver"), Ok(()));
    assert_eq!(laws.never_together("silver", "gold"), Ok(()));
    assert_eq!(laws.never_together("silver", "bronze").unwrap_err().code(), "law.broken");
}

fn chain(plans: usize) -> Catalog {
    let mut offer =
        Offer::new("p".parse().unwrap(), "o".parse().unwrap(), Management::Managed(InstallPolicy::WithLicense));
    offer.apps.push(AppEntry::licensed("a".parse().unwrap()));
    for number in 0..plans {
        let mut plan = Plan::new(format!("p{number}").parse().unwrap(), Scope::User, "P".parse().unwrap());
        if number > 0 {
            plan.requires.push(vec![format!("p{}", number - 1).parse().unwrap()]);
        }
        if number + 1 == plans {
            plan.apps.push("a".parse().unwrap());
        }
        offer.plans.push(plan);
    }
    Catalog::new(offer).unwrap()
}

#[test]
fn a_law_that_too_many_plans_bear_on_is_undecided() {
    let last = |plans: usize| format!("p{}", plans - 1);
    let laws = Laws::of(&chain(MAX_DECIDED));
    assert_eq!(laws.opens_only_with("a", "p0"), Ok(()));
    let plans = MAX_DECIDED + 1;
    let laws = Laws::of(&chain(plans));
    let undecided = laws.opens_only_with("a", "p0").unwrap_err();
    assert_eq!(
        undecided.to_string(),
        "`a` can be opened is undecided: it depends on 17 plans, and all cases are tried for at most 16"
    );
    assert_eq!(laws.every_app_can_be_opened().unwrap_err().code(), "law.undecided");
    assert_eq!(laws.never_together("p0", &last(plans)).unwrap_err().code(), "law.undecided");
    assert_eq!(laws.unlocks_all_of("p3", "p2"), Ok(()), "only what the law is about bears on it");
}

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
        let (ada, now) = (user("ada"), support::day(1));
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

/// What is proven of a catalog is true of any customer of it, whatever stands in their record.
#[test]
fn what_is_proven_holds_in_every_world_of_the_catalog() {
    use entitle::testing::{days, tenants, users};
    use proptest::strategy::ValueTree;

    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for text in [FABRIKAM, ORDERS, include_str!("../examples/agents.json"), include_str!("../examples/studio.json")] {
        let catalog = Catalog::from_json(text).unwrap();
        let laws = Laws::of(&catalog);
        let proven: Vec<_> = catalog
            .apps()
            .flat_map(|app| catalog.offer().plans.iter().map(move |plan| (app.clone(), plan)))
            .filter(|(app, plan)| laws.opens_only_with(app.id().as_str(), plan.id.as_str()).is_ok())
            .collect();
        let strategy = tenants(&catalog);
        let (mut open, mut shut) = (0, 0);
        for _ in 0..60 {
            let tenant = strategy.new_tree(&mut runner).unwrap().current();
            for (day, user) in days().step_by(25).flat_map(|day| users().into_iter().map(move |user| (day, user))) {
                for (app, plan) in &proven {
                    if !tenant.check(&user, app, day).is_allowed() {
                        shut += 1;
                        continue;
                    }
                    open += 1;
                    let pool = tenant.pool(&plan.id, day);
                    let mut seated = tenant.queue(&plan.id).take(usize::try_from(pool.seated).unwrap());
                    let has_it = plan.scope == Scope::Tenant || seated.any(|other| other == user);
                    assert!(has_it && pool.usable > entitle::quantity::Total::ZERO, "{} without {}", app.id(), plan.id);
                }
                for plan in &catalog.offer().plans {
                    let pool = tenant.pool(&plan.id, day);
                    assert!(entitle::quantity::Total::Limited(pool.seated) <= pool.limit);
                }
            }
        }
        assert!(proven.is_empty() || (open > 20 && shut > 20), "{}: {open} open, {shut} shut", catalog.offer().offer);
    }
}

/// The quotas of a publisher's own catalog are what the oracle answers, in every world of it.
#[test]
fn q3_the_quotas_of_a_catalog_are_what_the_oracle_answers() {
    use entitle::testing::{days, records, users};
    use proptest::strategy::ValueTree;

    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let catalog = Catalog::from_json(STUDIO).unwrap();
    let (projects, storage) = (catalog.user_quota("projects").unwrap(), catalog.tenant_quota("storage").unwrap());
    let strategy = records(&catalog);
    let mut seen = BTreeSet::new();
    for _ in 0..60 {
        let record = strategy.new_tree(&mut runner).unwrap().current();
        let (tenant, oracle) = (record.tenant(), record.oracle());
        for now in days().step_by(17) {
            for user in users() {
                let amount = tenant.quota(&user, &projects, now).amount();
                assert_eq!(amount, oracle.quota(Some(&user), projects.id(), now), "{user} at {now}");
                seen.insert(amount);
            }
            let amount = tenant.tenant_quota(&storage, now).amount();
            assert_eq!(amount, oracle.quota(None, storage.id(), now), "at {now}");
            let mut counted = 0;
            for row in tenant.quota_rows(now).iter().filter(|row| row.quota_id == *projects.id()) {
                let amount = |user: &entitle::UserId| oracle.quota(Some(user), projects.id(), now);
                let claims = |user: &&entitle::UserId| {
                    ["pro", "max"].iter().any(|plan| tenant.queue(&plan.parse().unwrap()).any(|other| other == *user))
                };
                let claimants = users().iter().filter(claims).filter(|user| amount(user) == row.amount).count();
                match row.users {
                    Some(users) => assert_eq!(usize::try_from(users).unwrap(), claimants, "{row:?}"),
                    None => assert_eq!(row.amount, oracle.quota(Some(&user("nobody")), projects.id(), now)),
                }
                counted += row.users.unwrap_or(0);
            }
            let claimants: BTreeSet<_> = ["pro", "max"]
                .iter()
                .flat_map(|plan| tenant.queue(&plan.parse().unwrap()).map(|user| user.to_id()).collect::<Vec<_>>())
                .collect();
            assert_eq!(usize::try_from(counted).unwrap(), claimants.len(), "each is counted once");
            seen.insert(amount);
        }
    }
    let catalog_amounts = [3, 80].map(|number| QuotaAmount::limited(number).unwrap());
    assert!(catalog_amounts.iter().all(|amount| seen.contains(amount)), "{seen:?}");
    assert!(seen.len() > 12, "negotiated amounts occur: {seen:?}");
}
