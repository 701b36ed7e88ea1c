//! The key ring: the keys that a host trusts, and the verification of tokens.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use thiserror::Error;

use crate::deal::{Deal, DealError, Licensee};
use crate::id::OfferId;
use crate::key::{KeyId, PublicKey};
use crate::or_list::OrList;
use crate::revocation::{MAX_REVOCATIONS, RevocationListDraft};
use crate::strict_serde::read_bytes;
use crate::table::Table;
use crate::time::{Days, End, Written};
use crate::time_ticket_draft::TimeTicketDraft;
use crate::token::Token;
use crate::token::claims::Claims;
use crate::token::footer::{Footer, Kind, Typ};
use crate::token::license::License;
use crate::token::list::{self, ListClaims, RevocationList};
use crate::token::ticket::{TicketClaims, TimeTicket};

/// A purpose for which a key is trusted (X3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum KeyPurpose {
    /// Licenses for one tenant.
    Licenses,
    /// Licenses for anyone.
    LicensesForAnyone,
    /// Revocation lists.
    Revocations,
    /// Time tickets.
    TimeTickets,
}

impl fmt::Display for KeyPurpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Licenses => "licenses",
            Self::LicensesForAnyone => "licenses for anyone",
            Self::Revocations => "revocation lists",
            Self::TimeTickets => "time tickets",
        })
    }
}

/// The purposes for which one key is trusted, at least one, and the constraints on what it signs
/// (X3).
///
/// Constraints bound what a stolen key can do. The issue date is the signer's own word, so a
/// constraint on it alone is hygiene. A constraint on how long after its issue a license is usable
/// holds against theft as far as hosts accept no documents dated ahead of their clocks. On a forged
/// record, a later issue date raises the floor instead (X6), so that such a license is usable only
/// where everything else has ended. The issue date is the signer's own word, so limiting that alone
/// is hygiene. Limiting how long after its issue a license is of use holds against theft as far as
/// hosts take in nothing that is dated ahead of their clocks; on a forged record a later issue date
/// raises the floor instead (X6), so that such a license is of use only where everything else is
/// over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPermissions {
    first: KeyPurpose,
    others: Vec<KeyPurpose>,
    limits: Vec<KeyConstraint>,
}

/// A constraint on what a key may sign (X3).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyConstraint {
    /// Only documents for these offers of its publisher.
    Offers(Vec<OfferId>),
    /// Only documents issued before this instant.
    IssuedBefore(DateTime<Utc>),
    /// Only licenses that are not usable later than this many days after their issue date, grace
    /// and extensions included; nothing perpetual.
    Terms(Days),
}

impl fmt::Display for KeyConstraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Offers(offers) => write!(f, "the offers {}", OrList::quoted(offers)),
            Self::IssuedBefore(at) => write!(f, "documents issued before {}", Written(*at)),
            Self::Terms(days) => write!(f, "grants that end within {days} of the issue date"),
        }
    }
}

impl KeyConstraint {
    fn allows(&self, deal: &Deal) -> bool {
        match self {
            Self::Offers(offers) => offers.contains(&deal.offer),
            Self::IssuedBefore(at) => deal.issued < *at,
            Self::Terms(days) => {
                let latest = End::after(deal.issued, *days);
                deal.grants.iter().map(|grant| grant.terms.last_use()).all(|last| last != End::Never && last <= latest)
            }
        }
    }

    /// Returns whether a list keeps the constraint. Constraints on offers are checked where a
    /// tenant installs the list.
    fn allows_list(&self, list: &RevocationListDraft) -> bool {
        match self {
            Self::IssuedBefore(at) => list.issued < *at,
            Self::Offers(_) => true,
            // `KeyRing::trust` refuses this constraint for keys that sign lists.
            Self::Terms(_) => false,
        }
    }

    /// Returns whether the constraint applies to documents of a purpose. Only licenses have terms.
    fn applies_to(&self, purpose: KeyPurpose) -> bool {
        match self {
            Self::Offers(_) | Self::IssuedBefore(_) => true,
            Self::Terms(_) => matches!(purpose, KeyPurpose::Licenses | KeyPurpose::LicensesForAnyone),
        }
    }

    fn allows_ticket(&self, ticket: &TimeTicketDraft) -> bool {
        match self {
            Self::Offers(offers) => offers.contains(&ticket.offer),
            Self::IssuedBefore(at) => ticket.issued < *at,
            // `KeyRing::trust` refuses this constraint for keys that sign tickets.
            Self::Terms(_) => false,
        }
    }
}

impl KeyPermissions {
    /// Returns permissions for one purpose, without constraints.
    #[must_use]
    pub fn new(purpose: KeyPurpose) -> Self {
        Self { first: purpose, others: Vec::new(), limits: Vec::new() }
    }

