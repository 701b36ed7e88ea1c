//! Why not: one reason for every plan that could have allowed it, the nearest miss first (K3).

use alloc::vec::Vec;
use core::cmp::Reverse;
use core::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::catalog::offer::Plan;
use crate::decision::{Allow, Decision, Denial, Question};
use crate::id::{AppId, Label, PlanId};
use crate::message::Message;
use crate::or_list::OrList;
use crate::phase_timeline::PhaseTimeline;
use crate::sorted::sorted;
use crate::tenant::Tenant;
use crate::tenant::evaluation::BlockedBy;
use crate::time::{EARLIEST, End, Phase, Written, instant, whole_second};
use crate::units::Total;
use crate::user_id::UserId;

/// Why a user may not open an app: owned, to be shown, kept or sent. Its `Display` is the message for the user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DenialExplanation {
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
    pub cause: DenialCause,
}

/// Why an app stays shut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DenialCause {
    /// The handle is of another catalog, and this one has no such app (K8).
    UnknownApp,
    /// No plan that lists it is in effect for the user: one reason a plan, the nearest miss first (K3).
    Plans(Vec<PlanDenial>),
}

/// A plan that would open the app, and why it does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PlanDenial {
    /// The plan.
    pub plan: PlanId,
    /// Its name for people.
    pub name: Label,
    /// Where people read more about it.
    pub more_info: Option<Label>,
    /// Why it does not open the app.
    pub reason: DenialReason,
}

/// Why a plan does not open an app for a user. Ordered from the farthest miss to the nearest: the first that applies is
/// given (K3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DenialReason {
    /// No license in force grants it.
    NoGrant,
    /// A revocation list has ended it.
    Revoked {
        /// Since when.
        #[serde(with = "instant")]
        since: DateTime<Utc>,
    },
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
        /// When it will be of use by time alone; never, if it is ended, or wants a revocation list, before.
        from: End,
    },
    /// Its license asks for a more recent revocation list than there is.
    ListNotFresh {
        /// Since when it gives nothing.
        #[serde(with = "instant")]
        since: DateTime<Utc>,
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
    /// The user has a seat, and an earlier claim of theirs is of a plan that excludes this one.
    Excluded {
        /// The plan of that claim.
        by: PlanId,
    },
    /// The user has a seat, or the organisation a unit, but not what the plan requires.
    RequirementNotMet {
        /// Any one of these plans would do.
        any_of: Vec<PlanId>,
    },
    /// An administrator has turned the app off for the user.
    TurnedOff,
}

impl DenialReason {
    /// A stable name for programs and translations.
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

