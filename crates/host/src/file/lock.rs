//! The lock on a record: a file beside it, whose name ends in `.lock`.
//!
//! It is not the record itself, since on Windows a locked file cannot be read. The lock ends with
//! the process, however it ends; the file stays.

use core::time::Duration;
use std::path::Path;
use std::thread;
use std::time::Instant;

use super::error::FileError;
use super::kept::KeptFiles;
use super::open::OpenFile;
use super::{open, with_ending};

/// The pause between two attempts.
const PAUSE: Duration = Duration::from_millis(2);

/// The lock, which ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    /// `None` once it ended.
    file: Option<OpenFile>,
}

impl Lock {
    /// Ends the lock and keeps its file.
    pub(crate) fn end(mut self, files: &mut KeptFiles) {
        if let Some(file) = self.unlocked() {
            files.lock.keep(file);
        }
    }

    /// Returns the file once it is not locked any more.
    fn unlocked(&mut self) -> Option<OpenFile> {
        let file = self.file.take()?;
        // Otherwise it ends with the file.
        fs4::FileExt::unlock(&file.file).is_ok().then_some(file)
    }
}

impl Drop for Lock {
    /// Closing the file would not end the lock while a process that was forked has it open.
    fn drop(&mut self) {
        drop(self.unlocked());
    }
}

/// Waits for the lock on a record.
///
/// # Errors
///
/// [`FileError::Locked`] if another process holds it for longer than `wait`, and what keeps the
/// file of the lock from being created.
pub(crate) fn lock(files: &mut KeptFiles, record: &Path, wait: Duration) -> Result<Lock, FileError> {
    let path = with_ending(record, ".lock");
    let file = files.lock.take(&path, open::for_locking).map_err(|error| no_folder_of(record, error))?;
    let began = Instant::now();
    loop {
        match fs4::FileExt::try_lock(&file.file) {
            Ok(()) => return Ok(Lock { file: Some(file) }),
            Err(fs4::TryLockError::WouldBlock) => {
                let waited = began.elapsed();
                if waited >= wait {
                    return Err(FileError::Locked { path: record.to_path_buf(), waited });
                }
                thread::sleep(PAUSE.min(wait.saturating_sub(waited)));
            }
            Err(fs4::TryLockError::Error(error)) => return Err(FileError::writing(&path, error)),
        }
    }
}

/// Returns the error with the path of the record if what is missing is its folder.
fn no_folder_of(record: &Path, error: FileError) -> FileError {
    match error {
        FileError::NoFolder { .. } => FileError::NoFolder { path: record.to_path_buf() },
        error => error,
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use super::super::error::FileError;
    use super::super::kept::KeptFiles;
    use super::lock;

    /// A child that was forked has the files of its parent open: copies, which share the lock.
    #[test]
    fn a_lock_ends_while_a_forked_process_has_its_file_open() {
        let record = std::env::temp_dir().join(format!("entitle-lock-{}", std::process::id()));
        let mut files = KeptFiles::default();
        for is_kept in [false, true] {
            let held = lock(&mut files, &record, Duration::ZERO).unwrap();
            let inherited = held.file.as_ref().unwrap().file.try_clone().unwrap();
            let locked = lock(&mut KeptFiles::default(), &record, Duration::ZERO);
            assert!(matches!(locked, Err(FileError::Locked { .. })));
            if is_kept {
                held.end(&mut files);
            } else {
                drop(held);
            }
            drop(lock(&mut KeptFiles::default(), &record, Duration::ZERO).unwrap());
            drop(inherited);
        }
        std::fs::remove_file(record.with_extension("lock")).unwrap();
    }
}
