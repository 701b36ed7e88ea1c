//! `entitle book`: the deal book, an append-only file of everything that the publisher signed.

mod line;

mod problem;

pub(crate) mod content;

pub(crate) mod file;

pub(crate) mod options;

pub(crate) mod handed_out;
pub(crate) mod reached;
pub(crate) mod selector;

pub(crate) mod revoked;

mod inspected;
mod log;

pub(crate) use inspected::{begins, inspect};

use std::path::PathBuf;

use clap::Subcommand;
use entitle::{PublisherId, RecordId};
use serde_json::json;

use crate::answer::Answer;
use crate::exit::Failure;
use crate::seal::OutputOptions;
use crate::text::name;
use crate::timeless::Timeless;
use line::{Beginning, FORMAT};
use options::BookOption;

/// Keep the deal book: everything that the publisher signed.
///
/// With a book, `seal`, `revoke`, `ticket` and `key certify` write what they sign to it before they hand
/// it out; `entitle deal list` and the other commands of `deal` read it. Each entry names the hash of the
/// one before, so that an edited, thinned out or reordered book is noticed.
#[derive(Debug, Subcommand)]
pub(crate) enum BookCommand {
    /// Make a deal book, readable by you only (mode 600).
    ///
    /// `entitle book new fabrikam.book --publisher fabrikam`, then `export ENTITLE_BOOK=fabrikam.book`
    New {
        /// The file for the book.
        file: PathBuf,
        /// The publisher, as in the catalog.
        #[arg(long, value_name = "ID")]
        publisher: PublisherId,
        #[command(flatten)]
        time: Timeless,
    },
    /// List the entries: when, by whom, and what was signed.
    ///
    /// `entitle book log --last 10`
    #[command(mut_arg("at", |at| at.help(log::OF_ALL_INSTANTS)))]
    Log {
        #[command(flatten)]
        book: BookOption,
        /// Only this many of the latest entries.
        #[arg(long, value_name = "ENTRIES", value_parser = crate::number::parse::<usize>)]
        last: Option<usize>,
        #[command(flatten)]
        time: Timeless,
    },
    /// Hand out a document of the book once more, by the number of its entry.
    ///
    /// `entitle book document 5 -o contoso.license`
    Document {
        /// The number of the entry, as `entitle book log` shows it.
        #[arg(value_parser = crate::number::parse::<u64>)]
        number: u64,
        #[command(flatten)]
        book: BookOption,
        #[command(flatten)]
        to: OutputOptions,
        #[command(flatten)]
        time: Timeless,
    },
}

impl BookCommand {
    pub(crate) fn run(&self) -> Result<Answer, Failure> {
        match self {
            Self::New { file, publisher, .. } => {
                let id = RecordId::from_random(crate::random::id()?);
                let beginning = Beginning { book: FORMAT.to_string(), publisher: publisher.clone(), id };
                let line = serde_json::to_string(&beginning);
                file::create(file, &line.map_err(|error| Failure::unwritten("cli.unwritten", error))?)?;
                let answer = Answer::new(json!({ "file": file.to_string_lossy(), "publisher": publisher, "id": id }));
                Ok(answer.escaped_line(format_args!(
                    "{}: the deal book of `{publisher}`, readable by you only.",
                    name(file)
                )))
            }
            Self::Log { book, last, .. } => Ok(log::log(&book.read()?, *last)),
            Self::Document { number, book, to, .. } => log::document(&book.read()?, *number, to),
        }
    }
}
