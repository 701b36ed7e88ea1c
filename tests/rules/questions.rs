//! What can be asked beside the check: lists of apps and users, free units, what comes next.

use entitle::explain::Basis;
use entitle::license::{Termination, Tolerance, ToleratedUnits};
use entitle::quantity::Total;
use entitle::query::GrantChange;
use entitle::time::Phase;
use entitle::{App, Tenant, UserRef};

use crate::support::{Scenario, Vendor, assign, assign_group, day, days, join, paid, units, user};

fn apps_of(tenant: &Tenant, name: &str, on: i64) -> Vec<String> {
    tenant.apps_of(&user(name), day(on)).map(|app| app.id.to_string()).collect()
}

fn users_of(tenant: &Tenant, app: &App, on: i64) -> Vec<String> {
    tenant.users_of(app, day(on)).users().map(|user: UserRef<'_>| user.to_string()).collect()
}

#[test]
fn k2_the_apps_of_a_user_are_what_is_free_and_what_their_plans_open() {
    let mut tenant = Vendor::fabrikam().contoso([paid("silver", 1, days(0, 100))]);
    tenant.run(0, [assign("ada", "silver")]).unwrap();
    assert_eq!(apps_of(&tenant, "ada", 1), ["f365/basic", "f365/orders", "f365/forecasts"]);
    assert_eq!(apps_of(&tenant, "bo", 1), ["f365/basic"]);
    assert_eq!(apps_of(&tenant, "ada", 130), ["f365/basic"], "suspended");
}

#[test]
fn c2_the_users_of_an_app_are_those_of_any_plan_that_lists_it_each_once() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([paid("silver", 1, days(0, 100)), paid("bronze", 2, days(0, 100))]);
    tenant.run(0, [join("cy", "staff"), join("dee", "staff"), join("ada", "staff")]).unwrap();
    tenant.run(0, [assign("bo", "bronze")]).unwrap();
    tenant.run(0, [assign("bo", "silver")]).unwrap();
    tenant.run(0, [assign_group("staff", "bronze")]).unwrap();
    let [orders, basic] = ["f365/orders", "f365/basic"].map(|app| vendor.catalog.app(app).unwrap());
    // Bronze has two seats: Bo's and, first by id among the group, Ada's. Cy and Dee wait.
    assert_eq!(users_of(&tenant, &orders, 1), ["bo", "ada"]);
    assert_eq!(tenant.users_of(&orders, day(1)).everyone(), None);
    assert_eq!(tenant.users_of(&basic, day(1)).everyone(), Some(Basis::Free));
    let mut all = users_of(&tenant, &basic, 1);
    all.sort();
    assert_eq!(all, ["ada", "bo", "cy", "dee"]);
}

#[test]
fn s2_free_units_are_how_many_more_can_be_assigned() {
    let tolerating = paid("gold", 2, days(0, 100)).tolerating(units(5), day(50));
    let mut tenant = Vendor::fabrikam().contoso([tolerating]);
    let free = |tenant: &Tenant, on| tenant.pool(&"gold".parse().unwrap(), day(on)).free();
    assert_eq!(free(&tenant, 0), Total::Limited(2), "a tolerance is no free unit");
    assert_eq!(free(&tenant, 130), Total::ZERO, "suspended");
    tenant.run(0, [assign("ada", "gold")]).unwrap();
    assert_eq!(free(&tenant, 0), Total::Limited(1));
    tenant
        .run(0, [join("bo", "staff"), join("cy", "staff"), join("dee", "staff"), assign_group("staff", "gold")])
        .unwrap();
    assert_eq!(free(&tenant, 0), Total::ZERO, "four claims on two units");
    assert_eq!(tenant.run(0, [assign("eve", "gold")]).unwrap_err().code(), "refusal.no-free-unit");
}

#[test]
fn l5_what_comes_next_is_listed_in_its_order() {
    let first = paid("gold", 3, days(0, 100)).tolerating(units(5), day(50));
    let second = paid("silver", 1, days(10, 200)).ending(Termination::Withdrawn(day(60)));
    let tenant = Vendor::fabrikam().contoso([first, second]);
    let next: Vec<_> = tenant
        .upcoming(day(20))
        .map(|next| ((next.at - day(0)).num_days(), next.grant.plan.to_string(), next.change))
        .collect();
    let becomes = |from, to| GrantChange::Becomes { from, to };
    let gold = "gold".to_string();
    assert_eq!(
        next,
        [
            (50, gold.clone(), GrantChange::ToleranceEnds),
            (60, "silver".to_string(), becomes(Phase::Active, Phase::Ended)),
            (100, gold.clone(), becomes(Phase::Active, Phase::Grace)),
            (130, gold.clone(), becomes(Phase::Grace, Phase::Suspended)),
            (220, gold, becomes(Phase::Suspended, Phase::Ended)),
        ]
    );
    assert_eq!(
        [GrantChange::ToleranceEnds, becomes(Phase::Active, Phase::Grace)].map(GrantChange::code),
        ["change.tolerance-ends", "change.becomes"]
    );
    let words: Vec<String> = tenant.upcoming(day(20)).take(3).map(|next| next.message().to_string()).collect();
    let license = "license 01010101010101010101010101010101";
    assert_eq!(
        words,
        [
            format!("2026-04-20T00:00:00Z: {license} no longer tolerates seats beyond its units (units: 3)"),
            format!("2026-04-30T00:00:00Z: units of {license} end for good (units: 1)"),
            format!("2026-06-09T00:00:00Z: the term of units of {license} ends, and their grace begins (units: 3)"),
        ]
    );
    let grants: Vec<_> = tenant.grants(day(120)).map(|it| (it.grant.plan.as_str(), it.phase, it.until)).collect();
    let never = entitle::time::End::Never;
    assert_eq!(grants, [("gold", Phase::Grace, entitle::time::End::At(day(130))), ("silver", Phase::Ended, never)]);
}

#[test]
fn s11_a_tolerance_past_its_grant_or_past_already_does_not_come_next() {
    let past = paid("gold", 3, days(0, 100)).tolerating(units(5), day(10));
    let mut after_the_end = paid("silver", 3, days(0, 20));
    after_the_end.tolerance = Tolerance::UpTo(ToleratedUnits::new(units(4), day(60)));
    let tenant = Vendor::fabrikam().contoso([past, after_the_end]);
    assert!(tenant.upcoming(day(10)).all(|next| next.change != GrantChange::ToleranceEnds));
    assert_eq!(tenant.upcoming(day(9)).next().map(|next| next.change), Some(GrantChange::ToleranceEnds));
}
