//! What an application accepts of signed documents, and what its revocation lists end (X3, X5, X10).
//!
//! An application decides by the keys that it trusts, each for its purposes. Where they are not known, a
//! key is assumed to be trusted for what it signed.

use std::collections::BTreeMap;

use entitle::chrono::{DateTime, Utc};
use entitle::license::{LicenseHash, Revocation};
use entitle::token::{KeyCertificate, KeyConstraint, KeyId, KeyPermissions, KeyPurpose, RevocationList, TokenError};
use entitle::{Deal, KeyRing, License, OfferId, PublicKey, Token};

/// The keys that an application of an offer trusts, with the certificates and lists that it accepts.
#[derive(Debug)]
pub(crate) struct Application {
    ring: KeyRing,
    certificates: Vec<KeyCertificate>,
    /// The latest list of each key.
    lists: Vec<RevocationList>,
}

/// Returns a ring that trusts each of these keys for what it signed: a key that signed lists for lists, and
/// so on.
pub(crate) fn ring_by_use<'a>(
    keys: impl IntoIterator<Item = &'a PublicKey>,
    signed: impl Fn(KeyId) -> Vec<KeyPurpose>,
) -> KeyRing {
    let add = |ring: KeyRing, key: &PublicKey| {
        let mut purposes = signed(key.id()).into_iter();
        let Some(first) = purposes.next() else { return Ok(ring) };
        ring.trust(*key, purposes.fold(KeyPermissions::new(first), KeyPermissions::and))
    };
    // A key without constraints is never refused.
    keys.into_iter().try_fold(KeyRing::new(), add).unwrap_or_default()
}

/// Returns the purposes of a key that signed a certificate: no certificate is wider than its issuer.
pub(crate) fn issuing(certificate: &KeyCertificate) -> Vec<KeyPurpose> {
    let certified = certificate.certified().purposes.iter().map(|purpose| purpose.purpose());
    certified.chain([KeyPurpose::Certificates]).collect()
}

impl Application {
    /// Returns what the application of an offer accepts of these certificates and lists. `O(n)` in them,
    /// with a signature each.
    pub(crate) fn new<'a>(
        ring: &KeyRing,
        offer: &OfferId,
        certificates: impl IntoIterator<Item = &'a Token>,
        lists: impl IntoIterator<Item = &'a Token>,
    ) -> Self {
        let certificates = certificates.into_iter().filter_map(|token| ring.verify_certificate(token).ok());
        let certificates: Vec<_> = certificates.filter(|certificate| is_for(certificate, offer)).collect();
        let verified = |token: &'a Token| Some((token, ring.verify_list_with(&certificates, token).ok()?));
        let (of_ring, certified): (Vec<_>, Vec<_>) = lists
            .into_iter()
            .filter_map(verified)
            .partition(|(_, list)| ring.trusts(list.key(), KeyPurpose::Revocations));
        let mut application = Self { ring: ring.clone(), certificates: certificates.clone(), lists: Vec::new() };
        application.lists = latest(of_ring.into_iter().map(|(_, list)| list));
        // Only lists of keys of the ring decide on lists of certified keys, which could end each other's.
        let certified: Vec<_> = certified
            .into_iter()
            .filter(|(token, list)| {
                let admits = |one: &KeyCertificate| ring.verify_list_with(core::slice::from_ref(one), token).is_ok();
                let ends = application.signer_ends(list.key(), admits);
                ends.is_none_or(|ends| list.revocations().issued < ends)
            })
            .map(|(_, list)| list)
            .collect();
        application.lists.extend(latest(certified));
        application
    }

    /// Returns what an application makes of these certificates, and of lists that were verified before, all
    /// of which count.
    pub(crate) fn of_lists(ring: KeyRing, certificates: &[Token], lists: Vec<RevocationList>) -> Self {
        let certificates = certificates.iter().filter_map(|token| ring.verify_certificate(token).ok()).collect();
        Self { ring, certificates, lists }
    }

    /// Returns the license in a token, if the application accepts it.
    pub(crate) fn license(&self, token: &Token) -> Result<License, TokenError> {
        self.ring.verify_with(&self.certificates, token)
    }

    /// Returns the same application with this list alone.
    pub(crate) fn with_only(&self, list: &RevocationList) -> Self {
        Self { ring: self.ring.clone(), certificates: self.certificates.clone(), lists: vec![list.clone()] }
    }

    /// Returns the lists that count: the latest of each key.
    pub(crate) fn lists(&self) -> &[RevocationList] {
        &self.lists
    }

    /// Returns the instant from which lists end a deal by its id.
    pub(crate) fn deal_ends(&self, deal: &Deal) -> Option<DateTime<Utc>> {
        let hash = LicenseHash::of(deal.id);
        let entries = self.lists.iter().flat_map(|list| &list.revocations().entries);
        let from = entries.filter_map(|entry| match entry {
            Revocation::License(revoked) if revoked.license == hash && deal.revision <= revoked.through => {
                Some(revoked.from)
            }
            Revocation::License(_) | Revocation::Key(_) => None,
        });
        from.min()
    }

    /// Returns the instant from which lists end a license: by its id, by its key, or by the key that
    /// certified it. Of several certificates that admit it, the issuer who ends last counts.
    pub(crate) fn license_ends(&self, deal: &Deal, key: KeyId, token: &Token) -> Option<DateTime<Utc>> {
        let admits = |one: &KeyCertificate| self.ring.verify_with(core::slice::from_ref(one), token).is_ok();
        self.deal_ends(deal).into_iter().chain(self.signer_ends(key, admits)).min()
    }

    /// Returns the instant from which lists end a key, or the last of the issuers of the certificates that
    /// admit what it signed.
    fn signer_ends(&self, key: KeyId, admits: impl Fn(&KeyCertificate) -> bool) -> Option<DateTime<Utc>> {
        let admitting = self.certificates.iter().filter(|one| one.key() == key && admits(one));
        // `None` is without an end, which is the latest.
        let issuers = admitting.map(|one| self.key_ends(one.issuer()));
        let last = issuers.reduce(|one, other| Some(one?.max(other?))).flatten();
        self.key_ends(key).into_iter().chain(last).min()
    }

    /// Returns the instant from which lists end a key. A key that is trusted for lists has none (X5).
    fn key_ends(&self, key: KeyId) -> Option<DateTime<Utc>> {
        if self.ring.trusts(key, KeyPurpose::Revocations) {
            return None;
        }
        let entries = self.lists.iter().flat_map(|list| &list.revocations().entries);
        let from = entries.filter_map(|entry| match entry {
            Revocation::Key(revoked) if revoked.key == key => Some(revoked.from),
            Revocation::License(_) | Revocation::Key(_) => None,
        });
        from.min()
    }
}

/// Returns whether a certificate is for documents of an offer.
fn is_for(certificate: &KeyCertificate, offer: &OfferId) -> bool {
    let constraints = &certificate.certified().constraints;
    constraints.iter().all(|constraint| match constraint {
        KeyConstraint::Offers(offers) => offers.contains(offer),
        _ => true,
    })
}

/// Returns the latest list of each key.
fn latest(lists: impl IntoIterator<Item = RevocationList>) -> Vec<RevocationList> {
    let mut latest: BTreeMap<KeyId, RevocationList> = BTreeMap::new();
    for list in lists {
        let is_later = |known: &RevocationList| known.revocations().sequence < list.revocations().sequence;
        if latest.get(&list.key()).is_none_or(is_later) {
            latest.insert(list.key(), list);
        }
    }
    latest.into_values().collect()
}
