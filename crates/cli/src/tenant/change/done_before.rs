//! What of commands about users and groups is done already.

use std::collections::BTreeSet;

use entitle::chrono::{DateTime, Utc};
use entitle::command::{Assignee, RefusalReason};
use entitle::query::ClaimStatus;
use entitle::{Actor, AppId, Command, Entry, GroupId, PlanId, Refusal, RequestId, Tenant, UserId};

use crate::exit::Failure;
use crate::tenant::record::Record;

/// The groups of commands that the tenant has, or had: one that all have left is gone.
#[derive(Debug)]
pub(super) struct KnownGroups(BTreeSet<GroupId>);

impl KnownGroups {
    /// Reads them, from the whole record only if the tenant does not have one. `O(n)` in it then.
    pub(super) fn read(record: &Record, commands: &[Command]) -> Result<Self, Failure> {
        let named: BTreeSet<&GroupId> = commands.iter().filter_map(group).collect();
        let (mut known, missing): (BTreeSet<&GroupId>, BTreeSet<&GroupId>) =
            named.into_iter().partition(|group| record.tenant().group(group).is_some());
        let entries = if missing.is_empty() { Vec::new() } else { record.entries()? };
        let recorded: BTreeSet<&GroupId> = entries.iter().flat_map(groups_of).collect();
        known.extend(missing.intersection(&recorded));
        Ok(Self(known.into_iter().cloned().collect()))
    }

    fn has_group_of(&self, command: &Command) -> bool {
        group(command).is_none_or(|group| self.0.contains(group))
    }

    /// Returns whether a refusal means that a command is done already, and not that it never can be.
    fn accepts(&self, tenant: &Tenant, command: &Command, refusal: &Refusal, now: DateTime<Utc>) -> bool {
        match &refusal.reason {
            RefusalReason::NoSuchAssignment { plan, .. } => {
                let is_plan =
                    tenant.catalog().plan(plan).is_some() || tenant.grants(now).any(|grant| grant.grant.plan == *plan);
                is_plan && self.has_group_of(command)
            }
            RefusalReason::NoSuchMember { .. } => self.has_group_of(command),
            _ => false,
        }
    }
}

/// Returns the commands that are not done yet.
///
/// # Errors
///
/// A command with its refusal, although nothing may be left to do, because it can never be done or
/// may not be given: a user has the plan by a group, no plan or group has the id, or a role is
/// missing.
pub(super) fn pending<'a>(
    tenant: &Tenant,
    commands: &'a [Command],
    known: &KnownGroups,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Vec<Command>, (&'a Command, Refusal)> {
    let (done, rest): (Vec<&Command>, Vec<&Command>) =
        commands.iter().partition(|command| is_done(tenant, command, now));
    let by_group = commands.iter().find(|command| is_by_group(tenant, command, now));
    let unknown = done.iter().copied().find(|command| !known.has_group_of(command));
    let Some(command) = by_group.or(unknown).or(done.first().copied()) else {
        return Ok(rest.into_iter().cloned().collect());
    };
    // Nothing is recorded of this request.
    match tenant.decide(actor, core::slice::from_ref(command), RequestId::from_random([0; 16]), now) {
        Err(refusal) if !known.accepts(tenant, command, &refusal, now) => Err((command, refusal)),
        _ => Ok(rest.into_iter().cloned().collect()),
    }
}

/// Returns whether a command about a user or a group would change nothing.
pub(super) fn is_done(tenant: &Tenant, command: &Command, now: DateTime<Utc>) -> bool {
    match command {
        Command::Assign(assignment) => match &assignment.to {
            Assignee::User(user) => {
                direct(tenant, user, &assignment.plan, now).is_some_and(|except| except == assignment.except)
            }
            Assignee::Group(group) => {
                of_group(tenant, group, &assignment.plan).is_some_and(|except| except == assignment.except)
            }
        },
        Command::Unassign(unassignment) => match &unassignment.from {
            Assignee::User(user) => claim(tenant, user, &unassignment.plan, now).is_none(),
            Assignee::Group(group) => of_group(tenant, group, &unassignment.plan).is_none(),
        },
        Command::Join(membership) => tenant.groups_of(&membership.user).contains(&membership.group),
        Command::Leave(membership) => !tenant.groups_of(&membership.user).contains(&membership.group),
        _ => false,
    }
}

/// Returns whether a user is to be unassigned a plan that only groups give.
fn is_by_group(tenant: &Tenant, command: &Command, now: DateTime<Utc>) -> bool {
    let Command::Unassign(unassignment) = command else { return false };
    let Assignee::User(user) = &unassignment.from else { return false };
    let plan = &unassignment.plan;
    claim(tenant, user, plan, now).is_some() && direct(tenant, user, plan, now).is_none()
}

/// Returns the claim of a user on a plan.
pub(super) fn claim<'a>(
    tenant: &'a Tenant,
    user: &UserId,
    plan: &PlanId,
    now: DateTime<Utc>,
) -> Option<ClaimStatus<'a>> {
    tenant.claims_of(user, now).into_iter().find(|claim| claim.plan == plan)
}

/// Returns the deny list of a direct assignment.
fn direct<'a>(tenant: &'a Tenant, user: &UserId, plan: &PlanId, now: DateTime<Utc>) -> Option<&'a [AppId]> {
    let claim = claim(tenant, user, plan, now)?;
    let direct = claim.sources.into_iter().find(|source| matches!(source.from, Assignee::User(_)))?;
    Some(direct.except)
}

/// Returns the deny list of the assignment of a group.
fn of_group<'a>(tenant: &'a Tenant, group: &GroupId, plan: &PlanId) -> Option<&'a [AppId]> {
    let plans = tenant.group(group)?.plans;
    plans.into_iter().find(|of_group| of_group.plan == plan).map(|of_group| of_group.except)
}

/// Returns the group that a command takes something from, and which therefore is or was there.
fn group(command: &Command) -> Option<&GroupId> {
    match command {
        Command::Leave(membership) => Some(&membership.group),
        Command::Unassign(unassignment) => match &unassignment.from {
            Assignee::Group(group) => Some(group),
            Assignee::User(_) => None,
        },
        _ => None,
    }
}

/// Returns the groups to which an entry adds members or plans.
fn groups_of(entry: &Entry) -> impl Iterator<Item = &GroupId> {
    entry.event().commands.iter().filter_map(|command| match command {
        Command::Join(membership) => Some(&membership.group),
        Command::Assign(assignment) => match &assignment.to {
            Assignee::Group(group) => Some(group),
            Assignee::User(_) => None,
        },
        _ => None,
    })
}
