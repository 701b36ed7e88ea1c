//! The groups of a tenant, with their members and plans.

use alloc::vec::Vec;

use serde::Serialize;

use crate::id::{AppId, GroupId, PlanId};
use crate::tenant::Tenant;

/// A group of a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct GroupStatus<'a> {
    /// The number of members.
    pub members: usize,
    /// The plans that are assigned to the group, in the order of their ids.
    pub plans: Vec<GroupPlan<'a>>,
}

/// A plan that is assigned to a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct GroupPlan<'a> {
    /// The plan.
    pub plan: &'a PlanId,
    /// The deny list: the apps of the plan that are off (C10).
    pub except: &'a [AppId],
}

/// The groups of one value of a tenant, sorted by the bytes of their ids: for pages of a list, and
/// for search by the beginning of an id.
#[derive(Debug, Clone)]
pub struct GroupIndex {
    sorted: Vec<GroupId>,
}

impl Tenant {
    /// Returns a group; `None` for one that has neither members nor plans. `O(n log n)` in its
    /// plans.
    #[must_use]
    pub fn group(&self, group: &GroupId) -> Option<GroupStatus<'_>> {
        let group = self.core().groups.get(group)?;
        let plans = group.plans.iter();
        let plans =
            plans.filter_map(|(plan, except)| Some(GroupPlan { plan: self.core().numbering().id(*plan)?, except }));
        let mut plans: Vec<GroupPlan<'_>> = plans.collect();
        plans.sort_unstable_by_key(|plan| plan.plan);
        Some(GroupStatus { members: group.size, plans })
    }

    /// Returns the groups that have a member or a plan, sorted. `O(n log n)` in the groups.
    #[must_use]
    pub fn group_index(&self) -> GroupIndex {
        let mut sorted: Vec<GroupId> = self.core().groups.iter().map(|(id, _)| id.clone()).collect();
        sorted.sort_unstable();
        GroupIndex { sorted }
    }
}

impl GroupIndex {
    /// Returns the number of groups.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sorted.len()
    }

    /// Returns whether there is no group.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }

    /// Returns the groups whose ids begin with `prefix`, sorted; all of them for an empty prefix.
    /// `O(log n)` in the groups, and `O(1)` for each that is taken from the iterator.
    pub fn groups<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a GroupId> {
        self.from(prefix, |id| id >= prefix)
    }

    /// Returns the groups of [`GroupIndex::groups`] after the last one of a page. Costs the same.
    pub fn groups_after<'a>(&'a self, prefix: &'a str, last: &GroupId) -> impl Iterator<Item = &'a GroupId> {
        self.from(prefix, |id| id >= prefix && id > last.as_str())
    }

    fn from<'a>(&'a self, prefix: &'a str, is_behind: impl Fn(&str) -> bool) -> impl Iterator<Item = &'a GroupId> {
        let first = self.sorted.partition_point(|id| !is_behind(id.as_str()));
        self.sorted.get(first..).unwrap_or_default().iter().take_while(move |id| id.as_str().starts_with(prefix))
    }
}
