//! The documents of a tenant: every token in its record, and what it gives (L1, L3).

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::num::NonZeroU32;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::id::{LicenseId, TicketId};
use crate::key::KeyId;
use crate::tenant::bucket::index;
use crate::tenant::document_issue::DocumentIssue;
use crate::tenant::growth;
use crate::tenant::timeline::{AnchoredExtent, Extent, TimeCorrection, Timeline};
use crate::time::{EARLIEST, End};
use crate::token::Token;
use crate::token::license::License;
use crate::token::list::RevocationList;
use crate::token::reconstruct::Signature;
use crate::token::ticket::TimeTicket;

/// A license that came into force.
pub(crate) struct Arrival {
    pub(crate) license: License,
    /// Its revision before.
    pub(crate) replaced: Option<License>,
}

/// The documents as they were recorded.
#[derive(Debug, Clone, Default)]
pub(crate) struct Documents {
    all: SmallVec<[DocumentEntry; 1]>,
    /// Sorted by id.
    in_force: SmallVec<[License; 2]>,
    /// What was taken in beside licenses; nothing in most records.
    beside: Option<Arc<Beside>>,
}

#[derive(Debug, Clone, Default)]
struct Beside {
    /// Of each key its latest list, with its place among all documents; sorted by key.
    lists: Vec<(RevocationList, usize)>,
    /// The time tickets that were used; sorted.
    tickets: Vec<TicketId>,
}

#[derive(Debug, Clone)]
struct DocumentEntry {
    stored: StoredDocument,
    /// The number of the event that holds it.
    position: u64,
    /// How many time tickets there were by then, this one included.
    epoch: u32,
    /// The latest date, as time tickets correct it, of what came into force up to here.
    evidence: DateTime<Utc>,
}

impl DocumentEntry {
    /// Its issue date, as time tickets correct it; of what did not come into force the earliest there is.
    fn dated(&self, timeline: &Timeline) -> DateTime<Utc> {
        timeline.document(index(self.epoch), self.position, self.stored.issued())
    }
}

/// Where a ticket is anchored, on a record that contains its checkpoint.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AnchorPoint {
    /// The number of the event at the checkpoint.
    pub(crate) position: u64,
    /// The latest time of an event since the last ticket before it, up to there, as recorded.
    pub(crate) stood_at: DateTime<Utc>,
}

/// What becomes of a document that the event at a position holds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry<'a> {
    pub(crate) token: &'a Token,
    pub(crate) position: u64,
}

/// A token with what it turned out to be.
#[derive(Debug, Clone)]
enum StoredDocument {
    /// A license that came into force, from which its token is written again.
    License(License, Signature),
    /// Any other, as it was written.
    Written(Arc<Written>),
}

#[derive(Debug)]
struct Written {
    token: Token,
    installed: Installed,
    read: Result<Read, DocumentIssue>,
}

impl StoredDocument {
    fn of(token: &Token, installed: Installed, read: Result<Read, DocumentIssue>) -> Self {
        if let Ok(Read::License(license)) = &read {
            if let Some(signature) = license.signature(token) {
                return Self::License(license.clone(), signature);
            }
        }
        Self::Written(Arc::new(Written { token: token.clone(), installed, read }))
    }

    fn token(&self) -> Token {
        match self {
            Self::License(license, signature) => license.token(signature),
            Self::Written(written) => written.token.clone(),
        }
    }

    fn installed(&self) -> Installed {
        match self {
            Self::License(..) => Installed::License,
            Self::Written(written) => written.installed,
        }
    }

    /// Its issue date; of what did not come into force the earliest there is.
    fn issued(&self) -> DateTime<Utc> {
        match self {
            Self::License(license, _) => license.deal().issued,
            Self::Written(written) => match &written.read {
                Ok(Read::License(license)) => license.deal().issued,
                Ok(Read::List { issued, .. }) => *issued,
                Ok(Read::Ticket(ticket)) => ticket.correction().issued,
                Err(_) => EARLIEST,
            },
        }
    }

    /// The license in it that came into force.
    fn license(&self) -> Option<&License> {
        match self {
            Self::License(license, _) => Some(license),
            Self::Written(written) => match &written.read {
                Ok(Read::License(license)) => Some(license),
                _ => None,
            },
        }
    }
}

/// Whether a list came into force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Acceptance {
    InForce,
    NotInForce,
}

