//! `entitle tenant log`: the events of the record.

use clap::Args;
use entitle::Entry;
use serde_json::json;

use super::TenantOptions;
use super::command_text::describe;
use super::record::Record;
use crate::answer::Answer;
use crate::exit::Failure;
use crate::instant::Instant;
use crate::table::table;

/// List the events: when, by whom, and what.
#[derive(Debug, Args)]
pub(crate) struct Log {
    /// Only this many of the latest events.
    #[arg(long, value_name = "EVENTS")]
    last: Option<usize>,
}

impl Log {
    pub(crate) fn run(&self, options: &TenantOptions) -> Result<Answer, Failure> {
        let record = Record::read_whole(options)?;
        let left_out = self.last.map_or(0, |last| record.entries.len().saturating_sub(last));
        let entries = record.entries.get(left_out..).unwrap_or_default();
        let events: Vec<_> = entries.iter().map(Entry::event).collect();
        let answer = Answer::new(json!(events)).notes(record.notes.clone());
        if events.is_empty() {
            return Ok(answer.line("The record has no events."));
        }
        let mut rows = Vec::new();
        for event in events {
            let mut head = [event.number.to_string(), Instant(event.at).to_string(), event.actor.user.to_string()];
            for command in &event.commands {
                rows.push(head.iter_mut().map(core::mem::take).chain([describe(&record, command)]).collect());
            }
        }
        Ok(answer.line(table(&["EVENT", "WHEN", "WHO", "WHAT"], &rows)))
    }
}
