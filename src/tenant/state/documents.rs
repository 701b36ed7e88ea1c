//! The documents of a tenant: every token in its record, and what each gives (L1, L3).

mod certificates;

use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use smallvec::SmallVec;

use crate::collections::growth;
use crate::id::{LicenseId, TicketId};
use crate::key::KeyId;
use crate::tenant::document_issue::DocumentIssue;
use crate::tenant::state::bucket::index;
use crate::tenant::state::document::{Document, DocumentStatus};
use crate::tenant::state::stored_document::{Installed, Read, StoredDocument};
use crate::tenant::state::timeline::{AnchoredExtent, Extent, TimeCorrection, Timeline};
use crate::time::EARLIEST;
use crate::token::Token;
use crate::token::certificate::KeyCertificate;
use crate::token::license::License;
use crate::token::list::RevocationList;
use crate::token::ticket::TimeTicket;

/// A license that entered into force with an event.
pub(crate) struct Arrival {
    pub(crate) license: License,
    /// The revision that it replaces.
    pub(crate) replaced: Option<License>,
}

/// The documents in the order of the record.
#[derive(Debug, Clone, Default)]
pub(crate) struct Documents {
    all: SmallVec<[DocumentEntry; 1]>,
    /// Sorted by id.
    in_force: SmallVec<[License; 2]>,
    /// The other documents in force; `None` in most records.
    others: Option<Arc<OtherDocuments>>,
}

/// Revocation lists, time tickets and certificates in force.
#[derive(Debug, Clone, Default)]
struct OtherDocuments {
    /// The latest list of each key, with its index among all documents; sorted by key.
    lists: Vec<(RevocationList, usize)>,
    /// The time tickets in force, sorted.
    tickets: Vec<TicketId>,
    /// The certificates, in the order of the record.
    certificates: Vec<KeyCertificate>,
}

#[derive(Debug, Clone)]
struct DocumentEntry {
    stored: StoredDocument,
    /// The number of the event that contains it.
    position: u64,
    /// The number of time tickets up to here, this document included.
    epoch: u32,
    /// The latest corrected issue date of the documents in force up to here.
    evidence: DateTime<Utc>,
}

impl DocumentEntry {
    /// Returns the issue date, as time tickets correct it; [`EARLIEST`] for a document that did not
    /// come into force.
    fn dated(&self, timeline: &Timeline) -> DateTime<Utc> {
        timeline.document(index(self.epoch), self.position, self.stored.issued())
    }
}

/// The anchor of a ticket, on a record that contains its checkpoint.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AnchorPoint {
    /// The number of the event at the checkpoint.
    pub(crate) position: u64,
    /// The latest event time, as recorded, between the last ticket before the checkpoint and the
    /// checkpoint.
    pub(crate) latest_event: DateTime<Utc>,
}

/// A document that the event at a position contains.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PlacedToken<'a> {
    pub(crate) token: &'a Token,
    pub(crate) position: u64,
}

/// Whether a document entered into force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Acceptance {
    InForce,
    NotInForce,
}

impl Documents {
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// Returns how many licenses and time tickets were installed, whether they give anything or
    /// not.
    pub(crate) fn without_lists(&self) -> usize {
        self.all.iter().filter(|kept| !matches!(kept.stored.installed(), Installed::List)).count()
    }

    /// Returns the latest issue date of the documents in force among the first `documents` (X6).
    pub(crate) fn evidence(&self, documents: usize) -> DateTime<Utc> {
        documents.checked_sub(1).and_then(|last| self.all.get(last)).map_or(EARLIEST, |kept| kept.evidence)
    }

    /// Returns the tokens in the order of the record, each with the kind that the command named and
    /// the number of its event.
    pub(crate) fn tokens(&self) -> impl Iterator<Item = (Token, Installed, u64)> {
        self.all.iter().map(|kept| (kept.stored.token(), kept.stored.installed(), kept.position))
    }

    /// Returns the documents as they are stored, in the order of the record.
    pub(crate) fn stored(&self) -> impl Iterator<Item = &StoredDocument> {
        self.all.iter().map(|kept| &kept.stored)
    }

    /// Returns the licenses in force: of each id the highest revision; of two that conflict, the
    /// first recorded.
    pub(crate) fn in_force(&self) -> impl Iterator<Item = &License> {
        self.in_force.iter()
    }

    fn place(&self, id: LicenseId) -> Result<usize, usize> {
        self.in_force.binary_search_by_key(&id, |license| license.deal().id)
    }

    fn lists(&self) -> &[(RevocationList, usize)] {
        self.others.as_ref().map_or(&[], |more| &more.lists)
    }

    fn list_index(&self, key: KeyId) -> Result<usize, usize> {
        self.lists().binary_search_by_key(&key, |(list, _)| list.key())
    }

