//! What is said: a sale, as plain data. Nothing in it is trusted until it comes back out of a verified token.

use alloc::vec::Vec;
use core::num::NonZeroU32;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::catalog::offer::Offer;
use crate::checkpoint::Anchor;
use crate::grant::{Extension, Extensions, Grant, GrantKind, MAX_EXTENSIONS, Tolerance};
use crate::id::{CountryCode, Label, LicenseId, OfferId, PlanId, PublisherId, TenantId};
use crate::sorted::sorted;
use crate::strict_serde::one_reading;
use crate::time::{Days, whole_second};
use crate::units::Units;

/// The most grants a deal may hold: more than any price list has, few enough to add up at once.
pub const MAX_GRANTS: usize = 1_000;

/// What a publisher sold to one customer: the content of a license before it is signed.
///
/// A grant's units are the new total, not a delta, and a plan that is no longer sold is left out (L2).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deal {
    /// Names the license over all its revisions (L3).
    pub id: LicenseId,
    /// Counts the revisions from 1; a higher one replaces a lower one as a whole (L3).
    pub revision: NonZeroU32,
    /// When this revision was made out, by the publisher's clock; floored to the second.
    pub issued: DateTime<Utc>,
    /// Who sells.
    pub publisher: PublisherId,
    /// What product it is for (L1).
    pub offer: OfferId,
    /// Whom it is for (L1).
    pub holder: Licensee,
    /// Whether it asks for a recent revocation list (X5).
    pub freshness: Freshness,
    /// On which records it is in force (X7).
    pub anchor: Anchor,
    /// What is sold, at most [`MAX_GRANTS`].
    pub grants: Vec<Grant>,
}

impl Deal {
    /// A first revision for this offer, without grants; add them with [`Deal::with`].
    #[must_use]
    pub fn new(id: LicenseId, offer: &Offer, holder: Licensee, issued: DateTime<Utc>) -> Self {
        let (publisher, offer) = (offer.publisher.clone(), offer.offer.clone());
        Self {
            id,
            revision: NonZeroU32::MIN,
            issued: whole_second(issued),
            publisher,
            offer,
            holder,
            freshness: Freshness::NotAsked,
            anchor: Anchor::Anywhere,
            grants: Vec::new(),
        }
    }

    /// The deal with one more grant.
    #[must_use]
    pub fn with(mut self, grant: Grant) -> Self {
        self.grants.push(grant);
        self
    }

    /// The next revision, without grants: it replaces this one as a whole, so it says anew all that is sold (L3).
    ///
    /// Grants of one plan add up wherever their terms or graces overlap. To renew, give one grant the longer term rather
    /// than adding a second behind the first, whose grace would count beside it.
    ///
    /// # Errors
    ///
    /// [`LastRevisionError`] after revision 4,294,967,295.
    pub fn revise(&self, issued: DateTime<Utc>) -> Result<Self, LastRevisionError> {
        let revision = self.revision.checked_add(1).ok_or(LastRevisionError)?;
        Ok(Self { revision, issued: whole_second(issued), grants: Vec::new(), ..self.clone() })
    }

    /// What a deal must fulfil beyond what its types ensure; asked when sealing and again when verifying.
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
            match (&self.holder, &grant.terms) {
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
            if let Tolerance::UpTo(allowance) = grant.tolerance {
                let (units, tolerated) = (grant.units, allowance.units);
                if tolerated <= units {
                    return Err(DealError::SmallTolerance { grant: index, units, tolerated });
                }
            }
        }
        let trials = sorted(trials);
        let second = trials.iter().zip(trials.iter().skip(1)).find(|(one, two)| one.0 == two.0);
        match second {
            Some((_, &(plan, grant))) => Err(DealError::SecondTrial { grant, plan: plan.clone() }),
            None => Ok(()),
        }
    }
}

/// No revision can follow 4,294,967,295.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("this license has used up its revisions: make out a new license")]
pub struct LastRevisionError;

