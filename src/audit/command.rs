//! What each command did, in words.

use alloc::vec::Vec;

use crate::audit::document::{DocumentText, describe};
use crate::audit::line::AuditLine;
use crate::audit::plan_name::with_plan;
use crate::audit::wording::Wording;
use crate::catalog::Catalog;
use crate::id::user::UserId;
use crate::id::{AppId, PlanId};
use crate::message::Message;
use crate::message::or_list::OrList;
use crate::tenant::Tenant;
use crate::tenant::command::{
    Assignee, Assignment, ClaimOnFirstUse, ClaimPolicy, Command, Membership, SignUpPolicy, TrialName, Unassignment,
};
use crate::tenant::consumption::Consumption;
use crate::token::Token;
use crate::token::footer::Kind;

/// Returns a command in words. A new command needs an arm here, and nothing else in the audit.
pub(super) fn describe_command(tenant: &Tenant, actor: &UserId, command: &Command) -> AuditLine {
    let catalog = tenant.catalog();
    match command {
        Command::Install(token) => installed(tenant, Kind::License, token),
        Command::InstallRevocationList(token) => installed(tenant, Kind::RevocationList, token),
        Command::CorrectTime(token) => installed(tenant, Kind::TimeTicket, token),
        Command::Assign(assignment) => {
            about_assignee(AuditLine::new(assigned(catalog, assignment)), &assignment.to).about_plan(&assignment.plan)
        }
        Command::Unassign(unassignment) => {
            let line = AuditLine::new(unassigned(catalog, unassignment));
            about_assignee(line, &unassignment.from).about_plan(&unassignment.plan)
        }
        Command::Join(membership) => of_membership(membership, joined(membership)),
        Command::Leave(membership) => of_membership(membership, left(membership)),
        Command::RemoveUser(user) => AuditLine::new(Wording::UserRemoved.message().with("user", user)).about_user(user),
        Command::RemoveGroup(group) => {
            AuditLine::new(Wording::GroupRemoved.message().with("group", group)).about_group(group)
        }
        Command::StartTrial(name) => of_trial(catalog, name, Wording::TrialStarted),
        Command::ExtendTrial(name) => of_trial(catalog, name, Wording::TrialExtended),
        Command::SignUp(name) => {
            let message = trial(catalog, name, Wording::SignedUp).with("user", actor);
            AuditLine::new(message).about_user(actor).about_plan(&name.plan)
        }
        Command::SetSignUps(policy) => AuditLine::new(sign_ups(*policy)),
        Command::ClaimSeat(plan) => {
            of_plan(catalog, plan, Wording::SeatClaimed.message().with("user", actor)).about_user(actor)
        }
        Command::SetClaimOnFirstUse(setting) => claim_on_first_use(catalog, setting),
        Command::Consume(consumption) => consumed(catalog, consumption),
        Command::RecordTime => AuditLine::new(Wording::TimeRecorded.message()),
    }
}

fn installed(tenant: &Tenant, kind: Kind, token: &Token) -> AuditLine {
    let DocumentText { message, details, plans } = describe(tenant, kind, token);
    AuditLine { details, plans, ..AuditLine::new(message) }
}

fn about_assignee(line: AuditLine, assignee: &Assignee) -> AuditLine {
    match assignee {
        Assignee::User(user) => line.about_user(user),
        Assignee::Group(group) => line.about_group(group),
    }
}

fn of_membership(membership: &Membership, message: Message) -> AuditLine {
    AuditLine::new(message).about_user(&membership.user).about_group(&membership.group)
}

fn of_trial(catalog: &Catalog, name: &TrialName, wording: Wording) -> AuditLine {
    AuditLine::new(trial(catalog, name, wording)).about_plan(&name.plan)
}

fn consumed(catalog: &Catalog, consumption: &Consumption) -> AuditLine {
    let Consumption { plan, id, consumer, month, amount } = consumption;
    let message = with_plan(Wording::Consumed.message(), catalog, plan).with("amount", amount);
    let message = message.with("consumer", consumer).with("month", month).with("id", id);
    AuditLine::new(message).about_plan(plan)
}

/// Returns that a plan is assigned.
pub(super) fn assigned(catalog: &Catalog, assignment: &Assignment) -> Message {
    let Assignment { to, plan, except } = assignment;
    let wording = match (to, except.as_slice()) {
        (Assignee::User(_), []) => Wording::Assigned,
        (Assignee::User(_), _) => Wording::AssignedExcept,
        (Assignee::Group(_), []) => Wording::GroupAssigned,
        (Assignee::Group(_), _) => Wording::GroupAssignedExcept,
    };
    let message = with_plan(with_assignee(wording.message(), to), catalog, plan);
    if except.is_empty() {
        return message;
    }
    // As the tenant keeps them.
    let mut except: Vec<&AppId> = except.iter().collect();
    except.sort_unstable();
    except.dedup();
    message.with("except", OrList::quoted(&except))
}

/// Returns that a plan is unassigned.
pub(super) fn unassigned(catalog: &Catalog, unassignment: &Unassignment) -> Message {
    let Unassignment { from, plan } = unassignment;
    let wording = match from {
        Assignee::User(_) => Wording::Unassigned,
        Assignee::Group(_) => Wording::GroupUnassigned,
    };
    with_plan(with_assignee(wording.message(), from), catalog, plan)
}

fn with_assignee(message: Message, assignee: &Assignee) -> Message {
    match assignee {
        Assignee::User(user) => message.with("user", user),
        Assignee::Group(group) => message.with("group", group),
    }
}

/// Returns that a user is a member of a group.
pub(super) fn joined(Membership { user, group }: &Membership) -> Message {
    Wording::Joined.message().with("user", user).with("group", group)
}

/// Returns that a user is not a member of a group any more.
pub(super) fn left(Membership { user, group }: &Membership) -> Message {
    Wording::Left.message().with("user", user).with("group", group)
}

/// Returns something about a trial.
pub(super) fn trial(catalog: &Catalog, name: &TrialName, wording: Wording) -> Message {
    with_plan(wording.message(), catalog, &name.plan).with("license", name.license)
}

/// Returns whether users may claim seats of a plan by themselves.
pub(super) fn claim_on_first_use(catalog: &Catalog, setting: &ClaimOnFirstUse) -> AuditLine {
    let wording = match setting.policy {
        ClaimPolicy::Allowed => Wording::ClaimsAllowed,
        ClaimPolicy::Off => Wording::ClaimsOff,
    };
    of_plan(catalog, &setting.plan, wording.message())
}

fn of_plan(catalog: &Catalog, plan: &PlanId, message: Message) -> AuditLine {
    AuditLine::new(with_plan(message, catalog, plan)).about_plan(plan)
}

/// Returns whether users may sign up for trials by themselves.
pub(super) fn sign_ups(policy: SignUpPolicy) -> Message {
    match policy {
        SignUpPolicy::Allowed => Wording::SignUpsAllowed.message(),
        SignUpPolicy::Off => Wording::SignUpsOff.message(),
    }
}
