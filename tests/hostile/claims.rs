//! One reading of a license (X4): no field is unknown, missing, repeated or null, no struct is a list.

use crate::sample::{claims, places, refused, splice, with};
use serde_json::{Value, json};

/// Every object of the sample: its pointer and its fields.
fn objects() -> Vec<(String, serde_json::Map<String, Value>)> {
    let claims = claims();
    let at = |pointer: &String| claims.pointer(pointer).and_then(Value::as_object).cloned();
    let objects: Vec<_> =
        places(&claims).into_iter().filter_map(|place| at(&place).map(|fields| (place, fields))).collect();
    // The claims, licensee, customer, three grants, and the structs and choices in them.
    assert!(objects.len() > 20, "{objects:#?}");
    objects
}

#[test]
fn x4_every_field_is_needed() {
    for (place, fields) in objects() {
        for gone in fields.keys() {
            let mut fewer = fields.clone();
            fewer.remove(gone);
            let reason = refused(&with(&place, &Value::from(fewer).to_string()));
            let choice = "invalid length 0, expected an object of one field".to_string();
            assert!([format!("missing field `{gone}`"), choice].contains(&reason), "{place}/{gone}: {reason}");
        }
    }
}

#[test]
fn x4_an_unknown_field_is_refused_everywhere() {
    for (place, fields) in objects() {
        for name in ["notes", "", "exp2", "Units", "units ", "$serde_json::private::RawValue"] {
            let mut more = fields.clone();
            more.insert(name.to_string(), json!("x"));
            let payload = with(&place, &Value::from(more).to_string());
            let reason = refused(&payload);
            assert!(
                reason.starts_with(&format!("unknown field `{name}`"))
                    || reason.starts_with(&format!("unknown word `{name}`"))
                    || reason == "invalid length 2, expected an object of one field",
                "{place}: {reason}"
            );
        }
    }
}

#[test]
fn x4_a_repeated_field_is_refused_everywhere() {
    for (place, fields) in objects() {
        let written: Vec<String> = fields.iter().map(|(name, value)| format!("{}:{value}", json!(name))).collect();
        for (name, value) in &fields {
            // Once as it is, once with its first letter escaped, which is the same name.
            let first = name.chars().next().unwrap();
            let escaped = format!("\"\\u{:04x}{}\"", u32::from(first), &name[first.len_utf8()..]);
            for again in [json!(name).to_string(), escaped] {
                let payload = with(&place, &format!("{{{},{again}:{value}}}", written.join(",")));
                let reason = refused(&payload);
                let choice = "invalid length 2, expected an object of one field".to_string();
                assert!([format!("duplicate field `{name}`"), choice].contains(&reason), "{place}/{name}: {reason}");
            }
        }
    }
}

#[test]
fn x4_null_is_refused_everywhere() {
    for place in places(&claims()) {
        refused(&with(&place, "null"));
    }
    // Also where a field could have been left out.
    let mut more = claims();
    more["exp"] = Value::Null;
    refused(&more.to_string());
}

#[test]
fn x4_a_struct_is_never_a_list() {
    for (place, fields) in objects() {
        let values: Vec<Value> = fields.values().cloned().collect();
        refused(&with(&place, &Value::from(values).to_string()));
        // In the order of the structs' declarations, which is what a derived reader would take.
        refused(&with(&place, "[]"));
    }
    let in_order = |place: &str, names: &[&str]| {
        let fields = claims().pointer(place).unwrap().clone();
        let values: Vec<Value> = names.iter().map(|name| fields[name].clone()).collect();
        refused(&with(place, &Value::from(values).to_string()))
    };
    for (place, names, what) in [
        (
            "",
            &["iss", "aud", "jti", "iat", "revision", "licensee", "reference", "freshness", "anchor", "grants"][..],
            "the claims of a license",
        ),
        ("/licensee/tenant", &["id", "name", "country"], "an object with `id`, `name` and `country`"),
        ("/freshness/asked", &["warn_after", "deny_after"], "an object with `warn_after` and `deny_after`"),
        (
            "/grants/0",
            &["plan", "units", "tolerance", "amounts", "kind"],
            "an object with `plan`, `units`, `tolerance`, `amounts` and `kind`",
        ),
        ("/grants/0/kind/paid/term", &["starts", "ends"], "a term with `starts` and `ends`"),
        (
            "/grants/0/kind/paid",
            &["term", "grace", "suspended", "fallback", "early"],
            "an object with `term`, `grace`, `suspended`, `fallback` and `early`",
        ),
        (
            "/grants/1/kind/trial",
            &["may_start", "length", "extensions", "grace", "early"],
            "an object with `may_start`, `length`, `extensions`, `grace` and `early`",
        ),
        ("/grants/1/kind/trial/may_start", &["opens", "closes"], "a window with `opens` and `closes`"),
        ("/grants/0/tolerance/up_to", &["units", "until"], "an object with `units` and `until`"),
        ("/grants/0/amounts/0", &["quota", "amount"], "an object with `quota` and `amount`"),
        ("/grants/1/kind/trial/extensions/up_to", &["times", "length"], "an object with `times` and `length`"),
    ] {
        assert_eq!(in_order(place, names), format!("invalid type: a list, expected {what}"), "{place}");
    }
}

