//! The keys a host trusts, and what verifying proves.

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

/// What a key is trusted to sign (X3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum KeyPurpose {
    /// Licenses for a tenant that they name.
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

/// What one key is trusted for: at least one purpose, and within which limits (X3).
///
/// Limits bound what a stolen key can do. The issue date is the signer's own word, so limiting that alone is hygiene.
/// Limiting how long after its issue a license is of use holds against theft as far as hosts take in nothing that is dated
/// ahead of their clocks; on a forged record a later issue date raises the floor instead (X6), so that such a license is of use
/// only where everything else is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPermissions {
    first: KeyPurpose,
    others: Vec<KeyPurpose>,
    limits: Vec<KeyConstraint>,
}

/// A limit of what a key may sign (X3).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyConstraint {
    /// For these offers of its publisher, and no others.
    Offers(Vec<OfferId>),
    /// With an issue date before this instant.
    IssuedBefore(DateTime<Utc>),
    /// Of no use later than so many days after their issue date, grace and extensions counted; nothing perpetual.
    Terms(Days),
}

impl fmt::Display for KeyConstraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Offers(offers) => write!(f, "the offers {}", OrList::quoted(offers)),
            Self::IssuedBefore(at) => write!(f, "what was issued before {}", Written(*at)),
            Self::Terms(days) => write!(f, "what is of no use later than {days} after its issue"),
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

    /// The issue date of a list is asked here, and for which offer it may end anything where it is taken in.
    fn allows_list(&self, list: &RevocationListDraft) -> bool {
        match self {
            Self::IssuedBefore(at) => list.issued < *at,
            Self::Offers(_) => true,
            // No ring trusts such a key for lists.
            Self::Terms(_) => false,
        }
    }

    /// Whether it can be asked of what a key signs for a purpose: only licenses have a term.
    fn is_of(&self, purpose: KeyPurpose) -> bool {
        match self {
            Self::Offers(_) | Self::IssuedBefore(_) => true,
            Self::Terms(_) => matches!(purpose, KeyPurpose::Licenses | KeyPurpose::LicensesForAnyone),
        }
    }

    fn allows_ticket(&self, ticket: &TimeTicketDraft) -> bool {
        match self {
            Self::Offers(offers) => offers.contains(&ticket.offer),
            Self::IssuedBefore(at) => ticket.issued < *at,
            // No ring trusts such a key for tickets.
            Self::Terms(_) => false,
        }
    }
}

impl KeyPermissions {
    /// Trusted for one purpose.
    #[must_use]
    pub fn new(purpose: KeyPurpose) -> Self {
        Self { first: purpose, others: Vec::new(), limits: Vec::new() }
    }

    /// Trusted for one more. Licenses for anyone are a purpose of their own, which [`KeyPurpose::Licenses`] does not include.
    #[must_use]
    pub fn and(mut self, purpose: KeyPurpose) -> Self {
        self.others.push(purpose);
        self
    }

    /// Only within this limit, and within those given before.
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

    /// The first limit that cannot be asked of what the key signs for one of its purposes, with that purpose.
    fn unenforceable(&self) -> Option<(&KeyConstraint, KeyPurpose)> {
        let of = |limit| {
            self.purposes().find(|&purpose| !KeyConstraint::is_of(limit, purpose)).map(|purpose| (limit, purpose))
        };
        self.limits.iter().find_map(of)
    }
}

/// Why a ring cannot trust a key: it is limited in a way that means nothing for one of its purposes (X3).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the key `{key}` cannot be trusted for {purpose} and only for {limit}: have another key sign {purpose}")]
#[non_exhaustive]
pub struct TrustError {
    /// The key's name.
    pub key: KeyId,
    /// The purpose for which the limit cannot be asked.
    pub purpose: KeyPurpose,
    /// The limit.
    pub limit: KeyConstraint,
}

impl TrustError {
    /// A stable name of this error for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "ring.unenforceable-limit"
    }
}

