//! Why a token does not verify.

use alloc::string::String;

use serde::Serialize;
use thiserror::Error;

use crate::key::KeyId;
use crate::license::deal::DealError;
use crate::license::revocation::MAX_REVOCATIONS;
use crate::message::{Value, messages};
use crate::token::footer::Kind;
use crate::token::permissions::{KeyConstraint, KeyPurpose};

/// Why a token is not the expected license, revocation list or time ticket.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TokenError {
    /// The footer is not exactly a key id and a kind.
    Footer {
        /// The parser's message.
        detail: String,
    },
    /// The kind is not a kind of this crate.
    ForeignKind {
        /// The kind in the footer.
        found: String,
    },
    /// The document has a version that this release does not know.
    NewerFormat {
        /// The kind of the document.
        kind: Kind,
        /// Kind and version in the footer.
        found: String,
    },
    /// The document is of another kind than expected.
    OtherKind {
        /// The expected kind.
        expected: Kind,
        /// The kind of this document.
        found: Kind,
    },
    /// The token is longer than tokens of its kind can be.
    TooLong {
        /// The kind of the document.
        kind: Kind,
        /// The length in characters.
        bytes: usize,
    },
    /// The key that the footer names is not in the ring.
    UnknownKey {
        /// The key's id.
        key: KeyId,
    },
    /// The signature is not valid for the key and these bytes.
    BadSignature,
    /// The signed payload is not the content of a document of its kind.
    Claims {
        /// The expected kind.
        kind: Kind,
        /// The column of the content at which the parser stopped, counted from 1; 0 before the
        /// first character.
        column: usize,
        /// The parser's message.
        detail: String,
    },
    /// The signed deal breaks a rule.
    Deal(#[from] DealError),
    /// The list has more than [`MAX_REVOCATIONS`](crate::limits::MAX_REVOCATIONS) entries.
    LongList {
        /// The number of entries.
        found: usize,
    },
    /// The key is trusted for documents of this kind, but the document breaks a constraint (X3).
    BeyondLimit {
        /// The key's id.
        key: KeyId,
        /// The constraint that the document breaks.
        limit: KeyConstraint,
    },
    /// The key is in the ring, but not trusted for this purpose (X3).
    NotTrusted {
        /// The key's id.
        key: KeyId,
        /// The purpose of the document.
        purpose: KeyPurpose,
    },
}

messages! {
    TokenError;
    Self::Footer { .. } => "token.footer", "the footer of this token does not name a key and a kind";
    Self::ForeignKind { found } => "token.foreign-kind",
        "unknown kind of document {found}: not a document of this product", found;
    Self::NewerFormat { kind, found } => "token.newer-format",
        "this document ({kind}) is of a newer format, {found}: update the application", kind, found;
    Self::OtherKind { expected, found } => "token.other-kind", "wrong kind of document: {found} instead of {expected}",
        found, expected;
    Self::TooLong { kind, bytes } => "token.too-long-for-its-kind",
        "this document ({kind}) has {bytes} characters: at most {max} are allowed", kind, bytes, max = kind.longest();
    Self::UnknownKey { key } => "token.unknown-key",
        "signed with the unknown key `{key}`: update the application, or contact the issuer", key;
    Self::BadSignature => "token.bad-signature", "invalid signature: this document was tampered with, or cut";
    Self::Claims { kind, column, .. } => "token.claims",
        "the signed content does not fit this kind of document ({kind}), from column {column} on: contact the issuer", kind, column = Value::ordinal(column);
    Self::Deal(error) => (error.code()) "token.deal", "the signed content breaks a rule: {error}", error;
    Self::LongList { found } => "token.long-list", "a revocation list has at most {max} entries, this one has {found}",
        max = MAX_REVOCATIONS, found;
    Self::BeyondLimit { key, limit } => "token.beyond-limit", "the key `{key}` is trusted only for {limit}", key, limit;
    Self::NotTrusted { key, purpose } => "token.not-trusted", "the key `{key}` is not trusted for {purpose}",
        key, purpose;
}
