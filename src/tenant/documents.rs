//! The documents of a tenant: every token in its record, and what it gives (L1, L3).

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::num::NonZeroU32;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::id::{LicenseId, TicketId};
use crate::key::KeyId;
use crate::tenant::room;
use crate::tenant::timeline::Mend;
use crate::tenant::unusable::Unusable;
use crate::time::{EARLIEST, End};
use crate::token::Token;
use crate::token::again::Signature;
use crate::token::license::License;
use crate::token::list::RevocationList;
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
    all: SmallVec<[Kept; 1]>,
    /// Sorted by id.
    in_force: SmallVec<[License; 2]>,
    /// What was taken in beside licenses; nothing in most records.
    beside: Option<Arc<Beside>>,
}

#[derive(Debug, Clone, Default)]
struct Beside {
    /// Of each key its latest list; sorted by key.
    lists: Vec<RevocationList>,
    /// The time tickets that were used; sorted.
    tickets: Vec<TicketId>,
}

#[derive(Debug, Clone)]
struct Kept {
    paper: Paper,
    /// The latest issue date of what came into force up to here.
    evidence: DateTime<Utc>,
}

/// A token with what it turned out to be.
#[derive(Debug, Clone)]
enum Paper {
    /// A license that came into force, from which its token is written again.
    License(License, Signature),
    /// Any other, as it was written.
    Written(Arc<Written>),
}

#[derive(Debug)]
struct Written {
    token: Token,
    installed: Installed,
    read: Result<Read, Unusable>,
}

impl Paper {
    fn of(token: &Token, installed: Installed, read: Result<Read, Unusable>) -> Self {
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
}

/// Whether a list came into force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InForce {
    Yes,
    No,
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
    /// Signed by this key, with this sequence number; what it says is kept only while it is in force.
    List(KeyId, NonZeroU32),
    Ticket(TimeTicket),
}

impl Documents {
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// How many licenses and time tickets were taken in, whatever they gave.
    pub(crate) fn without_lists(&self) -> usize {
        self.all.iter().filter(|kept| !matches!(kept.paper.installed(), Installed::List)).count()
    }

    /// The latest issue date among the first so many documents, of those that came into force (X6).
    pub(crate) fn evidence(&self, documents: usize) -> DateTime<Utc> {
        documents.checked_sub(1).and_then(|last| self.all.get(last)).map_or(EARLIEST, |kept| kept.evidence)
    }

    /// The tokens in the order of the record, each as what it was taken in.
    pub(crate) fn tokens(&self) -> impl Iterator<Item = (Token, Installed)> {
        self.all.iter().map(|kept| (kept.paper.token(), kept.paper.installed()))
    }

    /// The licenses in force: of each id the highest revision, of two that conflict there the first recorded.
    pub(crate) fn in_force(&self) -> impl Iterator<Item = &License> {
        self.in_force.iter()
    }

    fn place(&self, id: LicenseId) -> Result<usize, usize> {
        self.in_force.binary_search_by_key(&id, |license| license.deal().id)
    }

    fn lists(&self) -> &[RevocationList] {
        self.beside.as_ref().map_or(&[], |beside| &beside.lists)
    }

    fn place_of_list(&self, key: KeyId) -> Result<usize, usize> {
        self.lists().binary_search_by_key(&key, RevocationList::key)
    }

    /// The list of a key that is in force.
    fn list(&self, key: KeyId) -> Option<&RevocationList> {
        self.place_of_list(key).ok().and_then(|at| self.lists().get(at))
    }

    pub(crate) fn license(&self, id: LicenseId) -> Option<&License> {
        self.place(id).ok().and_then(|at| self.in_force.get(at))
    }

    /// Whether a license would come into force, beside or in place of another revision.
    pub(crate) fn accept(&self, license: &License) -> Result<(), Unusable> {
        match self.license(license.deal().id) {
            None => Ok(()),
            Some(there) if there.deal().revision < license.deal().revision => Ok(()),
            Some(there) if there == license => Err(Unusable::AlreadyInstalled),
            Some(there) => {
                Err(Unusable::Superseded { revision: license.deal().revision, in_force: there.deal().revision })
            }
        }
    }

    /// Whether a list is more recent than the one of its key that is in force.
    pub(crate) fn accept_list(&self, list: &RevocationList) -> Result<(), Unusable> {
        let sequence = list.revocations().sequence;
        match self.list(list.key()).map(RevocationList::revocations) {
            Some(there) if there == list.revocations() => Err(Unusable::AlreadyInstalled),
            Some(there) if there.sequence >= sequence => Err(Unusable::OldList { sequence, in_force: there.sequence }),
            Some(_) | None => Ok(()),
        }
    }

    /// Whether a ticket is used for the first time.
    pub(crate) fn accept_ticket(&self, ticket: &TimeTicket) -> Result<(), Unusable> {
        let ticket = ticket.correction().id;
        let is_used = self.beside.as_ref().is_some_and(|beside| beside.tickets.binary_search(&ticket).is_ok());
        if is_used { Err(Unusable::TicketUsed { ticket }) } else { Ok(()) }
    }

