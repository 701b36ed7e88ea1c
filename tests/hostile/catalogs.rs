//! Catalogs in JSON that are none, or not sound: every fault at once, each with its place (C8).

use crate::sample::{places, splice};
use entitle::Catalog;
use entitle::catalog::{CatalogError, Fault};
use serde_json::{Value, json};

fn catalog() -> Value {
    json!({
        "publisher": "fabrikam",
        "offer": "f365",
        "management": { "managed": "with_license" },
        "notice": 30,
        "apps": [{ "id": "help", "access": "free" }, { "id": "orders", "access": "licensed" }],
        "plans": [
            { "id": "gold", "scope": "user", "name": "Gold", "more_info": "https://f.example/", "apps": ["orders"] },
        ],
    })
}

fn faults(catalog: &Value) -> Vec<Fault> {
    match Catalog::from_json(&catalog.to_string()) {
        Err(error @ CatalogError::Unsound(_)) => {
            assert_eq!(error.code(), "catalog.unsound");
            let CatalogError::Unsound(faults) = error else { unreachable!() };
            faults
        }
        other => panic!("{other:?}"),
    }
}

/// Why the text is no catalog, without the place in it.
fn not_json(text: &str) -> String {
    let error = Catalog::from_json(text).map(|catalog| catalog.offer().clone()).unwrap_err();
    assert_eq!(error.code(), "catalog.not-json", "{error}\n{text}");
    let CatalogError::NotJson { line, column, detail } = &error else { panic!("{error:?}") };
    assert_eq!(error.to_string(), format!("not a catalog: line {line}, column {column}: {detail}"));
    detail.clone()
}

#[test]
fn the_sample_is_a_catalog() {
    assert!(Catalog::from_json(&catalog().to_string()).is_ok());
}

#[test]
fn c8_every_fault_of_one_catalog_at_once() {
    let spoiled = json!({
        "publisher": "fabrikam",
        "offer": "f365",
        "management": { "managed": "with_license" },
        "apps": [
            { "id": "orders", "access": "licensed" },
            { "id": "orders", "access": "licensed" },
            { "id": "Orders", "access": "licensed" },
            { "id": "help", "access": "free" },
        ],
        "plans": [
            { "id": "gold", "scope": "user", "name": "Gold", "apps": ["orders", "help", "orders", "audit"] },
            { "id": "GOLD", "scope": "user", "name": "Gold" },
            { "id": "gold", "scope": "tenant", "name": "Gold" },
            { "id": "runs", "scope": "capacity", "name": "Runs", "apps": ["orders"] },
        ],
    });
    let expected = [
        ("apps[1].id", "catalog.duplicate-id", "the id `orders` is used twice"),
        ("apps[2].id", "catalog.differs-in-case", "the id `Orders` differs from `orders` only in letter case"),
        ("apps[2]", "catalog.listed-nowhere", "the app `Orders` is licensed, but no plan lists it"),
        ("apps[3]", "catalog.free-and-listed", "the app `help` is free, but the plan `gold` lists it"),
        ("plans[1].id", "catalog.differs-in-case", "the id `GOLD` differs from `gold` only in letter case"),
        ("plans[2].id", "catalog.duplicate-id", "the id `gold` is used twice"),
        ("plans[0].apps[2]", "catalog.listed-twice", "the app `orders` is listed twice"),
        ("plans[0].apps[3]", "catalog.no-such-app", "no app has the id `audit`"),
        (
            "plans[3].apps",
            "catalog.capacity-lists-apps",
            "the capacity plan `runs` lists apps, but capacity plans allow no apps",
        ),
    ];
    let found = faults(&spoiled);
    let reported: Vec<_> =
        found.iter().map(|fault| (fault.place.as_str(), fault.what.code(), fault.what.to_string())).collect();
    let expected: Vec<_> = expected.map(|(place, code, text)| (place, code, text.to_string())).into();
    assert_eq!(reported, expected);
    let message = Catalog::from_json(&spoiled.to_string()).unwrap_err().to_string();
    assert!(
        message.starts_with("the catalog has 9 faults\n  apps[1].id: the id `orders` is used twice\n"),
        "{message}"
    );
    assert_eq!(message.lines().count(), 10);
}

#[test]
fn c1_a_managed_offer_without_a_plan_is_refused() {
    let mut none = catalog();
    none["plans"] = json!([]);
    none["apps"] = json!([]);
    let error = Catalog::from_json(&none.to_string()).unwrap_err();
    let message = "the catalog has 1 fault\n  plans: license management is on, but the offer has no plan";
    assert_eq!(error.to_string(), message);
    none["management"] = json!("unmanaged");
    assert!(Catalog::from_json(&none.to_string()).is_ok());
}

