//! A place in the file of a record, and the lines that others wrote after it.

use std::path::Path;

use entitle::Entry;
use entitle::record::{EntryHash, Head, LedgerFault};

use super::contents::{Contents, bytes};
use super::error::{Damage, DamageKind, FileError};
use super::open::OpenFile;

/// The end of what was read of a file: the head of the record there, and the place of its line.
///
/// The line is read again and compared before anything after it is believed, so that a file that
/// was replaced or cut by others is noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) head: Head,
    line_start: u64,
    /// The length of everything up to the head, in bytes.
    pub(crate) end: u64,
}

/// What follows a mark.
#[derive(Debug)]
pub(crate) struct Fresh {
    /// The entries that continue the record.
    pub(crate) entries: Vec<Entry>,
    /// The mark after them.
    pub(crate) mark: Mark,
    /// The length of an interrupted last line, in bytes.
    pub(crate) torn: u64,
    /// What is wrong with the line after them, if anything is.
    pub(crate) damage: Option<Damage>,
}

/// Why nothing was read after a mark.
#[derive(Debug)]
pub(crate) enum FreshError {
    File(FileError),
    /// The file does not have the line of the mark at its place.
    OtherFile,
}

impl From<FileError> for FreshError {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

impl Mark {
    /// Returns the mark at the end of the valid lines of a text.
    pub(crate) fn at_end_of(valid: &str, head: Head) -> Self {
        let line_start = valid.strip_suffix('\n').and_then(|lines| lines.rfind('\n'));
        Self { head, line_start: bytes(line_start.map_or(0, |at| at.saturating_add(1))), end: bytes(valid.len()) }
    }

    /// Returns the mark after a line that was appended.
    pub(crate) fn after(self, line: &str, head: Head) -> Self {
        self.after_bytes(bytes(line.len()), head)
    }

    /// Returns the mark after a line of this length.
    pub(crate) fn after_bytes(self, length: u64, head: Head) -> Self {
        Self { head, line_start: self.end, end: self.end.saturating_add(length) }
    }

    /// Reads what follows the mark. `O(n)` in the length of it.
    pub(crate) fn read(self, path: &Path, file: &mut OpenFile) -> Result<Fresh, FreshError> {
        let Contents { text, torn, is_cut_short, .. } = Contents::read(path, file, self.line_start)?;
        let mut lines = text.split_inclusive('\n');
        let line = lines.next().and_then(|line| line.strip_suffix('\n'));
        if line.map(EntryHash::of) != Some(self.head.hash()) {
            return Err(FreshError::OtherFile);
        }
        let mut fresh = Fresh { entries: Vec::new(), mark: self, torn, damage: None };
        for line in lines {
            let entry = line.strip_suffix('\n').ok_or(LedgerFault::Cut).and_then(|line| Ok(Entry::read(line)?));
            let entry = entry.and_then(|entry| Ok(fresh.mark.head.continued_by(&entry).map(|()| entry)?));
            match entry {
                Ok(entry) => {
                    fresh.mark = fresh.mark.after(line, entry.head());
                    fresh.entries.push(entry);
                }
                Err(fault) => {
                    fresh.damage = Some(fresh.damage(path, DamageKind::Fault(Box::new(fault))));
                    return Ok(fresh);
                }
            }
        }
        if is_cut_short {
            fresh.damage = Some(fresh.damage(path, DamageKind::NotText));
        }
        Ok(fresh)
    }
}

impl Fresh {
    fn damage(&self, path: &Path, kind: DamageKind) -> Damage {
        // The first line is the beginning, whose number is 0.
        let line = usize::try_from(self.mark.head.number()).unwrap_or(usize::MAX).saturating_add(2);
        Damage { path: path.to_path_buf(), line, kind }
    }
}