    /// From when on the lists in force end a license.
    pub(crate) fn revoked_from(&self, license: &License) -> End {
        let ends = self.lists().iter().map(|list| list.ends(license.deal(), license.key()));
        ends.min().unwrap_or(End::Never)
    }

    /// When the list was made out from which a license counts its freshness: the latest, or the license itself.
    pub(crate) fn fresh_from(&self, license: &License) -> DateTime<Utc> {
        self.lists().iter().map(|list| list.revocations().issued).max().unwrap_or(license.deal().issued)
    }

    /// Keeps a token, whatever it gives; says what came into force by it, if anything.
    pub(crate) fn keep(&mut self, token: &Token, read: Result<License, Unusable>) -> Option<Arrival> {
        let read = read.and_then(|license| self.accept(&license).map(|()| license));
        let issued = read.as_ref().map_or(EARLIEST, |license| license.deal().issued);
        self.push(token, Installed::License, issued, read.clone().map(Read::License));
        let license = read.ok()?;
        let replaced = match self.place(license.deal().id) {
            Ok(at) => self.in_force.get_mut(at).map(|there| core::mem::replace(there, license.clone())),
            Err(at) => {
                room::insert_small(&mut self.in_force, at, license.clone());
                None
            }
        };
        Some(Arrival { license, replaced })
    }

    /// Keeps a list, whatever it ends; says whether it came into force.
    pub(crate) fn keep_list(&mut self, token: &Token, read: Result<RevocationList, Unusable>) -> InForce {
        let read = read.and_then(|list| self.accept_list(&list).map(|()| list));
        let issued = read.as_ref().map_or(EARLIEST, |list| list.revocations().issued);
        let named = read.as_ref().map(|list| Read::List(list.key(), list.revocations().sequence));
        self.push(token, Installed::List, issued, named.map_err(Clone::clone));
        match read {
            Ok(list) => {
                let place = self.place_of_list(list.key());
                let lists = &mut Arc::make_mut(self.beside.get_or_insert_default()).lists;
                match place {
                    Ok(at) => lists.get_mut(at).into_iter().for_each(|there| *there = list.clone()),
                    Err(at) => room::insert(lists, at, list),
                }
                InForce::Yes
            }
            Err(_) => InForce::No,
        }
    }

    /// Keeps a time ticket, read with how far back it corrects; says what it does, if it is in force.
    pub(crate) fn keep_ticket(&mut self, token: &Token, read: Result<(TimeTicket, End), Unusable>) -> Option<Mend> {
        let read = read.and_then(|(ticket, upto)| self.accept_ticket(&ticket).map(|()| (ticket, upto)));
        let mend = read.as_ref().ok().map(|(ticket, upto)| Mend { upto: *upto, issued: ticket.correction().issued });
        let issued = mend.map_or(EARLIEST, |mend| mend.issued);
        if let Ok((ticket, _)) = &read {
            let (used, beside) = (ticket.correction().id, Arc::make_mut(self.beside.get_or_insert_default()));
            if let Err(at) = beside.tickets.binary_search(&used) {
                room::insert(&mut beside.tickets, at, used);
            }
        }
        self.push(token, Installed::Ticket, issued, read.map(|(ticket, _)| Read::Ticket(ticket)));
        mend
    }

    fn push(&mut self, token: &Token, installed: Installed, issued: DateTime<Utc>, read: Result<Read, Unusable>) {
        let evidence = self.evidence(self.len()).max(issued);
        let (end, paper) = (self.len(), Paper::of(token, installed, read));
        room::insert_small(&mut self.all, end, Kept { paper, evidence });
    }

    /// Every token with what became of it, in the order of the record.
    pub(crate) fn all(&self) -> impl Iterator<Item = Document<'_>> {
        self.all.iter().map(|Kept { paper, .. }| Document { paper, status: self.status(paper) })
    }

    fn status<'a>(&'a self, paper: &'a Paper) -> Status<'a> {
        let of_license = |license| match self.license(License::deal(license).id) {
            Some(there) if there == license => Status::InForce(license),
            Some(_) | None => Status::Replaced(license),
        };
        match paper {
            Paper::License(license, _) => of_license(license),
            Paper::Written(written) => match &written.read {
                Err(unusable) => Status::GivesNothing(unusable),
                Ok(Read::License(license)) => of_license(license),
                Ok(Read::List(key, sequence)) => match self.list(*key) {
                    Some(list) if list.revocations().sequence == *sequence => Status::Revokes(list),
                    Some(_) | None => Status::ReplacedList,
                },
                Ok(Read::Ticket(ticket)) => Status::Corrects(ticket),
            },
        }
    }
}

/// A document in a tenant's record.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Document<'a> {
    paper: &'a Paper,
    /// What it gives.
    pub status: Status<'a>,
}

impl Document<'_> {
    /// The document as it was installed. Linear in it; allocates its text.
    #[must_use]
    pub fn token(&self) -> Token {
        self.paper.token()
    }
}

/// What a document gives (L3).
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Status<'a> {
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
    GivesNothing(&'a Unusable),
}
