//! The record as a file: answers what is in it, and adds entries that are on disk before they count.
//! It takes a path and a tenant.
//! It must not know what the entries do, or when they are due.
//!
//! A writer holds the lock on a file beside the record while it reads what others wrote, decides
//! and writes, and no longer. So any number of processes may use a record: they write one after the
//! other, each on what the one before wrote.

pub(crate) mod disk;

mod error;

pub(crate) mod open;

mod kept;

mod lock;

mod contents;

mod append;

mod mark;

pub(crate) mod replace;

pub(crate) use append::{Appended, append};
pub use contents::MAX_FILE_BYTES;
pub(crate) use contents::{Contents, bytes, read_bytes};
pub use error::{Damage, DamageKind, FileError};
pub(crate) use kept::KeptFiles;
pub(crate) use lock::{Lock, lock};
pub(crate) use mark::{Fresh, FreshError, Mark};
pub(crate) use open::OpenFile;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What becomes of a record that is damaged, that is, has a line which does not continue the one
/// before. An interrupted last line is no damage: it was never acknowledged, and is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Recovery {
    /// Opening fails, and nothing changes.
    #[default]
    Fail,
    /// The record is cut to the lines before the damage. What is removed stays in a file beside it,
    /// whose name ends in `.removed-1`, or the next number that is free.
    ///
    /// Everything after the damage is lost, seats and licenses too: choose it only if there is no
    /// backup, and after the user or administrator agreed.
    KeepValidPrefix,
}

/// Returns the path with an ending after its name.
pub(crate) fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    PathBuf::from(name)
}
