//! What is proven of a catalog holds in generated worlds of it.

use std::collections::BTreeSet;

use entitle::Catalog;
use entitle::catalog::Scope;
use entitle::quantity::QuotaAmount;
use entitle::testing::Laws;

use super::{FABRIKAM, ORDERS, STUDIO};
use crate::support::user;

/// What is proven of a catalog is true of any customer of it, whatever stands in their record.
#[test]
fn what_is_proven_holds_in_every_world_of_the_catalog() {
    use entitle::testing::{days, tenants, users};
    use proptest::strategy::{Strategy, ValueTree};

    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for text in
        [FABRIKAM, ORDERS, include_str!("../../examples/agents.json"), include_str!("../../examples/studio.json")]
    {
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
    use proptest::strategy::{Strategy, ValueTree};

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
