//! `entitle catalog`: a publisher's catalog.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use entitle::Catalog;

use crate::answer::Answer;
use crate::exit::Failure;
use crate::files;
use crate::text::name;
use crate::timeless::Timeless;

mod answers;
mod faults;
mod json_path;
mod laws;
mod show;

mod draft;
mod questions;

mod new;

/// Write, show and check a catalog, and check its laws.
#[derive(Debug, Subcommand)]
pub(crate) enum CatalogCommand {
    /// Write a catalog by answering questions about the offer.
    #[command(long_about = questions::help())]
    New {
        /// The file for the catalog [default: stdout].
        #[arg(short, long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Go on with a draft, which an interrupted `catalog new` has kept: what is in it is not
        /// asked again.
        #[arg(long, value_name = "DRAFT")]
        from: Option<PathBuf>,
        #[command(flatten)]
        time: Timeless,
    },
    /// Show a catalog as a matrix of its plans and apps.
    ///
    /// Example: `entitle catalog show f365.json`
    Show {
        /// The catalog, in JSON.
        file: PathBuf,
        #[command(flatten)]
        time: Timeless,
    },
    /// Show all faults and warnings of a catalog, with their positions.
    ///
    /// Example: `entitle catalog check f365.json`
    Check {
        /// The catalog, in JSON.
        file: PathBuf,
        #[command(flatten)]
        time: Timeless,
    },
    Laws(laws::LawsCommand),
}

impl CatalogCommand {
    pub(crate) fn run(&self) -> Result<Answer, Failure> {
        match self {
            Self::New { out, from, .. } => new::new(out.as_deref(), from.as_deref()),
            Self::Show { file, .. } => Ok(show::show(&load(file)?)),
            Self::Check { file, .. } => check(file, &files::read(file)?),
            Self::Laws(laws) => laws.run(),
        }
    }
}

pub(crate) use faults::check;
pub(crate) use show::counting;

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
