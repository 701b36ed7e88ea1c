//! The failures for errors of the host kit, which keeps the ledger.

use std::io::{self, ErrorKind};

use entitle_host::{Damage, DamageKind, FileError, OpenError, SubmitError};

use super::settings;
use crate::exit::Failure;
use crate::files::{cannot_read, cannot_write, too_long};
use crate::text::name;

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        match &error {
            FileError::NotThere { path } if path.exists() => {
                Self::unreadable("cli.empty-ledger", format!("{} has no complete line", name(path)))
                    .help("`entitle tenant init` creates it")
            }
            FileError::NotThere { path } => {
                cannot_read(path, &ErrorKind::NotFound.into()).help("`entitle tenant init` creates a ledger")
            }
            FileError::AlreadyThere { path } => Self::unwritten("cli.exists", format!("{} already exists", name(path)))
                .help("nothing was overwritten: name another ledger, or continue with this one"),
            FileError::NoFolder { path } => cannot_write(path, &ErrorKind::NotFound.into()),
            FileError::NotAFile { path } => cannot_read(path, &io::Error::other("it is not a regular file")),
            FileError::NotARecord { path } => {
                Self::unreadable("entry.not-a-beginning", format!("{} is not a ledger, or damaged", name(path)))
                    .help("nothing was changed: name the ledger, or restore a backup")
            }
            FileError::NotReadable { path } => cannot_read(path, &ErrorKind::PermissionDenied.into()),
            FileError::NotWritable { path } => cannot_write(path, &ErrorKind::PermissionDenied.into()),
            FileError::Full { path } => cannot_write(path, &ErrorKind::StorageFull.into()),
            FileError::Locked { path, .. } => {
                Self::locked(format!("{} is locked: another command is writing to it", name(path)))
                    .help("try again, or wait longer with --wait; nothing was done")
            }
            FileError::TooLong { path, .. } => too_long(path, entitle_host::MAX_FILE_BYTES),
            FileError::Io { path, error } => cannot_read(path, error),
            _ => Self::unreadable(error.code(), &error),
        }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::File(error) => error.into(),
            OpenError::Damaged { damage, .. } => damaged(&damage),
            OpenError::OtherTenant { ref path, .. } => Self::unreadable(error.code(), &error)
                .help(format!("{} names another tenant: check that it is the right one", name(&settings::path(path)))),
            error => Self::unreadable(error.code(), error),
        }
    }
}

impl From<SubmitError> for Failure {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::NotStored(error) => not_stored(error),
            SubmitError::Unknown { error, .. } => {
                not_stored(error).help("check the disk; `entitle tenant log` shows whether it was done")
            }
            SubmitError::Damaged(damage) => damaged(&damage),
            error => Self::unreadable(error.code(), error),
        }
    }
}

/// Returns the failure for a line that is not on disk.
fn not_stored(error: FileError) -> Failure {
    match error {
        FileError::Io { path, error } => cannot_write(&path, &error).help("check the disk; nothing was done"),
        FileError::Full { .. } => Failure::from(error).help("check whether the disk is full; nothing was done"),
        error => error.into(),
    }
}

/// Returns the failure for a file in whose place a ledger was to be begun.
pub(super) fn not_begun(error: OpenError) -> Failure {
    match error {
        OpenError::File(FileError::NotAFile { path }) => {
            cannot_write(&path, &io::Error::other("it is not a regular file"))
        }
        OpenError::File(FileError::Io { path, error }) => cannot_write(&path, &error),
        error => error.into(),
    }
}

fn damaged(damage: &Damage) -> Failure {
    let Damage { path, line, kind, .. } = damage;
    let code = match kind {
        DamageKind::NotText => "cli.not-text",
        _ => damage.code(),
    };
    Failure::unreadable(code, format!("{}: line {line} of the ledger: {kind}", name(path))).help(match code {
        "entry.unknown-format" => "install a newer `entitle`",
        _ => "it was edited, or the disk is damaged: restore a backup, or create another with `entitle tenant init`",
    })
}
