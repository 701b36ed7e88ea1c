//! X8, K4: what a search for remedies does with little effort.

use entitle::license::{Freshness, FreshnessLimit};
use entitle::remedy::{Effort, Remedy, SearchStatus};
use entitle::time::Days;
use entitle::{Command, Decision, Tenant};

use crate::support::{Scenario, Vendor, assign, assign_group, day, days, join, paid};

fn within(tenant: &Tenant, app: &str, units: u64) -> (Vec<String>, SearchStatus) {
    tenant.see("ada", app, day(0), |decision| match decision {
        Decision::Allow(allow) => panic!("{allow:?}"),
        Decision::Deny(denial) => {
            let mut remedies = denial.remedies_within(Effort::new(units));
            let found = remedies.by_ref().map(|remedy: Remedy| remedy.to_string()).collect();
            (found, remedies.status())
        }
    })
}

#[test]
fn x8_a_quarter_of_the_effort_is_kept_for_one_remedy_of_more_steps() {
    let vendor = Vendor::of(
        r#"{ "publisher": "p", "offer": "o", "management": { "managed": "with_license" },
             "apps": [{ "id": "audit", "access": "licensed" }, { "id": "orders", "access": "licensed" }],
             "plans": [{ "id": "basic", "scope": "user", "name": "Basic", "apps": ["audit"] },
                       { "id": "solo", "scope": "user", "name": "Solo", "excludes": ["basic"], "apps": ["orders"] }] }"#,
    );
    // Ada has solo from two sources, which excludes basic, and basic was never bought.
    let mut tenant = vendor.contoso([]);
    tenant.forge(0, [assign("ada", "solo"), join("ada", "staff"), assign_group("staff", "solo")]);
    // Groups that she could join make many pairs of steps to try.
    tenant.run(0, (0..40).map(|number| join("bo", &format!("group-{number}")))).unwrap();
    let all = "buy 1 unit of `basic`, then remove `ada` from the group `staff`, then unassign `solo` from `ada`, \
               then assign `basic` to `ada`";
    assert_eq!(within(&tenant, "audit", 1_000), (vec![all.to_owned()], SearchStatus::CutShort));
}

#[test]
fn x8_a_command_about_a_group_with_too_many_members_is_left_out() {
    let mut tenant = Vendor::fabrikam().contoso([paid("gold", 500, days(0, 100))]);
    for some in [0..100, 100..200, 200..300] {
        tenant.run(0, some.map(|number| join(&format!("user-{number}"), "staff"))).unwrap();
    }
    tenant.run(0, [join("ada", "staff"), join("ada", "crew")]).unwrap();
    let [own, crew, staff] =
        ["`ada`", "the group `crew`", "the group `staff`"].map(|to| format!("assign `gold` to {to}"));
    assert_eq!(within(&tenant, "f365/audit", 400), (vec![own.clone(), crew.clone()], SearchStatus::CutShort));
    assert_eq!(within(&tenant, "f365/audit", 2_000), (vec![own, crew, staff], SearchStatus::Complete));
}

#[test]
fn x8_the_effort_is_the_number_that_the_host_says() {
    assert_eq!([0, 1, 1_000].map(|units| Effort::new(units).units()), [0, 1, 1_000]);
    assert_eq!(Effort::default(), Effort::DEFAULT);
}

#[test]
fn x8_of_too_many_groups_those_with_the_plan_are_considered_and_the_rest_is_left_out() {
    let mut tenant = Vendor::fabrikam().contoso([paid("gold", 1, days(0, 100))]);
    let groups: Vec<_> =
        (0..1_001).map(|number| join(&format!("user-{number:04}"), &format!("group-{number:04}"))).collect();
    for some in groups.chunks(500) {
        tenant.run(0, some.to_vec()).unwrap();
    }
    tenant.run(0, [assign_group("staff", "gold")]).unwrap();
    let (found, status) = within(&tenant, "f365/audit", 10_000);
    assert!(found.contains(&"add `ada` to the group `staff`".to_owned()), "{:?}", &found[..found.len().min(8)]);
    assert_eq!(status, SearchStatus::CutShort);
}

