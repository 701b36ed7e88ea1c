//! Answers whether a signed document is genuine: tokens (PASETO `v4.public`), keys and their
//! purposes, sealing and verifying.
//! It takes text and a key ring, and returns licenses, revocation lists, time tickets and certificates.
//! It must not know catalogs' meaning, tenants' records or the current time.

use alloc::string::{String, ToString};
use alloc::sync::Arc;
use core::fmt;
use core::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use thiserror::Error;

use crate::document::serde_as_text;
use crate::id::excerpt;
use crate::message::messages;

pub(crate) mod armor;
pub(crate) mod claims;
pub(crate) mod footer;
pub(crate) mod pae;
pub(crate) mod permissions;

pub(crate) mod certificate_error;

pub(crate) mod certificate_draft;
pub(crate) mod error;

mod claimed_kind;

pub(crate) mod admission;

mod narrowed_permissions;

pub(crate) mod certificate;

pub(crate) mod license;
pub(crate) mod list;
pub(crate) mod ticket;

pub(crate) mod reconstruct;
pub(crate) mod ring;

mod prepared;

pub(crate) mod seal;

pub use crate::key::{KeyError, KeyId, PublicKey, SecretKey};
pub use armor::ArmorError;
pub use certificate::KeyCertificate;
pub use certificate_draft::{CertifiedPurpose, KeyCertificateDraft};
pub use certificate_error::CertificateError;
pub use error::TokenError;
pub use footer::Kind;
pub use license::License;
pub use list::RevocationList;
pub use permissions::{KeyConstraint, KeyPermissions, KeyPurpose, PlanUnits, TrustError};
pub use prepared::{PreparedToken, SignatureError};
pub use ring::KeyRing;
pub use seal::SealError;
pub use ticket::TimeTicket;

/// The longest token of any kind in characters: enough for a list of
/// [`MAX_REVOCATIONS`](crate::limits::MAX_REVOCATIONS) entries (X8).
pub const MAX_TOKEN_BYTES: usize = 4 * 1024 * 1024;

/// The longest license in characters: enough for [`MAX_GRANTS`](crate::limits::MAX_GRANTS) grants of
/// ordinary length (X8).
pub const MAX_LICENSE_BYTES: usize = 512 * 1024;

/// The longest time ticket in characters: enough for its three ids at their longest, and a
/// checkpoint (X8).
pub const MAX_TICKET_BYTES: usize = 4 * 1024;

/// The longest certificate in characters: enough for [`MAX_CONSTRAINTS`](crate::limits::MAX_CONSTRAINTS)
/// offers and plans of ordinary length (X8).
pub const MAX_CERTIFICATE_BYTES: usize = 32 * 1024;

/// The longest footer in bytes: twice what its two fields need (X8).
pub const MAX_FOOTER_BYTES: usize = 256;

const HEADER: &str = "v4.public.";
const SIGNATURE_BYTES: usize = 64;

/// Why a text is not a token. Whether a token can be trusted is a separate question
/// ([`TokenError`]).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParseTokenError {
    /// The text is longer than [`MAX_TOKEN_BYTES`].
    TooLong {
        /// The length in bytes.
        bytes: usize,
    },
    /// The text does not begin with `v4.public.`.
    OtherHeader {
        /// The beginning of the text.
        found: String,
    },
    /// There is no footer after the signed part.
    NoFooter,
    /// A part is not canonical base64url without padding.
    NotBase64 {
        /// The part.
        part: TokenPart,
    },
    /// The signed part is too short to hold a signature.
    TooShort {
        /// The length of the signed part in bytes.
        bytes: usize,
    },
    /// The footer is longer than [`MAX_FOOTER_BYTES`].
    LongFooter {
        /// The length in bytes.
        bytes: usize,
    },
}

/// A part of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenPart {
    /// The payload and the signature.
    Signed,
    /// The footer.
    Footer,
}

messages! {
    TokenPart;
    Self::Signed => "token-part.signed", "signed part";
    Self::Footer => "token-part.footer", "footer";
}

messages! {
    ParseTokenError;
    Self::TooLong { bytes } => "token.too-long", "a token has at most {max} characters, this text has {bytes}",
        max = MAX_TOKEN_BYTES, bytes;
    Self::OtherHeader { found } => "token.other-header",
        "not a token: a token begins with `v4.public.`, this text with {found}", found;
    Self::NoFooter => "token.no-footer", "incomplete token: the footer with its key and kind is missing";
    Self::NotBase64 { part } => "token.not-base64",
        "a part of this token is not base64url without padding ({part}): check whether it was cut or wrapped", part;
    Self::TooShort { bytes } => "token.too-short",
        "the signed part of this token has {bytes} bytes: too few for a signature of {max}",
        bytes, max = SIGNATURE_BYTES;
    Self::LongFooter { bytes } => "token.long-footer",
        "the footer of a token has at most {max} bytes, this one has {bytes}", max = MAX_FOOTER_BYTES, bytes;
}

/// A signed document that is not verified: text of the right form, in which nothing is trusted yet.
///
/// [`KeyRing::verify`](crate::KeyRing::verify) returns the [`License`] in it.
/// Clones share the bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// The signed payload.
    payload: Arc<[u8]>,
    signature: [u8; SIGNATURE_BYTES],
    footer: Arc<[u8]>,
}

impl Token {
    /// Returns the length of the text in characters.
    fn text_len(&self) -> usize {
        let encoded = |bytes: usize| bytes.saturating_mul(4).div_ceil(3);
        let signed = encoded(self.payload.len().saturating_add(SIGNATURE_BYTES));
        HEADER.len().saturating_add(signed).saturating_add(1).saturating_add(encoded(self.footer.len()))
    }

    /// Returns the bytes that the signature covers (PASETO v4, "Sign"), without an implicit
    /// assertion.
    fn signed_bytes(payload: &[u8], footer: &[u8]) -> alloc::vec::Vec<u8> {
        pae::encode(&[HEADER.as_bytes(), payload, footer, b""])
    }
}

impl FromStr for Token {
    type Err = ParseTokenError;

    fn from_str(text: &str) -> Result<Self, ParseTokenError> {
        let bytes = text.len();
        if bytes > MAX_TOKEN_BYTES {
            return Err(ParseTokenError::TooLong { bytes });
        }
        let parts = text
            .strip_prefix(HEADER)
            .ok_or_else(|| ParseTokenError::OtherHeader { found: excerpt(text.get(..HEADER.len()).unwrap_or(text)) })?;
        let (signed, footer) =
            parts.split_once('.').filter(|(_, footer)| !footer.is_empty()).ok_or(ParseTokenError::NoFooter)?;
        let decode = |part, text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| ParseTokenError::NotBase64 { part });
        let signed = decode(TokenPart::Signed, signed)?;
        let footer = decode(TokenPart::Footer, footer)?;
        let Some((payload, signature)) = signed.split_last_chunk::<SIGNATURE_BYTES>() else {
            return Err(ParseTokenError::TooShort { bytes: signed.len() });
        };
        if footer.len() > MAX_FOOTER_BYTES {
            return Err(ParseTokenError::LongFooter { bytes: footer.len() });
        }
        Ok(Self { payload: Arc::from(payload), signature: *signature, footer: Arc::from(footer) })
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signed = [&*self.payload, &self.signature].concat();
        write!(f, "{HEADER}{}.{}", URL_SAFE_NO_PAD.encode(signed), URL_SAFE_NO_PAD.encode(&self.footer))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({})", excerpt(&self.to_string()))
    }
}

serde_as_text!(Token);
