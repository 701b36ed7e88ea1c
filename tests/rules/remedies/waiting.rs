//! K4: waiting, where time alone helps.

use super::{remedies, shop, studio};
use crate::support::{Scenario, Vendor, assign_group, days, join, paid};

#[test]
fn k4_time_alone_may_help() {
    let tenant = shop().contoso([paid("site", 1, days(20, 100))]);
    // Day 20 is 2026-03-21.
    assert_eq!(remedies(&tenant, "ada", "hall", 0), ["wait until 2026-03-21T00:00:00Z", "buy 1 unit of `site`"]);
    let tenant = shop().contoso([paid("basic", 1, days(20, 100))]);
    let found = remedies(&tenant, "ada", "orders", 0);
    assert!(found.contains(&"wait until 2026-03-21T00:00:00Z, then assign `basic` to `ada`".to_string()), "{found:?}");
}

#[test]
fn k4_what_is_required_may_begin_by_itself() {
    let mut tenant = shop().contoso([paid("add-on", 1, days(0, 100)), paid("basic", 1, days(20, 100))]);
    tenant.run(0, [join("ada", "staff"), assign_group("staff", "add-on"), assign_group("staff", "basic")]).unwrap();
    let found = remedies(&tenant, "ada", "audit", 0);
    assert!(found.contains(&"wait until 2026-03-21T00:00:00Z".to_string()), "{found:?}");
    let mut tenant = studio().contoso([paid("seat", 1, days(0, 100)), paid("site", 1, days(20, 100))]);
    tenant.run(0, [join("ada", "staff"), assign_group("staff", "seat")]).unwrap();
    // Nothing of the seat itself begins or ends then.
    assert_eq!(remedies(&tenant, "ada", "hall", 0), ["wait until 2026-03-21T00:00:00Z", "buy 1 unit of `site`"]);
}

#[test]
fn k4_where_waiting_alone_helps_no_step_is_added_to_it() {
    let both = Vendor::of(
        r#"{ "publisher": "p", "offer": "o", "management": { "managed": "with_license" },
             "apps": [{ "id": "hall", "access": "licensed" }],
             "plans": [{ "id": "site", "scope": "tenant", "name": "Site", "apps": ["hall"] },
                       { "id": "seat", "scope": "user", "name": "Seat", "apps": ["hall"] }] }"#,
    );
    // On day 10 a seat could be assigned, on day 20 it opens by itself.
    let tenant = both.contoso([paid("site", 1, days(20, 100)), paid("seat", 1, days(10, 100))]);
    assert_eq!(
        remedies(&tenant, "ada", "hall", 0),
        [
            "wait until 2026-03-21T00:00:00Z",
            "buy 1 unit of `site`",
            "buy 1 unit of `seat`, then assign `seat` to `ada`"
        ]
    );
    let tenant = both.contoso([paid("seat", 1, days(10, 100))]);
    let found = remedies(&tenant, "ada", "hall", 0);
    assert_eq!(found[2], "wait until 2026-03-11T00:00:00Z, then assign `seat` to `ada`", "{found:?}");
}
