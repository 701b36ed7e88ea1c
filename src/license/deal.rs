//! The content of a license as unsigned data. Nothing trusts it before it is signed and verified as
//! a token.

use alloc::vec::Vec;
use core::num::NonZeroU32;

use chrono::{DateTime, Utc};
use serde::Serialize;
use thiserror::Error;

use crate::catalog::offer::Offer;
use crate::catalog::quota::MAX_QUOTAS;
use crate::collections::id_index::IdIndex;
use crate::document::{choice, object};
use crate::id::{CountryCode, Label, LicenseId, OfferId, PlanId, PublisherId, QuotaId, TenantId};
use crate::license::checkpoint::Anchor;
use crate::license::grant::{Extension, Extensions, Grant, GrantAmount, GrantKind, MAX_EXTENSIONS, Tolerance};
use crate::message::messages;
use crate::quantity::units::Units;
use crate::time::{Days, whole_second};

/// The largest number of grants in a deal: more than any price list has, and few enough to add up
/// at once (X8).
pub const MAX_GRANTS: usize = 1_000;

/// The content of a license before it is signed: what a publisher sells to one customer.
///
/// The units of a grant are the new total, not a delta. A plan that is no longer sold is left out
/// (L2).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deal {
    /// The id of the license, the same in all its revisions (L3).
    pub id: LicenseId,
    /// The number of the revision, from 1. A higher revision replaces a lower one as a whole (L3).
    pub revision: NonZeroU32,
    /// The issue date of this revision by the publisher's clock, floored to the second.
    pub issued: DateTime<Utc>,
    /// The publisher.
    pub publisher: PublisherId,
    /// The offer that is sold (L1).
    pub offer: OfferId,
    /// Whom the license is for (L1).
    pub licensee: Licensee,
    /// The publisher's own reference, which no decision depends on.
    pub reference: Reference,
    /// Whether the license requires a recent revocation list (X5).
    pub freshness: Freshness,
    /// The records in which the license is in force (X7).
    pub anchor: Anchor,
    /// The grants, at most [`MAX_GRANTS`].
    pub grants: Vec<Grant>,
}

impl Deal {
    /// Returns the first revision of a license for this offer, without grants. [`Deal::with`] adds
    /// them.
    #[must_use]
    pub fn new(id: LicenseId, offer: &Offer, licensee: Licensee, issued: DateTime<Utc>) -> Self {
        let (publisher, offer) = (offer.publisher.clone(), offer.offer.clone());
        Self {
            id,
            revision: NonZeroU32::MIN,
            issued: whole_second(issued),
            publisher,
            offer,
            licensee,
            reference: Reference::None,
            freshness: Freshness::NotAsked,
            anchor: Anchor::Anywhere,
            grants: Vec::new(),
        }
    }

    /// Returns the deal with a reference of the publisher.
    #[must_use]
    pub fn with_reference(self, reference: Label) -> Self {
        Self { reference: Reference::Of(reference), ..self }
    }

    /// Returns the deal with one more grant.
    #[must_use]
    pub fn with(mut self, grant: Grant) -> Self {
        self.grants.push(grant);
        self
    }

    /// Returns the next revision, without grants. It replaces this one as a whole, so it repeats
    /// every grant that continues (L3).
    ///
    /// Grants of one plan add up wherever their terms or graces overlap. To renew, extend the term
    /// of the grant instead of adding a second grant after it: the grace of the first would count
    /// on top.
    ///
    /// # Errors
    ///
    /// [`LastRevisionError`] after revision 4,294,967,295.
    pub fn revise(&self, issued: DateTime<Utc>) -> Result<Self, LastRevisionError> {
        let revision = self.revision.checked_add(1).ok_or(LastRevisionError)?;
        Ok(Self { revision, issued: whole_second(issued), grants: Vec::new(), ..self.clone() })
    }

