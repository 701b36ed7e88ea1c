//! Why a certificate gives a key nothing (X10).

use chrono::{DateTime, Utc};
use serde::Serialize;
use thiserror::Error;

use crate::message::messages;
use crate::time::instant;
use crate::token::permissions::{KeyConstraint, KeyPurpose};

/// Why a certificate is refused, wherever its signature comes from (X10).
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CertificateError {
    /// It names no purpose.
    NoPurpose,
    /// It names a purpose twice.
    PurposeTwice {
        /// The purpose.
        purpose: KeyPurpose,
    },
    /// It has more than [`MAX_CONSTRAINTS`](crate::limits::MAX_CONSTRAINTS) constraints, or a
    /// constraint lists more than that (X8).
    TooManyConstraints {
        /// The number that was found.
        found: usize,
    },
    /// It has a constraint that does not apply to one of its purposes.
    Unenforceable {
        /// The purpose.
        purpose: KeyPurpose,
        /// The constraint.
        limit: KeyConstraint,
    },
    /// It is issued when nothing that the key could issue counts any more.
    IssuedAfterItsWindow {
        /// The issue date of the certificate.
        #[serde(serialize_with = "instant::serialize")]
        issued: DateTime<Utc>,
        /// The end of the window in which what the key issues must be dated.
        #[serde(serialize_with = "instant::serialize")]
        closes: DateTime<Utc>,
    },
    /// It is signed with the very key that it certifies.
    SelfSigned,
    /// It certifies a key that the ring has: the permissions there hold alone.
    InRing,
    /// It is signed with a certified key, which certifies no other.
    NotByRing,
    /// The issuer is not trusted for a purpose that the certificate names.
    WiderPurpose {
        /// The purpose.
        purpose: KeyPurpose,
    },
    /// The issuer has a constraint, and the certificate none that allows no more.
    WiderConstraint {
        /// The issuer's constraint.
        limit: KeyConstraint,
    },
    /// The certified key could issue for longer than the issuer.
    LongerWindow {
        /// The end of the window of the certificate.
        #[serde(serialize_with = "instant::serialize")]
        closes: DateTime<Utc>,
        /// The instant before which the issuer may issue.
        #[serde(serialize_with = "instant::serialize")]
        before: DateTime<Utc>,
    },
}

messages! {
    CertificateError;
    Self::NoPurpose => "certificate.no-purpose", "this certificate names no purpose: name at least one";
    Self::PurposeTwice { purpose } => "certificate.purpose-twice", "this certificate names a purpose twice: {purpose}", purpose;
    Self::TooManyConstraints { found } => "certificate.too-many-constraints",
        "a certificate has at most {max} constraints, and each lists at most as many, but {found} were found",
        max = MAX_CONSTRAINTS, found;
    Self::Unenforceable { purpose, limit } => "certificate.unenforceable",
        "this certificate is for {purpose} and limited to {limit}, which does not apply to them: certify another key for {purpose}",
        purpose, limit;
    Self::IssuedAfterItsWindow { issued, closes } => "certificate.issued-after-its-window",
        "this certificate is issued on {issued}, but the key counts only for what is dated before {closes}", issued, closes;
    Self::SelfSigned => "certificate.self-signed",
        "this certificate is signed with the key that it certifies: another key has to sign it";
    Self::InRing => "certificate.in-ring",
        "this certificate is for a key that the application has itself: its permissions there hold alone";
    Self::NotByRing => "certificate.not-by-ring",
        "this certificate is signed with a key that is certified itself: such a key certifies no other";
    Self::WiderPurpose { purpose } => "certificate.wider-purpose",
        "this certificate is for {purpose}, for which its issuer is not trusted itself", purpose;
    Self::WiderConstraint { limit } => "certificate.wider-constraint",
        "this certificate allows more than its issuer may sign, which is only {limit}", limit;
    Self::LongerWindow { closes, before } => "certificate.longer-window",
        "this certificate allows documents dated until {closes}, its issuer only before {before}", closes, before;
}

/// The most constraints of a certificate, and the most offers or plans that one of them lists: as many
/// as anybody writes by hand (X8).
pub const MAX_CONSTRAINTS: usize = 100;
