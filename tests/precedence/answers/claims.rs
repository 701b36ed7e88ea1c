//! What is wrong with claims.

use entitle::quantity::{Place, Total};

use crate::support::{Scenario, Vendor, assign, day, days, paid};
use crate::{Row, row};

/// In the order of the catalog's plans: bronze waits, silver is excluded, gold lacks what it requires.
pub(super) fn claims_in_error() -> Vec<Row> {
    let catalog = include_str!("../../../examples/fabrikam.json")
        .replacen(r#""name": "F365 Silver","#, r#""name": "F365 Silver", "excludes": ["bronze"],"#, 1)
        .replacen(r#""name": "F365 Gold","#, r#""name": "F365 Gold", "requires": [["silver"]],"#, 1);
    let mut tenant = Vendor::of(&catalog).contoso(["bronze", "silver", "gold"].map(|plan| paid(plan, 1, days(0, 9))));
    tenant.forge(0, [assign("b", "bronze")]);
    for plan in ["bronze", "silver", "gold"] {
        tenant.forge(0, [assign("ada", plan)]);
    }
    let found: Vec<_> = tenant.claims_in_error(day(1)).collect();
    let without_units = &tenant.claims_in_error(day(400)).next().unwrap().error;
    let [waits, excluded, lacks] = &*found else { panic!("{found:?}") };
    let by = "`bronze`, which the user claimed before";
    vec![
        row!("claim.count-violation", "waits for a seat as number 1: the only seat is taken", &waits.error),
        row!("claim.count-violation", "waits for a seat as number 2: all 3 seats are taken", {
            entitle::query::ClaimError::CountViolation { place: Place::behind(4), limit: Total::Limited(3) }
        }),
        row!("claim.no-units", "gives nothing: its license ended on 2026-07-08T00:00:00Z", without_units),
        row!("claim.mutually-exclusive", format!("is excluded by {by}"), &excluded.error),
        row!("claim.dependency", "requires `silver`", &lacks.error),
        row!("claim.count-violation", "`bronze` of `ada` waits for a seat as number 1: the only seat is taken", waits),
        row!("claim.mutually-exclusive", format!("`silver` of `ada` is excluded by {by}"), excluded),
        row!("claim.dependency", "`gold` of `ada` requires `silver`", lacks),
    ]
}
