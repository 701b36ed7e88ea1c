//! K4: seats are assigned, freed, bought and renewed.

use core::num::NonZeroU32;

use entitle::Command;
use entitle::remedy::{Remedy, Step};

use super::{all, later, remedies, shop};
use crate::support::{Scenario, assign, assign_group, day, days, join, paid, units};

#[test]
fn k4_a_free_seat_is_assigned() {
    let tenant = shop().contoso([paid("basic", 1, days(0, 100))]);
    assert_eq!(
        remedies(&tenant, "ada", "orders", 0),
        ["assign `basic` to `ada`", "buy 1 unit of `solo`, then assign `solo` to `ada`"]
    );
    assert_eq!(all(&tenant, "ada", "orders", 0)[0].steps(), [Step::Do(assign("ada", "basic"))]);
}

#[test]
fn k4_seats_are_freed_or_bought_no_more_than_needed() {
    let mut tenant = shop().contoso([paid("basic", 2, days(0, 100))]);
    let group = ["bo", "cy", "dee", "eve"].map(|name| join(name, "staff"));
    tenant.run(0, group.into_iter().chain([assign_group("staff", "basic")])).unwrap();
    // Eve is fourth of two.
    let found = remedies(&tenant, "eve", "orders", 0);
    assert!(found.contains(&"free 2 seats of `basic`".to_string()), "{found:?}");
    assert!(found.contains(&"buy 2 units of `basic`".to_string()), "{found:?}");
    // Ada would be fifth, whether directly or through the group; its members come and go with it.
    let found = remedies(&tenant, "ada", "orders", 0);
    assert!(found.contains(&"free 3 seats of `basic`, then assign `basic` to `ada`".to_string()), "{found:?}");
    assert!(found.contains(&"buy 3 units of `basic`, then add `ada` to the group `staff`".to_string()), "{found:?}");
    let many = |n| NonZeroU32::new(n).unwrap();
    let free = Step::Free { plan: "basic".parse().unwrap(), seats: many(2) };
    assert!(all(&tenant, "eve", "orders", 0).iter().any(|remedy| remedy.steps() == [free.clone()]));
    let of_two = all(&tenant, "ada", "orders", 0);
    let of_two: Vec<bool> = of_two.iter().filter(|it| it.steps().len() == 2).map(Remedy::affects_others).collect();
    assert!(of_two.is_sorted() && of_two.first() != of_two.last(), "{of_two:?}");
    // A page can say before anyone acts which of them take something from others.
    let (others, nobody): (Vec<_>, Vec<_>) =
        all(&tenant, "eve", "orders", 0).into_iter().partition(Remedy::affects_others);
    assert!(others.iter().any(|remedy| remedy.to_string() == "free 2 seats of `basic`"), "{others:?}");
    assert!(nobody.iter().any(|remedy| remedy.to_string() == "buy 2 units of `basic`"), "{nobody:?}");
}

#[test]
fn k4_a_tolerance_keeps_a_seat_and_is_no_seat_to_assign() {
    let mut tenant = shop().contoso([paid("basic", 1, days(0, 100)).tolerating(units(3), day(50))]);
    tenant.forge(0, [assign("bo", "basic"), assign("cy", "basic")]);
    let found = remedies(&tenant, "ada", "orders", 0);
    // Two claims on one unit: two of them have to go, or two units come, for her to be assigned.
    assert!(found.contains(&"free 2 seats of `basic`, then assign `basic` to `ada`".to_string()), "{found:?}");
    assert!(found.contains(&"buy 2 units of `basic`, then assign `basic` to `ada`".to_string()), "{found:?}");
}

#[test]
fn k4_what_is_over_is_renewed() {
    let mut tenant = shop().contoso([paid("site", 1, days(0, 100))]);
    assert_eq!(remedies(&tenant, "ada", "hall", 140), ["renew `site` with at least 1 unit"], "suspended");
    assert_eq!(remedies(&tenant, "ada", "hall", 300), ["renew `site` with at least 1 unit"], "ended");
    assert_eq!(remedies(&shop().contoso([]), "ada", "hall", 0), ["buy 1 unit of `site`"], "never bought");
    tenant.run(140, [Command::Install(shop().seal(&later("site", 200)))]).unwrap();
    assert_eq!(remedies(&tenant, "ada", "hall", 150), ["wait until 2026-09-17T00:00:00Z", "buy 1 unit of `site`"]);
}

#[test]
fn k4_no_seat_is_freed_for_a_group_that_may_take_it_back() {
    let mut tenant = shop().contoso([paid("basic", 1, days(0, 100))]);
    tenant.run(0, [join("cy", "staff"), assign_group("staff", "basic")]).unwrap();
    tenant.run(0, [join("cy", "crew"), join("dee", "crew")]).unwrap();
    // Cy has the seat through the staff; were the crew given the plan, she would have it again, ahead of Dee.
    let found = remedies(&tenant, "dee", "orders", 0);
    assert!(found.contains(&"free 1 seat of `basic`, then assign `basic` to `dee`".to_string()), "{found:?}");
    let uncertain = |remedy: &&String| remedy.contains("free") && remedy.contains("to the group `crew`");
    assert_eq!(found.iter().find(uncertain), None);
}

#[test]
fn k4_more_is_bought_where_something_is_left() {
    let mut tenant = shop().contoso([paid("basic", 1, days(-200, -100)), paid("basic", 1, days(0, 100))]);
    tenant.run(0, [assign("bo", "basic")]).unwrap();
    tenant.run(0, [join("ada", "staff"), assign_group("staff", "basic")]).unwrap();
    assert_eq!(remedies(&tenant, "ada", "orders", 0)[0], "buy 1 unit of `basic`", "one grant has ended, one has not");
}
