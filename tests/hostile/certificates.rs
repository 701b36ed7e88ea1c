//! Certificates that are not what they should be (X4, X10).

use entitle::limits::MAX_CERTIFICATE_BYTES;
use entitle::token::{CertifiedPurpose, KeyCertificate, KeyConstraint, KeyPermissions, KeyPurpose, TokenError};
use entitle::{KeyRing, Token};
use serde_json::{Value, json};

use crate::mint;
use crate::sample::SEED;
use crate::support::{Vendor, day};

const KIND: &str = "entitle.key-certificate.v1";

fn claims() -> Value {
    json!({
        "iss": "fabrikam",
        "iat": "2026-03-01T00:00:00Z",
        "key": mint::public_text([2; 32]),
        "purposes": ["licenses", "licenses_for_anyone", { "revocations": 7 }, "time_tickets"],
        "window": { "opens": "2026-03-01T00:00:00Z", "closes": "2027-03-01T00:00:00Z" },
        "constraints": [{ "offers": ["f365"] }, { "issued_before": "2027-01-01T00:00:00Z" }],
    })
}

fn ring() -> KeyRing {
    let all = KeyPermissions::new(KeyPurpose::Licenses)
        .and(KeyPurpose::LicensesForAnyone)
        .and(KeyPurpose::Revocations)
        .and(KeyPurpose::TimeTickets)
        .and(KeyPurpose::Certificates);
    KeyRing::new().trust(Vendor::fabrikam().secret.public(), all).unwrap()
}

fn verify(payload: &str) -> Result<KeyCertificate, TokenError> {
    let text = mint::sign(SEED, payload.as_bytes(), mint::footer(SEED, KIND).as_bytes(), b"");
    ring().verify_certificate(&text.parse().unwrap())
}

fn code(claims: &Value) -> &'static str {
    verify(&claims.to_string()).map_or_else(|error| error.code(), |_| "certified")
}

#[test]
fn x4_every_field_of_a_certificate_is_there_once_and_no_other() {
    assert_eq!(code(&claims()), "certified");
    let fields = claims();
    for (name, value) in fields.as_object().unwrap() {
        let mut without = fields.clone();
        without.as_object_mut().unwrap().remove(name);
        let mut null = fields.clone();
        null[name.as_str()] = Value::Null;
        let twice = fields.to_string().replacen('{', &format!("{{\"{name}\":{value},"), 1);
        let mut other = fields.clone();
        other[format!("{name}s")] = value.clone();
        for payload in [without.to_string(), null.to_string(), twice, other.to_string()] {
            assert_eq!(verify(&payload).unwrap_err().code(), "token.claims", "{payload}");
        }
    }
    let list: Vec<&Value> = fields.as_object().unwrap().values().collect();
    assert_eq!(verify(&json!(list).to_string()).unwrap_err().code(), "token.claims");
}

/// What is in a field has one spelling, and an unknown purpose or constraint is none that could be skipped.
#[test]
fn x10_what_a_certificate_says_has_one_spelling() {
    for (field, value) in [
        ("purposes", json!(["certificates"])),
        ("purposes", json!(["sales"])),
        ("purposes", json!(["revocations"])),
        ("purposes", json!([{ "revocations": 0 }])),
        ("purposes", json!([{ "revocations": null }])),
        ("purposes", json!([{ "licenses": null }])),
        ("purposes", json!("licenses")),
        ("key", json!(mint::key_id(&mint::public_text([2; 32])))),
        // The neutral point, and one that is no canonical encoding.
        ("key", json!("k4.public.AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")),
        ("key", json!(format!("k4.public.{}", mint::base64url(&[0xff; 32])))),
        ("window", json!({ "opens": "2026-03-01T00:00:00Z" })),
        ("window", json!({ "opens": "2026-03-01T00:00:00Z", "closes": "never" })),
        ("window", json!({ "opens": "2026-03-01T00:00:00Z", "closes": "2026-03-01T00:00:00Z" })),
        ("constraints", json!({ "offers": ["f365"] })),
        ("constraints", json!(["offers"])),
        ("constraints", json!([{ "countries": ["DE"] }])),
        ("constraints", json!([{ "offers": ["f365"], "terms": 30 }])),
        ("constraints", json!([{ "terms": -1 }])),
        ("constraints", json!([{ "units": [{ "plan": "gold", "units": { "limited": 0 } }] }])),
        ("constraints", json!([{ "units": [{ "plan": "gold", "units": 100 }] }])),
        ("constraints", json!([{ "units": [{ "plan": "gold" }] }])),
    ] {
        let mut claims = claims();
        claims[field] = value;
        assert_eq!(code(&claims), "token.claims", "{claims}");
    }
    for (field, value, expected) in [
        ("purposes", json!([]), "certificate.no-purpose"),
        ("purposes", json!(["licenses", "licenses"]), "certificate.purpose-twice"),
        ("purposes", json!([{ "revocations": 1 }, { "revocations": 2 }]), "certificate.purpose-twice"),
        ("constraints", json!([{ "terms": 30 }]), "certificate.unenforceable"),
        ("constraints", json!(vec![json!({ "offers": [] }); 101]), "certificate.too-many-constraints"),
        ("key", json!(mint::public_text(SEED)), "certificate.self-signed"),
        ("iat", json!("2027-03-01T00:00:00Z"), "certificate.issued-after-its-window"),
    ] {
        let mut claims = claims();
        claims[field] = value;
        assert_eq!(code(&claims), expected, "{claims}");
    }
}

#[test]
fn x4_a_certificate_reads_back_as_it_was_sealed() {
    let certificate = verify(&claims().to_string()).unwrap();
    let content = certificate.certified();
    assert_eq!((content.issued, content.window.opens()), (day(0), day(0)));
    assert_eq!(content.purposes[2], CertifiedPurpose::Revocations(7.try_into().unwrap()));
    assert_eq!(content.constraints[0], KeyConstraint::Offers(vec!["f365".parse().unwrap()]));
    assert_eq!(certificate.issuer(), Vendor::fabrikam().secret.public().id());
    assert_eq!(certificate.key().to_string(), mint::key_id(&mint::public_text([2; 32])));
    let token = Vendor::fabrikam().secret.seal_certificate(content).unwrap();
    assert_eq!(ring().verify_certificate(&token), Ok(certificate));
}

#[test]
fn x8_a_certificate_has_a_limit() {
    let sized = |bytes: usize| {
        let payload = claims().to_string();
        let text = |spaces: usize| {
            let payload = format!("{payload}{}", " ".repeat(spaces));
            mint::sign(SEED, payload.as_bytes(), mint::footer(SEED, KIND).as_bytes(), b"")
        };
        (bytes / 4 * 3 - 2_000..bytes).map(text).find(|text| text.len() >= bytes).unwrap()
    };
    let read = |text: &str| ring().verify_certificate(&text.parse::<Token>().unwrap());
    assert!(read(&sized(MAX_CERTIFICATE_BYTES - 2)).is_ok());
    assert_eq!(read(&sized(MAX_CERTIFICATE_BYTES + 1)).unwrap_err().code(), "token.too-long-for-its-kind");
}
