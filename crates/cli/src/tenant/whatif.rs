//! `entitle tenant whatif`: previews.

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use serde_json::json;

use super::TenantOptions;
use super::change::Change;
use super::ineffective_entries::ineffective_entries;
use super::record::Record;
use super::refusal_failure::refusal_failure;
use super::suggestions::with_question;
use crate::answer::Answer;
use crate::exit::Failure;

/// Show what a command would change, without doing it.
#[derive(Debug, Args)]
pub(crate) struct WhatIf {
    #[command(subcommand)]
    change: Change,
}

impl WhatIf {
    pub(crate) fn run(&self, options: &TenantOptions, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let commands = self.change.commands()?;
        let mut record = Record::read(options)?;
        record.prove(&commands)?;
        let preview = record.tenant().preview(&options.actor(), &commands, now);
        let verifier = record.verifier().with_those_of(&commands);
        let preview = preview.map_err(|refusal| {
            with_question(refusal_failure(&verifier, &commands, &refusal), record.tenant(), &refusal)
        })?;
        let warnings = commands.iter().flat_map(|command| ineffective_entries(&verifier, command).warnings()).collect();
        Ok(Answer::new(json!(preview)).line(preview).notes(warnings).notes(record.notes()))
    }
}
