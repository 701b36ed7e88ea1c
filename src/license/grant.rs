//! Grants: the units of one plan that are sold, for how long, and how they wind down (L2, L4 to
//! L7).

use alloc::vec::Vec;
use core::num::NonZeroU32;

use chrono::{DateTime, Utc};
use serde::Serialize;
use thiserror::Error;

use crate::catalog::release::Release;
use crate::document::{choice, object};
use crate::id::{PlanId, QuotaId};
use crate::message::messages;
use crate::quantity::quota_amount::QuotaAmount;
use crate::quantity::units::Units;
use crate::time::instant::{self, Instant};
use crate::time::{Days, End, Length, Term, Window, whole_second};

/// One purchase or trial of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Grant {
    /// The plan.
    pub plan: PlanId,
    /// The units.
    pub units: Units,
    /// The number of claims that keep their seats for a time although the units no longer cover
    /// them (S11).
    pub tolerance: Tolerance,
    /// The amounts of quotas of its plan that this grant gives in place of the plan's, each quota once
    /// and at most [`MAX_QUOTAS`](crate::limits::MAX_QUOTAS); empty if it gives the plan's (Q2).
    pub amounts: Vec<GrantAmount>,
    /// Whether it is paid or a trial, with its dates.
    pub kind: GrantKind,
}

impl Grant {
    /// Returns a paid grant with 30 days of grace and 90 days of suspension after its term (L5).
    #[must_use]
    pub fn paid(plan: PlanId, units: Units, term: Term) -> Self {
        let kind = GrantKind::Paid(PaidTerms::new(term));
        Self { plan, units, tolerance: Tolerance::None, amounts: Vec::new(), kind }
    }

    /// Returns a trial without grace and without extensions (L6, T1).
    #[must_use]
    pub fn trial(plan: PlanId, units: Units, may_start: Window, length: Length) -> Self {
        let kind = GrantKind::Trial(TrialTerms::new(may_start, length));
        Self { plan, units, tolerance: Tolerance::None, amounts: Vec::new(), kind }
    }

    /// Returns the grant with a tolerance: until `until`, up to `units` claims in all keep their
    /// seats (S11).
    #[must_use]
    pub fn tolerating(self, units: Units, until: DateTime<Utc>) -> Self {
        Self { tolerance: Tolerance::UpTo(ToleratedUnits::new(units, until)), ..self }
    }

    /// Returns the grant with an amount of its own of a quota of its plan (Q2).
    #[must_use]
    pub fn with_amount(mut self, quota: QuotaId, amount: QuotaAmount) -> Self {
        self.amounts.push(GrantAmount::new(quota, amount));
        self
    }

    /// Returns the amount of its own that this grant carries of a quota.
    pub(crate) fn amount_of(&self, quota: &QuotaId) -> Option<QuotaAmount> {
        self.amounts.iter().find(|it| it.quota == *quota).map(|it| it.amount)
    }

    /// Returns the grant with this length of grace.
    #[must_use]
    pub fn with_grace(mut self, days: Days) -> Self {
        match &mut self.kind {
            GrantKind::Paid(paid) => paid.grace = days,
            GrantKind::Trial(trial) => trial.grace = days,
        }
        self
    }

    /// Returns the paid grant with a fallback: in releases of the application dated before `before`,
    /// its term has no end once it has begun (V1).
    ///
    /// # Errors
    ///
    /// [`FallbackError`] for a trial.
    pub fn with_fallback(mut self, before: DateTime<Utc>) -> Result<Self, FallbackError> {
        match &mut self.kind {
            GrantKind::Paid(paid) => paid.fallback = Fallback::Before(whole_second(before)),
            GrantKind::Trial(_) => return Err(FallbackError { plan: self.plan }),
        }
        Ok(self)
    }

    /// Returns the grant with an early end (L7). It takes effect where the revision that contains
    /// it is installed.
    #[must_use]
    pub fn ending(mut self, early: Termination) -> Self {
        match &mut self.kind {
            GrantKind::Paid(paid) => paid.early = early,
            GrantKind::Trial(trial) => trial.early = early,
        }
        self
    }
}

