//! Why a directory is not reconciled (S19).

use serde::Serialize;
use thiserror::Error;

use crate::directory::loss_limit::LossLimit;
use crate::id::user::UserId;
use crate::id::{GroupId, PlanId};
use crate::message::messages;
use crate::tenant::command::MAX_COMMANDS;
use crate::tenant::limits::MAX_GROUPS;

/// Why a directory is not reconciled; no command is returned (S19).
///
/// A *loss* is a user's loss of their last source of a plan. Removing a user without claims is no
/// loss.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReconcileError {
    /// The directory has no users. No loss limit allows this.
    NoUsers {
        /// The number of users of the tenant.
        users: u64,
    },
    /// A user of the directory is in more than [`MAX_GROUPS`] groups.
    TooManyGroups {
        /// The user.
        user: UserId,
        /// The number of groups.
        groups: usize,
    },
    /// A user needs more than [`MAX_COMMANDS`] commands, which are never split over two lists.
    TooManyCommands {
        /// The user.
        user: UserId,
        /// The number of commands.
        commands: usize,
    },
    /// Too many users of the tenant would lose their last source of a plan.
    LossOfUsers {
        /// The number of users who would lose a plan.
        losing: u64,
        /// The number of users of the tenant.
        users: u64,
        /// The loss limit.
        limit: LossLimit,
    },
    /// Too many of the users who claim a plan would lose their last source of it.
    LossOfPlan {
        /// The plan.
        plan: PlanId,
        /// The number of users who would lose the plan.
        losing: u64,
        /// The number of users who claim the plan, seated or waiting.
        claimants: u64,
        /// The loss limit.
        limit: LossLimit,
    },
    /// Too many members of a group would lose their last source of a plan.
    LossInGroup {
        /// The group.
        group: GroupId,
        /// The number of members who would lose a plan, from this group or another source.
        losing: u64,
        /// The number of members of the group before.
        members: u64,
        /// The loss limit.
        limit: LossLimit,
    },
}

messages! {
    ReconcileError;
    Self::NoUsers { users } => "reconcile.no-users",
        "the directory has 0 users and the tenant has {users}: read all pages of the directory again", users;
    Self::TooManyGroups { user, groups } => "reconcile.too-many-groups",
        "{user} is in {groups} groups of the directory, at most {max} are allowed: remove the user from some",
        user, groups, max = MAX_GROUPS;
    Self::TooManyCommands { user, commands } => "reconcile.too-many-commands",
        "{user} needs {commands} commands to leave and join groups, a list holds at most {max}: change the user's groups in the directory in two steps, and reconcile after each",
        user, commands, max = MAX_COMMANDS;
    Self::LossOfUsers { losing, users, limit } => "reconcile.loss-of-users",
        "{losing} of {users} users would lose a plan, more than {limit} percent: check that the directory is complete, or allow a larger loss",
        losing, users, limit = limit.get();
    Self::LossOfPlan { plan, losing, claimants, limit } => "reconcile.loss-of-plan",
        "{losing} of {claimants} users of the plan {plan} would lose it, more than {limit} percent: check that the directory is complete, or allow a larger loss",
        losing, claimants, plan, limit = limit.get();
    Self::LossInGroup { group, losing, members, limit } => "reconcile.loss-in-group",
        "{losing} of {members} members of the group {group} would lose a plan, more than {limit} percent: check that the directory is complete, or allow a larger loss",
        losing, members, group, limit = limit.get();
}
