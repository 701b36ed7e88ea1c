//! `entitle microsoft`: Microsoft's licensing files, read offline.

mod kind;
mod sheet;

mod scopes;

mod catalogue;
mod graph;
mod isv;

use clap::Subcommand;
use entitle::chrono::{DateTime, Utc};
use serde_json::Value;

use crate::answer::Answer;
use crate::exit::Failure;

/// Read Microsoft's licensing files.
///
/// A file is recognised by what it says, not by its name. What Microsoft's formats do not say is not guessed: each command
/// tells what it took for granted.
#[derive(Debug, Subcommand)]
pub(crate) enum MicrosoftCommand {
    /// The two CSV files of `pac solution add-license`: an ISV's plans, and what each opens.
    #[command(subcommand)]
    Isv(isv::IsvCommand),
    /// The Microsoft 365 catalogue, "product names and service plan identifiers".
    #[command(subcommand)]
    Catalogue(catalogue::CatalogueCommand),
    /// What Microsoft Graph said of a tenant, from saved answers. A finding, and never a decision: nothing is opened by it.
    #[command(subcommand)]
    Graph(graph::GraphCommand),
}

impl MicrosoftCommand {
    pub(crate) fn run(&self, now: DateTime<Utc>) -> Result<Answer, Failure> {
        match self {
            Self::Isv(command) => command.run(),
            Self::Catalogue(command) => command.run(),
            Self::Graph(command) => command.run(now),
        }
    }
}

/// Adds the fields of an object to another one.
fn merge(into: &mut Value, more: Value) {
    if let (Some(into), Value::Object(more)) = (into.as_object_mut(), more) {
        into.extend(more);
    }
}
