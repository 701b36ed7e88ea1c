//! Commands about more users than one entry of the record holds: they are done in several entries,
//! and repeated after an interruption, the rest is done.

use std::io::IsTerminal as _;

use entitle::chrono::{DateTime, Utc};
use entitle::command::{Assignee, RefusalReason};
use entitle::limits::{MAX_COMMANDS, MAX_ENTRY_BYTES};
use entitle::quantity::Total;
use entitle::query::ClaimStatus;
use entitle::{Command, Entry, GroupId, PlanId, Tenant, UserId};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use crate::answer::Answer;
use crate::exit::Failure;
use crate::tenant::done_text::done_lines;
use crate::tenant::earlier::{dating_note, require_present};
use crate::tenant::options::{TenantOptions, WriteOptions};
use crate::tenant::record::Record;
use crate::tenant::words::{count, id};

/// The bytes of an entry that are left for what is around its commands.
const AROUND_COMMANDS: usize = 16 * 1024;

/// Does what is not done yet of commands about users.
pub(super) fn run(
    commands: &[Command],
    mut record: Record,
    options: &TenantOptions,
    write: &WriteOptions,
    now: DateTime<Utc>,
) -> Result<Answer, Failure> {
    require_meant(&record, commands, options, write, now)?;
    let rest: Vec<Command> =
        commands.iter().filter(|command| !is_done(record.tenant(), command, now)).cloned().collect();
    let before = commands.len().saturating_sub(rest.len());
    require_free(record.tenant(), &rest, now)?;
    let (events, dated) = submit_lists(&mut record, &split(rest.clone()), options, write, now)?;
    let json = json!({ "events": events, "commands": rest.len(), "done_before": before });
    let answer = Answer::new(json).recorded().notes(record.notes()).notes(dated.into_iter().collect());
    let answer =
        if before == 0 { answer } else { answer.line(format_args!("done before: {before} of {}", commands.len())) };
    let done: Vec<&Command> = rest.iter().collect();
    let lines = done_lines(record.tenant(), &record.verifier(), &done, now);
    Ok(lines.into_iter().fold(answer, Answer::escaped_line))
}

/// Records lists of commands, each in an entry of its own, and returns the numbers of the entries
/// with a note if they are dated otherwise. A bar shows how far it is.
pub(in crate::tenant) fn submit_lists(
    record: &mut Record,
    lists: &[Vec<Command>],
    options: &TenantOptions,
    write: &WriteOptions,
    now: DateTime<Utc>,
) -> Result<(Vec<u64>, Option<String>), Failure> {
    let all: usize = lists.iter().map(Vec::len).sum();
    let bar = progress(lists);
    let (mut events, mut dated, mut done) = (Vec::new(), None, 0_usize);
    for list in lists {
        let entries = record.submit(list, options, write, now).map_err(|failure| {
            bar.finish_and_clear();
            if done == 0 { failure } else { interrupted(&failure, done, all) }
        })?;
        dated = dated.or_else(|| dating_note(&entries, now));
        events.extend(entries.iter().map(Entry::number));
        done = done.saturating_add(list.len());
        bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
    }
    bar.finish_and_clear();
    Ok((events, dated))
}

/// Adds what was recorded before a failure.
fn interrupted(failure: &Failure, done: usize, all: usize) -> Failure {
    let message = failure.message.strip_suffix(". Nothing was done").unwrap_or(&failure.message);
    let message =
        format!("{message}. {done} of {all} changes were recorded before; give the command again to do the rest");
    Failure { exit: failure.exit, code: failure.code, message, help: None }
}