impl LastRevisionError {
    /// A stable name of this error for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "deal.last-revision"
    }
}

/// Why a deal cannot be a license; grants are counted from 0.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DealError {
    /// More than [`MAX_GRANTS`] grants.
    #[error("a license holds at most {MAX_GRANTS} grants, this one has {found}")]
    TooManyGrants {
        /// How many there are.
        found: usize,
    },
    /// A license would be denied for want of a recent list before anybody is warned (X5).
    #[error("freshness: it denies after {deny}, before it warns after {warn}")]
    DeniesBeforeItWarns {
        /// After how long it warns.
        warn: Days,
        /// After how long it denies.
        deny: Days,
    },
    /// A license for anyone holds trials only (L1).
    #[error("grants[{grant}]: a license for anyone holds trials only, but `{plan}` is paid")]
    PaidForAnyone {
        /// The grant's place in the list.
        grant: usize,
        /// Its plan.
        plan: PlanId,
    },
    /// A trial that may be extended more than [`MAX_EXTENSIONS`] times (X8).
    #[error("grants[{grant}]: a trial is extended at most {MAX_EXTENSIONS} times, this one {times} times")]
    TooManyExtensions {
        /// The grant's place in the list.
        grant: usize,
        /// How often it says.
        times: NonZeroU32,
    },
    /// One license holds at most one trial of a plan (L2).
    #[error("grants[{grant}]: a license holds one trial of a plan, but this is the second of `{plan}`")]
    SecondTrial {
        /// The second grant's place in the list.
        grant: usize,
        /// Its plan.
        plan: PlanId,
    },
    /// A tolerance is a larger number than the units (S11).
    #[error("grants[{grant}]: a tolerance of {tolerated} must be more than the {units} units it goes beyond")]
    SmallTolerance {
        /// The grant's place in the list.
        grant: usize,
        /// The units it gives.
        units: Units,
        /// The units it would tolerate.
        tolerated: Units,
    },
}

impl DealError {
    /// A stable name of this error for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooManyGrants { .. } => "deal.too-many-grants",
            Self::DeniesBeforeItWarns { .. } => "deal.denies-before-it-warns",
            Self::PaidForAnyone { .. } => "deal.paid-for-anyone",
            Self::TooManyExtensions { .. } => "deal.too-many-extensions",
            Self::SecondTrial { .. } => "deal.second-trial",
            Self::SmallTolerance { .. } => "deal.small-tolerance",
        }
    }
}

/// Whom a license is for (L1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum Licensee {
    /// One customer organisation.
    Tenant(Customer),
    /// Any tenant that installs it; trials only.
    Anyone,
}

/// The customer organisation a license is made out to (L1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
#[non_exhaustive]
pub struct Customer {
    /// The tenant, as its application names it.
    pub id: TenantId,
    /// The organisation's name for people.
    pub name: Label,
    /// Its billing country.
    pub country: CountryCode,
}

impl Customer {
    /// A customer organisation.
    #[must_use]
    pub fn new(id: TenantId, name: Label, country: CountryCode) -> Self {
        Self { id, name, country }
    }
}

/// Whether a license asks for a recent revocation list (X5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum Freshness {
    /// It does not.
    NotAsked,
    /// It does.
    Asked(FreshnessLimit),
}

/// How old the latest revocation list may be, from its issue date; without any, from the license's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
#[non_exhaustive]
pub struct FreshnessLimit {
    /// From this age on a decision warns.
    pub warn_after: Days,
    /// From this age on the license gives nothing, until there is a newer list.
    pub deny_after: Days,
}

impl FreshnessLimit {
    /// Warns from one age on, gives nothing from another on, which is not before it.
    #[must_use]
    pub fn new(warn_after: Days, deny_after: Days) -> Self {
        Self { warn_after, deny_after }
    }
}

one_reading!(Licensee, Customer, Freshness, FreshnessLimit);
