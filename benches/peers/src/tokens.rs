//! What it costs to verify a token, from its text to typed claims, beside libraries that verify the like.
//!
//! Their keys are made beforehand, as are ours. They are also given which key and which footer to expect; entitle finds
//! its key by the footer. None of them checks what entitle checks in the claims.

use core::hint::black_box;
use core::num::NonZeroU32;
use core::time::Duration;

use chrono::{DateTime, Utc};
use entitle::{Grant, Token, Units};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use pasetors::keys::AsymmetricPublicKey;
use pasetors::token::UntrustedToken;
use pasetors::version4::{PublicToken, V4};
use rusty_paseto::core::{Footer, Key, Paseto, PasetoAsymmetricPublicKey, Public};
use serde::{Deserialize, Serialize};

use crate::figures::{Goal, figure, ratio, time};
use crate::workload::{Kind, deal, offer, plan, ring, secret, year};

/// The claims as a host would type them that reads these licenses with another library.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct License {
    iss: String,
    aud: String,
    jti: String,
    iat: DateTime<Utc>,
    revision: NonZeroU32,
    licensee: Licensee,
    reference: Reference,
    freshness: Freshness,
    anchor: Anchor,
    grants: Vec<Sold>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Licensee {
    Tenant { id: String, name: String, country: String },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Reference {
    None,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Freshness {
    NotAsked,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Anchor {
    Anywhere,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sold {
    plan: String,
    units: Many,
    tolerance: Tolerance,
    amounts: Vec<Amount>,
    kind: GrantKind,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Many {
    Limited(NonZeroU32),
    Unlimited,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Tolerance {
    None,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Amount {
    quota: String,
    amount: Many,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Fallback {
    None,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum GrantKind {
    Paid { term: Term, grace: u32, suspended: u32, fallback: Fallback, early: Termination },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Term {
    starts: DateTime<Utc>,
    ends: DateTime<Utc>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Termination {
    Never,
}

fn read(payload: &str) -> License {
    serde_json::from_str(payload).unwrap()
}

/// The claims and the footer of a token, as they were signed.
fn content(token: &str) -> (String, String) {
    let token = UntrustedToken::<pasetors::Public, V4>::try_from(token).unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(token.untrusted_payload()), text(token.untrusted_footer()))
}

/// The same claims, byte by byte, in a JWT that the same key signed.
fn jwt(claims: &str) -> String {
    // A seed as PKCS#8 wraps it (RFC 8410).
    let mut key = vec![0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    key.extend([9; 32]);
    let license = read(claims);
    assert_eq!(serde_json::to_string(&license).unwrap(), claims);
    jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), &license, &EncodingKey::from_ed_der(&key)).unwrap()
}

fn repeat(mut work: impl FnMut()) -> Duration {
    time(|| (0..200).for_each(|_| work()))
}

fn beside(grants: usize) {
    let units = Units::limited(25).unwrap();
    let deal = deal(&offer(Kind::Plain), (0..grants).map(|number| Grant::paid(plan(number), units, year())));
    let text = secret().seal(&deal).unwrap().to_string();
    let (claims, footer) = content(&text);
    let public = secret().public().to_bytes();
    let ring = ring();
    let ours = || repeat(|| _ = black_box(ring.verify(&black_box(&text).parse::<Token>().unwrap()).unwrap()));
    let show = |peer: &str, theirs: &mut dyn FnMut() -> Duration, goal| {
        let name = format!("verify a token of {} bytes / {peer}", text.len());
        figure(&name, ratio(31, ours, theirs), "", goal);
    };

    let key = AsymmetricPublicKey::<V4>::from(&public).unwrap();
    let one = || {
        let token = UntrustedToken::try_from(black_box(text.as_str())).unwrap();
        let token = PublicToken::verify(&key, &token, Some(footer.as_bytes()), None).unwrap();
        black_box(read(token.payload()));
    };
    show("pasetors", &mut || repeat(one), Goal::AtMost(1.0));

    let key = Key::from(public);
    let key = PasetoAsymmetricPublicKey::from(&key);
    let one = || {
        let footer = Footer::from(footer.as_str());
        let payload =
            Paseto::<rusty_paseto::core::V4, Public>::try_verify(black_box(&text), &key, footer, None).unwrap();
        black_box(read(&payload));
    };
    show("rusty_paseto", &mut || repeat(one), Goal::AtMost(1.0));

    // It would ask for an `exp`, which a license has not, and for an audience, which `verify` leaves to others.
    let mut rules = Validation::new(Algorithm::EdDSA);
    rules.required_spec_claims.clear();
    (rules.validate_exp, rules.validate_aud) = (false, false);
    let (key, jwt) = (DecodingKey::from_ed_der(&public), jwt(&claims));
    let one = || _ = black_box(jsonwebtoken::decode::<License>(black_box(&jwt), &key, &rules).unwrap());
    show("jsonwebtoken", &mut || repeat(one), Goal::Report);
}

pub fn run() {
    beside(1);
    beside(6);
}