#[test]
fn x8_a_search_that_looks_at_a_part_of_the_groups_says_so() {
    // Ada waits for the seat of bo, so that nothing is tried with groups, none of which has the plan.
    let mut tenant = Vendor::fabrikam().contoso([paid("gold", 1, days(0, 100))]);
    tenant.run(0, [assign("bo", "gold")]).unwrap();
    tenant.forge(0, [assign("ada", "gold")]);
    let groups: Vec<_> =
        (0..1_001).map(|number| join(&format!("user-{number:04}"), &format!("group-{number:04}"))).collect();
    let (first, last) = groups.split_at(1_000);
    for some in first.chunks(500) {
        tenant.run(0, some.to_vec()).unwrap();
    }
    let found = ["buy 1 unit of `gold`", "free 1 seat of `gold`"].map(str::to_owned).to_vec();
    assert_eq!(within(&tenant, "f365/audit", 100_000), (found.clone(), SearchStatus::Complete));
    tenant.run(0, last.to_vec()).unwrap();
    assert_eq!(within(&tenant, "f365/audit", 100_000), (found, SearchStatus::CutShort));
}

#[test]
fn x8_a_command_about_a_user_costs_no_visit_of_the_grants() {
    let vendor = Vendor::fabrikam();
    let grants = (0..800).map(|_| paid("bronze", 1, days(0, 100)));
    let mut tenant = vendor.contoso(grants.chain([paid("gold", 1, days(0, 100))]));
    tenant.run(0, [join("bo", "staff")]).unwrap();
    // A quarter of the grants pays for the search for trials, and what is left for less than one more such visit.
    let (found, _) = within(&tenant, "f365/audit", 400);
    assert_eq!(found, ["assign `gold` to `ada`"]);
}

#[test]
fn x8_of_too_many_groups_with_the_plan_a_thousand_are_tried() {
    let mut tenant = Vendor::fabrikam().contoso([paid("gold", 1_001, days(0, 100))]);
    let groups: Vec<_> = (0..1_001).map(|number| format!("group-{number:04}")).collect();
    for some in groups.chunks(250) {
        let joins = some.iter().map(|group| join(&format!("member-of-{group}"), group));
        tenant.run(0, joins.chain(some.iter().map(|group| assign_group(group, "gold")))).unwrap();
    }
    tenant.forge(0, [assign("ada", "gold")]);
    let (found, status) = within(&tenant, "f365/audit", 20_000);
    let of_groups = found.iter().filter(|remedy| remedy.starts_with("unassign `gold` from the whole group")).count();
    assert_eq!((of_groups, status), (1_000, SearchStatus::CutShort));
}

/// The least effort with which a search is complete.
fn least(tenant: &Tenant) -> u64 {
    (0..2_000).find(|units| within(tenant, "f365/audit", *units).1 == SearchStatus::Complete).unwrap()
}

#[test]
fn x8_each_task_of_a_search_is_paid_for() {
    // One purchase that starts later: waiting for it, buying, and no pair.
    let mut later = Vendor::fabrikam().contoso([paid("gold", 1, days(20, 100))]);
    later.forge(0, [assign("ada", "gold")]);
    // A free seat, and a group to join and to assign to: what helps alone, and its pairs.
    let mut group = Vendor::fabrikam().contoso([paid("gold", 1, days(0, 100))]);
    group.run(0, [join("bo", "staff")]).unwrap();
    // A purchase that wants a list once it starts, beside forty grants: waiting costs no visit of them.
    let vendor = Vendor::fabrikam();
    let grants = (0..40).map(|_| paid("bronze", 1, days(0, 100))).chain([paid("gold", 1, days(20, 100))]);
    let mut deal = grants.fold(vendor.deal_for("contoso"), entitle::Deal::with);
    deal.freshness = Freshness::Asked(FreshnessLimit::new(Days::NONE, Days::new(25)));
    let mut stale = vendor.tenant("contoso");
    stale.forge(0, [Command::Install(vendor.seal(&deal)), assign("ada", "gold")]);
    // A host that has found an effort for its tenants relies on what a search costs.
    assert_eq!([&later, &group, &stale].map(least), [29, 162, 562]);
}
