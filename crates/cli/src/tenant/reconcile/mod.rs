//! `entitle tenant reconcile`: makes users, groups and members those of a directory (S19).

mod directory_file;

#[cfg(test)]
mod tests;

use std::path::PathBuf;

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use entitle::directory::{Directory, LossLimit, PlanLoss, Reconciliation};
use entitle::{Command, Entry, KeyRing, Refusal, Tenant, UserId};
use serde_json::{Value, json};

use super::earlier::{dating_notes, require_present};
use super::lists::{decide, refused};
use super::options::{TenantOptions, WriteOptions};
use super::record::Record;
use super::words::{count, id, list};
use crate::answer::Answer;
use crate::exit::{Exit, Failure};

/// Make users, groups and members those of a directory.
#[derive(Debug, Args)]
pub(crate) struct Reconcile {
    /// CSV with the columns `user` and `group`: a row for each membership, with one
    /// empty cell for a user without groups and for a group without members.
    file: PathBuf,
    /// Do it; otherwise only show it.
    #[arg(long)]
    yes: bool,
    /// The most users who may lose a plan.
    #[arg(long, value_name = "PERCENT", default_value = "10", value_parser = loss_limit)]
    max_loss: LossLimit,
}

fn loss_limit(text: &str) -> Result<LossLimit, String> {
    let percent: u32 = text.parse().map_err(|_| format!("`{text}` is not a number of percent"))?;
    LossLimit::new(percent).map_err(|error| error.to_string())
}

impl Reconcile {
    pub(crate) fn run(
        &self,
        options: &TenantOptions,
        write: &WriteOptions,
        now: DateTime<Utc>,
    ) -> Result<Answer, Failure> {
        if !self.yes {
            write.wait.require_default("without --yes nothing is written, and no other command is waited for")?;
        }
        let directory = directory_file::read(&self.file)?;
        if !self.yes {
            let record = Record::read_present(options)?;
            require_present(options, record.tenant(), &[])?;
            return self.preview(&directory, &record, write, now);
        }
        self.perform(&directory, Record::write(options, write)?, options, write, now)
    }

    /// Does it: all of it, or nothing.
    fn perform(
        &self,
        directory: &Directory,
        mut record: Record,
        options: &TenantOptions,
        write: &WriteOptions,
        now: DateTime<Utc>,
    ) -> Result<Answer, Failure> {
        let (ring, mut answer) = (record.ring.clone(), Answer::new(json!(null)));
        // The guard counts on the record as it is under the lock, whatever others recorded before.
        let entries = record.submit_with(&[], |tenant| {
            require_present(options, tenant, &[])?;
            let (plan, entries) = self.entries(tenant, directory, &ring, write, now)?;
            answer = self::answer(tenant, directory, &plan, &entries, None, now);
            Ok(entries)
        })?;
        let answer = if entries.is_empty() { answer } else { answer.recorded() };
        let answer = answer.notes(record.notes()).notes(dating_notes(&entries, now));
        Ok(match entries.as_slice() {
            [] => answer,
            [entry] => answer.line(format_args!("recorded: event {}", entry.number())),
            [first, .., last] => answer.line(format_args!("recorded: events {} to {}", first.number(), last.number())),
        })
    }

    /// Returns what would be done, also if the guard refuses it, or a role is missing: the administrator
    /// sees who would lose a plan.
    fn preview(
        &self,
        directory: &Directory,
        record: &Record,
        write: &WriteOptions,
        now: DateTime<Utc>,
    ) -> Result<Answer, Failure> {
        let refused = self.entries(record.tenant(), directory, &record.ring, write, now).err();
        let whole = Self { file: self.file.clone(), yes: false, max_loss: LossLimit::ALL };
        let plan = whole.plan(record.tenant(), directory)?;
        let answer = answer(record.tenant(), directory, &plan, &[], refused.as_ref(), now).notes(record.notes());
        Ok(match refused {
            Some(refused) => answer.line(refused).with_exit(Exit::Refused),
            None if plan.is_done() => answer,
            None => answer.line("Nothing was changed. Do it with --yes."),
        })
    }

    /// Returns what is to be done, with its entries.
    fn entries(
        &self,
        tenant: &Tenant,
        directory: &Directory,
        ring: &KeyRing,
        write: &WriteOptions,
        now: DateTime<Utc>,
    ) -> Result<(Reconciliation, Vec<Entry>), Failure> {
        let (plan, actor) = (self.plan(tenant, directory)?, write.by.actor()?);
        let commands = plan.lists.concat();
        let explain = |ahead: &Tenant, refusal: &Refusal| refused(ring, ahead, &commands, refusal);
        let entries = decide(tenant, &plan.lists, &actor, now, explain)?;
        Ok((plan, entries))
    }

