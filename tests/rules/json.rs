//! What a host sends to its own front end: answers and refusals as JSON.

use entitle::command::RefusalReason;
use entitle::query::{ClockStatus, ListingAction};
use entitle::{Actor, Catalog};
use serde_json::{Value, json, to_value};

use crate::support::{Scenario, Vendor, assign, day, days, paid, request, user};

#[test]
fn a_refusal_is_json_with_what_it_names() {
    let mut tenant = Vendor::fabrikam().contoso([paid("gold", 1, days(0, 100)), paid("gold", 4, days(200, 300))]);
    tenant.run(1, [assign("ada", "gold")]).unwrap();
    let refusal = tenant.run(2, [assign("bo", "gold")]).unwrap_err();
    assert_eq!(
        to_value(&refusal).unwrap(),
        json!({ "part": "only_command", "reason": { "no_free_unit": {
            "plan": "gold", "units": { "limited": 1 }, "taken": 1, "waiting": 0, "more_from": "2026-09-17T00:00:00Z"
        } } })
    );
    let RefusalReason::NoFreeUnit { more_from: Some(more), .. } = &refusal.reason else { panic!("{refusal}") };
    assert_eq!(*more, day(200));
    let forbidden = tenant.decide(&Actor::new(user("bo")), &[assign("bo", "gold")], request(), day(2)).unwrap_err();
    assert_eq!(to_value(forbidden).unwrap()["reason"]["forbidden"]["actor"], json!("bo"));
}

#[test]
fn pools_grants_trials_and_the_clock_are_json() {
    let tenant = Vendor::fabrikam().contoso([paid("gold", 3, days(0, 100))]);
    let pool = tenant.pool(&"gold".parse().unwrap(), day(1));
    let written = to_value(pool).unwrap();
    assert_eq!((&written["usable"], &written["until"]), (&json!({ "limited": 3 }), &json!("2026-06-09T00:00:00Z")));
    assert_eq!(serde_json::from_value::<entitle::query::Pool>(written).unwrap(), pool);

    let grants: Vec<Value> = tenant.grants(day(1)).map(|grant| to_value(grant).unwrap()).collect();
    assert_eq!((&grants[0]["grant"]["plan"], &grants[0]["phase"]), (&json!("gold"), &json!("active")));
    assert_eq!(grants[0]["license"], to_value(tenant.grants(day(1)).next().unwrap().license.deal().id).unwrap());
    let upcoming: Vec<Value> = tenant.upcoming(day(1)).map(|change| to_value(change).unwrap()).collect();
    assert_eq!(upcoming[0]["change"], json!({ "becomes": { "from": "active", "to": "grace" } }));

    let clock = ClockStatus::Behind { floor: day(3) };
    assert_eq!(to_value(clock).unwrap(), json!({ "behind": { "floor": "2026-03-04T00:00:00Z" } }));
    assert_eq!(serde_json::from_value::<ClockStatus>(to_value(clock).unwrap()).unwrap(), clock);
    assert_eq!(
        to_value(tenant.listing(day(1))).unwrap(),
        to_value([ListingAction::GetItNow, ListingAction::ContactMe]).unwrap()
    );
    let install = to_value(tenant.may_install(day(1))).unwrap();
    assert_eq!(install["allowed"]["plan"]["id"], json!("gold"));
}

#[test]
fn catalog_faults_are_json_with_their_places() {
    let text = r#"{ "publisher": "p", "offer": "o", "management": { "managed": "with_license" },
        "apps": [{ "id": "a", "access": "licensed" }], "plans": [] }"#;
    let Err(entitle::catalog::CatalogError::Unsound(faults)) = Catalog::from_json(text) else { panic!("{text}") };
    assert_eq!(
        to_value(faults).unwrap(),
        json!([{ "place": "plans", "what": "no_plans" }, { "place": "apps[0]", "what": { "listed_nowhere": { "app": "a" } } }])
    );
}
