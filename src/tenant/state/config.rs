//! The configuration of a tenant: what events do not change, and how this tenant verifies a token
//! (L1).

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::borrow::Borrow;

use chrono::{DateTime, Utc};

use crate::catalog::Catalog;
use crate::id::{OfferId, PublisherId, RecordId, TenantId};
use crate::license::checkpoint::{Anchor, Checkpoint};
use crate::license::deal::Licensee;
use crate::tenant::command::Command;
use crate::tenant::document_issue::DocumentIssue;
use crate::tenant::entry::Entry;
use crate::tenant::state::RecordState;
use crate::tenant::state::documents::{AnchorPoint, Documents, PlacedToken};
use crate::tenant::state::stored_document::Installed;
use crate::tenant::state::timeline::{PlacedCorrection, Timeline};
use crate::time::whole_second;
use crate::token::Token;
use crate::token::admission::Signed;
use crate::token::certificate::KeyCertificate;
use crate::token::error::TokenError;
use crate::token::footer::Kind;
use crate::token::license::License;
use crate::token::list::RevocationList;
use crate::token::ring::KeyRing;
use crate::token::ticket::TimeTicket;

/// What events do not change. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct TenantConfig {
    pub(crate) catalog: Catalog,
    pub(crate) ring: KeyRing,
    pub(crate) tenant: TenantId,
    pub(crate) record: RecordId,
    /// The checkpoints that the record was proved to contain. The value is the latest event time
    /// recorded since the last ticket before the checkpoint.
    pub(crate) contained: BTreeMap<Checkpoint, DateTime<Utc>>,
}

impl TenantConfig {
    /// Verifies that a token is a license for this offer, for this tenant or anyone, that is in
    /// force on a record with the certificates of these documents.
    pub(crate) fn license(&self, known: &Documents, token: &Token) -> Result<License, DocumentIssue> {
        let license = self.ring.verify_with(known.certificates(), token)?;
        let deal = license.deal();
        self.check_offer(Kind::License, &deal.publisher, &deal.offer)?;
        if let Licensee::Tenant(customer) = &deal.licensee {
            self.check_tenant(Kind::License, &customer.id)?;
        }
        self.anchor_point(&deal.anchor)?;
        Ok(license.sharing(&self.catalog, &self.tenant))
    }

    /// Verifies that a token is a revocation list of this publisher, by a key that may end licenses
    /// of this offer (X3, X5).
    pub(crate) fn list(&self, known: &Documents, token: &Token) -> Result<RevocationList, DocumentIssue> {
        let list = self.ring.verify_list_with(known.certificates(), token)?;
        self.check_publisher(Kind::RevocationList, &list.revocations().publisher)?;
        self.ring.covers(list.key(), &self.catalog.offer().offer)?;
        known.check_key(list.key(), Signed::List(list.revocations()))?;
        Ok(list)
    }

    /// Verifies that a token is a certificate of this publisher, for a key that may sign something of
    /// this offer (X10). Other certificates only decide how it is named if it is none.
    pub(crate) fn certificate(&self, known: &Documents, token: &Token) -> Result<KeyCertificate, DocumentIssue> {
        let certificate = self.ring.verify_certificate_with(known.certificates(), token)?;
        self.check_publisher(Kind::KeyCertificate, &certificate.certified().publisher)?;
        let offer = &self.catalog.offer().offer;
        if let Some(limit) = certificate.limits().find(|limit| limit.excludes(offer)) {
            return Err(TokenError::BeyondLimit { key: certificate.key(), limit: limit.clone(), plan: None }.into());
        }
        Ok(certificate)
    }

