//! Where the entries of a record are in its file.

use std::collections::HashMap;
use std::path::Path;

use entitle::record::{Beginning, EntryHash, Head};
use entitle::{Entry, RequestId, TenantId};

use crate::file::{Contents, Damage, Fresh, FreshError, Mark, OpenFile, bytes};
use crate::store::{StoreError, require_tenant};

/// The entries of a record as far as its file was read: 72 bytes an entry.
#[derive(Debug)]
pub(super) struct Index {
    pub(super) beginning: Beginning,
    /// Of each entry its hash, and where its line begins.
    entries: Vec<(EntryHash, u64)>,
    requests: HashMap<RequestId, u64>,
    pub(super) mark: Mark,
    /// What is wrong with the line after the mark, if anything is.
    pub(super) damage: Option<Damage>,
}

impl Index {
    /// Returns the index of a record of which only the first line was read.
    pub(super) fn new(beginning: Beginning) -> Self {
        let line = format!("{}\n", beginning.text());
        let mark = Mark::at_end_of(&line, beginning.head());
        Self { beginning, entries: Vec::new(), requests: HashMap::new(), mark, damage: None }
    }

    /// Reads the first line of a tenant's file, and where the entries are; `None` if no record was
    /// begun. `O(n)` in the file.
    pub(super) fn read(path: &Path, file: &mut OpenFile, tenant: &TenantId) -> Result<Option<Self>, StoreError> {
        let contents = Contents::read(path, file, 0)?;
        if contents.is_not_begun() {
            return Ok(None);
        }
        let first = contents.text.lines().next().unwrap_or_default();
        let beginning = Beginning::read(first)
            .map_err(|error| StoreError::OtherApplication { detail: format!("`{}`: {error}", path.display()) })?;
        require_tenant(&beginning, tenant)?;
        let mut index = Self::new(beginning);
        index.catch_up(path, file)?;
        Ok(Some(index))
    }

    /// Reads what others appended, and removes a line whose writing was interrupted. The record is
    /// locked.
    pub(super) fn catch_up(&mut self, path: &Path, file: &mut OpenFile) -> Result<(), StoreError> {
        let fresh = match self.mark.read(path, file) {
            Ok(fresh) => fresh,
            Err(FreshError::File(error)) => return Err(error.into()),
            // The file was replaced, by a backup for example: what is in it now counts.
            Err(FreshError::OtherFile) => return self.read_again(path, file),
        };
        let Fresh { entries, mark, torn, damage } = fresh;
        if !entries.is_empty() {
            // Who wrote them may have been stopped before they were on disk; here they count as stored.
            file.file.sync_data().map_err(|error| crate::file::FileError::writing(path, error))?;
        }
        let mut at = self.mark;
        for entry in &entries {
            let line = bytes(entry.text().len()).saturating_add(1);
            self.add(entry, at.end);
            at = at.after_bytes(line, entry.head());
        }
        self.mark = mark;
        self.damage = damage;
        if torn > 0 && self.damage.is_none() {
            let cut = file.file.set_len(mark.end).and_then(|()| file.file.sync_all());
            cut.map_err(|error| crate::file::FileError::writing(path, error))?;
        }
        Ok(())
    }

    fn read_again(&mut self, path: &Path, file: &mut OpenFile) -> Result<(), StoreError> {
        // A file that does not begin as it was read holds no record any more that could go on.
        let gone = || StoreError::Damaged { detail: format!("`{}` has no record any more", path.display()) };
        *self = Self::read(path, file, &self.beginning.tenant().clone())?.ok_or_else(gone)?;
        Ok(())
    }

    /// Adds an entry whose line begins at a place.
    fn add(&mut self, entry: &Entry, line_start: u64) {
        self.entries.push((entry.head().hash(), line_start));
        self.requests.insert(entry.request(), entry.number());
    }

    /// Adds entries that were appended.
    pub(super) fn added(&mut self, entries: &[Entry]) {
        for entry in entries {
            self.add(entry, self.mark.end);
            self.mark = self.mark.after_bytes(bytes(entry.text().len()).saturating_add(1), entry.head());
        }
    }

    pub(super) fn find(&self, request: RequestId) -> Option<u64> {
        self.requests.get(&request).copied()
    }

    /// Returns whether the record contains a head. `O(1)`.
    pub(super) fn contains(&self, head: Head) -> bool {
        let hash = match usize::try_from(head.number()) {
            Ok(0) => Some(self.beginning.head().hash()),
            Ok(number) => self.entries.get(number.saturating_sub(1)).map(|(hash, _)| *hash),
            Err(_) => None,
        };
        hash == Some(head.hash())
    }

    /// Returns where the lines of at most `max` entries after a head begin and end.
    pub(super) fn lines_after(&self, head: Head, max: usize) -> (u64, u64) {
        let start = |index: usize| self.entries.get(index).map_or(self.mark.end, |(_, start)| *start);
        let first = usize::try_from(head.number()).unwrap_or(usize::MAX);
        (start(first), start(first.saturating_add(max)))
    }
}
