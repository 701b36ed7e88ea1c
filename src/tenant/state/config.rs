//! The configuration of a tenant: what events do not change, and how this tenant verifies a token
//! (L1).

use alloc::collections::BTreeMap;
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
use crate::tenant::state::documents::{AnchorPoint, Documents, PlacedToken};
use crate::tenant::state::stored_document::Installed;
use crate::tenant::state::timeline::{PlacedCorrection, Timeline};
use crate::time::whole_second;
use crate::token::Token;
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
    /// force on this record.
    pub(crate) fn license(&self, token: &Token) -> Result<License, DocumentIssue> {
        let license = self.ring.verify(token)?;
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
    pub(crate) fn list(&self, token: &Token) -> Result<RevocationList, DocumentIssue> {
        let list = self.ring.verify_list(token)?;
        let (publisher, ours) = (&list.revocations().publisher, &self.catalog.offer().publisher);
        if publisher != ours {
            return Err(DocumentIssue::OtherPublisher { publisher: publisher.clone(), ours: ours.clone() });
        }
        self.ring.covers(list.key(), &self.catalog.offer().offer)?;
        Ok(list)
    }

    /// Verifies that a token is a time ticket for this tenant that counts on this record; returns
    /// also where it is anchored (X6).
    pub(crate) fn ticket(&self, token: &Token) -> Result<(TimeTicket, Option<AnchorPoint>), DocumentIssue> {
        let ticket = self.ring.verify_ticket(token)?;
        let correction = ticket.correction();
        self.check_offer(Kind::TimeTicket, &correction.publisher, &correction.offer)?;
        self.check_tenant(Kind::TimeTicket, &correction.tenant)?;
        let anchor = self.anchor_point(&correction.anchor)?;
        Ok((ticket, anchor))
    }

    /// Returns the documents of a record in its order, each verified, and its times as its tickets
    /// correct them.
    ///
    /// Of the event times, the latest in each epoch suffices; `closed` has those of the epochs that
    /// a ticket ended, in order, and `open` that of the last epoch. `O(n log n)` in the documents,
    /// times the tickets.
    pub(crate) fn read(
        &self,
        tokens: impl Iterator<Item = (impl Borrow<Token>, Installed, u64)>,
        closed: impl IntoIterator<Item = DateTime<Utc>>,
        open: DateTime<Utc>,
    ) -> (Documents, Timeline) {
        let (mut documents, mut timeline) = (Documents::default(), Timeline::new());
        let mut closed = closed.into_iter();
        for (token, kind, position) in tokens {
            if let Installed::Ticket = kind {
                if let Some(latest) = closed.next() {
                    timeline.record(latest);
                }
            }
            self.keep(&mut documents, &mut timeline, kind, PlacedToken { token: token.borrow(), position });
        }
        timeline.record(open);
        (documents, timeline)
    }

    /// Returns the corrections of the tickets in force of a record. `O(n)` in the record, whose
    /// documents are verified.
    pub(crate) fn corrections(&self, record: &[Entry]) -> Vec<PlacedCorrection> {
        let (mut documents, mut timeline) = (Documents::default(), Timeline::new());
        for event in record.iter().map(Entry::event) {
            timeline.record(whole_second(event.at));
            for command in &event.commands {
                let (token, kind) = match command {
                    Command::Install(token) => (token, Installed::License),
                    Command::InstallRevocationList(token) => (token, Installed::List),
                    Command::CorrectTime(token) => (token, Installed::Ticket),
                    _ => continue,
                };
                self.keep(&mut documents, &mut timeline, kind, PlacedToken { token, position: event.number });
            }
        }
        timeline.corrections().to_vec()
    }

    fn keep(&self, documents: &mut Documents, timeline: &mut Timeline, kind: Installed, entry: PlacedToken<'_>) {
        match kind {
            Installed::License => {
                documents.keep(entry, self.license(entry.token), timeline);
            }
            Installed::List => {
                documents.keep_list(entry, self.list(entry.token), timeline);
            }
            Installed::Ticket => {
                documents.keep_ticket(entry, self.ticket(entry.token), timeline);
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
