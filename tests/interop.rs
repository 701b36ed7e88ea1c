//! Licenses across libraries and languages: what is sealed here verifies there, what is signed there verifies here.
//!
//! `interop/run` mints the tokens of the other languages anew and has their libraries verify ours.
#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

use entitle::catalog::{Management, Offer};
use entitle::license::{Customer, Licensee};
use entitle::quantity::QuotaAmount;
use entitle::token::{KeyError, KeyId, KeyPermissions, KeyPurpose, TokenError};
use entitle::{Deal, Grant, KeyRing, License, LicenseId, PublicKey, SecretKey, Term, Token, Units, Zeroizing};
use pasetors::claims::{Claims, ClaimsValidationRules};
use pasetors::errors::Error;
use pasetors::footer::Footer;
use pasetors::keys::{AsymmetricKeyPair, AsymmetricPublicKey, AsymmetricSecretKey, Generate};
use pasetors::paserk::{FormatAsPaserk, Id};
use pasetors::token::UntrustedToken;
use pasetors::version4::{PublicToken, V4};
use pasetors::{Public, public};
use serde_json::Value;

/// The key of all these tokens; whatever it signs is worth nothing.
const SECRET: &str = include_str!("interop/secret.paserk");

const TYP: &str = "entitle.license.v1";

fn secret() -> SecretKey {
    SecretKey::from_paserk(SECRET.trim_end()).unwrap()
}

/// What `mint.ts` and `mint.py` say in their own words.
fn deal() -> Deal {
    let at = |text: &str| text.parse().unwrap();
    let offer = Offer::new("fabrikam".parse().unwrap(), "f365".parse().unwrap(), Management::Unmanaged);
    let [id, name, country] = ["contoso", "Contoso Österreich", "AT"];
    let customer = Customer::new(id.parse().unwrap(), name.parse().unwrap(), country.parse().unwrap());
    let starts = at("2026-03-01T00:00:00Z");
    let ends = at("2027-03-01T00:00:00Z");
    let year = Term::new(starts, ends).unwrap();
    let id = LicenseId::from_random([42; 16]);
    Deal::new(id, &offer, Licensee::Tenant(customer), at("2026-02-20T09:30:00Z"))
        .with_reference("PO-4711".parse().unwrap())
        .with(
            Grant::paid("gold".parse().unwrap(), Units::limited(5).unwrap(), year)
                .with_fallback(ends)
                .unwrap()
                .with_amount("projects".parse().unwrap(), QuotaAmount::limited(50).unwrap()),
        )
        .with(Grant::paid("bronze".parse().unwrap(), Units::Unlimited, Term::perpetual(starts)))
}

fn sealed() -> String {
    secret().seal(&deal()).unwrap().to_string()
}

fn verify(token: &str) -> Result<License, TokenError> {
    let ring = KeyRing::new().trust(secret().public(), KeyPermissions::new(KeyPurpose::Licenses)).unwrap();
    ring.verify(&token.parse::<Token>().unwrap())
}

/// What developers read about a license whose signed content is refused.
fn detail(refused: TokenError) -> String {
    let text = refused.to_string();
    assert!(
        text.starts_with("the signed content does not fit this kind of document (license), from column "),
        "{text}"
    );
    let TokenError::Claims { detail, .. } = refused else { return text };
    detail
}

fn paserk(key: &impl FormatAsPaserk) -> String {
    let mut text = String::new();
    key.fmt(&mut text).unwrap();
    text
}

fn their_secret() -> AsymmetricSecretKey<V4> {
    AsymmetricSecretKey::try_from(SECRET.trim_end()).unwrap()
}

fn their_public() -> AsymmetricPublicKey<V4> {
    AsymmetricPublicKey::try_from(secret().public().to_string().as_str()).unwrap()
}

fn untrusted(token: &str) -> UntrustedToken<Public, V4> {
    UntrustedToken::try_from(token).unwrap()
}

/// The claims of our license with those that pasetors adds by itself: `iat`, `nbf` and `exp`.
fn claims_by_default() -> Claims {
    let payload: Value = serde_json::from_slice(untrusted(&sealed()).untrusted_payload()).unwrap();
    let text = |claim: &str| payload.get(claim).and_then(Value::as_str).unwrap();
    let mut claims = Claims::new().unwrap();
    claims.issuer(text("iss")).unwrap();
    claims.audience(text("aud")).unwrap();
    claims.token_identifier(text("jti")).unwrap();
    for claim in ["revision", "licensee", "reference", "freshness", "anchor", "grants"] {
        claims.add_additional(claim, payload.get(claim).unwrap().clone()).unwrap();
    }
    claims
}

