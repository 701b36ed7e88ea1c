//! Opens the file of a record: only a regular file, and without waiting, since opening a pipe waits
//! for ever.

use core::time::Duration;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::process;
use std::thread;

use super::error::FileError;

/// How often a file is tried to be opened that another machine has a lease on, as an exported folder has.
const ATTEMPTS: u32 = 100;

/// The pause between two attempts.
const PAUSE: Duration = Duration::from_millis(10);

/// A regular file that is open.
#[derive(Debug)]
pub(crate) struct OpenFile {
    pub(crate) file: File,
    /// Its length when it was opened, in bytes.
    pub(super) length: u64,
    /// Which file it is; `None` where that cannot be asked.
    pub(super) identity: Option<Identity>,
    /// The process that opened it.
    pub(super) opened_by: u32,
}

/// Which file something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) device: u64,
    pub(super) inode: u64,
}

/// Opens a record for reading.
pub(crate) fn for_reading(path: &Path) -> Result<OpenFile, FileError> {
    let file = opened(without_waiting(OpenOptions::new().read(true)), path);
    let file = file.map_err(|error| not_opened(path, path.metadata(), FileError::reading(path, error)))?;
    require_open_file(path, file)
}

/// Opens a record that is there for writing.
pub(crate) fn existing_for_writing(path: &Path) -> Result<OpenFile, FileError> {
    let file = opened(without_waiting(OpenOptions::new().read(true).append(true)), path);
    let file = file.map_err(|error| match error.kind() {
        ErrorKind::NotFound => FileError::NotThere { path: path.to_path_buf() },
        _ => not_opened(path, path.metadata(), FileError::writing(path, error)),
    })?;
    require_open_file(path, file)
}

/// Opens a record for writing, and makes an empty file if it is missing. A link to a file is followed; one
/// that leads to none is not, since it may have been chosen by somebody else where a file is made.
pub(crate) fn for_writing(path: &Path) -> Result<OpenFile, FileError> {
    let file = opened(without_waiting(OpenOptions::new().read(true).append(true)), path);
    let file = file.or_else(|error| match error.kind() {
        ErrorKind::NotFound => made(path),
        _ => Err(error),
    });
    let file = file.map_err(|error| not_opened(path, found_at(path), FileError::writing(path, error)))?;
    require_open_file(path, file)
}

/// Makes an empty file where nothing is at the path, and opens what another process made there meanwhile.
fn made(path: &Path) -> io::Result<File> {
    let made = opened(without_waiting(OpenOptions::new().read(true).append(true).create_new(true)), path);
    match made {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            opened(without_waiting(OpenOptions::new().read(true).append(true)), path)
        }
        made => made,
    }
}

/// Opens the file of a lock, and makes it if it is missing. A link is not followed: where it leads
/// to may be chosen by somebody else.
pub(super) fn for_locking(path: &Path) -> Result<OpenFile, FileError> {
    // Elsewhere no open file can be asked whether a link led to it.
    if cfg!(not(unix)) {
        require_no_link(path)?;
    }
    let file = opened(not_following(OpenOptions::new().read(true).append(true).create(true)), path);
    let file = file.map_err(|error| not_opened(path, path.symlink_metadata(), FileError::writing(path, error)))?;
    require_open_file(path, file)
}

/// Returns what is at a path: where a link leads to, or the link if it leads to nothing.
fn found_at(path: &Path) -> io::Result<Metadata> {
    match path.metadata() {
        Err(error) if error.kind() == ErrorKind::NotFound => path.symlink_metadata(),
        found => found,
    }
}

/// Fails if there is something else than a file at the path.
pub(crate) fn require_file_if_there(path: &Path) -> Result<(), FileError> {
    match found_at(path) {
        Ok(metadata) => require_file(path, &metadata),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(()),
        Err(error) => Err(FileError::reading(path, error)),
    }
}

/// Fails if there is something else than a file at the path, or a link.
pub(crate) fn require_no_link(path: &Path) -> Result<(), FileError> {
    match path.symlink_metadata() {
        Ok(metadata) => require_file(path, &metadata),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(FileError::writing(path, error)),
    }
}

/// Fails for something else than a file that was opened.
fn require_open_file(path: &Path, file: File) -> Result<OpenFile, FileError> {
    // The path may name another file by now.
    let metadata = file.metadata().map_err(|error| FileError::reading(path, error))?;
    require_file(path, &metadata)?;
    Ok(OpenFile { length: metadata.len(), identity: identity_of(&metadata), opened_by: process::id(), file })
}

/// Fails for the metadata of something else than a file.
fn require_file(path: &Path, metadata: &Metadata) -> Result<(), FileError> {
    if metadata.is_file() { Ok(()) } else { Err(FileError::NotAFile { path: path.to_path_buf() }) }
}

/// Opens a file. One that another machine has open, which is asked to give it up, is tried again.
fn opened(options: &OpenOptions, path: &Path) -> io::Result<File> {
    attempted(ATTEMPTS, || options.open(path))
}

/// Tries something again that cannot be done now, so often at most.
fn attempted<T>(mut again: u32, mut attempt: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match attempt() {
            Err(error) if error.kind() == ErrorKind::WouldBlock && again > 0 => thread::sleep(PAUSE),
            done => return done,
        }
        again = again.saturating_sub(1);
    }
}

/// Returns why a path was not opened: what is there may be no file.
fn not_opened(path: &Path, found: io::Result<Metadata>, error: FileError) -> FileError {
    found.ok().and_then(|found| require_file(path, &found).err()).unwrap_or(error)
}

#[cfg(unix)]
fn without_waiting(options: &mut OpenOptions) -> &mut OpenOptions {
    flagged(options, rustix::fs::OFlags::NONBLOCK)
}

#[cfg(unix)]
fn not_following(options: &mut OpenOptions) -> &mut OpenOptions {
    flagged(options, rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOFOLLOW)
}

#[cfg(unix)]
fn flagged(options: &mut OpenOptions, flags: rustix::fs::OFlags) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::custom_flags(options, i32::from_ne_bytes(flags.bits().to_ne_bytes()))
}

/// Elsewhere no path of a folder is a pipe.
#[cfg(not(unix))]
fn without_waiting(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(not(unix))]
fn not_following(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(clippy::unnecessary_wraps, reason = "it is not known elsewhere")]
fn identity_of(metadata: &Metadata) -> Option<Identity> {
    use std::os::linux::fs::MetadataExt as _;

    Some(Identity { device: metadata.st_dev(), inode: metadata.st_ino() })
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn identity_of(_: &Metadata) -> Option<Identity> {
    None
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::attempted;

    #[test]
    fn a_file_that_another_machine_gives_up_is_opened_and_one_that_it_keeps_is_an_error() {
        let after = |busy: u32, again: u32| {
            let mut attempts = 0;
            let opened = attempted(again, || {
                attempts += 1;
                if attempts <= busy { Err(ErrorKind::WouldBlock.into()) } else { Ok(attempts) }
            });
            opened.map_err(|error| (error.kind(), attempts))
        };
        assert_eq!(after(0, 3), Ok(1));
        assert_eq!(after(3, 3), Ok(4));
        assert_eq!(after(9, 3), Err((ErrorKind::WouldBlock, 4)));
        // Nothing else is tried again.
        let mut attempts = 0;
        let missing = attempted(3, || {
            attempts += 1;
            Err::<(), _>(ErrorKind::NotFound.into())
        });
        assert_eq!((missing.unwrap_err().kind(), attempts), (ErrorKind::NotFound, 1));
    }
}
