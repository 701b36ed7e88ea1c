//! Which documents count, and what revocation lists take from licenses (L1, L3, X5 to X7).

use chrono::{DateTime, TimeDelta, Utc};

use super::facts::Facts;
use super::lives::Life;
use crate::checkpoint::Anchor;
use crate::deal::{Deal, Freshness, Licensee};
use crate::id::TicketId;
use crate::key::KeyId;
use crate::revocation::{LicenseHash, Revocation};
use crate::time::Days;
use crate::token::Token;
use crate::token::license::License;
use crate::token::list::RevocationList;
use crate::token::permissions::KeyPurpose;

impl Facts {
    /// Whether a license is for this offer, for this tenant or for anyone (L1), and not for another record (X7).
    fn is_ours(&self, license: &License) -> bool {
        self.is_contained(&license.deal().anchor) && self.is_addressed(license.deal())
    }

    /// Whether a license is for this offer and for this tenant or for anyone (L1).
    #[must_use]
    pub fn is_addressed(&self, deal: &Deal) -> bool {
        let offer = self.offer();
        let is_ours = match &deal.holder {
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

    /// Whether a license counts if it is installed now: a higher revision than the one there (L3).
    pub(super) fn is_new(&self, license: &License) -> bool {
        let in_force = self.in_force(license.deal().id);
        self.is_ours(license) && in_force.is_none_or(|there| there.revision < license.deal().revision)
    }

    /// Whether a token is a license that counts if it is installed now (L1, L3, X7).
    #[must_use]
    pub fn takes(&self, token: &Token) -> bool {
        self.ring.verify(token).is_ok_and(|license| self.is_new(&license))
    }

    /// Whether a token is no license, or one for another offer, tenant or record (L1, X7).
    #[must_use]
    pub fn is_foreign(&self, token: &Token) -> bool {
        !self.ring.verify(token).is_ok_and(|license| self.is_ours(&license))
    }

    /// Whether a token is a revocation list that counts if it is taken in now (X5).
    #[must_use]
    pub fn takes_list(&self, token: &Token) -> bool {
        self.ring.verify_list(token).is_ok_and(|list| self.is_new_list(&list))
    }

    /// Whether a revocation list counts if it is taken in now: of a later sequence than the one of its key (X5).
    pub(super) fn is_new_list(&self, list: &RevocationList) -> bool {
        let said = list.revocations();
        let there = self.list(list.key()).map(|there| there.revocations().sequence);
        said.publisher == self.offer().publisher && there.is_none_or(|there| there < said.sequence)
    }

    /// Whether a token is a time ticket that counts if it is used now: ours, for the first time (X6).
    #[must_use]
    pub fn takes_ticket(&self, token: &Token) -> bool {
        let Ok(ticket) = self.ring.verify_ticket(token) else { return false };
        let (offer, said) = (self.offer(), ticket.correction());
        let is_ours = (&said.publisher, &said.offer, &said.tenant) == (&offer.publisher, &offer.offer, &self.tenant);
        is_ours && self.is_contained(&said.anchor) && !self.is_used(said.id)
    }

    /// The issue date of a token that is a license.
    #[must_use]
    pub fn issued(&self, token: &Token) -> Option<DateTime<Utc>> {
        self.ring.verify(token).ok().map(|license| license.deal().issued)
    }

    /// The issue date of a token that is a revocation list.
    #[must_use]
    pub fn list_issued(&self, token: &Token) -> Option<DateTime<Utc>> {
        self.ring.verify_list(token).ok().map(|list| list.revocations().issued)
    }

    /// The issue date of a token that is a time ticket.
    #[must_use]
    pub fn ticket_issued(&self, token: &Token) -> Option<DateTime<Utc>> {
        self.ring.verify_ticket(token).ok().map(|ticket| ticket.correction().issued)
    }

    /// Whether a ticket of this id was used.
    #[must_use]
    pub fn is_used(&self, ticket: TicketId) -> bool {
        self.used.contains(&ticket)
    }

    /// How many recorded times the tickets have mended.
    #[must_use]
    pub fn mended(&self) -> usize {
        self.clock.mended
    }

    /// How many times and dates later than its issue an anchored ticket has left alone.
    #[must_use]
    pub fn spared(&self) -> usize {
        self.clock.spared
    }

    /// How many recorded times among these were recorded after another ticket, itself recorded since the anchor.
    #[must_use]
    pub fn spared_by_another(&self) -> usize {
        self.clock.spared_by_another
    }

    /// The revocation list of a key that counts.
    #[must_use]
    pub fn list(&self, key: KeyId) -> Option<&RevocationList> {
        self.lists.get(&key)
    }

    /// The licenses and the revocation lists that count, each with each.
    pub fn under_each_list(&self) -> impl Iterator<Item = (&License, &RevocationList)> {
        self.in_force.values().flat_map(|license| self.lists.values().map(move |list| (license, list)))
    }

    /// From when on a list takes everything from a license; a key that is trusted for lists cannot be revoked (X5).
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

    /// A life of a grant of a license with what the lists take from it (X5).
    pub(super) fn under_lists(&self, life: &Life, license: &License) -> Life {
        let ends = self.lists.values().filter_map(|list| self.ends(list, license)).min();
        let last = self.lists_told.values().map(|told| self.clock.dated(*told)).max();
        let dated = last.unwrap_or_else(|| self.clock.dated(self.told[&license.deal().id]));
        life.under(ends, wants(license.deal(), dated))
    }
}

/// When a license starts to ask for a list and when it gives nothing without, if it counts from that date (X5).
fn wants(deal: &Deal, dated: DateTime<Utc>) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let Freshness::Asked(limit) = deal.freshness else { return None };
    let after = |days: Days| dated + TimeDelta::days(days.get().into());
    Some((after(limit.warn_after), after(limit.deny_after)))
}
