//! The footer: kind, version and key, four different errors, and nothing else in it (X2).

use crate::mint;
use crate::sample::{KIND, SEED, claims, verify, with};
use crate::support::Vendor;
use entitle::limits::MAX_FOOTER_BYTES;
use entitle::token::{KeyPermissions, KeyPurpose, Kind, TokenError};
use entitle::{KeyRing, License, SecretKey, Token, Zeroizing};

/// What the vendor's ring says to the sample under a footer that the vendor's key has signed.
fn under(footer: &str) -> Result<License, TokenError> {
    let text = mint::sign(SEED, claims().to_string().as_bytes(), footer.as_bytes(), b"");
    Vendor::fabrikam().ring().verify(&text.parse::<Token>().unwrap())
}

fn kind(typ: &str) -> TokenError {
    under(&mint::footer(SEED, typ)).unwrap_err()
}

fn kid() -> String {
    mint::key_id(&mint::public_text(SEED))
}

fn footer_error(footer: &str) -> String {
    let error = under(footer).unwrap_err();
    assert_eq!(error.code(), "token.footer", "{footer}: {error}");
    assert_eq!(
        error.to_string(),
        "the footer of this token does not name a key and a kind: the text was changed, or another application made it"
    );
    let TokenError::Footer { detail } = error else { panic!("{error:?}") };
    detail
}

#[test]
fn x2_four_different_errors() {
    let other = kind("entitle.revocation-list.v1");
    assert_eq!(other, TokenError::OtherKind { expected: Kind::License, found: Kind::RevocationList });
    assert_eq!(
        (other.code(), other.to_string().as_str()),
        ("token.other-kind", "wrong kind of document: revocation list instead of license")
    );

    let newer = kind("entitle.license.v2");
    assert_eq!(newer.code(), "token.newer-format");
    let message = "this document (license) is of a newer format, `entitle.license.v2`: update the application";
    assert_eq!(newer.to_string(), message);

    let stranger = mint::sign([9; 32], claims().to_string().as_bytes(), mint::footer([9; 32], KIND).as_bytes(), b"");
    let unknown = Vendor::fabrikam().ring().verify(&stranger.parse().unwrap()).unwrap_err();
    let key = mint::key_id(&mint::public_text([9; 32]));
    assert_eq!(unknown, TokenError::UnknownKey { key: key.parse().unwrap() });
    let message = format!("signed with the unknown key `{key}`: update the application, or contact the issuer");
    assert_eq!((unknown.code(), unknown.to_string()), ("token.unknown-key", message));

    // Signed by a stranger in the vendor's name.
    let forged = mint::sign([9; 32], claims().to_string().as_bytes(), mint::footer(SEED, KIND).as_bytes(), b"");
    let tampered = Vendor::fabrikam().ring().verify(&forged.parse().unwrap()).unwrap_err();
    assert_eq!(tampered, TokenError::BadSignature);
    let message = "invalid signature: this document was changed or cut. Ask who sent it to send it again";
    assert_eq!((tampered.code(), tampered.to_string().as_str()), ("token.bad-signature", message));
}

