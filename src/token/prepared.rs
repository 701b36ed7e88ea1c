//! Documents that are ready to be signed, wherever the secret key is (X9).

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use thiserror::Error;

use crate::key::{KeyId, PublicKey, SecretKey};
use crate::message::messages;
use crate::token::{SIGNATURE_BYTES, Token};

/// A document that is ready to be signed by one key: the exact bytes to sign, and what becomes of
/// them with a signature (X9).
///
/// The secret key can be anywhere: in a key management service, a hardware module or another
/// program. Only the bytes go there, and only 64 bytes come back.
///
/// ```
/// use entitle::chrono::{DateTime, Utc};
/// use entitle::license::RevocationListDraft;
/// use entitle::token::{KeyPermissions, KeyPurpose};
/// use entitle::{KeyRing, PublicKey};
///
/// // The service that has the secret key tells the public one, and signs bytes.
/// use ed25519_dalek::{Signer, SigningKey};
/// let service = SigningKey::from_bytes(&[7; 32]);
/// let public = PublicKey::from_bytes(service.verifying_key().to_bytes())?;
///
/// let issued: DateTime<Utc> = "2026-03-01T00:00:00Z".parse()?;
/// let list = RevocationListDraft::new("fabrikam".parse()?, 1.try_into()?, issued);
/// let prepared = list.prepare(&public)?;
/// let signature = service.sign(prepared.bytes()).to_bytes();
/// let token = prepared.finish(&signature)?;
///
/// let ring = KeyRing::new().trust(public, KeyPermissions::new(KeyPurpose::Revocations))?;
/// assert_eq!(ring.verify_list(&token)?.revocations(), &list);
///
/// // A signature over anything else does not become a token.
/// let over_other_bytes = service.sign(b"the wrong bytes").to_bytes();
/// assert_eq!(prepared.finish(&over_other_bytes).unwrap_err().code(), "signature.mismatch");
/// Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PreparedToken {
    key: PublicKey,
    payload: Arc<[u8]>,
    footer: Arc<[u8]>,
    bytes: Vec<u8>,
}

/// Why a signature does not become part of a token (X9).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// A signature is exactly 64 bytes.
    Length {
        /// The number of bytes.
        found: usize,
    },
    /// The 64 bytes are not a signature of any key: the first half is not a point on the curve, or
    /// the second not a number below the order of the group (RFC 8032, 5.1.7).
    NotASignature,
    /// The signature is not of this key over these bytes: it is of another key, or over other bytes.
    /// A signature alone does not show which.
    Mismatch {
        /// The id of the key for which the document was prepared.
        key: KeyId,
    },
}

messages! {
    SignatureError;
    Self::Length { found } => "signature.length",
        "a signature has {max} bytes, this one {found}: it must be raw, not in base64, hexadecimal or DER",
        max = SIGNATURE_BYTES, found;
    Self::NotASignature => "signature.not-a-signature",
        "these bytes are not an Ed25519 signature (RFC 8032): use the algorithm Ed25519, and its output as it is";
    Self::Mismatch { key } => "signature.mismatch",
        "this signature is not of the key `{key}` over this document: sign with that key, and sign the bytes themselves, not a hash of them",
        key;
}

impl PreparedToken {
    /// Returns the token of a payload and a footer that is ready to be signed by a key.
    pub(super) fn new(key: PublicKey, payload: Vec<u8>, footer: Vec<u8>) -> Self {
        let bytes = Token::signed_bytes(&payload, &footer);
        Self { key, payload: Arc::from(payload), footer: Arc::from(footer), bytes }
    }

    /// Returns the bytes to sign, with Ed25519 and without hashing them before: the pre-authentication
    /// encoding of PASETO of header, payload and footer.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the public key whose signature is needed.
    #[must_use]
    pub fn key(&self) -> PublicKey {
        self.key
    }

    /// Returns the token with its signature, which is verified. `O(n)` in the bytes.
    ///
    /// # Errors
    ///
    /// [`SignatureError`] for a signature that is not 64 bytes long, 64 bytes that no key makes, and a
    /// signature of another key or over other bytes, such as their hash.
    pub fn finish(&self, signature: &[u8]) -> Result<Token, SignatureError> {
        let found = signature.len();
        let signature = <[u8; SIGNATURE_BYTES]>::try_from(signature).map_err(|_| SignatureError::Length { found })?;
        if self.key.has_signed(&self.bytes, &signature) {
            return Ok(self.with(signature));
        }
        Err(if PublicKey::is_signature(&signature) {
            SignatureError::Mismatch { key: self.key.id() }
        } else {
            SignatureError::NotASignature
        })
    }

    /// Returns the token with 64 bytes in place of its signature.
    pub(super) fn with(&self, signature: [u8; SIGNATURE_BYTES]) -> Token {
        Token { payload: Arc::clone(&self.payload), signature, footer: Arc::clone(&self.footer) }
    }
}

impl SecretKey {
    /// Returns the signature of this key over a prepared document, for a program that keeps keys
    /// for others. [`PreparedToken::finish`] refuses it if the document was prepared for another key.
    #[must_use]
    pub fn signature(&self, prepared: &PreparedToken) -> [u8; SIGNATURE_BYTES] {
        self.sign(prepared.bytes())
    }
}

impl fmt::Debug for PreparedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PreparedToken({} bytes for {})", self.bytes.len(), self.key.id())
    }
}
