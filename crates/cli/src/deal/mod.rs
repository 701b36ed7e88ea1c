//! `entitle deal`: what is sold, written down as the payload of a license (`manual::formats`).

pub(crate) mod deal_file;
pub(crate) mod sale_options;
mod terms_options;

mod new;
pub(crate) mod prompt;
pub(crate) mod revise;

use clap::Subcommand;
use entitle::chrono::{DateTime, Utc};

use crate::answer::Answer;
use crate::exit::Failure;

/// Write down what is sold.
#[derive(Debug, Subcommand)]
pub(crate) enum DealCommand {
    /// Write down a first sale, or a trial for anyone. What is not said is asked, if there is a terminal to ask at.
    New(new::New),
}

impl DealCommand {
    pub(crate) fn run(&self, now: DateTime<Utc>) -> Result<Answer, Failure> {
        match self {
            Self::New(new) => new.run(now),
        }
    }
}
