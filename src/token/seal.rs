//! Sealing: preparing deals, lists and tickets to be signed, and signing them as tokens.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;
use thiserror::Error;

use crate::document::read_bytes;
use crate::key::{PublicKey, SecretKey};
use crate::license::deal::{Deal, DealError};
use crate::license::revocation::{MAX_REVOCATIONS, RevocationListDraft};
use crate::license::time_ticket_draft::TimeTicketDraft;
use crate::message::{Value, messages};
use crate::token::certificate_draft::{CertificateClaims, KeyCertificateDraft};
use crate::token::certificate_error::CertificateError;
use crate::token::claims::Claims;
use crate::token::footer::{Footer, Kind};
use crate::token::list::{self, ListClaims};
use crate::token::prepared::{PreparedToken, SignatureError};
use crate::token::ticket::TicketClaims;
use crate::token::{SIGNATURE_BYTES, Token};

/// Why a document cannot be sealed. Nothing is signed that would not verify.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SealError {
    /// The deal breaks a rule.
    Deal(#[from] DealError),
    /// The list has more than [`MAX_REVOCATIONS`](crate::limits::MAX_REVOCATIONS) entries.
    LongList {
        /// The number of entries.
        found: usize,
    },
    /// The token would be longer than tokens of its kind can be.
    TooLong {
        /// The length that it would have.
        bytes: usize,
        /// The largest length of its kind.
        most: usize,
    },
    /// The document cannot be serialized so that it parses again.
    Unwritable {
        /// The serializer's or the parser's message.
        error: String,
    },
    /// The certificate breaks a rule.
    Certificate(#[from] CertificateError),
    /// The signature does not verify: the computation failed.
    Signature(#[from] SignatureError),
}

messages! {
    SealError
        as Self::Deal(error) => error
        as Self::Certificate(error) => error
        as Self::Signature(error) => error;
    Self::LongList { found } => "seal.long-list", "a revocation list has at most {max} entries, this one has {found}",
        max = MAX_REVOCATIONS, found;
    Self::TooLong { bytes, most } => "seal.too-long",
        "the token would have {bytes} characters, at most {most} are allowed: split it", bytes, most;
    Self::Unwritable { error } => "seal.unwritable", "the document cannot be serialized: {error}",
        error = Value::Detail(error.clone());
}

impl Deal {
    /// Returns the deal ready to be signed by a key, wherever its secret half is (X9).
    /// [`SecretKey::seal`] does it in one.
    ///
    /// # Errors
    ///
    /// [`SealError`] for a deal that would not verify: it breaks a rule, such as a paid grant for
    /// anyone, or its token would be too long.
    pub fn prepare(&self, key: &PublicKey) -> Result<PreparedToken, SealError> {
        self.prove()?;
        let payload = written(&Claims::from(self))?;
        // Checks the deal as it will be parsed: serialization clamps instants outside 1970–9999,
        // for example.
        let read: Claims = read_bytes(&payload).map_err(|unreadable| unwritable(unreadable.detail))?;
        Self::from(read).prove()?;
        prepared(payload, Kind::License, key)
    }
}

impl RevocationListDraft {
    /// Returns the list ready to be signed by a key, wherever its secret half is (X9).
    /// [`SecretKey::seal_list`] does it in one.
    ///
    /// # Errors
    ///
    /// [`SealError`] for a list that would not verify: it has more than
    /// [`MAX_REVOCATIONS`](crate::limits::MAX_REVOCATIONS) entries, or its token would be too long.
    pub fn prepare(&self, key: &PublicKey) -> Result<PreparedToken, SealError> {
        if !list::is_short(self) {
            return Err(SealError::LongList { found: self.entries.len() });
        }
        let payload = written(&ListClaims::from(self))?;
        let _: ListClaims = read_bytes(&payload).map_err(|unreadable| unwritable(unreadable.detail))?;
        prepared(payload, Kind::RevocationList, key)
    }
}

impl TimeTicketDraft {
    /// Returns the ticket ready to be signed by a key, wherever its secret half is (X9).
    /// [`SecretKey::seal_ticket`] does it in one.
    ///
    /// # Errors
    ///
    /// [`SealError`] for a ticket that would not verify.
    pub fn prepare(&self, key: &PublicKey) -> Result<PreparedToken, SealError> {
        let payload = written(&TicketClaims::from(self))?;
        let _: TicketClaims = read_bytes(&payload).map_err(|unreadable| unwritable(unreadable.detail))?;
        prepared(payload, Kind::TimeTicket, key)
    }
}

impl KeyCertificateDraft {
    /// Returns the certificate ready to be signed by its issuer, wherever the secret key is (X9).
    /// [`SecretKey::seal_certificate`] does it in one.
    ///
    /// # Errors
    ///
    /// [`SealError`] for a certificate that would verify under no key ring, such as one that its own key
    /// signs. Whether it is wider than its issuer depends on the ring.
    pub fn prepare(&self, issuer: &PublicKey) -> Result<PreparedToken, SealError> {
        self.prove(issuer.id())?;
        let payload = written(&CertificateClaims::from(self))?;
        let read: CertificateClaims = read_bytes(&payload).map_err(|unreadable| unwritable(unreadable.detail))?;
        Self::from(read).prove(issuer.id())?;
        prepared(payload, Kind::KeyCertificate, issuer)
    }
}

impl SecretKey {
    /// Signs a deal. The same as [`Deal::prepare`] and [`PreparedToken::finish`] in one.
    ///
    /// # Errors
    ///
    /// [`SealError`] for a deal that would not verify: it breaks a rule, such as a paid grant for
    /// anyone, or its token would be too long.
    pub fn seal(&self, deal: &Deal) -> Result<Token, SealError> {
        self.seal_prepared(&deal.prepare(&self.public())?)
    }

    /// Signs a revocation list (X5). The same as [`RevocationListDraft::prepare`] and
    /// [`PreparedToken::finish`] in one.
    ///
    /// # Errors
    ///
    /// [`SealError`] for a list that would not verify: it has more than
    /// [`MAX_REVOCATIONS`](crate::limits::MAX_REVOCATIONS) entries, or its token would be too long.
    pub fn seal_list(&self, list: &RevocationListDraft) -> Result<Token, SealError> {
        self.seal_prepared(&list.prepare(&self.public())?)
    }

    /// Signs a time ticket (X6). The same as [`TimeTicketDraft::prepare`] and
    /// [`PreparedToken::finish`] in one.
    ///
    /// # Errors
    ///
    /// [`SealError`] for a ticket that would not verify.
    pub fn seal_ticket(&self, ticket: &TimeTicketDraft) -> Result<Token, SealError> {
        self.seal_prepared(&ticket.prepare(&self.public())?)
    }

    /// Signs a certificate of another key (X10). The same as [`KeyCertificateDraft::prepare`] and
    /// [`PreparedToken::finish`] in one.
    ///
    /// # Errors
    ///
    /// [`SealError`] for a certificate that would verify under no key ring.
    pub fn seal_certificate(&self, certificate: &KeyCertificateDraft) -> Result<Token, SealError> {
        self.seal_prepared(&certificate.prepare(&self.public())?)
    }

    fn seal_prepared(&self, prepared: &PreparedToken) -> Result<Token, SealError> {
        Ok(prepared.finish(&self.signature(prepared))?)
    }
}

/// Returns a payload ready to be signed, if its token will parse.
fn prepared(payload: Vec<u8>, kind: Kind, key: &PublicKey) -> Result<PreparedToken, SealError> {
    let footer = written(&Footer::new(key.id(), kind))?;
    let prepared = PreparedToken::new(*key, payload, footer);
    let unsigned = prepared.with([0; SIGNATURE_BYTES]);
    let (bytes, most) = (unsigned.text_len(), kind.longest());
    if bytes > most {
        return Err(SealError::TooLong { bytes, most });
    }
    // Checks the token as its recipient will parse it.
    match unsigned.to_string().parse::<Token>() {
        Ok(_) => Ok(prepared),
        Err(error) => Err(unwritable(error.to_string())),
    }
}

fn written(claims: &impl Serialize) -> Result<Vec<u8>, SealError> {
    serde_json::to_vec(claims).map_err(|error| unwritable(error.to_string()))
}

fn unwritable(error: String) -> SealError {
    SealError::Unwritable { error }
}
