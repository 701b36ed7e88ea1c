//! The book as a file: read as far as it is whole, and appended to under a lock, on disk before a command
//! reports success.

use core::time::Duration;
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use entitle::chrono::{DateTime, Utc};
use entitle::id::Label;
use entitle::{PublicKey, Token};

use super::content::{Content, Document};
use super::line::{EntryLine, hash};
use super::problem::Problem;
use crate::exit::Failure;
use crate::file_lock;
use crate::files::{self, Secrecy};
use crate::instant::Instant;
use crate::text::name;

/// The longest book in bytes: half a million licenses of ordinary length.
const MAX_BOOK: u64 = 1024 * 1024 * 1024;

/// A book that was read.
#[derive(Debug)]
pub(crate) struct BookFile {
    path: PathBuf,
    content: Content,
    /// The length of the entries in bytes, without an incomplete last line.
    valid_bytes: u64,
    /// What follows the complete lines.
    tail: Tail,
}

/// What follows the last line feed of a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tail {
    Nothing,
    /// An entry that continues the book, and lacks its line feed alone: an editor or a copy took it away.
    /// It counts, since it may have been acknowledged.
    EntryWithoutLineFeed,
    /// The length in bytes of an incomplete line, whose writing was interrupted.
    Torn(u64),
}

/// A book that this command alone may write to.
#[derive(Debug)]
pub(crate) struct Locked {
    book: BookFile,
    by: Label,
    _lock: File,
}

/// What became of a document that was to be written.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    /// The document in the book, which may be signed earlier.
    pub(crate) token: Token,
    /// The number of its entry.
    pub(crate) number: u64,
    /// Whether it was written now.
    pub(crate) is_new: bool,
}

impl BookFile {
    /// Reads a book. An incomplete last line was never acknowledged, and is ignored; one that lacks its line
    /// feed alone is an entry.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let bytes = files::read_regular(path, MAX_BOOK).map_err(|failure| no_book(path, failure))?;
        let length = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last.saturating_add(1));
        let (lines, torn) = bytes.split_at(length);
        let text = core::str::from_utf8(lines).map_err(|_| not_a_book(path, "it is not text in UTF-8"))?;
        files::refuse_secret(path, text)?;
        let mut content = Content::read(path, text)?;
        let count = |bytes: &[u8]| u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let (path, valid_bytes) = (path.to_path_buf(), count(lines));
        let tail = match core::str::from_utf8(torn) {
            Ok("") => Tail::Nothing,
            Ok(line) if content.read_last(&path, line)? => {
                return Ok(Self { path, content, valid_bytes: count(&bytes), tail: Tail::EntryWithoutLineFeed });
            }
            Ok(_) | Err(_) => Tail::Torn(count(torn)),
        };
        Ok(Self { path, content, valid_bytes, tail })
    }

    /// Waits for the lock on a book, and reads it.
    pub(crate) fn lock(path: &Path, by: Label, wait: Duration) -> Result<Locked, Failure> {
        // The lock is made beside a book that is there only.
        path.metadata().map_err(|error| no_book(path, files::cannot_read(path, &error)))?;
        let lock = file_lock::lock(path, wait, "wait until it has ended: its signer may be asking somebody")?;
        Ok(Locked { book: Self::read(path)?, by, _lock: lock })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn content(&self) -> &Content {
        &self.content
    }

    /// Returns what became of an incomplete last line.
    pub(crate) fn notes(&self) -> Vec<String> {
        let line = format!("{}: ignored an incomplete last line, which was never acknowledged", name(&self.path));
        if matches!(self.tail, Tail::Torn(_)) { vec![line] } else { Vec::new() }
    }
}

impl Locked {
    pub(crate) fn book(&self) -> &BookFile {
        &self.book
    }

    pub(crate) fn content(&self) -> &Content {
        &self.book.content
    }

    pub(crate) fn path(&self) -> &Path {
        &self.book.path
    }

    /// Writes a document that a key of the publisher signed. It is on disk when this returns. One that is
    /// in the book already is not written again.
    pub(crate) fn write(&mut self, token: Token, key: &PublicKey, now: DateTime<Utc>) -> Result<Written, Failure> {
        let written = self.write_all(vec![(token, None)], &[*key], now)?;
        written.into_iter().next().ok_or_else(|| Failure::unwritten("cli.unwritten", "nothing was written"))
    }

