//! What commands did, in words: those that did the same to several people are one line.

use entitle::chrono::{DateTime, Utc};
use entitle::command::{Assignee, ClaimPolicy, SignUpPolicy, TrialName};
use entitle::{Command, PlanId, Tenant};

use super::command_text::describe_document;
use super::ineffective_entries::ineffective_entries;
use super::verifier::Verifier;
use super::words::{id, list, seats};
use crate::instant::day_or_never;

/// A line about one command, in three parts. Lines that differ in the middle only become one.
#[derive(Debug)]
struct Line {
    before: String,
    about: Option<String>,
    after: String,
}

impl Line {
    fn about(before: impl Into<String>, about: String, after: impl Into<String>) -> Self {
        Self { before: before.into(), about: Some(about), after: after.into() }
    }

    fn whole(text: impl Into<String>) -> Self {
        Self { before: text.into(), about: None, after: String::new() }
    }

    fn may_join(&self, other: &Self) -> bool {
        self.about.is_some() && other.about.is_some() && self.before == other.before && self.after == other.after
    }
}

/// Returns what recorded commands did to a tenant, which is given as it is after them.
pub(super) fn done_lines(
    tenant: &Tenant,
    verifier: &Verifier,
    commands: &[&Command],
    now: DateTime<Utc>,
) -> Vec<String> {
    joined(&commands.iter().map(|command| line(tenant, verifier, command, now)).collect::<Vec<_>>())
}

/// Returns what commands asked for that was so before; the tenant is given as it is after them.
pub(super) fn already_lines(tenant: &Tenant, commands: &[&Command], now: DateTime<Utc>) -> Vec<String> {
    let lines = commands.iter().filter_map(|command| match command {
        Command::Assign(assignment) => {
            let before = format!("{} was assigned already to ", id(&assignment.plan));
            let after = format!(": {}", seats(tenant, &assignment.plan, now));
            Some(Line::about(before, assignee(&assignment.to), after))
        }
        Command::Join(membership) => {
            Some(Line::about(format!("already in group {}: ", id(&membership.group)), id(&membership.user), ""))
        }
        _ => None,
    });
    joined(&lines.collect::<Vec<_>>())
}

/// Returns the texts of lines, of which those that differ in the middle only become one.
fn joined(lines: &[Line]) -> Vec<String> {
    let same = lines.chunk_by(Line::may_join);
    let text = |lines: &[Line]| {
        let first = lines.first()?;
        let about = list(lines.iter().filter_map(|line| line.about.clone()));
        Some(format!("{}{about}{}", first.before, first.after))
    };
    same.filter_map(text).collect()
}

fn line(tenant: &Tenant, verifier: &Verifier, command: &Command, now: DateTime<Utc>) -> Line {
    let seats_of = |plan: &PlanId| seats(tenant, plan, now);
    match command {
        Command::Assign(assignment) => {
            let except: Vec<String> = assignment.except.iter().map(id).collect();
            let without = if except.is_empty() { String::new() } else { format!(" without {}", except.join(", ")) };
            let after = format!("{without}: {}", seats_of(&assignment.plan));
            Line::about(format!("assigned {} to ", id(&assignment.plan)), assignee(&assignment.to), after)
        }
        Command::Unassign(unassignment) => {
            let after = format!(": {}", seats_of(&unassignment.plan));
            Line::about(format!("unassigned {} from ", id(&unassignment.plan)), assignee(&unassignment.from), after)
        }
        Command::Join(membership) => {
            let plans = tenant.group(&membership.group).map_or_else(Vec::new, |group| group.plans);
            let plans = plans.iter().map(|plan| format!("{} ({})", id(plan.plan), seats_of(plan.plan)));
            let plans: Vec<String> = plans.collect();
            let plans = if plans.is_empty() { String::new() } else { format!(", which has {}", plans.join(", ")) };
            let after = format!(" to group {}{plans}", id(&membership.group));
            Line::about("added ", id(&membership.user), after)
        }
        Command::Leave(membership) => {
            Line::about("removed ", id(&membership.user), format!(" from group {}", id(&membership.group)))
        }
        Command::RemoveUser(user) => Line::about("removed with all assignments and memberships: ", id(user), ""),
        Command::RemoveGroup(group) => Line::about("removed group ", id(group), ""),
        Command::StartTrial(name) => {
            Line::whole(format!("started the trial of {}{}", id(&name.plan), ends(tenant, name, now)))
        }
        Command::ExtendTrial(name) => {
            Line::whole(format!("extended the trial of {}{}", id(&name.plan), ends(tenant, name, now)))
        }
        Command::SignUp(name) => Line::whole(format!(
            "signed up for the trial of {}{}: {}",
            id(&name.plan),
            ends(tenant, name, now),
            seats_of(&name.plan)
        )),
        Command::SetSignUps(SignUpPolicy::Allowed) => {
            Line::whole("sign-ups are on: users may sign up for trials by themselves")
        }
        Command::SetSignUps(SignUpPolicy::Off) => {
            Line::whole("sign-ups are off: users may not sign up for trials; those who did keep what they have")
        }
        Command::ClaimSeat(plan) => Line::whole(format!("claimed a seat of {}: {}", id(plan), seats_of(plan))),
        Command::SetClaimOnFirstUse(setting) => Line::whole(match setting.policy {
            ClaimPolicy::Allowed => {
                format!("claim on first use of {} is on: users may claim free seats by themselves", id(&setting.plan))
            }
            ClaimPolicy::Off => format!(
                "claim on first use of {} is off: users may not claim seats; those who did keep theirs",
                id(&setting.plan)
            ),
        }),
        Command::Consume(consumption) => {
            let consumed = format!(
                "consumed {} of {} for {}",
                consumption.amount,
                id(&consumption.plan),
                id(&consumption.consumer)
            );
            Line::whole(match tenant.usage(&consumption.plan, now) {
                Some(usage) => {
                    let over = if usage.is_over() { "; more than was bought" } else { "" };
                    let (used, allowance, limit) = (usage.consumed, usage.allowance, usage.limit);
                    format!("{consumed}: {used} of {allowance} used in {}, at most {limit}{over}", usage.month)
                }
                None => consumed,
            })
        }
        Command::Install(token)
        | Command::InstallRevocationList(token)
        | Command::CorrectTime(token)
        | Command::InstallCertificate(token) => {
            let is_void = ineffective_entries(verifier, command).is_all();
            let done = if is_void { "recorded without effect:" } else { "installed" };
            Line::whole(format!("{done} {}", describe_document(verifier, token)))
        }
        Command::RecordTime => Line::whole("recorded the time"),
        _ => Line::whole("recorded a command unknown to this release"),
    }
}

fn assignee(assignee: &Assignee) -> String {
    match assignee {
        Assignee::User(user) => id(user),
        Assignee::Group(group) => format!("group {}", id(group)),
    }
}

/// Returns when the phase of a trial ends.
fn ends(tenant: &Tenant, name: &TrialName, now: DateTime<Utc>) -> String {
    let trial = tenant.trials(now).find(|trial| trial.name == *name);
    trial.map_or_else(String::new, |trial| format!(", which ends on {}", day_or_never(trial.until)))
}
