//! K4: what would help, worked out by hand.

mod many_steps;
mod other_plans;
mod restrictions;
mod seats;
mod trials;
mod waiting;

use entitle::remedy::{Remedy, Step};
use entitle::time::Length;
use entitle::{Decision, Grant, Tenant};

use crate::support::{Scenario, Vendor, assign, day, days, join, paid, units, window};

/// Two plans for orders, one of which requires a third and excludes the other; a plan for the whole organisation.
fn shop() -> Vendor {
    Vendor::of(
        r#"{ "publisher": "p", "offer": "o", "management": { "managed": "with_license" },
             "apps": [{ "id": "orders", "access": "licensed" }, { "id": "audit", "access": "licensed" },
                      { "id": "hall", "access": "licensed" }],
             "plans": [
               { "id": "basic", "scope": "user", "name": "Basic", "apps": ["orders", "audit"] },
               { "id": "add-on", "scope": "user", "name": "Add-on", "requires": [["basic"]], "apps": ["audit"] },
               { "id": "solo", "scope": "user", "name": "Solo", "excludes": ["basic"] , "apps": ["orders"]},
               { "id": "site", "scope": "tenant", "name": "Site", "apps": ["hall"] } ] }"#,
    )
}

/// The remedies in words.
fn remedies(tenant: &Tenant, name: &str, app: &str, on: i64) -> Vec<String> {
    all(tenant, name, app, on).iter().map(Remedy::to_string).collect()
}

fn all(tenant: &Tenant, name: &str, app: &str, on: i64) -> Vec<Remedy> {
    tenant.see(name, app, day(on), |decision| match decision {
        Decision::Allow(allow) => panic!("{allow:?}"),
        Decision::Deny(denial) => denial.remedies().collect(),
    })
}

fn trial(plan: &str, n: u32, opens: i64, closes: i64) -> Grant {
    Grant::trial(plan.parse().unwrap(), units(n), window(opens, closes), Length::days(10).unwrap())
}

/// A license of its own that starts later: on day 200, which is 2026-09-17.
fn later(plan: &str, starts: i64) -> entitle::Deal {
    let vendor = shop();
    let licensee = vendor.deal_for("contoso").licensee;
    vendor.deal(2, licensee).with(paid(plan, 1, days(starts, starts + 10)))
}

#[test]
fn k4_nobody_else_is_named() {
    let mut tenant = shop().contoso([paid("basic", 1, days(0, 100)), paid("solo", 1, days(0, 100))]);
    tenant.run(0, [assign("bo", "basic"), assign("cy", "solo"), join("cy", "staff"), join("bo", "staff")]).unwrap();
    for remedy in remedies(&tenant, "ada", "orders", 0) {
        assert!(!remedy.contains("bo`") && !remedy.contains("cy`"), "{remedy}");
    }
}

#[test]
fn k4_remedies_are_values() {
    let tenant = shop().contoso([paid("basic", 1, days(0, 100))]);
    let found = all(&tenant, "ada", "orders", 0);
    let json = serde_json::to_string(&found).unwrap();
    assert!(json.starts_with(r#"[[{"do":{"assign":{"to":{"user":"ada"},"plan":"basic","except":[]}}}],[{"buy":{"plan":"solo","units":1,"kind":"additional"}}"#), "{json}");
    assert_eq!(serde_json::from_str::<Vec<Remedy>>(&json).unwrap(), found);
    let codes: Vec<_> = found.iter().flat_map(|remedy| remedy.steps().iter().map(Step::code)).collect();
    assert_eq!(codes, ["remedy.assign", "remedy.buy", "remedy.assign"]);
}

/// A seat that requires the organisation's license.
fn studio() -> Vendor {
    Vendor::of(
        r#"{ "publisher": "p", "offer": "o", "management": { "managed": "with_license" },
             "apps": [{ "id": "hall", "access": "licensed" }],
             "plans": [{ "id": "site", "scope": "tenant", "name": "Site" },
                       { "id": "seat", "scope": "user", "name": "Seat", "apps": ["hall"], "requires": [["site"]] }] }"#,
    )
}
