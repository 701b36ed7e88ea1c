//! The documents that count, and licenses under revocation lists (L1, L3, X5 to X7).

use alloc::vec::Vec;

use chrono::{DateTime, TimeDelta, Utc};

use super::facts::Facts;
use super::phase_timeline::PhaseTimeline;
use crate::id::TicketId;
use crate::key::KeyId;
use crate::license::checkpoint::Anchor;
use crate::license::deal::{Deal, Freshness, Licensee};
use crate::license::revocation::{LicenseHash, Revocation};
use crate::time::Days;
use crate::token::Token;
use crate::token::certificate::KeyCertificate;
use crate::token::certificate_draft::CertifiedPurpose;
use crate::token::license::License;
use crate::token::list::RevocationList;
use crate::token::permissions::{KeyConstraint, KeyPermissions, KeyPurpose};
use crate::token::ring::KeyRing;
use crate::token::ticket::TimeTicket;

impl Facts {
    /// Returns whether a license is for this offer, for this tenant or for anyone (L1), and not for
    /// another record (X7).
    fn is_valid_here(&self, license: &License) -> bool {
        self.is_contained(&license.deal().anchor) && self.is_addressed(license.deal())
    }

    /// Returns a license, with the issuers of the certificates that admit it: each alone, and within
    /// what the issuer may sign itself (X10).
    pub(super) fn license(&self, token: &Token) -> Option<(License, Vec<KeyId>)> {
        let issued = |license: &License| license.deal().issued;
        self.verified(|ring| ring.verify(token).ok(), issued, |_, _| true)
    }

    /// Returns a revocation list, unless its certified key ends by its date (X10).
    pub(super) fn revocation_list(&self, token: &Token) -> Option<RevocationList> {
        let issued = |list: &RevocationList| list.revocations().issued;
        let is_late_enough = |purpose: CertifiedPurpose, list: &RevocationList| match purpose {
            CertifiedPurpose::Revocations(first) => first <= list.revocations().sequence,
            _ => true,
        };
        let (list, issuers) = self.verified(|ring| ring.verify_list(token).ok(), issued, is_late_enough)?;
        (!self.has_ended_by(list.key(), &issuers, issued(&list))).then_some(list)
    }

    /// Returns a time ticket, unless its key ends by its date (X5, X10).
    pub(super) fn time_ticket(&self, token: &Token) -> Option<TimeTicket> {
        let issued = |ticket: &TimeTicket| ticket.correction().issued;
        let (ticket, issuers) = self.verified(|ring| ring.verify_ticket(token).ok(), issued, |_, _| true)?;
        (!self.has_ended_by(ticket.key(), &issuers, issued(&ticket))).then_some(ticket)
    }

    /// Returns a document, with the issuers of the certificates that admit it. One admits it if a ring
    /// would verify it that trusted the key for what the certificate says, and one that trusted it for
    /// what the issuer may.
    fn verified<T>(
        &self,
        verify: impl Fn(&KeyRing) -> Option<T>,
        issued: impl Fn(&T) -> DateTime<Utc>,
        keeps: impl Fn(CertifiedPurpose, &T) -> bool,
    ) -> Option<(T, Vec<KeyId>)> {
        if let Some(document) = verify(&self.ring) {
            return Some((document, Vec::new()));
        }
        let (mut found, mut issuers) = (None, Vec::new());
        for certificate in &self.certificates {
            let draft = certificate.certified();
            let mut purposes = draft.purposes.iter().map(|purpose| purpose.purpose());
            let own = KeyPermissions::new(purposes.next()?);
            let own = purposes.fold(own, KeyPermissions::and);
            let own = draft.constraints.iter().cloned().fold(own, KeyPermissions::within);
            let of_issuer = self.ring.permissions(certificate.issuer())?.clone();
            let alone = |permissions| KeyRing::new().trust(draft.key, permissions).ok().and_then(|ring| verify(&ring));
            let Some(document) = alone(own).filter(|_| alone(of_issuer).is_some()) else { continue };
            let at = issued(&document);
            let is_dated = draft.window.opens() <= at && at < draft.window.closes();
            if is_dated && draft.purposes.iter().all(|purpose| keeps(*purpose, &document)) {
                found = found.or(Some(document));
                issuers.push(certificate.issuer());
            }
        }
        Some((found?, issuers))
    }

