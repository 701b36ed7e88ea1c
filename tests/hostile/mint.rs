//! A second signer, written from the PASETO specification: it signs what the library would not.
#![allow(dead_code, unreachable_pub, reason = "shared by test files that each use a part of it")]

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use blake2::digest::consts::U33;
use blake2::{Blake2b, Digest};
use ed25519_dalek::{Signer, SigningKey};

pub fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub fn from_base64url(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

/// Pre-authentication encoding (PASETO, "Authentication Padding").
pub fn pae(pieces: &[&[u8]]) -> Vec<u8> {
    let number = |n: usize| (n as u64).to_le_bytes();
    let mut encoded = number(pieces.len()).to_vec();
    for piece in pieces {
        encoded.extend(number(piece.len()));
        encoded.extend_from_slice(piece);
    }
    encoded
}

/// What a `v4.public` signature covers.
pub fn signed_bytes(payload: &[u8], footer: &[u8], assertion: &[u8]) -> Vec<u8> {
    pae(&[b"v4.public.", payload, footer, assertion])
}

/// A token of these parts, with any signature.
pub fn token(payload: &[u8], signature: &[u8], footer: &[u8]) -> String {
    let signed = base64url(&[payload, signature].concat());
    match footer {
        [] => format!("v4.public.{signed}"),
        footer => format!("v4.public.{signed}.{}", base64url(footer)),
    }
}

/// `v4.public`, "Sign".
pub fn sign(seed: [u8; 32], payload: &[u8], footer: &[u8], assertion: &[u8]) -> String {
    let signature = SigningKey::from_bytes(&seed).sign(&signed_bytes(payload, footer, assertion));
    token(payload, &signature.to_bytes(), footer)
}

/// The name of a key from its text (PASERK, "ID").
pub fn key_id(public: &str) -> String {
    let hash = Blake2b::<U33>::new().chain_update("k4.pid.").chain_update(public).finalize();
    format!("k4.pid.{}", base64url(&hash))
}

pub fn public_text(seed: [u8; 32]) -> String {
    format!("k4.public.{}", base64url(SigningKey::from_bytes(&seed).verifying_key().as_bytes()))
}

/// The footer of a document of this kind under the key of a seed.
pub fn footer(seed: [u8; 32], kind: &str) -> String {
    format!(r#"{{"kid":"{}","typ":"{kind}"}}"#, key_id(&public_text(seed)))
}
