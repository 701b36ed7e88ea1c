//! K4: remedies that differ only in a plan, a date or an order, each listed once.

use entitle::license::{Freshness, FreshnessLimit};
use entitle::remedy::Remedy;
use entitle::time::Days;
use entitle::{Command, Decision, Tenant};

use crate::support::{Scenario, Vendor, assign, assign_group, day, days, join, paid};

fn remedies(tenant: &Tenant, app: &str, on: i64) -> Vec<String> {
    tenant.see("ada", app, day(on), |decision| match decision {
        Decision::Allow(allow) => panic!("{allow:?}"),
        Decision::Deny(denial) => denial.remedies().map(|remedy: Remedy| remedy.to_string()).collect(),
    })
}

#[test]
fn k4_who_waits_for_two_plans_reads_that_a_seat_of_either_helps() {
    let mut tenant = Vendor::fabrikam().contoso(["bronze", "silver"].map(|plan| paid(plan, 1, days(0, 100))));
    tenant.run(0, [assign("bo", "bronze"), assign("cy", "silver"), join("ada", "staff")]).unwrap();
    tenant.run(0, [assign_group("staff", "bronze"), assign_group("staff", "silver")]).unwrap();
    let found = remedies(&tenant, "f365/orders", 0);
    assert_eq!(
        found,
        [
            "buy 1 unit of `bronze`",
            "buy 1 unit of `silver`",
            "free 1 seat of `bronze`",
            "free 1 seat of `silver`",
            "buy 1 unit of `gold`, then assign `gold` to `ada`",
            "buy 1 unit of `gold`, then assign `gold` to the group `staff`",
        ]
    );
}

#[test]
fn k4_a_purchase_that_two_plans_need_is_listed_with_each() {
    let vendor = Vendor::of(
        r#"{ "publisher": "p", "offer": "o", "management": { "managed": "with_license" },
             "apps": [{ "id": "lab", "access": "licensed" }],
             "plans": [
               { "id": "base", "scope": "tenant", "name": "Base" },
               { "id": "site", "scope": "tenant", "name": "Site" },
               { "id": "small", "scope": "user", "name": "Small", "apps": ["lab"], "requires": [["base"]] },
               { "id": "large", "scope": "user", "name": "Large", "apps": ["lab"], "requires": [["base"], ["site"]] } ] }"#,
    );
    let mut tenant = vendor.contoso(["small", "large"].map(|plan| paid(plan, 1, days(0, 100))));
    tenant.run(0, [join("ada", "staff"), assign_group("staff", "large")]).unwrap();
    assert_eq!(
        remedies(&tenant, "lab", 0),
        [
            "buy 1 unit of `base`, then assign `small` to `ada`",
            "buy 1 unit of `base`, then buy 1 unit of `site`",
            "buy 1 unit of `base`, then assign `small` to the group `staff`",
        ]
    );
}

#[test]
fn k4_a_group_without_the_plan_takes_two_steps() {
    let mut tenant = Vendor::fabrikam().contoso([paid("gold", 2, days(0, 100))]);
    tenant.run(0, [join("bo", "crew")]).unwrap();
    assert_eq!(
        remedies(&tenant, "f365/audit", 0),
        ["assign `gold` to `ada`", "add `ada` to the group `crew`, then assign `gold` to the group `crew`"]
    );
}

#[test]
fn k4_a_list_that_is_asked_for_on_a_later_date_is_taken_in_then() {
    let vendor = Vendor::fabrikam();
    let mut deal = vendor.deal_for("contoso").with(paid("gold", 1, days(20, 100)));
    deal.freshness = Freshness::Asked(FreshnessLimit::new(Days::new(5), Days::new(25)));
    let mut tenant = vendor.tenant("contoso");
    tenant.run(0, [Command::Install(vendor.seal(&deal)), join("ada", "staff"), assign_group("staff", "gold")]).unwrap();
    // Day 20 is 2026-03-21; the license, issued on day -10, gives nothing without a list from day 15 on.
    let later =
        "wait until 2026-03-21T00:00:00Z, then ask the publisher for its latest revocation list, and install it";
    assert_eq!(remedies(&tenant, "f365/audit", 0), ["buy 1 unit of `gold`", later]);
}

#[test]
fn k4_the_straight_way_leaves_as_many_groups_as_stand_in_the_way() {
    let vendor = Vendor::of(
        r#"{ "publisher": "p", "offer": "o", "management": { "managed": "with_license" },
             "apps": [{ "id": "lab", "access": "licensed" }],
             "plans": [{ "id": "solo", "scope": "user", "name": "Solo", "excludes": ["lab"] },
                       { "id": "lab", "scope": "user", "name": "Lab", "apps": ["lab"] }] }"#,
    );
    let mut tenant = vendor.contoso([paid("solo", 1, days(0, 100)), paid("lab", 1, days(0, 100))]);
    let groups: Vec<String> = (0..70).map(|number| format!("group-{number:02}")).collect();
    tenant.run(0, groups.iter().map(|group| join("ada", group))).unwrap();
    tenant.run(0, groups.iter().map(|group| assign_group(group, "solo"))).unwrap();
    let found = remedies(&tenant, "lab", 0);
    assert_eq!(found.len(), 1, "{found:?}");
    let left = groups.iter().rev().map(|group| format!("remove `ada` from the group `{group}`, then "));
    assert_eq!(found[0], left.collect::<String>() + "assign `lab` to `ada`");
}
