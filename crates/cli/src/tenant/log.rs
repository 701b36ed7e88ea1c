//! `entitle tenant log`: the entries of the record, in words.

use clap::Args;
use entitle::audit::{AuditEntry, AuditLine};
use entitle::{Entry, PlanId, UserId};
use serde_json::{Value, json};

use super::options::TenantOptions;
use super::record::Record;
use super::suggestions::for_filter;
use crate::answer::Answer;
use crate::exit::Failure;
use crate::instant::Instant;
use crate::number;
use crate::table::table;

/// List the events: when, by whom, and what.
#[derive(Debug, Args)]
pub(crate) struct Log {
    /// Only this many of the latest events, of those that the other options select.
    #[arg(long, value_name = "EVENTS", value_parser = number::parse::<usize>)]
    last: Option<usize>,
    /// Only events with a command that names this user, or in which the user signed up or claimed a
    /// seat.
    #[arg(long, value_name = "USER")]
    user: Option<UserId>,
    /// Only events with a command that names this plan, or that installed a license of it. With
    /// --user, the same command must be about both.
    #[arg(long, value_name = "PLAN")]
    plan: Option<PlanId>,
}

impl Log {
    pub(crate) fn run(&self, options: &TenantOptions) -> Result<Answer, Failure> {
        let record = Record::read(options)?;
        // As many as the tenant has that was chosen to be read.
        let events = usize::try_from(record.tenant().position()).unwrap_or(usize::MAX);
        let entries: Vec<Entry> = record.entries()?.into_iter().take(events).collect();
        let audits = entries.iter().rev().map(|entry| (entry, record.tenant().audit(entry)));
        let selected = audits.filter(|(_, audit)| self.selects(audit)).take(self.last.unwrap_or(usize::MAX));
        let mut shown: Vec<(&Entry, AuditEntry)> = selected.collect();
        shown.reverse();
        let events: Vec<Value> = shown.iter().map(|(entry, audit)| event_json(entry, audit)).collect();
        let answer = Answer::new(json!({ "events": events })).notes(record.notes());
        if shown.is_empty() {
            let is_empty = entries.is_empty();
            let questions = for_filter(record.tenant(), self.user.as_ref(), self.plan.as_ref());
            let answer = answer.notes(questions);
            return Ok(answer.line(if is_empty { "The record has no events." } else { "No event is selected." }));
        }
        let rows: Vec<_> = shown.iter().flat_map(|(_, audit)| rows(audit)).collect();
        Ok(answer.table(&table(&["EVENT", "WHEN", "WHO", "WHAT"], &rows)))
    }

    /// Returns whether an entry is shown.
    fn selects(&self, audit: &AuditEntry) -> bool {
        if self.user.is_none() && self.plan.is_none() {
            return true;
        }
        let is_selected = |line: &AuditLine| {
            self.user.as_ref().is_none_or(|user| line.is_about_user(user))
                && self.plan.as_ref().is_none_or(|plan| line.is_about_plan(plan))
        };
        audit.lines.iter().any(is_selected)
    }
}

/// Returns an event as it is written, with its lines in words.
fn event_json(entry: &Entry, audit: &AuditEntry) -> Value {
    let mut event = json!(entry.event());
    if let Some(fields) = event.as_object_mut() {
        fields.insert("lines".to_string(), json!(audit.lines));
    }
    event
}

/// Returns the rows of an entry: one for each command, and one for each of its details.
fn rows(audit: &AuditEntry) -> Vec<Vec<String>> {
    let mut head = [audit.number.to_string(), Instant(audit.at).to_string(), audit.actor.user.to_string()];
    let texts = audit.lines.iter().flat_map(|line| {
        let details = line.details.iter().map(|detail| format!("  {detail}"));
        core::iter::once(line.message.to_string()).chain(details)
    });
    texts.map(|text| head.iter_mut().map(core::mem::take).chain([text]).collect()).collect()
}
