//! The key ring: the keys that a host trusts, and the verification of tokens.

use alloc::sync::Arc;

use crate::collections::sorted_map::Table;
use crate::document::{FromDocument, Unreadable, read_bytes};
use crate::id::OfferId;
use crate::key::{KeyId, PublicKey};
use crate::license::deal::Deal;
use crate::license::revocation::RevocationListDraft;
use crate::license::time_ticket_draft::TimeTicketDraft;
use crate::token::Token;
use crate::token::admission::Signed;
use crate::token::certificate::KeyCertificate;
use crate::token::certificate_draft::{CertificateClaims, KeyCertificateDraft};
use crate::token::certificate_error::CertificateError;
use crate::token::claims::Claims;
use crate::token::error::TokenError;
use crate::token::footer::Kind;
use crate::token::license::License;
use crate::token::list::{self, ListClaims, RevocationList};
use crate::token::permissions::{KeyPermissions, KeyPurpose, TrustError};
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
    /// [`TrustError`] for a key with [`KeyConstraint::Terms`](super::KeyConstraint::Terms) or
    /// [`KeyConstraint::Units`](super::KeyConstraint::Units) that is trusted for lists or tickets, which
    /// have neither terms nor units.
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
        match limits.iter().find(|limit| limit.excludes(offer)) {
            Some(limit) => Err(TokenError::BeyondLimit { key, limit: limit.clone(), plan: None }),
            None => Ok(()),
        }
    }

    /// Returns the permissions of a key of this ring. `O(log n)` in the keys.
    #[cfg(feature = "testing")]
    pub(crate) fn permissions(&self, key: KeyId) -> Option<&KeyPermissions> {
        self.0.get(&key).map(|(_, permissions)| permissions)
    }

    /// Returns whether a key of this ring is trusted for a purpose (X3).
    #[must_use]
    pub fn trusts(&self, key: KeyId, purpose: KeyPurpose) -> bool {
        self.0.get(&key).is_some_and(|(_, permissions)| permissions.include(purpose))
    }

    /// Returns whether documents of a purpose can count at all: a key of this ring is trusted for it, or
    /// for certificates, which can admit another key (X3, X10). `O(n)` in the keys.
    ///
    /// A ring without revocations or time tickets leaves a customer without help once a license requires a
    /// list, or a wrong clock was recorded.
    #[must_use]
    pub fn accepts(&self, purpose: KeyPurpose) -> bool {
        self.0
            .iter()
            .any(|(_, (_, permissions))| permissions.include(purpose) || permissions.include(KeyPurpose::Certificates))
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
        self.verify_with(&[], token)
    }

    /// Verifies a token as [`verify`](KeyRing::verify) does, where its key may also be a certified one:
    /// one of the certificates has to admit the license alone, and they do not add up. For a key that is
    /// in the ring no certificate counts, nor does a certificate of another ring (X10).
    ///
    /// # Errors
    ///
    /// [`TokenError`] as for [`verify`](KeyRing::verify), for a license dated outside the window of its
    /// key's certificate, and [`TokenError::NoCertificate`] for a key that none of them certifies.
    pub fn verify_with(&self, certificates: &[KeyCertificate], token: &Token) -> Result<License, TokenError> {
        let VerifiedPayload { payload, key } = self.verify_signature(certificates, token, Kind::License)?;
        let claims: Claims = read(payload, Kind::License)?;
        let deal = Deal::from(claims);
        deal.prove()?;
        self.admit(certificates, key, Signed::License(&deal))?;
        Ok(License::proved(deal, key))
    }

    /// Verifies a token and returns the certificate in it: signed by a key of this ring that is trusted
    /// for certificates, for a key that is not in the ring, and not wider than the issuer's own
    /// permissions (X10).
    ///
    /// # Errors
    ///
    /// [`TokenError`] as for [`verify`](KeyRing::verify), and [`TokenError::Certificate`] for a
    /// certificate that is wider than its issuer in purposes, constraints or window, signed with the key
    /// that it certifies, or for a key of this ring.
    pub fn verify_certificate(&self, token: &Token) -> Result<KeyCertificate, TokenError> {
        self.verify_certificate_with(&[], token)
    }

    /// Verifies a certificate where others are known: one that a certified key signed is named as such.
    pub(crate) fn verify_certificate_with(
        &self,
        certificates: &[KeyCertificate],
        token: &Token,
    ) -> Result<KeyCertificate, TokenError> {
        let VerifiedPayload { payload, key } = self.verify_signature(certificates, token, Kind::KeyCertificate)?;
        let claims: CertificateClaims = read(payload, Kind::KeyCertificate)?;
        let draft = KeyCertificateDraft::from(claims);
        let (_, permissions) = self.0.get(&key).ok_or(CertificateError::NotByRing)?;
        permissions.admit(key, Signed::Certificate(&draft))?;
        let certificate = KeyCertificate::proved(draft, key, permissions)?;
        if self.0.contains(&certificate.key()) {
            return Err(CertificateError::InRing.into());
        }
        Ok(certificate)
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
        self.verify_list_with(&[], token)
    }

    /// Verifies a revocation list as [`verify_list`](KeyRing::verify_list) does, where its key may also be
    /// a certified one (X10). Such a key can be revoked, since it is not in the ring.
    ///
    /// # Errors
    ///
    /// [`TokenError`] as for [`verify_list`](KeyRing::verify_list) and
    /// [`verify_with`](KeyRing::verify_with), and for a list whose number is before the first that the
    /// certificate names.
    pub fn verify_list_with(
        &self,
        certificates: &[KeyCertificate],
        token: &Token,
    ) -> Result<RevocationList, TokenError> {
        let VerifiedPayload { payload, key } = self.verify_signature(certificates, token, Kind::RevocationList)?;
        let claims: ListClaims = read(payload, Kind::RevocationList)?;
        let list = RevocationListDraft::from(claims);
        if !list::is_short(&list) {
            return Err(TokenError::LongList { found: list.entries.len() });
        }
        self.admit(certificates, key, Signed::List(&list))?;
        Ok(RevocationList::proved(list, key, |key| !self.trusts(key, KeyPurpose::Revocations)))
    }

    /// Verifies a token and returns the time ticket in it: signed by a key of this ring that is
    /// trusted for tickets (X6).
    ///
    /// # Errors
    ///
    /// [`TokenError`] as for [`verify`](KeyRing::verify).
    pub fn verify_ticket(&self, token: &Token) -> Result<TimeTicket, TokenError> {
        self.verify_ticket_with(&[], token)
    }

    /// Verifies a time ticket as [`verify_ticket`](KeyRing::verify_ticket) does, where its key may also be
    /// a certified one (X10).
    ///
    /// # Errors
    ///
    /// [`TokenError`] as for [`verify_with`](KeyRing::verify_with).
    pub fn verify_ticket_with(&self, certificates: &[KeyCertificate], token: &Token) -> Result<TimeTicket, TokenError> {
        let VerifiedPayload { payload, key } = self.verify_signature(certificates, token, Kind::TimeTicket)?;
        let claims: TicketClaims = read(payload, Kind::TimeTicket)?;
        let ticket = TimeTicketDraft::from(claims);
        self.admit(certificates, key, Signed::Ticket(&ticket))?;
        Ok(TimeTicket::proved(ticket, key))
    }

    /// Verifies that a token is a document of this kind, signed by a key of this ring or one that a
    /// certificate is for.
    fn verify_signature<'a>(
        &self,
        certificates: &[KeyCertificate],
        token: &'a Token,
        expected: Kind,
    ) -> Result<VerifiedPayload<'a>, TokenError> {
        let footer = token.claims()?;
        let found = footer.kind()?;
        if found != expected {
            return Err(TokenError::OtherKind { expected, found });
        }
        let bytes = token.text_len();
        if bytes > expected.longest() {
            return Err(TokenError::TooLong { kind: expected, bytes });
        }
        let key = footer.kid;
        let public = match self.0.get(&key) {
            Some((public, _)) => *public,
            // Every certificate for an id is for the same key, since the id is its hash.
            None => self.certifying(certificates, key).next().ok_or_else(|| self.unknown(key))?.certified().key,
        };
        if !public.has_signed(&Token::signed_bytes(&token.payload, &token.footer), &token.signature) {
            return Err(TokenError::BadSignature);
        }
        Ok(VerifiedPayload { payload: &token.payload, key })
    }

    /// Checks that a document is within the permissions of its key: those of the ring, or those of one
    /// certificate alone.
    fn admit(&self, certificates: &[KeyCertificate], key: KeyId, document: Signed<'_>) -> Result<(), TokenError> {
        if let Some((_, permissions)) = self.0.get(&key) {
            return permissions.admit(key, document);
        }
        let mut refused = None;
        for certificate in self.certifying(certificates, key) {
            match certificate.admit(document) {
                Ok(()) => return Ok(()),
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        Err(refused.unwrap_or_else(|| self.unknown(key)))
    }

    /// Returns the certificates of this ring for a key.
    fn certifying<'a>(
        &self,
        certificates: &'a [KeyCertificate],
        key: KeyId,
    ) -> impl Iterator<Item = &'a KeyCertificate> {
        certificates.iter().filter(move |certificate| {
            let issuer = self.0.get(&certificate.issuer());
            certificate.key() == key && issuer.is_some_and(|(_, permissions)| certificate.is_within(permissions))
        })
    }

    /// Returns why nothing is known of a key: if keys of the ring certify others, its certificate may be
    /// missing.
    fn unknown(&self, key: KeyId) -> TokenError {
        let mut permissions = self.0.iter().map(|(_, (_, permissions))| permissions);
        if permissions.any(|permissions| permissions.include(KeyPurpose::Certificates)) {
            TokenError::NoCertificate { key }
        } else {
            TokenError::UnknownKey { key }
        }
    }
}

/// The payload of a token whose signature is verified, with the key that signed it.
struct VerifiedPayload<'a> {
    payload: &'a [u8],
    key: KeyId,
}

/// Parses exactly the bytes that were signed (X1).
fn read<T: FromDocument>(payload: &[u8], kind: Kind) -> Result<T, TokenError> {
    read_bytes(payload).map_err(|Unreadable { column, detail, .. }| TokenError::Claims { kind, column, detail })
}
