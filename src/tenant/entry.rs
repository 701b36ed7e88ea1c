//! The entries of a record: each with its exact text and the hash of the entry before, so that two
//! histories of one record never mix (X7).
//!
//! ```text
//! {"ledger":"entitle.ledger.v1","tenant":"contoso","record":"…32 hexadecimal digits…"}
//! {"previous":"…hash of the line above…","request":"…32 hexadecimal digits…","event":{"number":1,…}}
//! ```

use alloc::boxed::Box;
use alloc::string::{String, ToString};

use serde::Serialize;
use thiserror::Error;

use crate::document::{Unreadable, object, read};
use crate::id::{RecordId, RequestId, TenantId, excerpt};
use crate::license::checkpoint::Checkpoint;
use crate::license::head::{EntryHash, Head};
use crate::message::{Value, messages};
use crate::tenant::command::Event;
use crate::token::MAX_TOKEN_BYTES;

/// The longest entry in bytes: the longest token in a list of its own, with 64 KiB for what
/// surrounds it (X8). A longer list of commands is refused: give fewer at once.
pub const MAX_ENTRY_BYTES: usize = MAX_TOKEN_BYTES + 64 * 1024;

/// The only format of a record.
const FORMAT: &str = "entitle.ledger.v1";

/// The beginning of a record, its entry 0: it names the tenant and the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beginning {
    tenant: TenantId,
    record: RecordId,
    text: String,
    hash: EntryHash,
}

/// An entry of a record: an event with its exact text, its hash, the hash of the entry before and
/// the request that it answers.
///
/// [`Tenant::decide`](crate::Tenant::decide) makes one, and [`Entry::read`] reads one. It cannot be
/// altered:
///
/// ```compile_fail,E0616
/// fn renumber(mut entry: entitle::Entry) { entry.event.number += 1; }
/// ```
///
/// nor constructed:
///
/// ```compile_fail,E0451
/// fn forge(entry: entitle::Entry) -> entitle::Entry {
///     entitle::Entry { text: "".into(), ..entry }
/// }
/// ```
///
/// A forged text is read as any other: an entry proves what it says and what it continues, not who
/// wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Without spare capacity: a host may hold a whole record.
    text: Box<str>,
    hash: EntryHash,
    previous: EntryHash,
    request: RequestId,
    event: Event,
}

/// Why a text is not an entry of a record.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EntryError {
    /// The text has more than [`MAX_ENTRY_BYTES`] bytes.
    TooLong {
        /// The length of the text in bytes.
        bytes: usize,
    },
    /// The text has a control character, such as a line feed.
    ControlCharacter {
        /// The place of the first one, counted in bytes from 0.
        at: usize,
    },
    /// The text is not the beginning of a record.
    NotABeginning {
        /// The column at which the parser stopped, counted in bytes from 1; 0 before the first character.
        column: usize,
        /// The parser's message.
        detail: String,
    },
    /// The beginning names a format that this release does not know.
    UnknownFormat {
        /// The format in the beginning.
        found: String,
    },
    /// The text is not an entry, or it has a command that this release does not know.
    NotAnEntry {
        /// The column at which the parser stopped, counted in bytes from 1; 0 before the first character.
        column: usize,
        /// The parser's message.
        detail: String,
    },
}

messages! {
    EntryError;
    Self::TooLong { bytes } => "entry.too-long",
        "the entry has {bytes} bytes: an entry has at most {max}, so give fewer commands at once",
        bytes, max = MAX_ENTRY_BYTES;
    Self::ControlCharacter { at } => "entry.control-character",
        "the entry has a control character at byte {at}: an entry is one line without any", at = Value::ordinal(at);
    Self::NotABeginning { column, .. } => "entry.not-a-beginning",
        "not the beginning of a record: it cannot be read at column {column}", column = Value::ordinal(column);
    Self::UnknownFormat { found } => "entry.unknown-format", "the format {found} is unknown: update the application",
        found;
    Self::NotAnEntry { column, .. } => "entry.not-an-entry",
        "not an entry of a record that this release knows: it cannot be read at column {column}", column = Value::ordinal(column);
}

/// The content of a beginning.
struct BeginningText {
    ledger: String,
    tenant: TenantId,
    record: RecordId,
}

/// The content of an entry, for reading.
struct EntryText {
    previous: EntryHash,
    request: RequestId,
    event: Event,
}

object! { BeginningText { ledger, tenant, record } }
object! { EntryText { previous, request, event } }

/// The content of an entry, for writing.
#[derive(Serialize)]
struct WrittenEntry<'a> {
    previous: EntryHash,
    request: RequestId,
    event: &'a Event,
}

