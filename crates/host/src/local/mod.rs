//! One record in one file: answers what its tenant may do, and records what is done.
//! It takes a path, a catalog, a key ring and the time.
//! It must not know other tenants, or how the file is laid out.

pub(crate) mod error;

mod load;

mod replay;

mod snapshot;

pub(crate) mod open;

mod entries;

mod submit;

pub(crate) mod install;

use std::path::{Path, PathBuf};

use entitle::chrono::{DateTime, Utc};
use entitle::record::{Checkpoint, Head};
use entitle::{App, Catalog, Decision, KeyRing, Tenant, TenantId, UserId};

use crate::file::{Damage, KeptFiles, Mark};
use error::{OpenError, SubmitError};
use load::Source;
use open::{LocalOptions, Opening};

/// The record of one tenant in a file, for an application on one machine.
///
/// Any number of processes may open the record. Each writes on what the others wrote, one after the
/// other; a process that only reads is never kept waiting, and calls [`refresh`](Local::refresh) to
/// see what others wrote.
///
/// On Linux it keeps the record and its lock open once it has written: two files.
#[derive(Debug)]
pub struct Local {
    path: PathBuf,
    source: Source,
    options: LocalOptions,
    tenant: Tenant,
    mark: Mark,
    files: KeptFiles,
    opening: Opening,
    /// The number of bytes that were read entry by entry when it was opened.
    replayed: usize,
    /// What the record is about to be recovered from.
    damage: Option<Damage>,
    /// When it was last asked whether the time is to be recorded, and why it was not.
    time: Option<TimeRecord>,
    /// The checkpoints that documents depend on and that the record was not found to contain.
    unproved: Vec<Checkpoint>,
}

/// When it was last asked whether the time is to be recorded.
#[derive(Debug)]
struct TimeRecord {
    asked: DateTime<Utc>,
    error: Option<SubmitError>,
}

/// Where commands are in the record. They are on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Receipt {
    /// The number of the entry.
    pub number: u64,
    /// The head of the record after the entry, or a later one.
    pub head: Head,
}

impl Local {
    /// Opens the record of a tenant, or begins it, with the usual options: see [`LocalOptions`].
    ///
    /// A last line whose writing was interrupted is removed; [`opening`](Local::opening) reports it.
    /// `O(n)` in the record, at the speed of a hash for what a snapshot covers.
    ///
    /// # Errors
    ///
    /// [`OpenError`] for a path that is a folder or another kind of file, a file that may not be
    /// read or written, a record of another tenant, and a damaged record. Nothing changes then.
    pub fn open(
        path: impl Into<PathBuf>,
        catalog: &Catalog,
        ring: &KeyRing,
        tenant: TenantId,
    ) -> Result<Self, OpenError> {
        LocalOptions::new().open(path, catalog, ring, tenant)
    }

    /// Returns what was found when the record was opened.
    #[must_use]
    pub fn opening(&self) -> &Opening {
        &self.opening
    }

    /// Returns the path of the record.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the tenant with everything that this process has read and written. A clone of it
    /// costs little and may be shared with other threads. Checks on it record no time: call
    /// [`record_time`](Local::record_time) before them, or a clock that is set back revives what has ended
    /// (X6).
    #[must_use]
    pub fn tenant(&self) -> &Tenant {
        &self.tenant
    }

    /// Checks whether a user may use an app, as [`Tenant::check`] does, and records the time before
    /// if that is due, at most once a minute.
    ///
    /// A time that cannot be recorded now is no reason to deny: it is recorded later, and
    /// [`time_error`](Local::time_error) returns why it was not. The answer borrows this; for several at once
    /// call [`record_time`](Local::record_time), and then check on [`tenant`](Local::tenant).
    ///
    /// A time that is recorded while the clock is wrong is taken back by the publisher alone. Where
    /// [`Tenant::clock`] says [`FarAhead`](entitle::query::ClockStatus::FarAhead), a host that can ask
    /// somebody, or another source of the time, does so first, and until then checks on
    /// [`tenant`](Local::tenant).
    pub fn check<'a>(&'a mut self, user: &'a UserId, app: &'a App, now: DateTime<Utc>) -> Decision<'a> {
        self.record_time_when_due(now);
        self.tenant.check(user, app, now)
    }

    /// Returns why the time was not recorded when it was last due.
    #[must_use]
    pub fn time_error(&self) -> Option<&SubmitError> {
        self.time.as_ref().and_then(|time| time.error.as_ref())
    }
}
