//! Opens or begins a record.

use core::time::Duration;
use std::fs::File;
use std::io::{self, ErrorKind, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::thread;

use entitle::record::{Beginning, Checkpoint, Ledger, SnapshotKey};
use entitle::{Actor, Catalog, KeyRing, Role, TenantId, UserId};

use super::error::OpenError;
use super::load::{Loaded, Source};
use super::snapshot::{self, Snapshots};
use super::{Local, replay};
use crate::file::{
    Appended, Contents, Damage, FileError, KeptFiles, Lock, OpenFile, Recovery, append, disk, lock, open, replace,
    with_ending,
};
use crate::random::record_id;

/// How long a call waits for another process that writes, unless the host sets it.
const WAIT: Duration = Duration::from_secs(2);

/// How much of a record is read without a snapshot, in bytes, unless the host sets it: about five
/// milliseconds.
const SNAPSHOT_EVERY: usize = 1024 * 1024;

/// How often a record is read without a lock until it is taken for damaged: a line may be removed
/// and another written while it is read.
const READ_ATTEMPTS: u32 = 3;

/// The pause between two attempts to read.
const PAUSE: Duration = Duration::from_millis(20);

/// Options of [`Local`], for hosts that differ from [`Local::open`].
#[derive(Debug, Clone)]
pub struct LocalOptions {
    pub(super) wait: Duration,
    pub(super) access: Access,
    snapshots: Snapshots,
    /// Whether a record with other documents than plain licenses is always read from its beginning.
    is_snapshot_of_licenses_only: bool,
    /// Who records the time.
    pub(super) clock: Option<Actor>,
    recovery: Recovery,
    snapshot_every: usize,
    checkpoint: Option<Checkpoint>,
}

/// What a record is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// To read it: nothing is made, changed or locked.
    ReadOnly,
    /// To write one that is there.
    Existing,
    /// To write it, to begin it if it is not there, and to read it while others write.
    Usual,
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
    /// The length of an incomplete last line that was left as it is, in bytes: another process is
    /// writing it, or was interrupted, and this one reads only.
    pub ignored_bytes: u64,
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
            access: Access::Usual,
            snapshots: Snapshots::Any,
            is_snapshot_of_licenses_only: false,
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
        Self { access: Access::ReadOnly, ..self }
    }

    /// Opens only a record that is there, to write it: none is begun, and one that another process
    /// keeps writing is [`FileError::Locked`] instead of being read meanwhile.
    #[must_use]
    pub fn existing(self) -> Self {
        Self { access: Access::Existing, ..self }
    }

    /// Sets what becomes of a damaged record.
    #[must_use]
    pub fn recovery(self, recovery: Recovery) -> Self {
        Self { recovery, ..self }
    }

    /// Sets the key of snapshots: only those made with it count (X11).
    #[must_use]
    pub fn snapshot_key(self, key: SnapshotKey) -> Self {
        Self { snapshots: Snapshots::Keyed(key), ..self }
    }

    /// Neither reads nor writes snapshots.
    #[must_use]
    pub fn no_snapshot(self) -> Self {
        Self { snapshots: Snapshots::Off, ..self }
    }

    /// Reads a record from its beginning, and keeps no snapshot of it, once it has a revocation list,
    /// a time ticket or a document that depends on a checkpoint: only the record itself decides about
    /// those, even if the key of snapshots has leaked (X11). One signature is verified a license
    /// before a snapshot counts.
    #[must_use]
    pub fn snapshot_of_licenses_only(self) -> Self {
        Self { is_snapshot_of_licenses_only: true, ..self }
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
        match self.access {
            Access::ReadOnly => return self.open_unlocked(&path, &source),
            Access::Existing => drop(open::existing_for_writing(&path)?),
            // A folder, say, is an error of its own, and gets no lock beside it.
            Access::Usual => open::require_file_if_there(&path)?,
        }
        match lock(&mut KeptFiles::default(), &path, self.wait) {
            Ok(lock) => self.open_locked(path, source, &lock),
            Err(FileError::Locked { waited, .. }) if self.access == Access::Usual => {
                self.open_beside_writer(&path, &source, waited)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Begins the record of a tenant, where none was begun before.
    ///
    /// `before` runs while the record is locked and not begun yet, and its file is there: for what
    /// must be on disk before the record, such as the settings of a host.
    ///
    /// # Errors
    ///
    /// As [`Local::open`]; [`FileError::AlreadyThere`] for a file with any content but a first line
    /// whose writing was interrupted, [`FileError::NotAFile`] for a link, which is not followed, and
    /// what `before` returns. No record was begun then.
    pub fn begin<E: From<OpenError>>(
        self,
        path: impl Into<PathBuf>,
        catalog: &Catalog,
        ring: &KeyRing,
        tenant: TenantId,
        before: impl FnOnce() -> Result<(), E>,
    ) -> Result<Local, E> {
        let source = Source { catalog: catalog.clone(), ring: ring.clone(), tenant };
        let path = path.into();
        let failed = |error: FileError| E::from(OpenError::from(error));
        open::require_no_link(&path).map_err(failed)?;
        let lock = lock(&mut KeptFiles::default(), &path, self.wait).map_err(failed)?;
        let file = open::for_writing(&path);
        let contents = file.and_then(|mut file| Contents::read(&path, &mut file, 0)).map_err(failed)?;
        if !contents.is_not_begun() {
            return Err(failed(FileError::AlreadyThere { path }));
        }
        before()?;
        Self { access: Access::Usual, ..self }.open_locked(path, source, &lock).map_err(E::from)
    }

    /// Opens a record as far as it is complete: another process may be writing its next line.
    fn open_unlocked(self, path: &Path, source: &Source) -> Result<Local, OpenError> {
        let mut attempts = READ_ATTEMPTS;
        loop {
            let contents = Contents::read(path, &mut open::for_reading(path)?, 0)?;
            let opening = Opening { ignored_bytes: contents.torn, ..Opening::default() };
            attempts = attempts.saturating_sub(1);
            match self.clone().load(path.to_path_buf(), source.clone(), &contents, opening) {
                Err(OpenError::Damaged { .. }) if attempts > 0 => thread::sleep(PAUSE),
                opened => return opened,
            }
        }
    }

    /// Opens a record that another process is writing: it is read as far as it is complete.
    fn open_beside_writer(self, path: &Path, source: &Source, waited: Duration) -> Result<Local, OpenError> {
        match self.open_unlocked(path, source) {
            // The other process is about to begin it.
            Err(OpenError::File(FileError::NotThere { path })) => Err(FileError::Locked { path, waited }.into()),
            opened => opened,
        }
    }

    fn open_locked(self, path: PathBuf, source: Source, _lock: &Lock) -> Result<Local, OpenError> {
        let is_existing = self.access == Access::Existing;
        let mut file = if is_existing { open::existing_for_writing(&path)? } else { open::for_writing(&path)? };
        let mut contents = Contents::read(&path, &mut file, 0)?;
        let mut opening = Opening { removed_bytes: contents.torn, ..Opening::default() };
        if contents.is_not_begun() && !is_existing {
            let beginning = Beginning::new(source.tenant.clone(), record_id()?);
            contents.text = begin(&path, &mut file.file, &beginning)?;
            contents.torn = 0;
            opening.is_new = true;
        } else {
            // Who wrote the record may have been stopped before its lines and its name were on disk.
            let synced = file.file.sync_data().and_then(|()| disk::sync_folder(&path));
            synced.map_err(|error| FileError::writing(&path, error))?;
        }
        let mut local = self.load(path, source, &contents, opening)?;
        // Nothing is changed before the record is known to be this tenant's.
        let (valid, damage) = (local.mark.end, local.damage.take());
        if let Some(damage) = damage {
            let (removed, lost) = keep_removed(&local.path, &mut file, valid)?;
            cut(&local.path, &file.file, valid)?;
            local.opening.removed_bytes = 0;
            local.opening.recovered = Some(Recovered { damage, removed, bytes: lost });
        } else if local.opening.removed_bytes > 0 {
            cut(&local.path, &file.file, valid)?;
        }
        if local.replayed >= local.options.snapshot_every {
            local.options.write_snapshot(&local, &contents.text);
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
        let snapshot = match (&self.checkpoint, &self.snapshots) {
            (Some(_), Snapshots::Any) => None,
            (_, snapshots) => snapshot::read(&path, &source, snapshots),
        };
        let snapshot = snapshot.filter(|_| self.may_have_snapshot(&source, &contents.text));
        let Loaded { tenant, mark, replayed, from_snapshot, damage } = source.load(&path, contents, snapshot, &[])?;
        match damage {
            Some(damage) if self.recovery == Recovery::Fail || self.access == Access::ReadOnly => {
                Err(OpenError::Damaged { damage, valid_entries: tenant.position() })
            }
            damage => {
                opening.from_snapshot = from_snapshot;
                let unproved = tenant.missing_anchors().into_iter().cloned().collect();
                Ok(Local {
                    path,
                    source,
                    options: self,
                    tenant,
                    mark,
                    files: KeptFiles::default(),
                    opening,
                    replayed,
                    damage,
                    time: None,
                    unproved,
                })
            }
        }
    }

    fn write_snapshot(&self, local: &Local, text: &str) {
        if self.may_have_snapshot(&local.source, text) {
            snapshot::write(&local.path, &local.tenant, &self.snapshots);
        }
    }

    /// Returns whether snapshots of a record count.
    fn may_have_snapshot(&self, source: &Source, text: &str) -> bool {
        !(self.is_snapshot_of_licenses_only && replay::is_required(&source.ring, text))
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
fn keep_removed(path: &Path, file: &mut OpenFile, valid: u64) -> Result<(PathBuf, u64), FileError> {
    let unreadable = |error| FileError::reading(path, error);
    let mut removed = file.file.try_clone().map_err(unreadable)?;
    removed.seek(SeekFrom::Start(valid)).map_err(unreadable)?;
    let mut number: u32 = 1;
    loop {
        let copy = with_ending(path, &format!(".removed-{number}"));
        match replace::owned(&copy) {
            Ok(mut kept) => {
                let permissions = file.file.metadata().and_then(|metadata| replace::share(&metadata, &kept));
                let copied = permissions.and_then(|()| io::copy(&mut removed, &mut kept));
                let written = copied.and_then(|bytes| kept.sync_all().map(|()| bytes));
                let written = written.and_then(|bytes| disk::sync_folder(&copy).map(|()| bytes));
                return written.map(|bytes| (copy.clone(), bytes)).map_err(|error| FileError::writing(&copy, error));
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists && number < u32::MAX => {
                number = number.saturating_add(1);
            }
            Err(error) => return Err(FileError::writing(&copy, error)),
        }
    }
}

fn cut(path: &Path, file: &File, length: u64) -> Result<(), FileError> {
    file.set_len(length).and_then(|()| file.sync_all()).map_err(|error| FileError::writing(path, error))
}
