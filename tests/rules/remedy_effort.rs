//! X8, K4: what a search for remedies does with little effort.

use entitle::remedy::{Effort, Remedy, SearchStatus};
use entitle::{Decision, Tenant};

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
