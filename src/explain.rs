//! Why not: one reason for every plan that could have allowed it, the nearest miss first (K3).

use alloc::vec::Vec;
use core::cmp::Reverse;
use core::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::catalog::offer::{Plan, Scope};
use crate::decision::{Allow, Decision, Denial};
use crate::id::{AppId, Label, PlanId, UserId};
use crate::tenant::Tenant;
use crate::tenant::state::{PlanState, claim_on};
use crate::time::{End, Phase, Written, instant};
use crate::units::Total;

/// Why a user may not open an app: owned, to be shown, kept or sent. Its `Display` is the message for the user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Explanation {
    /// Who was denied.
    pub user: UserId,
    /// What they were denied.
    pub app: AppId,
    /// The reading for which this holds.
    #[serde(with = "instant")]
    pub at: DateTime<Utc>,
    /// When time alone changes it.
    pub until: End,
    /// Why.
    pub cause: Cause,
}

/// Why an app stays shut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Cause {
    /// The handle is of another catalog, and this one has no such app (K8).
    UnknownApp,
    /// No plan that lists it is in effect for the user: one reason a plan, the nearest miss first (K3).
    Plans(Vec<Miss>),
}

/// A plan that would open the app, and why it does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Miss {
    /// The plan.
    pub plan: PlanId,
    /// Its name for people.
    pub name: Label,
    /// Where people read more about it.
    pub more_info: Option<Label>,
    /// Why it does not open the app.
    pub reason: Reason,
}

/// Why a plan does not open an app for a user. Ordered from the farthest miss to the nearest: the first that applies is
/// given (K3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// No license in force grants it.
    NoGrant,
    /// Its last grant has ended.
    Ended {
        /// Since when; a grant that was withdrawn before it started has ended from the first instant on.
        #[serde(with = "instant")]
        since: DateTime<Utc>,
    },
    /// It is suspended: a renewal restores it.
    Suspended {
        /// Since when.
        #[serde(with = "instant")]
        since: DateTime<Utc>,
        /// Until when a renewal finds it so.
        until: End,
    },
    /// There is a trial that nobody has started.
    TrialNotStarted {
        /// The first instant at which it may no longer be started.
        until: End,
    },
    /// It was bought and starts later.
    Pending {
        /// When it starts.
        from: End,
    },
    /// The user has no seat of it.
    NotAssigned,
    /// The user waits for a seat.
    Waiting {
        /// Their place in the line, counted from 1.
        place: u64,
        /// How many are covered.
        limit: Total,
    },
    /// An administrator has turned the app off for the user.
    TurnedOff,
}

impl Reason {
    /// A stable name for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoGrant => "reason.no-grant",
            Self::Ended { .. } => "reason.ended",
            Self::Suspended { .. } => "reason.suspended",
            Self::TrialNotStarted { .. } => "reason.trial-not-started",
            Self::Pending { .. } => "reason.pending",
            Self::NotAssigned => "reason.not-assigned",
            Self::Waiting { .. } => "reason.waiting",
            Self::TurnedOff => "reason.turned-off",
        }
    }

    /// How near a miss it is: the higher, the nearer (K3).
    fn nearness(&self) -> u8 {
        match self {
            Self::NoGrant => 0,
            Self::Ended { .. } => 1,
            Self::Suspended { .. } => 2,
            Self::TrialNotStarted { .. } => 3,
            Self::Pending { .. } => 4,
            Self::NotAssigned => 5,
            Self::Waiting { .. } => 6,
            Self::TurnedOff => 7,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoGrant => f.write_str("no license grants it"),
            Self::Ended { since } => write!(f, "its license ended {}", Written(*since)),
            Self::Suspended { since, until } => {
                write!(f, "its license is suspended since {}, a renewal until {until} restores it", Written(*since))
            }
            Self::TrialNotStarted { until } => write!(f, "its trial was not started and may be until {until}"),
            Self::Pending { from } => write!(f, "its license starts {from}"),
            Self::NotAssigned => f.write_str("it is not assigned to this user"),
            Self::Waiting { place, limit } => {
                write!(f, "this user waits for a seat: place {place} in a line of which {limit} are covered")
            }
            Self::TurnedOff => f.write_str("an administrator turned this app off for this user"),
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let app = &self.app;
        match &self.cause {
            Cause::UnknownApp => write!(f, "`{app}` is not part of this product"),
            Cause::Plans(misses) => {
                write!(f, "you have no license for `{app}`: contact an administrator for a license")?;
                misses.iter().zip(0_usize..).try_for_each(|(miss, index)| {
                    f.write_str(if index == 0 { " of " } else { " or " })?;
                    f.write_str(miss.name.as_str())?;
                    miss.more_info.as_ref().map_or(Ok(()), |url| write!(f, " ({url})"))
                })
            }
        }
    }
}

