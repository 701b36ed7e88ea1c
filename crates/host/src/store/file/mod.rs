//! Records in files of one folder.

mod index;

mod name;

mod recent;

use core::time::Duration;
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use entitle::record::{Beginning, Head, LedgerFault};
use entitle::{Entry, RequestId, TenantId};

use super::{Appended, Change, Cursor, Page, Position, Store, StoreError, page_of};
use crate::file::replace::replace;
use crate::file::{self, Damage, DamageKind, FileError, KeptFiles, OpenFile, append, disk, lock, open, with_ending};
use index::Index;
use name::NamedTenant;
use recent::RecentFiles;

/// More bytes than any beginning of a record has: an id has at most 300 characters.
const LONGEST_BEGINNING: u64 = 16 * 1024;

/// How long a call waits for another process that writes the same record.
const WAIT: Duration = Duration::from_secs(5);

/// The ending of a snapshot's name, another than that of [`Local`](crate::Local), which has no number
/// before it; and that of one that is being written.
const SNAPSHOT: &str = ".numbered-snapshot";
const SNAPSHOT_DRAFT: &str = ".numbered-snapshot.new";

/// Records in files of one folder, one for each tenant, as [`Local`](crate::Local) has them: for a
/// server that needs no database. Several processes may use the folder.
///
/// It keeps in memory where the entries of each record that was used are: 72 bytes an entry.
#[derive(Debug)]
pub struct FileStore {
    folder: PathBuf,
    indexes: Mutex<HashMap<TenantId, Arc<Mutex<Option<Index>>>>>,
    recent: RecentFiles,
}

impl FileStore {
    /// Returns the store of a folder, which is made where nothing is at the path.
    ///
    /// # Errors
    ///
    /// [`StoreError::OtherApplication`] if something else is at the path, [`StoreError::Failed`] if the
    /// folder that it is to be in does not exist, and [`StoreError::ReadOnly`] if it may not be made.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let folder = folder.into();
        match fs::create_dir(&folder) {
            Ok(()) => {}
            Err(_) if folder.is_dir() => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let detail = format!("`{}` is not a folder", folder.display());
                return Err(StoreError::OtherApplication { detail });
            }
            Err(error) => return Err(FileError::writing(&folder, error).into()),
        }
        Ok(Self { folder, indexes: Mutex::default(), recent: RecentFiles::default() })
    }

    /// Returns the path of the record of a tenant, whether there is one or not.
    #[must_use]
    pub fn path(&self, tenant: &TenantId) -> PathBuf {
        self.folder.join(name::file_name(tenant))
    }

    /// Does something with the record of a tenant as it is now, under its lock; `None` if there is
    /// no record.
    fn with<T>(
        &self,
        tenant: &TenantId,
        act: impl FnOnce(&Path, &mut OpenFile, &mut Index) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let path = self.path(tenant);
        let index = {
            let mut indexes = self.indexes.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(indexes.entry(tenant.clone()).or_default())
        };
        let mut index = index.lock().unwrap_or_else(PoisonError::into_inner);
        let mut files = self.recent.take(tenant);
        let lock = lock(&mut files, &path, WAIT)?;
        let mut record = match files.record.take(&path, open::existing_for_writing) {
            Ok(record) => record,
            Err(FileError::NotThere { .. }) => {
                *index = None;
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        };
        match &mut *index {
            Some(index) => index.catch_up(&path, &mut record)?,
            None => *index = Index::read(&path, &mut record, tenant)?,
        }
        let done = index.as_mut().map(|index| act(&path, &mut record, index)).transpose()?;
        files.record.keep(record);
        lock.end(&mut files);
        self.recent.keep(tenant, files);
        Ok(done)
    }

    fn read_lines(path: &Path, file: &mut File, (start, end): (u64, u64)) -> Result<String, StoreError> {
        let unreadable = |error| StoreError::from(FileError::reading(path, error));
        let mut text = String::new();
        file.seek(SeekFrom::Start(start)).map_err(unreadable)?;
        file.take(end.saturating_sub(start)).read_to_string(&mut text).map_err(unreadable)?;
        Ok(text)
    }
}

