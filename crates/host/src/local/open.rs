//! Opens or begins a record.

use core::time::Duration;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use entitle::record::{Beginning, Checkpoint, Ledger, SnapshotKey};
use entitle::{Actor, Catalog, KeyRing, Role, TenantId, UserId};

use super::error::OpenError;
use super::load::{Loaded, Source};
use super::{Local, snapshot};
use crate::file::{
    Appended, Contents, Damage, FileError, Lock, Recovery, append, bytes, disk, lock, open, with_ending,
};
use crate::random::record_id;

/// How long a call waits for another process that writes, unless the host sets it.
const WAIT: Duration = Duration::from_secs(2);

/// How much of a record is read without a snapshot, in bytes, unless the host sets it: about five
/// milliseconds.
const SNAPSHOT_EVERY: usize = 1024 * 1024;

/// Options of [`Local`], for hosts that differ from [`Local::open`].
#[derive(Debug, Clone)]
pub struct LocalOptions {
    pub(super) wait: Duration,
    pub(super) is_read_only: bool,
    pub(super) key: Option<SnapshotKey>,
    /// Who records the time.
    pub(super) clock: Option<Actor>,
    recovery: Recovery,
    snapshot_every: usize,
    checkpoint: Option<Checkpoint>,
}

/// What was found when a record was opened, and what was done about it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Opening {
    /// Whether there was no record and one was begun.
    pub is_new: bool,
    /// The length of a last line whose writing was interrupted, and which was removed, in bytes. It
    /// was never acknowledged.
    pub removed_bytes: u64,
    /// What was recovered from, by the host's choice.
    pub recovered: Option<Recovered>,
    /// The position of the snapshot from which the record was read, if there was one that counts.
    pub from_snapshot: Option<u64>,
}

/// A damage that a record was recovered from.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recovered {
    /// The first damaged line.
    pub damage: Damage,
    /// The file with what was removed from the record.
    pub removed: PathBuf,
    /// The length of what was removed, in bytes.
    pub bytes: u64,
}

impl Default for LocalOptions {
    fn default() -> Self {
        let host = "host".parse().ok();
        Self {
            wait: WAIT,
            is_read_only: false,
            key: None,
            clock: host.map(|user| Actor::new(user).with(Role::Host)),
            recovery: Recovery::Fail,
            snapshot_every: SNAPSHOT_EVERY,
            checkpoint: None,
        }
    }
}

impl LocalOptions {
    /// Returns the options that [`Local::open`] has.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how long a call waits for another process that writes: two seconds if not set.
    #[must_use]
    pub fn wait(self, wait: Duration) -> Self {
        Self { wait, ..self }
    }

    /// Opens the record for reading only: no file is made, changed or locked.
    #[must_use]
    pub fn read_only(self) -> Self {
        Self { is_read_only: true, ..self }
    }

    /// Sets what becomes of a damaged record.
    #[must_use]
    pub fn recovery(self, recovery: Recovery) -> Self {
        Self { recovery, ..self }
    }

    /// Sets the key of snapshots: only those made with it count (X11).
    #[must_use]
    pub fn snapshot_key(self, key: SnapshotKey) -> Self {
        Self { key: Some(key), ..self }
    }

    /// Sets how many bytes of a record may have been read entry by entry before a snapshot is
    /// written: 1 MiB if not set.
    #[must_use]
    pub fn snapshot_every(self, bytes: usize) -> Self {
        Self { snapshot_every: bytes, ..self }
    }

    /// Requires that the record contains a checkpoint that was kept elsewhere, so that one that was
    /// cut or rewritten is not opened (X7).
    #[must_use]
    pub fn checkpoint(self, checkpoint: Checkpoint) -> Self {
        Self { checkpoint: Some(checkpoint), ..self }
    }

    /// Sets the user in whose name the time is recorded: `host` if not set.
    #[must_use]
    pub fn host_user(self, user: UserId) -> Self {
        Self { clock: Some(Actor::new(user).with(Role::Host)), ..self }
    }

