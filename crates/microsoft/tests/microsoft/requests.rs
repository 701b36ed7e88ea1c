//! Effects of requests to `assignLicense` on one small tenant, and on every small one.

use entitle_microsoft::Guid;
use entitle_microsoft::graph::{
    Assignee, GraphError, MissingData, Outcome, RejectReason, Request, RequestedChange, Skus, Users, View,
};

const SKUS: &str = include_str!("samples/skus.json");
const USERS: &str = include_str!("samples/users.json");

/// Products: 12 usable units, 9 assigned; no usable unit; 5 usable, 1 assigned; for the company;
/// not in the tenant.
const DESK: u32 = 10;
const BOOKS: u32 = 11;
const PRINT: u32 = 12;
const HALL: u32 = 13;
const ELSEWHERE: u32 = 14;

fn id(n: u32) -> Guid {
    format!("00000000-0000-0000-0000-{n:012x}").parse().unwrap()
}

fn view(users: &str) -> View {
    View::new(Skus::read(&[SKUS]).unwrap()).with_users(Users::read(&[users]).unwrap())
}

fn request(add: &[u32], remove: &[u32]) -> Request {
    let add: Vec<String> = add.iter().map(|sku| format!(r#"{{"skuId": "{}"}}"#, id(*sku))).collect();
    let remove: Vec<String> = remove.iter().map(|sku| format!("\"{}\"", id(*sku))).collect();
    Request::read(&format!(r#"{{"addLicenses": [{}], "removeLicenses": [{}]}}"#, add.join(","), remove.join(",")))
        .unwrap()
}

/// Returns the outcome of one requested change.
fn outcome(view: &View, assignee: &Assignee, add: &[u32], remove: &[u32]) -> Outcome {
    let request = request(add, remove);
    let effect = view.effects(assignee, &request).next().unwrap();
    assert_eq!(effect.change, if remove.is_empty() { RequestedChange::Add } else { RequestedChange::Remove });
    effect.outcome
}

fn adds(user: &str, sku: u32) -> Outcome {
    outcome(&view(USERS), &Assignee::User(user.into()), &[sku], &[])
}

fn removes(user: &str, sku: u32) -> Outcome {
    outcome(&view(USERS), &Assignee::User(user.into()), &[], &[sku])
}

#[test]
fn s2_what_is_assigned_takes_a_unit_if_one_is_free() {
    assert_eq!(adds("ada", PRINT), Outcome::Takes { free: 4 }, "5 in warning, 1 in use");
    assert_eq!(adds("cy", DESK), Outcome::Takes { free: 3 }, "through the group they have none: it is in error");
    assert_eq!(adds("cy", BOOKS), Outcome::Short, "25 suspended and 3 locked out");
    assert_eq!(adds("ada", ELSEWHERE), Outcome::Short, "the tenant does not have it");
    assert_eq!(adds("ada", HALL), Outcome::Refused(RejectReason::ForCompany));
    assert_eq!(adds("eli", DESK), Outcome::Refused(RejectReason::NoUsageLocation));
    assert_eq!(adds("zoe", DESK), Outcome::Refused(RejectReason::NoSuchUser));
}

#[test]
fn s3_one_who_has_a_unit_takes_no_second() {
    assert_eq!(adds("ada", DESK), Outcome::TakesNone);
    assert_eq!(adds("bo", PRINT), Outcome::TakesNone, "through a group");
    assert_eq!(adds("flo", DESK), Outcome::TakesNone, "active with an error");
    assert_eq!(adds("ada", BOOKS), Outcome::TakesNone, "suspended, and still assigned");
}

#[test]
fn s4_what_is_taken_away_frees_a_unit_if_no_source_is_left() {
    let sales = || vec!["sales".to_string()];
    assert_eq!(removes("ada", DESK), Outcome::Frees { units: 1 });
    assert_eq!(removes("bo", DESK), Outcome::FreesNone { groups: sales() });
    assert_eq!(removes("bo", PRINT), Outcome::Refused(RejectReason::Inherited { groups: sales() }));
    assert_eq!(removes("ada", PRINT), Outcome::Refused(RejectReason::NotAssigned));
    assert_eq!(removes("cy", BOOKS), Outcome::FreesNone { groups: vec![] }, "it is in error and has no unit");
    let of_group = |add: &[u32], remove: &[u32]| outcome(&view(USERS), &Assignee::Group("sales".into()), add, remove);
    assert_eq!(
        of_group(&[], &[DESK]),
        Outcome::Frees { units: 1 },
        "flo; bo keeps it directly, cy and di never had it"
    );
    assert_eq!(of_group(&[], &[PRINT]), Outcome::Frees { units: 1 }, "bo");
    assert_eq!(of_group(&[], &[BOOKS]), Outcome::Frees { units: 0 });
    assert_eq!(of_group(&[DESK], &[]), Outcome::NotKnown(MissingData::PropertyMissing { property: "members" }));
}

#[test]
fn s6_a_sku_that_is_both_added_and_removed_is_rejected_twice() {
    let (view, whom) = (view(USERS), Assignee::User("ada".into()));
    let request = request(&[DESK, PRINT], &[DESK]);
    let effects: Vec<_> = view.effects(&whom, &request).map(|effect| (effect.change, effect.outcome)).collect();
    let both = Outcome::Refused(RejectReason::BothWays);
    assert_eq!(
        effects,
        [
            (RequestedChange::Remove, both.clone()),
            (RequestedChange::Add, both),
            (RequestedChange::Add, Outcome::Takes { free: 4 })
        ]
    );
}

#[test]
fn unknown_service_plans_to_turn_off_are_listed() {
    let text = format!(
        r#"{{"addLicenses": [{{"skuId": "{}", "disabledPlans": ["{}", "{}"]}}], "removeLicenses": []}}"#,
        id(DESK),
        id(1),
        id(4)
    );
    let (view, whom, request) = (view(USERS), Assignee::User("ada".into()), Request::read(&text).unwrap());
    let effect = view.effects(&whom, &request).next().unwrap();
    assert_eq!((effect.unknown_plans, effect.sku_part_number.as_deref()), (vec![id(4)], Some("DESK")));
}

#[test]
fn missing_data_is_not_known() {
    let whom = Assignee::User("ada".into());
    let asked = |users: &str| outcome(&view(users), &whom, &[DESK], &[]);
    let edited = |from: &str, to: &str| {
        assert!(USERS.contains(from), "{from}");
        USERS.replacen(from, to, 1)
    };
    let alone = View::new(Skus::read(&[SKUS]).unwrap());
    assert_eq!(outcome(&alone, &whom, &[DESK], &[]), Outcome::NotKnown(MissingData::ListNotRead { list: "users" }));
    let leaves = outcome(&alone, &Assignee::Group("sales".into()), &[], &[DESK]);
    assert_eq!(leaves, Outcome::NotKnown(MissingData::ListNotRead { list: "users" }));
    let part = edited("\"value\"", "\"@odata.nextLink\": \"next\", \"value\"");
    assert_eq!(
        outcome(&view(&part), &Assignee::User("zoe".into()), &[DESK], &[]),
        Outcome::NotKnown(MissingData::ListIncomplete { list: "users" })
    );
    let leaves = outcome(&view(&part), &Assignee::Group("sales".into()), &[], &[DESK]);
    assert_eq!(leaves, Outcome::NotKnown(MissingData::ListIncomplete { list: "users" }));
    let silent = edited("\"usageLocation\": \"DE\",", "");
    assert_eq!(asked(&silent), Outcome::NotKnown(MissingData::PropertyMissing { property: "usageLocation" }));
    assert_eq!(asked(&edited("\"licenseAssignmentStates\"", "\"other\"")), {
        Outcome::NotKnown(MissingData::PropertyMissing { property: "licenseAssignmentStates" })
    });
    let odd = edited("\"state\": \"Active\"", "\"state\": \"Fine\"");
    assert_eq!(asked(&odd), Outcome::NotKnown(MissingData::UnknownValue { property: "state", value: "Fine".into() }));
    let none = edited("\"state\": \"Active\", ", "");
    assert_eq!(asked(&none), Outcome::NotKnown(MissingData::PropertyMissing { property: "state" }));
    let units = SKUS.replacen("\"consumedUnits\": 1,", "", 1);
    let view = View::new(Skus::read(&[&units]).unwrap()).with_users(Users::read(&[USERS]).unwrap());
    assert_eq!(
        outcome(&view, &whom, &[PRINT], &[]),
        Outcome::NotKnown(MissingData::PropertyMissing { property: "consumedUnits" })
    );
}

#[test]
fn x8_what_is_no_request_is_refused() {
    let twice = format!(r#"{{"addLicenses": [], "removeLicenses": ["{0}", "{0}"]}}"#, id(1));
    assert_eq!(Request::read(&twice), Err(GraphError::Repeated { list: "assignLicense", id: id(1).to_string() }));
    let twice = format!(r#"{{"addLicenses": [{{"skuId": "{0}"}}, {{"skuId": "{0}"}}], "removeLicenses": []}}"#, id(1));
    assert!(matches!(Request::read(&twice), Err(GraphError::Repeated { .. })));
    for text in ["[[], []]", "{}", r#"{"addLicenses": []}"#, r#"{"addLicenses": [{}], "removeLicenses": []}"#] {
        assert!(matches!(Request::read(text), Err(GraphError::NotJson { .. })), "{text}");
    }
    let many: Vec<String> = (0..1_001).map(|n| format!("\"{}\"", id(n))).collect();
    let text = format!(r#"{{"addLicenses": [], "removeLicenses": [{}]}}"#, many.join(","));
    assert!(matches!(Request::read(&text), Err(GraphError::TooMany { found: 1_001, .. })));
    let off = format!(r#"{{"skuId": "{}", "disabledPlans": [{}]}}"#, id(1), many.join(","));
    let text = format!(r#"{{"addLicenses": [{off}], "removeLicenses": []}}"#);
    assert!(matches!(Request::read(&text), Err(GraphError::TooMany { what: "disabled plans", .. })));
}

/// The state of one source: none, with a unit, in error.
const STATES: [Option<&str>; 3] = [None, Some("Active"), Some("Error")];

/// Returns a user whose sources of DESK have these states: direct, group one, group two.
type Sources = [Option<&'static str>; 3];

fn user(name: &str, sources: Sources) -> String {
    let groups = ["null", "\"one\"", "\"two\""];
    let lines: Vec<String> = sources
        .iter()
        .zip(groups)
        .filter_map(|(state, group)| {
            let (state, sku) = ((*state)?, id(DESK));
            Some(format!(
                r#"{{"skuId": "{sku}", "assignedByGroup": {group}, "disabledPlans": [], "state": "{state}"}}"#
            ))
        })
        .collect();
    format!(r#"{{"id": "{name}", "usageLocation": "DE", "licenseAssignmentStates": [{}]}}"#, lines.join(","))
}

fn has_unit(sources: Sources) -> u64 {
    u64::from(sources.contains(&Some("Active")))
}

fn all_sources() -> impl Iterator<Item = Sources> {
    (0..27).map(|n: usize| [STATES[n % 3], STATES[n / 3 % 3], STATES[n / 9]])
}

/// For all sources of two users: the units after a request are those before it, changed by its
/// effects.
#[test]
fn s3_units_are_counted_as_they_would_be_after_the_request() {
    for sources in all_sources() {
        let one = view(&format!(r#"{{"value": [{}]}}"#, user("ada", sources)));
        let ada = Assignee::User("ada".into());
        let before = has_unit(sources);
        let after = has_unit([Some("Active"), sources[1], sources[2]]);
        match outcome(&one, &ada, &[DESK], &[]) {
            Outcome::Takes { free: 3 } => assert_eq!(after, before + 1, "{sources:?}"),
            Outcome::TakesNone => assert_eq!(after, before, "{sources:?}"),
            other => panic!("{other} of {sources:?}"),
        }
        let after = has_unit([None, sources[1], sources[2]]);
        match outcome(&one, &ada, &[], &[DESK]) {
            Outcome::Frees { units } => assert_eq!(after, before - units, "{sources:?}"),
            Outcome::FreesNone { .. } => assert_eq!(after, before, "{sources:?}"),
            Outcome::Refused(RejectReason::NotAssigned) => assert_eq!(sources, [None; 3]),
            Outcome::Refused(RejectReason::Inherited { groups }) => {
                let named = |at: usize, name: &str| sources[at].is_some() == groups.contains(&name.to_string());
                assert!(sources[0].is_none() && named(1, "one") && named(2, "two"), "{sources:?}");
            }
            other => panic!("{other} of {sources:?}"),
        }
        for others in all_sources() {
            let two = view(&format!(r#"{{"value": [{}, {}]}}"#, user("ada", sources), user("bo", others)));
            let before = has_unit(sources) + has_unit(others);
            let after = has_unit([sources[0], None, sources[2]]) + has_unit([others[0], None, others[2]]);
            let freed = outcome(&two, &Assignee::Group("one".into()), &[], &[DESK]);
            assert_eq!(freed, Outcome::Frees { units: before - after }, "{sources:?} {others:?}");
        }
    }
}
