//! Commands about more users than one entry of the record holds: they are recorded in several entries,
//! all or none. What was done before is not done again, so that a longer list can be given.

use entitle::chrono::{DateTime, Utc};
use entitle::command::{Assignee, RefusalReason};
use entitle::quantity::Total;
use entitle::{Actor, Command, Entry, KeyRing, PlanId, Refusal, Tenant};
use serde_json::{Value, json};

use super::done_before::{KnownGroups, claim, pending};
use crate::answer::Answer;
use crate::exit::Failure;
use crate::instant::{Instant, day};
use crate::tenant::done_text::done_lines;
use crate::tenant::earlier::{dating_notes, require_present};
use crate::tenant::freed_seats::freed_seats;
use crate::tenant::lists::{decide, refused, split};
use crate::tenant::options::{TenantOptions, WriteOptions};
use crate::tenant::record::Record;
use crate::tenant::suggestions::for_new_names;
use crate::tenant::words::{count, id};

/// Does what is not done yet of commands about users: all of it, or nothing.
pub(super) fn run(
    commands: &[Command],
    mut record: Record,
    options: &TenantOptions,
    write: &WriteOptions,
    now: DateTime<Utc>,
) -> Result<Answer, Failure> {
    let (known, actor, ring) = (KnownGroups::read(&record, commands)?, write.by.actor()?, record.ring.clone());
    let (mut rest, mut questions) = (Vec::new(), Vec::new());
    let mut earlier = record.tenant().clone();
    let entries = record.submit_with(commands, |tenant| {
        earlier = tenant.clone();
        require_present(options, tenant, commands)?;
        rest = remaining(tenant, &ring, commands, &known, &actor, now)?;
        questions = for_new_names(tenant, &rest);
        decide(tenant, &split(&rest), &actor, now, |ahead, refusal| explain(tenant, ahead, &ring, &rest, refusal, now))
    })?;
    let before = commands.len().saturating_sub(rest.len());
    let events: Vec<u64> = entries.iter().map(Entry::number).collect();
    let at = entries.first().map(|entry| Instant(entry.event().at));
    let done: Vec<&Command> = rest.iter().collect();
    let freed = freed_seats(&earlier, record.tenant(), &done, now);
    let freed_json: Vec<&Value> = freed.iter().map(|freed| &freed.json).collect();
    let json = json!({
        "events": events, "at": at, "commands": rest.len(), "done_before": before, "freed": freed_json,
    });
    let answer = Answer::new(json).recorded().notes(record.notes()).notes(questions).notes(dating_notes(&entries, now));
    let answer = done_before_line(before, commands.len()).into_iter().fold(answer, Answer::line);
    let lines = done_lines(record.tenant(), &record.verifier(), &done, now);
    Ok(lines.into_iter().chain(freed.into_iter().filter_map(|freed| freed.line)).fold(answer, Answer::escaped_line))
}

/// Returns the commands that are not done yet.
pub(super) fn remaining(
    tenant: &Tenant,
    ring: &KeyRing,
    commands: &[Command],
    known: &KnownGroups,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Vec<Command>, Failure> {
    pending(tenant, commands, known, actor, now)
        .map_err(|(command, refusal)| refused(ring, tenant, core::slice::from_ref(command), &refusal))
}

/// Returns how many of some commands were done before; none if all are new.
pub(super) fn done_before_line(before: usize, all: usize) -> Option<String> {
    (before > 0).then(|| format!("done before: {before} of {all}"))
}

/// Returns the failure for a refused command: of more users than seats are free, how many are wanted.
pub(super) fn explain(
    tenant: &Tenant,
    ahead: &Tenant,
    ring: &KeyRing,
    commands: &[Command],
    refusal: &Refusal,
    now: DateTime<Utc>,
) -> Failure {
    few_seats(tenant, commands, refusal, now).unwrap_or_else(|| refused(ring, ahead, commands, refusal))
}

/// Returns the failure for more users than seats are free (S2): how many, of how many. Any other
/// reason is in the refusal itself.
fn few_seats(tenant: &Tenant, commands: &[Command], refusal: &Refusal, now: DateTime<Utc>) -> Option<Failure> {
    let RefusalReason::NoFreeUnit { plan, more_from, .. } = &refusal.reason else { return None };
    let (wanted, free) = (wanted(tenant, commands, plan, now), tenant.pool(plan, now).free());
    if Total::Limited(wanted) <= free {
        return None;
    }
    let more = more_from.map_or_else(String::new, |from| format!(", more from {}", day(from)));
    let is = |number: &Total| if *number == Total::ONE { "is" } else { "are" };
    let (wanted_is, free_is) = (is(&Total::Limited(wanted)), is(&free));
    let (wanted, plan) = (count(wanted, "seat"), id(plan));
    let message = format!("{wanted} of {plan} {wanted_is} wanted, and {free} {free_is} free{more}. Nothing was done");
    let help = "free seats with `unassign`, install a larger license, or name fewer users";
    Some(Failure::refused(refusal.code(), message).help(help))
}

/// Returns the number of users who are to be assigned a plan and do not claim it.
fn wanted(tenant: &Tenant, commands: &[Command], plan: &PlanId, now: DateTime<Utc>) -> u64 {
    let users = commands.iter().filter_map(|command| match command {
        Command::Assign(assignment) if assignment.plan == *plan => match &assignment.to {
            Assignee::User(user) => Some(user),
            Assignee::Group(_) => None,
        },
        _ => None,
    });
    let new = users.filter(|user| claim(tenant, user, plan, now).is_none());
    u64::try_from(new.count()).unwrap_or(u64::MAX)
}