fn progress(lists: &[Vec<Command>]) -> ProgressBar {
    let all: usize = lists.iter().map(Vec::len).sum();
    if lists.len() < 2 || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("[{bar:40}] {pos} of {len} changes, {eta} left");
    let style = style.map(|style| style.progress_chars("=> "));
    let bar = ProgressBar::new(u64::try_from(all).unwrap_or(u64::MAX));
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// Returns the commands in lists that each fit into one entry.
fn split(commands: Vec<Command>) -> Vec<Vec<Command>> {
    let longest = MAX_ENTRY_BYTES.saturating_sub(AROUND_COMMANDS);
    let (mut lists, mut bytes): (Vec<Vec<Command>>, usize) = (Vec::new(), 0);
    for command in commands {
        let length = serde_json::to_string(&command).map_or(longest, |text| text.len().saturating_add(1));
        match lists.last_mut() {
            Some(list) if list.len() < MAX_COMMANDS && bytes.saturating_add(length) <= longest => {
                list.push(command);
                bytes = bytes.saturating_add(length);
            }
            _ => {
                lists.push(vec![command]);
                bytes = length;
            }
        }
    }
    lists
}

/// Returns whether a command about a user would change nothing.
fn is_done(tenant: &Tenant, command: &Command, now: DateTime<Utc>) -> bool {
    match command {
        Command::Assign(assignment) => match &assignment.to {
            Assignee::User(user) => {
                direct(tenant, user, &assignment.plan, now).is_some_and(|except| except == assignment.except)
            }
            Assignee::Group(_) => false,
        },
        Command::Unassign(unassignment) => match &unassignment.from {
            Assignee::User(user) => claim(tenant, user, &unassignment.plan, now).is_none(),
            Assignee::Group(_) => false,
        },
        Command::Join(membership) => tenant.groups_of(&membership.user).contains(&membership.group),
        Command::Leave(membership) => !tenant.groups_of(&membership.user).contains(&membership.group),
        _ => false,
    }
}

/// Fails if a command can never be done, or may not be given, although nothing is left to do: a user
/// has the plan by a group, no plan or group has the id, a role is missing, or the time is past.
fn require_meant(
    record: &Record,
    commands: &[Command],
    options: &TenantOptions,
    write: &WriteOptions,
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    let tenant = record.tenant();
    require_present(options, tenant, commands)?;
    let by_group = commands.iter().find(|command| is_by_group(tenant, command, now));
    let first = || commands.iter().find(|command| is_done(tenant, command, now));
    let Some(command) = by_group.or_else(first) else { return Ok(()) };
    record.judge(core::slice::from_ref(command), write, now, |refusal| match &refusal.reason {
        RefusalReason::NoSuchAssignment { plan, .. } => {
            Ok(tenant.catalog().plan(plan).is_some() || tenant.grants(now).any(|grant| grant.grant.plan == *plan))
        }
        RefusalReason::NoSuchMember { group, .. } => {
            // A group that all have left is gone.
            Ok(tenant.group(group).is_some() || record.entries()?.iter().any(|entry| has_join(entry, group)))
        }
        _ => Ok(false),
    })
}

/// Returns whether somebody joins a group in an entry.
fn has_join(entry: &Entry, group: &GroupId) -> bool {
    let mut commands = entry.event().commands.iter();
    commands.any(|command| matches!(command, Command::Join(membership) if membership.group == *group))
}

/// Returns whether a user is to be unassigned a plan that only groups give.
fn is_by_group(tenant: &Tenant, command: &Command, now: DateTime<Utc>) -> bool {
    let Command::Unassign(unassignment) = command else { return false };
    let Assignee::User(user) = &unassignment.from else { return false };
    let plan = &unassignment.plan;
    claim(tenant, user, plan, now).is_some() && direct(tenant, user, plan, now).is_none()
}

/// Returns the claim of a user on a plan.
fn claim<'a>(tenant: &'a Tenant, user: &UserId, plan: &PlanId, now: DateTime<Utc>) -> Option<ClaimStatus<'a>> {
    tenant.claims_of(user, now).into_iter().find(|claim| claim.plan == plan)
}

/// Returns the deny list of a direct assignment.
fn direct<'a>(tenant: &'a Tenant, user: &UserId, plan: &PlanId, now: DateTime<Utc>) -> Option<&'a [entitle::AppId]> {
    let claim = claim(tenant, user, plan, now)?;
    let direct = claim.sources.into_iter().find(|source| matches!(source.from, Assignee::User(_)))?;
    Some(direct.except)
}

/// Fails if fewer seats are free than users are to be assigned (S2): else some of the lists would be
/// recorded, and one refused.
fn require_free(tenant: &Tenant, commands: &[Command], now: DateTime<Utc>) -> Result<(), Failure> {
    let new = commands.iter().filter_map(|command| match command {
        Command::Assign(assignment) => match &assignment.to {
            Assignee::User(user) if tenant.claims_of(user, now).iter().all(|claim| *claim.plan != assignment.plan) => {
                Some(&assignment.plan)
            }
            _ => None,
        },
        _ => None,
    });
    let plans: Vec<&PlanId> = new.collect();
    let Some(plan) = plans.first() else { return Ok(()) };
    let wanted = Total::Limited(u64::try_from(plans.len()).unwrap_or(u64::MAX));
    let free = tenant.pool(plan, now).free();
    if wanted <= free {
        return Ok(());
    }
    let message =
        format!("{} of {} are wanted, and {free} are free. Nothing was done", count(plans.len(), "seat"), id(*plan));
    Err(Failure::refused("refusal.no-free-unit", message)
        .help("free seats with `unassign`, install a larger license, or name fewer users"))
}
