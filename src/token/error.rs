//! Why a token does not verify.

use alloc::string::String;
use core::num::NonZeroU32;

use chrono::{DateTime, Utc};
use serde::Serialize;
use thiserror::Error;

use crate::id::PlanId;
use crate::key::KeyId;
use crate::license::deal::DealError;
use crate::license::revocation::MAX_REVOCATIONS;
use crate::message::{Value, messages};
use crate::time::instant;
use crate::token::certificate_error::CertificateError;
use crate::token::footer::Kind;
use crate::token::permissions::{KeyConstraint, KeyPurpose};

/// Why a token is not the expected license, revocation list, time ticket or certificate.
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
    /// The key that the footer names is not in the ring, and no key of the ring certifies others.
    UnknownKey {
        /// The key's id.
        key: KeyId,
    },
    /// The key that the footer names is not in the ring, and there is no certificate for it (X10).
    NoCertificate {
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
    /// The certificate gives its key nothing (X10).
    Certificate(#[from] CertificateError),
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
        /// The first plan whose grants break it; `None` where the offer or the date of the document does.
        plan: Option<PlanId>,
    },
    /// The key is in the ring, but not trusted for this purpose (X3).
    NotTrusted {
        /// The key's id.
        key: KeyId,
        /// The purpose of the document.
        purpose: KeyPurpose,
    },
    /// The key is certified for revocation lists, but only of later numbers (X10).
    ListBeforeCertificate {
        /// The key's id.
        key: KeyId,
        /// The number of the list.
        sequence: NonZeroU32,
        /// The first number that counts.
        first: NonZeroU32,
    },
    /// The key is revoked, and the list or ticket is dated when it was revoked or later (X5, X10).
    KeyRevoked {
        /// The key's id.
        key: KeyId,
        /// The issue date of the document.
        #[serde(serialize_with = "instant::serialize")]
        issued: DateTime<Utc>,
        /// The instant from which the key, or the one that certified it, is revoked.
        #[serde(serialize_with = "instant::serialize")]
        since: DateTime<Utc>,
    },
    /// The key is certified, but not for documents of this date (X10).
    OutsideWindow {
        /// The key's id.
        key: KeyId,
        /// The issue date of the document.
        #[serde(serialize_with = "instant::serialize")]
        issued: DateTime<Utc>,
        /// The first date that counts.
        #[serde(serialize_with = "instant::serialize")]
        opens: DateTime<Utc>,
        /// The first date that no longer counts.
        #[serde(serialize_with = "instant::serialize")]
        closes: DateTime<Utc>,
    },
}

messages! {
    TokenError
        as Self::Certificate(error) => error;
    Self::Footer { .. } => "token.footer", "the footer of this token does not name a key and a kind: the text was changed, or another application made it";
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
    Self::NoCertificate { key } => "token.no-certificate",
        "signed with the key `{key}`, of which there is no certificate here: install the certificate that belongs to it first; if there is none, update the application, or contact the issuer", key;
    Self::BadSignature => "token.bad-signature", "invalid signature: this document was changed or cut. Ask who sent it to send it again";
    Self::Claims { kind, column, .. } => "token.claims",
        "the signed content does not fit this kind of document ({kind}), from column {column} on: contact the issuer", kind, column = Value::ordinal(column);
    Self::Deal(error) => (error.code()) "token.deal", "the signed content breaks a rule: {error}", error;
    Self::LongList { found } => "token.long-list", "a revocation list has at most {max} entries, this one has {found}",
        max = MAX_REVOCATIONS, found;
    Self::BeyondLimit { key, limit, plan: Some(plan) } => ("token.beyond-limit") "token.grant-beyond-limit",
        "what this license grants of {plan} is too much for the key `{key}`, which is trusted only for {limit}", plan, key, limit;
    Self::BeyondLimit { key, limit, plan: None } => "token.beyond-limit", "the key `{key}` is trusted only for {limit}", key, limit;
    Self::ListBeforeCertificate { key, sequence, first } => "token.list-before-certificate",
        "the key `{key}` is certified for revocation lists from {first} on, this is list {sequence}",
        key, first = Value::ordinal(first), sequence = Value::ordinal(sequence);
    Self::KeyRevoked { key, issued, since } => "token.key-revoked",
        "this document is dated {issued}, but its key `{key}` is revoked since {since}", issued, key, since;
    Self::OutsideWindow { key, issued, opens, closes } => "token.outside-window",
        "the key `{key}` is certified for documents dated from {opens} until {closes}, this one is of {issued}",
        key, issued, opens, closes = Value::EndsAt(*closes);
    Self::NotTrusted { key, purpose } => "token.not-trusted",
        "the key `{key}` is not trusted for {purpose}: update the application, or contact the issuer", key, purpose;
}
