//! What each command did, in words.

use alloc::vec::Vec;

use crate::audit::document::{DocumentText, describe};
use crate::audit::line::AuditLine;
use crate::audit::plan_name::with_plan;
use crate::audit::wording;
use crate::catalog::Catalog;
use crate::id::user::UserId;
use crate::id::{AppId, ConsumerId, PlanId};
use crate::message::{Message, Value, Wording};
use crate::tenant::Tenant;
use crate::tenant::command::{
    Assignee, Assignment, ClaimOnFirstUse, ClaimPolicy, Command, Membership, SignUpPolicy, TrialName, Unassignment,
};
use crate::tenant::consumption::Consumption;
use crate::time::month::Month;
use crate::token::Token;
use crate::token::footer::Kind;

/// Returns a command in words. A new command needs an arm here, and nothing else in the audit.
pub(super) fn describe_command(tenant: &Tenant, actor: &UserId, command: &Command) -> AuditLine {
    let catalog = tenant.catalog();
    match command {
        Command::Install(token) => installed(tenant, Kind::License, token),
        Command::InstallRevocationList(token) => installed(tenant, Kind::RevocationList, token),
        Command::CorrectTime(token) => installed(tenant, Kind::TimeTicket, token),
        Command::InstallCertificate(token) => installed(tenant, Kind::KeyCertificate, token),
        Command::Assign(assignment) => assigned(catalog, assignment),
        Command::Unassign(unassignment) => unassigned(catalog, unassignment),
        Command::Join(membership) => joined(membership),
        Command::Leave(membership) => left(membership),
        Command::RemoveUser(user) => {
            AuditLine::new(wording::USER_REMOVED.message().with("user", user)).about_user(user)
        }
        Command::RemoveGroup(group) => {
            AuditLine::new(wording::GROUP_REMOVED.message().with("group", group)).about_group(group)
        }
        Command::StartTrial(name) => of_trial(catalog, name, wording::TRIAL_STARTED.message()),
        Command::ExtendTrial(name) => of_trial(catalog, name, wording::TRIAL_EXTENDED.message()),
        Command::SignUp(name) => {
            of_trial(catalog, name, wording::SIGNED_UP.message().with("user", actor)).about_user(actor)
        }
        Command::SetSignUps(policy) => sign_ups(*policy),
        Command::ClaimSeat(plan) => {
            of_plan(catalog, plan, wording::SEAT_CLAIMED.message().with("user", actor)).about_user(actor)
        }
        Command::SetClaimOnFirstUse(setting) => claim_on_first_use(catalog, setting),
        Command::Consume(consumption) => consumed(catalog, consumption),
        Command::RecordTime => AuditLine::new(wording::TIME_RECORDED.message()),
    }
}

/// Returns that a document was installed, with what it says.
pub(super) fn installed(tenant: &Tenant, kind: Kind, token: &Token) -> AuditLine {
    let DocumentText { message, details, plans } = describe(tenant, kind, token);
    AuditLine { details, plans, ..AuditLine::new(message) }
}

/// Returns that a plan was assigned.
pub(super) fn assigned(catalog: &Catalog, assignment: &Assignment) -> AuditLine {
    let Assignment { to, plan, except } = assignment;
    let wording = match (to, except.as_slice()) {
        (Assignee::User(_), []) => wording::ASSIGNED,
        (Assignee::User(_), _) => wording::ASSIGNED_EXCEPT,
        (Assignee::Group(_), []) => wording::GROUP_ASSIGNED,
        (Assignee::Group(_), _) => wording::GROUP_ASSIGNED_EXCEPT,
    };
    let mut message = wording.message();
    if !except.is_empty() {
        // As the tenant keeps them.
        let mut except: Vec<&AppId> = except.iter().collect();
        except.sort_unstable();
        except.dedup();
        message = message.with("except", Value::all(except));
    }
    of_assignee(catalog, to, plan, message)
}

/// Returns that a plan was unassigned.
pub(super) fn unassigned(catalog: &Catalog, unassignment: &Unassignment) -> AuditLine {
    let Unassignment { from, plan } = unassignment;
    let wording = match from {
        Assignee::User(_) => wording::UNASSIGNED,
        Assignee::Group(_) => wording::GROUP_UNASSIGNED,
    };
    of_assignee(catalog, from, plan, wording.message())
}

fn of_assignee(catalog: &Catalog, assignee: &Assignee, plan: &PlanId, message: Message) -> AuditLine {
    let message = with_plan(message, catalog, plan);
    let line = match assignee {
        Assignee::User(user) => AuditLine::new(message.with("user", user)).about_user(user),
        Assignee::Group(group) => AuditLine::new(message.with("group", group)).about_group(group),
    };
    line.about_plan(plan)
}

/// Returns that a user joined a group.
pub(super) fn joined(membership: &Membership) -> AuditLine {
    of_membership(membership, wording::JOINED)
}

/// Returns that a user left a group.
pub(super) fn left(membership: &Membership) -> AuditLine {
    of_membership(membership, wording::LEFT)
}

fn of_membership(Membership { user, group }: &Membership, wording: Wording) -> AuditLine {
    let message = wording.message().with("user", user).with("group", group);
    AuditLine::new(message).about_user(user).about_group(group)
}

/// Returns something about a trial.
pub(super) fn of_trial(catalog: &Catalog, name: &TrialName, message: Message) -> AuditLine {
    of_plan(catalog, &name.plan, message.with("license", &name.license))
}

/// Returns whether users may claim seats of a plan by themselves.
pub(super) fn claim_on_first_use(catalog: &Catalog, setting: &ClaimOnFirstUse) -> AuditLine {
    let wording = match setting.policy {
        ClaimPolicy::Allowed => wording::CLAIMS_ALLOWED,
        ClaimPolicy::Off => wording::CLAIMS_OFF,
    };
    of_plan(catalog, &setting.plan, wording.message())
}

fn of_plan(catalog: &Catalog, plan: &PlanId, message: Message) -> AuditLine {
    AuditLine::new(with_plan(message, catalog, plan)).about_plan(plan)
}

/// Returns whether users may sign up for trials by themselves.
pub(super) fn sign_ups(policy: SignUpPolicy) -> AuditLine {
    AuditLine::new(match policy {
        SignUpPolicy::Allowed => wording::SIGN_UPS_ALLOWED.message(),
        SignUpPolicy::Off => wording::SIGN_UPS_OFF.message(),
    })
}

fn consumed(catalog: &Catalog, consumption: &Consumption) -> AuditLine {
    let Consumption { plan, id, consumer, month, amount } = consumption;
    let message = wording::CONSUMED.message().with("amount", amount).with("id", id);
    of_consumer(catalog, plan, consumer, *month, message)
}

/// Returns something about the consumption of a plan.
pub(super) fn of_consumer(
    catalog: &Catalog,
    plan: &PlanId,
    consumer: &ConsumerId,
    month: Month,
    message: Message,
) -> AuditLine {
    of_plan(catalog, plan, message.with("consumer", consumer).with("month", &month))
}
