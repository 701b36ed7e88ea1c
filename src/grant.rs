//! What is sold of one plan: how much, for how long, and how it winds down (L2, L4 to L7).

use core::num::NonZeroU32;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::id::PlanId;
use crate::strict_serde::one_reading;
use crate::time::{Days, End, Length, Term, Window, instant, whole_second};
use crate::units::Units;

/// One purchase of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
#[non_exhaustive]
pub struct Grant {
    /// What was bought.
    pub plan: PlanId,
    /// How much of it.
    pub units: Units,
    /// How many claims keep their seats for a while although the units no longer reach (S11).
    pub tolerance: Tolerance,
    /// For how long, and how it winds down.
    pub terms: GrantKind,
}

impl Grant {
    /// A paid purchase with 30 days of grace and 90 days suspended after its term (L5).
    #[must_use]
    pub fn paid(plan: PlanId, units: Units, term: Term) -> Self {
        Self { plan, units, tolerance: Tolerance::None, terms: GrantKind::Paid(PaidTerms::new(term)) }
    }

    /// A trial without grace and without extensions (L6, T1).
    #[must_use]
    pub fn trial(plan: PlanId, units: Units, may_start: Window, length: Length) -> Self {
        Self { plan, units, tolerance: Tolerance::None, terms: GrantKind::Trial(TrialTerms::new(may_start, length)) }
    }

    /// The same, and until `until` up to `units` claims in all keep their seats (S11).
    #[must_use]
    pub fn tolerating(self, units: Units, until: DateTime<Utc>) -> Self {
        Self { tolerance: Tolerance::UpTo(ToleratedUnits::new(units, until)), ..self }
    }

    /// The same with another length of grace after its end.
    #[must_use]
    pub fn with_grace(mut self, days: Days) -> Self {
        match &mut self.terms {
            GrantKind::Paid(paid) => paid.grace = days,
            GrantKind::Trial(trial) => trial.grace = days,
        }
        self
    }

    /// The same, ended early (L7). Customers learn of it with the revision that says so, and not before.
    #[must_use]
    pub fn ending(mut self, early: Termination) -> Self {
        match &mut self.terms {
            GrantKind::Paid(paid) => paid.early = early,
            GrantKind::Trial(trial) => trial.early = early,
        }
        self
    }
}

/// How many claims keep their seats beyond the units of a grant (S11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum Tolerance {
    /// None beyond the units.
    None,
    /// A larger number, until an instant.
    UpTo(ToleratedUnits),
}

/// A larger number of units, until an instant (S11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
#[non_exhaustive]
pub struct ToleratedUnits {
    /// How many claims in all, not on top.
    pub units: Units,
    /// The first instant at which the grant's own units count again.
    #[serde(with = "instant")]
    pub until: DateTime<Utc>,
}

impl ToleratedUnits {
    /// Up to `units` in all, until just before `until`.
    #[must_use]
    pub fn new(units: Units, until: DateTime<Utc>) -> Self {
        Self { units, until: whole_second(until) }
    }
}

/// How a purchase runs and winds down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum GrantKind {
    /// Bought: active, in grace, suspended, ended (L5).
    Paid(PaidTerms),
    /// On trial: active once started, in grace, ended (L6).
    Trial(TrialTerms),
}

impl GrantKind {
    pub(crate) fn early(&self) -> Termination {
        match self {
            Self::Paid(paid) => paid.early,
            Self::Trial(trial) => trial.early,
        }
    }

    /// From when on it is of no use at the latest, early ends left out.
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

/// The life of a paid grant (L5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
#[non_exhaustive]
pub struct PaidTerms {
    /// When it is active.
    pub term: Term,
    /// How long after the term it is still of full use.
    pub grace: Days,
    /// How long after the grace it is only suspended.
    pub suspended: Days,
    /// Whether it was ended before its time.
    pub early: Termination,
}

impl PaidTerms {
    /// 30 days of grace and 90 days suspended, not ended early.
    #[must_use]
    pub fn new(term: Term) -> Self {
        Self { term, grace: Days::new(30), suspended: Days::new(90), early: Termination::Never }
    }
}

/// The life of a trial grant (L6, T1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
#[non_exhaustive]
pub struct TrialTerms {
    /// When it may be started.
    pub may_start: Window,
    /// How long it is active from its start.
    pub length: Length,
    /// How often it may be extended, and by how much.
    pub extensions: Extensions,
    /// How long after its end it is still of full use.
    pub grace: Days,
    /// Whether it was ended before its time.
    pub early: Termination,
}

impl TrialTerms {
    /// How long it is active at most: its length with all its extensions; `None` past what can be counted.
    pub(crate) fn longest(&self) -> Option<Days> {
        let length = self.length.in_days().get();
        let extensions = match self.extensions {
            Extensions::None => 0,
            Extensions::UpTo(extension) => extension.times.get().checked_mul(extension.length.in_days().get())?,
        };
        length.checked_add(extensions).map(Days::new)
    }

    /// No grace, no extensions, not ended early.
    #[must_use]
    pub fn new(may_start: Window, length: Length) -> Self {
        Self { may_start, length, extensions: Extensions::None, grace: Days::NONE, early: Termination::Never }
    }
}

/// The most often a trial may be extended: a grant that says more is refused, and a record that says more is not read further
/// (X8).
pub const MAX_EXTENSIONS: usize = 100;

/// How often a trial may be extended (T4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum Extensions {
    /// Not at all.
    None,
    /// A number of times.
    UpTo(Extension),
}

/// A number of extensions of equal length (T4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
#[non_exhaustive]
pub struct Extension {
    /// How often; at most [`MAX_EXTENSIONS`] times.
    pub times: NonZeroU32,
    /// By how much each time.
    pub length: Length,
}

impl Extension {
    /// So often, by so much each time.
    #[must_use]
    pub fn new(times: NonZeroU32, length: Length) -> Self {
        Self { times, length }
    }
}

/// Whether a publisher ended a grant before its time (L7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum Termination {
    /// It runs its course.
    Never,
    /// A paid grant is suspended from here for its whole suspended length; a trial is ended from here.
    Cancelled(#[serde(with = "instant")] DateTime<Utc>),
    /// It is ended from here.
    Withdrawn(#[serde(with = "instant")] DateTime<Utc>),
}

impl Termination {
    /// From when on it is suspended or ended.
    pub(crate) fn end(self) -> End {
        match self {
            Self::Never => End::Never,
            Self::Cancelled(at) | Self::Withdrawn(at) => End::At(at),
        }
    }
}

one_reading!(Grant, Tolerance, ToleratedUnits, GrantKind, PaidTerms, TrialTerms, Extensions, Extension, Termination);
