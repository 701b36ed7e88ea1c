//! A license with something in every place, as text that a test can spoil, and what becomes of it.

use crate::mint;
use crate::support::Vendor;
use entitle::token::TokenError;
use entitle::{License, Token};
use serde_json::{Value, json};

/// The seed of the vendor's key.
pub const SEED: [u8; 32] = [1; 32];

pub const KIND: &str = "entitle.license.v1";

/// A valid license in which no optional meaning is left to its default.
pub fn claims() -> Value {
    json!({
        "iss": "fabrikam",
        "aud": "f365",
        "jti": "01010101010101010101010101010101",
        "iat": "2026-02-19T00:00:00Z",
        "revision": 3,
        "licensee": { "tenant": { "id": "contoso", "name": "Contoso Ltd", "country": "DE" } },
        "reference": { "of": "PO-4711" },
        "freshness": { "asked": { "warn_after": 7, "deny_after": 30 } },
        "anchor": { "record": "05050505050505050505050505050505.7.47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU" },
        "grants": [
            {
                "plan": "gold",
                "units": { "limited": 5 },
                "tolerance": { "up_to": { "units": { "limited": 8 }, "until": "2026-06-01T00:00:00Z" } },
                "amounts": [{ "quota": "projects", "amount": { "limited": 50 } }],
                "kind": { "paid": {
                    "term": { "starts": "2026-03-01T00:00:00Z", "ends": "2027-03-01T00:00:00Z" },
                    "grace": 30,
                    "suspended": 90,
                    "fallback": { "before": "2026-09-01T00:00:00Z" },
                    "early": { "cancelled": "2026-12-01T00:00:00Z" },
                } },
            },
            {
                "plan": "silver",
                "units": "unlimited",
                "tolerance": "none",
                "amounts": [],
                "kind": { "trial": {
                    "may_start": { "opens": "2026-03-01T00:00:00Z", "closes": "2026-04-01T00:00:00Z" },
                    "length": 30,
                    "extensions": { "up_to": { "times": 2, "length": 15 } },
                    "grace": 7,
                    "early": { "withdrawn": "2026-12-01T00:00:00Z" },
                } },
            },
            {
                "plan": "bronze",
                "units": { "limited": 2 },
                "tolerance": "none",
                "amounts": [],
                "kind": { "paid": {
                    "term": { "starts": "2026-03-01T00:00:00Z", "ends": "never" },
                    "grace": 0,
                    "suspended": 0,
                    "fallback": "none",
                    "early": "never",
                } },
            },
        ],
    })
}

/// The claims with the text `raw` in place of the value at `pointer`, whether it is JSON or not.
pub fn with(pointer: &str, raw: &str) -> String {
    splice(claims(), pointer, raw)
}

/// Any JSON with the text `raw` in place of the value at `pointer`.
pub fn splice(mut json: Value, pointer: &str, raw: &str) -> String {
    let mark = "\u{1}here\u{1}";
    *json.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = Value::from(mark);
    json.to_string().replace(&Value::from(mark).to_string(), raw)
}

/// What the vendor's ring says to this payload under the vendor's own signature.
pub fn verify(payload: &str) -> Result<License, TokenError> {
    verify_bytes(payload.as_bytes())
}

pub fn verify_bytes(payload: &[u8]) -> Result<License, TokenError> {
    let text = mint::sign(SEED, payload, mint::footer(SEED, KIND).as_bytes(), b"");
    Vendor::fabrikam().ring().verify(&text.parse::<Token>().unwrap())
}

/// What the parser answered to the payload, which must be refused as claims. A person reads only where.
pub fn refused(payload: &str) -> String {
    match verify(payload) {
        Err(error @ TokenError::Claims { .. }) => {
            let TokenError::Claims { kind, column, detail } = &error else { unreachable!() };
            let expected = format!(
                "the signed content does not fit this kind of document ({kind}), from column {column} on: contact the issuer"
            );
            assert_eq!((error.code(), error.to_string()), ("token.claims", expected), "{payload}");
            detail.clone()
        }
        other => panic!("{payload}: {other:#?}"),
    }
}

/// The pointers to every value in the JSON, the whole first.
pub fn places(json: &Value) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut next = 0;
    while let Some(pointer) = found.get(next).cloned() {
        next += 1;
        match json.pointer(&pointer).unwrap() {
            Value::Object(fields) => found.extend(fields.keys().map(|key| format!("{pointer}/{key}"))),
            Value::Array(items) => found.extend((0..items.len()).map(|index| format!("{pointer}/{index}"))),
            _ => {}
        }
    }
    found
}

#[test]
fn the_sample_is_a_license() {
    let license = verify(&claims().to_string()).unwrap();
    assert_eq!(license.deal().grants.len(), 3);
    assert_eq!(license.deal().revision.get(), 3);
}
