//! Answers of Graph that are made to cost more than their length.

use core::fmt::Write as _;
use core::time::Duration;
use std::time::Instant;

use entitle_microsoft::graph::{
    Details, Fix, GraphError, MAX_NAMED, MAX_PARTS, MAX_TEXT_BYTES, Request, Skus, Subscriptions, Users, View,
};

/// Reads an answer with a text in this field.
type Read<'a> = &'a dyn Fn(&str, &str) -> Result<(), GraphError>;

fn guid(number: usize) -> String {
    format!("00000000-0000-0000-0000-{number:012x}")
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(",")
}

/// A finding repeats the name of its SKU, and an error that of its user: a thousand times each.
#[test]
fn x8_texts_of_graph_have_a_limit() {
    let (longest, longer) = ("x".repeat(MAX_TEXT_BYTES), "x".repeat(MAX_TEXT_BYTES + 1));
    let id = guid(1);
    let skus = |field: &str, text: &str| {
        Skus::read(&[&format!(r#"{{ "value": [{{ "skuId": "{id}", "{field}": "{text}" }}] }}"#)]).map(|_| ())
    };
    let plans = |field: &str, text: &str| {
        let plan = format!(r#"{{ "servicePlanId": "{id}", "{field}": "{text}" }}"#);
        Details::read(&[&format!(r#"{{ "value": [{{ "skuId": "{id}", "servicePlans": [{plan}] }}] }}"#)]).map(|_| ())
    };
    let details = |field: &str, text: &str| {
        Details::read(&[&format!(r#"{{ "value": [{{ "skuId": "{id}", "{field}": "{text}" }}] }}"#)]).map(|_| ())
    };
    let user = |field: &str, text: &str| {
        let id = if field == "id" { String::new() } else { r#""id": "ada","#.to_string() };
        Users::read_one(&format!(r#"{{ {id} "{field}": "{text}" }}"#)).map(|_| ())
    };
    let assignment = |field: &str, text: &str| {
        let all = format!(r#"[{{ "skuId": "{id}", "{field}": "{text}" }}]"#);
        Users::read_one(&format!(r#"{{ "id": "ada", "licenseAssignmentStates": {all} }}"#)).map(|_| ())
    };
    let subscription = |field: &str, text: &str| {
        let own = if field == "id" { String::new() } else { r#""id": "s","#.to_string() };
        let all = format!(r#"{{ "value": [{{ {own} "skuId": "{id}", "{field}": "{text}" }}] }}"#);
        Subscriptions::read(&[&all]).map(|_| ())
    };
    let places: [(Read<'_>, &[&str]); 6] = [
        (&skus, &["skuPartNumber", "appliesTo", "capabilityStatus"]),
        (&plans, &["servicePlanName", "provisioningStatus", "appliesTo"]),
        (&details, &["skuPartNumber"]),
        (&user, &["id", "userPrincipalName", "usageLocation"]),
        (&assignment, &["assignedByGroup", "state", "error"]),
        (&subscription, &["id", "skuPartNumber", "status"]),
    ];
    for (read, field) in places.into_iter().flat_map(|(read, fields)| fields.iter().map(move |field| (read, *field))) {
        read(field, &longest).unwrap_or_else(|error| panic!("{field}: {error}"));
        let error = read(field, &longer).unwrap_err();
        assert_eq!(error.code(), "graph.not-json", "{field}");
        assert!(error.to_string().contains("a text has 1025 bytes, at most 1024 are read"), "{field}: {error}");
    }
}

/// A user with as many assignments in error as there may be, in each of which as much is turned off.
#[test]
fn x8_a_fix_names_so_many_products_and_service_plans_at_most() {
    let errors = |assignments: usize, off: usize, error: &str| {
        let all = joined((0..assignments).map(|number| {
            let off = joined((0..off).map(|plan| format!("\"{}\"", guid((number + 1) * 10_000 + plan))));
            let id = guid(number);
            format!(r#"{{"skuId":"{id}","state":"ActiveWithError","error":"{error}","disabledPlans":[{off}]}}"#)
        }));
        let users = Users::read_one(&format!(r#"{{"id":"ada","licenseAssignmentStates":[{all}]}}"#)).unwrap();
        let view = View::new(Skus::read(&[r#"{ "value": [] }"#]).unwrap()).with_users(users);
        view.errors().unwrap().all
    };
    let begun = Instant::now();
    let all = errors(MAX_PARTS, 100, "DependencyViolation");
    assert_eq!(all.len(), MAX_PARTS);
    assert!(
        all.iter().all(|each| matches!(&each.fix, Fix::AssignPrerequisite { turned_off, .. } if turned_off.is_empty()))
    );
    let all = errors(MAX_PARTS, 0, "MutuallyExclusiveViolation");
    assert!(all.iter().all(|each| matches!(&each.fix, Fix::LookAtUser { user } if user == "ada")));
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
    // As many as are named.
    let all = errors(MAX_NAMED + 1, 0, "MutuallyExclusiveViolation");
    assert!(all.iter().all(|each| matches!(&each.fix, Fix::RemoveExcluding { among, .. } if among.len() == MAX_NAMED)));
    let all = errors(1, MAX_NAMED, "DependencyViolation");
    assert!(matches!(&all[0].fix, Fix::AssignPrerequisite { turned_off, .. } if turned_off.len() == MAX_NAMED));
}

/// Each SKU looks at its own subscriptions, and not at all of them.
#[test]
fn x8_the_findings_of_many_skus_and_subscriptions_cost_their_sum() {
    const MANY: usize = 100_000;
    let plan = format!(r#"[{{"servicePlanId":"{}"}}]"#, guid(7));
    let skus = joined(
        (0..MANY)
            .map(|number| format!(r#"{{"skuId":"{}","appliesTo":"Company","servicePlans":{plan}}}"#, guid(number))),
    );
    let mut subscriptions = String::new();
    for number in 0..MANY {
        let comma = if number == 0 { "" } else { "," };
        write!(subscriptions, r#"{comma}{{"id":"{number}","skuId":"{}"}}"#, guid(number + MANY)).unwrap();
    }
    let page = |value: &str| format!(r#"{{"value":[{value}]}}"#);
    let view = View::new(Skus::read(&[&page(&skus)]).unwrap());
    let view = view.with_subscriptions(Subscriptions::read(&[&page(&subscriptions)]).unwrap());
    let begun = Instant::now();
    assert_eq!(view.company_findings("2026-03-01T00:00:00Z".parse().unwrap()).count(), MANY);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    // A request has a limit of its own.
    let many = joined((0..=MAX_PARTS).map(|number| format!("\"{}\"", guid(number))));
    let request = Request::read(&format!(r#"{{"addLicenses":[],"removeLicenses":[{many}]}}"#));
    assert_eq!(request.unwrap_err().code(), "graph.too-many");
}