/// An amount of a quota that a grant gives in place of its plan's (Q2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct GrantAmount {
    /// The quota.
    pub quota: QuotaId,
    /// The amount: once, or for each unit where the plan gives the quota for each unit.
    pub amount: QuotaAmount,
}

impl GrantAmount {
    /// Returns this amount of a quota.
    #[must_use]
    pub fn new(quota: QuotaId, amount: QuotaAmount) -> Self {
        Self { quota, amount }
    }
}

/// A trial has no fallback (V1).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub struct FallbackError {
    /// The plan of the trial.
    pub plan: PlanId,
}

messages! {
    FallbackError;
    Self { plan } => "deal.fallback-on-trial",
        "a trial covers no release after its end: only a paid grant of {plan} can have a fallback", plan;
}

/// The number of claims that keep their seats beyond the units of a grant (S11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tolerance {
    /// No claim beyond the units.
    None,
    /// A larger number than the units, until an instant.
    UpTo(ToleratedUnits),
}

/// A number of units larger than the grant's, until an instant (S11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ToleratedUnits {
    /// The number of claims in all, not on top of the units.
    pub units: Units,
    /// The first instant at which the grant's own units are the limit again.
    #[serde(with = "instant")]
    pub until: DateTime<Utc>,
}

impl ToleratedUnits {
    /// Returns a tolerance of `units` in all, until just before `until`.
    #[must_use]
    pub fn new(units: Units, until: DateTime<Utc>) -> Self {
        Self { units, until: whole_second(until) }
    }
}

/// Whether a grant is paid or a trial, and how it winds down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantKind {
    /// A paid grant: active, in grace, suspended, ended (L5).
    Paid(PaidTerms),
    /// A trial: active once started, in grace, ended (L6).
    Trial(TrialTerms),
}

impl GrantKind {
    pub(crate) fn early(&self) -> Termination {
        match self {
            Self::Paid(paid) => paid.early,
            Self::Trial(trial) => trial.early,
        }
    }

    /// Returns the fallback; none for a trial.
    pub(crate) fn fallback(&self) -> Fallback {
        match self {
            Self::Paid(paid) => paid.fallback,
            Self::Trial(_) => Fallback::None,
        }
    }

    /// Returns the latest instant at which its use ends in a release that no fallback covers, early
    /// ends not considered.
    pub(crate) fn last_use(&self) -> End {
        match self {
            Self::Paid(paid) => paid.term.ends().plus(paid.grace),
            Self::Trial(trial) => {
                let longest = trial.longest().map(|days| End::after(trial.may_start.closes(), days));
                longest.map_or(End::Never, |end| end.plus(trial.grace))
            }
        }
    }
}

/// The dates of a paid grant (L5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PaidTerms {
    /// The time in which it is active.
    pub term: Term,
    /// The time after the term in which it is fully usable.
    pub grace: Days,
    /// The time after the grace in which it is suspended.
    pub suspended: Days,
    /// The releases of the application in which the term, once begun, has no end (V1).
    pub fallback: Fallback,
    /// Whether the publisher ended it early.
    pub early: Termination,
}

impl PaidTerms {
    /// Returns the dates with 30 days of grace, 90 days of suspension, no fallback and no early end.
    #[must_use]
    pub fn new(term: Term) -> Self {
        let (grace, suspended) = (Days::new(30), Days::new(90));
        Self { term, grace, suspended, fallback: Fallback::None, early: Termination::Never }
    }
}

/// The releases of the application in which the term of a paid grant, once begun, has no end (V1).
///
/// A perpetual license with a year of updates has a term of a year and a fallback at its end. A
/// subscription with a perpetual fallback to the release that was bought has it at the start of its
/// term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fallback {
    /// No release.
    None,
    /// Releases dated before this instant.
    Before(#[serde(with = "instant")] DateTime<Utc>),
}

