//! Tokens and hashes made by hand.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer, SigningKey};
use entitle::token::Kind;
use entitle::{SecretKey, Zeroizing};
use sha2::{Digest, Sha256};

/// The hash of the last line of a text, without its line feed.
pub(super) fn hash(text: &str) -> String {
    let last = text.split_inclusive('\n').next_back().unwrap_or("").trim_end_matches('\n');
    URL_SAFE_NO_PAD.encode(Sha256::digest(last.as_bytes()))
}

pub(super) fn checksum(body: &[u8]) -> [u8; 16] {
    twox_hash::XxHash3_128::oneshot(body).to_le_bytes()
}

/// A token of any payload (PASETO, `v4.public`).
pub(super) fn token(seed: [u8; 32], kind: Kind, payload: &[u8]) -> String {
    let typ = match kind {
        Kind::License => "license",
        Kind::RevocationList => "revocation-list",
        Kind::KeyCertificate => "key-certificate",
        _ => "time-ticket",
    };
    let key = SecretKey::from_seed(&Zeroizing::new(seed)).public().id();
    let footer = format!(r#"{{"kid":"{key}","typ":"entitle.{typ}.v1"}}"#);
    let mut signed = 4_u64.to_le_bytes().to_vec();
    for piece in [b"v4.public.", payload, footer.as_bytes(), b""] {
        signed.extend((piece.len() as u64).to_le_bytes());
        signed.extend_from_slice(piece);
    }
    let signature = SigningKey::from_bytes(&seed).sign(&signed);
    let body = URL_SAFE_NO_PAD.encode([payload, &signature.to_bytes()].concat());
    format!("v4.public.{body}.{}", URL_SAFE_NO_PAD.encode(footer))
}
