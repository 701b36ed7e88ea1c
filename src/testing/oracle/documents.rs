//! The documents that count, and licenses under revocation lists (L1, L3, X5 to X7).

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
use crate::token::license::License;
use crate::token::list::RevocationList;
use crate::token::permissions::KeyPurpose;

impl Facts {
    /// Returns whether a license is for this offer, for this tenant or for anyone (L1), and not for
    /// another record (X7).
    fn is_valid_here(&self, license: &License) -> bool {
        self.is_contained(&license.deal().anchor) && self.is_addressed(license.deal())
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
        self.ring.verify(token).is_ok_and(|license| self.is_new(&license))
    }

    /// Returns whether a token is not a license, or one for another offer, tenant or record (L1,
    /// X7).
    #[must_use]
    pub fn is_foreign(&self, token: &Token) -> bool {
        !self.ring.verify(token).is_ok_and(|license| self.is_valid_here(&license))
    }

    /// Returns whether a token is a revocation list that counts if it is installed now (X5).
    #[must_use]
    pub fn takes_list(&self, token: &Token) -> bool {
        self.ring.verify_list(token).is_ok_and(|list| self.is_new_list(&list))
    }

    /// Returns whether a revocation list counts if it is installed now: its sequence number is
    /// higher than that of the list in force (X5).
    pub(super) fn is_new_list(&self, list: &RevocationList) -> bool {
        let draft = list.revocations();
        let there = self.list(list.key()).map(|there| there.revocations().sequence);
        draft.publisher == self.offer().publisher && there.is_none_or(|there| there < draft.sequence)
    }

    /// Returns whether a token is a time ticket that counts if it is used now: for this tenant and
    /// record, and not used before (X6).
    #[must_use]
    pub fn takes_ticket(&self, token: &Token) -> bool {
        let Ok(ticket) = self.ring.verify_ticket(token) else { return false };
        let (offer, draft) = (self.offer(), ticket.correction());
        let is_ours = (&draft.publisher, &draft.offer, &draft.tenant) == (&offer.publisher, &offer.offer, &self.tenant);
        is_ours && self.is_contained(&draft.anchor) && !self.is_used(draft.id)
    }

    /// Returns the issue date of a token that is a license.
    #[must_use]
    pub fn issued(&self, token: &Token) -> Option<DateTime<Utc>> {
        self.ring.verify(token).ok().map(|license| license.deal().issued)
    }

    /// Returns the issue date of a token that is a revocation list.
    #[must_use]
    pub fn list_issued(&self, token: &Token) -> Option<DateTime<Utc>> {
        self.ring.verify_list(token).ok().map(|list| list.revocations().issued)
    }

    /// Returns the issue date of a token that is a time ticket.
    #[must_use]
    pub fn ticket_issued(&self, token: &Token) -> Option<DateTime<Utc>> {
        self.ring.verify_ticket(token).ok().map(|ticket| ticket.correction().issued)
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

    /// Returns the phases of a grant of a license under the lists (X5).
    pub(super) fn under_lists(&self, timeline: &PhaseTimeline, license: &License) -> PhaseTimeline {
        let ends = self.lists.values().filter_map(|list| self.ends(list, license)).min();
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
