//! The book that a command of the desk reads, and the keys that the customers' application trusts.

use clap::Args;
use entitle::chrono::{DateTime, Utc};

use super::view::View;
use crate::book::file::BookFile;
use crate::book::options::BookOption;
use crate::exit::Failure;
use crate::named_keys::NamedKeys;

/// The environment variable that names trusted keys.
pub(crate) const TRUST: &str = "ENTITLE_TRUST";

/// The book, and the keys that the customers' application trusts.
#[derive(Debug, Args)]
pub(super) struct DeskOptions {
    #[command(flatten)]
    book: BookOption,
    /// A public key that the application trusts.
    ///
    /// As KEY or KEY=PURPOSES, with commas: licenses, anyone (licenses for anyone), lists, tickets, certificates [default:
    /// licenses,anyone]. A list counts where its key is trusted for lists:
    /// `--trust fabrikam.pub --trust lists.pub=lists`, or with one key for both
    /// `--trust fabrikam.pub=licenses,anyone,lists`. Can be repeated, or given once for all by
    /// `export ENTITLE_TRUST=fabrikam.pub:lists.pub=lists`. Without it, each key of the book counts for what it
    /// signed.
    #[arg(long, value_name = "KEY")]
    trust: Vec<String>,
}

impl DeskOptions {
    /// Reads the book without a lock.
    pub(super) fn read(&self) -> Result<BookFile, Failure> {
        self.book.read()
    }

    /// Returns the deals of a book as they were at an instant, where the application trusts these keys.
    pub(super) fn view<'a>(&self, book: &'a BookFile, at: DateTime<Utc>) -> Result<View<'a>, Failure> {
        Ok(View::new(book, at, self.named()?))
    }

    /// Returns the keys of the application, if they are named.
    fn named(&self) -> Result<Option<NamedKeys>, Failure> {
        let named = if self.trust.is_empty() { from_environment() } else { self.trust.clone() };
        if named.is_empty() { Ok(None) } else { NamedKeys::read(&named).map(Some) }
    }
}

/// Returns the keys in the environment, which are separated as the folders of `PATH` are.
fn from_environment() -> Vec<String> {
    let named = std::env::var_os(TRUST).unwrap_or_default();
    let words = std::env::split_paths(&named).map(|word| word.to_string_lossy().into_owned());
    words.filter(|word| !word.is_empty()).collect()
}
