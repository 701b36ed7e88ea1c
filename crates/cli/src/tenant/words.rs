//! Commands in words.

use entitle::chrono::{DateTime, Utc};
use entitle::command::{Assignee, SignUpPolicy};
use entitle::quantity::Total;
use entitle::{Command, Decision, PlanId, Token};

use super::effect::without_effect;
use super::record::Record;
use crate::document::{summary, summary_of_list};

/// A command in a line, as a log says it.
pub(crate) fn said(record: &Record, command: &Command) -> String {
    match command {
        Command::Install(token) => format!("install {}", document(record, token)),
        Command::Assign(assignment) => {
            let except: Vec<String> = assignment.except.iter().map(|app| format!("`{app}`")).collect();
            let without = if except.is_empty() { String::new() } else { format!(" without {}", except.join(", ")) };
            format!("assign `{}` to {}{without}", assignment.plan, whom(&assignment.to))
        }
        Command::Unassign(unassignment) => format!("take `{}` from {}", unassignment.plan, whom(&unassignment.from)),
        Command::Join(membership) => format!("add `{}` to group `{}`", membership.user, membership.group),
        Command::Leave(membership) => format!("take `{}` out of group `{}`", membership.user, membership.group),
        Command::RemoveUser(user) => format!("remove user `{user}`"),
        Command::RemoveGroup(group) => format!("remove group `{group}`"),
        Command::StartTrial(name) => format!("start the trial of `{}`", name.plan),
        Command::ExtendTrial(name) => format!("extend the trial of `{}`", name.plan),
        Command::SignUp(name) => format!("sign up for the trial of `{}`", name.plan),
        Command::SetSignUps(SignUpPolicy::Allowed) => "let users sign up for trials".to_string(),
        Command::SetSignUps(SignUpPolicy::Off) => "let no users sign up for trials".to_string(),
        Command::Consume(draw) => format!("draw from `{}`", draw.plan),
        Command::InstallRevocationList(token) | Command::CorrectTime(token) => {
            format!("take in {}", document(record, token))
        }
        Command::RecordTime => "mark the time".to_string(),
        _ => "a command that this release has no words for".to_string(),
    }
}

fn whom(assignee: &Assignee) -> String {
    match assignee {
        Assignee::User(user) => format!("`{user}`"),
        Assignee::Group(group) => format!("group `{group}`"),
    }
}

/// A document in the record, under the keys of today.
fn document(record: &Record, token: &Token) -> String {
    if let Ok(license) = record.ring.verify(token) {
        let deal = license.deal();
        return format!("a license, revision {}: {}", deal.revision, summary(deal));
    }
    if let Ok(list) = record.ring.verify_list(token) {
        return summary_of_list(list.revocations());
    }
    match record.ring.verify_ticket(token) {
        Ok(ticket) => format!("a time ticket of {}", crate::moment::day(ticket.correction().issued)),
        Err(_) => "a document that does not verify".to_string(),
    }
}

/// What a command has done, and how many seats that leaves.
pub(crate) fn done(record: &Record, command: &Command, now: DateTime<Utc>) -> String {
    let seats = match command {
        Command::Assign(assignment) => seats(record, &assignment.plan, now),
        Command::Unassign(unassignment) => seats(record, &unassignment.plan, now),
        _ => String::new(),
    };
    let is_done = if without_effect(record, command).is_all() { "recorded, and nothing ends by it" } else { "done" };
    format!("{is_done}: {}{seats}", said(record, command))
}

fn seats(record: &Record, plan: &PlanId, now: DateTime<Utc>) -> String {
    let pool = record.tenant.pool(plan, now);
    let waiting = if pool.waiting == 0 { String::new() } else { format!(", {} waiting", pool.waiting) };
    match pool.usable {
        Total::Limited(units) => format!(" ({} of {units} seats taken{waiting})", pool.seated),
        Total::Unlimited => format!(" ({} seats taken)", pool.seated),
    }
}

/// An answer of a check in one line.
pub(crate) fn verdict(decision: &Decision<'_>) -> String {
    let next = decision.until().instant();
    let next = next.map_or(String::new(), |next| format!("; next change: {}", crate::moment::day(next)));
    match decision {
        Decision::Allow(allow) => {
            let by = allow.plan().map_or(String::new(), |plan| format!(" by `{}`", plan.id));
            format!("allowed: `{}` may open `{}`{by}, {}{next}", allow.user(), allow.app(), allow.basis())
        }
        Decision::Deny(denial) => format!("denied: `{}` may not open `{}`{next}", denial.user(), denial.app()),
    }
}
