//! The documents of a tenant: every token in its record, and what it gives (L1, L3).

use alloc::boxed::Box;
use alloc::vec::Vec;

use core::num::NonZeroU32;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::checkpoint::Checkpoint;
use crate::id::{LicenseId, OfferId, PublisherId, TenantId, TicketId};
use crate::key::KeyId;
use crate::tenant::room;
use crate::tenant::timeline::Turn;
use crate::time::{EARLIEST, End};
use crate::token::Token;
use crate::token::footer::Kind;
use crate::token::license::License;
use crate::token::list::RevocationList;
use crate::token::ring::TokenError;
use crate::token::ticket::TimeTicket;

/// Why a token gives a tenant nothing, or cannot be installed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Unusable {
    /// It is not a license under the tenant's key ring.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// It is for another product (L1).
    #[error("the {kind} is for `{publisher}` `{offer}`, this application is `{our_publisher}` `{our_offer}`")]
    OtherOffer {
        /// What kind of document it is.
        kind: Kind,
        /// The publisher in it.
        publisher: PublisherId,
        /// The offer in it.
        offer: OfferId,
        /// The publisher of the catalog.
        our_publisher: PublisherId,
        /// The offer of the catalog.
        our_offer: OfferId,
    },
    /// It is a list of another publisher (X5).
    #[error("the revocation list is of `{publisher}`, this application of `{ours}`")]
    OtherPublisher {
        /// The publisher of the list.
        publisher: PublisherId,
        /// The publisher of the catalog.
        ours: PublisherId,
    },
    /// A list of that key at least as recent is in force (X5).
    #[error("the revocation list {sequence} is superseded: list {in_force} of that key is in force")]
    OldList {
        /// The sequence number of the list.
        sequence: NonZeroU32,
        /// That of the list in force.
        in_force: NonZeroU32,
    },
    /// It is for another tenant (L1).
    #[error("the {kind} is for the tenant `{tenant}`, this is `{ours}`")]
    OtherTenant {
        /// What kind of document it is.
        kind: Kind,
        /// The tenant in it.
        tenant: TenantId,
        /// This tenant.
        ours: TenantId,
    },
    /// The very same license is in force already (L3).
    #[error("this document is already installed")]
    AlreadyInstalled,
    /// A revision at least as high is in force, with other content (L3).
    #[error("revision {revision} of this license is superseded: revision {in_force} is installed")]
    Superseded {
        /// The revision of the token.
        revision: NonZeroU32,
        /// The revision in force.
        in_force: NonZeroU32,
    },
    /// It counts only on a record that contains a checkpoint, and the record was not proved to (X7).
    #[error("it counts only on a record that contains the checkpoint `{checkpoint}`: this one was not proved to")]
    NotContained {
        /// The checkpoint, for [`Ledger::prove`](crate::Ledger::prove).
        checkpoint: Checkpoint,
    },
    /// The time ticket was used in this record already (X6).
    #[error("the time ticket {ticket} was used already: each is used once")]
    TicketUsed {
        /// The ticket.
        ticket: TicketId,
    },
}

impl Unusable {
    /// A stable name for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Token(error) => error.code(),
            Self::OtherOffer { .. } => "install.other-offer",
            Self::OtherPublisher { .. } => "install.other-publisher",
            Self::OldList { .. } => "install.old-list",
            Self::OtherTenant { .. } => "install.other-tenant",
            Self::AlreadyInstalled => "install.already-installed",
            Self::Superseded { .. } => "install.superseded",
            Self::NotContained { .. } => "install.not-contained",
            Self::TicketUsed { .. } => "install.ticket-used",
        }
    }
}

/// A license that came into force.
pub(crate) struct Arrival {
    pub(crate) license: License,
    /// Its revision before.
    pub(crate) replaced: Option<License>,
}

/// The documents as they were recorded.
#[derive(Debug, Clone, Default)]
pub(crate) struct Documents {
    all: Vec<Kept>,
    /// Sorted by id.
    in_force: Vec<License>,
    /// Of each key its latest list; sorted by key.
    lists: Vec<RevocationList>,
    /// The time tickets that were used; sorted.
    tickets: Vec<TicketId>,
}

