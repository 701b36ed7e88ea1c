//! Other people's test vectors: RFC 8032, PASETO, PASERK, and the keys and signatures that implementations disagree on.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail by panicking")]

use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use entitle::catalog::{Management, Offer};
use entitle::license::{Customer, Licensee};
use entitle::token::{KeyError, KeyId, KeyPermissions, KeyPurpose};
use entitle::{Deal, KeyRing, LicenseId, PublicKey, SecretKey, Token, Zeroizing};
use serde_json::Value;

#[path = "hostile/mint.rs"]
mod mint;

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn rows<'a>(file: &'a Value, name: &str) -> &'a Vec<Value> {
    let rows = file[name].as_array().unwrap();
    assert!(!rows.is_empty(), "{name}");
    rows
}

fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field].as_str().unwrap()
}

fn bytes(row: &Value, field: &str) -> Vec<u8> {
    let hex = text(row, field).as_bytes();
    hex.chunks(2).map(|pair| u8::from_str_radix(core::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn bytes_of<const N: usize>(row: &Value, field: &str) -> [u8; N] {
    bytes(row, field).try_into().unwrap()
}

fn secret(seed: [u8; 32]) -> SecretKey {
    SecretKey::from_seed(&Zeroizing::new(seed))
}

/// `ok`, or the code of the error.
fn verdict<T>(read: Result<T, KeyError>) -> &'static str {
    read.map_or_else(|error| error.code(), |_| "ok")
}

fn trusting(key: PublicKey) -> KeyRing {
    KeyRing::new().trust(key, KeyPermissions::new(KeyPurpose::Licenses)).unwrap()
}

/// What becomes of a text that claims to be a license.
fn verdict_on(token: &str, ring: &KeyRing) -> &'static str {
    match token.parse::<Token>() {
        Err(error) => error.code(),
        Ok(token) => ring.verify(&token).map_or_else(|error| error.code(), |_| "ok"),
    }
}

#[test]
fn x1_key_pairs_of_rfc_8032() {
    for row in rows(&parsed(include_str!("vectors/rfc8032.json")), "vectors") {
        let (seed, public) = (bytes_of(row, "seed"), bytes_of::<32>(row, "key"));
        assert_eq!(secret(seed).public().to_bytes(), public, "{row}");
        assert_eq!(PublicKey::from_bytes(public).unwrap(), secret(seed).public(), "{row}");
        // The signer beside the library, which the other tests rely on, is the RFC's too.
        if row.get("signature").is_some() {
            let signature = SigningKey::from_bytes(&seed).sign(&bytes(row, "message"));
            assert_eq!(signature.to_bytes(), bytes_of(row, "signature"), "{row}");
        }
    }
}

#[test]
fn x1_paserk_secret_keys() {
    for row in rows(&parsed(include_str!("vectors/paserk.json")), "secret") {
        let key = secret(bytes_of(row, "seed"));
        assert_eq!(key.to_paserk().as_str(), text(row, "paserk"));
        assert_eq!(key.public().to_bytes(), bytes_of(row, "key"));
        let read = SecretKey::from_paserk(text(row, "paserk")).unwrap();
        assert_eq!(read.public(), key.public(), "{row}");
    }
}

#[test]
fn x1_paserk_public_keys_that_are_no_keys_are_refused_by_name() {
    for row in rows(&parsed(include_str!("vectors/paserk.json")), "public") {
        let paserk = text(row, "paserk");
        assert_eq!(format!("k4.public.{}", mint::base64url(&bytes(row, "key"))), paserk);
        assert_eq!(verdict(PublicKey::from_bytes(bytes_of(row, "key"))), text(row, "verdict"), "{row}");
        assert_eq!(verdict(paserk.parse::<PublicKey>()), text(row, "verdict"), "{row}");
    }
}

/// The vectors name byte patterns that are no keys, so the library has no key to name. The way of naming in `mint` is
/// proven by them, and the library agrees with it on real keys.
#[test]
fn x1_key_ids_are_those_of_paserk() {
    let file = parsed(include_str!("vectors/paserk.json"));
    for row in rows(&file, "public") {
        assert_eq!(mint::key_id(text(row, "paserk")), text(row, "pid"), "{row}");
        let id: KeyId = text(row, "pid").parse().unwrap();
        assert_eq!(id.to_string(), text(row, "pid"));
    }
    for row in rows(&file, "secret") {
        let public = secret(bytes_of(row, "seed")).public();
        assert_eq!(public.id().to_string(), mint::key_id(&public.to_string()), "{row}");
    }
}

#[test]
fn x1_paserk_keys_of_another_length_or_version_are_refused() {
    for row in rows(&parsed(include_str!("vectors/paserk.json")), "refused") {
        let encoded = mint::base64url(&bytes(row, "bytes"));
        let read = match text(row, "what") {
            "secret" => verdict(SecretKey::from_paserk(&format!("k4.secret.{encoded}"))),
            _ => verdict(format!("k4.public.{encoded}").parse::<PublicKey>()),
        };
        assert_eq!(read, text(row, "verdict"), "{row}");
    }
    let row = &parsed(include_str!("vectors/paserk.json"))["secret"][1];
    let other = |kind: &str| text(row, "paserk").replace("k4.secret", kind);
    for kind in ["k1.secret", "k2.secret", "k3.secret", "k4.local", "k4.public", "K4.secret", "k4.sid", ""] {
        assert_eq!(verdict(SecretKey::from_paserk(&other(kind))), "key.other-kind", "{kind}");
    }
    let public = secret(bytes_of(row, "seed")).public().to_string();
    for kind in ["k2.public", "k3.public", "k4.pid", "k4.secret", "k4.local"] {
        assert_eq!(verdict(public.replace("k4.public", kind).parse::<PublicKey>()), "key.other-kind", "{kind}");
    }
}

#[test]
fn x1_a_secret_key_with_somebody_elses_public_half_is_refused() {
    let file = parsed(include_str!("vectors/paserk.json"));
    let [_, one, two] = rows(&file, "secret").as_slice() else { panic!("three vectors") };
    let mixed = [bytes(one, "seed"), bytes(two, "key")].concat();
    let error = SecretKey::from_paserk(&format!("k4.secret.{}", mint::base64url(&mixed))).unwrap_err();
    assert_eq!(error, KeyError::Mismatched);
    assert_eq!(error.to_string(), "the public half of this secret key does not belong to its secret half");
}

#[test]
fn x2_paseto_tokens_that_are_no_licenses_are_refused_by_their_form() {
    let file = parsed(include_str!("vectors/paseto.json"));
    let key = secret(bytes_of(&file, "seed"));
    assert_eq!(key.public().to_bytes(), bytes_of(&file, "key"));
    let paserk = format!("k4.secret.{}", mint::base64url(&bytes(&file, "secret")));
    assert_eq!(SecretKey::from_paserk(&paserk).unwrap().public(), key.public());
    for row in rows(&file, "vectors") {
        assert_eq!(verdict_on(text(row, "token"), &trusting(key.public())), text(row, "verdict"), "{row}");
    }
}

/// The second signer makes PASETO's own tokens, byte for byte, and the library's tokens are the second signer's.
#[test]
fn x1_sealing_is_paseto_v4_public() {
    let file = parsed(include_str!("vectors/paseto.json"));
    let seed = bytes_of(&file, "seed");
    for row in rows(&file, "vectors").iter().filter(|row| row.get("payload").is_some()) {
        let [payload, footer, assertion] = ["payload", "footer", "assertion"].map(|field| text(row, field).as_bytes());
        assert_eq!(mint::sign(seed, payload, footer, assertion), text(row, "token"), "{row}");
    }
    let customer = Customer::new("contoso".parse().unwrap(), "Contoso Ltd".parse().unwrap(), "DE".parse().unwrap());
    let (id, issued) = (LicenseId::from_random([1; 16]), "2026-02-19T00:00:00Z".parse().unwrap());
    let offer = Offer::new("fabrikam".parse().unwrap(), "f365".parse().unwrap(), Management::Unmanaged);
    let deal = Deal::new(id, &offer, Licensee::Tenant(customer), issued);
    let sealed = secret(seed).seal(&deal).unwrap().to_string();
    let [_, _, signed, footer] = sealed.split('.').collect::<Vec<_>>()[..] else { panic!("four parts: {sealed}") };
    let (signed, footer) = (mint::from_base64url(signed), mint::from_base64url(footer));
    let payload = &signed[..signed.len().saturating_sub(64)];
    assert_eq!(sealed, mint::sign(seed, payload, &footer, b""));
    assert_eq!(footer, mint::footer(seed, "entitle.license.v1").as_bytes());
    // An implicit assertion would be a third thing to agree on: there is none.
    assert_eq!(verdict_on(&sealed, &trusting(secret(seed).public())), "ok");
    let asserted = mint::sign(seed, payload, &footer, b"contoso");
    assert_eq!(verdict_on(&asserted, &trusting(secret(seed).public())), "token.bad-signature");
}

#[test]
fn x1_keys_that_would_verify_more_than_one_message_are_refused() {
    for row in rows(&parsed(include_str!("vectors/keys.json")), "keys") {
        let read = PublicKey::from_bytes(bytes_of(row, "key"));
        assert_eq!(verdict(read.clone()), text(row, "verdict"), "{row}");
        let paserk = format!("k4.public.{}", mint::base64url(&bytes(row, "key")));
        assert_eq!(paserk.parse::<PublicKey>(), read, "{row}");
    }
    let weak = PublicKey::from_bytes([0; 32]).unwrap_err();
    assert_eq!(weak.to_string(), "this public key is weak: it has a component of small order");
    let other = PublicKey::from_bytes([0xff; 32]).unwrap_err();
    assert_eq!(other.to_string(), "this public key is not a canonical point on the curve (RFC 8032)");
}

/// Of the twelve cases the library refuses ten by their keys. The keys of the other two are honest; their signatures
/// have an S beyond L, which `x1_signatures_have_one_spelling` proves refused over the bytes of a token.
#[test]
fn x1_the_twelve_cases_of_taming_the_many_eddsas() {
    let file = parsed(include_str!("vectors/taming.json"));
    let cases = rows(&file, "cases");
    assert_eq!(cases.len(), 12);
    for row in cases {
        assert_eq!(verdict(PublicKey::from_bytes(bytes_of(row, "key"))), text(row, "verdict"), "{row}");
        let key = VerifyingKey::from_bytes(&bytes_of(row, "key"));
        let strict = key.is_ok_and(|key| {
            let signature = Signature::from_bytes(&bytes_of(row, "signature"));
            key.verify_strict(&bytes(row, "message"), &signature).is_ok()
        });
        // Strictness alone lets case 3 pass, which is why a key is proven before.
        assert_eq!(strict, row["case"] == 3, "{row}");
    }
}

#[test]
fn x1_signatures_have_one_spelling() {
    let file = parsed(include_str!("vectors/signatures.json"));
    let key = secret([1; 32]).public();
    for row in rows(&file, "signatures") {
        assert_eq!(verdict_on(text(row, "token"), &trusting(key)), text(row, "verdict"), "{row}");
        let Some((signed, footer)) = text(row, "token").trim_start_matches("v4.public.").split_once('.') else {
            panic!("{row}")
        };
        let (signed, footer) = (mint::from_base64url(signed), mint::from_base64url(footer));
        let (payload, signature) = signed.split_last_chunk::<64>().unwrap();
        let message = mint::signed_bytes(payload, &footer, b"");
        let loose = VerifyingKey::from_bytes(&key.to_bytes()).unwrap();
        let loosely = loose.verify(&message, &Signature::from_bytes(signature)).is_ok();
        // What the crate's own loose check takes proves that these signatures are near misses, not noise.
        assert_eq!(loosely, ["honest", "R of order 1"].contains(&text(row, "name")), "{row}");
    }
}