impl Beginning {
    /// Returns the beginning of a new record of a tenant. The host chooses the record's id at
    /// random and stores the [`text`](Beginning::text) before anything else.
    #[must_use]
    pub fn new(tenant: TenantId, record: RecordId) -> Self {
        let quoted = serde_json::Value::from(tenant.as_str());
        let text = alloc::format!(r#"{{"ledger":"{FORMAT}","tenant":{quoted},"record":"{record}"}}"#);
        Self { hash: EntryHash::of(&text), tenant, record, text }
    }

    /// Reads the beginning of a record.
    ///
    /// # Errors
    ///
    /// [`EntryError`] for a text that is too long, has control characters, is not the beginning of a
    /// record, or is of a newer format.
    pub fn read(text: impl Into<String>) -> Result<Self, EntryError> {
        let text = line(text.into())?;
        let content: BeginningText =
            read(&text).map_err(|Unreadable { column, detail, .. }| EntryError::NotABeginning { column, detail })?;
        if content.ledger != FORMAT {
            return Err(EntryError::UnknownFormat { found: excerpt(&content.ledger) });
        }
        Ok(Self { hash: EntryHash::of(&text), tenant: content.tenant, record: content.record, text })
    }

    /// Returns the id of the tenant.
    #[must_use]
    pub fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// Returns the id of the record.
    #[must_use]
    pub fn record(&self) -> RecordId {
        self.record
    }

    /// Returns the exact text to store, without a line feed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the head of the record that was only begun.
    #[must_use]
    pub fn head(&self) -> Head {
        Head::new(0, self.hash)
    }

    /// Returns the checkpoint at the beginning of the record.
    #[must_use]
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint::new(self.record, self.head())
    }
}

impl Entry {
    /// Returns the entry of an event that continues a record.
    ///
    /// # Errors
    ///
    /// [`EntryError::TooLong`], and [`EntryError::NotAnEntry`] if the serializer fails.
    pub(crate) fn next(previous: EntryHash, request: RequestId, event: Event) -> Result<Self, EntryError> {
        let content = WrittenEntry { previous, request, event: &event };
        let text = serde_json::to_string(&content)
            .map_err(|error| EntryError::NotAnEntry { column: 0, detail: error.to_string() })?;
        if text.len() > MAX_ENTRY_BYTES {
            return Err(EntryError::TooLong { bytes: text.len() });
        }
        Ok(Self { hash: EntryHash::of(&text), text: text.into(), previous, request, event })
    }

    /// Reads an entry and hashes the text as it stands. `O(n)` in its length.
    ///
    /// Nothing in it is trusted: which record it continues is compared when it is applied, and its
    /// documents are verified then.
    ///
    /// # Errors
    ///
    /// [`EntryError`] for a text that is too long, has control characters, is not an entry, or has
    /// a command that this release does not know.
    pub fn read(text: impl Into<String>) -> Result<Self, EntryError> {
        let text = line(text.into())?;
        let content: EntryText =
            read(&text).map_err(|Unreadable { column, detail, .. }| EntryError::NotAnEntry { column, detail })?;
        let EntryText { previous, request, event } = content;
        Ok(Self { hash: EntryHash::of(&text), text: text.into(), previous, request, event })
    }

    /// Returns the exact text to store, without a line feed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the number of the entry, counted from 1.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.event.number
    }

    /// Returns the head of a record that ends with this entry.
    #[must_use]
    pub fn head(&self) -> Head {
        Head::new(self.event.number, self.hash)
    }

    /// Returns the hash of the entry that it continues.
    #[must_use]
    pub fn previous(&self) -> EntryHash {
        self.previous
    }

    /// Returns the request that the entry answers, by which a retry recognises its own write.
    #[must_use]
    pub fn request(&self) -> RequestId {
        self.request
    }

    /// Returns the event: the commands, their actor and their time.
    #[must_use]
    pub fn event(&self) -> &Event {
        &self.event
    }
}

/// Returns a text that is short enough and one line.
fn line(text: String) -> Result<String, EntryError> {
    if text.len() > MAX_ENTRY_BYTES {
        return Err(EntryError::TooLong { bytes: text.len() });
    }
    match text.bytes().position(|byte| byte < b' ') {
        Some(at) => Err(EntryError::ControlCharacter { at }),
        None => Ok(text),
    }
}

/// Why an entry does not come next in a tenant's record. Nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ApplyError {
    /// The entry's number is not the next one.
    OutOfSequence {
        /// The number of the entry.
        found: u64,
        /// The head of the record.
        head: Head,
    },
    /// The entry continues another record than this one: it was decided on another history, or an
    /// entry before it was edited, removed or moved.
    Forked {
        /// The number of the entry.
        found: u64,
        /// The hash of the entry that it continues.
        previous: EntryHash,
        /// The head of the record.
        head: Head,
    },
}

messages! {
    ApplyError;
    Self::OutOfSequence { found, head } => "apply.out-of-sequence",
        "entry {found} is out of sequence: the record ends with entry {number}", found, number = Value::ordinal(head.number());
    Self::Forked { found, previous, head } => "apply.forked",
        "entry {found} continues an entry {number} with the hash `{previous}`, but the hash here is `{hash}`: the record \
         has forked",
        found, number = Value::ordinal(head.number()), previous, hash = &head.hash();
}

impl Head {
    /// Checks that an entry continues a record with this head. `O(1)`.
    ///
    /// # Errors
    ///
    /// [`ApplyError`] for an entry that is not the next one, or that continues another record.
    pub fn continued_by(self, entry: &Entry) -> Result<(), ApplyError> {
        let found = entry.number();
        if self.number().checked_add(1) != Some(found) {
            return Err(ApplyError::OutOfSequence { found, head: self });
        }
        if entry.previous != self.hash() {
            return Err(ApplyError::Forked { found, previous: entry.previous, head: self });
        }
        Ok(())
    }
}
