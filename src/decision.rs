//! What is answered: allowed or denied, and no third (K6).

use core::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::basis::Basis;
use crate::catalog::App;
use crate::catalog::offer::Plan;
use crate::message::Message;
use crate::tenant::Tenant;
use crate::time::{End, Written, instant};
use crate::user_id::UserId;

/// The answer of [`Tenant::check`]. It borrows all it speaks of and allocates nothing.
///
/// It holds until [`until`](Allow::until) and while [`Tenant::position`] stays what it was; a cache needs both.
#[derive(Debug)]
#[must_use = "a check that nobody looks at gates nothing"]
pub enum Decision<'a> {
    /// The user may open the app.
    Allow(Allow<'a>),
    /// The user may not.
    Deny(Denial<'a>),
}

impl Decision<'_> {
    /// Whether the user may open the app.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allow(_))
    }

    /// The first instant at which anything in the decision can change by time alone (K5).
    #[must_use]
    pub fn until(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Allow(allow) => allow.until(),
            Self::Deny(denial) => denial.until(),
        }
    }
}

/// Proof that a check allowed this user this app.
///
/// Only [`Tenant::check`] makes one. It cannot be kept beyond the tenant it came from, and it proves that *something* was
/// allowed: a gate wraps it in a type of its own, so that the allow of another app does not pass. It cannot be written
/// down:
///
/// ```compile_fail,E0451
/// # fn forge<'a>(answer: entitle::Allow<'a>) {
/// let entitle::Allow { .. } = &answer;
/// let forged = entitle::Allow { plan: None, ..answer };
/// # }
/// ```
///
/// nor copied:
///
/// ```compile_fail,E0277
/// fn keep<T: Clone>(answer: &T) -> T { answer.clone() }
/// fn forge(answer: &entitle::Allow<'_>) { keep::<entitle::Allow<'_>>(answer); }
/// ```
///
/// nor made from nothing:
///
/// ```compile_fail,E0277
/// fn from_nothing<T: Default>() -> T { T::default() }
/// let forged: entitle::Allow<'static> = from_nothing();
/// ```
///
/// nor read from data:
///
/// ```compile_fail,E0277
/// let forged: entitle::Allow<'static> = serde_json::from_str("{}").unwrap();
/// ```
///
/// nor kept while the tenant changes:
///
/// ```compile_fail,E0502
/// # use entitle::{Decision, Event, Tenant, UserId, App};
/// # fn stale(mut tenant: Tenant, user: UserId, app: App, event: Event, now: chrono::DateTime<chrono::Utc>) {
/// let decision = tenant.check(&user, &app, now);
/// tenant.apply(&event);
/// drop(decision);
/// # }
/// ```
#[derive(Debug)]
#[must_use = "an allow opens a gate; nobody walks through this one"]
pub struct Allow<'a> {
    pub(crate) question: Question<'a>,
    /// By its number in the catalog.
    pub(crate) plan: Option<usize>,
    pub(crate) basis: Basis,
}

impl<'a> Allow<'a> {
    /// Who may.
    #[must_use]
    pub fn user(&self) -> &'a UserId {
        self.question.user
    }

    /// What they may open.
    #[must_use]
    pub fn app(&self) -> &'a App {
        self.question.app
    }

    /// The plan that opens it, unless none is needed.
    #[must_use]
    pub fn plan(&self) -> Option<&'a Plan> {
        self.plan.and_then(|plan| self.question.tenant.catalog().plan_at(plan))
    }

    /// On what it rests.
    #[must_use]
    pub fn basis(&self) -> Basis {
        self.basis
    }

    /// What an administrator should know; worked out when it is asked for.
    pub fn warnings(&self) -> impl Iterator<Item = Warning> {
        let warnings = self.plan.map(|plan| self.question.warnings(plan, self.basis));
        warnings.into_iter().flatten().flatten()
    }

    /// The first instant at which anything in this answer can change by time alone; later than the reading it was made
    /// for. `None`: nothing ever does (K5). Worked out when it is asked for.
    #[must_use]
    pub fn until(&self) -> Option<DateTime<Utc>> {
        // What needs no plan is not a matter of time.
        self.plan.and_then(|_| instant_of(self.question.until()))
    }
}

/// The answer that a user may not open an app; [`Denial::explain`] says why.
#[derive(Debug)]
#[must_use = "a denial has to close the gate"]
pub struct Denial<'a> {
    pub(crate) question: Question<'a>,
}

/// What a check was asked, and at which reading: what is told beyond yes and no is worked out from it when it is asked for.
#[derive(Clone, Copy)]
pub(crate) struct Question<'a> {
    pub(crate) tenant: &'a Tenant,
    pub(crate) user: &'a UserId,
    pub(crate) app: &'a App,
    /// The reading, not floored to the whole second.
    pub(crate) at: DateTime<Utc>,
}

/// Without the tenant, which may have a million users.
impl fmt::Debug for Question<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tenant: _, user, app, at } = self;
        f.debug_struct("Question").field("user", user).field("app", app).field("at", at).finish()
    }
}

impl<'a> Denial<'a> {
    /// Who may not.
    #[must_use]
    pub fn user(&self) -> &'a UserId {
        self.question.user
    }

    /// What they may not open.
    #[must_use]
    pub fn app(&self) -> &'a App {
        self.question.app
    }

    /// The first instant at which anything in this answer can change by time alone; later than the reading it was made
    /// for. `None`: nothing ever does (K5). Worked out when it is asked for.
    #[must_use]
    pub fn until(&self) -> Option<DateTime<Utc>> {
        instant_of(self.question.until())
    }
}

fn instant_of(end: End) -> Option<DateTime<Utc>> {
    match end {
        End::At(at) => Some(at),
        End::Never => None,
    }
}

/// What an administrator should know although the answer is yes (K7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Warning {
    /// The term is over; it rests on the grace until then.
    InGrace {
        /// When it no longer does, by time alone.
        until: End,
    },
    /// More seats are taken than there are units; it is tolerated until then.
    OverAssigned {
        /// When it no longer is, by time alone.
        until: End,
    },
    /// The license asks for a more recent revocation list (X5).
    ListWanted {
        /// When units of the plan will give nothing without one.
        until: End,
    },
    /// The active units run out soon.
    ExpiringSoon {
        /// When they no longer reach this user.
        #[serde(with = "instant")]
        at: DateTime<Utc>,
    },
}

impl Warning {
    /// A stable name for programs and translations.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::InGrace { .. } => "warning.in-grace",
            Self::OverAssigned { .. } => "warning.over-assigned",
            Self::ExpiringSoon { .. } => "warning.expiring-soon",
            Self::ListWanted { .. } => "warning.list-wanted",
        }
    }
}

impl Warning {
    /// What it says.
    #[must_use]
    pub fn sentence(self) -> Message {
        let say = |english| Message::new(self.code(), english);
        match self {
            Self::InGrace { until } => say("the license has ended and is in grace until {until}").with("until", until),
            Self::OverAssigned { until } => {
                say("more seats are assigned than licensed, which is tolerated until {until}").with("until", until)
            }
            Self::ListWanted { until } => {
                say("a recent revocation list is wanted, and some of the license ends without one {until}")
                    .with("until", until)
            }
            Self::ExpiringSoon { at } => say("the license ends {at}").with("at", Written(at)),
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sentence().fmt(f)
    }
}
