//! `entitle microsoft`: Microsoft's licensing files, read offline.

mod csv_faults;
mod file_kind;

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
#[derive(Debug, Subcommand)]
pub(crate) enum MicrosoftCommand {
    /// The two CSV files of `pac solution add-license`: an ISV's plans, and what each opens.
    #[command(subcommand)]
    Isv(isv::IsvCommand),
    /// The Microsoft 365 catalogue, "product names and service plan identifiers".
    #[command(subcommand)]
    Catalogue(catalogue::CatalogueCommand),
    /// What Microsoft Graph said of a tenant, from saved answers. A finding, and never a decision: nothing is opened by it.
    ///
    /// The files are recognised by what they say; several of a kind are the pages of one list:
    ///
    ///   GET /subscribedSkus
    ///   GET /directory/subscriptions
    ///   GET /users?$select=id,userPrincipalName,usageLocation,licenseAssignmentStates
    ///   GET /users/{id}/licenseDetails
    ///
    /// An edition of the Microsoft 365 catalogue beside them gives the names.
    ///
    /// What was not said is never filled in: it is *not known*. A finding is the word of
    /// another authority, unsigned and of the moment at which Graph was asked, so the
    /// exit code is 0 whatever it says.
    #[command(subcommand, verbatim_doc_comment)]
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
