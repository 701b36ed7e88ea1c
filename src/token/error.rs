//! Why a token does not verify.

use alloc::string::String;

use serde::Serialize;
use thiserror::Error;

use crate::key::KeyId;
use crate::license::deal::DealError;
use crate::license::revocation::MAX_REVOCATIONS;
use crate::token::footer::Kind;
use crate::token::permissions::{KeyConstraint, KeyPurpose};

/// Why a token is not the expected license, revocation list or time ticket.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TokenError {
    /// The footer is not exactly a key id and a kind.
    #[error("the footer of this token does not name a key and a kind: {error}")]
    Footer {
        /// The parser's message.
        error: String,
    },
    /// The kind is not a kind of this crate.
    #[error("unknown kind of document `{}`: not a document of this product", found.escape_debug())]
    ForeignKind {
        /// The kind in the footer.
        found: String,
    },
    /// The document has a version that this release does not know.
    #[error("this {kind} is of a newer format, `{}`: update the application", found.escape_debug())]
    NewerFormat {
        /// The kind of the document.
        kind: Kind,
        /// Kind and version in the footer.
        found: String,
    },
    /// The document is of another kind than expected.
    #[error("this is not a {expected} but a {found}")]
    OtherKind {
        /// The expected kind.
        expected: Kind,
        /// The kind of this document.
        found: Kind,
    },
    /// The token is longer than tokens of its kind can be.
    #[error("a {kind} has at most {} characters, this one has {bytes}", kind.longest())]
    TooLong {
        /// The kind of the document.
        kind: Kind,
        /// The length in characters.
        bytes: usize,
    },
    /// The key that the footer names is not in the ring.
    #[error("signed with the unknown key `{key}`: update the application, or contact the issuer")]
    UnknownKey {
        /// The key's id.
        key: KeyId,
    },
    /// The signature is not valid for the key and these bytes.
    #[error("invalid signature: this document was tampered with, or cut")]
    BadSignature,
    /// The signed payload is not the content of a document of its kind.
    #[error("the signed content is not a {kind}: {error}")]
    Claims {
        /// The expected kind.
        kind: Kind,
        /// The parser's message, with line and column in the payload.
        error: String,
    },
    /// The signed deal breaks a rule.
    #[error("the signed content breaks a rule: {0}")]
    Deal(#[from] DealError),
    /// The list has more than [`MAX_REVOCATIONS`](crate::limits::MAX_REVOCATIONS) entries.
    #[error("a revocation list has at most {MAX_REVOCATIONS} entries, this one has {found}")]
    LongList {
        /// The number of entries.
        found: usize,
    },
    /// The key is trusted for documents of this kind, but the document breaks a constraint (X3).
    #[error("the key `{key}` is trusted only for {limit}")]
    BeyondLimit {
        /// The key's id.
        key: KeyId,
        /// The constraint that the document breaks.
        limit: KeyConstraint,
    },
    /// The key is in the ring, but not trusted for this purpose (X3).
    #[error("the key `{key}` is not trusted for {purpose}")]
    NotTrusted {
        /// The key's id.
        key: KeyId,
        /// The purpose of the document.
        purpose: KeyPurpose,
    },
}

impl TokenError {
    /// Returns a stable name of this error for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Footer { .. } => "token.footer",
            Self::ForeignKind { .. } => "token.foreign-kind",
            Self::NewerFormat { .. } => "token.newer-format",
            Self::OtherKind { .. } => "token.other-kind",
            Self::TooLong { .. } => "token.too-long-for-its-kind",
            Self::UnknownKey { .. } => "token.unknown-key",
            Self::BadSignature => "token.bad-signature",
            Self::Claims { .. } => "token.claims",
            Self::Deal(error) => error.code(),
            Self::LongList { .. } => "token.long-list",
            Self::BeyondLimit { .. } => "token.beyond-limit",
            Self::NotTrusted { .. } => "token.not-trusted",
        }
    }
}
