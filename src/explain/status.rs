//! What an application shows of an app and a user, in one value: for a status bar or an account
//! page.

use alloc::vec::Vec;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use crate::catalog::App;
use crate::catalog::basis::Basis;
use crate::catalog::offer::Scope;
use crate::decision::denial_explanation::DenialExplanation;
use crate::decision::{Allow, Decision};
use crate::id::user::UserId;
use crate::id::{AppId, Label, PlanId};
use crate::license::grant::{Fallback, GrantKind};
use crate::license::phases::PhaseTimeline;
use crate::query::clock::ClockStatus;
use crate::query::trials::TrialStatus;
use crate::tenant::Tenant;
use crate::tenant::command::{SignUpPolicy, TrialName};
use crate::time::{Days, End, Phase, instant};

/// What an application shows of an app and a user: whether it is open, on what basis, how long, and
/// what happens next. It is for display; a check decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AppStatus {
    /// The user.
    pub user: UserId,
    /// The app.
    pub app: AppId,
    /// The reading for which the status holds.
    #[serde(with = "instant")]
    pub at: DateTime<Utc>,
    /// Whether the user may open the app.
    pub access: AppAccess,
    /// The first instant at which anything in the decision can change by time alone (K5).
    pub next_change: End,
    /// Whether a trial of a plan that lists the app runs or can be started (T1).
    pub trial: AppTrial,
    /// How the clock compares with the record (X6).
    pub clock: ClockStatus,
}

/// Whether a user may open an app, in a status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AppAccess {
    /// The user may open the app.
    Open(OpenAccess),
    /// The user may not open the app.
    Closed {
        /// Why.
        explanation: DenialExplanation,
        /// The first instant at which the app opens by time alone; never, if it does not.
        opens: End,
    },
}

/// How long and on what basis a user may open an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OpenAccess {
    /// The basis (K7).
    pub basis: Basis,
    /// The plan that opens the app; `None` if no plan is needed.
    pub plan: Option<StatusPlan>,
    /// The first instant at which the app closes by time alone, after everything that prolongs it:
    /// grace, a renewal that starts later, other plans.
    pub closes: End,
}

/// A plan in a status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StatusPlan {
    /// The plan.
    pub id: PlanId,
    /// The display name.
    pub name: Label,
    /// The phase of its grant that is nearest to being usable: active or in grace.
    pub phase: Phase,
    /// When that phase ends by time alone, after everything that prolongs it: the end of what was
    /// bought while it is active, and of the grace after that.
    pub until: End,
    /// The latest fallback of its grants that are usable (V1): releases of the application dated
    /// before it can be used without an end. A status line says it as "updates until".
    pub fallback: Fallback,
}

/// Whether a trial of a plan that lists an app runs or can be started. Of several trials the last in
/// this order is reported, and of equal ones the first in the order of the licenses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AppTrial {
    /// No license in force has such a trial.
    None,
    /// The trials are over, or can no longer be started.
    Over,
    /// A trial can be started later.
    CanBeStartedFrom {
        /// The trial.
        trial: TrialName,
        /// The first instant at which it can be started.
        #[serde(with = "instant")]
        from: DateTime<Utc>,
    },
    /// A trial can be started now.
    CanBeStarted {
        /// The trial.
        trial: TrialName,
        /// The first instant at which it can no longer be started.
        until: End,
        /// Whether users may start it by signing up: not of a plan that is not for users, or is bought
        /// (T2).
        sign_ups: SignUpPolicy,
    },
    /// A trial runs.
    Running {
        /// The trial.
        trial: TrialName,
        /// When its phase ends by time alone.
        until: End,
    },
}

impl OpenAccess {
    /// Returns the days until the app closes by time alone, grace included, the last one counted as a
    /// whole: 1 on the last day; `None` if it does not close.
    #[must_use]
    pub fn days_left(&self, at: DateTime<Utc>) -> Option<Days> {
        days_until(self.closes, at)
    }
}

impl StatusPlan {
    /// Returns the days until the phase ends, the last one counted as a whole: 1 on the last day;
    /// `None` if it does not end. While it is active, these are the days that were bought.
    #[must_use]
    pub fn days_left(&self, at: DateTime<Utc>) -> Option<Days> {
        days_until(self.until, at)
    }
}

fn days_until(end: End, at: DateTime<Utc>) -> Option<Days> {
    let left = end.instant()?.signed_duration_since(at).max(TimeDelta::zero());
    let begun = left > TimeDelta::days(left.num_days());
    let days = left.num_days().saturating_add(i64::from(begun));
    Some(Days::new(u32::try_from(days).unwrap_or(u32::MAX)))
}

impl AppStatus {
    /// Returns the days until the app closes by time alone, grace included, the last one counted as a
    /// whole: 1 on the last day; `None` if it does not close, or is closed. Those that were bought are
    /// [`StatusPlan::days_left`].
    #[must_use]
    pub fn days_left(&self) -> Option<Days> {
        match &self.access {
            AppAccess::Open(open) => open.days_left(self.at),
            AppAccess::Closed { .. } => None,
        }
    }
}

