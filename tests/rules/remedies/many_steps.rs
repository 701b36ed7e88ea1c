//! K4: where two steps do not help.

use entitle::Command;
use entitle::license::{Freshness, FreshnessLimit};

use super::{remedies, shop, studio};
use crate::support::{Scenario, Vendor, assign, assign_group, days, join, paid};

#[test]
fn k4_where_two_steps_do_not_help_one_remedy_of_more_is_found() {
    // Ada has solo from two sources, which excludes basic, and basic was never bought.
    let mut tenant = shop().contoso([]);
    tenant.forge(0, [assign("ada", "solo"), join("ada", "staff"), assign_group("staff", "solo")]);
    assert_eq!(
        remedies(&tenant, "ada", "audit", 0),
        [
            "buy 1 unit of `basic`, then remove `ada` from the group `staff`, then unassign `solo` from `ada`, then assign `basic` to `ada`"
        ]
    );
}

#[test]
fn k4_the_straight_way_is_found_however_long_it_is() {
    let vendor = Vendor::of(
        r#"{ "publisher": "p", "offer": "o", "management": { "managed": "with_license" },
             "apps": [{ "id": "lab", "access": "licensed" }],
             "plans": [
               { "id": "base", "scope": "tenant", "name": "Base" },
               { "id": "one", "scope": "user", "name": "One" },
               { "id": "two", "scope": "user", "name": "Two" },
               { "id": "lab", "scope": "user", "name": "Lab", "apps": ["lab"], "requires": [["base"], ["one"], ["two"]] } ] }"#,
    );
    // Four purchases and three assignments, whatever groups there are beside.
    let mut tenant = vendor.contoso([]);
    tenant.run(0, (0..40).map(|number| join("ada", &format!("group-{number}")))).unwrap();
    let found = remedies(&tenant, "ada", "lab", 0);
    assert_eq!(
        found,
        ["buy 1 unit of `two`, then buy 1 unit of `one`, then buy 1 unit of `base`, then buy 1 unit of `lab`, \
          then assign `two` to `ada`, then assign `one` to `ada`, then assign `lab` to `ada`"]
    );
}

#[test]
fn k4_of_several_greedy_remedies_the_shortest_is_returned() {
    let short = r#"{ "id": "short", "scope": "user", "name": "Short", "apps": ["lab"], "requires": [["one"]] }"#;
    let long = r#"{ "id": "long", "scope": "user", "name": "Long", "apps": ["lab"], "requires": [["one"], ["two"]] }"#;
    for plans in [[short, long], [long, short]] {
        let vendor = Vendor::of(&format!(
            r#"{{ "publisher": "p", "offer": "o", "management": {{ "managed": "with_license" }},
                 "apps": [{{ "id": "lab", "access": "licensed" }}],
                 "plans": [{{ "id": "one", "scope": "user", "name": "One" }},
                           {{ "id": "two", "scope": "user", "name": "Two" }}, {}] }}"#,
            plans.join(", ")
        ));
        assert_eq!(
            remedies(&vendor.contoso([]), "ada", "lab", 0),
            [
                "buy 1 unit of `one`, then buy 1 unit of `short`, then assign `one` to `ada`, then assign `short` to `ada`"
            ]
        );
    }
}

#[test]
fn k4_the_straight_way_has_nothing_that_could_be_left_out() {
    let vendor = studio();
    let mut deal = vendor.deal_for("contoso").with(paid("seat", 1, days(0, 100)));
    deal.freshness = Freshness::Asked(FreshnessLimit::new(entitle::time::Days::new(5), entitle::time::Days::new(20)));
    let mut tenant = vendor.tenant("contoso");
    tenant.run(0, [Command::Install(vendor.seal(&deal))]).unwrap();
    tenant.run(0, [join("bo", "staff"), join("cy", "staff"), assign_group("staff", "seat")]).unwrap();
    // From day 10 on the license wants a list, which would give one unit back: too few for a third.
    assert_eq!(
        remedies(&tenant, "ada", "hall", 10),
        ["buy 1 unit of `site`, then buy 3 units of `seat`, then assign `seat` to `ada`"]
    );
}
