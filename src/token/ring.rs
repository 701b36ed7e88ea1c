//! The key ring: the keys that a host trusts, and the verification of tokens.

use alloc::sync::Arc;

use serde::Deserialize;

use crate::collections::sorted_map::Table;
use crate::id::OfferId;
use crate::key::{KeyId, PublicKey};
use crate::license::deal::{Deal, Licensee};
use crate::license::revocation::RevocationListDraft;
use crate::license::time_ticket_draft::TimeTicketDraft;
use crate::strict_serde::{Unreadable, read_bytes};
use crate::token::Token;
use crate::token::claims::Claims;
use crate::token::error::TokenError;
use crate::token::footer::Kind;
use crate::token::license::License;
use crate::token::list::{self, ListClaims, RevocationList};
use crate::token::permissions::{KeyConstraint, KeyPermissions, KeyPurpose, TrustError};
use crate::token::ticket::{TicketClaims, TimeTicket};

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
        let purpose = match deal.licensee {
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
    /// [`MAX_REVOCATIONS`](crate::limits::MAX_REVOCATIONS) entries.
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
        let footer = token.claims()?;
        let found = footer.kind()?;
        if found != expected {
            return Err(TokenError::OtherKind { expected, found });
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
    read_bytes(payload).map_err(|Unreadable { column, detail, .. }| TokenError::Claims { kind, column, detail })
}
