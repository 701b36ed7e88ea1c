//! `entitle microsoft graph`: questions about saved answers of Microsoft Graph.

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
use crate::timeless::Timeless;

/// Questions about a tenant, answered from Graph's answers.
#[derive(Debug, Subcommand)]
pub(crate) enum GraphCommand {
    /// Show the units of each SKU: in total, assigned and free.
    ///
    /// `entitle microsoft graph units skus.json`
    ///
    /// Requires subscribedSkus.
    Units {
        #[command(flatten)]
        saved: SavedFiles,
        #[command(flatten)]
        time: Timeless,
    },
    /// Show what a user may open according to Graph.
    ///
    /// `entitle microsoft graph user ada skus.json users.json`
    ///
    /// Requires subscribedSkus, and users or the user's licenseDetails.
    User(user::UserQuestion),
    /// List subscriptions by the date of their next state.
    ///
    /// `entitle microsoft graph ends subscriptions.json`
    ///
    /// Requires directory/subscriptions.
    Ends(SavedFiles),
    /// List assignments in error, and how to fix them.
    ///
    /// `entitle microsoft graph errors users.json skus.json`
    ///
    /// Requires users; from subscribedSkus it is known how many units are missing.
    Errors {
        #[command(flatten)]
        saved: SavedFiles,
        #[command(flatten)]
        time: Timeless,
    },
    /// Show the units that a request to assignLicense takes and frees.
    ///
    /// `entitle microsoft graph request request.json skus.json users.json --user ada`
    ///
    /// Requires subscribedSkus and users.
    Request(request::RequestQuestion),
}

/// Saved answers.
#[derive(Debug, Args)]
pub(crate) struct SavedFiles {
    /// The saved answers, and optionally an edition of the catalogue for names.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

impl GraphCommand {
    pub(crate) fn run(&self, now: DateTime<Utc>) -> Result<Answer, Failure> {
        match self {
            Self::Units { saved, .. } => units::run(saved),
            Self::User(question) => question.run(now),
            Self::Ends(saved) => ends::run(saved, now),
            Self::Errors { saved, .. } => errors::run(saved),
            Self::Request(question) => question.run(),
        }
    }
}

/// Adds a line if a list is incomplete.
fn note_incomplete(answer: Answer, list: &str, extent: &Extent) -> Answer {
    match extent {
        Extent::Whole => answer,
        Extent::Part { .. } => answer.escaped_line(format_args!("Incomplete: another page of {list} was not read.")),
        Extent::One => answer.escaped_line(format_args!("Incomplete: only one entry of {list} was read.")),
    }
}