/// Why a token is not the license, revocation list or time ticket that it should be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The footer does not name a key and a kind and nothing else.
    #[error("the footer of this token does not name a key and a kind: {error}")]
    Footer {
        /// What the parser said.
        error: String,
    },
    /// The kind is none of ours.
    #[error("a document of kind `{}` is none of ours", found.escape_debug())]
    ForeignKind {
        /// The kind as it stands in the footer.
        found: String,
    },
    /// The document is of ours, but of a version that this release does not know.
    #[error("this {kind} is of a newer format, `{}`: update the application", found.escape_debug())]
    NewerFormat {
        /// What kind of document it is.
        kind: Kind,
        /// Kind and version as they stand in the footer.
        found: String,
    },
    /// The document is of ours, but not what was asked for.
    #[error("this is not a {expected} but a {found}")]
    OtherKind {
        /// What was asked for.
        expected: Kind,
        /// What it is.
        found: Kind,
    },
    /// The token is longer than one of its kind may be.
    #[error("a {kind} has at most {} characters, this one has {bytes}", kind.longest())]
    TooLong {
        /// What kind of document it is.
        kind: Kind,
        /// How long it is.
        bytes: usize,
    },
    /// The key that the footer names is not in the ring.
    #[error("signed with the key `{key}`, which is unknown here: update the application, or ask who issued it")]
    UnknownKey {
        /// The key's name.
        key: KeyId,
    },
    /// The signature is not that key's over these bytes.
    #[error("the signature does not fit: this document was tampered with, or cut")]
    BadSignature,
    /// What was signed is not the content of a document of its kind.
    #[error("the signed content is not a {kind}: {error}")]
    Claims {
        /// What kind of document it should be.
        kind: Kind,
        /// What the parser said, with line and column in the payload.
        error: String,
    },
    /// What was signed breaks a rule of licenses.
    #[error("the signed content breaks a rule: {0}")]
    Deal(#[from] DealError),
    /// A list of more than [`MAX_REVOCATIONS`](crate::MAX_REVOCATIONS) entries.
    #[error("a revocation list has at most {MAX_REVOCATIONS} entries, this one has {found}")]
    LongList {
        /// How many it has.
        found: usize,
    },
    /// The key is trusted for documents of this kind, but not for one like this (X3).
    #[error("the key `{key}` is trusted only for {limit}")]
    BeyondLimit {
        /// The key's name.
        key: KeyId,
        /// The limit that the license is beyond.
        limit: KeyConstraint,
    },
    /// The key is known, but not trusted for this.
    #[error("the key `{key}` is not trusted for {purpose}")]
    NotTrusted {
        /// The key's name.
        key: KeyId,
        /// What it would have to be trusted for.
        purpose: KeyPurpose,
    },
}

impl TokenError {
    /// A stable name of this error for programs and translations.
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

/// The public keys a host trusts, each for its purposes (X3). Clones share the keys.
#[derive(Debug, Clone, Default)]
pub struct KeyRing(Arc<Table<KeyId, (PublicKey, KeyPermissions)>>);

impl KeyRing {
    /// A ring that trusts nobody.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The ring that trusts one key more; a key named again has the powers named last.
    ///
    /// # Errors
    ///
    /// [`TrustError`] for a key that is limited in its terms and trusted for lists or tickets, which have none.
    pub fn trust(mut self, key: PublicKey, powers: KeyPermissions) -> Result<Self, TrustError> {
        if let Some((limit, purpose)) = powers.unenforceable() {
            return Err(TrustError { key: key.id(), purpose, limit: limit.clone() });
        }
        Arc::make_mut(&mut self.0).insert(key.id(), (key, powers));
        Ok(self)
    }

    /// Whether the powers of a key of this ring extend to an offer: a list of a key limited to others ends nothing here (X3).
    ///
    /// # Errors
    ///
    /// [`TokenError::BeyondLimit`] for a key limited to other offers.
    pub(crate) fn covers(&self, key: KeyId, offer: &OfferId) -> Result<(), TokenError> {
        let limits = self.0.get(&key).map_or(&[][..], |(_, powers)| &powers.limits);
        let excludes =
            |limit: &&KeyConstraint| matches!(limit, KeyConstraint::Offers(offers) if !offers.contains(offer));
        match limits.iter().find(excludes) {
            Some(limit) => Err(TokenError::BeyondLimit { key, limit: limit.clone() }),
            None => Ok(()),
        }
    }

    /// Whether a key of this ring is trusted for a purpose (X3).
    #[must_use]
    pub fn trusts(&self, key: KeyId, purpose: KeyPurpose) -> bool {
        self.0.get(&key).is_some_and(|(_, powers)| powers.include(purpose))
    }

