//! K4: what a plan requires and excludes.

use entitle::Command;
use entitle::remedy::Step;

use super::{all, remedies, shop};
use crate::support::{Scenario, assign, assign_group, days, group, join, paid, unassign, user};

#[test]
fn k4_a_prerequisite_is_added() {
    let mut tenant = shop().contoso([paid("basic", 2, days(0, 100)), paid("add-on", 2, days(0, 100))]);
    tenant.run(0, [join("ada", "staff"), assign_group("staff", "add-on")]).unwrap();
    let found = remedies(&tenant, "ada", "audit", 0);
    assert_eq!(found[..2], ["assign `basic` to `ada`", "assign `basic` to the group `staff`"]);
    // For Bo both are missing; basic alone opens it too.
    let found = remedies(&tenant, "bo", "audit", 0);
    assert_eq!(found[0], "assign `basic` to `bo`");
    assert!(
        !found.iter().any(|remedy| remedy.contains("add-on` to `bo`") && remedy.contains("basic` to `bo`")),
        "{found:?}"
    );
}

#[test]
fn k4_a_plan_that_excludes_is_given_up() {
    let mut tenant = shop().contoso([paid("basic", 2, days(0, 200)), paid("solo", 2, days(0, 100))]);
    tenant.run(0, [assign("ada", "solo")]).unwrap();
    tenant.run(0, [join("ada", "staff"), assign_group("staff", "basic")]).unwrap();
    assert!(tenant.opens("ada", "orders", 0));
    let found = remedies(&tenant, "ada", "audit", 0);
    assert_eq!(found[0], "unassign `solo` from `ada`");
    assert_eq!(all(&tenant, "ada", "audit", 0)[0].steps(), [Step::Do(unassign("ada", "solo"))]);
}

#[test]
fn k4_a_plan_that_forbids_to_turn_an_app_on_is_given_up_first() {
    let mut tenant = shop().contoso([paid("basic", 2, days(0, 200)), paid("solo", 2, days(0, 100))]);
    let without_audit =
        Command::assign_except(group("staff").into(), "basic".parse().unwrap(), vec!["audit".parse().unwrap()]);
    tenant.run(0, [join("ada", "staff"), without_audit]).unwrap();
    tenant.run(0, [join("ada", "crew"), assign_group("crew", "solo")]).unwrap();
    // Basic is the earlier claim and works; to assign it directly as well is refused while she has solo (S8).
    let found = remedies(&tenant, "ada", "audit", 0);
    let turned_on = "assign `basic` to `ada`";
    assert!(!found.contains(&turned_on.to_string()), "{found:?}");
    let both = format!("remove `ada` from the group `crew`, then {turned_on}");
    assert!(found.contains(&both), "{found:?}");
}

#[test]
fn k4_two_steps_are_in_the_order_that_keeps_the_place_if_each_is_done_alone() {
    let mut tenant = shop().contoso([paid("basic", 1, days(0, 100)), paid("solo", 2, days(0, 100))]);
    // Solo is the earlier claim, so it excludes basic; Bo waits behind Ada for the only unit of basic.
    tenant.run(0, [join("ada", "crew"), assign_group("crew", "solo")]).unwrap();
    tenant.run(0, [assign_group("crew", "basic"), assign_group("staff", "basic"), join("bo", "staff")]).unwrap();
    assert!(!tenant.opens("ada", "audit", 0));
    let found = remedies(&tenant, "ada", "audit", 0);
    // Were she to leave first, she would join behind Bo.
    let order = "add `ada` to the group `staff`, then remove `ada` from the group `crew`";
    assert!(found.contains(&order.to_string()), "{found:?}");
}

#[test]
fn k4_what_another_plan_needs_goes_with_it_or_stays() {
    let mut tenant = shop().contoso([
        paid("basic", 2, days(0, 100)),
        paid("add-on", 2, days(0, 100)),
        paid("solo", 2, days(0, 100)),
    ]);
    let except = vec!["orders".parse().unwrap()];
    let basic = Command::assign_except(user("ada").into(), "basic".parse().unwrap(), except);
    tenant.run(0, [basic, assign("ada", "add-on")]).unwrap();
    tenant.run(0, [join("ada", "staff"), assign_group("staff", "solo")]).unwrap();
    // Solo was assigned later, so basic works and shuts it out. To give up basic is refused while the add-on needs it (S7).
    let found = remedies(&tenant, "ada", "orders", 0);
    assert!(!found.contains(&"unassign `basic` from `ada`".to_string()), "{found:?}");
    assert!(
        found.contains(&"unassign `basic` from `ada`, then unassign `add-on` from `ada`".to_string())
            || found.contains(&"unassign `add-on` from `ada`, then unassign `basic` from `ada`".to_string()),
        "{found:?}"
    );
}