    /// Checks what the types of a deal do not ensure. Sealing checks it, and verifying checks it
    /// again.
    pub(crate) fn prove(&self) -> Result<(), DealError> {
        if self.grants.len() > MAX_GRANTS {
            return Err(DealError::TooManyGrants { found: self.grants.len() });
        }
        if let Freshness::Asked(limit) = self.freshness {
            if limit.deny_after < limit.warn_after {
                return Err(DealError::DeniesBeforeItWarns { warn: limit.warn_after, deny: limit.deny_after });
            }
        }
        let mut trials = Vec::new();
        for (index, grant) in self.grants.iter().enumerate() {
            match (&self.licensee, &grant.kind) {
                (Licensee::Anyone, GrantKind::Paid(_)) => {
                    return Err(DealError::PaidForAnyone { grant: index, plan: grant.plan.clone() });
                }
                (_, GrantKind::Trial(trial)) => {
                    trials.push((&grant.plan, index));
                    if let Extensions::UpTo(Extension { times, .. }) = trial.extensions {
                        if usize::try_from(times.get()).is_ok_and(|times| times > MAX_EXTENSIONS) {
                            return Err(DealError::TooManyExtensions { grant: index, times });
                        }
                    }
                }
                (Licensee::Tenant(_), GrantKind::Paid(_)) => {}
            }
            if grant.amounts.len() > MAX_QUOTAS {
                return Err(DealError::TooManyAmounts { grant: index, found: grant.amounts.len() });
            }
            if let Some(twice) = given_twice(&grant.amounts) {
                return Err(DealError::AmountTwice { grant: index, quota: twice.clone() });
            }
            if let Tolerance::UpTo(tolerance) = grant.tolerance {
                let (units, tolerated) = (grant.units, tolerance.units);
                if tolerated <= units {
                    return Err(DealError::SmallTolerance { grant: index, units, tolerated });
                }
            }
        }
        let second = IdIndex::of(trials.iter().map(|(plan, _)| plan.as_str())).first_repeated();
        match second.and_then(|place| trials.get(place)) {
            Some(&(plan, grant)) => Err(DealError::SecondTrial { grant, plan: plan.clone() }),
            None => Ok(()),
        }
    }
}

/// Returns a quota of which a grant gives a second amount. `O(n log n)`.
fn given_twice(amounts: &[GrantAmount]) -> Option<&QuotaId> {
    let twice = IdIndex::of(amounts.iter().map(|amount| amount.quota.as_str())).first_repeated()?;
    amounts.get(twice).map(|amount| &amount.quota)
}

/// A license has no revision after 4,294,967,295.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub struct LastRevisionError;

messages! {
    LastRevisionError;
    Self => "deal.last-revision", "this license has reached its last revision: issue a new license";
}

/// Why a deal cannot become a license. Grants are counted from 0.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DealError {
    /// More than [`MAX_GRANTS`] grants.
    TooManyGrants {
        /// The number of grants.
        found: usize,
    },
    /// The license would stop working without a recent revocation list before anybody is warned
    /// (X5).
    DeniesBeforeItWarns {
        /// The age from which decisions warn.
        warn: Days,
        /// The age from which the license gives nothing.
        deny: Days,
    },
    /// A license for anyone contains a paid grant (L1).
    PaidForAnyone {
        /// The grant's index in the list.
        grant: usize,
        /// The grant's plan.
        plan: PlanId,
    },
    /// A trial can be extended more than [`MAX_EXTENSIONS`] times (X8).
    TooManyExtensions {
        /// The grant's index in the list.
        grant: usize,
        /// The number of extensions.
        times: NonZeroU32,
    },
    /// A license contains a second trial of a plan (L2).
    SecondTrial {
        /// The second grant's index in the list.
        grant: usize,
        /// The grant's plan.
        plan: PlanId,
    },
    /// A grant gives more than [`MAX_QUOTAS`] amounts (X8).
    TooManyAmounts {
        /// The grant's index in the list.
        grant: usize,
        /// The number of its amounts.
        found: usize,
    },
    /// A grant gives an amount of a quota twice (Q2).
    AmountTwice {
        /// The grant's index in the list.
        grant: usize,
        /// The quota.
        quota: QuotaId,
    },
    /// A tolerance is not larger than the units of its grant (S11).
    SmallTolerance {
        /// The grant's index in the list.
        grant: usize,
        /// The units of the grant.
        units: Units,
        /// The units that the tolerance names.
        tolerated: Units,
    },
}

