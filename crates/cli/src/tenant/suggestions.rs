//! Names that a person may have meant, where a tenant has no such plan, app, user or group.

use core::cell::OnceCell;

use entitle::command::{Assignee, RefusalReason};
use entitle::query::{GroupIndex, UserIndex};
use entitle::time::EARLIEST;
use entitle::{AppId, Command, GroupId, PlanId, Refusal, Tenant, UserId, UserRef};

use super::words::typed;
use crate::exit::Failure;
use crate::near::{did_you_mean, did_you_mean_or_list};

/// The most commands for which users and groups are compared with all others.
const COMPARED: usize = 20;

/// The most users of a tenant that a name is compared with: of more, none is suggested.
const SEARCHED: usize = 50_000;

/// What to know who consumes something that is no capacity plan.
pub(super) const QUOTAS: &str =
    "a quota is a limit for the application, which counts its use: `entitle tenant usage --help` says what is consumed";

/// Returns a failure with the question whether another name was meant by the one that was refused.
pub(super) fn with_question(failure: Failure, tenant: &Tenant, commands: &[Command], refusal: &Refusal) -> Failure {
    let swapped = refusal.command(commands).and_then(|command| for_swapped(tenant, command, &refusal.reason));
    let quota = refusal.command(commands).and_then(|command| for_quota(tenant, command));
    match swapped.or(quota).or_else(|| for_refusal(tenant, &refusal.reason)) {
        Some(question) => failure.help(question),
        None => failure,
    }
}

/// Returns what to know who consumes a quota.
fn for_quota(tenant: &Tenant, command: &Command) -> Option<String> {
    let Command::Consume(consumption) = command else { return None };
    let plan = consumption.plan.as_str();
    let is_quota = tenant.catalog().plan(&consumption.plan).is_none()
        && tenant.catalog().offer().quotas.iter().any(|quota| quota.id.as_str() == plan);
    is_quota.then(|| QUOTAS.to_string())
}

/// Returns the question whether a user and a plan were given in the other order.
fn for_swapped(tenant: &Tenant, command: &Command, reason: &RefusalReason) -> Option<String> {
    let (RefusalReason::UnknownPlan { plan } | RefusalReason::NoSuchAssignment { plan, .. }) = reason else {
        return None;
    };
    if tenant.catalog().plan(plan).is_some() {
        return None;
    }
    let (name, assignee) = match command {
        Command::Assign(assignment) => ("assign", &assignment.to),
        Command::Unassign(unassignment) => ("unassign", &unassignment.from),
        _ => return None,
    };
    let Assignee::User(user) = assignee else { return None };
    let known = user.as_str().parse().ok().filter(|user: &PlanId| tenant.catalog().plan(user).is_some())?;
    Some(format!("the plan comes first: did you mean `{name} {known} {}`?", typed(plan)))
}