    /// Returns the list of a key that is in force.
    fn list(&self, key: KeyId) -> Option<&RevocationList> {
        self.list_index(key).ok().and_then(|at| self.lists().get(at)).map(|(list, _)| list)
    }

    pub(crate) fn license(&self, id: LicenseId) -> Option<&License> {
        self.place(id).ok().and_then(|at| self.in_force.get(at))
    }

    /// Checks that a license would come into force: its id is new, or its revision is higher than
    /// the one in force.
    pub(crate) fn accept(&self, license: &License) -> Result<(), DocumentIssue> {
        match self.license(license.deal().id) {
            None => Ok(()),
            Some(there) if there.deal().revision < license.deal().revision => Ok(()),
            Some(there) if there == license => Err(DocumentIssue::AlreadyInstalled),
            Some(there) => {
                Err(DocumentIssue::Superseded { revision: license.deal().revision, in_force: there.deal().revision })
            }
        }
    }

    /// Checks that a list is more recent than the list of its key that is in force.
    pub(crate) fn accept_list(&self, list: &RevocationList) -> Result<(), DocumentIssue> {
        let sequence = list.revocations().sequence;
        match self.list(list.key()).map(RevocationList::revocations) {
            Some(there) if there == list.revocations() => Err(DocumentIssue::AlreadyInstalled),
            Some(there) if there.sequence == sequence => {
                Err(DocumentIssue::ConflictingList { key: list.key(), sequence })
            }
            Some(there) if there.sequence > sequence => {
                Err(DocumentIssue::OldList { sequence, in_force: there.sequence })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Checks that a ticket was not used before.
    pub(crate) fn accept_ticket(&self, ticket: &TimeTicket) -> Result<(), DocumentIssue> {
        let ticket = ticket.correction().id;
        let is_used = self.others.as_ref().is_some_and(|more| more.tickets.binary_search(&ticket).is_ok());
        if is_used { Err(DocumentIssue::TicketUsed { ticket }) } else { Ok(()) }
    }

    /// Returns the date from which a license in force counts its freshness, as time tickets correct
    /// it: the date of the latest list, or without lists its own (X5, X6).
    ///
    /// `O(n)` in the lists; without a list and with a ticket in force, `O(n)` in the documents.
    pub(crate) fn fresh_from(&self, license: &License, timeline: &Timeline) -> DateTime<Utc> {
        let of_lists = self.lists().iter().filter_map(|&(_, place)| self.all.get(place));
        let latest = of_lists.map(|kept| kept.dated(timeline)).max();
        latest.unwrap_or_else(|| {
            let deal = license.deal();
            let is_it = |kept: &&DocumentEntry| {
                kept.stored.license().is_some_and(|it| (it.deal().id, it.deal().revision) == (deal.id, deal.revision))
            };
            let is_corrected = !timeline.corrections().is_empty();
            let kept = is_corrected.then(|| self.all.iter().find(is_it)).flatten();
            kept.map_or(deal.issued, |kept| kept.dated(timeline))
        })
    }

    /// Adds a license, whatever it gives. Returns the license that entered into force by it, if
    /// any.
    pub(crate) fn keep(
        &mut self,
        entry: PlacedToken<'_>,
        read: Result<License, DocumentIssue>,
        timeline: &Timeline,
    ) -> Option<Arrival> {
        let read = read.and_then(|license| self.accept(&license).map(|()| license));
        self.push(entry, Installed::License, read.clone().map(Read::License), timeline);
        let license = read.ok()?;
        let replaced = match self.place(license.deal().id) {
            Ok(at) => self.in_force.get_mut(at).map(|there| core::mem::replace(there, license.clone())),
            Err(at) => {
                growth::insert_small(&mut self.in_force, at, license.clone());
                None
            }
        };
        Some(Arrival { license, replaced })
    }

    /// Adds a revocation list, whatever it ends. Returns whether it entered into force.
    pub(crate) fn keep_list(
        &mut self,
        entry: PlacedToken<'_>,
        read: Result<RevocationList, DocumentIssue>,
        timeline: &Timeline,
    ) -> Acceptance {
        let read = read.and_then(|list| self.accept_list(&list).map(|()| list));
        let named = read.as_ref().map(|list| {
            let (key, revocations) = (list.key(), list.revocations());
            Read::List { key, sequence: revocations.sequence, issued: revocations.issued }
        });
        let at = self.len();
        self.push(entry, Installed::List, named.map_err(Clone::clone), timeline);
        let Ok(list) = read else { return Acceptance::NotInForce };
        let place = self.list_index(list.key());
        let lists = &mut Arc::make_mut(self.others.get_or_insert_default()).lists;
        match place {
            Ok(place) => {
                if let Some(there) = lists.get_mut(place) {
                    *there = (list, at);
                }
            }
            Err(place) => growth::insert(lists, place, (list, at)),
        }
        Acceptance::InForce
    }

    /// Adds a time ticket, read with its anchor, and ends an epoch with it. Returns whether it
    /// entered into force.
    pub(crate) fn keep_ticket(
        &mut self,
        entry: PlacedToken<'_>,
        read: Result<(TimeTicket, Option<AnchorPoint>), DocumentIssue>,
        timeline: &mut Timeline,
    ) -> Acceptance {
        let read = read.and_then(|(ticket, anchor)| self.accept_ticket(&ticket).map(|()| (ticket, anchor)));
        let in_force = if let Ok((ticket, anchor)) = &read {
            self.correct_times(*anchor, entry.position, ticket.correction().issued, timeline);
            let (used, more) = (ticket.correction().id, Arc::make_mut(self.others.get_or_insert_default()));
            if let Err(at) = more.tickets.binary_search(&used) {
                growth::insert(&mut more.tickets, at, used);
            }
            Acceptance::InForce
        } else {
            timeline.close();
            Acceptance::NotInForce
        };
        self.push(entry, Installed::Ticket, read.map(|(ticket, _)| Read::Ticket(ticket)), timeline);
        in_force
    }

    /// Corrects the times as a ticket does that was issued at `issued`, has this anchor and is
    /// recorded by the event at `position`.
    pub(crate) fn correct_times(
        &mut self,
        anchor: Option<AnchorPoint>,
        position: u64,
        issued: DateTime<Utc>,
        timeline: &mut Timeline,
    ) {
        let extent = anchor.map_or(Extent::Everything, |anchor| self.extent(anchor, position, timeline));
        timeline.correct(TimeCorrection { issued, extent });
        self.recompute_evidence(timeline);
    }

    /// Returns what a ticket corrects that has this anchor and is recorded by the event at
    /// `position`.
    ///
    /// `O(n)` in documents and tickets, times the tickets in force.
    fn extent(&self, anchor: AnchorPoint, position: u64, timeline: &Timeline) -> Extent {
        if anchor.position >= position {
            // The whole record is before the anchor.
            return Extent::Everything;
        }
        let up_to_anchor = self.all.iter().take_while(|kept| kept.position <= anchor.position);
        let epoch = up_to_anchor.clone().last().map_or(0, |kept| index(kept.epoch));
        let then = |kept: &DocumentEntry| {
            timeline.document_then(index(kept.epoch), kept.position, kept.stored.issued(), epoch)
        };
        let documents = up_to_anchor.map(then).max().unwrap_or(EARLIEST);
        let floor = anchor.latest_event.max(timeline.events_then(epoch)).max(documents);
        Extent::Anchored(AnchoredExtent { position: anchor.position, epoch, floor })
    }

    /// Recomputes the evidence of all documents after a new ticket entered into force. `O(n)` in
    /// the documents, times the tickets in force.
    fn recompute_evidence(&mut self, timeline: &Timeline) {
        let mut evidence = EARLIEST;
        for kept in &mut self.all {
            evidence = evidence.max(kept.dated(timeline));
            kept.evidence = evidence;
        }
    }

    fn push(
        &mut self,
        PlacedToken { token, position }: PlacedToken<'_>,
        installed: Installed,
        read: Result<Read, DocumentIssue>,
        timeline: &Timeline,
    ) {
        let (end, stored) = (self.len(), StoredDocument::from_token(token, installed, read));
        let epoch = u32::try_from(timeline.epoch()).unwrap_or(u32::MAX);
        let mut kept = DocumentEntry { stored, position, epoch, evidence: EARLIEST };
        kept.evidence = self.evidence(end).max(kept.dated(timeline));
        growth::insert_small(&mut self.all, end, kept);
    }

    /// Returns every token with its status, in the order of the record.
    pub(crate) fn all(&self) -> impl Iterator<Item = Document<'_>> {
        self.all.iter().map(|DocumentEntry { stored, .. }| Document { stored, status: self.status(stored) })
    }

    fn status<'a>(&'a self, stored: &'a StoredDocument) -> DocumentStatus<'a> {
        let of_license = |license| match self.license(License::deal(license).id) {
            Some(there) if there == license => DocumentStatus::InForce(license),
            Some(_) | None => DocumentStatus::Replaced(license),
        };
        match stored {
            StoredDocument::License(license, _) => of_license(license),
            StoredDocument::Written(written) => match &written.read {
                Err(issue) => DocumentStatus::GivesNothing(issue),
                Ok(Read::License(license)) => of_license(license),
                Ok(Read::List { key, sequence, .. }) => match self.list(*key) {
                    Some(list) if list.revocations().sequence == *sequence => DocumentStatus::Revokes(list),
                    Some(_) | None => DocumentStatus::ReplacedList,
                },
                Ok(Read::Ticket(ticket)) => DocumentStatus::Corrects(ticket),
                Ok(Read::Certificate(certificate)) => DocumentStatus::Certifies(certificate),
            },
        }
    }
}