#[test]
fn x2_every_kind_and_version_is_refused_by_name() {
    assert_eq!(kind("entitle.time-ticket.v1").to_string(), "wrong kind of document: time ticket instead of license");
    for (typ, message) in [
        (
            "entitle.license.v4294967295",
            "this document (license) is of a newer format, `entitle.license.v4294967295`: update the application",
        ),
        (
            "entitle.revocation-list.v2",
            "this document (revocation list) is of a newer format, `entitle.revocation-list.v2`: update the application",
        ),
        (
            "entitle.time-ticket.v7",
            "this document (time ticket) is of a newer format, `entitle.time-ticket.v7`: update the application",
        ),
    ] {
        let error = kind(typ);
        assert_eq!((error.code(), error.to_string().as_str()), ("token.newer-format", message));
    }
    for typ in [
        "",
        "v1",
        ".v1",
        "license.v1",
        "entitle.v1",
        "entitle.license",
        "entitle.license.",
        "entitle.license.v",
        "entitle.license.v0",
        "entitle.license.v01",
        "entitle.license.v+1",
        "entitle.license.v-1",
        "entitle.license.v1 ",
        " entitle.license.v1",
        "entitle.license.v 1",
        "entitle.license.v1.0",
        "entitle.license.v02",
        "entitle.license.v+2",
        "entitle.revocation-list.v00002",
        "entitle.license.v1.v1",
        "entitle.license.V1",
        "Entitle.license.v1",
        "entitle.License.v1",
        "entitle.license.v4294967296",
        "entitle.license.v99999999999999999999",
        "entitle.license.v１",
        "entitle.license.v1\\u0000",
        "entitle.licence.v1",
        "entitle.snapshot.v1",
        "acme.license.v1",
        "JWT",
    ] {
        let error = kind(typ);
        assert_eq!(error.code(), "token.foreign-kind", "{typ}");
        let shown = typ.replace("\\u0000", "\\0");
        assert_eq!(error.to_string(), format!("unknown kind of document `{shown}`: not a document of this product"));
    }
}