/// Returns the answer to reading on at a line that cannot be read.
fn unreadable(head: Head, damage: &Damage) -> Result<Page, StoreError> {
    match &damage.kind {
        DamageKind::Fault(fault) => match &**fault {
            LedgerFault::Entry(error) => {
                Ok(Page::Unreadable { number: head.number().saturating_add(1), error: error.clone() })
            }
            _ => Err(StoreError::Damaged { detail: damage.to_string() }),
        },
        DamageKind::NotText => Err(StoreError::Damaged { detail: damage.to_string() }),
    }
}

/// Returns the tenant whose record is begun in a file; `None` if its beginning cannot be read.
fn begun_in(path: &Path) -> Option<TenantId> {
    let file = open::for_reading(path).ok()?.file;
    let mut line = String::new();
    BufReader::new(file.take(LONGEST_BEGINNING)).read_line(&mut line).ok()?;
    let beginning = Beginning::read(line.trim_end_matches('\n')).ok()?;
    Some(beginning.tenant().clone())
}

/// Returns the number of the entry that a snapshot was made after; `None` without a snapshot.
fn saved_number(snapshot: &Path) -> Option<u64> {
    let mut number = [0; 8];
    open::for_reading(snapshot).ok()?.file.read_exact(&mut number).ok()?;
    Some(u64::from_le_bytes(number))
}

impl Store for FileStore {
    fn begin(&self, beginning: &Beginning) -> Result<Beginning, StoreError> {
        let stored = self.with(beginning.tenant(), |_, _, index| Ok(index.beginning.clone()))?;
        let path = self.path(beginning.tenant());
        let failed = |error| StoreError::from(FileError::writing(&path, error));
        if let Some(stored) = stored {
            // Who made the file may have been stopped before its name was on disk.
            disk::sync_folder(&path).map_err(failed)?;
            return Ok(stored);
        }
        let lock = lock(&mut KeptFiles::default(), &path, WAIT)?;
        let mut file = open::for_writing(&path)?;
        // Another process may have begun it since.
        if Index::read(&path, &mut file, beginning.tenant())?.is_none() {
            file.file.set_len(0).map_err(failed)?;
            match append(&mut file.file, 0, &format!("{}\n", beginning.text())) {
                file::Appended::Stored => disk::sync_folder(&path).map_err(failed)?,
                file::Appended::NotStored(error) | file::Appended::Unknown(error) => return Err(failed(error)),
            }
        }
        drop(lock);
        let stored = self.with(beginning.tenant(), |_, _, index| Ok(index.beginning.clone()))?;
        stored.ok_or_else(|| StoreError::Damaged { detail: format!("`{}` was removed", path.display()) })
    }

    fn beginning(&self, tenant: &TenantId) -> Result<Option<Beginning>, StoreError> {
        let path = self.path(tenant);
        match path.try_exists() {
            // It gets no lock and no index by being asked for.
            Ok(false) => Ok(None),
            Ok(true) => self.with(tenant, |_, _, index| Ok(index.beginning.clone())),
            Err(error) => Err(FileError::reading(&path, error).into()),
        }
    }

    fn tenants(&self, after: Option<&TenantId>, max: usize) -> Result<Vec<TenantId>, StoreError> {
        let unreadable = |error| StoreError::from(FileError::reading(&self.folder, error));
        let mut found = Vec::new();
        for file in fs::read_dir(&self.folder).map_err(unreadable)? {
            let file = file.map_err(unreadable)?;
            match file.file_name().to_str().and_then(name::tenant_of) {
                Some(NamedTenant::Whole(tenant)) => found.push(tenant),
                // Whose beginning cannot be read hides no other.
                Some(NamedTenant::Cut) => found.extend(begun_in(&file.path())),
                None => {}
            }
        }
        Ok(page_of(found, after, max))
    }