#[derive(Debug, Clone)]
struct Kept {
    token: Token,
    installed: Installed,
    read: Result<Read, Box<Unusable>>,
    /// The latest issue date of what came into force up to here.
    evidence: DateTime<Utc>,
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
        self.all.iter().filter(|kept| !matches!(kept.installed, Installed::List)).count()
    }

    /// The latest issue date among the first so many documents, of those that came into force (X6).
    pub(crate) fn evidence(&self, documents: usize) -> DateTime<Utc> {
        documents.checked_sub(1).and_then(|last| self.all.get(last)).map_or(EARLIEST, |kept| kept.evidence)
    }

    /// The tokens in the order of the record, each as what it was taken in.
    pub(crate) fn tokens(&self) -> impl Iterator<Item = (&Token, Installed)> {
        self.all.iter().map(|kept| (&kept.token, kept.installed))
    }

    /// The licenses in force: of each id the highest revision, of two that conflict there the first recorded.
    pub(crate) fn in_force(&self) -> impl Iterator<Item = &License> {
        self.in_force.iter()
    }

    fn place(&self, id: LicenseId) -> Result<usize, usize> {
        self.in_force.binary_search_by_key(&id, |license| license.deal().id)
    }

    fn place_of_list(&self, key: KeyId) -> Result<usize, usize> {
        self.lists.binary_search_by_key(&key, RevocationList::key)
    }

    /// The list of a key that is in force.
    fn list(&self, key: KeyId) -> Option<&RevocationList> {
        self.place_of_list(key).ok().and_then(|at| self.lists.get(at))
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
        if self.tickets.binary_search(&ticket).is_ok() { Err(Unusable::TicketUsed { ticket }) } else { Ok(()) }
    }

    /// From when on the lists in force end a license.
    pub(crate) fn revoked_from(&self, license: &License) -> End {
        let ends = self.lists.iter().map(|list| list.ends(license.deal(), license.key()));
        ends.min().unwrap_or(End::Never)
    }

    /// When the list was made out from which a license counts its freshness: the latest, or the license itself.
    pub(crate) fn fresh_from(&self, license: &License) -> DateTime<Utc> {
        self.lists.iter().map(|list| list.revocations().issued).max().unwrap_or(license.deal().issued)
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
                room::insert(&mut self.in_force, at, license.clone());
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
                match self.place_of_list(list.key()) {
                    Ok(at) => self.lists.get_mut(at).into_iter().for_each(|there| *there = list.clone()),
                    Err(at) => room::insert(&mut self.lists, at, list),
                }
                InForce::Yes
            }
            Err(_) => InForce::No,
        }
    }

    /// Keeps a time ticket, read with how far back it corrects; says what it does, if it is in force.
    pub(crate) fn keep_ticket(&mut self, token: &Token, read: Result<(TimeTicket, End), Unusable>) -> Option<Turn> {
        let read = read.and_then(|(ticket, upto)| self.accept_ticket(&ticket).map(|()| (ticket, upto)));
        let turn = read.as_ref().ok().map(|(ticket, upto)| Turn { upto: *upto, issued: ticket.correction().issued });
        let issued = turn.map_or(EARLIEST, |turn| turn.issued);
        if let Ok((ticket, _)) = &read {
            let used = ticket.correction().id;
            if let Err(at) = self.tickets.binary_search(&used) {
                room::insert(&mut self.tickets, at, used);
            }
        }
        self.push(token, Installed::Ticket, issued, read.map(|(ticket, _)| Read::Ticket(ticket)));
        turn
    }

    fn push(&mut self, token: &Token, installed: Installed, issued: DateTime<Utc>, read: Result<Read, Unusable>) {
        let evidence = self.evidence(self.len()).max(issued);
        let (end, read) = (self.len(), read.map_err(Box::new));
        room::insert(&mut self.all, end, Kept { token: token.clone(), installed, read, evidence });
    }

    /// Every token with what became of it, in the order of the record.
    pub(crate) fn all(&self) -> impl Iterator<Item = Document<'_>> {
        self.all.iter().map(|Kept { token, read, .. }| {
            let status = match read {
                Err(unusable) => Status::GivesNothing(unusable),
                Ok(Read::License(license)) if self.license(license.deal().id) == Some(license) => {
                    Status::InForce(license)
                }
                Ok(Read::License(license)) => Status::Replaced(license),
                Ok(Read::List(key, sequence)) => match self.list(*key) {
                    Some(list) if list.revocations().sequence == *sequence => Status::Revokes(list),
                    Some(_) | None => Status::ReplacedList,
                },
                Ok(Read::Ticket(ticket)) => Status::Corrects(ticket),
            };
            Document { token, status }
        })
    }
}

/// A document in a tenant's record.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Document<'a> {
    /// The document as it was installed.
    pub token: &'a Token,
    /// What it gives.
    pub status: Status<'a>,
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