#[test]
fn x4_a_choice_is_a_word_or_an_object_of_one_field() {
    let word = "invalid type: an object, expected the word alone, as text";
    for (place, raw, expected) in [
        ("/licensee", r#"{"anyone":null}"#, word),
        ("/licensee", r#"{"anyone":{}}"#, word),
        ("/licensee", r#"{"anyone":[]}"#, word),
        ("/grants/1/units", r#"{"unlimited":null}"#, word),
        ("/grants/0/amounts/0/amount", r#"{"unlimited":null}"#, word),
        ("/grants/1/units", r#"{"unlimited":0}"#, word),
        ("/grants/1/tolerance", r#"{"none":null}"#, word),
        ("/grants/1/kind/trial/extensions", r#"{"none":null}"#, word),
        ("/grants/2/kind/paid/early", r#"{"never":null}"#, word),
        ("/grants/2/kind/paid/fallback", r#"{"none":null}"#, word),
        ("/reference", r#"{"none":null}"#, word),
        ("/grants/0/units", r#"{"limited":5,"unlimited":null}"#, "invalid length 2, expected an object of one field"),
        ("/grants/0/units", r#"{"limited":5,"limited":6}"#, "invalid length 2, expected an object of one field"),
        ("/grants/0/units", r#"{"unlimited":null,"limited":5}"#, word),
        ("/grants/0/units", "{}", "invalid length 0, expected an object of one field"),
        ("/grants/0/units", r#""limited""#, "invalid type: the word alone, expected an object of one field"),
        ("/licensee", r#""tenant""#, "invalid type: the word alone, expected an object of one field"),
        ("/grants/0/kind", r#""paid""#, "invalid type: the word alone, expected an object of one field"),
        ("/grants/0/units", "5", "invalid type: integer `5`, expected a word or an object of one field"),
        ("/grants/0/units", "0", "invalid type: integer `0`, expected a word or an object of one field"),
        ("/grants/0/units", "true", "invalid type: boolean `true`, expected a word or an object of one field"),
        ("/grants/0/units", r#"["unlimited"]"#, "invalid type: a list, expected a word or an object of one field"),
    ] {
        assert_eq!(refused(&with(place, raw)), expected, "{place} {raw}");
    }
    for word in ["Unlimited", "UNLIMITED", "unlimited ", "", "none", "0", "infinity", "-1"] {
        let reason = refused(&with("/grants/0/units", &json!(word).to_string()));
        assert_eq!(reason, format!("unknown word `{word}`, expected `limited` or `unlimited`"));
    }
    // An end is a text: its word has no form as an object at all.
    let reason = refused(&with("/grants/0/kind/paid/term/ends", r#"{"never":null}"#));
    assert_eq!(reason, "invalid type: an object, expected a string");
}

#[test]
fn x4_a_value_of_another_type_is_refused_everywhere() {
    let claims = claims();
    for place in places(&claims) {
        let wrong: &[&str] = match claims.pointer(&place).unwrap() {
            Value::String(_) => &["true", "0", "1", "1.5", "[]", "{}", "\"\"", "[\"x\"]", "\"\\u0000\""],
            Value::Number(_) => &["true", "\"5\"", "\"\"", "[]", "{}", "[5]", "{\"5\":5}"],
            Value::Array(_) => &["{}", "\"\"", "0", "true", "[[]]", "[{}]", "[0]", "{\"0\":{}}"],
            Value::Object(_) => &["{}", "\"\"", "\"x\"", "0", "true", "[{}]"],
            Value::Null | Value::Bool(_) => panic!("the sample has none"),
        };
        for raw in wrong {
            refused(&with(&place, raw));
        }
    }
}

#[test]
fn x4_what_paseto_libraries_add_is_refused_with_the_cure() {
    let cure = "a document has no `exp` and no `nbf`, its dates are in its content: configure the PASETO library that made \
                it not to add them";
    for claim in ["exp", "nbf"] {
        for value in [json!("2026-03-01T00:00:00+00:00"), json!("2099-01-01T00:00:00Z"), json!(1_772_323_200), json!(0)]
        {
            let mut payload = claims();
            payload[claim] = value;
            assert_eq!(refused(&payload.to_string()), cure, "{claim}");
        }
    }
    for claim in ["sub", "kid", "typ", "version"] {
        let mut payload = claims();
        payload[claim] = json!("x");
        assert!(refused(&payload.to_string()).starts_with(&format!("unknown field `{claim}`, expected one of `iss`")));
    }
}

#[test]
fn x4_a_license_is_one_document_of_json() {
    let text = claims().to_string();
    for payload in [
        String::new(),
        format!("{text}{text}"),
        format!("{text},"),
        format!("\u{feff}{text}"),
        format!("[{text}]"),
        format!("{text}\0"),
        format!("// a comment\n{text}"),
        text.replace('}', ",}"),
        text.replace('"', "'"),
        text[..text.len() - 1].to_string(),
        with("/revision", "NaN"),
        with("/revision", "Infinity"),
        with("/licensee/tenant/name", "\"\\ud800\""),
        with("/licensee/tenant/name", "\"\\x41\""),
        with("/licensee/tenant/name", "\"a\nb\""),
    ] {
        refused(&payload);
    }
    assert_eq!(refused(&splice(claims(), "/revision", "3 3")), "expected `,` or `}`");
    let invalid = [b"{\"iss\":\"\xff\"}".as_slice(), b"\xc0\xaf", b"\xed\xa0\x80", b"\0", b"\xff\xfe{\0"];
    for payload in invalid {
        assert_eq!(crate::sample::verify_bytes(payload).unwrap_err().code(), "token.claims", "{payload:?}");
    }
}
