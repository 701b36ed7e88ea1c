//! `entitle deal`: deals, the unsigned payload of licenses (`manual::formats`).

pub(crate) mod deal_file;
pub(crate) mod deal_status;
pub(crate) mod difference;
pub(crate) mod sale_options;
mod terms_options;

mod new;
pub(crate) mod prompt;
pub(crate) mod revise;
mod revision;

use clap::Subcommand;
use entitle::chrono::{DateTime, Utc};

use crate::answer::Answer;
use crate::exit::Failure;

/// Write deals.
#[derive(Debug, Subcommand)]
pub(crate) enum DealCommand {
    /// Write the deal of a first sale, or of a trial for anyone. Missing options are prompted for
    /// at a terminal.
    New(new::New),
}

impl DealCommand {
    pub(crate) fn run(&self, now: DateTime<Utc>) -> Result<Answer, Failure> {
        match self {
            Self::New(new) => new.run(now),
        }
    }
}