/// As what a token was taken in, whatever it turned out to be.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) enum Installed {
    License,
    List,
    Ticket,
}

#[derive(Debug, Clone)]
enum Read {
    License(License),
    /// What else it says is kept only while it is in force.
    List {
        /// The key that signed it.
        key: KeyId,
        sequence: NonZeroU32,
        issued: DateTime<Utc>,
    },
    Ticket(TimeTicket),
}

impl Documents {
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// How many licenses and time tickets were taken in, whatever they gave.
    pub(crate) fn without_lists(&self) -> usize {
        self.all.iter().filter(|kept| !matches!(kept.stored.installed(), Installed::List)).count()
    }

    /// The latest issue date among the first so many documents, of those that came into force (X6).
    pub(crate) fn evidence(&self, documents: usize) -> DateTime<Utc> {
        documents.checked_sub(1).and_then(|last| self.all.get(last)).map_or(EARLIEST, |kept| kept.evidence)
    }

    /// The tokens in the order of the record, each as what it was taken in, with the number of the event that holds it.
    pub(crate) fn tokens(&self) -> impl Iterator<Item = (Token, Installed, u64)> {
        self.all.iter().map(|kept| (kept.stored.token(), kept.stored.installed(), kept.position))
    }

    /// The licenses in force: of each id the highest revision, of two that conflict there the first recorded.
    pub(crate) fn in_force(&self) -> impl Iterator<Item = &License> {
        self.in_force.iter()
    }

    fn place(&self, id: LicenseId) -> Result<usize, usize> {
        self.in_force.binary_search_by_key(&id, |license| license.deal().id)
    }

    fn lists(&self) -> &[(RevocationList, usize)] {
        self.beside.as_ref().map_or(&[], |beside| &beside.lists)
    }

    fn place_of_list(&self, key: KeyId) -> Result<usize, usize> {
        self.lists().binary_search_by_key(&key, |(list, _)| list.key())
    }

    /// The list of a key that is in force.
    fn list(&self, key: KeyId) -> Option<&RevocationList> {
        self.place_of_list(key).ok().and_then(|at| self.lists().get(at)).map(|(list, _)| list)
    }

    pub(crate) fn license(&self, id: LicenseId) -> Option<&License> {
        self.place(id).ok().and_then(|at| self.in_force.get(at))
    }

    /// Whether a license would come into force, beside or in place of another revision.
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

