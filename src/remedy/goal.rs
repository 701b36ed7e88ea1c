//! What remedies are to reach: that an app opens for a user, or that a total is within a quota.

use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use core::cmp::Reverse;

use chrono::{DateTime, Utc};

use crate::catalog::App;
use crate::catalog::index::PlanIndex;
use crate::catalog::quota::{Combination, QuotaEntry};
use crate::catalog::quota_rule::QuotaRule;
use crate::decision::check_first::RecordAhead;
use crate::decision::denial_explanation::plan_denials;
use crate::decision::denial_reason::DenialReason;
use crate::decision::{Denial, Question};
use crate::id::user::UserId;
use crate::query::record_ahead::record_ahead;
use crate::quota::Over;
use crate::quota::record_ahead::record_ahead_of_quota;
use crate::quota::status::{QuotaHolder, QuotaQuestion, QuotaReading};
use crate::tenant::Tenant;

/// What remedies are to reach.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Goal<'a> {
    /// The app opens for the user.
    App { user: &'a UserId, app: &'a App },
    /// The total is within the quota.
    Quota(QuotaGoal<'a>),
}

/// A total that is to be within a quota.
#[derive(Debug, Clone, Copy)]
pub(crate) struct QuotaGoal<'a> {
    pub(crate) holder: QuotaHolder<'a>,
    /// The quota in the tenant's catalog; `None` if it does not have it.
    pub(crate) quota: Option<(&'a QuotaEntry, &'a QuotaRule)>,
    pub(crate) wanted: u64,
}

/// Plans of the catalog that can reach a goal together: one plan that opens an app or gives enough of
/// a quota, or all plans whose amounts of a quota add up.
#[derive(Debug, Clone)]
pub(crate) struct Alternative(pub(crate) Arc<[PlanIndex]>);

/// A goal that is not reached, with the reading at which it is not.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UnreachedGoal<'a> {
    pub(crate) goal: Goal<'a>,
    pub(crate) tenant: &'a Tenant,
    pub(crate) at: DateTime<Utc>,
    /// The host's clock, which may be behind the reading (K10).
    pub(crate) now: DateTime<Utc>,
}

impl<'a> Goal<'a> {
    /// Returns the user who is to have more; `None` for the organisation.
    pub(crate) fn user(self) -> Option<&'a UserId> {
        match self {
            Self::App { user, .. } | Self::Quota(QuotaGoal { holder: QuotaHolder::User(user), .. }) => Some(user),
            Self::Quota(QuotaGoal { holder: QuotaHolder::Tenant, .. }) => None,
        }
    }

    pub(crate) fn is_reached(self, tenant: &Tenant, at: DateTime<Utc>) -> bool {
        match self {
            Self::App { user, app } => tenant.check(user, app, at).is_allowed(),
            Self::Quota(goal) => goal.question(tenant, tenant.raw_reading(at)).status().amount().allows(goal.wanted),
        }
    }
}

impl<'a> QuotaGoal<'a> {
    fn question<'t>(self, tenant: &'t Tenant, at: DateTime<Utc>) -> QuotaQuestion<'t>
    where
        'a: 't,
    {
        QuotaQuestion { reading: QuotaReading { tenant, quota: self.quota, at }, holder: self.holder }
    }
}

impl<'a> UnreachedGoal<'a> {
    /// Returns the plans that can reach the goal, the nearest miss first (K3). Costs what the
    /// explanation does.
    pub(crate) fn alternatives(&self) -> Vec<Alternative> {
        match self.goal {
            Goal::App { user, app } => {
                let catalog = self.tenant.catalog();
                let misses = plan_denials(&self.denial(user, app)).unwrap_or_default();
                let plans = misses.iter().filter_map(|miss| catalog.plan_index(&miss.plan));
                plans.map(Alternative::one).collect()
            }
            Goal::Quota(goal) => self.alternatives_of_quota(goal),
        }
    }

    fn alternatives_of_quota(&self, goal: QuotaGoal<'_>) -> Vec<Alternative> {
        let Some((entry, _)) = goal.quota else { return Vec::new() };
        let question = goal.question(self.tenant, self.at);
        let plans = question.parts().map(|part| {
            let reason = question.reason(&part);
            (Reverse(reason.as_ref().map(DenialReason::kind)), part.index)
        });
        let mut plans: Vec<_> = plans.collect();
        plans.sort_unstable();
        let plans = plans.into_iter().map(|(_, index)| index);
        match entry.combine {
            Combination::Largest => plans.map(Alternative::one).collect(),
            Combination::Sum => vec![Alternative(plans.collect())],
        }
    }

    /// Returns by how much the record is ahead of the clock, if the goal may be missed only for that
    /// (K10).
    pub(crate) fn record_ahead(&self) -> Option<RecordAhead> {
        match self.goal {
            Goal::App { user, app } => record_ahead(&self.denial(user, app)),
            Goal::Quota(goal) => record_ahead_of_quota(goal.question(self.tenant, self.at), goal.wanted, self.now),
        }
    }

    fn denial(&self, user: &'a UserId, app: &'a App) -> Denial<'a> {
        Denial { question: Question { tenant: self.tenant, user, app, at: self.at }, now: self.now }
    }
}

impl Alternative {
    fn one(plan: PlanIndex) -> Self {
        Self(Arc::from([plan]))
    }
}

impl<'a> From<&Denial<'a>> for UnreachedGoal<'a> {
    fn from(denial: &Denial<'a>) -> Self {
        let Question { tenant, user, app, at } = denial.question;
        Self { goal: Goal::App { user, app }, tenant, at, now: denial.now }
    }
}

impl<'a> From<&Over<'a>> for UnreachedGoal<'a> {
    fn from(over: &Over<'a>) -> Self {
        let QuotaQuestion { reading: QuotaReading { tenant, quota, at }, holder } = over.status.question;
        Self { goal: Goal::Quota(QuotaGoal { holder, quota, wanted: over.wanted }), tenant, at, now: over.now }
    }
}
