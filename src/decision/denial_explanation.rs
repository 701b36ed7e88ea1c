//! Why access is denied: one reason for every plan that lists the app, the nearest miss first (K3).

use alloc::vec::Vec;
use core::cmp::Reverse;
use core::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::catalog::index::PlanIndex;
use crate::catalog::offer::Plan;
use crate::decision::{Allow, Decision, Denial, Question};
use crate::id::user::UserId;
use crate::id::{AppId, Label, PlanId};
use crate::license::phases::PhaseTimeline;
use crate::message::Message;
use crate::message::or_list::OrList;
use crate::quantity::place::Place;
use crate::quantity::units::Total;
use crate::tenant::Tenant;
use crate::tenant::evaluation::BlockedBy;
use crate::time::{EARLIEST, End, Phase, Written, instant, whole_second};

/// Why a user may not open an app, as owned data to show, store or send. Its `Display` is the
/// message for the user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DenialExplanation {
    /// The user who is denied.
    pub user: UserId,
    /// The app that the user may not open.
    pub app: AppId,
    /// The reading for which the answer holds.
    #[serde(with = "instant")]
    pub at: DateTime<Utc>,
    /// The first instant at which the answer can change by time alone.
    pub until: End,
    /// The cause of the denial.
    pub cause: DenialCause,
}

/// The cause of a denial.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DenialCause {
    /// The handle belongs to another catalog, and the tenant's catalog has no such app (K8).
    UnknownApp,
    /// No plan that lists the app is in effect for the user: one reason for each plan, the nearest
    /// miss first (K3).
    Plans(Vec<PlanDenial>),
}

/// A plan that lists the app, and why it does not allow it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PlanDenial {
    /// The plan.
    pub plan: PlanId,
    /// The plan's display name.
    pub name: Label,
    /// The address of more information about the plan.
    pub more_info: Option<Label>,
    /// Why the plan does not allow the app.
    pub reason: DenialReason,
}

/// Why a plan does not allow an app to a user. Ordered from the farthest miss to the nearest; the
/// first that applies is reported (K3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DenialReason {
    /// No license in force grants the plan.
    NoGrant,
    /// A revocation list has ended it (X5).
    Revoked {
        /// The instant since which this holds.
        #[serde(with = "instant")]
        since: DateTime<Utc>,
    },
    /// Its last grant has ended (L5, L6).
    Ended {
        /// The instant of the end; [`EARLIEST`](crate::time::EARLIEST) for a grant that was withdrawn
        /// before it started.
        #[serde(with = "instant")]
        since: DateTime<Utc>,
    },
    /// It is suspended, and a renewal restores it (L5).
    Suspended {
        /// The instant since which this holds.
        #[serde(with = "instant")]
        since: DateTime<Utc>,
        /// The instant at which the suspension ends.
        until: End,
    },
    /// It has a trial that nobody has started (T1).
    TrialNotStarted {
        /// The first instant at which it may no longer be started.
        until: End,
    },
    /// It is granted from a later instant (L8).
    Pending {
        /// The instant from which it is usable by time alone; never, if it ends or requires a
        /// revocation list before then.
        from: End,
    },
    /// Its license requires a more recent revocation list (X5).
    ListNotFresh {
        /// The instant since which the license gives nothing.
        #[serde(with = "instant")]
        since: DateTime<Utc>,
    },
    /// The user has no claim on the plan.
    NotAssigned,
    /// The user's claim waits for a seat (S10).
    Waiting {
        /// The claim's place in the queue, counted from 1.
        place: Place,
        /// The number of claims that hold a seat.
        limit: Total,
    },
    /// The user has a seat, and an earlier claim of theirs is on a plan that excludes this one
    /// (C5).
    Excluded {
        /// The plan of the earlier claim.
        by: PlanId,
    },
    /// The user has a seat, or the organisation a unit, but a requirement of the plan is not met
    /// (C4).
    RequirementNotMet {
        /// The plans of which any one meets the requirement.
        any_of: Vec<PlanId>,
    },
    /// The app is on the deny list of the user's assignment (C10).
    TurnedOff,
}

impl DenialReason {
    /// Returns a stable name for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoGrant => "reason.no-grant",
            Self::Revoked { .. } => "reason.revoked",
            Self::ListNotFresh { .. } => "reason.list-not-fresh",
            Self::Ended { .. } => "reason.ended",
            Self::Suspended { .. } => "reason.suspended",
            Self::TrialNotStarted { .. } => "reason.trial-not-started",
            Self::Pending { .. } => "reason.pending",
            Self::NotAssigned => "reason.not-assigned",
            Self::Waiting { .. } => "reason.waiting",
            Self::Excluded { .. } => "reason.excluded",
            Self::RequirementNotMet { .. } => "reason.requirement-not-met",
            Self::TurnedOff => "reason.turned-off",
        }
    }

    /// Returns how near a miss this is: a higher number is nearer (K3).
    fn nearness(&self) -> u8 {
        match self {
            Self::NoGrant => 0,
            Self::Revoked { .. } => 1,
            Self::Ended { .. } => 2,
            Self::Suspended { .. } => 3,
            Self::TrialNotStarted { .. } => 4,
            Self::Pending { .. } => 5,
            Self::ListNotFresh { .. } => 6,
            Self::NotAssigned => 7,
            Self::Waiting { .. } => 8,
            Self::Excluded { .. } => 9,
            Self::RequirementNotMet { .. } => 10,
            Self::TurnedOff => 11,
        }
    }
}