    /// Whether a list is more recent than the one of its key that is in force.
    pub(crate) fn accept_list(&self, list: &RevocationList) -> Result<(), DocumentIssue> {
        let sequence = list.revocations().sequence;
        match self.list(list.key()).map(RevocationList::revocations) {
            Some(there) if there == list.revocations() => Err(DocumentIssue::AlreadyInstalled),
            Some(there) if there.sequence >= sequence => {
                Err(DocumentIssue::OldList { sequence, in_force: there.sequence })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Whether a ticket is used for the first time.
    pub(crate) fn accept_ticket(&self, ticket: &TimeTicket) -> Result<(), DocumentIssue> {
        let ticket = ticket.correction().id;
        let is_used = self.beside.as_ref().is_some_and(|beside| beside.tickets.binary_search(&ticket).is_ok());
        if is_used { Err(DocumentIssue::TicketUsed { ticket }) } else { Ok(()) }
    }

    /// From when on the lists in force end a license.
    pub(crate) fn revoked_from(&self, license: &License) -> End {
        let ends = self.lists().iter().map(|(list, _)| list.ends(license.deal(), license.key()));
        ends.min().unwrap_or(End::Never)
    }

    /// The date from which a license in force counts its freshness, as time tickets correct it: that of the latest list, or
    /// its own (X5, X6).
    ///
    /// Linear in the lists; where a ticket has corrected the record and there is no list, in the documents.
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

    /// Keeps a token, whatever it gives; returns what came into force by it, if anything.
    pub(crate) fn keep(
        &mut self,
        entry: Entry<'_>,
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

    /// Keeps a list, whatever it ends; returns whether it came into force.
    pub(crate) fn keep_list(
        &mut self,
        entry: Entry<'_>,
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
        let place = self.place_of_list(list.key());
        let lists = &mut Arc::make_mut(self.beside.get_or_insert_default()).lists;
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

    /// Keeps a time ticket, read with where it is anchored, and ends an epoch with it; returns whether it is in force.
    pub(crate) fn keep_ticket(
        &mut self,
        entry: Entry<'_>,
        read: Result<(TimeTicket, Option<AnchorPoint>), DocumentIssue>,
        timeline: &mut Timeline,
    ) -> Acceptance {
        let read = read.and_then(|(ticket, anchor)| self.accept_ticket(&ticket).map(|()| (ticket, anchor)));
        let in_force = if let Ok((ticket, anchor)) = &read {
            let extent = anchor.map_or(Extent::Everything, |anchor| self.extent(anchor, entry.position, timeline));
            timeline.correct(TimeCorrection { issued: ticket.correction().issued, extent });
            self.date_again(timeline);
            let (used, beside) = (ticket.correction().id, Arc::make_mut(self.beside.get_or_insert_default()));
            if let Err(at) = beside.tickets.binary_search(&used) {
                growth::insert(&mut beside.tickets, at, used);
            }
            Acceptance::InForce
        } else {
            timeline.close();
            Acceptance::NotInForce
        };
        self.push(entry, Installed::Ticket, read.map(|(ticket, _)| Read::Ticket(ticket)), timeline);
        in_force
    }

    /// What a ticket corrects that is anchored there and recorded by the event at `position`.
    ///
    /// Linear in documents and tickets, times the tickets in force.
    fn extent(&self, anchor: AnchorPoint, position: u64, timeline: &Timeline) -> Extent {
        if anchor.position >= position {
            // All of the record is up to the anchor.
            return Extent::Everything;
        }
        let up_to_there = self.all.iter().take_while(|kept| kept.position <= anchor.position);
        let epoch = up_to_there.clone().last().map_or(0, |kept| index(kept.epoch));
        let then = |kept: &DocumentEntry| {
            timeline.document_then(index(kept.epoch), kept.position, kept.stored.issued(), epoch)
        };
        let documents = up_to_there.map(then).max().unwrap_or(EARLIEST);
        let floor = anchor.stood_at.max(timeline.events_then(epoch)).max(documents);
        Extent::Anchored(AnchoredExtent { position: anchor.position, epoch, floor })
    }

    /// Works out anew what the documents are evidence of, since a ticket in force is new. Linear, times the tickets in force.
    fn date_again(&mut self, timeline: &Timeline) {
        let mut evidence = EARLIEST;
        for kept in &mut self.all {
            evidence = evidence.max(kept.dated(timeline));
            kept.evidence = evidence;
        }
    }

    fn push(
        &mut self,
        Entry { token, position }: Entry<'_>,
        installed: Installed,
        read: Result<Read, DocumentIssue>,
        timeline: &Timeline,
    ) {
        let (end, stored) = (self.len(), StoredDocument::of(token, installed, read));
        let epoch = u32::try_from(timeline.epoch()).unwrap_or(u32::MAX);
        let mut kept = DocumentEntry { stored, position, epoch, evidence: EARLIEST };
        kept.evidence = self.evidence(end).max(kept.dated(timeline));
        growth::insert_small(&mut self.all, end, kept);
    }

    /// Every token with what became of it, in the order of the record.
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
                Err(unusable) => DocumentStatus::GivesNothing(unusable),
                Ok(Read::License(license)) => of_license(license),
                Ok(Read::List { key, sequence, .. }) => match self.list(*key) {
                    Some(list) if list.revocations().sequence == *sequence => DocumentStatus::Revokes(list),
                    Some(_) | None => DocumentStatus::ReplacedList,
                },
                Ok(Read::Ticket(ticket)) => DocumentStatus::Corrects(ticket),
            },
        }
    }
}

/// A document in a tenant's record.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Document<'a> {
    stored: &'a StoredDocument,
    /// What it gives.
    pub status: DocumentStatus<'a>,
}

impl Document<'_> {
    /// The document as it was installed. Linear in it; allocates its text.
    #[must_use]
    pub fn token(&self) -> Token {
        self.stored.token()
    }
}

/// What a document gives (L3).
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum DocumentStatus<'a> {
    /// It is in force.
    InForce(&'a License),
    /// A higher revision has replaced it.
    Replaced(&'a License),
    /// It is a revocation list in force.
    Revokes(&'a RevocationList),
    /// It is a revocation list that a later one of its key has replaced.
    ReplacedList,
    /// It is a time ticket that has corrected the times recorded before it.
    Corrects(&'a TimeTicket),
    /// It stays in the record and gives nothing: its key is gone, say.
    GivesNothing(&'a DocumentIssue),
}