messages! {
    DealError;
    Self::TooManyGrants { found } => "deal.too-many-grants",
        "a license holds at most {max} grants, this one has {found}", max = MAX_GRANTS, found;
    Self::DeniesBeforeItWarns { warn, deny } => "deal.denies-before-it-warns",
        "freshness: `deny_after` is {deny}, which is less than `warn_after`, {warn}", deny, warn;
    Self::PaidForAnyone { grant, plan } => "deal.paid-for-anyone",
        "grants[{grant}]: a license for anyone holds trials only, but {plan} is paid", grant, plan;
    Self::TooManyExtensions { grant, times } => "deal.too-many-extensions",
        "grants[{grant}]: a trial is extended at most {max} times, this one {times} times",
        grant, max = MAX_EXTENSIONS, times;
    Self::SecondTrial { grant, plan } => "deal.second-trial",
        "grants[{grant}]: a license holds one trial of a plan, but this is the second of {plan}", grant, plan;
    Self::TooManyAmounts { grant, found } => "deal.too-many-amounts",
        "grants[{grant}]: a grant gives at most {max} amounts of quotas, this one {found}", grant, max = MAX_QUOTAS, found;
    Self::AmountTwice { grant, quota } => "deal.amount-twice",
        "grants[{grant}]: this is a second amount of the quota {quota}", grant, quota;
    Self::SmallTolerance { grant, units, tolerated } => "deal.small-tolerance",
        "grants[{grant}]: the tolerance is {tolerated}, but must be more than the grant's {units} units",
        grant, tolerated, units;
}

/// Whom a license is for (L1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Licensee {
    /// One tenant.
    Tenant(Customer),
    /// Any tenant that installs it. Such a license contains trials only.
    Anyone,
}

/// The customer organisation that a license is issued to (L1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Customer {
    /// The tenant's id, as the application names it.
    pub id: TenantId,
    /// The organisation's display name.
    pub name: Label,
    /// The billing country.
    pub country: CountryCode,
}

impl Customer {
    /// Returns a customer organisation.
    #[must_use]
    pub fn new(id: TenantId, name: Label, country: CountryCode) -> Self {
        Self { id, name, country }
    }
}

/// The publisher's own reference on a license, an order number for example. No decision depends on
/// it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// The publisher gave none.
    None,
    /// Text of up to 300 bytes.
    Of(Label),
}

/// Whether a license requires a recent revocation list (X5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Freshness {
    /// It does not require one.
    NotAsked,
    /// It requires one.
    Asked(FreshnessLimit),
}

/// The limits on the age of the latest revocation list, counted from its issue date; without any
/// list, from the license's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FreshnessLimit {
    /// The age from which decisions warn.
    pub warn_after: Days,
    /// The age from which the license gives nothing until there is a newer list.
    pub deny_after: Days,
}

impl FreshnessLimit {
    /// Returns limits that warn from one age and deny from another, which must not be less.
    #[must_use]
    pub fn new(warn_after: Days, deny_after: Days) -> Self {
        Self { warn_after, deny_after }
    }
}

choice! { Licensee { "tenant" => Tenant(Customer), "anyone" => Anyone } }
object! { Customer { id, name, country } }
choice! { Reference { "none" => None, "of" => Of(Label) } }
choice! { Freshness { "not_asked" => NotAsked, "asked" => Asked(FreshnessLimit) } }
object! { FreshnessLimit { warn_after, deny_after } }