impl Fallback {
    /// Returns the instant before which releases are covered, if there is one.
    pub(crate) fn before(self) -> Option<DateTime<Utc>> {
        match self {
            Self::None => None,
            Self::Before(before) => Some(before),
        }
    }

    /// Returns whether the fallback covers a release: one that has a date before it (V1).
    #[must_use]
    pub fn covers(self, release: Release) -> bool {
        match self {
            Self::None => false,
            Self::Before(before) => release.is_before(before),
        }
    }
}

/// The dates of a trial (L6, T1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TrialTerms {
    /// The time in which it can be started.
    pub may_start: Window,
    /// The length from its start.
    pub length: Length,
    /// How often it can be extended, and by how much.
    pub extensions: Extensions,
    /// The time after its end in which it is fully usable.
    pub grace: Days,
    /// Whether the publisher ended it early.
    pub early: Termination,
}

impl TrialTerms {
    /// Returns its length with all extensions; `None` if the number overflows.
    pub(crate) fn longest(&self) -> Option<Days> {
        let length = self.length.in_days().get();
        let extensions = match self.extensions {
            Extensions::None => 0,
            Extensions::UpTo(extension) => extension.times.get().checked_mul(extension.length.in_days().get())?,
        };
        length.checked_add(extensions).map(Days::new)
    }

    /// Returns the dates without grace, without extensions and without an early end.
    #[must_use]
    pub fn new(may_start: Window, length: Length) -> Self {
        Self { may_start, length, extensions: Extensions::None, grace: Days::NONE, early: Termination::Never }
    }
}

/// The largest number of extensions of a trial. A grant with more is refused, and a record with
/// more is not read further (X8).
pub const MAX_EXTENSIONS: usize = 100;

/// Whether and how often a trial can be extended (T4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Extensions {
    /// Never.
    None,
    /// A number of times.
    UpTo(Extension),
}

/// A number of extensions of equal length (T4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Extension {
    /// The number of extensions, at most [`MAX_EXTENSIONS`].
    pub times: NonZeroU32,
    /// The length of each extension.
    pub length: Length,
}

impl Extension {
    /// Returns this number of extensions of this length.
    #[must_use]
    pub fn new(times: NonZeroU32, length: Length) -> Self {
        Self { times, length }
    }
}

/// Whether a publisher ended a grant early (L7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Termination {
    /// The grant runs to its end.
    Never,
    /// From this instant on, a paid grant is suspended for its whole suspended length, and a trial
    /// is ended. A fallback of the grant stays (V1), unless the instant is before its term.
    Cancelled(#[serde(with = "instant")] DateTime<Utc>),
    /// From this instant on, the grant is ended.
    Withdrawn(#[serde(with = "instant")] DateTime<Utc>),
}

impl Termination {
    /// Returns the instant from which the grant is suspended or ended.
    pub(crate) fn end(self) -> End {
        match self {
            Self::Never => End::Never,
            Self::Cancelled(at) | Self::Withdrawn(at) => End::At(at),
        }
    }

    /// Returns the instant from which the grant is withdrawn.
    pub(crate) fn withdrawn(self) -> End {
        match self {
            Self::Never | Self::Cancelled(_) => End::Never,
            Self::Withdrawn(at) => End::At(at),
        }
    }
}

object! { Grant { plan, units, tolerance, amounts, kind } }
object! { GrantAmount { quota, amount } }
choice! { Tolerance { "none" => None, "up_to" => UpTo(ToleratedUnits) } }
object! { ToleratedUnits { units, until: Instant } }
choice! { GrantKind { "paid" => Paid(PaidTerms), "trial" => Trial(TrialTerms) } }
object! { PaidTerms { term, grace, suspended, fallback, early } }
object! { TrialTerms { may_start, length, extensions, grace, early } }
choice! { Fallback { "none" => None, "before" => Before(Instant) } }
choice! { Extensions { "none" => None, "up_to" => UpTo(Extension) } }
object! { Extension { times, length } }
choice! {
    Termination {
        "never" => Never,
        "cancelled" => Cancelled(Instant),
        "withdrawn" => Withdrawn(Instant),
    }
}
