//! K4: one remedy of more than two steps, where nothing shorter helps.

use entitle::remedy::Remedy;
use entitle::time::Length;
use entitle::{Decision, Grant, Tenant};

use crate::support::{Scenario, Vendor, assign, day, days, paid, units, window};

fn remedies(tenant: &Tenant, app: &str) -> Vec<String> {
    tenant.see("ada", app, day(0), |decision| match decision {
        Decision::Allow(allow) => panic!("{allow:?}"),
        Decision::Deny(denial) => denial.remedies().map(|remedy: Remedy| remedy.to_string()).collect(),
    })
}

#[test]
fn k4_a_plan_in_the_way_goes_with_the_plan_that_requires_it() {
    let vendor = Vendor::of(
        r#"{ "publisher": "p", "offer": "o", "management": { "managed": "with_license" },
             "apps": [{ "id": "orders", "access": "licensed" }, { "id": "lab", "access": "licensed" }],
             "plans": [
               { "id": "basic", "scope": "user", "name": "Basic", "apps": ["orders"] },
               { "id": "add-on", "scope": "user", "name": "Add-on", "apps": ["orders"], "requires": [["basic"]] },
               { "id": "lab", "scope": "user", "name": "Lab", "apps": ["lab"], "excludes": ["basic"] } ] }"#,
    );
    let mut tenant = vendor.contoso(["basic", "add-on"].map(|plan| paid(plan, 1, days(0, 100))));
    tenant.run(0, [assign("ada", "basic"), assign("ada", "add-on")]).unwrap();
    // Lab excludes basic, which cannot be unassigned alone (S7), and was never bought.
    assert_eq!(
        remedies(&tenant, "lab"),
        [
            "buy 1 unit of `lab`, then unassign `add-on` from `ada`, then unassign `basic` from `ada`, then assign `lab` to `ada`"
        ]
    );
}

#[test]
fn k4_a_trial_that_cannot_be_started_yet_is_no_step_of_the_straight_way() {
    let vendor = Vendor::of(
        r#"{ "publisher": "p", "offer": "o", "management": { "managed": "with_license" },
             "apps": [{ "id": "lab", "access": "licensed" }],
             "plans": [
               { "id": "base", "scope": "tenant", "name": "Base" },
               { "id": "one", "scope": "user", "name": "One" },
               { "id": "two", "scope": "user", "name": "Two" },
               { "id": "lab", "scope": "user", "name": "Lab", "apps": ["lab"], "requires": [["base"], ["one"], ["two"]] } ] }"#,
    );
    let trial = Grant::trial("two".parse().unwrap(), units(1), window(50, 60), Length::days(10).unwrap());
    assert_eq!(
        remedies(&vendor.contoso([trial]), "lab"),
        ["buy 1 unit of `two`, then buy 1 unit of `one`, then buy 1 unit of `base`, then buy 1 unit of `lab`, \
          then assign `two` to `ada`, then assign `one` to `ada`, then assign `lab` to `ada`"]
    );
}
