//! What keys are trusted for (X3).

use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::document::{choice, object};
use crate::id::{OfferId, PlanId};
use crate::key::KeyId;
use crate::message::{Value, messages};
use crate::quantity::Units;
use crate::time::Days;
use crate::time::instant::{self, Instant};

/// A purpose for which a key is trusted (X3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum KeyPurpose {
    /// Licenses for one tenant.
    Licenses,
    /// Licenses for anyone.
    LicensesForAnyone,
    /// Revocation lists.
    Revocations,
    /// Time tickets.
    TimeTickets,
    /// Certificates, which give other keys purposes that this one has as well (X10).
    Certificates,
}

messages! {
    KeyPurpose;
    Self::Licenses => "key-purpose.licenses", "licenses";
    Self::LicensesForAnyone => "key-purpose.licenses-for-anyone", "licenses for anyone";
    Self::Revocations => "key-purpose.revocations", "revocation lists";
    Self::TimeTickets => "key-purpose.time-tickets", "time tickets";
    Self::Certificates => "key-purpose.certificates", "certificates";
}

/// The purposes for which one key is trusted, at least one, and the constraints on what it signs
/// (X3).
///
/// Constraints bound what a stolen key can do. The issue date is the signer's own word, so a
/// constraint on it alone is hygiene. A constraint on how long after its issue a license is usable
/// holds against theft as far as hosts accept no documents dated ahead of their clocks. On a forged
/// record, a later issue date raises the floor instead (X6), so that such a license is usable only
/// where everything else has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPermissions {
    first: KeyPurpose,
    others: Vec<KeyPurpose>,
    pub(crate) limits: Vec<KeyConstraint>,
}

/// A constraint on what a key may sign (X3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum KeyConstraint {
    /// Only documents for these offers of its publisher.
    Offers(Vec<OfferId>),
    /// Only documents issued before this instant.
    IssuedBefore(#[serde(with = "instant")] DateTime<Utc>),
    /// Only licenses that are not usable later than this many days after their issue date, grace
    /// and extensions included; nothing perpetual, and no fallback (V1).
    Terms(Days),
    /// Only licenses that grant these plans alone, each no more units in all, tolerances counted, and
    /// no amounts of quotas. How many licenses the key signs nothing bounds (X10).
    Units(Vec<PlanUnits>),
}
choice! {
    KeyConstraint {
        "offers" => Offers(Vec<OfferId>),
        "issued_before" => IssuedBefore(Instant),
        "terms" => Terms(Days),
        "units" => Units(Vec<PlanUnits>),
    }
}
object! { PlanUnits { plan, units } }

/// The most units of a plan in one license.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PlanUnits {
    /// The plan.
    pub plan: PlanId,
    /// The most units of all its grants in one license.
    pub units: Units,
}

impl PlanUnits {
    /// Returns the most units of a plan in one license.
    #[must_use]
    pub fn new(plan: PlanId, units: Units) -> Self {
        Self { plan, units }
    }
}

messages! {
    PlanUnits;
    Self { plan, units } => "key-constraint.plan-units", "{plan} ({units})", plan, units;
}

messages! {
    KeyConstraint;
    Self::Offers(offers) => "key-constraint.offers", "documents for {offers}", offers = Value::any_of(offers);
    Self::IssuedBefore(before) => "key-constraint.issued-before", "documents issued before {before}", before;
    Self::Terms(days) => "key-constraint.terms",
        "licenses that give nothing later than {days} after the issue date, grace and extensions included", days;
    Self::Units(plans) => "key-constraint.units", "grants of at most so many units in a license: {plans}", plans = Value::all(plans);
}

impl KeyConstraint {
    /// Returns whether the constraint applies to documents of a purpose. Only licenses have terms and
    /// units; certificates hand them on.
    fn applies_to(&self, purpose: KeyPurpose) -> bool {
        match self {
            Self::Offers(_) | Self::IssuedBefore(_) => true,
            Self::Terms(_) | Self::Units(_) => !matches!(purpose, KeyPurpose::Revocations | KeyPurpose::TimeTickets),
        }
    }

    /// Returns how many offers or plans it lists.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Offers(offers) => offers.len(),
            Self::Units(plans) => plans.len(),
            Self::IssuedBefore(_) | Self::Terms(_) => 0,
        }
    }

    /// Returns whether the constraint leaves nothing of an offer.
    pub(crate) fn excludes(&self, offer: &OfferId) -> bool {
        matches!(self, Self::Offers(offers) if !offers.contains(offer))
    }
}

impl KeyPermissions {
    /// Returns permissions for one purpose, without constraints.
    #[must_use]
    pub fn new(purpose: KeyPurpose) -> Self {
        Self { first: purpose, others: Vec::new(), limits: Vec::new() }
    }

    /// Returns the permissions with one more purpose. [`KeyPurpose::Licenses`] does not include
    /// licenses for anyone.
    #[must_use]
    pub fn and(mut self, purpose: KeyPurpose) -> Self {
        self.others.push(purpose);
        self
    }

    /// Returns the permissions with one more constraint. All constraints must hold.
    #[must_use]
    pub fn within(mut self, limit: KeyConstraint) -> Self {
        self.limits.push(limit);
        self
    }

    pub(super) fn include(&self, purpose: KeyPurpose) -> bool {
        self.purposes().any(|each| each == purpose)
    }

    pub(super) fn purposes(&self) -> impl Iterator<Item = KeyPurpose> {
        core::iter::once(self.first).chain(self.others.iter().copied())
    }

    /// Returns the first constraint that does not apply to one of the purposes, with that purpose.
    pub(super) fn unenforceable(&self) -> Option<(&KeyConstraint, KeyPurpose)> {
        let of = |limit| {
            self.purposes().find(|&purpose| !KeyConstraint::applies_to(limit, purpose)).map(|purpose| (limit, purpose))
        };
        self.limits.iter().find_map(of)
    }
}

/// A key has a constraint that does not apply to one of its purposes (X3).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub struct TrustError {
    /// The key's id.
    pub key: KeyId,
    /// The purpose to which the constraint does not apply.
    pub purpose: KeyPurpose,
    /// The constraint.
    pub limit: KeyConstraint,
}

messages! {
    TrustError;
    Self { key, purpose, limit } => "ring.unenforceable-limit",
        "the key `{key}` cannot be trusted for {purpose} and limited to {limit}: use another key for {purpose}",
        key, purpose, limit;
}