/// The claims of our license and nothing else.
fn claims() -> Claims {
    let mut claims = claims_by_default();
    claims.non_expiring();
    claims.remove_claim("nbf");
    claims.issued_at("2026-02-20T09:30:00Z").unwrap();
    claims
}

fn footer(kid: &Id, typ: &str) -> Footer {
    let mut footer = Footer::new();
    footer.key_id(kid);
    footer.add_additional("typ", typ).unwrap();
    footer
}

/// A token as pasetors signs it, with the claims and the footer in an order of its own.
fn signed(claims: &Claims) -> String {
    public::sign(&their_secret(), claims, Some(&footer(&Id::from(&their_public()), TYP)), None).unwrap()
}

#[test]
fn x1_tokens_sealed_here_verify_with_pasetors() {
    let (sealed, kid) = (sealed(), secret().public().id());
    let untrusted = untrusted(&sealed);
    let expected = format!(r#"{{"kid":"{kid}","typ":"{TYP}"}}"#);
    let token = PublicToken::verify(&their_public(), &untrusted, Some(expected.as_bytes()), None).unwrap();
    assert_eq!((token.header(), token.implicit_assert()), ("v4.public.", &b""[..]));
    assert_eq!(token.footer(), expected.as_bytes());
    assert_eq!(token.payload().as_bytes(), untrusted.untrusted_payload());
    assert!(token.payload().starts_with(r#"{"iss":"fabrikam","aud":"f365","jti":"2a2a"#), "{}", token.payload());
    // With its rules for claims: PASETO's own names mean to it what they mean to us.
    let mut rules = ClaimsValidationRules::new();
    rules.disable_valid_at();
    rules.allow_non_expiring();
    rules.validate_issuer_with("fabrikam");
    rules.validate_audience_with("f365");
    rules.validate_token_identifier_with(&"2a".repeat(16));
    let token = public::verify(&their_public(), &untrusted, &rules, None, None).unwrap();
    assert_eq!(token.payload_claims(), Some(&claims()));
    let mut footer = Footer::new();
    footer.parse_bytes(token.footer()).unwrap();
    assert_eq!(footer, self::footer(&Id::from(&their_public()), TYP));
    // And it refuses what it has to.
    let stranger = AsymmetricKeyPair::<V4>::generate().unwrap().public;
    for (key, assertion) in [(stranger, None), (their_public(), Some(&b"contoso"[..]))] {
        let refused = PublicToken::verify(&key, &untrusted, None, assertion).unwrap_err();
        assert_eq!(refused, Error::TokenValidation);
    }
}

#[test]
fn x1_tokens_signed_by_pasetors_verify_here() {
    let sealed = sealed();
    let untrusted = untrusted(&sealed);
    let (payload, footer) = (untrusted.untrusted_payload(), untrusted.untrusted_footer());
    let sign = |assertion| PublicToken::sign(&their_secret(), payload, Some(footer), assertion).unwrap();
    assert_eq!(sign(None), sealed, "the same bytes have the same signature");
    // An implicit assertion would be a third thing to agree on: there is none.
    assert_eq!(verify(&sign(Some(b"contoso"))).unwrap_err(), TokenError::BadSignature);
    // pasetors keeps claims and footer in hash maps: every turn has an order of its own.
    for _ in 0..32 {
        let token = signed(&claims());
        let license = verify(&token).unwrap_or_else(|error| panic!("{error}: {token}"));
        assert_eq!((license.deal(), license.key()), (&deal(), secret().public().id()));
    }
}

#[test]
fn x1_the_text_of_keys_and_their_ids_is_that_of_pasetors() {
    // (A seed of zeros is the one that pasetors does not take: it panics.)
    let ours = (1..=32).map(|n| SecretKey::from_seed(&Zeroizing::new([n; 32])));
    let theirs = (0..32).map(|_| AsymmetricKeyPair::<V4>::generate().unwrap().secret);
    for key in ours.chain(theirs.map(|key| SecretKey::from_paserk(&paserk(&key)).unwrap())) {
        let (public, id) = (key.public().to_string(), key.public().id().to_string());
        let their_secret = AsymmetricSecretKey::<V4>::try_from(key.to_paserk().as_str()).unwrap();
        assert_eq!(paserk(&their_secret), *key.to_paserk());
        let their_public = AsymmetricPublicKey::try_from(&their_secret).unwrap();
        assert_eq!(their_public.as_bytes(), key.public().to_bytes());
        assert_eq!(paserk(&their_public), public);
        assert_eq!(paserk(&Id::from(&their_public)), id);
        // And back.
        assert_eq!(AsymmetricPublicKey::<V4>::try_from(public.as_str()).unwrap(), their_public);
        assert_eq!(paserk(&their_public).parse::<PublicKey>().unwrap(), key.public());
        assert_eq!(Id::try_from(id.as_str()).unwrap(), Id::from(&their_public));
        assert_eq!(paserk(&Id::from(&their_public)).parse::<KeyId>().unwrap(), key.public().id());
    }
}

#[test]
fn x2_a_footer_that_does_not_name_the_public_key_is_refused() {
    let sign = |footer: Option<&Footer>| public::sign(&their_secret(), &claims(), footer, None).unwrap();
    assert_eq!(sign(None).parse::<Token>().unwrap_err().code(), "token.no-footer");
    // The id of the secret key, which libraries offer in the same breath.
    let of_the_secret = Id::from(&their_secret());
    assert!(paserk(&of_the_secret).starts_with("k4.sid."));
    assert_eq!(paserk(&of_the_secret).parse::<KeyId>(), Err(KeyError::OtherKind { expected: "k4.pid." }));
    let refused = verify(&sign(Some(&footer(&of_the_secret, TYP)))).unwrap_err();
    assert_eq!(refused.code(), "token.footer");
    assert_eq!(
        refused.to_string(),
        "the footer of this token does not name a key and a kind: the text was changed, or another application made it"
    );
    // Developers read why.
    let TokenError::Footer { detail } = refused else { panic!("{refused:?}") };
    assert!(detail.starts_with("not a key of this kind: the text does not begin with `k4.pid.`"), "{detail}");
    let stranger = Id::from(&AsymmetricKeyPair::<V4>::generate().unwrap().public);
    assert_eq!(verify(&sign(Some(&footer(&stranger, TYP)))).unwrap_err().code(), "token.unknown-key");
    let kind = footer(&Id::from(&their_public()), "JWT");
    assert_eq!(verify(&sign(Some(&kind))).unwrap_err().code(), "token.foreign-kind");
}

#[test]
fn x4_the_times_that_pasetors_adds_are_refused_with_the_cure() {
    let cure = "a document has no `exp` and no `nbf`, its dates are in its content: configure the PASETO library that made \
                it not to add them";
    let by_default = claims_by_default();
    let without = |claim: &str| {
        let mut claims = by_default.clone();
        claims.remove_claim(claim).unwrap();
        claims
    };
    for claims in [by_default.clone(), without("exp"), without("nbf")] {
        let refused = verify(&signed(&claims)).unwrap_err();
        assert_eq!(refused.code(), "token.claims");
        assert_eq!(detail(refused), cure);
    }
    // The cure cures: the third time that it adds, the time of signing as `iat`, is the issue date.
    let mut claims = by_default;
    claims.non_expiring();
    claims.remove_claim("nbf");
    let license = verify(&signed(&claims)).unwrap();
    assert!(license.deal().issued > deal().issued);
}

#[test]
fn x4_other_spellings_of_the_issue_date_are_refused_with_the_one_that_is_read() {
    for iat in ["2026-02-20T09:30:00+00:00", "2026-02-20T09:30:00.000Z", "2026-02-20T10:30:00+01:00"] {
        let mut claims = claims();
        claims.issued_at(iat).unwrap();
        let detail = detail(verify(&signed(&claims)).unwrap_err());
        assert!(detail.starts_with(&format!("`{iat}` is not an instant like 2026-03-01T00:00:00Z")), "{detail}");
    }
}

#[test]
fn x1_tokens_minted_in_typescript_and_python_verify_here() {
    for token in [include_str!("interop/ts.token"), include_str!("interop/py.token")] {
        let license = verify(token.trim_end()).unwrap_or_else(|error| panic!("{error}: {token}"));
        assert_eq!((license.deal(), license.key()), (&deal(), secret().public().id()));
    }
    // With the fields in our order TypeScript mints our token, byte for byte.
    assert_eq!(include_str!("interop/ts.token").trim_end(), sealed());
}

#[test]
fn x1_the_token_that_typescript_and_python_verify_is_sealed_here() {
    assert_eq!(include_str!("interop/rust.token").trim_end(), sealed());
}

/// Python writes spaces, and non-ASCII letters as escapes.
#[test]
fn x4_a_license_in_other_bytes_is_the_same_license() {
    let token = untrusted(include_str!("interop/py.token").trim_end());
    let payload = core::str::from_utf8(token.untrusted_payload()).unwrap();
    assert!(payload.contains(r#""name": "Contoso \u00d6sterreich", "#), "{payload}");
    assert_eq!(verify(include_str!("interop/py.token").trim_end()).unwrap(), verify(&sealed()).unwrap());
}