    /// Returns the permissions with one more purpose. [`KeyPurpose::Licenses`] does not include
    /// licenses for anyone.
    #[must_use]
    pub fn and(mut self, purpose: KeyPurpose) -> Self {
        self.others.push(purpose);
        self
    }

    /// Returns the permissions with one more constraint. All constraints must hold.
    #[must_use]
    pub fn within(mut self, limit: KeyConstraint) -> Self {
        self.limits.push(limit);
        self
    }

    fn include(&self, purpose: KeyPurpose) -> bool {
        self.purposes().any(|each| each == purpose)
    }

    fn purposes(&self) -> impl Iterator<Item = KeyPurpose> {
        core::iter::once(self.first).chain(self.others.iter().copied())
    }

    /// Returns the first constraint that does not apply to one of the purposes, with that purpose.
    fn unenforceable(&self) -> Option<(&KeyConstraint, KeyPurpose)> {
        let of = |limit| {
            self.purposes().find(|&purpose| !KeyConstraint::applies_to(limit, purpose)).map(|purpose| (limit, purpose))
        };
        self.limits.iter().find_map(of)
    }
}

/// A key has a constraint that does not apply to one of its purposes (X3).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the key `{key}` cannot be trusted for {purpose} and limited to {limit}: use another key for {purpose}")]
#[non_exhaustive]
pub struct TrustError {
    /// The key's id.
    pub key: KeyId,
    /// The purpose to which the constraint does not apply.
    pub purpose: KeyPurpose,
    /// The constraint.
    pub limit: KeyConstraint,
}

impl TrustError {
    /// Returns a stable name of this error for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "ring.unenforceable-limit"
    }
}

/// Why a token is not the expected license, revocation list or time ticket.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
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
    /// The list has more than [`MAX_REVOCATIONS`](crate::MAX_REVOCATIONS) entries.
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

/// The public keys that a host trusts, each with its permissions (X3). Clones share the keys.
#[derive(Debug, Clone, Default)]
pub struct KeyRing(Arc<Table<KeyId, (PublicKey, KeyPermissions)>>);

impl KeyRing {
    /// Returns a ring without keys.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the ring with one more key. For a key that is already in the ring, the new
    /// permissions replace the old ones.
    ///
    /// # Errors
    ///
    /// [`TrustError`] for a key with [`KeyConstraint::Terms`] that is trusted for lists or tickets,
    /// which have no terms.
    pub fn trust(mut self, key: PublicKey, permissions: KeyPermissions) -> Result<Self, TrustError> {
        if let Some((limit, purpose)) = permissions.unenforceable() {
            return Err(TrustError { key: key.id(), purpose, limit: limit.clone() });
        }
        Arc::make_mut(&mut self.0).insert(key.id(), (key, permissions));
        Ok(self)
    }

    /// Checks that a key of this ring is not limited to other offers: a list of such a key ends
    /// nothing in this offer (X3).
    ///
    /// # Errors
    ///
    /// [`TokenError::BeyondLimit`] for a key limited to other offers.
    pub(crate) fn covers(&self, key: KeyId, offer: &OfferId) -> Result<(), TokenError> {
        let limits = self.0.get(&key).map_or(&[][..], |(_, permissions)| &permissions.limits);
        let excludes =
            |limit: &&KeyConstraint| matches!(limit, KeyConstraint::Offers(offers) if !offers.contains(offer));
        match limits.iter().find(excludes) {
            Some(limit) => Err(TokenError::BeyondLimit { key, limit: limit.clone() }),
            None => Ok(()),
        }
    }

    /// Returns whether a key of this ring is trusted for a purpose (X3).
    #[must_use]
    pub fn trusts(&self, key: KeyId, purpose: KeyPurpose) -> bool {
        self.0.get(&key).is_some_and(|(_, permissions)| permissions.include(purpose))
    }

    /// Verifies a token and returns the license in it: signed by a key of this ring that is trusted
    /// for it, and valid by the rules.
    ///
    /// It does not check tenant, offer or time. They are checked where the license is installed and
    /// read.
    ///
    /// # Errors
    ///
    /// [`TokenError`] for a token of another kind or version, of an unknown key, with an invalid
    /// signature, with content that is not strictly a license (X4), or signed by a key that is not
    /// trusted for it or whose constraints it breaks (X3).
    pub fn verify(&self, token: &Token) -> Result<License, TokenError> {
        let VerifiedPayload { payload, key, permissions } = self.verify_signature(token, Kind::License)?;
        let claims: Claims = read(payload, Kind::License)?;
        let deal = Deal::from(claims);
        deal.prove()?;
        let purpose = match deal.holder {
            Licensee::Tenant(_) => KeyPurpose::Licenses,
            Licensee::Anyone => KeyPurpose::LicensesForAnyone,
        };
        if !permissions.include(purpose) {
            return Err(TokenError::NotTrusted { key, purpose });
        }
        if let Some(limit) = permissions.limits.iter().find(|limit| !limit.allows(&deal)) {
            return Err(TokenError::BeyondLimit { key, limit: limit.clone() });
        }
        Ok(License::proved(deal, key))
    }

