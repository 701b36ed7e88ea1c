//! Answers whether a user may use an app: allowed or denied, with basis, warnings, the time the
//! answer holds (K5), and why not (K3).
//! It takes a tenant, a user, an app and an instant.
//! It must not change anything, allocate, or know the words of an answer.

use core::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub(crate) mod check;
pub(crate) mod check_first;

pub(crate) mod denial_reason;

pub(crate) mod denial_explanation;

mod turns;

use crate::catalog::App;
use crate::catalog::basis::Basis;
use crate::catalog::index::PlanIndex;
use crate::catalog::offer::Plan;
use crate::id::user::UserId;
use crate::tenant::Tenant;
use crate::time::{End, instant};

/// The answer of [`Tenant::check`]. It borrows its parts and allocates nothing.
///
/// It holds until [`until`](Decision::until), while [`Tenant::position`] does not change. A cache
/// must compare both.
#[derive(Debug)]
#[must_use = "a check whose answer is dropped protects nothing"]
pub enum Decision<'a> {
    /// The user may open the app.
    Allow(Allow<'a>),
    /// The user may not open the app.
    Deny(Denial<'a>),
}

impl Decision<'_> {
    /// Returns whether the user may open the app.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allow(_))
    }

    /// Returns the first instant at which anything in the decision can change by time alone (K5).
    #[must_use]
    pub fn until(&self) -> End {
        match self {
            Self::Allow(allow) => allow.until(),
            Self::Deny(denial) => denial.until(),
        }
    }
}

/// Proof that a check allowed an app to a user.
///
/// Only [`Tenant::check`] makes one, and it cannot outlive the borrow of its tenant. It proves that
/// *some* app is allowed: a host wraps it in its own type per feature, so that the allow of another
/// app does not pass. It cannot be constructed:
///
/// ```compile_fail,E0451
/// fn forge<'a>(answer: entitle::Allow<'a>) -> entitle::Allow<'a> {
///     entitle::Allow { plan: None, ..answer }
/// }
/// ```
///
/// cloned:
///
/// ```compile_fail,E0277
/// fn keep<T: Clone>(answer: &T) -> T { answer.clone() }
/// fn forge(answer: &entitle::Allow<'_>) { keep::<entitle::Allow<'_>>(answer); }
/// ```
///
/// made by default:
///
/// ```compile_fail,E0277
/// fn from_nothing<T: Default>() -> T { T::default() }
/// let forged: entitle::Allow<'static> = from_nothing();
/// ```
///
/// deserialized:
///
/// ```compile_fail,E0277
/// let forged: entitle::Allow<'static> = serde_json::from_str("{}").unwrap();
/// ```
///
/// or kept while the tenant changes:
///
/// ```compile_fail,E0502
/// use entitle::chrono::{DateTime, Utc};
/// use entitle::{App, Entry, Tenant, UserId};
///
/// fn stale(mut tenant: Tenant, user: UserId, app: App, entry: Entry, now: DateTime<Utc>) {
///     let decision = tenant.check(&user, &app, now);
///     tenant.apply(&entry);
///     drop(decision);
/// }
/// ```
#[derive(Debug)]
#[must_use = "an allow that is dropped gives nobody access"]
pub struct Allow<'a> {
    pub(crate) question: Question<'a>,
    /// The plan's index in the catalog.
    pub(crate) plan: Option<PlanIndex>,
    pub(crate) basis: Basis,
}

impl<'a> Allow<'a> {
    /// Returns the user.
    #[must_use]
    pub fn user(&self) -> &'a UserId {
        self.question.user
    }

    /// Returns the app that the user may open.
    #[must_use]
    pub fn app(&self) -> &'a App {
        self.question.app
    }

    /// Returns the plan that allows the app, or `None` if no plan is needed.
    #[must_use]
    pub fn plan(&self) -> Option<&'a Plan> {
        self.plan.and_then(|plan| self.question.tenant.catalog().plan_at(plan))
    }

    /// Returns the basis of the answer.
    #[must_use]
    pub fn basis(&self) -> Basis {
        self.basis
    }

    /// Returns the warnings for an administrator, computed by this call.
    pub fn warnings(&self) -> impl Iterator<Item = Warning> {
        let warnings = self.plan.map(|plan| self.question.warnings(plan, self.basis));
        warnings.into_iter().flatten().flatten()
    }

    /// Returns the first instant at which anything in this answer can change by time alone, which
    /// is later than its reading (K5). Computed by this call.
    #[must_use]
    pub fn until(&self) -> End {
        // An answer that needs no plan does not depend on time.
        self.plan.map_or(End::Never, |_| self.question.until())
    }
}

/// The answer that a user may not open an app. [`Denial::explain`] returns the reasons.
#[derive(Debug)]
#[must_use = "a denial must be enforced by the caller"]
pub struct Denial<'a> {
    pub(crate) question: Question<'a>,
    /// The host's clock, which may be behind the reading (K10).
    pub(crate) now: DateTime<Utc>,
}

/// The input of a check with its reading. Everything beyond yes and no is computed from it on
/// demand.
#[derive(Clone, Copy)]
pub(crate) struct Question<'a> {
    pub(crate) tenant: &'a Tenant,
    pub(crate) user: &'a UserId,
    pub(crate) app: &'a App,
    /// The reading, not floored to the whole second.
    pub(crate) at: DateTime<Utc>,
}

/// Leaves out the tenant, which may have a million users.
impl fmt::Debug for Question<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tenant: _, user, app, at } = self;
        f.debug_struct("Question").field("user", user).field("app", app).field("at", at).finish()
    }
}

impl<'a> Denial<'a> {
    /// Returns the user.
    #[must_use]
    pub fn user(&self) -> &'a UserId {
        self.question.user
    }

    /// Returns the app that the user may not open.
    #[must_use]
    pub fn app(&self) -> &'a App {
        self.question.app
    }

    /// Returns the first instant at which anything in this answer can change by time alone, which
    /// is later than its reading (K5). Computed by this call.
    #[must_use]
    pub fn until(&self) -> End {
        self.question.until()
    }
}

/// A warning for an administrator about access that is allowed (K7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Warning {
    /// Access depends on units whose term has ended and whose grace runs.
    InGrace {
        /// The instant at which it no longer does, by time alone.
        until: End,
    },
    /// More seats are held than there are units, which is tolerated for a time (S11).
    OverAssigned {
        /// The instant at which it is no longer tolerated, by time alone.
        until: End,
    },
    /// The license requires a more recent revocation list (X5).
    ListWanted {
        /// The instant from which units of the plan give nothing without one.
        until: End,
    },
    /// The active units run out soon.
    ExpiringSoon {
        /// The instant from which they no longer cover this user.
        #[serde(with = "instant")]
        at: DateTime<Utc>,
    },
}

impl Warning {
    /// Returns whether it names this instant, at which access ends.
    pub(crate) fn ends_access(&self, closes: DateTime<Utc>) -> bool {
        match self {
            Self::InGrace { until } | Self::OverAssigned { until } | Self::ListWanted { until } => {
                *until == End::At(closes)
            }
            Self::ExpiringSoon { at } => *at == closes,
        }
    }
}
