//! Whether a document keeps what its key is trusted for (X3).

use chrono::{DateTime, Utc};

use crate::id::{PlanId, PublisherId};
use crate::key::KeyId;
use crate::license::deal::{Deal, Licensee};
use crate::license::grant::{Fallback, Grant, GrantKind, Tolerance};
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
            (Self::Terms(days), Signed::License(deal)) => grant_later_than(deal, *days).is_none(),
            (Self::Units(plans), Signed::License(deal)) => grant_beyond(deal, plans).is_none(),
            (Self::Offers(_), Signed::List(_) | Signed::Certificate(_))
            | (Self::Terms(_) | Self::Units(_), Signed::Certificate(_)) => true,
            // `KeyRing::trust` refuses these constraints for keys that sign lists or tickets.
            (Self::Terms(_) | Self::Units(_), Signed::List(_) | Signed::Ticket(_)) => false,
        }
    }

    /// Returns the error of a document of a key that does not keep the constraint.
    pub(super) fn broken(&self, key: KeyId, document: Signed<'_>) -> TokenError {
        let grant = match (self, document) {
            (Self::Terms(days), Signed::License(deal)) => grant_later_than(deal, *days),
            (Self::Units(plans), Signed::License(deal)) => grant_beyond(deal, plans),
            _ => None,
        };
        TokenError::BeyondLimit { key, limit: self.clone(), plan: grant.map(|grant| grant.plan.clone()) }
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
            Some(limit) => Err(limit.broken(key, document)),
            None => Ok(()),
        }
    }
}

/// Returns the first grant of a license that is usable later than so many days after its issue date.
fn grant_later_than(deal: &Deal, days: Days) -> Option<&Grant> {
    let latest = End::after(deal.issued, days);
    let is_within = |kind: &GrantKind| {
        let last = kind.last_use();
        kind.fallback() == Fallback::None && last != End::Never && last <= latest
    };
    deal.grants.iter().find(|grant| !is_within(&grant.kind))
}

/// Returns the first grant of a license that is of none of these plans, that makes more units of its plan
/// than these, or that has amounts of quotas. `O(n²)` in its grants.
fn grant_beyond<'a>(deal: &'a Deal, plans: &[PlanUnits]) -> Option<&'a Grant> {
    let units = |plan: &PlanId| {
        let of_plan = deal.grants.iter().filter(|grant| grant.plan == *plan);
        let units = of_plan.map(|grant| match &grant.tolerance {
            Tolerance::UpTo(tolerated) => tolerated.units.max(grant.units),
            Tolerance::None => grant.units,
        });
        units.fold(Total::ZERO, |sum, units| sum.plus(units.into()))
    };
    deal.grants.iter().find(|grant| {
        let most = plans.iter().filter(|most| most.plan == grant.plan).map(|most| Total::from(most.units)).min();
        !grant.amounts.is_empty() || most.is_none_or(|most| units(&grant.plan) > most)
    })
}