    /// Verifies a token and returns the revocation list in it: signed by a key of this ring that is
    /// trusted for lists (X5).
    ///
    /// Entries that name a key of this ring trusted for lists do not count, since no list can
    /// revoke such a key. A list is for all offers of its publisher. If its key is limited to some
    /// offers, a tenant of another offer refuses it.
    ///
    /// # Errors
    ///
    /// [`TokenError`] as for [`verify`](KeyRing::verify), and for a list of more than
    /// [`MAX_REVOCATIONS`](crate::MAX_REVOCATIONS) entries.
    pub fn verify_list(&self, token: &Token) -> Result<RevocationList, TokenError> {
        let VerifiedPayload { payload, key, permissions } = self.verify_signature(token, Kind::RevocationList)?;
        let claims: ListClaims = read(payload, Kind::RevocationList)?;
        let list = RevocationListDraft::from(claims);
        if !list::is_short(&list) {
            return Err(TokenError::LongList { found: list.entries.len() });
        }
        let purpose = KeyPurpose::Revocations;
        if !permissions.include(purpose) {
            return Err(TokenError::NotTrusted { key, purpose });
        }
        let is_revocable = |key| !self.trusts(key, purpose);
        if let Some(limit) = permissions.limits.iter().find(|limit| !limit.allows_list(&list)) {
            return Err(TokenError::BeyondLimit { key, limit: limit.clone() });
        }
        Ok(RevocationList::proved(list, key, is_revocable))
    }

    /// Verifies a token and returns the time ticket in it: signed by a key of this ring that is
    /// trusted for tickets (X6).
    ///
    /// # Errors
    ///
    /// [`TokenError`] as for [`verify`](KeyRing::verify).
    pub fn verify_ticket(&self, token: &Token) -> Result<TimeTicket, TokenError> {
        let VerifiedPayload { payload, key, permissions } = self.verify_signature(token, Kind::TimeTicket)?;
        let claims: TicketClaims = read(payload, Kind::TimeTicket)?;
        let ticket = TimeTicketDraft::from(claims);
        let purpose = KeyPurpose::TimeTickets;
        if !permissions.include(purpose) {
            return Err(TokenError::NotTrusted { key, purpose });
        }
        if let Some(limit) = permissions.limits.iter().find(|limit| !limit.allows_ticket(&ticket)) {
            return Err(TokenError::BeyondLimit { key, limit: limit.clone() });
        }
        Ok(TimeTicket::proved(ticket, key))
    }

    /// Verifies that a token is a document of this kind, signed by a key of this ring.
    fn verify_signature<'a>(&'a self, token: &'a Token, expected: Kind) -> Result<VerifiedPayload<'a>, TokenError> {
        let footer: Footer = read_bytes(&token.footer).map_err(|error| TokenError::Footer { error })?;
        match footer.typ() {
            Typ::Known(kind) if kind == expected => {}
            Typ::Known(found) => return Err(TokenError::OtherKind { expected, found }),
            Typ::Newer(kind) => return Err(TokenError::NewerFormat { kind, found: footer.typ }),
            Typ::Unknown(found) => return Err(TokenError::ForeignKind { found }),
        }
        let bytes = token.text_len();
        if bytes > expected.longest() {
            return Err(TokenError::TooLong { kind: expected, bytes });
        }
        let (key, permissions) = self.0.get(&footer.kid).ok_or(TokenError::UnknownKey { key: footer.kid })?;
        if !key.has_signed(&Token::signed_bytes(&token.payload, &token.footer), &token.signature) {
            return Err(TokenError::BadSignature);
        }
        Ok(VerifiedPayload { payload: &token.payload, key: footer.kid, permissions })
    }
}

/// The payload of a token whose signature is verified, with the key that signed it.
struct VerifiedPayload<'a> {
    payload: &'a [u8],
    key: KeyId,
    permissions: &'a KeyPermissions,
}

/// Parses exactly the bytes that were signed (X1).
fn read<'a, T: Deserialize<'a>>(payload: &'a [u8], kind: Kind) -> Result<T, TokenError> {
    read_bytes(payload).map_err(|error| TokenError::Claims { kind, error })
}
