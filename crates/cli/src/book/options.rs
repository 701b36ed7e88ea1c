//! Where the deal book is, and who writes to it.

use core::time::Duration;
use std::ffi::OsString;
use std::path::Path;

use clap::Args;
use clap::builder::OsStringValueParser;
use entitle::id::Label;

use super::file::{BookFile, Locked};
use crate::exit::Failure;

/// The environment variable that names the book.
pub(crate) const BOOK: &str = "ENTITLE_BOOK";

/// The environment variable that names who writes.
pub(crate) const AS: &str = "ENTITLE_AS";

/// Where the deal book is.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct BookOption {
    /// The deal book.
    ///
    /// It has everything that the publisher signed; `entitle book new` makes one.
    #[arg(long, value_name = "FILE", env = BOOK, hide_env_values = true, value_parser = OsStringValueParser::new())]
    book: Option<OsString>,
}

/// Where the deal book is, for commands that write to it.
#[derive(Debug, Clone, Args)]
pub(crate) struct WriteOptions {
    #[command(flatten)]
    pub(crate) book: BookOption,
    /// Who signs, for the book [default: the user in USER or LOGNAME].
    #[arg(long = "as", value_name = "NAME", env = AS, hide_env_values = true, hide_short_help = true)]
    name: Option<Label>,
    /// Seconds to wait for another command that writes to the book.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, hide_short_help = true, value_parser = crate::number::parse::<u32>)]
    wait: u32,
}

impl BookOption {
    /// Returns the path of the book, if one is configured.
    pub(crate) fn path(&self) -> Option<&Path> {
        // An empty variable is no path: `ENTITLE_BOOK= entitle seal …` signs without the book.
        self.book.as_deref().map(Path::new).filter(|path| !path.as_os_str().is_empty())
    }

    /// Returns the path of the book.
    pub(crate) fn required(&self) -> Result<&Path, Failure> {
        self.path().ok_or_else(|| {
            Failure::usage("cli.missing", "--book is missing").help(format_args!(
                "`entitle book new` makes a deal book; name it once for all commands by `export {BOOK}=FILE`"
            ))
        })
    }

    /// Reads the book without a lock.
    pub(crate) fn read(&self) -> Result<BookFile, Failure> {
        BookFile::read(self.required()?)
    }
}

impl WriteOptions {
    /// Locks the book and reads it, if one is configured.
    pub(crate) fn lock(&self) -> Result<Option<Locked>, Failure> {
        self.book.path().map(|path| BookFile::lock(path, self.name()?, self.wait())).transpose()
    }

    /// Locks the book and reads it.
    pub(crate) fn lock_required(&self) -> Result<Locked, Failure> {
        BookFile::lock(self.book.required()?, self.name()?, self.wait())
    }

    fn wait(&self) -> Duration {
        Duration::from_secs(self.wait.into())
    }

    /// Returns who writes: the name that is given, or the name of the user in the environment.
    fn name(&self) -> Result<Label, Failure> {
        if let Some(name) = &self.name {
            return Ok(name.clone());
        }
        let mut named = ["USER", "LOGNAME", "USERNAME"].into_iter().filter_map(|name| std::env::var(name).ok());
        named.find_map(|name| name.parse().ok()).ok_or_else(|| {
            Failure::usage("cli.missing", "--as is missing, and neither USER nor LOGNAME names the user").help(
                format_args!(
                    "the book records who signs: name them by --as, or once for all commands by `export {AS}=NAME`"
                ),
            )
        })
    }
}
