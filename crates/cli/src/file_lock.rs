//! The lock on a file that commands write to one after the other.

use core::time::Duration;
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::thread;
use std::time::Instant as Moment;

use crate::exit::Failure;
use crate::files::{self, with_suffix};
use crate::text::name;

/// The pause between two attempts.
const PAUSE: Duration = Duration::from_millis(5);

/// Waits for the lock on a file that is there: a file beside it, whose name ends in `.lock`. It ends with the
/// process, however that ends. A file has one lock, whatever symbolic links lead to it; one with several names
/// (hard links) would have several locks, and is refused. `help` is what to do where it stays locked.
pub(crate) fn lock(path: &Path, wait: Duration, help: &str) -> Result<File, Failure> {
    let unreadable = |error: io::Error| files::cannot_read(path, &error);
    let real = path.canonicalize().map_err(unreadable)?;
    refuse_several_names(&real)?;
    let lock = with_suffix(&real, ".lock");
    let unwritten = |error: io::Error| files::cannot_write(&lock, &error);
    // A link would have a file made elsewhere, and opening a pipe waits for ever.
    match lock.symlink_metadata() {
        Ok(metadata) => files::require_regular(&metadata).map_err(unwritten)?,
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(unwritten(error)),
    }
    let file = OpenOptions::new().create(true).append(true).open(&lock).map_err(unwritten)?;
    let began = Moment::now();
    loop {
        match fs4::FileExt::try_lock(&file) {
            Ok(()) => return Ok(file),
            Err(fs4::TryLockError::WouldBlock) if began.elapsed() < wait => thread::sleep(PAUSE),
            Err(fs4::TryLockError::WouldBlock) => {
                let message = format!("another command writes to {}, for more than {} s", name(path), wait.as_secs());
                return Err(Failure::locked(message).help(help));
            }
            Err(fs4::TryLockError::Error(error)) => return Err(unwritten(error)),
        }
    }
}

/// Fails for a file with several names: each would have a lock of its own.
#[cfg(unix)]
fn refuse_several_names(path: &Path) -> Result<(), Failure> {
    let metadata = path.metadata().map_err(|error| files::cannot_read(path, &error))?;
    let names = std::os::unix::fs::MetadataExt::nlink(&metadata);
    if names < 2 {
        return Ok(());
    }
    let name = name(path);
    let message = format!(
        "{name} has {names} names (hard links), and commands under different names would not wait for each other"
    );
    Err(Failure::unwritten("cli.hard-link", message).help(format_args!(
        "nothing was written: remove the other names, which `find / -samefile {name}` lists; a symbolic link may stay"
    )))
}

#[cfg(not(unix))]
fn refuse_several_names(_: &Path) -> Result<(), Failure> {
    Ok(())
}
