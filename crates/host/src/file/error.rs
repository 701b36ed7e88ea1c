//! What is wrong with the file of a record.

use core::time::Duration;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use entitle::record::{LedgerError, LedgerFault};
use thiserror::Error;

/// The file of a record cannot be read or written. Nothing has changed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FileError {
    /// There is no record, and it is not to be begun.
    #[error("there is no record at `{}`: check the path, or open it for writing, which begins one", .path.display())]
    NotThere {
        /// The path of the record.
        path: PathBuf,
    },
    /// A record was begun here before.
    #[error("there is a record at `{}` already: name another path, or open it", .path.display())]
    AlreadyThere {
        /// The path of the record.
        path: PathBuf,
    },
    /// The folder of the record does not exist.
    #[error("the folder of `{}` does not exist: create it", .path.display())]
    NoFolder {
        /// The path of the record.
        path: PathBuf,
    },
    /// There is a folder, a pipe or a device at the path.
    #[error("`{}` is not a file: name a file for the record", .path.display())]
    NotAFile {
        /// The path of the record.
        path: PathBuf,
    },
    /// The file is not a record: it is never changed.
    #[error("`{}` is not a record but another file, which was left as it is: name another path", .path.display())]
    NotARecord {
        /// The path of the file.
        path: PathBuf,
    },
    /// The user may not read the file.
    #[error("`{}` cannot be read: let the user of this application read it", .path.display())]
    NotReadable {
        /// The path of the file.
        path: PathBuf,
    },
    /// The user may not write the file or its folder, or the file system is read-only.
    #[error(
        "`{}` cannot be written: let the user of this application write it and its folder, or open the record for \
         reading only", .path.display()
    )]
    NotWritable {
        /// The path of the file.
        path: PathBuf,
    },
    /// The disk or the quota of the user is full.
    #[error("there is no space for `{}`: make space on the disk and try again", .path.display())]
    Full {
        /// The path of the file.
        path: PathBuf,
    },
    /// Another process writes the record.
    #[error("`{}` is locked: another process has been writing it for {} ms: try again", .path.display(), .waited.as_millis())]
    Locked {
        /// The path of the record.
        path: PathBuf,
        /// How long this process waited.
        waited: Duration,
    },
    /// The file is longer than a record can be.
    #[error("`{}` has {bytes} bytes: a record in a file has at most {max}", .path.display(), max = super::contents::MAX_FILE_BYTES)]
    TooLong {
        /// The path of the file.
        path: PathBuf,
        /// The length of the file in bytes.
        bytes: u64,
    },
    /// Another error of the operating system.
    #[error("`{}`: {error}: check the disk and try again", .path.display())]
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
#[error("`{}`, line {line}: {kind}", .path.display())]
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
    #[error("it is not text in UTF-8: the disk is damaged, or another program wrote to the file")]
    NotText,
    /// The line is not an entry that continues the line before.
    #[error("{0}")]
    Fault(Box<LedgerFault>),
}

impl FileError {
    /// Returns a stable name of the error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotThere { .. } => "host.file.not-there",
            Self::AlreadyThere { .. } => "host.file.already-there",
            Self::NoFolder { .. } => "host.file.no-folder",
            Self::NotAFile { .. } => "host.file.not-a-file",
            Self::NotARecord { .. } => "host.file.not-a-record",
            Self::NotReadable { .. } => "host.file.not-readable",
            Self::NotWritable { .. } => "host.file.not-writable",
            Self::Full { .. } => "host.file.full",
            Self::Locked { .. } => "host.file.locked",
            Self::TooLong { .. } => "host.file.too-long",
            Self::Io { .. } => "host.file.io",
        }
    }

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
    /// Returns a stable name of the error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match &self.kind {
            DamageKind::NotText => "host.file.not-text",
            DamageKind::Fault(fault) => fault.code(),
        }
    }

    pub(crate) fn of(path: &Path, LedgerError { line, fault, .. }: LedgerError) -> Self {
        Self { path: path.to_path_buf(), line, kind: DamageKind::Fault(Box::new(fault)) }
    }
}