    /// How near a miss it is: the higher, the nearer (K3).
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
    /// What it says. Its code is that of the reason, but where a reason without its date is said otherwise.
    #[must_use]
    pub fn sentence(&self) -> Message {
        let say = |english| Message::new(self.code(), english);
        match self {
            Self::NoGrant => say("no license grants it"),
            Self::Revoked { since } => say("its license was revoked {since}").with("since", Written(*since)),
            Self::ListNotFresh { since } => {
                say("its license asks for a recent revocation list, and has had none since {since}")
                    .with("since", Written(*since))
            }
            Self::Ended { since } if *since == EARLIEST => {
                Message::new("reason.ended-before-it-began", "its license was ended before it began")
            }
            Self::Ended { since } => say("its license is over since {since}").with("since", Written(*since)),
            Self::Suspended { since, until } => {
                say("its license is suspended since {since}, a renewal until {until} restores it")
                    .with("since", Written(*since))
                    .with("until", until)
            }
            Self::TrialNotStarted { until } => {
                say("its trial has not been started, which may be done until {until}").with("until", until)
            }
            Self::Pending { from: End::At(from) } => say("its license starts {from}").with("from", Written(*from)),
            Self::Pending { from: End::Never } => Message::new(
                "reason.pending-for-ever",
                "its license has not started, and by time alone it will not be of use",
            ),
            Self::NotAssigned => say("it is not assigned to this user"),
            Self::Waiting { place, limit } => say("this user waits for a seat: place {place}, with seats for {limit}")
                .with("place", place)
                .with("limit", limit),
            Self::Excluded { by } => say("this user claimed `{by}` before, which excludes it").with("by", by),
            Self::RequirementNotMet { any_of } => say("it requires {any_of}").with("any_of", OrList::quoted(any_of)),
            Self::TurnedOff => say("an administrator turned this app off for this user"),
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
    /// What the user is told: whom to ask, and for which plans (K3).
    #[must_use]
    pub fn sentence(&self) -> Message {
        let say = |code, english| Message::new(code, english).with("app", &self.app);
        match &self.cause {
            DenialCause::UnknownApp => say("denied.unknown-app", "`{app}` is not part of this product"),
            DenialCause::Plans(misses) => say(
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

/// The names of plans, with where to read more about them.
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
    /// The allow, or why there is none: for `?` in a function that may fail.
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
    /// Why: one reason for every plan that lists the app, the nearest miss first (K3).
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
    /// The plans that would open the app and why they do not, the nearest miss first; none for an unknown app.
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
        let cause = match tenant.catalog().gate_of(app) {
            None => DenialCause::UnknownApp,
            Some(gate) => {
                let catalog = tenant.catalog();
                let plans = gate.plans().iter().filter_map(|&index| {
                    let plan = catalog.plan_at(index)?;
                    Some((index, plan, reason(tenant, index, plan, denial)?))
                });
                DenialCause::Plans(nearest_first(plans))
            }
        };
        Self { user: user.clone(), app: app.id().clone(), at, until: denial.question.until(), cause }
    }
}

/// Why plans give a tenant nothing at all, whoever its users are: the nearest miss first, then the catalog's order.
pub(crate) fn shut_for_all(tenant: &Tenant, at: DateTime<Utc>, counts: impl Fn(&Plan) -> bool) -> Vec<PlanDenial> {
    let plans = tenant.catalog().offer().plans.iter().enumerate().filter(|(_, plan)| counts(plan));
    nearest_first(plans.filter_map(|(index, plan)| {
        let now = tenant.core().segments(index, at).first()?;
        Some((index, plan, shut(tenant, &plan.id, now.nearest, at)?))
    }))
}

fn nearest_first<'a>(plans: impl Iterator<Item = (usize, &'a Plan, DenialReason)>) -> Vec<PlanDenial> {
    let plans: Vec<(usize, &Plan, DenialReason)> = plans.collect();
    let order = sorted(plans.iter().map(|(index, _, reason)| (Reverse(reason.nearness()), *index)).zip(0_usize..));
    let mut misses = Vec::with_capacity(plans.len());
    for (_, place) in order {
        let Some((_, plan, reason)) = plans.get(place) else { continue };
        let (plan, name, more_info) = (plan.id.clone(), plan.name.clone(), plan.more_info.clone());
        misses.push(PlanDenial { plan, name, more_info, reason: reason.clone() });
    }
    misses
}

/// The first that applies to one plan (K3).
fn reason(tenant: &Tenant, index: usize, plan: &Plan, denial: &Denial<'_>) -> Option<DenialReason> {
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
        // In effect and yet denied: it can only be that the app is off, which it never is for all.
        Ok(_) => evaluation.beneficiary?.claim().map(|_| DenialReason::TurnedOff),
    }
}

/// Why a plan gives nothing, unless it has a usable unit; of several grants in the nearest phase the one nearest to use
/// speaks.
fn shut(tenant: &Tenant, plan: &PlanId, nearest: Option<Phase>, at: DateTime<Utc>) -> Option<DenialReason> {
    let lives = || -> Vec<PhaseTimeline> {
        tenant.core().grants(plan).map(|(_, life)| life).filter(|life| Some(life.phase(at)) == nearest).collect()
    };
    let since = |phase| lives().iter().filter_map(|life| life.begins(phase)).max().unwrap_or(at);
    let latest_end = || lives().iter().map(|life| life.phase_ends(at)).max().unwrap_or(End::Never);
    let earliest_use = || lives().iter().filter_map(|life| life.next_use(at)).min().map_or(End::Never, End::At);
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
