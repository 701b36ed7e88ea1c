//! Whether a document keeps what its key is trusted for (X3).

use chrono::{DateTime, Utc};

use crate::id::{PlanId, PublisherId};
use crate::key::KeyId;
use crate::license::deal::{Deal, Licensee};
use crate::license::grant::{Fallback, GrantKind, Tolerance};
use crate::license::revocation::RevocationListDraft;
use crate::license::time_ticket_draft::TimeTicketDraft;
use crate::quantity::Total;
use crate::time::{Days, End};
use crate::token::certificate_draft::KeyCertificateDraft;
use crate::token::error::TokenError;
use crate::token::permissions::{KeyConstraint, KeyPermissions, KeyPurpose, PlanUnits};

/// What a key signed.
#[derive(Clone, Copy)]
pub(crate) enum Signed<'a> {
    License(&'a Deal),
    List(&'a RevocationListDraft),
    Ticket(&'a TimeTicketDraft),
    Certificate(&'a KeyCertificateDraft),
}

impl Signed<'_> {
    /// Returns the purpose for which its key has to be trusted.
    pub(super) fn purpose(self) -> KeyPurpose {
        match self {
            Self::License(deal) => match deal.licensee {
                Licensee::Tenant(_) => KeyPurpose::Licenses,
                Licensee::Anyone => KeyPurpose::LicensesForAnyone,
            },
            Self::List(_) => KeyPurpose::Revocations,
            Self::Ticket(_) => KeyPurpose::TimeTickets,
            Self::Certificate(_) => KeyPurpose::Certificates,
        }
    }

    /// Returns the publisher whose offers it is for.
    pub(super) fn publisher(&self) -> &PublisherId {
        match self {
            Self::License(deal) => &deal.publisher,
            Self::List(list) => &list.publisher,
            Self::Ticket(ticket) => &ticket.publisher,
            Self::Certificate(certificate) => &certificate.publisher,
        }
    }

    /// Returns the issue date.
    pub(crate) fn issued(self) -> DateTime<Utc> {
        match self {
            Self::License(deal) => deal.issued,
            Self::List(list) => list.issued,
            Self::Ticket(ticket) => ticket.issued,
            Self::Certificate(certificate) => certificate.issued,
        }
    }
}

impl KeyConstraint {
    /// Returns whether a document keeps the constraint. Those of a list on offers are checked where a
    /// tenant installs it, and those on terms and units hold for what a certified key signs.
    pub(super) fn allows(&self, document: Signed<'_>) -> bool {
        match (self, document) {
            (Self::IssuedBefore(at), document) => document.issued() < *at,
            (Self::Offers(offers), Signed::License(deal)) => offers.contains(&deal.offer),
            (Self::Offers(offers), Signed::Ticket(ticket)) => offers.contains(&ticket.offer),
            (Self::Terms(days), Signed::License(deal)) => ends_within(deal, *days),
            (Self::Units(plans), Signed::License(deal)) => grants_within(deal, plans),
            (Self::Offers(_), Signed::List(_) | Signed::Certificate(_))
            | (Self::Terms(_) | Self::Units(_), Signed::Certificate(_)) => true,
            // `KeyRing::trust` refuses these constraints for keys that sign lists or tickets.
            (Self::Terms(_) | Self::Units(_), Signed::List(_) | Signed::Ticket(_)) => false,
        }
    }
}

impl KeyPermissions {
    /// Checks that a document of a key with these permissions keeps them.
    pub(super) fn admit(&self, key: KeyId, document: Signed<'_>) -> Result<(), TokenError> {
        let purpose = document.purpose();
        if !self.include(purpose) {
            return Err(TokenError::NotTrusted { key, purpose });
        }
        match self.limits.iter().find(|limit| !limit.allows(document)) {
            Some(limit) => Err(TokenError::BeyondLimit { key, limit: limit.clone() }),
            None => Ok(()),
        }
    }
}

/// Returns whether nothing in a license is usable later than so many days after its issue date.
fn ends_within(deal: &Deal, days: Days) -> bool {
    let latest = End::after(deal.issued, days);
    let is_within = |kind: &GrantKind| {
        let last = kind.last_use();
        kind.fallback() == Fallback::None && last != End::Never && last <= latest
    };
    deal.grants.iter().all(|grant| is_within(&grant.kind))
}

/// Returns whether a license grants these plans alone, of each no more than these units, and no amounts of
/// quotas. `O(n²)` in its grants.
fn grants_within(deal: &Deal, plans: &[PlanUnits]) -> bool {
    let units = |plan: &PlanId| {
        let of_plan = deal.grants.iter().filter(|grant| grant.plan == *plan);
        let units = of_plan.map(|grant| match &grant.tolerance {
            Tolerance::UpTo(tolerated) => tolerated.units.max(grant.units),
            Tolerance::None => grant.units,
        });
        units.fold(Total::ZERO, |sum, units| sum.plus(units.into()))
    };
    deal.grants.iter().all(|grant| {
        let most = plans.iter().filter(|most| most.plan == grant.plan).map(|most| Total::from(most.units)).min();
        grant.amounts.is_empty() && most.is_some_and(|most| units(&grant.plan) <= most)
    })
}