    /// Writes documents that keys of the publisher signed, all or none. Keys that are new to the book
    /// precede them. A failure names the file of its document.
    pub(crate) fn write_all(
        &mut self,
        tokens: Vec<(Token, Option<&Path>)>,
        keys: &[PublicKey],
        now: DateTime<Utc>,
    ) -> Result<Vec<Written>, Failure> {
        let path = self.book.path.clone();
        let (mut content, mut lines) = (self.book.content.clone(), String::new());
        let mut add = |content: &mut Content, key: Option<PublicKey>, document: Option<Token>| {
            let (number, previous) = (content.entries().saturating_add(1), content.head());
            let line = EntryLine { number, previous, at: Instant(now), by: self.by.clone(), key, document };
            let text = serde_json::to_string(&line).map_err(|error| Failure::unwritten("cli.unwritten", error))?;
            content.add(&line, hash(&text)).map_err(|problem| problem.failure(&path, None))?;
            lines.push_str(&text);
            lines.push('\n');
            Ok::<u64, Failure>(number)
        };
        let mut written = Vec::with_capacity(tokens.len());
        let new_keys: Vec<PublicKey> = keys.iter().filter(|key| !content.has_key(key)).copied().collect();
        for key in new_keys {
            add(&mut content, Some(key), None)?;
        }
        for (token, file) in tokens {
            let failure = |problem: Problem| {
                let failure = problem.failure(&path, None);
                if let Some(file) = file { failure.of_file(file) } else { failure }
            };
            let known = content.verify(&token).and_then(|document| content.find(&document)).map_err(failure)?;
            if let Some((token, number)) = known {
                written.push(Written { token, number, is_new: false });
            } else {
                let number = add(&mut content, None, Some(token.clone()))?;
                written.push(Written { token, number, is_new: true });
            }
        }
        if written.iter().any(|each| each.is_new) {
            self.append(&lines)?;
            self.book.content = content;
        }
        Ok(written)
    }

    /// Returns the license, list, ticket or certificate that a token is under the keys of the book.
    pub(crate) fn verify(&self, token: &Token) -> Result<Document, Failure> {
        self.book.content.verify(token).map_err(|problem| problem.failure(&self.book.path, None))
    }

    /// Appends lines with a single write, and returns when they are on disk. An incomplete last line is
    /// removed first; an entry that lacks its line feed gets it.
    fn append(&mut self, lines: &str) -> Result<(), Failure> {
        let (path, length) = (&self.book.path, self.book.valid_bytes);
        let (missing, torn) = match self.book.tail {
            Tail::Nothing => ("", 0),
            Tail::EntryWithoutLineFeed => ("\n", 0),
            Tail::Torn(bytes) => ("", bytes),
        };
        let lines = format!("{missing}{lines}");
        let added = u64::try_from(lines.len()).unwrap_or(u64::MAX);
        if length.saturating_add(added) > MAX_BOOK {
            return Err(files::too_long(path, MAX_BOOK));
        }
        let written = write(path, length, torn, lines.as_bytes());
        written.map_err(|error| files::cannot_write(path, &error).help("nothing was signed for anybody: try again"))?;
        self.book.valid_bytes = length.saturating_add(added);
        self.book.tail = Tail::Nothing;
        Ok(())
    }
}

/// Appends to a file of this length, which has torn bytes behind it.
fn write(path: &Path, length: u64, torn: u64, lines: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).open(path)?;
    files::require_regular(&file.metadata()?)?;
    if torn > 0 {
        file.set_len(length)?;
    }
    if file.metadata()?.len() != length {
        return Err(io::Error::other("another program changed it meanwhile"));
    }
    let written = match file.write(lines) {
        Ok(written) if written == lines.len() => file.sync_all(),
        Ok(_) => Err(ErrorKind::StorageFull.into()),
        Err(error) => Err(error),
    };
    written.inspect_err(|_| _ = file.set_len(length).and_then(|()| file.sync_all()))
}

/// Makes a book with this first line, and syncs it to disk. A file that is there is not overwritten.
pub(crate) fn create(path: &Path, line: &str) -> Result<(), Failure> {
    files::write_new(path, &format!("{line}\n"), Secrecy::Secret)
}

/// Returns the failure; where the path has no file, with the command that makes a book.
fn no_book(path: &Path, failure: Failure) -> Failure {
    if path.exists() {
        return failure;
    }
    Failure::unreadable("cli.no-book", format!("there is no deal book at {}", name(path)))
        .help("check the path; `entitle book new` makes a book")
}

/// The error for a file that is not a book.
pub(crate) fn not_a_book(path: &Path, why: &str) -> Failure {
    Failure::unreadable("cli.not-a-book", format!("{} is not a deal book: {why}", name(path)))
        .help("give the file that `entitle book new` made")
}
