//! `entitle tenant whatif`: what a command would change, for whom and when.

mod people;

pub(super) mod text;

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use serde_json::json;

use super::change::Change;
use super::earlier::require_present;
use super::ineffective_entries::ineffective_entries;
use super::options::{ActorOptions, TenantOptions};
use super::record::Record;
use super::refusal_failure::refusal_failure;
use super::suggestions::with_question;
use super::with::{Common, With};
use crate::answer::Answer;
use crate::exit::Failure;

/// Show what a command would change, without doing it.
#[derive(Debug, Args)]
pub(crate) struct WhatIf {
    #[command(subcommand)]
    change: With<WhatIfOptions, Change>,
}

/// Who would give the command, and how much is shown.
#[derive(Debug, Args)]
struct WhatIfOptions {
    #[command(flatten)]
    by: ActorOptions,
    /// Show everybody and everything.
    #[arg(long)]
    all: bool,
}

impl Common for WhatIfOptions {
    const BEGINNING: &str = "entitle tenant whatif";
}

impl WhatIf {
    pub(crate) fn run(&self, options: &TenantOptions, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let With { options: own, command: change } = &self.change;
        let mut record = Record::read_present(options)?;
        let commands = change.commands(record.tenant(), now)?;
        require_present(options, record.tenant(), &commands)?;
        record.prove(&commands)?;
        let preview = record.tenant().preview(&own.by.actor()?, &commands, now);
        let verifier = record.verifier().with_those_of(&commands);
        let preview = preview.map_err(|refusal| {
            with_question(refusal_failure(&verifier, &commands, &refusal), record.tenant(), &refusal)
        })?;
        let warnings = commands.iter().flat_map(|command| ineffective_entries(&verifier, command).warnings()).collect();
        let answer = Answer::new(json!(preview)).notes(warnings).notes(record.notes());
        Ok(text::lines(&preview, own.all).into_iter().fold(answer, Answer::escaped_line))
    }
}
