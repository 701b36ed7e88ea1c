//! The certificates of a record, and what ends with a revoked key (X5, X10).

use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::key::KeyId;
use crate::tenant::document_issue::DocumentIssue;
use crate::tenant::state::documents::{Acceptance, Documents, PlacedToken};
use crate::tenant::state::stored_document::{Installed, Read, StoredDocument};
use crate::tenant::state::timeline::Timeline;
use crate::time::End;
use crate::token::admission::Signed;
use crate::token::certificate::KeyCertificate;
use crate::token::error::TokenError;
use crate::token::license::License;

impl Documents {
    /// Returns the certificates in force, in the order of the record.
    pub(crate) fn certificates(&self) -> &[KeyCertificate] {
        self.others.as_ref().map_or(&[], |others| &others.certificates)
    }

    /// Checks that a certificate is not in force already.
    pub(crate) fn accept_certificate(&self, certificate: &KeyCertificate) -> Result<(), DocumentIssue> {
        if self.certificates().contains(certificate) { Err(DocumentIssue::AlreadyInstalled) } else { Ok(()) }
    }

    /// Adds a certificate, whatever it gives. Returns whether it entered into force.
    pub(crate) fn keep_certificate(
        &mut self,
        entry: PlacedToken<'_>,
        read: Result<KeyCertificate, DocumentIssue>,
        timeline: &Timeline,
    ) -> Acceptance {
        let read = read.and_then(|certificate| self.accept_certificate(&certificate).map(|()| certificate));
        self.push(entry, Installed::Certificate, read.clone().map(Read::Certificate), timeline);
        let Ok(certificate) = read else { return Acceptance::NotInForce };
        Arc::make_mut(self.others.get_or_insert_default()).certificates.push(certificate);
        Acceptance::InForce
    }

    /// Returns whether the record has a document of a key. `O(n)` in the documents, and in the footers
    /// of those that are kept as text.
    pub(crate) fn has_signed(&self, key: KeyId) -> bool {
        self.stored().any(|stored| stored.claimed_key() == Some(key))
    }

    /// Returns from when on the lists in force end a license: by its id, by its key, or for a certified
    /// key by that of the issuer. Of several certificates that admit it, the issuer who ends last counts,
    /// since one of them suffices.
    pub(crate) fn revoked_from(&self, license: &License) -> End {
        let ends = self.lists().iter().map(|(list, _)| list.ends(license.deal(), license.key()));
        let own = ends.min().unwrap_or(End::Never);
        let document = Signed::License(license.deal());
        let admitting = self.certificates().iter().filter(|it| it.key() == license.key() && it.admit(document).is_ok());
        // A key of the ring has no certificates, and ends by itself.
        let issuers = admitting.map(|certificate| self.key_revoked_from(certificate.issuer())).max();
        issuers.map_or(own, |issuers| own.min(issuers))
    }

    /// Returns whether a certificate in force is for lists or tickets.
    pub(crate) fn certifies_more_than_licenses(&self) -> bool {
        self.certificates().iter().any(KeyCertificate::is_for_more_than_licenses)
    }

    /// Returns whether a key is certified; a key of the ring never is.
    pub(crate) fn is_certified(&self, key: KeyId) -> bool {
        self.certificates().iter().any(|certificate| certificate.key() == key)
    }

    /// Returns from when on the lists of keys of the ring end the keys of tickets, those that are certified
    /// for lists or tickets, and their issuers: the same before and after a list that decides on no ticket
    /// and no other list. `O(n)` in the documents, times the lists.
    pub(crate) fn ends_of_signers(&self) -> Vec<End> {
        let certified = self.certificates().iter().filter(|it| it.is_for_more_than_licenses());
        let of_tickets = self.stored().filter(|stored| matches!(stored.installed(), Installed::Ticket));
        let keys = of_tickets.filter_map(StoredDocument::claimed_key);
        let keys: BTreeSet<KeyId> = certified.flat_map(|it| [it.key(), it.issuer()]).chain(keys).collect();
        keys.into_iter().map(|key| self.ended_by_ring(key)).collect()
    }

    /// Returns from when on the lists of keys of the ring end a key.
    fn ended_by_ring(&self, key: KeyId) -> End {
        let of_ring = self.lists().iter().map(|(list, _)| list).filter(|list| !self.is_certified(list.key()));
        of_ring.map(|list| list.ends_key(key)).min().unwrap_or(End::Never)
    }

    /// Checks that a list or a ticket is dated before its key, or the issuer of its certificate, is
    /// revoked. Only lists of keys of the ring decide it, so that two certified keys cannot revoke each
    /// other's lists.
    pub(crate) fn check_key(&self, key: KeyId, document: Signed<'_>) -> Result<(), TokenError> {
        let admitting = self.certificates().iter().filter(|it| it.key() == key && it.admit(document).is_ok());
        let issuers = admitting.map(|certificate| self.ended_by_ring(certificate.issuer())).max();
        let (own, issued) = (self.ended_by_ring(key), document.issued());
        // A key of the ring has no certificates.
        match issuers.map_or(own, |issuers| issuers.min(own)) {
            End::At(since) if since <= issued => Err(TokenError::KeyRevoked { key, issued, since }),
            End::At(_) | End::Never => Ok(()),
        }
    }

    /// Returns from when on the lists in force end a key.
    fn key_revoked_from(&self, key: KeyId) -> End {
        self.lists().iter().map(|(list, _)| list.ends_key(key)).min().unwrap_or(End::Never)
    }
}
