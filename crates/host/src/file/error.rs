//! What is wrong with the file of a record.

use core::time::Duration;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use entitle::record::{LedgerError, LedgerFault};
use thiserror::Error;

use crate::message::{detail, messages, milliseconds, path as shown};

/// The file of a record cannot be read or written. Nothing has changed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FileError {
    /// There is no record, and it is not to be begun.
    NotThere {
        /// The path of the record.
        path: PathBuf,
    },
    /// A record was begun here before.
    AlreadyThere {
        /// The path of the record.
        path: PathBuf,
    },
    /// The folder of the record does not exist.
    NoFolder {
        /// The path of the record.
        path: PathBuf,
    },
    /// There is a folder, a pipe, a device or a link that leads nowhere at the path.
    NotAFile {
        /// The path of the record.
        path: PathBuf,
    },
    /// The file is not a record: it is never changed.
    NotARecord {
        /// The path of the file.
        path: PathBuf,
    },
    /// The user may not read the file.
    NotReadable {
        /// The path of the file.
        path: PathBuf,
    },
    /// The user may not write the file or its folder, or the file system is read-only.
    NotWritable {
        /// The path of the file.
        path: PathBuf,
    },
    /// The disk or the quota of the user is full.
    Full {
        /// The path of the file.
        path: PathBuf,
    },
    /// Another process writes the record.
    Locked {
        /// The path of the record.
        path: PathBuf,
        /// How long this process waited.
        waited: Duration,
    },
    /// The file is longer than a record can be.
    TooLong {
        /// The path of the file.
        path: PathBuf,
        /// The length of the file in bytes.
        bytes: u64,
    },
    /// Another error of the operating system.
    Io {
        /// The path of the file.
        path: PathBuf,
        /// The error of the operating system.
        #[source]
        error: io::Error,
    },
}

/// A line of a record that cannot be read or does not continue the one before.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub struct Damage {
    /// The path of the record.
    pub path: PathBuf,
    /// The line, counted from 1. Line n + 1 holds entry n.
    pub line: usize,
    /// What is wrong with the line.
    pub kind: DamageKind,
}

/// What is wrong with a line of a record.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DamageKind {
    /// The line is not UTF-8.
    NotText,
    /// The line is not an entry that continues the line before.
    Fault(Box<LedgerFault>),
}

messages! {
    FileError;
    Self::NotThere { path } => "host.file.not-there",
        "there is no record at {path}: check the path, or open it for writing, which begins one", path = shown(path);
    Self::AlreadyThere { path } => "host.file.already-there",
        "there is a record at {path} already: name another path, or open it", path = shown(path);
    Self::NoFolder { path } => "host.file.no-folder", "the folder of {path} does not exist: create it", path = shown(path);
    Self::NotAFile { path } => "host.file.not-a-file", "{path} is not a file: name a file for the record", path = shown(path);
    Self::NotARecord { path } => "host.file.not-a-record",
        "{path} is not a record but another file, which was left as it is: name another path", path = shown(path);
    Self::NotReadable { path } => "host.file.not-readable",
        "{path} cannot be read: let the user of this application read it", path = shown(path);
    Self::NotWritable { path } => "host.file.not-writable",
        "{path} cannot be written: let the user of this application write it and its folder, or open the record for reading only",
        path = shown(path);
    Self::Full { path } => "host.file.full", "there is no space for {path}: make space on the disk and try again", path = shown(path);
    Self::Locked { path, waited } => "host.file.locked",
        "{path} is locked: another process has been writing it for {waited} ms: try again", path = shown(path), waited = milliseconds(*waited);
    Self::TooLong { path, bytes } => "host.file.too-long",
        "{path} has {bytes} bytes: a record in a file has at most {max}", path = shown(path), bytes = bytes, max = super::contents::MAX_FILE_BYTES;
    Self::Io { path, error } => "host.file.io", "{path}: {error}: check the disk and try again", path = shown(path), error = detail(error);
}

messages! {
    Damage;
    Self { path, line, kind } => (kind.code()) "host.file.damaged",
        "{path}, line {line}: {kind}", path = shown(path), line = *line, kind = kind.message();
}

messages! {
    DamageKind
        as Self::Fault(fault) => fault;
    Self::NotText => "host.file.not-text",
        "it is not text in UTF-8: the disk is damaged, or another program wrote to the file";
}

impl FileError {
    /// Returns the error of reading a file.
    pub(crate) fn reading(path: &Path, error: io::Error) -> Self {
        let path = path.to_path_buf();
        match error.kind() {
            ErrorKind::NotFound => Self::NotThere { path },
            ErrorKind::PermissionDenied => Self::NotReadable { path },
            ErrorKind::IsADirectory => Self::NotAFile { path },
            _ => Self::Io { path, error },
        }
    }

    /// Returns the error of writing a file or of creating it.
    pub(crate) fn writing(path: &Path, error: io::Error) -> Self {
        let path = path.to_path_buf();
        match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Self::NoFolder { path },
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::NotWritable { path },
            ErrorKind::IsADirectory => Self::NotAFile { path },
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => Self::Full { path },
            _ => Self::Io { path, error },
        }
    }
}

impl Damage {
    pub(crate) fn of(path: &Path, LedgerError { line, fault, .. }: LedgerError) -> Self {
        Self { path: path.to_path_buf(), line, kind: DamageKind::Fault(Box::new(fault)) }
    }

    /// Returns whether the line can be read but does not continue the one before it: either may be what
    /// was changed.
    pub(crate) fn is_break(&self) -> bool {
        matches!(&self.kind, DamageKind::Fault(fault) if matches!(**fault, LedgerFault::DoesNotContinue(_)))
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;
    use std::path::Path;

    use super::FileError;
    use crate::store::StoreError;

    #[test]
    fn errors_of_the_operating_system_say_what_to_do() {
        let path = Path::new("record");
        let writing = |kind: ErrorKind| FileError::writing(path, kind.into());
        let reading = |kind: ErrorKind| FileError::reading(path, kind.into());
        for (error, code) in [
            (writing(ErrorKind::NotFound), "host.file.no-folder"),
            (writing(ErrorKind::NotADirectory), "host.file.no-folder"),
            (writing(ErrorKind::PermissionDenied), "host.file.not-writable"),
            (writing(ErrorKind::ReadOnlyFilesystem), "host.file.not-writable"),
            (writing(ErrorKind::IsADirectory), "host.file.not-a-file"),
            (writing(ErrorKind::StorageFull), "host.file.full"),
            (writing(ErrorKind::QuotaExceeded), "host.file.full"),
            (writing(ErrorKind::FileTooLarge), "host.file.full"),
            (writing(ErrorKind::BrokenPipe), "host.file.io"),
            (reading(ErrorKind::NotFound), "host.file.not-there"),
            (reading(ErrorKind::PermissionDenied), "host.file.not-readable"),
            (reading(ErrorKind::IsADirectory), "host.file.not-a-file"),
            (reading(ErrorKind::StorageFull), "host.file.io"),
        ] {
            assert_eq!(error.code(), code);
        }
        let store = |kind| StoreError::from(writing(kind)).code();
        assert_eq!(store(ErrorKind::QuotaExceeded), "host.store.full");
        assert_eq!(store(ErrorKind::ReadOnlyFilesystem), "host.store.read-only");
        assert_eq!(store(ErrorKind::IsADirectory), "host.store.other-application");
        assert_eq!(store(ErrorKind::BrokenPipe), "host.store.failed");
    }
}
