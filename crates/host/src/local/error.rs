//! Why a record is not opened, and why commands are not recorded.

use std::path::PathBuf;

use entitle::record::{ApplyError, LedgerError};
use entitle::{Refusal, TenantId};
use thiserror::Error;

use crate::file::{Damage, FileError};
use crate::random::RandomError;

/// Why a record is not opened. Nothing has changed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The file cannot be read, written or locked.
    #[error(transparent)]
    File(#[from] FileError),
    /// The record belongs to another tenant.
    #[error(
        "`{}` is the record of the tenant `{tenant}`, not of `{ours}`: name the record of this tenant, or sign in as \
         the other", .path.display()
    )]
    OtherTenant {
        /// The path of the record.
        path: PathBuf,
        /// The tenant in the record.
        tenant: TenantId,
        /// The tenant whose record was to be opened.
        ours: TenantId,
    },
    /// A line of the record cannot be read, or does not continue the line before.
    #[error(
        "{damage}: the first {valid_entries} entries are valid. Restore a backup, or install a newer release if one \
         wrote the record; recover the valid entries only if neither is possible"
    )]
    Damaged {
        /// The line and what is wrong with it.
        damage: Damage,
        /// The number of entries before the line.
        valid_entries: u64,
    },
    /// The record does not contain the checkpoint that was kept elsewhere: it was cut or rewritten.
    #[error("{0}: restore the record from a backup")]
    LacksCheckpoint(Box<LedgerError>),
    /// The operating system has no random bytes for the id of a new record.
    #[error(transparent)]
    Random(#[from] RandomError),
}

/// Why commands are not recorded.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SubmitError {
    /// The tenant, with everything that any process has recorded, may not do it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The file cannot be read, written or locked. Nothing was recorded.
    #[error(transparent)]
    NotStored(#[from] FileError),
    /// The entry could neither be stored nor removed again. The next call reads what is there: with
    /// the same request, [`Local::submit_once`](crate::Local::submit_once) records it exactly once.
    #[error("{0}. It is unknown whether the commands were recorded: try again with the same request")]
    Unknown(FileError),
    /// Another process wrote a line that cannot be read, or that does not continue the record. The
    /// tenant answers with what it has.
    #[error("{0}. Nothing was recorded: open the record again")]
    Damaged(Damage),
    /// The file is not the one that was read: it was replaced or cut. The tenant answers with what
    /// it has.
    #[error("`{}` was replaced or cut by another program. Nothing was recorded: open the record again", .path.display())]
    OtherFile {
        /// The path of the record.
        path: PathBuf,
    },
    /// The record was opened for reading only.
    #[error("`{}` is open for reading only: open it for writing", .path.display())]
    ReadOnly {
        /// The path of the record.
        path: PathBuf,
    },
    /// The stored entry does not continue the tenant in memory, which no release causes.
    #[error("{0}: open the record again")]
    NotApplied(ApplyError),
    /// The operating system has no random bytes for the id of the request.
    #[error(transparent)]
    Random(#[from] RandomError),
}

impl OpenError {
    /// Returns a stable name of the error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::File(error) => error.code(),
            Self::OtherTenant { .. } => "ledger.other-tenant",
            Self::Damaged { damage, .. } => damage.code(),
            Self::LacksCheckpoint(error) => error.fault.code(),
            Self::Random(error) => error.code(),
        }
    }
}

impl SubmitError {
    /// Returns a stable name of the error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::NotStored(error) => error.code(),
            Self::Unknown(_) => "host.unknown-outcome",
            Self::Damaged(damage) => damage.code(),
            Self::OtherFile { .. } => "host.file.other-file",
            Self::ReadOnly { .. } => "host.read-only",
            Self::NotApplied(error) => error.code(),
            Self::Random(error) => error.code(),
        }
    }
}
