//! `entitle tenant whatif`: what a command would change, for whom and when.

mod people;

pub(super) mod text;

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use entitle::{Actor, Command, PlanId, RequestId, Tenant};
use serde_json::{Value, json};

use super::change::Change;
use super::done_text::done_lines;
use super::earlier::require_present;
use super::freed_seats::freed_seats;
use super::ineffective_entries::ineffective_entries;
use super::install::{Decided, Documents};
use super::options::{ActorOptions, TenantOptions};
use super::record::Record;
use super::revoked::{Revoked, newly_revoked};
use super::suggestions::for_new_names;
use super::with::{Common, With};
use crate::answer::Answer;
use crate::exit::Failure;
use text::Around;

/// Show what a command would change, without doing it.
#[derive(Debug, Args)]
pub(crate) struct WhatIf {
    // Where people look for it too, before the command.
    #[arg(long = "all", id = "everything", hide = true, conflicts_with = "json")]
    all: bool,
    #[command(subcommand)]
    change: With<WhatIfOptions, Change>,
}

/// Who would give the command, what is installed before, and how much is shown.
#[derive(Debug, Args)]
struct WhatIfOptions {
    #[command(flatten)]
    by: ActorOptions,
    /// A document that is installed first. Can be repeated.
    #[arg(long, value_name = "FILE")]
    with: Vec<PathBuf>,
    /// Show everybody and everything, as --json always does.
    #[arg(long, conflicts_with = "json")]
    all: bool,
}

impl Common for WhatIfOptions {
    const BEGINNING: &str = "entitle tenant whatif";
}

impl WhatIf {
    pub(crate) fn run(&self, options: &TenantOptions, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let With { options: own, command: change } = &self.change;
        let (mut record, actor) = (Record::read_present(options)?, own.by.actor()?);
        let documents = Documents::read(own.with.iter().chain(change.files()))?;
        require_present(options, record.tenant(), &documents.commands())?;
        record.prove(&documents.commands())?;
        let Decided { states, entries, tenant } = documents.decide(record.tenant(), &record.ring, &actor, now)?;
        let installed = entries.into_iter().map(|entry| entry.event().commands.clone());
        let mut lists: Vec<Vec<Command>> = installed.collect();
        let planned = change.plan(&record, &tenant, &actor, now)?;
        lists.extend(planned.lists());
        let commands = lists.concat();
        let preview = record.tenant().preview_lists(&actor, lists.iter().map(Vec::as_slice), now);
        let preview = preview.map_err(|refusal| planned.refused(&record.ring, &tenant, &commands, &refusal, now))?;
        let verifier = record.verifier().with_those_of(&commands);
        let warnings = commands.iter().flat_map(|command| ineffective_entries(&verifier, command).warnings()).collect();
        let questions = for_new_names(&tenant, &commands);
        let (known, states) = documents.known(&states, &verifier);
        let after = after(&tenant, planned.lists(), &actor, now);
        let revoked = newly_revoked(record.tenant(), &after, now);
        let revoked_lines: Vec<String> = revoked.iter().flat_map(|revoked| revoked.lines(after.reading(now))).collect();
        let consumed: Vec<&Command> =
            commands.iter().filter(|command| matches!(command, Command::Consume(_))).collect();
        let consumed: Vec<String> = done_lines(&after, &verifier, &consumed, now);
        let all: Vec<&Command> = commands.iter().collect();
        let (freed, freed_json): (Vec<String>, Vec<Value>) = freed_seats(&tenant, &after, &all, now)
            .into_iter()
            .map(|freed| (freed.whole.clone(), freed.whole_json()))
            .unzip();
        let usage: Vec<Value> = consumed_plans(&commands).iter().filter_map(|plan| usage(&after, plan, now)).collect();
        let mut json = json!(preview);
        if let Some(fields) = json.as_object_mut() {
            fields.insert("documents".to_string(), states);
            fields.insert("revoked".to_string(), revoked.iter().map(Revoked::json).collect());
            fields.insert("freed".to_string(), freed_json.into());
            fields.insert("usage".to_string(), usage.into());
            fields.insert("done_before".to_string(), json!(planned.done_before()));
        }
        let before = planned.done_before_line();
        let answer = known.into_iter().chain(before).fold(Answer::new(json), Answer::escaped_line);
        let answer = answer.notes(questions).notes(warnings).notes(record.notes());
        let around = Around { revoked: &revoked_lines, consumed: &consumed, freed: &freed, after: Some(&after) };
        Ok(text::lines(&preview, &around, own.all || self.all).into_iter().fold(answer, Answer::escaped_line))
    }
}

/// Returns a tenant with commands that a preview has accepted, in as many entries as they take.
fn after(tenant: &Tenant, lists: Vec<Vec<Command>>, actor: &Actor, now: DateTime<Utc>) -> Tenant {
    let mut ahead = tenant.clone();
    for list in lists {
        // Nothing is recorded of this request, and a preview has shown that none is refused.
        let entry = ahead.decide(actor, &list, RequestId::from_random([0; 16]), now);
        _ = entry.map(|entry| ahead.apply(&entry));
    }
    ahead
}

/// Returns the plans that commands consume.
fn consumed_plans(commands: &[Command]) -> BTreeSet<&PlanId> {
    let consumed = commands.iter().filter_map(|command| match command {
        Command::Consume(consumption) => Some(&consumption.plan),
        _ => None,
    });
    consumed.collect()
}

/// Returns what is consumed of a plan in the month, and how much may be.
fn usage(tenant: &Tenant, plan: &PlanId, now: DateTime<Utc>) -> Option<Value> {
    let usage = tenant.usage(plan, now)?;
    Some(json!({
        "plan": plan,
        "month": usage.month,
        "consumed": usage.consumed.to_string(),
        "allowance": usage.allowance.to_string(),
        "limit": usage.limit.to_string(),
        "is_over": usage.is_over(),
    }))
}
