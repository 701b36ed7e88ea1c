//! `entitle catalog`: prove a catalog sound, and what it promises.

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

/// Prove a catalog sound, and what it promises.
#[derive(Debug, Subcommand)]
pub(crate) enum CatalogCommand {
    /// Show all faults of a catalog, each in its place, and what is probably not meant.
    Check {
        /// The catalog, in JSON.
        file: PathBuf,
    },
    /// Prove what a catalog promises, whoever buys what; a promise that is broken comes with the smallest case that breaks it.
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

/// The catalog in a file.
pub(crate) fn load(path: &Path) -> Result<Catalog, Failure> {
    let text = files::read(path)?;
    Catalog::from_json(&text).map_err(|error| {
        // Of several faults each has its line.
        Failure::unreadable(error.code(), "")
            .with_lines(&format!("{}: {error}", name(path)))
            .help(format_args!("`entitle catalog check {}` shows where", name(path)))
    })
}
