//! `entitle microsoft catalogue`: editions of the Microsoft 365 catalogue, and their differences.

mod totals;

mod compare;
mod read;

use std::path::PathBuf;

use clap::Subcommand;
use entitle_microsoft::File;
use entitle_microsoft::catalogue::{Edition, EditionError};

use super::csv_faults;
use super::file_kind::{FileKind, SourceFile};
use crate::answer::Answer;
use crate::exit::Failure;
use crate::timeless::Timeless;

const HELP: &str = "its heading line names Product_Display_Name, String_Id, GUID, Service_Plan_Name, Service_Plan_Id and \
                    Service_Plans_Included_Friendly_Names";

/// The Microsoft 365 catalogue.
#[derive(Debug, Subcommand)]
pub(crate) enum CatalogueCommand {
    /// Read an edition: counts and data issues; with -o as a catalog.
    ///
    /// `entitle microsoft catalogue read 2026-03.csv -o microsoft.json`
    ///
    /// In the catalog, products are plans and service plans are apps.
    Read(read::ReadEdition),
    /// Show the differences between two editions.
    ///
    /// `entitle microsoft catalogue compare 2026-01.csv 2026-03.csv --summary`
    ///
    /// The totals first, then service plans that products gained or lost, new and removed entries, and
    /// changed names.
    Compare {
        /// The earlier edition.
        old: PathBuf,
        /// The later edition.
        new: PathBuf,
        /// Show only the totals.
        #[arg(long)]
        summary: bool,
        #[command(flatten)]
        time: Timeless,
    },
}

impl CatalogueCommand {
    pub(crate) fn run(&self) -> Result<Answer, Failure> {
        match self {
            Self::Read(read) => read.run(),
            Self::Compare { old, new, summary, .. } => compare::run(old, new, *summary),
        }
    }
}

/// Returns the edition in a file, or its faults.
pub(super) fn edition(read: &SourceFile) -> Result<Result<Edition, Answer>, Failure> {
    if !matches!(read.kind, FileKind::Catalogue | FileKind::Table(_)) {
        return Err(read.wrong_kind(&FileKind::Catalogue.to_string(), HELP));
    }
    match Edition::read(&read.bytes) {
        Ok(edition) => Ok(Ok(edition)),
        Err(EditionError::Faults(faults)) => {
            Ok(Err(csv_faults::faults(&faults, &[(File::Catalogue, &read.path, &read.text)])))
        }
        Err(error) => Err(Failure::unreadable(error.code(), format!("{}: {error}", crate::text::name(&read.path)))),
    }
}