    fn plan(&self, tenant: &Tenant, directory: &Directory) -> Result<Reconciliation, Failure> {
        tenant.reconcile(directory, self.max_loss).map_err(|error| {
            let failure = Failure::refused(error.code(), format!("{error}. Nothing was done"));
            if error.code().starts_with("reconcile.loss") {
                failure.help("`--max-loss PERCENT` allows a larger loss")
            } else {
                failure
            }
        })
    }
}

/// The numbers of commands of a reconciliation.
#[derive(Debug, Default)]
struct Numbers {
    removed: usize,
    joined: usize,
    left: usize,
    groups: usize,
}

impl Numbers {
    fn of(plan: &Reconciliation) -> Self {
        let mut numbers = Self::default();
        for command in plan.lists.iter().flatten() {
            let number = match command {
                Command::RemoveUser(_) => &mut numbers.removed,
                Command::Join(_) => &mut numbers.joined,
                Command::Leave(_) => &mut numbers.left,
                _ => &mut numbers.groups,
            };
            *number = number.saturating_add(1);
        }
        numbers
    }
}

/// Returns what is to be done, and what is as in the directory already: the part that an interrupted
/// command has done is in it.
fn answer(
    tenant: &Tenant,
    directory: &Directory,
    plan: &Reconciliation,
    entries: &[Entry],
    refused: Option<&Failure>,
    now: DateTime<Utc>,
) -> Answer {
    let Numbers { removed, joined, left, groups } = Numbers::of(plan);
    let users: usize = directory.users().count();
    let is_same = |user: &entitle::UserId, groups: &std::collections::BTreeSet<entitle::GroupId>| {
        tenant.groups_of(user).iter().eq(groups.iter())
    };
    let same = directory.users().filter(|(user, groups)| is_same(user, groups)).count();
    let losses: Vec<Value> = plan.losses.iter().map(|loss| loss_json(loss, has_seat(tenant, loss, now))).collect();
    let events: Vec<u64> = entries.iter().map(Entry::number).collect();
    let json = json!({
        "as_in_the_file": same,
        "users_in_the_file": users,
        "removed_users": removed,
        "removed": removed_users(plan).collect::<Vec<_>>(),
        "joins": joined,
        "leaves": left,
        "removed_groups": groups,
        "losses": losses,
        "lists": plan.lists.len(),
        "events": events,
        "refused": refused.map(|refused| refused.code),
        "message": refused.map(|refused| &refused.message),
    });
    let answer = Answer::new(json).line(format_args!("as in the file already: {same} of {}", count(users, "user")));
    if plan.is_done() {
        return answer.line("Nothing is left to do.");
    }
    let mut parts = Vec::new();
    let mut add = |number: usize, noun: &str, verb: &str| {
        if number > 0 {
            parts.push(format!("{verb} {}", count(number, noun)));
        }
    };
    add(removed, "user", "remove");
    add(joined, "membership", "add");
    add(left, "membership", "remove");
    add(groups, "group", "remove");
    let is_done = !entries.is_empty();
    let title = if is_done { "done" } else { "to do" };
    let answer = answer.line(format_args!("{title}: {}", parts.join(", ")));
    let removed = removed_users(plan).map(id);
    let (removed, title) = (list(removed), if is_done { "removed" } else { "remove" });
    let answer = if removed.is_empty() { answer } else { answer.escaped_line(format_args!("{title}: {removed}")) };
    if plan.losses.is_empty() {
        return answer.line(if is_done { "Nobody lost a plan." } else { "Nobody loses a plan." });
    }
    let losses = list(plan.losses.iter().map(|loss| {
        let waiting = if has_seat(tenant, loss, now) { "" } else { " (waiting)" };
        format!("{} {}{waiting}", id(&loss.user), id(&loss.plan))
    }));
    answer.escaped_line(format_args!("{} a plan: {losses}", if is_done { "lost" } else { "lose" }))
}

/// Returns the users whom a reconciliation removes.
fn removed_users(plan: &Reconciliation) -> impl Iterator<Item = &UserId> {
    plan.lists.iter().flatten().filter_map(|command| match command {
        Command::RemoveUser(user) => Some(user),
        _ => None,
    })
}

/// Returns whether a user who loses a plan has a seat of it, and does not wait.
fn has_seat(tenant: &Tenant, loss: &PlanLoss, now: DateTime<Utc>) -> bool {
    tenant.claims_of(&loss.user, now).iter().any(|claim| *claim.plan == loss.plan && claim.has_seat())
}

fn loss_json(loss: &PlanLoss, has_seat: bool) -> Value {
    let mut json = json!(loss);
    if let Some(fields) = json.as_object_mut() {
        fields.insert("has_seat".to_string(), json!(has_seat));
    }
    json
}
