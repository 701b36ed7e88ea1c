//! Commands and decisions as text.

use entitle::command::{Assignee, ClaimPolicy, SignUpPolicy};
use entitle::{Command, Decision, Token};

use super::closes::Bases;
use super::next_change::NextChange;
use super::verifier::Verifier;
use crate::summary::{summarize_certificate, summarize_deal, summarize_list};

/// Describes a command in one line.
pub(crate) fn describe(verifier: &Verifier, command: &Command) -> String {
    match command {
        Command::Install(token) => format!("install {}", describe_document(verifier, token)),
        Command::Assign(assignment) => {
            let except: Vec<String> = assignment.except.iter().map(|app| format!("`{app}`")).collect();
            let without = if except.is_empty() { String::new() } else { format!(" without {}", except.join(", ")) };
            format!("assign `{}` to {}{without}", assignment.plan, describe_assignee(&assignment.to))
        }
        Command::Unassign(unassignment) => {
            format!("unassign `{}` from {}", unassignment.plan, describe_assignee(&unassignment.from))
        }
        Command::Join(membership) => format!("add `{}` to group `{}`", membership.user, membership.group),
        Command::Leave(membership) => format!("remove `{}` from group `{}`", membership.user, membership.group),
        Command::RemoveUser(user) => format!("remove user `{user}`"),
        Command::RemoveGroup(group) => format!("remove group `{group}`"),
        Command::StartTrial(name) => format!("start the trial of `{}`", name.plan),
        Command::ExtendTrial(name) => format!("extend the trial of `{}`", name.plan),
        Command::SignUp(name) => format!("sign up for the trial of `{}`", name.plan),
        Command::SetSignUps(SignUpPolicy::Allowed) => "allow users to sign up for trials".to_string(),
        Command::SetSignUps(SignUpPolicy::Off) => "do not allow users to sign up for trials".to_string(),
        Command::ClaimSeat(plan) => format!("claim a free seat of `{plan}`"),
        Command::SetClaimOnFirstUse(setting) => match setting.policy {
            ClaimPolicy::Allowed => format!("allow users to claim free seats of `{}`", setting.plan),
            ClaimPolicy::Off => format!("do not allow users to claim seats of `{}`", setting.plan),
        },
        Command::Consume(consumption) => format!("consume from `{}`", consumption.plan),
        Command::InstallRevocationList(token) | Command::CorrectTime(token) | Command::InstallCertificate(token) => {
            format!("install {}", describe_document(verifier, token))
        }
        Command::RecordTime => "record the time".to_string(),
        _ => "a command unknown to this release".to_string(),
    }
}

fn describe_assignee(assignee: &Assignee) -> String {
    match assignee {
        Assignee::User(user) => format!("`{user}`"),
        Assignee::Group(group) => format!("group `{group}`"),
    }
}

/// Describes a document in the record, under the current keys.
pub(crate) fn describe_document(verifier: &Verifier, token: &Token) -> String {
    if let Some(license) = verifier.license(token) {
        let deal = license.deal();
        return format!("a license, revision {}: {}", deal.revision, summarize_deal(deal));
    }
    if let Some(list) = verifier.list(token) {
        return summarize_list(list.revocations());
    }
    if let Some(certificate) = verifier.certificate(token) {
        return summarize_certificate(certificate.certified());
    }
    match verifier.ticket(token) {
        Some(ticket) => format!("a time ticket of {}", crate::instant::day(ticket.correction().issued)),
        None => "a document that does not verify".to_string(),
    }
}

/// Describes a decision in one line, with each basis of access and its end by time alone, and the next change.
pub(super) fn decision_line(decision: &Decision<'_>, bases: &Bases, next: Option<&NextChange>) -> String {
    match decision {
        Decision::Allow(allow) => {
            // What changes with a basis is not shown twice.
            let next = NextChange::text(next.filter(|next| !(bases.name(next.at()) && next.is_about_access())));
            let by = allow.plan().map_or(String::new(), |plan| format!(" by `{}`", plan.id));
            let (user, app, bases) = (allow.user(), allow.app(), bases.text(allow.basis()));
            format!("allowed: `{user}` may open `{app}`{by}, {bases}{next}")
        }
        Decision::Deny(denial) => {
            let next = NextChange::text(next);
            format!("denied: `{}` may not open `{}`{next}", denial.user(), denial.app())
        }
    }
}
