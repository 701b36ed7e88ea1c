//! `entitle tenant whatif`: the dry run.

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use serde_json::json;

use super::Place;
use super::change::{Change, refused};
use super::effect::without_effect;
use super::record::Record;
use crate::answer::Answer;
use crate::exit::Failure;

/// What a command would change; nothing is done.
#[derive(Debug, Args)]
pub(crate) struct WhatIf {
    #[command(subcommand)]
    change: Change,
}

impl WhatIf {
    pub(crate) fn run(&self, place: &Place, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let commands = self.change.commands()?;
        let mut record = Record::read(place)?;
        record.prepare(&commands);
        let preview = record.tenant.preview(&place.actor(), &commands, now);
        let preview = preview.map_err(|refusal| refused(&record, &commands, &refusal))?;
        let warnings = commands.iter().flat_map(|command| without_effect(&record, command).said()).collect();
        Ok(Answer::new(json!(preview)).line(preview).notes(warnings).notes(record.notes))
    }
}