impl DenialReason {
    /// Returns the message of this reason. Its code is that of the reason, except where the message
    /// has no date: `reason.ended-before-it-began` and `reason.pending-for-ever`.
    #[must_use]
    pub fn sentence(&self) -> Message {
        let message = |english| Message::new(self.code(), english);
        match self {
            Self::NoGrant => message("no license grants it"),
            Self::Revoked { since } => message("its license was revoked {since}").with("since", Written(*since)),
            Self::ListNotFresh { since } => {
                message("its license requires a recent revocation list, and has had none since {since}")
                    .with("since", Written(*since))
            }
            Self::Ended { since } if *since == EARLIEST => {
                Message::new("reason.ended-before-it-began", "its license was ended before it began")
            }
            Self::Ended { since } => message("its license ended on {since}").with("since", Written(*since)),
            Self::Suspended { since, until } => {
                message("its license is suspended since {since}: a renewal until {until} restores it")
                    .with("since", Written(*since))
                    .with("until", until)
            }
            Self::TrialNotStarted { until } => {
                message("its trial has not been started, which is possible until {until}").with("until", until)
            }
            Self::Pending { from: End::At(from) } => {
                message("its license starts on {from}").with("from", Written(*from))
            }
            Self::Pending { from: End::Never } => Message::new(
                "reason.pending-for-ever",
                "its license has not started, and will not become usable by time alone",
            ),
            Self::NotAssigned => message("it is not assigned to this user"),
            Self::Waiting { place, limit } => {
                message("this user waits for a seat: place {place}, with seats for {limit}")
                    .with("place", place)
                    .with("limit", limit)
            }
            Self::Excluded { by } => {
                message("this user has an earlier claim on `{by}`, which excludes it").with("by", by)
            }
            Self::RequirementNotMet { any_of } => {
                message("it requires {any_of}").with("any_of", OrList::quoted(any_of))
            }
            Self::TurnedOff => message("an administrator turned this app off for this user"),
        }
    }
}

impl fmt::Display for DenialReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sentence().fmt(f)
    }
}

impl fmt::Display for PlanDenial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.reason)
    }
}

impl DenialExplanation {
    /// Returns the message for the user: whom to ask, and for which plans (K3).
    #[must_use]
    pub fn sentence(&self) -> Message {
        let message = |code, english| Message::new(code, english).with("app", &self.app);
        match &self.cause {
            DenialCause::UnknownApp => message("denied.unknown-app", "`{app}` is not part of this product"),
            DenialCause::Plans(misses) => message(
                "denied.no-license",
                "you have no license for `{app}`: contact an administrator for a license: {plans}",
            )
            .with("plans", Plans(misses)),
        }
    }
}

impl fmt::Display for DenialExplanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sentence().fmt(f)
    }
}

/// Displays the names of plans with the addresses of more information.
pub(crate) struct Plans<'a>(pub(crate) &'a [PlanDenial]);

impl fmt::Display for Plans<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(index, miss)| {
            f.write_str(if index == 0 { "" } else { " or " })?;
            f.write_str(miss.name.as_str())?;
            miss.more_info.as_ref().map_or(Ok(()), |url| write!(f, " ({url})"))
        })
    }
}

impl core::error::Error for DenialExplanation {}

impl<'a> Decision<'a> {
    /// Returns the allow, or the explanation of the denial as an error, for use with `?`.
    ///
    /// # Errors
    ///
    /// The [`DenialExplanation`] of a denial.
    pub fn allowed(self) -> Result<Allow<'a>, DenialExplanation> {
        match self {
            Self::Allow(allow) => Ok(allow),
            Self::Deny(denial) => Err(denial.explain()),
        }
    }
}

impl Denial<'_> {
    /// Returns why access is denied: one reason for every plan that lists the app, the nearest miss
    /// first (K3).
    #[must_use]
    pub fn explain(&self) -> DenialExplanation {
        DenialExplanation::of(self)
    }
}

impl From<Denial<'_>> for DenialExplanation {
    fn from(denial: Denial<'_>) -> Self {
        denial.explain()
    }
}

impl DenialExplanation {
    /// Returns the plans that list the app and why they do not allow it, the nearest miss first;
    /// empty for an unknown app.
    #[must_use]
    pub fn misses(&self) -> &[PlanDenial] {
        match &self.cause {
            DenialCause::UnknownApp => &[],
            DenialCause::Plans(misses) => misses,
        }
    }