    /// Returns of documents what decides on the others wherever it stands: the certificates, and where
    /// they are for more than licenses, or there are tickets, the lists of keys of the ring, which end the
    /// keys of those (X5, X10).
    /// `O(n)` in the documents, of which these are verified.
    fn known<'t>(&self, documents: &(impl Iterator<Item = (&'t Token, Installed)> + Clone)) -> Documents {
        let (mut known, none, timeline) = (Documents::default(), Documents::default(), Timeline::new());
        let of = |wanted: Installed| {
            let wanted = documents.clone().filter(move |&(_, kind)| kind == wanted);
            wanted.map(|(token, _)| PlacedToken { token, position: 0 })
        };
        for entry in of(Installed::Certificate) {
            known.keep_certificate(entry, self.certificate(&none, entry.token), &timeline);
        }
        if known.certifies_more_than_licenses() || of(Installed::Ticket).next().is_some() {
            for entry in of(Installed::List) {
                known.keep_list(entry, self.list(&none, entry.token), &timeline);
            }
        }
        known
    }

    /// Verifies that a token is a time ticket for this tenant that counts on this record; returns
    /// also where it is anchored (X6).
    pub(crate) fn ticket(
        &self,
        known: &Documents,
        token: &Token,
    ) -> Result<(TimeTicket, Option<AnchorPoint>), DocumentIssue> {
        let ticket = self.ring.verify_ticket_with(known.certificates(), token)?;
        let correction = ticket.correction();
        known.check_key(ticket.key(), Signed::Ticket(correction))?;
        self.check_offer(Kind::TimeTicket, &correction.publisher, &correction.offer)?;
        self.check_tenant(Kind::TimeTicket, &correction.tenant)?;
        let anchor = self.anchor_point(&correction.anchor)?;
        Ok((ticket, anchor))
    }

    /// Returns the documents of a record in its order, each verified, and its times as its tickets
    /// correct them.
    ///
    /// Of the event times, the latest in each epoch suffices; `closed` has those of the epochs that
    /// a ticket ended, in order, and `open` that of the last epoch. `timeline` has no events. `O(n log n)`
    /// in the documents, times the tickets.
    pub(crate) fn read(
        &self,
        tokens: impl Iterator<Item = (impl Borrow<Token>, Installed, u64)>,
        closed: impl IntoIterator<Item = DateTime<Utc>>,
        open: DateTime<Utc>,
        mut timeline: Timeline,
    ) -> (Documents, Timeline) {
        let mut documents = Documents::default();
        let (mut closed, tokens) = (closed.into_iter(), tokens.collect::<Vec<_>>());
        let known = self.known(&tokens.iter().map(|(token, kind, _)| (token.borrow(), *kind)));
        for (token, kind, position) in tokens {
            if let Installed::Ticket = kind {
                if let Some(latest) = closed.next() {
                    timeline.record(latest);
                }
            }
            let entry = PlacedToken { token: token.borrow(), position };
            self.keep(&mut documents, &mut timeline, &known, kind, entry);
        }
        timeline.record(open);
        (documents, timeline)
    }

    /// Returns the corrections of the tickets in force of a record. `O(n)` in the record, whose
    /// documents are verified.
    pub(crate) fn corrections(&self, record: &[Entry]) -> Vec<PlacedCorrection> {
        let (mut documents, mut timeline) = (Documents::default(), Timeline::new());
        let all = record.iter().flat_map(|entry| &entry.event().commands).filter_map(installed);
        let known = self.known(&all);
        for event in record.iter().map(Entry::event) {
            timeline.record(whole_second(event.at));
            for (token, kind) in event.commands.iter().filter_map(installed) {
                let entry = PlacedToken { token, position: event.number };
                self.keep(&mut documents, &mut timeline, &known, kind, entry);
            }
        }
        timeline.corrections().to_vec()
    }

    fn keep(
        &self,
        documents: &mut Documents,
        timeline: &mut Timeline,
        known: &Documents,
        kind: Installed,
        entry: PlacedToken<'_>,
    ) {
        match kind {
            Installed::License => {
                documents.keep(entry, self.license(known, entry.token), timeline);
            }
            Installed::Certificate => {
                documents.keep_certificate(entry, self.certificate(known, entry.token), timeline);
            }
            Installed::List => {
                documents.keep_list(entry, self.list(known, entry.token), timeline);
            }
            Installed::Ticket => {
                documents.keep_ticket(entry, self.ticket(known, entry.token), timeline);
            }
        }
    }

    fn check_offer(&self, kind: Kind, publisher: &PublisherId, offer: &OfferId) -> Result<(), DocumentIssue> {
        let ours = self.catalog.offer();
        if *publisher == ours.publisher && *offer == ours.offer {
            return Ok(());
        }
        Err(DocumentIssue::OtherOffer {
            kind,
            publisher: publisher.clone(),
            offer: offer.clone(),
            our_publisher: ours.publisher.clone(),
            our_offer: ours.offer.clone(),
        })
    }

    fn check_publisher(&self, kind: Kind, publisher: &PublisherId) -> Result<(), DocumentIssue> {
        let ours = &self.catalog.offer().publisher;
        if publisher == ours {
            return Ok(());
        }
        Err(DocumentIssue::OtherPublisher { kind, publisher: publisher.clone(), ours: ours.clone() })
    }

    fn check_tenant(&self, kind: Kind, tenant: &TenantId) -> Result<(), DocumentIssue> {
        if *tenant == self.tenant {
            return Ok(());
        }
        Err(DocumentIssue::OtherTenant { kind, tenant: tenant.clone(), ours: self.tenant.clone() })
    }

    /// Returns where a document is anchored; `None` if it is not anchored.
    fn anchor_point(&self, anchor: &Anchor) -> Result<Option<AnchorPoint>, DocumentIssue> {
        let Anchor::Record(checkpoint) = anchor else { return Ok(None) };
        match self.contained.get(checkpoint) {
            Some(&latest_event) => Ok(Some(AnchorPoint { position: checkpoint.position(), latest_event })),
            None => Err(DocumentIssue::NotContained { checkpoint: checkpoint.clone() }),
        }
    }
}

impl RecordState {
    /// Reads all documents of the record again, and corrects its times by the tickets among them. Pools
    /// have to be rebuilt after it. `O(n log n)` in the documents, times the tickets.
    pub(crate) fn read_again(&mut self, base: &TenantConfig) {
        let (recorded, open) = (self.timeline.recorded(), self.timeline.open());
        let empty = self.timeline.without_events();
        let (documents, timeline) = base.read(self.documents.tokens(), recorded, open, empty);
        self.documents = Arc::new(documents);
        self.timeline = timeline;
    }
}

/// Returns the document that a command installs, with the kind that it names.
fn installed(command: &Command) -> Option<(&Token, Installed)> {
    match command {
        Command::Install(token) => Some((token, Installed::License)),
        Command::InstallRevocationList(token) => Some((token, Installed::List)),
        Command::CorrectTime(token) => Some((token, Installed::Ticket)),
        Command::InstallCertificate(token) => Some((token, Installed::Certificate)),
        _ => None,
    }
}
