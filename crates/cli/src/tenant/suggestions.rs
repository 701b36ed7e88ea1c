//! Names that a person may have meant, where a tenant has no such plan, app, user or group.

use entitle::command::{Assignee, RefusalReason};
use entitle::{AppId, Command, GroupId, PlanId, Refusal, Tenant, UserId, UserRef};

use crate::exit::Failure;
use crate::near::did_you_mean;

/// The most commands for which users and groups are compared with all others.
const COMPARED: usize = 20;

/// Returns a failure with the question whether another name was meant by the one that was refused.
pub(super) fn with_question(failure: Failure, tenant: &Tenant, refusal: &Refusal) -> Failure {
    match for_refusal(tenant, &refusal.reason) {
        Some(question) => failure.help(question),
        None => failure,
    }
}

fn for_refusal(tenant: &Tenant, reason: &RefusalReason) -> Option<String> {
    match reason {
        RefusalReason::UnknownPlan { plan } => plan_like(tenant, plan),
        RefusalReason::NotAnAppOfIt { plan, app } => {
            let apps = tenant.catalog().plan(plan).into_iter().flat_map(|plan| &plan.apps);
            did_you_mean(app.as_str(), apps.map(AppId::as_str))
        }
        RefusalReason::NoSuchUser { user } => user_like(tenant, user),
        RefusalReason::NoSuchGroup { group } => group_like(tenant, group),
        RefusalReason::NoSuchAssignment { from: Assignee::User(user), plan } => {
            user_like(tenant, user).or_else(|| plan_like(tenant, plan))
        }
        RefusalReason::NoSuchAssignment { from: Assignee::Group(group), plan } => {
            group_like(tenant, group).or_else(|| plan_like(tenant, plan))
        }
        RefusalReason::NoSuchMember { user, group } => group_like(tenant, group).or_else(|| {
            let members: Vec<&str> = tenant.members(group).map(|member| member.as_str()).collect();
            did_you_mean(user.as_str(), members)
        }),
        _ => None,
    }
}

/// Returns a note for each user and group that commands bring to the tenant, whose name is like that
/// of another one. They are given before the commands are applied.
pub(super) fn for_new_names(tenant: &Tenant, commands: &[Command]) -> Vec<String> {
    if commands.len() > COMPARED {
        return Vec::new();
    }
    let mut notes: Vec<String> = commands.iter().flat_map(|command| new_names(tenant, command)).collect();
    notes.dedup();
    notes
}

fn new_names(tenant: &Tenant, command: &Command) -> Vec<String> {
    let user = |user: &UserId| {
        user_like(tenant, user).map(|question| format!("`{user}` had no plan and no group before: {question}"))
    };
    let group = |group: &GroupId| {
        group_like(tenant, group)
            .map(|question| format!("group `{group}` had no members and no plans before: {question}"))
    };
    match command {
        Command::Assign(assignment) => match &assignment.to {
            Assignee::User(to) => user(to).into_iter().collect(),
            Assignee::Group(to) => group(to).into_iter().collect(),
        },
        Command::Join(membership) => user(&membership.user).into_iter().chain(group(&membership.group)).collect(),
        _ => Vec::new(),
    }
}

/// Returns a note if the tenant does not know a user, and knows one of a similar name.
pub(super) fn for_user(tenant: &Tenant, user: &UserId) -> Option<String> {
    user_like(tenant, user).map(|question| format!("`{user}` has no plan and no group: {question}"))
}

/// Returns a note for a user or a plan by which nothing is selected, if another one was meant.
pub(super) fn for_filter(tenant: &Tenant, user: Option<&UserId>, plan: Option<&PlanId>) -> Vec<String> {
    let plan = plan.and_then(|plan| Some(format!("no plan of the catalog is `{plan}`: {}", plan_like(tenant, plan)?)));
    user.and_then(|user| for_user(tenant, user)).into_iter().chain(plan).collect()
}

fn plan_like(tenant: &Tenant, plan: &PlanId) -> Option<String> {
    if tenant.catalog().plan(plan).is_some() {
        return None;
    }
    did_you_mean(plan.as_str(), tenant.catalog().offer().plans.iter().map(|plan| plan.id.as_str()))
}

fn user_like(tenant: &Tenant, user: &UserId) -> Option<String> {
    let index = tenant.user_index();
    let users: Vec<_> = index.users("").collect();
    if users.iter().any(|other| other.as_str() == user.as_str()) {
        return None;
    }
    did_you_mean(user.as_str(), users.iter().map(UserRef::as_str))
}

fn group_like(tenant: &Tenant, group: &GroupId) -> Option<String> {
    if tenant.group(group).is_some() {
        return None;
    }
    did_you_mean(group.as_str(), tenant.group_index().groups("").map(GroupId::as_str))
}