    /// Opens the record of a tenant, or begins it.
    ///
    /// # Errors
    ///
    /// As [`Local::open`].
    pub fn open(
        self,
        path: impl Into<PathBuf>,
        catalog: &Catalog,
        ring: &KeyRing,
        tenant: TenantId,
    ) -> Result<Local, OpenError> {
        let source = Source { catalog: catalog.clone(), ring: ring.clone(), tenant };
        let path = path.into();
        if self.is_read_only {
            let contents = Contents::read(&path, &mut open::for_reading(&path)?, 0)?;
            return self.load(path, source, &contents, Opening::default());
        }
        // A folder, say, is an error of its own, and gets no lock beside it.
        open::require_file_if_there(&path)?;
        match lock(&path, self.wait) {
            Ok(lock) => self.open_locked(path, source, &lock),
            Err(FileError::Locked { waited, .. }) => self.open_beside_writer(path, source, waited),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens a record that another process is writing: it is read as far as it is complete.
    fn open_beside_writer(self, path: PathBuf, source: Source, waited: Duration) -> Result<Local, OpenError> {
        let contents = match open::for_reading(&path) {
            Ok(mut file) => Contents::read(&path, &mut file, 0)?,
            Err(FileError::NotThere { path }) => return Err(FileError::Locked { path, waited }.into()),
            Err(error) => return Err(error.into()),
        };
        if contents.is_not_begun() {
            return Err(FileError::Locked { path, waited }.into());
        }
        self.load(path, source, &contents, Opening::default())
    }

    fn open_locked(self, path: PathBuf, source: Source, _lock: &Lock) -> Result<Local, OpenError> {
        let mut file = open::for_writing(&path)?;
        let mut contents = Contents::read(&path, &mut file, 0)?;
        let mut opening = Opening { removed_bytes: bytes(contents.torn.len()), ..Opening::default() };
        if contents.is_not_begun() {
            let beginning = Beginning::new(source.tenant.clone(), record_id()?);
            contents.text = begin(&path, &mut file, &beginning)?;
            contents.torn.clear();
            opening.is_new = true;
        } else {
            // Who wrote the record may have been stopped before its lines and its name were on disk.
            let synced = file.sync_data().and_then(|()| disk::sync_folder(&path));
            synced.map_err(|error| FileError::writing(&path, error))?;
        }
        let mut local = self.load(path, source, &contents, opening)?;
        // Nothing is changed before the record is known to be this tenant's.
        let (valid, damage) = (local.mark.end, local.damage.take());
        if let Some(damage) = damage {
            let (removed, lost) = keep_removed(&local.path, &mut file, valid)?;
            cut(&local.path, &file, valid)?;
            local.opening.removed_bytes = 0;
            local.opening.recovered = Some(Recovered { damage, removed, bytes: lost });
        } else if local.opening.removed_bytes > 0 {
            cut(&local.path, &file, valid)?;
        }
        if local.replayed >= local.options.snapshot_every {
            snapshot::write(&local.path, &local.tenant, local.options.key.as_ref());
        }
        Ok(local)
    }

    fn load(
        self,
        path: PathBuf,
        source: Source,
        contents: &Contents,
        mut opening: Opening,
    ) -> Result<Local, OpenError> {
        if contents.is_not_begun() {
            return Err(FileError::NotThere { path }.into());
        }
        if let Some(checkpoint) = &self.checkpoint {
            let ledger = Ledger::read(&source.tenant, &contents.text);
            ledger
                .and_then(|ledger| ledger.require(checkpoint))
                .map_err(|error| OpenError::LacksCheckpoint(Box::new(error)))?;
        }
        // A snapshot that anybody can make does not stand for a record that is compared.
        let snapshot = match (&self.checkpoint, &self.key) {
            (Some(_), None) => None,
            (_, key) => snapshot::read(&path, &source, key.as_ref()),
        };
        let Loaded { tenant, mark, replayed, from_snapshot, damage } = source.load(&path, contents, snapshot, &[])?;
        match damage {
            Some(damage) if self.recovery == Recovery::Fail || self.is_read_only => {
                Err(OpenError::Damaged { damage, valid_entries: tenant.position() })
            }
            damage => {
                opening.from_snapshot = from_snapshot;
                Ok(Local { path, source, options: self, tenant, mark, opening, replayed, damage, time: None })
            }
        }
    }
}

/// Writes the first line of a record, and returns it when it and the name of the file are on disk.
fn begin(path: &Path, file: &mut File, beginning: &Beginning) -> Result<String, FileError> {
    let line = format!("{}\n", beginning.text());
    cut(path, file, 0)?;
    match append(file, 0, &line) {
        Appended::Stored => {}
        Appended::NotStored(error) | Appended::Unknown(error) => return Err(FileError::writing(path, error)),
    }
    disk::sync_folder(path).map_err(|error| FileError::writing(path, error))?;
    Ok(line)
}

/// Copies what follows the valid lines of a record to a new file beside it.
fn keep_removed(path: &Path, file: &mut File, valid: u64) -> Result<(PathBuf, u64), FileError> {
    let removed = crate::file::read_bytes(path, file, valid)?;
    let mut number: u32 = 1;
    loop {
        let copy = with_ending(path, &format!(".removed-{number}"));
        match OpenOptions::new().write(true).create_new(true).open(&copy) {
            Ok(mut kept) => {
                let permissions = file.metadata().and_then(|metadata| kept.set_permissions(metadata.permissions()));
                let written = permissions.and_then(|()| kept.write_all(&removed)).and_then(|()| kept.sync_all());
                let written = written.and_then(|()| disk::sync_folder(&copy));
                return written
                    .map(|()| (copy.clone(), bytes(removed.len())))
                    .map_err(|error| FileError::writing(&copy, error));
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists && number < u32::MAX => {
                number = number.saturating_add(1);
            }
            Err(error) => return Err(FileError::writing(&copy, error)),
        }
    }
}

fn cut(path: &Path, file: &File, length: u64) -> Result<(), FileError> {
    file.set_len(length).and_then(|()| file.sync_all()).map_err(|error| FileError::writing(path, error))
}
