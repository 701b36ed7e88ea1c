//! Usage statements that are none, of a tenant that is not trusted (P3, X8).

use entitle::report::{StatementError, UsageStatement};
use serde_json::{Value, json};

/// A statement of one month, made by hand.
pub fn statement() -> Value {
    let head = |number: u64| json!({ "number": number, "hash": "A".repeat(43) });
    json!({
        "statement": "entitle.usage.v1", "publisher": "fabrikam", "offer": "f365", "name": "F365", "tenant": "contoso",
        "record": "05".repeat(16), "catalog": "B".repeat(42) + "A", "head": head(7), "floor": "2026-05-10T00:00:00Z", "tickets": 0,
        "plans": [{ "id": "gold", "name": "Gold", "scope": "user" }, { "id": "calls", "name": "Calls", "scope": "capacity" }],
        "months": [{
            "month": "2026-03", "at": "2026-03-31T23:59:59Z", "head": head(3),
            "customer": { "known": { "name": "Contoso", "country": "DE" } },
            "licenses": [{ "plan": "gold", "activation": "never", "provisioned": "unlimited", "assigned": 2, "state": "active" }],
            "consumption": [{ "plan": "calls", "consumed": 5, "allowance": { "limited": 5 } }]
        }]
    })
}

fn read(statement: &Value) -> Result<UsageStatement, StatementError> {
    UsageStatement::from_json(&statement.to_string())
}

fn with(pointer: &str, value: Value) -> Value {
    let mut statement = statement();
    *statement.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
    statement
}

/// Every object within a value.
fn objects(value: &Value, at: &str, found: &mut Vec<(String, Vec<String>)>) {
    match value {
        Value::Object(fields) => {
            found.push((at.to_string(), fields.keys().cloned().collect()));
            fields.iter().for_each(|(name, field)| objects(field, &format!("{at}/{name}"), found));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| objects(item, &format!("{at}/{index}"), found));
        }
        _ => {}
    }
}

#[test]
fn p3_the_sample_is_a_statement_and_reads_back_as_written() {
    let read_back = read(&statement()).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&read_back.to_json()).unwrap(), statement());
}

#[test]
fn p3_missing_unknown_repeated_and_null_fields_are_refused_everywhere() {
    let mut found = Vec::new();
    objects(&statement(), "", &mut found);
    assert_eq!(found.len(), 11);
    for (at, names) in found {
        let object = |edit: &dyn Fn(&mut serde_json::Map<String, Value>)| {
            let mut statement = statement();
            edit(statement.pointer_mut(&at).unwrap().as_object_mut().unwrap());
            read(&statement).map(|_| ()).unwrap_err()
        };
        assert_eq!(object(&|fields| drop(fields.insert("more".into(), json!(1)))).code(), "statement.not-json", "{at}");
        for name in &names {
            assert_eq!(object(&|fields| drop(fields.remove(name))).code(), "statement.not-json", "{at}/{name}");
            let null = object(&|fields| drop(fields.insert(name.clone(), Value::Null)));
            assert_eq!(null.code(), "statement.not-json", "{at}/{name}");
        }
        // An array for an object.
        let fields: Vec<Value> = statement().pointer(&at).unwrap().as_object().unwrap().values().cloned().collect();
        let list = if at.is_empty() { json!(fields) } else { with(&at, json!(fields)) };
        assert_eq!(read(&list).unwrap_err().code(), "statement.not-json", "{at}");
    }
    let text = statement().to_string();
    for name in ["tenant", "head", "assigned", "consumed", "country"] {
        let twice = text.replacen(&format!("\"{name}\":"), &format!("\"{name}\":1,\"{name}\":"), 1);
        assert_eq!(UsageStatement::from_json(&twice).unwrap_err().code(), "statement.not-json", "{name}");
    }
}