    fn of(denial: &Denial<'_>) -> Self {
        let Question { tenant, user, app, at } = denial.question;
        let at = whole_second(at);
        let cause = match tenant.catalog().rule_of(app) {
            None => DenialCause::UnknownApp,
            Some(rule) => {
                let catalog = tenant.catalog();
                let plans = rule.plans().iter().filter_map(|&index| {
                    let plan = catalog.plan_at(index)?;
                    Some((index, plan, reason(tenant, index, plan, denial)?))
                });
                DenialCause::Plans(nearest_first(plans))
            }
        };
        Self { user: user.clone(), app: app.id().clone(), at, until: denial.question.until(), cause }
    }
}

/// Returns why plans give no user of a tenant anything, the nearest miss first.
pub(crate) fn shut_for_all(tenant: &Tenant, at: DateTime<Utc>, counts: impl Fn(&Plan) -> bool) -> Vec<PlanDenial> {
    let plans = tenant.catalog().indexed_plans().filter(|(_, plan)| counts(plan));
    nearest_first(plans.filter_map(|(index, plan)| {
        let now = tenant.core().segments(index, at).first()?;
        Some((index, plan, shut(tenant, &plan.id, now.nearest, at)?))
    }))
}

fn nearest_first<'a>(plans: impl Iterator<Item = (PlanIndex, &'a Plan, DenialReason)>) -> Vec<PlanDenial> {
    let mut plans: Vec<(PlanIndex, &Plan, DenialReason)> = plans.collect();
    plans.sort_unstable_by_key(|(index, _, reason)| (Reverse(reason.nearness()), *index));
    let misses = plans.into_iter().map(|(_, plan, reason)| PlanDenial {
        plan: plan.id.clone(),
        name: plan.name.clone(),
        more_info: plan.more_info.clone(),
        reason,
    });
    misses.collect()
}

/// Returns the first reason that applies to one plan (K3).
fn reason(tenant: &Tenant, index: PlanIndex, plan: &Plan, denial: &Denial<'_>) -> Option<DenialReason> {
    let claims = tenant.state().claims(denial.question.user);
    let evaluation = tenant.view().evaluation(tenant.catalog(), index, claims.as_slice(), denial.question.at)?;
    let now = evaluation.segments().first()?;
    if let Some(reason) = shut(tenant, &plan.id, now.nearest, denial.question.at) {
        return Some(reason);
    }
    match evaluation.evaluate() {
        Err(BlockedBy::Unclaimed) => Some(DenialReason::NotAssigned),
        Err(BlockedBy::OutOfReach(beneficiary)) => {
            Some(DenialReason::Waiting { place: beneficiary.place(), limit: now.coverage.limit })
        }
        Err(BlockedBy::ExcludedBy(by)) => Some(DenialReason::Excluded { by: tenant.catalog().plan_at(by)?.id.clone() }),
        Err(BlockedBy::Unmet(need)) => {
            Some(DenialReason::RequirementNotMet { any_of: plan.requires.get(need)?.clone() })
        }
        // The plan is in effect and access is denied, so the app is on the claim's deny list.
        Ok(_) => evaluation.beneficiary?.claim().map(|_| DenialReason::TurnedOff),
    }
}

/// Returns why a plan gives nothing, or `None` if it has a usable unit. Of several grants in the
/// nearest phase, the one nearest to being usable decides.
fn shut(tenant: &Tenant, plan: &PlanId, nearest: Option<Phase>, at: DateTime<Utc>) -> Option<DenialReason> {
    let timelines = || -> Vec<PhaseTimeline> {
        tenant
            .core()
            .grants(plan)
            .map(|(_, timeline)| timeline)
            .filter(|timeline| Some(timeline.phase(at)) == nearest)
            .collect()
    };
    let since = |phase| timelines().iter().filter_map(|timeline| timeline.begins(phase)).max().unwrap_or(at);
    let latest_end = || timelines().iter().map(|timeline| timeline.phase_ends(at)).max().unwrap_or(End::Never);
    let earliest_use =
        || timelines().iter().filter_map(|timeline| timeline.next_use(at)).min().map_or(End::Never, End::At);
    match nearest {
        None => Some(DenialReason::NoGrant),
        Some(phase @ Phase::Revoked) => Some(DenialReason::Revoked { since: since(phase) }),
        Some(phase @ Phase::NotFresh) => Some(DenialReason::ListNotFresh { since: since(phase) }),
        Some(phase @ Phase::Ended) => Some(DenialReason::Ended { since: since(phase) }),
        Some(phase @ Phase::Suspended) => Some(DenialReason::Suspended { since: since(phase), until: latest_end() }),
        Some(Phase::NotStarted) => Some(DenialReason::TrialNotStarted { until: latest_end() }),
        Some(Phase::Pending) => Some(DenialReason::Pending { from: earliest_use() }),
        Some(Phase::Active | Phase::Grace) => None,
    }
}