    fn read(&self, tenant: &TenantId, after: Position, max: usize) -> Result<Page, StoreError> {
        let page = self.with(tenant, |path, file, index| {
            if !index.contains(after.head) {
                return Ok(Page::Forked);
            }
            match &index.damage {
                Some(damage) if index.mark.head == after.head => return unreadable(after.head, damage),
                _ => {}
            }
            let text = Self::read_lines(path, &mut file.file, index.lines_after(after.head, max))?;
            let entries: Result<Vec<Entry>, _> = text.lines().map(Entry::read).collect();
            // They were read when they were indexed.
            let entries = entries.map_err(|error| StoreError::Damaged { detail: error.to_string() })?;
            let head = entries.last().map_or(after.head, Entry::head);
            Ok(Page::Entries {
                entries,
                position: Position::of(head),
                has_more: head != index.mark.head || index.damage.is_some(),
            })
        });
        Ok(page?.unwrap_or(Page::Forked))
    }

    fn append(&self, tenant: &TenantId, after: Position, entries: &[Entry]) -> Appended {
        let appended = self.with(tenant, |path, file, index| {
            if !index.contains(after.head) {
                return Ok(Appended::Forked);
            }
            let stored = entries.iter().map(Entry::request).find(|request| index.find(*request).is_some());
            if let Some(request) = stored {
                return Ok(Appended::AlreadyStored(request));
            }
            if index.mark.head != after.head {
                return Ok(Appended::Conflict);
            }
            if let Some(damage) = &index.damage {
                return Err(StoreError::Damaged { detail: damage.to_string() });
            }
            let lines: String = entries.iter().flat_map(|entry| [entry.text(), "\n"]).collect();
            Ok(match append(&mut file.file, index.mark.end, &lines) {
                file::Appended::Stored => {
                    index.added(entries);
                    Appended::Stored(Cursor::default())
                }
                file::Appended::NotStored(error) => Appended::NotStored(FileError::writing(path, error).into()),
                file::Appended::Unknown(error) => Appended::Unknown(FileError::writing(path, error).into()),
            })
        });
        match appended {
            Ok(appended) => appended.unwrap_or(Appended::Forked),
            // Nothing is written before the record is locked and read.
            Err(error) => Appended::NotStored(error),
        }
    }

    fn find(&self, tenant: &TenantId, request: RequestId) -> Result<Option<u64>, StoreError> {
        Ok(self.with(tenant, |_, _, index| Ok(index.find(request)))?.flatten())
    }

    fn changed(&self, known: &[(TenantId, Head)]) -> Result<Vec<(TenantId, Change)>, StoreError> {
        let mut changed = Vec::new();
        for (tenant, head) in known {
            let change = self.with(tenant, |_, _, index| {
                let is_longer = index.contains(*head);
                let change = if is_longer { Change::Longer } else { Change::Forked };
                Ok((index.mark.head != *head).then_some(change))
            });
            let change = match change {
                Ok(change) => change.unwrap_or(Some(Change::Forked)),
                // One file that cannot be read does not hide the others: who reads it gets the error.
                Err(_) => Some(Change::Longer),
            };
            changed.extend(change.map(|change| (tenant.clone(), change)));
        }
        Ok(changed)
    }

    fn load_snapshot(&self, tenant: &TenantId) -> Result<Option<Vec<u8>>, StoreError> {
        let path = with_ending(&self.path(tenant), SNAPSHOT);
        match open::for_reading(&path) {
            Ok(mut file) => {
                let bytes = file::read_bytes(&path, &mut file, 0)?;
                // The first eight bytes are the number of the entry that it was made after.
                Ok(bytes.get(8..).map(<[u8]>::to_vec))
            }
            Err(FileError::NotThere { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn save_snapshot(&self, tenant: &TenantId, head: Head, snapshot: &[u8]) -> Result<(), StoreError> {
        let record = self.path(tenant);
        let (path, draft) = (with_ending(&record, SNAPSHOT), with_ending(&record, SNAPSHOT_DRAFT));
        let _lock = lock(&mut KeptFiles::default(), &record, WAIT)?;
        if saved_number(&path).is_some_and(|saved| saved > head.number()) {
            return Ok(());
        }
        // It is a cache: after a power failure it may be missing or damaged, and is ignored then.
        let written = replace(&path, &draft, &[&head.number().to_le_bytes(), snapshot], &record, |_| Ok(()));
        written.map_err(|error| FileError::writing(&path, error).into())
    }
}