    /// Returns whether a key, or all who certified it, are revoked at a date by keys of the ring.
    fn has_ended_by(&self, key: KeyId, issuers: &[KeyId], at: DateTime<Utc>) -> bool {
        let has_ended = |key: &KeyId| {
            let entries = self.ring_lists.values().flat_map(|list| &list.revocations().entries);
            let is_revocable = !self.ring.trusts(*key, KeyPurpose::Revocations);
            let mut of_key =
                entries.filter(|entry| matches!(entry, Revocation::Key(it) if it.key == *key && it.from <= at));
            is_revocable && of_key.next().is_some()
        };
        has_ended(&key) || !issuers.is_empty() && issuers.iter().all(has_ended)
    }

    /// Returns a certificate of this publisher for a key that may sign something of this offer.
    pub(super) fn certificate(&self, token: &Token) -> Option<KeyCertificate> {
        let certificate = self.ring.verify_certificate(token).ok()?;
        let (draft, offer) = (certificate.certified(), self.offer());
        let issuer = &self.ring.permissions(certificate.issuer())?.limits;
        let mut limits = draft.constraints.iter().chain(issuer);
        let is_elsewhere =
            limits.any(|limit| matches!(limit, KeyConstraint::Offers(all) if !all.contains(&offer.offer)));
        (draft.publisher == offer.publisher && !is_elsewhere).then_some(certificate)
    }

    /// Returns whether a license is for this offer and for this tenant or for anyone (L1).
    #[must_use]
    pub fn is_addressed(&self, deal: &Deal) -> bool {
        let offer = self.offer();
        let is_ours = match &deal.licensee {
            Licensee::Anyone => true,
            Licensee::Tenant(customer) => customer.id == self.tenant,
        };
        is_ours && (&deal.publisher, &deal.offer) == (&offer.publisher, &offer.offer)
    }

    fn is_contained(&self, anchor: &Anchor) -> bool {
        match anchor {
            Anchor::Anywhere => true,
            Anchor::Record(checkpoint) => self.contained.contains(checkpoint),
        }
    }

    /// Returns whether a license counts if it is installed now: its revision is higher than the one
    /// in force (L3).
    pub(super) fn is_new(&self, license: &License) -> bool {
        let in_force = self.in_force(license.deal().id);
        self.is_valid_here(license) && in_force.is_none_or(|there| there.revision < license.deal().revision)
    }

    /// Returns whether a token is a license that counts if it is installed now (L1, L3, X7).
    #[must_use]
    pub fn takes(&self, token: &Token) -> bool {
        self.license(token).is_some_and(|(license, _)| self.is_new(&license))
    }

    /// Returns whether a token is not a license, or one for another offer, tenant or record (L1,
    /// X7).
    #[must_use]
    pub fn is_foreign(&self, token: &Token) -> bool {
        !self.license(token).is_some_and(|(license, _)| self.is_valid_here(&license))
    }

    /// Returns whether a token is a revocation list that counts if it is installed now (X5).
    #[must_use]
    pub fn takes_list(&self, token: &Token) -> bool {
        self.revocation_list(token).is_some_and(|list| self.is_new_list(&list))
    }

    /// Returns whether a revocation list counts if it is installed now: its sequence number is
    /// higher than that of the list in force (X5).
    pub(super) fn is_new_list(&self, list: &RevocationList) -> bool {
        let draft = list.revocations();
        let there = self.list(list.key()).map(|there| there.revocations().sequence);
        self.is_of_publisher(list) && there.is_none_or(|there| there < draft.sequence)
    }

    pub(super) fn is_of_publisher(&self, list: &RevocationList) -> bool {
        list.revocations().publisher == self.offer().publisher
    }

    /// Returns whether a token is a time ticket that counts if it is used now: for this tenant and
    /// record, and not used before (X6).
    #[must_use]
    pub fn takes_ticket(&self, token: &Token) -> bool {
        let Some(ticket) = self.time_ticket(token) else { return false };
        let (offer, draft) = (self.offer(), ticket.correction());
        let is_ours = (&draft.publisher, &draft.offer, &draft.tenant) == (&offer.publisher, &offer.offer, &self.tenant);
        is_ours && self.is_contained(&draft.anchor) && !self.is_used(draft.id)
    }

    /// Returns the issue date of a token that is a license.
    #[must_use]
    pub fn issued(&self, token: &Token) -> Option<DateTime<Utc>> {
        self.license(token).map(|(license, _)| license.deal().issued)
    }

