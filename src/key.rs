//! Keys and key ids as PASERK text of version 4: `k4.public`, `k4.secret` and `k4.pid`.

use alloc::string::{String, ToString};
use core::fmt;
use core::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use blake2::digest::consts::U33;
use blake2::{Blake2b, Digest};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::document::serde_as_text;
use crate::message::value::values;
use crate::message::{Value, messages};

const PUBLIC: &str = "k4.public.";
const SECRET: &str = "k4.secret.";
const ID: &str = "k4.pid.";

/// Why a text is not a key or a key id. The error never contains the text, which may be a secret
/// key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The text does not begin with the prefix of this kind.
    OtherKind {
        /// The prefix of this kind.
        expected: &'static str,
    },
    /// The text after the prefix is not canonical base64url of the right length.
    NotBase64 {
        /// The prefix of the text.
        kind: &'static str,
        /// The number of bytes that must follow the prefix.
        expected: usize,
    },
    /// The bytes are not a point on the curve, or not its canonical encoding (RFC 8032, 5.1.3).
    NotCanonical,
    /// The point has a component of small order, so that some signatures under it verify for many
    /// messages.
    Weak,
    /// The public half of a secret key does not belong to its secret half.
    Mismatched,
}

messages! {
    KeyError;
    Self::OtherKind { expected } => "key.other-kind",
        "not a key of this kind: the text does not begin with `{expected}`", expected = Value::Literal((*expected).into());
    Self::NotBase64 { kind, expected } => "key.not-base64",
        "invalid key text: `{kind}` must be followed by {expected} bytes in base64url without padding",
        kind = Value::Literal((*kind).into()), expected;
    Self::NotCanonical => "key.not-canonical", "this public key is not a canonical point on the curve (RFC 8032)";
    Self::Weak => "key.weak", "this public key is weak: it has a component of small order";
    Self::Mismatched => "key.mismatched", "the public half of this secret key does not belong to its secret half";
}

fn decode<const N: usize>(kind: &'static str, text: &str) -> Result<Zeroizing<[u8; N]>, KeyError> {
    let encoded = text.strip_prefix(kind).ok_or(KeyError::OtherKind { expected: kind })?;
    let fault = || KeyError::NotBase64 { kind, expected: N };
    // The length is checked first: 4 characters encode 3 bytes.
    if encoded.len() != N.saturating_mul(4).div_ceil(3) {
        return Err(fault());
    }
    let mut bytes = Zeroizing::new([0; N]);
    let length = URL_SAFE_NO_PAD.decode_slice(encoded, bytes.as_mut_slice()).map_err(|_| fault())?;
    if length == N { Ok(bytes) } else { Err(fault()) }
}

fn write(f: &mut fmt::Formatter<'_>, kind: &str, bytes: &[u8]) -> fmt::Result {
    write!(f, "{kind}{}", URL_SAFE_NO_PAD.encode(bytes))
}

/// The id of a public key, `k4.pid.…`. It is a hash of the key, so nobody can choose it (PASERK,
/// "ID").
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; 33]);

impl FromStr for KeyId {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        decode(ID, text).map(|bytes| Self(*bytes))
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, ID, &self.0)
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

serde_as_text!(KeyId);
values! { Hash: KeyId }

