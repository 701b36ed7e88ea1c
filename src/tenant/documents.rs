//! The documents of a tenant: every token in its record, and what it gives (L1, L3).

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use core::num::NonZeroU32;

use chrono::{DateTime, Utc};
use thiserror::Error;

use crate::catalog::Catalog;
use crate::deal::Holder;
use crate::id::{LicenseId, OfferId, PublisherId, TenantId};
use crate::time::EARLIEST;
use crate::token::Token;
use crate::token::license::License;
use crate::token::ring::{KeyRing, TokenError};

/// Why a token gives a tenant nothing, or cannot be installed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Unusable {
    /// It is not a license under the tenant's key ring.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// It is for another product (L1).
    #[error("the license is for `{publisher}` `{offer}`, this application is `{our_publisher}` `{our_offer}`")]
    OtherOffer {
        /// The publisher in the license.
        publisher: PublisherId,
        /// The offer in the license.
        offer: OfferId,
        /// The publisher of the catalog.
        our_publisher: PublisherId,
        /// The offer of the catalog.
        our_offer: OfferId,
    },
    /// It is for another tenant (L1).
    #[error("the license is for the tenant `{tenant}`, this is `{ours}`")]
    OtherTenant {
        /// The tenant in the license.
        tenant: TenantId,
        /// This tenant.
        ours: TenantId,
    },
    /// The very same license is in force already (L3).
    #[error("this license is already installed")]
    AlreadyInstalled,
    /// A revision at least as high is in force, with other content (L3).
    #[error("revision {revision} of this license is superseded: revision {in_force} is installed")]
    Superseded {
        /// The revision of the token.
        revision: NonZeroU32,
        /// The revision in force.
        in_force: NonZeroU32,
    },
}

impl Unusable {
    /// A stable name for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Token(error) => error.code(),
            Self::OtherOffer { .. } => "install.other-offer",
            Self::OtherTenant { .. } => "install.other-tenant",
            Self::AlreadyInstalled => "install.already-installed",
            Self::Superseded { .. } => "install.superseded",
        }
    }
}

/// Proves a token to be a license for this offer and this tenant, or anyone (L1).
pub(crate) fn read(token: &Token, catalog: &Catalog, ring: &KeyRing, tenant: &TenantId) -> Result<License, Unusable> {
    let license = ring.verify(token)?;
    let (deal, ours) = (license.deal(), catalog.offer());
    if deal.publisher != ours.publisher || deal.offer != ours.offer {
        return Err(Unusable::OtherOffer {
            publisher: deal.publisher.clone(),
            offer: deal.offer.clone(),
            our_publisher: ours.publisher.clone(),
            our_offer: ours.offer.clone(),
        });
    }
    match &deal.holder {
        Holder::Tenant(customer) if customer.id != *tenant => {
            Err(Unusable::OtherTenant { tenant: customer.id.clone(), ours: tenant.clone() })
        }
        Holder::Tenant(_) | Holder::Anyone => Ok(license),
    }
}

/// A license that came into force.
pub(crate) struct Arrival {
    pub(crate) license: License,
    /// Its revision before.
    pub(crate) replaced: Option<License>,
}

/// The documents as they were recorded. Clones share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Documents {
    all: Arc<Vec<Kept>>,
    in_force: Arc<BTreeMap<LicenseId, License>>,
}

#[derive(Debug, Clone)]
struct Kept {
    token: Token,
    read: Result<License, Unusable>,
    /// The latest issue date of what came into force up to here.
    evidence: DateTime<Utc>,
}

impl Documents {
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// The latest issue date among the first so many documents, of those that came into force (X6).
    pub(crate) fn evidence(&self, documents: usize) -> DateTime<Utc> {
        documents.checked_sub(1).and_then(|last| self.all.get(last)).map_or(EARLIEST, |kept| kept.evidence)
    }

    /// The tokens in the order of the record.
    pub(crate) fn tokens(&self) -> impl Iterator<Item = &Token> {
        self.all.iter().map(|kept| &kept.token)
    }

    /// The licenses in force: of each id the highest revision, of two that conflict there the first recorded.
    pub(crate) fn in_force(&self) -> impl Iterator<Item = &License> {
        self.in_force.values()
    }

    pub(crate) fn license(&self, id: LicenseId) -> Option<&License> {
        self.in_force.get(&id)
    }

    /// Whether a license would come into force, beside or in place of another revision.
    pub(crate) fn accept(&self, license: &License) -> Result<(), Unusable> {
        match self.license(license.deal().id) {
            None => Ok(()),
            Some(there) if there.deal().revision < license.deal().revision => Ok(()),
            Some(there) if there.deal() == license.deal() => Err(Unusable::AlreadyInstalled),
            Some(there) => {
                Err(Unusable::Superseded { revision: license.deal().revision, in_force: there.deal().revision })
            }
        }
    }

    /// Keeps a token, whatever it gives; says what came into force by it, if anything.
    pub(crate) fn keep(&mut self, token: &Token, read: Result<License, Unusable>) -> Option<Arrival> {
        let read = read.and_then(|license| self.accept(&license).map(|()| license));
        let issued = read.as_ref().map_or(EARLIEST, |license| license.deal().issued);
        let evidence = self.evidence(self.len()).max(issued);
        Arc::make_mut(&mut self.all).push(Kept { token: token.clone(), read: read.clone(), evidence });
        let license = read.ok()?;
        let replaced = Arc::make_mut(&mut self.in_force).insert(license.deal().id, license.clone());
        Some(Arrival { license, replaced })
    }

    /// Every token with what became of it, in the order of the record.
    pub(crate) fn all(&self) -> impl Iterator<Item = Document<'_>> {
        self.all.iter().map(|Kept { token, read, .. }| {
            let status = match read {
                Err(unusable) => Status::GivesNothing(unusable),
                Ok(license) if self.license(license.deal().id) == Some(license) => Status::InForce(license),
                Ok(license) => Status::Replaced(license),
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
    /// It stays in the record and gives nothing: its key is gone, say.
    GivesNothing(&'a Unusable),
}
