//! Who would lose their last source of a plan, counted for the three shares (S19).

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use serde::Serialize;

use crate::directory::error::ReconcileError;
use crate::directory::loss_limit::LossLimit;
use crate::id::user::UserId;
use crate::id::{GroupId, PlanId};
use crate::tenant::Tenant;

/// A user who would lose their last source of a plan, and with it their claim, seated or waiting.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct PlanLoss {
    /// The user.
    pub user: UserId,
    /// The plan.
    pub plan: PlanId,
}

/// The losses of a reconciliation.
#[derive(Debug, Default)]
pub(super) struct Losses<'a> {
    /// By user, then by plan.
    all: Vec<PlanLoss>,
    /// The users who lose a plan.
    users: u64,
    by_plan: BTreeMap<&'a PlanId, u64>,
    by_group: BTreeMap<&'a GroupId, u64>,
}

impl<'a> Losses<'a> {
    /// Adds a user, who is in these groups before and loses these plans.
    pub(super) fn add(&mut self, user: &UserId, groups: &'a [GroupId], mut plans: Vec<&'a PlanId>) {
        if plans.is_empty() {
            return;
        }
        plans.sort_unstable();
        self.users = self.users.saturating_add(1);
        for group in groups {
            increment(&mut self.by_group, group);
        }
        for plan in plans {
            increment(&mut self.by_plan, plan);
            self.all.push(PlanLoss { user: user.clone(), plan: plan.clone() });
        }
    }

    /// Returns the losses if none of the three shares is exceeded. All users are asked first, then
    /// the plans, then the groups, by the bytes of their ids.
    pub(super) fn within(self, limit: LossLimit, tenant: &Tenant) -> Result<Vec<PlanLoss>, ReconcileError> {
        let users = count(tenant.user_count());
        if limit.is_exceeded_by(self.users, users) {
            return Err(ReconcileError::LossOfUsers { losing: self.users, users, limit });
        }
        let core = tenant.core();
        for (plan, losing) in self.by_plan {
            let state = core.number(plan).and_then(|number| core.plan(number));
            let claimants = state.map_or(0, |plan| plan.queue.len());
            if limit.is_exceeded_by(losing, claimants) {
                return Err(ReconcileError::LossOfPlan { plan: plan.clone(), losing, claimants, limit });
            }
        }
        for (group, losing) in self.by_group {
            let members = core.groups.get(group).map_or(0, |group| count(group.size));
            if limit.is_exceeded_by(losing, members) {
                return Err(ReconcileError::LossInGroup { group: group.clone(), losing, members, limit });
            }
        }
        Ok(self.all)
    }
}

fn increment<K: Ord>(counts: &mut BTreeMap<K, u64>, key: K) {
    let count = counts.entry(key).or_default();
    *count = count.saturating_add(1);
}

/// Returns a length as a count.
pub(super) fn count(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}
