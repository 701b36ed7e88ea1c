//! What somebody may want of a tenant and not have: an open app, or a total within a quota.

use chrono::{DateTime, Utc};
use core::fmt;
use entitle::catalog::{TenantQuota, UserQuota};
use entitle::explain::RecordAhead;
use entitle::quota::QuotaDecision;
use entitle::remedy::{Effort, Remedy, SearchStatus};
use entitle::{App, Decision, Tenant, UserId};

use super::answers::questions;
use super::offers::QUOTAS;
use super::{user, users};

/// What is wanted.
#[derive(Debug, Clone)]
pub(crate) enum Goal {
    App(UserId, App),
    Quota(UserId, UserQuota, u64),
    TenantQuota(TenantQuota, u64),
}

/// Everything that is not there at an instant: apps, and totals of quotas that are over the amount by this much.
pub(crate) fn unreached(tenant: &Tenant, now: DateTime<Utc>, over: u64) -> Vec<Goal> {
    let apps = questions(tenant).into_iter().map(|(user, app)| Goal::App(user, app));
    let of_users = tenant.catalog().user_quota(QUOTAS[0]).unwrap();
    let of_tenant = tenant.catalog().tenant_quota(QUOTAS[1]).unwrap();
    let wanted =
        |amount: entitle::quantity::QuotaAmount| (0..100).find(|total| !amount.allows(*total)).unwrap_or(0) + over;
    let of_each = users().into_iter().map(|user| {
        let wanted = wanted(tenant.quota(&user, &of_users, now).amount());
        Goal::Quota(user, of_users.clone(), wanted)
    });
    let total = wanted(tenant.tenant_quota(&of_tenant, now).amount());
    let all = apps.chain(of_each).chain([Goal::TenantQuota(of_tenant.clone(), total)]);
    all.filter(|goal| !goal.is_reached(tenant, now)).collect()
}

impl Goal {
    pub(crate) fn is_reached(&self, tenant: &Tenant, now: DateTime<Utc>) -> bool {
        match self {
            Self::App(user, app) => tenant.check(user, app, now).is_allowed(),
            Self::Quota(user, quota, wanted) => tenant.check_quota(user, quota, *wanted, now).is_within(),
            Self::TenantQuota(quota, wanted) => tenant.check_tenant_quota(quota, *wanted, now).is_within(),
        }
    }

    /// Who gives the commands; anybody for the organisation.
    pub(crate) fn user(&self) -> UserId {
        match self {
            Self::App(user, _) | Self::Quota(user, ..) => user.clone(),
            Self::TenantQuota(..) => user("nobody"),
        }
    }

    /// The remedies that an effort finds, with the state of the search; `None` if the goal is reached.
    pub(crate) fn remedies(
        &self,
        tenant: &Tenant,
        now: DateTime<Utc>,
        effort: Effort,
    ) -> Option<(Vec<Remedy>, SearchStatus)> {
        let mut remedies = match self {
            Self::App(user, app) => match tenant.check(user, app, now) {
                Decision::Allow(_) => return None,
                Decision::Deny(denial) => denial.remedies_within(effort),
            },
            Self::Quota(user, quota, wanted) => {
                over(tenant.check_quota(user, quota, *wanted, now))?.remedies_within(effort)
            }
            Self::TenantQuota(quota, wanted) => {
                over(tenant.check_tenant_quota(quota, *wanted, now))?.remedies_within(effort)
            }
        };
        let all = remedies.by_ref().collect();
        Some((all, remedies.status()))
    }

    /// By how much the explanation reports the record as ahead of the clock.
    pub(crate) fn record_ahead(&self, tenant: &Tenant, now: DateTime<Utc>) -> Option<RecordAhead> {
        match self {
            Self::App(user, app) => tenant.check(user, app, now).allowed().err()?.record_ahead(),
            Self::Quota(user, quota, wanted) => {
                over(tenant.check_quota(user, quota, *wanted, now))?.explain().record_ahead()
            }
            Self::TenantQuota(quota, wanted) => {
                over(tenant.check_tenant_quota(quota, *wanted, now))?.explain().record_ahead()
            }
        }
    }
}

fn over(decision: QuotaDecision<'_>) -> Option<entitle::quota::Over<'_>> {
    match decision {
        QuotaDecision::Within(_) => None,
        QuotaDecision::Over(over) => Some(over),
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::App(user, app) => write!(f, "{app} for {user}"),
            Self::Quota(user, quota, wanted) => write!(f, "{wanted} of {} for {user}", quota.id()),
            Self::TenantQuota(quota, wanted) => write!(f, "{wanted} of {} in all", quota.id()),
        }
    }
}