#[test]
fn c1_install_without_a_license_can_be_set_only_with_management_on() {
    for (raw, reason) in [
        (r#"{"unmanaged":"without_license"}"#, "invalid type: an object, expected the word alone, as text"),
        (r#"{"unmanaged":null}"#, "invalid type: an object, expected the word alone, as text"),
        (r#""managed""#, "invalid type: the word alone, expected an object of one field"),
        (r#"{"managed":null}"#, "invalid type: null, expected a word or an object of one field"),
        (r#"{"managed":"with_license","unmanaged":null}"#, "invalid length 2, expected an object of one field"),
        ("true", "invalid type: boolean `true`, expected a word or an object of one field"),
    ] {
        assert_eq!(not_json(&splice(catalog(), "/management", raw)), reason, "{raw}");
    }
}

#[test]
fn c3_free_is_explicit_and_written_in_one_way() {
    for raw in ["null", "true", r#""Free""#, r#"{"free":null}"#, "[]", "0", r#""""#] {
        not_json(&splice(catalog(), "/apps/0/access", raw));
    }
    assert_eq!(not_json(&splice(catalog(), "/apps/0", r#"{"id":"help"}"#)), "missing field `access`");
}

#[test]
fn x8_a_catalog_of_another_shape_is_refused_with_its_place() {
    let catalog = catalog();
    for place in places(&catalog) {
        let value = catalog.pointer(&place).unwrap();
        if let Value::Object(fields) = value {
            let listed = Value::from(fields.values().cloned().collect::<Vec<_>>());
            not_json(&splice(catalog.clone(), &place, &listed.to_string()));
            not_json(&splice(catalog.clone(), &place, "[]"));
            let written: Vec<String> = fields.iter().map(|(name, value)| format!("{}:{value}", json!(name))).collect();
            for again in &written {
                not_json(&splice(catalog.clone(), &place, &format!("{{{},{again}}}", written.join(","))));
            }
            let unknown = format!("{{{},\"price\":1}}", written.join(","));
            let reason = not_json(&splice(catalog.clone(), &place, &unknown));
            let expected = ["unknown field `price`", "invalid length 2, expected an object of one field"];
            assert!(expected.iter().any(|text| reason.starts_with(text)), "{place}: {reason}");
        }
        for raw in ["true", "1.5", "-1", "{\"x\":0}"] {
            not_json(&splice(catalog.clone(), &place, raw));
        }
        not_json(&splice(catalog.clone(), &place, "null"));
    }
    let error = Catalog::from_json("{\n  \"publisher\": 7\n}").unwrap_err();
    let message = "not a catalog: line 2, column 16: invalid type: integer `7`, expected a string";
    assert_eq!(error.to_string(), message);
    for (text, reason) in [
        ("", "the text ends where a value is expected"),
        ("null", "invalid type: null, expected an object with `publisher`, `offer`, `management`, `apps` and `plans`"),
        ("[]", "invalid type: a list, expected an object with `publisher`, `offer`, `management`, `apps` and `plans`"),
        ("\u{feff}{}", "expected value"),
        ("{}", "missing field `publisher`"),
    ] {
        assert_eq!(not_json(text), reason, "{text:?}");
    }
    assert_eq!(not_json(&format!("{catalog}{catalog}")), "trailing characters");
}

#[test]
fn c9_ids_in_a_catalog_are_checked_as_they_are_read() {
    for (place, raw, reason) in [
        ("/publisher", r#""""#, "publisher id is empty: at least one character is needed"),
        ("/offer", r#"" f365""#, "offer id ` f365` begins or ends with white space"),
        ("/apps/0/id", r#""a\nb""#, "app id `a\\nb` has a control character at byte 1"),
        ("/plans/0/name", r#""Gold ""#, "label `Gold ` begins or ends with white space"),
        ("/plans/0/apps/0", r#""\u0000""#, "app id `\\0` has a control character at byte 0"),
    ] {
        assert_eq!(not_json(&splice(catalog(), place, raw)), reason);
    }
    let long = json!("x".repeat(301)).to_string();
    let reason = not_json(&splice(catalog(), "/plans/0/id", &long));
    assert_eq!(reason, "plan id has 301 bytes: at most 300 are allowed");
}

#[test]
fn x8_an_unknown_app_is_named_and_a_long_one_shortened() {
    let catalog = Catalog::from_json(&catalog().to_string()).unwrap();
    let error = catalog.app("order").unwrap_err();
    assert_eq!(
        (error.to_string().as_str(), error.code()),
        ("no app of this catalog has the id `order`", "catalog.unknown-app")
    );
    for id in ["", " orders", "orders ", "ORDERS", "orders\0", "a\nb", &"x".repeat(10_000), &"é".repeat(10_000)] {
        let error = catalog.app(id).unwrap_err();
        assert!(error.to_string().len() < 300 && !error.to_string().contains('\n'), "{error}");
    }
}