impl Tenant {
    /// Returns what an application shows of an app and a user.
    ///
    /// It costs a check for each instant at which the decision can change until the app closes or
    /// opens, what [`Denial::explain`](crate::Denial::explain) does if it is closed, and `O(n)` in the
    /// tenant's grants.
    ///
    /// ```
    /// use entitle::chrono::{DateTime, Utc};
    /// use entitle::explain::{AppAccess, AppTrial};
    /// use entitle::record::Beginning;
    /// use entitle::{Catalog, KeyRing, RecordId, Tenant};
    ///
    /// fn main() -> Result<(), Box<dyn core::error::Error>> {
    ///     let catalog = Catalog::from_json(
    ///         r#"{ "publisher": "fabrikam", "offer": "studio", "management": { "managed": "with_license" },
    ///              "apps": [{ "id": "export", "access": "licensed" }],
    ///              "plans": [{ "id": "pro", "scope": "user", "name": "Studio Pro", "apps": ["export"] }] }"#,
    ///     )?;
    ///     let beginning = Beginning::new("contoso".parse()?, RecordId::from_random([5; 16]));
    ///     let tenant = Tenant::new(&catalog, &KeyRing::new(), &beginning);
    ///     let (ada, export) = ("ada".parse()?, catalog.app("export")?);
    ///     let now: DateTime<Utc> = "2026-03-01T08:00:00Z".parse()?;
    ///
    ///     let status = tenant.status(&ada, &export, now);
    ///     let line = match &status.access {
    ///         AppAccess::Open(open) => match open.plan.as_ref().and_then(|plan| plan.days_left(status.at)) {
    ///             Some(days) => format!("{}: {days} left", open.basis),
    ///             None => open.basis.to_string(),
    ///         },
    ///         AppAccess::Closed { explanation, .. } => explanation.to_string(),
    ///         _ => String::new(),
    ///     };
    ///     assert_eq!(line, "You have no license for `export`. Contact an administrator for a license: Studio Pro.");
    ///     assert_eq!(status.trial, AppTrial::None);
    ///     Ok(())
    /// }
    /// ```
    #[must_use]
    pub fn status(&self, user: &UserId, app: &App, now: DateTime<Utc>) -> AppStatus {
        let decision = self.check(user, app, now);
        let (at, next_change) = (self.reading(now), decision.until());
        let access = match decision {
            Decision::Allow(allow) => AppAccess::Open(OpenAccess {
                basis: allow.basis(),
                plan: status_plan(&allow, at),
                closes: allow.closes(),
            }),
            Decision::Deny(denial) => AppAccess::Closed { explanation: denial.explain(), opens: denial.opens() },
        };
        let (user, app, trial) = (user.clone(), app.id().clone(), self.app_trial(app, now));
        AppStatus { user, app, at, access, next_change, trial, clock: self.clock(now) }
    }

    fn app_trial(&self, app: &App, now: DateTime<Utc>) -> AppTrial {
        let lists_app = |plan: &PlanId| self.catalog().plan(plan).is_some_and(|plan| plan.apps.contains(app.id()));
        let trials = self.trials(now).filter(|trial| lists_app(&trial.grant.plan));
        trials
            .map(|trial| self.trial_of(trial, now))
            .fold(AppTrial::None, |best, trial| if trial.rank() > best.rank() { trial } else { best })
    }

    /// Returns whether users may sign up for a trial of a plan: of no plan but a user plan, and not while
    /// it is bought (T2).
    fn sign_ups_for(&self, plan: &PlanId, now: DateTime<Utc>) -> SignUpPolicy {
        let is_for_users = self.catalog().plan(plan).is_some_and(|plan| plan.scope == Scope::User);
        if is_for_users && !self.core().is_bought(plan, self.reading(now)) {
            self.sign_ups()
        } else {
            SignUpPolicy::Off
        }
    }

    fn trial_of(&self, status: TrialStatus<'_>, now: DateTime<Utc>) -> AppTrial {
        let TrialStatus { name: trial, grant, phase, until, .. } = status;
        let opens = match &grant.kind {
            GrantKind::Trial(trial) => trial.may_start.opens(),
            GrantKind::Paid(_) => return AppTrial::None,
        };
        match phase {
            Phase::NotStarted if self.reading(now) < opens => AppTrial::CanBeStartedFrom { trial, from: opens },
            Phase::NotStarted => {
                let sign_ups = self.sign_ups_for(&trial.plan, now);
                AppTrial::CanBeStarted { trial, until, sign_ups }
            }
            Phase::Pending | Phase::NotFresh | Phase::Grace | Phase::Active => AppTrial::Running { trial, until },
            Phase::Revoked | Phase::Ended | Phase::ReleaseNotCovered | Phase::Suspended => AppTrial::Over,
        }
    }
}

impl AppTrial {
    fn rank(&self) -> u8 {
        match self {
            Self::None => 0,
            Self::Over => 1,
            Self::CanBeStartedFrom { .. } => 2,
            Self::CanBeStarted { .. } => 3,
            Self::Running { .. } => 4,
        }
    }
}

fn status_plan(allow: &Allow<'_>, at: DateTime<Utc>) -> Option<StatusPlan> {
    let (plan, index) = (allow.plan()?, allow.plan?);
    let phase = allow.question.tenant.core().segments(index, at).first()?.nearest?;
    let grants = || allow.question.tenant.core().grants(&plan.id);
    let usable = grants().filter(|(_, timeline)| timeline.phase(at).is_usable());
    let latest = usable.filter_map(|(grant, _)| grant.kind.fallback().before()).max();
    let fallback = latest.map_or(Fallback::None, Fallback::Before);
    let timelines: Vec<PhaseTimeline> = grants().map(|(_, timeline)| timeline).collect();
    let until = phase_end(&timelines, phase, at);
    Some(StatusPlan { id: plan.id.clone(), name: plan.name.clone(), phase, until, fallback })
}

/// Returns when no grant is in a phase any more, in which one is now. `O(n²)` in the grants of the plan.
fn phase_end(timelines: &[PhaseTimeline], phase: Phase, at: DateTime<Utc>) -> End {
    let mut end = End::At(at);
    while let Some(instant) = end.instant() {
        let in_phase = timelines.iter().filter(|timeline| timeline.phase(instant) == phase);
        match in_phase.map(|timeline| timeline.phase_ends(instant)).max() {
            Some(later) if later > end => end = later,
            _ => break,
        }
    }
    end
}
