//! `entitle catalog`: checks of a catalog.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use entitle::Catalog;

use crate::answer::Answer;
use crate::exit::Failure;
use crate::files;
use crate::text::name;

mod faults;
mod json_path;
mod laws;

/// Check a catalog and its laws.
#[derive(Debug, Subcommand)]
pub(crate) enum CatalogCommand {
    /// Show all faults and warnings of a catalog, with their positions.
    Check {
        /// The catalog, in JSON.
        file: PathBuf,
    },
    /// Check laws of a catalog for all possible purchases; a law that does not hold is shown with
    /// the smallest counterexample.
    Laws(laws::LawsCommand),
}

impl CatalogCommand {
    pub(crate) fn run(&self) -> Result<Answer, Failure> {
        match self {
            Self::Check { file } => check(file, &files::read(file)?),
            Self::Laws(laws) => laws.run(),
        }
    }
}

pub(crate) use faults::check;

/// Returns the catalog in a file.
pub(crate) fn load(path: &Path) -> Result<Catalog, Failure> {
    let text = files::read(path)?;
    Catalog::from_json(&text).map_err(|error| {
        // Each of several faults has its own line.
        Failure::unreadable(error.code(), "")
            .with_lines(&format!("{}: {error}", name(path)))
            .help(format_args!("`entitle catalog check {}` shows where", name(path)))
    })
}
