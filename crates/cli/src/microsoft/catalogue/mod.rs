//! `entitle microsoft catalogue`: an edition of the Microsoft 365 catalogue, and what changed from one to another.

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

const HELP: &str = "its heading line names Product_Display_Name, String_Id, GUID, Service_Plan_Name, Service_Plan_Id and \
                    Service_Plans_Included_Friendly_Names";

/// The Microsoft 365 catalogue.
#[derive(Debug, Subcommand)]
pub(crate) enum CatalogueCommand {
    /// Read an edition: how much is in it, what was mended; with -o as a catalog, products as plans and service plans as apps.
    Read(read::ReadEdition),
    /// What changed from one edition to a later one: which products gained or lost service plans, what is new and gone.
    Compare {
        /// The earlier edition.
        old: PathBuf,
        /// The later edition.
        new: PathBuf,
    },
}

impl CatalogueCommand {
    pub(crate) fn run(&self) -> Result<Answer, Failure> {
        match self {
            Self::Read(read) => read.run(),
            Self::Compare { old, new } => compare::run(old, new),
        }
    }
}

/// An edition, or the faults of the file.
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
