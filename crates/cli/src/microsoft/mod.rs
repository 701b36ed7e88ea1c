//! `entitle microsoft`: reads Microsoft's licensing files offline.

mod csv_faults;
mod file_kind;

mod scopes;

mod component_names;

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
    /// The two CSV files of `pac solution add-license`: an ISV's plans and their components.
    #[command(subcommand)]
    Isv(isv::IsvCommand),
    /// The Microsoft 365 catalogue, "product names and service plan identifiers".
    #[command(subcommand)]
    Catalogue(catalogue::CatalogueCommand),
    /// Questions about a tenant, answered from saved answers of Microsoft Graph.
    ///
    /// A finding is never a decision.
    ///
    /// Files are recognised by their content; several files of a kind are the pages of one list:
    ///
    ///   GET /subscribedSkus
    ///   GET /directory/subscriptions
    ///   GET /users?$select=id,userPrincipalName,usageLocation,licenseAssignmentStates
    ///   GET /users/{id}/licenseDetails
    ///
    /// An edition of the Microsoft 365 catalogue among them supplies names.
    ///
    /// Missing data is never invented: the answer is *not known*. A finding is the statement
    /// of another authority, unsigned and valid for the moment of the query, so the exit
    /// code is always 0.
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
