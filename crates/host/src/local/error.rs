//! Why a record is not opened, and why commands are not recorded.

use std::path::PathBuf;

use entitle::language::Value;
use entitle::record::{ApplyError, LedgerError};
use entitle::{Refusal, RequestId, TenantId};
use thiserror::Error;

use crate::file::{Damage, FileError};
use crate::message::{messages, path as shown};
use crate::random::RandomError;

/// Why a record is not opened. Nothing has changed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The file cannot be read, written or locked.
    File(#[from] FileError),
    /// The record belongs to another tenant.
    OtherTenant {
        /// The path of the record.
        path: PathBuf,
        /// The tenant in the record.
        tenant: TenantId,
        /// The tenant whose record was to be opened.
        ours: TenantId,
    },
    /// A line of the record cannot be read, or does not continue the line before.
    Damaged {
        /// The line and what is wrong with it.
        damage: Damage,
        /// The number of entries before the line. They continue each other; where the line does not continue
        /// the last of them, that one may be what was changed.
        valid_entries: u64,
    },
    /// The record does not contain the checkpoint that was kept elsewhere: it was cut or rewritten.
    LacksCheckpoint(Box<LedgerError>),
    /// The operating system has no random bytes for the id of a new record.
    Random(#[from] RandomError),
}

/// Why commands are not recorded.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SubmitError {
    /// The tenant, with everything that any process has recorded, may not do it.
    Refused(#[from] Refusal),
    /// The file cannot be read, written or locked. Nothing was recorded.
    NotStored(#[from] FileError),
    /// The entry could neither be stored nor removed again. The next call reads what is there: with
    /// the same request, [`Local::submit_once`](crate::Local::submit_once) records it exactly once.
    Unknown {
        /// The id of the request; of several entries, that of the last.
        request: RequestId,
        /// Why it could not be stored.
        error: FileError,
    },
    /// Another process wrote a line that cannot be read, or that does not continue the record. The
    /// tenant answers with what it has.
    Damaged(Damage),
    /// The file is not the one that was read: it was replaced or cut. The tenant answers with what
    /// it has.
    OtherFile {
        /// The path of the record.
        path: PathBuf,
    },
    /// The record was opened for reading only.
    ReadOnly {
        /// The path of the record.
        path: PathBuf,
    },
    /// The stored entry does not continue the tenant in memory, which no release causes.
    NotApplied(ApplyError),
    /// The operating system has no random bytes for the id of the request.
    Random(#[from] RandomError),
}

messages! {
    OpenError
        as Self::File(error) => error
        as Self::Random(error) => error;
    Self::OtherTenant { path, tenant, ours } => ("ledger.other-tenant") "host.other-tenant",
        "{path} is the record of the tenant {tenant}, not of {ours}: name the record of this tenant, or sign in as the other",
        path = shown(path), tenant = tenant, ours = ours;
    Self::Damaged { damage, valid_entries: valid_entries @ 1.. } if damage.is_break() => (damage.code()) "host.damaged-break",
        "{damage}. Restore a backup. Recover the record only if you have no backup: that keeps what is before this line, up to entry {valid_entries}, which may be the one that was changed",
        damage = damage.message(), valid_entries = Value::Ordinal(*valid_entries);
    Self::Damaged { damage, valid_entries } => (damage.code()) "host.damaged",
        "{damage}. Restore a backup, or install a newer release if one wrote the record. Recover the record only if neither is possible: that keeps what is before this line, up to entry {valid_entries}",
        damage = damage.message(), valid_entries = Value::Ordinal(*valid_entries);
    Self::LacksCheckpoint(error) => (error.fault.code()) "host.lacks-checkpoint",
        "{error}: restore the record from a backup", error = error.message();
}

messages! {
    SubmitError
        as Self::Refused(refusal) => refusal
        as Self::NotStored(error) => error
        as Self::Random(error) => error;
    Self::Unknown { request, error } => "host.unknown-outcome",
        "{error}. It is unknown whether the commands were recorded: try again once, as request {request}",
        error = error.message(), request = request;
    Self::Damaged(damage) => (damage.code()) "host.damaged-since",
        "{damage}. Nothing was recorded: open the record again", damage = damage.message();
    Self::OtherFile { path } => "host.file.other-file",
        "{path} was replaced or cut by another program. Nothing was recorded: open the record again", path = shown(path);
    Self::ReadOnly { path } => "host.read-only", "{path} is open for reading only: open it for writing", path = shown(path);
    Self::NotApplied(error) => (error.code()) "host.not-applied", "{error}: open the record again", error = error.message();
}
