//! `entitle microsoft graph`: questions to saved answers of Microsoft Graph.

mod names;
mod saved_answers;

mod ends;
mod errors;
mod request;
mod units;
mod user;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use entitle::chrono::{DateTime, Utc};
use entitle_microsoft::graph::Extent;

use crate::answer::Answer;
use crate::exit::Failure;

/// What Graph said of a tenant.
#[derive(Debug, Subcommand)]
pub(crate) enum GraphCommand {
    /// How many units of each SKU there are, are assigned and are free. Needs subscribedSkus.
    Units(SavedFiles),
    /// What a user may open, by what Graph said. Needs subscribedSkus, and users or the user's licenseDetails.
    User(user::UserQuestion),
    /// What ends next. Needs directory/subscriptions.
    Ends(SavedFiles),
    /// Whose assignments are in error, and what would mend it. Needs users; subscribedSkus tell how many units are short.
    Errors(SavedFiles),
    /// What a request to assignLicense would do: the units that it takes and frees. Needs subscribedSkus and users.
    Request(request::RequestQuestion),
}

/// Saved answers.
#[derive(Debug, Args)]
pub(crate) struct SavedFiles {
    /// The saved answers, and an edition of the catalogue for names.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

impl GraphCommand {
    pub(crate) fn run(&self, now: DateTime<Utc>) -> Result<Answer, Failure> {
        match self {
            Self::Units(saved) => units::run(saved),
            Self::User(question) => question.run(now),
            Self::Ends(saved) => ends::run(saved, now),
            Self::Errors(saved) => errors::run(saved),
            Self::Request(question) => question.run(),
        }
    }
}

/// What is to be known where a list was not read to its end.
fn note_incomplete(answer: Answer, list: &str, extent: &Extent) -> Answer {
    match extent {
        Extent::Whole => answer,
        Extent::Part { .. } => {
            answer.escaped_line(format_args!("This is not all: another page of {list} was not read."))
        }
        Extent::One => answer.escaped_line(format_args!("This is not all: one of {list} was read.")),
    }
}
