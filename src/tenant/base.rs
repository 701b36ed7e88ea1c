//! What does not change with events, and what a token is to this tenant (L1).

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::borrow::Borrow;

use chrono::{DateTime, Utc};

use crate::catalog::Catalog;
use crate::checkpoint::{Anchor, Checkpoint};
use crate::deal::Holder;
use crate::id::{OfferId, PublisherId, TenantId};
use crate::tenant::documents::{Documents, Installed};
use crate::tenant::timeline::Mend;
use crate::tenant::unusable::Unusable;
use crate::time::End;
use crate::token::Token;
use crate::token::footer::Kind;
use crate::token::license::License;
use crate::token::list::RevocationList;
use crate::token::ring::KeyRing;
use crate::token::ticket::TimeTicket;

/// What does not change with events. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Base {
    pub(crate) catalog: Catalog,
    pub(crate) ring: KeyRing,
    pub(crate) tenant: TenantId,
    /// The checkpoints that the record was proved to contain, with the time at which it stood there.
    pub(crate) contained: BTreeMap<Checkpoint, DateTime<Utc>>,
}

impl Base {
    /// Proves a token to be a license for this offer, for this tenant or anyone, that is in force on this record.
    pub(crate) fn license(&self, token: &Token) -> Result<License, Unusable> {
        let license = self.ring.verify(token)?;
        let deal = license.deal();
        self.is_ours(Kind::License, &deal.publisher, &deal.offer)?;
        if let Holder::Tenant(customer) = &deal.holder {
            self.is_us(Kind::License, &customer.id)?;
        }
        self.stood_at(&deal.anchor)?;
        Ok(license.sharing(&self.catalog, &self.tenant))
    }

    /// Proves a token to be a revocation list of this publisher (X5).
    pub(crate) fn list(&self, token: &Token) -> Result<RevocationList, Unusable> {
        let list = self.ring.verify_list(token)?;
        let (publisher, ours) = (&list.revocations().publisher, &self.catalog.offer().publisher);
        if publisher == ours {
            Ok(list)
        } else {
            Err(Unusable::OtherPublisher { publisher: publisher.clone(), ours: ours.clone() })
        }
    }

    /// Proves a token to be a time ticket for this tenant that counts on this record, with the latest time that it
    /// corrects (X6).
    pub(crate) fn ticket(&self, token: &Token) -> Result<(TimeTicket, End), Unusable> {
        let ticket = self.ring.verify_ticket(token)?;
        let said = ticket.correction();
        self.is_ours(Kind::TimeTicket, &said.publisher, &said.offer)?;
        self.is_us(Kind::TimeTicket, &said.tenant)?;
        let upto = self.stood_at(&said.anchor)?;
        Ok((ticket, upto))
    }

    /// The documents of a record in its order, each verified, and what each of its time tickets does.
    pub(crate) fn read(
        &self,
        tokens: impl Iterator<Item = (impl Borrow<Token>, Installed)>,
    ) -> (Documents, Vec<Option<Mend>>) {
        let (mut documents, mut mends) = (Documents::default(), Vec::new());
        for (token, kind) in tokens {
            let token = token.borrow();
            match kind {
                Installed::License => {
                    documents.keep(token, self.license(token));
                }
                Installed::List => {
                    documents.keep_list(token, self.list(token));
                }
                Installed::Ticket => mends.push(documents.keep_ticket(token, self.ticket(token))),
            }
        }
        (documents, mends)
    }

    fn is_ours(&self, kind: Kind, publisher: &PublisherId, offer: &OfferId) -> Result<(), Unusable> {
        let ours = self.catalog.offer();
        if *publisher == ours.publisher && *offer == ours.offer {
            return Ok(());
        }
        Err(Unusable::OtherOffer {
            kind,
            publisher: publisher.clone(),
            offer: offer.clone(),
            our_publisher: ours.publisher.clone(),
            our_offer: ours.offer.clone(),
        })
    }

    fn is_us(&self, kind: Kind, tenant: &TenantId) -> Result<(), Unusable> {
        if *tenant == self.tenant {
            return Ok(());
        }
        Err(Unusable::OtherTenant { kind, tenant: tenant.clone(), ours: self.tenant.clone() })
    }

    /// When the record stood at an anchor; never, if the document is not anchored.
    fn stood_at(&self, anchor: &Anchor) -> Result<End, Unusable> {
        match anchor {
            Anchor::Anywhere => Ok(End::Never),
            Anchor::Record(checkpoint) => match self.contained.get(checkpoint) {
                Some(&at) => Ok(End::At(at)),
                None => Err(Unusable::NotContained { checkpoint: checkpoint.clone() }),
            },
        }
    }
}