#[test]
fn p3_a_choice_has_one_spelling() {
    for (pointer, value) in [
        ("/months/0/licenses/0/provisioned", json!({ "unlimited": null })),
        ("/months/0/licenses/0/provisioned", json!(5)),
        ("/months/0/licenses/0/provisioned", json!({ "limited": -1 })),
        ("/months/0/licenses/0/provisioned", json!({ "limited": 1.5 })),
        ("/months/0/licenses/0/state", json!({ "active": null })),
        ("/months/0/licenses/0/state", json!("Active")),
        ("/months/0/licenses/0/activation", json!("2026-03-01")),
        ("/months/0/licenses/0/assigned", json!("2")),
        ("/months/0/consumption/0/allowance", json!({ "limited": { "0": 5 } })),
        ("/months/0/customer", json!("Unknown")),
        ("/months/0/customer", json!({ "known": { "name": "Contoso", "country": "de" } })),
        ("/months/0/month", json!("2026-3")),
        ("/months/0/head/hash", json!("A".repeat(42))),
        ("/catalog", json!("A".repeat(44))),
        ("/catalog", json!("=".repeat(43))),
        ("/record", json!("5")),
        ("/tickets", json!(-1)),
        ("/tenant", json!(" contoso")),
        ("/plans/0/scope", json!({ "user": null })),
    ] {
        assert_eq!(read(&with(pointer, value.clone())).unwrap_err().code(), "statement.not-json", "{pointer}: {value}");
    }
}

#[test]
fn p3_another_format_is_named_before_what_else_is_in_it() {
    for other in [json!({ "statement": "entitle.usage.v2", "new": [1] }), with("/statement", json!("entitle.usage.v2"))]
    {
        let error = read(&other).unwrap_err();
        assert_eq!(error, StatementError::UnknownFormat { found: "entitle.usage.v2".to_string() });
    }
    for text in [
        "",
        "{}",
        "[]",
        "null",
        "\"entitle.usage.v1\"",
        "{\"statement\":1}",
        "{\"statement\":\"entitle.usage.v1\"}",
        "\0",
    ] {
        assert_eq!(UsageStatement::from_json(text).unwrap_err().code(), "statement.not-json", "{text}");
    }
}

#[test]
fn p3_a_statement_that_contradicts_itself_is_refused() {
    let month = |month: &str, at: &str, number: u64| {
        let mut stated = statement()["months"][0].clone();
        (stated["month"], stated["at"], stated["head"]["number"]) = (json!(month), json!(at), json!(number));
        stated
    };
    let march = || month("2026-03", "2026-03-31T23:59:59Z", 3);
    let april = |number| month("2026-04", "2026-04-30T23:59:59Z", number);
    let code = |months: Value| read(&with("/months", months)).map_or_else(|error| error.code(), |_| "read");
    assert_eq!(code(json!([march(), april(3)])), "read");
    assert_eq!(code(json!([march(), april(7)])), "read");
    assert_eq!(code(json!([])), "read");
    assert_eq!(code(json!([march(), march()])), "statement.month-not-later");
    assert_eq!(code(json!([april(3), march()])), "statement.month-not-later");
    assert_eq!(code(json!([march(), april(2)])), "statement.head-not-continued");
    assert_eq!(code(json!([march(), april(8)])), "statement.head-not-continued");
    let mut forked = april(3);
    forked["head"]["hash"] = json!("B".repeat(42) + "A");
    assert_eq!(code(json!([march(), forked])), "statement.head-not-continued");
    for at in ["2026-02-28T23:59:59Z", "2026-04-01T00:00:00Z"] {
        assert_eq!(code(json!([month("2026-03", at, 3)])), "statement.read-outside-month");
    }
    assert_eq!(code(json!([month("2026-03", "2026-03-01T00:00:00Z", 3)])), "read");
    for list in ["licenses", "consumption"] {
        let mut stated = march();
        let first = stated[list][0].clone();
        stated[list].as_array_mut().unwrap().push(first);
        assert_eq!(code(json!([stated])), "statement.repeated-in-month", "{list}");
    }
    let plans = statement()["plans"].clone();
    let repeated = with("/plans", json!([plans[0], plans[1], plans[0]]));
    assert_eq!(read(&repeated).unwrap_err().code(), "statement.repeated-plan");
}

#[test]
fn p3_damaged_statements_never_panic() {
    let text = statement().to_string();
    for at in 0..text.len() {
        for damaged in [
            format!("{}{}", &text[..at], &text[at + 1..]),
            format!("{}{}{}", &text[..at], "9", &text[at..]),
            text[..at].to_string(),
        ] {
            if let Ok(read) = UsageStatement::from_json(&damaged) {
                let sample = UsageStatement::from_json(&text).unwrap();
                assert_eq!(UsageStatement::from_json(&read.to_json()).as_ref(), Ok(&read));
                _ = read.contradiction(&sample);
            }
        }
    }
}