/// A public key: a canonical point on the curve without a component of small order (X1).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Returns the public key of 32 bytes (RFC 8032).
    ///
    /// # Errors
    ///
    /// [`KeyError::NotCanonical`] for bytes that are not a point or not its canonical encoding,
    /// such as a y coordinate of 2^255 − 18; [`KeyError::Weak`] for a point with a component of
    /// small order, such as 32 zero bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Result<Self, KeyError> {
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| KeyError::NotCanonical)?;
        let point = key.to_edwards();
        if point.compress().to_bytes() != bytes {
            return Err(KeyError::NotCanonical);
        }
        if key.is_weak() || !point.is_torsion_free() {
            return Err(KeyError::Weak);
        }
        Ok(Self(key))
    }

    /// Returns the key's 32 bytes (RFC 8032).
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// Returns the key's id.
    #[must_use]
    pub fn id(&self) -> KeyId {
        let hash = Blake2b::<U33>::new().chain_update(ID).chain_update(self.to_string()).finalize();
        KeyId(hash.into())
    }

    /// Returns whether the signature is valid under strict verification: canonical, with neither
    /// key nor nonce of small order (X1).
    pub(crate) fn has_signed(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        is_reduced(signature) && self.0.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
    }

    /// Returns whether 64 bytes can be a signature of some key: a canonical point on the curve of
    /// full order, and a number below the order of the group.
    pub(crate) fn is_signature(signature: &[u8; 64]) -> bool {
        let point = signature.first_chunk::<32>().map(|bytes| Self::from_bytes(*bytes));
        is_reduced(signature) && matches!(point, Some(Ok(_)))
    }
}

impl FromStr for PublicKey {
    type Err = KeyError;

    /// Reads `k4.public.…`.
    fn from_str(text: &str) -> Result<Self, KeyError> {
        Self::from_bytes(*decode(PUBLIC, text)?)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, PUBLIC, self.0.as_bytes())
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

serde_as_text!(PublicKey);

/// The order of the group, little-endian (RFC 8032, 5.1).
const L: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// Returns whether the second half of a signature, the number S, is less than L.
///
/// The signature crate checks this too, but another crate in the host's build can switch its check
/// off by a feature (X1).
fn is_reduced(signature: &[u8; 64]) -> bool {
    signature.iter().skip(32).rev().lt(L.iter().rev())
}

/// A secret key of a publisher. It is zeroed when dropped and never displayed.
pub struct SecretKey(SigningKey);

impl SecretKey {
    /// Returns the secret key of a seed: 32 random bytes that the host supplies.
    #[must_use]
    pub fn from_seed(seed: &Zeroizing<[u8; 32]>) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// Reads `k4.secret.…`.
    ///
    /// # Errors
    ///
    /// [`KeyError`] for a text of another kind, of another length, or whose two halves do not
    /// belong together.
    pub fn from_paserk(text: &str) -> Result<Self, KeyError> {
        let bytes = decode::<64>(SECRET, text)?;
        let key = SigningKey::from_keypair_bytes(&bytes).map_err(|_| KeyError::Mismatched)?;
        Ok(Self(key))
    }

    /// Returns the key as `k4.secret.…` for secure storage. The text is zeroed when dropped.
    #[must_use]
    pub fn to_paserk(&self) -> Zeroizing<String> {
        let bytes = Zeroizing::new(self.0.to_keypair_bytes());
        let mut text = Zeroizing::new(String::with_capacity(SECRET.len().saturating_add(86)));
        text.push_str(SECRET);
        // Encodes into a buffer that is zeroed: encoding into a `String` leaves parts on the stack.
        let mut encoded = Zeroizing::new([0; 86]);
        let length = URL_SAFE_NO_PAD.encode_slice(bytes.as_slice(), encoded.as_mut_slice()).unwrap_or_default();
        let encoded = encoded.get(..length).unwrap_or_default();
        text.push_str(core::str::from_utf8(encoded).unwrap_or_default());
        text
    }

    /// Returns the public key of this secret key.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey(of {})", self.public().id())
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "a test may fail by panicking")]
mod tests {
    use super::{L, is_reduced};

    /// X1: the crate itself checks that S is less than L.
    #[test]
    fn x1_s_is_less_than_l() {
        let signature = |s: [u8; 32]| {
            let mut signature = [0xff; 64];
            signature[32..].copy_from_slice(&s);
            signature
        };
        let (mut less, mut more) = (L, L);
        less[0] -= 1;
        more[31] += 1;
        assert!(is_reduced(&signature(less)) && is_reduced(&signature([0; 32])));
        assert!(!is_reduced(&signature(L)) && !is_reduced(&signature(more)) && !is_reduced(&signature([0xff; 32])));
    }
}