    /// Returns the issue date of a token that is a revocation list.
    #[must_use]
    pub fn list_issued(&self, token: &Token) -> Option<DateTime<Utc>> {
        self.revocation_list(token).map(|list| list.revocations().issued)
    }

    /// Returns the issue date of a token that is a time ticket.
    #[must_use]
    pub fn ticket_issued(&self, token: &Token) -> Option<DateTime<Utc>> {
        self.time_ticket(token).map(|ticket| ticket.correction().issued)
    }

    /// Returns whether a ticket of this id is used.
    #[must_use]
    pub fn is_used(&self, ticket: TicketId) -> bool {
        self.used.contains(&ticket)
    }

    /// Returns the number of recorded times that tickets corrected.
    #[must_use]
    pub fn corrected(&self) -> usize {
        self.clock.corrected
    }

    /// Returns the number of times and dates later than its issue that an anchored ticket did not
    /// correct.
    #[must_use]
    pub fn spared(&self) -> usize {
        self.clock.spared
    }

    /// Returns the number of these times that are recorded after another ticket, which is itself
    /// recorded after the anchor.
    #[must_use]
    pub fn spared_by_another(&self) -> usize {
        self.clock.spared_by_another
    }

    /// Returns the revocation list of a key that counts.
    #[must_use]
    pub fn list(&self, key: KeyId) -> Option<&RevocationList> {
        self.lists.get(&key)
    }

    /// Returns all pairs of licenses and revocation lists that count.
    pub fn under_each_list(&self) -> impl Iterator<Item = (&License, &RevocationList)> {
        self.in_force.values().flat_map(|license| self.lists.values().map(move |list| (license, list)))
    }

    /// Returns the instant from which a list revokes a license. A key that is trusted for lists
    /// cannot be revoked (X5).
    fn ends(&self, list: &RevocationList, license: &License) -> Option<DateTime<Utc>> {
        let (deal, entries) = (license.deal(), &list.revocations().entries);
        let of = |entry: &Revocation| match entry {
            Revocation::License(ended) => {
                (ended.license == LicenseHash::of(deal.id) && deal.revision <= ended.through).then_some(ended.from)
            }
            Revocation::Key(ended) => {
                let counts = ended.key == license.key() && !self.ring.trusts(ended.key, KeyPurpose::Revocations);
                counts.then_some(ended.from)
            }
        };
        entries.iter().filter_map(of).min()
    }

    /// Returns the instant from which all issuers are revoked whose certificates admit a license (X10).
    fn issuers_end(&self, license: &License) -> Option<DateTime<Utc>> {
        let entries = || self.lists.values().flat_map(|list| &list.revocations().entries);
        let ends = |issuer: &KeyId| {
            let of = |entry: &Revocation| match entry {
                Revocation::Key(ended) if ended.key == *issuer => Some(ended.from),
                Revocation::Key(_) | Revocation::License(_) => None,
            };
            let is_revocable = !self.ring.trusts(*issuer, KeyPurpose::Revocations);
            entries().filter_map(of).filter(|_| is_revocable).min()
        };
        let issuers = self.issuers.get(&license.deal().id)?;
        let ends: Vec<Option<DateTime<Utc>>> = issuers.iter().map(ends).collect();
        if ends.contains(&None) { None } else { ends.into_iter().flatten().max() }
    }

    /// Returns the phases of a grant of a license under the lists (X5).
    pub(super) fn under_lists(&self, timeline: &PhaseTimeline, license: &License) -> PhaseTimeline {
        let ends = self.lists.values().filter_map(|list| self.ends(list, license)).min();
        let ends = ends.into_iter().chain(self.issuers_end(license)).min();
        let last = self.lists_installed.values().map(|installed| self.clock.dated(*installed)).max();
        let dated = last.unwrap_or_else(|| self.clock.dated(self.installed[&license.deal().id]));
        timeline.under(ends, wants(license.deal(), dated))
    }
}

/// Returns when a license starts to require a list and when it gives nothing without one, counted
/// from a date (X5).
fn wants(deal: &Deal, dated: DateTime<Utc>) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let Freshness::Asked(limit) = deal.freshness else { return None };
    let after = |days: Days| dated + TimeDelta::days(days.get().into());
    Some((after(limit.warn_after), after(limit.deny_after)))
}