impl core::error::Error for Explanation {}

impl<'a> Decision<'a> {
    /// The allow, or why there is none: for `?` in a function that may fail.
    ///
    /// # Errors
    ///
    /// The [`Explanation`] of a denial.
    pub fn allowed(self) -> Result<Allow<'a>, Explanation> {
        match self {
            Self::Allow(allow) => Ok(allow),
            Self::Deny(denial) => Err(denial.explain()),
        }
    }
}

impl Denial<'_> {
    /// Why: one reason for every plan that lists the app, the nearest miss first (K3).
    #[must_use]
    pub fn explain(&self) -> Explanation {
        Explanation::of(self)
    }
}

impl From<Denial<'_>> for Explanation {
    fn from(denial: Denial<'_>) -> Self {
        denial.explain()
    }
}

impl Explanation {
    fn of(denial: &Denial<'_>) -> Self {
        let (tenant, at) = (denial.tenant, denial.at);
        let cause = match tenant.catalog().find(denial.app) {
            None => Cause::UnknownApp,
            Some((app, _)) => {
                let plans = tenant.catalog().plans_listing(app);
                let mut misses: Vec<_> = plans
                    .filter_map(|(number, plan)| {
                        let reason = reason(tenant, number, plan, denial)?;
                        let (plan, name, more_info) = (plan.id.clone(), plan.name.clone(), plan.more_info.clone());
                        Some((number, Miss { plan, name, more_info, reason }))
                    })
                    .collect();
                misses.sort_by_key(|(number, miss)| (Reverse(miss.reason.nearness()), *number));
                Cause::Plans(misses.into_iter().map(|(_, miss)| miss).collect())
            }
        };
        Self { user: denial.user.clone(), app: denial.app.id().clone(), at, until: denial.until, cause }
    }
}

/// The first that applies to one plan (K3).
fn reason(tenant: &Tenant, number: usize, plan: &Plan, denial: &Denial<'_>) -> Option<Reason> {
    let state = tenant.state().plan(number)?;
    let now = state.schedule.from(denial.at).first()?;
    match now.nearest {
        Some(Phase::Active | Phase::Grace) => {}
        Some(phase) => return Some(shut(tenant, state, phase, denial.at)),
        None => return Some(Reason::NoGrant),
    }
    if plan.scope != Scope::User {
        return None;
    }
    let Some(claim) = claim_on(tenant.state().claims(denial.user), number) else { return Some(Reason::NotAssigned) };
    let (place, limit) = (state.line.place(claim.turn), now.reach.limit);
    if !limit.reaches(place) {
        return Some(Reason::Waiting { place, limit });
    }
    (!claim.opens(denial.app.id())).then_some(Reason::TurnedOff)
}

/// Why a plan without a usable unit gives nothing; of several grants in that phase the one nearest to use speaks.
fn shut(tenant: &Tenant, plan: &PlanState, phase: Phase, at: DateTime<Utc>) -> Reason {
    let lives = || tenant.state().grants(&plan.id).map(|(_, life)| life).filter(|life| life.phase(at) == phase);
    let since = || lives().filter_map(|life| life.begins(phase)).max().unwrap_or(at);
    let latest_end = || lives().map(|life| life.phase_ends(at)).max().unwrap_or(End::Never);
    let earliest_end = || lives().map(|life| life.phase_ends(at)).min().unwrap_or(End::Never);
    match phase {
        Phase::Suspended => Reason::Suspended { since: since(), until: latest_end() },
        Phase::NotStarted => Reason::TrialNotStarted { until: latest_end() },
        Phase::Pending => Reason::Pending { from: earliest_end() },
        Phase::Ended | Phase::Active | Phase::Grace => Reason::Ended { since: since() },
    }
}