fn for_refusal(tenant: &Tenant, reason: &RefusalReason) -> Option<String> {
    let names = Names::of(tenant);
    match reason {
        RefusalReason::UnknownPlan { plan } => {
            let plans: Vec<&str> = tenant.catalog().offer().plans.iter().map(|plan| plan.id.as_str()).collect();
            Some(did_you_mean_or_list("its plans are", plan.as_str(), plans))
        }
        RefusalReason::NotAnAppOfIt { plan, app } => {
            let apps = tenant.catalog().plan(plan).into_iter().flat_map(|plan| &plan.apps);
            did_you_mean(app.as_str(), apps.map(AppId::as_str))
        }
        RefusalReason::NoSuchUser { user } => names.user_like(user),
        RefusalReason::NoSuchGroup { group } => names.group_like(group),
        RefusalReason::NoSuchAssignment { from: Assignee::User(user), plan } => {
            names.user_like(user).or_else(|| plan_like(tenant, plan))
        }
        RefusalReason::NoSuchAssignment { from: Assignee::Group(group), plan } => {
            names.group_like(group).or_else(|| plan_like(tenant, plan))
        }
        RefusalReason::NoSuchMember { user, group } => names.group_like(group).or_else(|| {
            let members: Vec<&str> = tenant.members(group).take(SEARCHED).map(|member| member.as_str()).collect();
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
    let names = Names::of(tenant);
    let mut notes: Vec<String> = commands.iter().flat_map(|command| new_names(&names, command)).collect();
    notes.dedup();
    notes
}

fn new_names(names: &Names<'_>, command: &Command) -> Vec<String> {
    let user = |user: &UserId| {
        names.user_like(user).map(|question| format!("`{user}` had no plan and no group before: {question}"))
    };
    let group = |group: &GroupId| {
        let question = names.user_of(group).or_else(|| names.group_like(group));
        question.map(|question| format!("group `{group}` had no members and no plans before: {question}"))
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
    Names::of(tenant).user_like(user).map(|question| format!("`{user}` has no plan and no group: {question}"))
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

/// The users and groups of a tenant, sorted when an unknown name is first compared with them.
struct Names<'a> {
    tenant: &'a Tenant,
    searched: usize,
    users: OnceCell<UserIndex>,
    groups: OnceCell<GroupIndex>,
}

impl<'a> Names<'a> {
    fn of(tenant: &'a Tenant) -> Self {
        Self { tenant, searched: SEARCHED, users: OnceCell::new(), groups: OnceCell::new() }
    }

    /// Returns the question whether a user was meant, and not a new group of the same id.
    fn user_of(&self, group: &GroupId) -> Option<String> {
        let user = group.as_str().parse().ok().filter(|user| self.is_known(user))?;
        let is_new = self.tenant.group(group).is_none();
        is_new.then(|| format!("did you mean the user `{user}`?"))
    }

    fn is_known(&self, user: &UserId) -> bool {
        !self.tenant.groups_of(user).is_empty() || !self.tenant.claims_of(user, EARLIEST).is_empty()
    }

    /// Returns the question whether another user was meant by one without a claim and a membership.
    fn user_like(&self, user: &UserId) -> Option<String> {
        if self.is_known(user) || self.tenant.user_count() > self.searched {
            return None;
        }
        let users: Vec<UserRef<'_>> = self.users.get_or_init(|| self.tenant.user_index()).users("").collect();
        did_you_mean(user.as_str(), users.iter().map(UserRef::as_str))
    }

    /// Returns the question whether another group was meant by one without members and plans.
    fn group_like(&self, group: &GroupId) -> Option<String> {
        if self.tenant.group(group).is_some() {
            return None;
        }
        let groups = self.groups.get_or_init(|| self.tenant.group_index());
        did_you_mean(group.as_str(), groups.groups("").take(self.searched).map(GroupId::as_str))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use entitle::record::Beginning;
    use entitle::{Actor, Catalog, Command, KeyRing, RecordId, RequestId, Role, Tenant};

    use super::{Names, SEARCHED};

    #[test]
    fn names_are_compared_only_if_they_are_not_known_and_with_so_many_users() {
        let catalog = Catalog::from_json(
            r#"{ "publisher": "fabrikam", "offer": "studio", "management": "unmanaged", "apps": [], "plans": [] }"#,
        );
        let beginning = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([5; 16]));
        let mut tenant = Tenant::new(&catalog.unwrap(), &KeyRing::new(), &beginning);
        let admin = Actor::new("lin".parse().unwrap()).with(Role::GlobalAdministrator);
        let join = |user: &str| Command::join(user.parse().unwrap(), "sales".parse().unwrap());
        let now = "2026-03-01T08:00:00Z".parse().unwrap();
        let entry = tenant.decide(&admin, &[join("adam"), join("adan")], RequestId::from_random([1; 16]), now);
        tenant.apply(&entry.unwrap()).unwrap();

        let names = Names::of(&tenant);
        assert_eq!(names.user_like(&"adan".parse().unwrap()), None, "`adam` is another user");
        assert_eq!(names.group_like(&"sales".parse().unwrap()), None);
        assert!(names.users.get().is_none() && names.groups.get().is_none(), "nothing is sorted for what is known");
        assert_eq!(names.user_like(&"adma".parse().unwrap()).unwrap(), "did you mean `adam`?");
        assert_eq!(names.group_like(&"salse".parse().unwrap()).unwrap(), "did you mean `sales`?");

        let few = Names { searched: 1, ..Names::of(&tenant) };
        assert_eq!(few.user_like(&"adma".parse().unwrap()), None);
        assert!(few.users.get().is_none() && SEARCHED >= 50_000);
    }
}