    /// Proves a token to be a license: signed by a key of this ring that is trusted for it, and keeping the rules.
    ///
    /// It says nothing about tenant, offer or time; those are asked where the license is installed and read.
    ///
    /// # Errors
    ///
    /// [`TokenError`], for a token of another kind or version, of an unknown key, tampered with, with content that has
    /// not the one reading of a license (X4), or signed by a key that is not trusted for it or not for one like it (X3).
    pub fn verify(&self, token: &Token) -> Result<License, TokenError> {
        let VerifiedPayload { payload, key, powers } = self.open(token, Kind::License)?;
        let claims: Claims = read(payload, Kind::License)?;
        let deal = Deal::from(claims);
        deal.prove()?;
        let purpose = match deal.holder {
            Licensee::Tenant(_) => KeyPurpose::Licenses,
            Licensee::Anyone => KeyPurpose::LicensesForAnyone,
        };
        if !powers.include(purpose) {
            return Err(TokenError::NotTrusted { key, purpose });
        }
        if let Some(limit) = powers.limits.iter().find(|limit| !limit.allows(&deal)) {
            return Err(TokenError::BeyondLimit { key, limit: limit.clone() });
        }
        Ok(License::proved(deal, key))
    }

    /// Proves a token to be a revocation list: signed by a key of this ring that is trusted for them (X5).
    ///
    /// Entries of the list that name a key of this ring trusted for revocations do not count: no list can revoke one. A list is
    /// for all offers of its publisher; of a key that is limited to some offers it is refused where a tenant of another offer
    /// takes it in.
    ///
    /// # Errors
    ///
    /// [`TokenError`], as [`verify`](KeyRing::verify), and for a list of more than
    /// [`MAX_REVOCATIONS`](crate::MAX_REVOCATIONS) entries.
    pub fn verify_list(&self, token: &Token) -> Result<RevocationList, TokenError> {
        let VerifiedPayload { payload, key, powers } = self.open(token, Kind::RevocationList)?;
        let claims: ListClaims = read(payload, Kind::RevocationList)?;
        let list = RevocationListDraft::from(claims);
        if !list::is_short(&list) {
            return Err(TokenError::LongList { found: list.entries.len() });
        }
        let purpose = KeyPurpose::Revocations;
        if !powers.include(purpose) {
            return Err(TokenError::NotTrusted { key, purpose });
        }
        let is_revocable = |key| !self.trusts(key, purpose);
        if let Some(limit) = powers.limits.iter().find(|limit| !limit.allows_list(&list)) {
            return Err(TokenError::BeyondLimit { key, limit: limit.clone() });
        }
        Ok(RevocationList::proved(list, key, is_revocable))
    }

    /// Proves a token to be a time ticket: signed by a key of this ring that is trusted for them (X6).
    ///
    /// # Errors
    ///
    /// [`TokenError`], as [`verify`](KeyRing::verify).
    pub fn verify_ticket(&self, token: &Token) -> Result<TimeTicket, TokenError> {
        let VerifiedPayload { payload, key, powers } = self.open(token, Kind::TimeTicket)?;
        let claims: TicketClaims = read(payload, Kind::TimeTicket)?;
        let ticket = TimeTicketDraft::from(claims);
        let purpose = KeyPurpose::TimeTickets;
        if !powers.include(purpose) {
            return Err(TokenError::NotTrusted { key, purpose });
        }
        if let Some(limit) = powers.limits.iter().find(|limit| !limit.allows_ticket(&ticket)) {
            return Err(TokenError::BeyondLimit { key, limit: limit.clone() });
        }
        Ok(TimeTicket::proved(ticket, key))
    }

    /// Proves a token to be signed by a key of this ring, as a document of this kind.
    fn open<'a>(&'a self, token: &'a Token, expected: Kind) -> Result<VerifiedPayload<'a>, TokenError> {
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
        let (key, powers) = self.0.get(&footer.kid).ok_or(TokenError::UnknownKey { key: footer.kid })?;
        if !key.has_signed(&Token::signed_bytes(&token.payload, &token.footer), &token.signature) {
            return Err(TokenError::BadSignature);
        }
        Ok(VerifiedPayload { payload: &token.payload, key: footer.kid, powers })
    }
}

/// The payload of a token whose signature was verified, and the key that made it.
struct VerifiedPayload<'a> {
    payload: &'a [u8],
    key: KeyId,
    powers: &'a KeyPermissions,
}

/// Reads the very bytes that were signed.
fn read<'a, T: Deserialize<'a>>(payload: &'a [u8], kind: Kind) -> Result<T, TokenError> {
    read_bytes(payload).map_err(|error| TokenError::Claims { kind, error })
}