#[test]
fn x4_a_footer_has_two_fields() {
    let (kid, typ) = (kid(), KIND);
    for (footer, reason) in [
        (format!(r#"{{"kid":"{kid}"}}"#), "missing field `typ`"),
        (format!(r#"{{"typ":"{typ}"}}"#), "missing field `kid`"),
        ("{}".to_string(), "missing field `kid`"),
        (format!(r#"{{"kid":"{kid}","typ":"{typ}","wpk":""}}"#), "unknown field `wpk`, expected `kid` or `typ`"),
        (format!(r#"{{"kid":"{kid}","typ":"{typ}","typ":"{typ}"}}"#), "duplicate field `typ`"),
        (format!(r#"{{"kid":"{kid}","kid":"{kid}","typ":"{typ}"}}"#), "duplicate field `kid`"),
        (format!(r#"{{"kid":"{kid}","\u0074yp":"x","typ":"{typ}"}}"#), "duplicate field `typ`"),
        (format!(r#"["{kid}","{typ}"]"#), "invalid type: a list, expected an object with `kid` and `typ`"),
        (format!(r#"{{"kid":null,"typ":"{typ}"}}"#), "invalid type: null, expected a string"),
        (format!(r#"{{"kid":"{kid}","typ":null}}"#), "invalid type: null, expected a string"),
        (format!(r#"{{"kid":"{kid}","typ":1}}"#), "invalid type: integer `1`, expected a string"),
        (format!(r#"{{"kid":"{kid}","typ":["{typ}"]}}"#), "invalid type: a list, expected a string"),
        (format!(r#"{{"kid":"{kid}","typ":"{typ}"}}{{}}"#), "trailing characters"),
        (format!(r#"{{"kid":"","typ":"{typ}"}}"#), "not a key of this kind: the text does not begin with `k4.pid.`"),
        (
            format!(r#"{{"kid":"k4.pid.AAAA","typ":"{typ}"}}"#),
            "invalid key text: `k4.pid.` must be followed by 33 bytes in base64url without padding",
        ),
        ("null".to_string(), "invalid type: null, expected an object with `kid` and `typ`"),
        (format!(r#""{kid}""#), &format!("invalid type: string \"{kid}\", expected an object with `kid` and `typ`")),
        ("arbitrary-string-that-isn't-json".to_string(), "expected value"),
        ("{".to_string(), "the text ends within an object"),
        ("[".repeat(256), "invalid type: a list, expected an object with `kid` and `typ`"),
    ] {
        assert_eq!(footer_error(&footer), reason, "{footer}");
    }
    for bytes in [&b"\xff"[..], b"{\"kid\":\"\xff\"}", b"\0"] {
        let text = mint::sign(SEED, b"{}", bytes, b"");
        let error = Vendor::fabrikam().ring().verify(&text.parse().unwrap()).unwrap_err();
        assert_eq!(error.code(), "token.footer");
    }
}

#[test]
fn x4_a_key_is_named_in_one_spelling() {
    let kid = kid();
    for other in [
        kid.replace("k4.pid.", "K4.pid."),
        kid.replace("k4.pid.", "k4.sid."),
        kid.replace("k4.pid.", "k3.pid."),
        kid.replace("k4.pid.", ""),
        format!("{kid}="),
        format!("{kid}A"),
        format!(" {kid}"),
        format!("{kid}\\n"),
        kid[..kid.len() - 1].to_string(),
        mint::public_text(SEED),
    ] {
        footer_error(&format!(r#"{{"kid":"{other}","typ":"{KIND}"}}"#));
    }
}

#[test]
fn x8_a_long_footer_is_refused_by_its_length() {
    let padded = |bytes: usize| {
        let footer = mint::footer(SEED, KIND);
        format!("{footer}{}", " ".repeat(bytes - footer.len()))
    };
    // White space is no content, so a footer of just the length is still read.
    assert!(under(&padded(MAX_FOOTER_BYTES)).is_ok());
    let text = mint::sign(SEED, b"{}", padded(MAX_FOOTER_BYTES + 1).as_bytes(), b"");
    let error = text.parse::<Token>().unwrap_err();
    assert_eq!(error.code(), "token.long-footer");
    assert_eq!(error.to_string(), "the footer of a token has at most 256 bytes, this one has 257");
}

#[test]
fn l1_a_key_for_licenses_is_none_for_licenses_for_anyone() {
    let secret = SecretKey::from_seed(&Zeroizing::new(SEED));
    let ring_of = |purpose| KeyRing::new().trust(secret.public(), KeyPermissions::new(purpose)).unwrap();
    let token = |payload: &str| -> Token {
        mint::sign(SEED, payload.as_bytes(), mint::footer(SEED, KIND).as_bytes(), b"").parse().unwrap()
    };
    let mut trials = claims();
    trials["licensee"] = "anyone".into();
    trials["grants"].as_array_mut().unwrap().retain(|grant| grant["kind"].get("trial").is_some());
    let (anyone, tenant) = (token(&trials.to_string()), token(&claims().to_string()));
    for (purpose, token, words) in
        [(KeyPurpose::Licenses, &anyone, "licenses for anyone"), (KeyPurpose::LicensesForAnyone, &tenant, "licenses")]
    {
        let error = ring_of(purpose).verify(token).unwrap_err();
        assert_eq!(error.code(), "token.not-trusted");
        assert_eq!(
            error.to_string(),
            format!("the key `{}` is not trusted for {words}: update the application, or contact the issuer", kid())
        );
    }
    assert!(ring_of(KeyPurpose::Licenses).verify(&tenant).is_ok());
    assert!(ring_of(KeyPurpose::LicensesForAnyone).verify(&anyone).is_ok());
    // Powers are the last named, not the sum of all that were ever named.
    let narrowed = ring_of(KeyPurpose::LicensesForAnyone)
        .trust(secret.public(), KeyPermissions::new(KeyPurpose::Licenses))
        .unwrap();
    assert_eq!(narrowed.verify(&anyone).unwrap_err().code(), "token.not-trusted");
    assert_eq!(KeyRing::new().verify(&tenant).unwrap_err().code(), "token.unknown-key");
}

#[test]
fn x1_nothing_in_a_payload_is_looked_at_before_the_signature() {
    // The worst payload there is, under a signature that does not fit, is just that.
    for payload in [with("/revision", "0"), "[".repeat(10_000), String::new()] {
        let text = mint::sign([9; 32], payload.as_bytes(), mint::footer(SEED, KIND).as_bytes(), b"");
        let error = Vendor::fabrikam().ring().verify(&text.parse().unwrap()).unwrap_err();
        assert_eq!(error, TokenError::BadSignature);
        assert_eq!(verify(&payload).unwrap_err().code(), "token.claims");
    }
}
