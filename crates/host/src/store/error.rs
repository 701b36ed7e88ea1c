//! What keeps a store from answering.

use entitle::TenantId;
use entitle::record::Beginning;
use thiserror::Error;

use crate::file::FileError;
use crate::message::{detail as shown, messages, version};

/// A store cannot do what it was asked to.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The store cannot be reached, is busy, or did not answer in time.
    Unavailable {
        /// What happened.
        detail: String,
    },
    /// The store may not be written.
    ReadOnly {
        /// What refused it.
        detail: String,
    },
    /// The store has no space.
    Full {
        /// What is full.
        detail: String,
    },
    /// The place holds something else than records of this library.
    OtherApplication {
        /// What was found.
        detail: String,
    },
    /// The place of a tenant's record holds the record of another.
    OtherTenant {
        /// The tenant of the stored record.
        found: TenantId,
        /// The tenant whose record is wanted.
        wanted: TenantId,
    },
    /// The server lacks what a store of records needs.
    Unsuitable {
        /// What is missing, and what to do.
        detail: String,
    },
    /// A newer release made the store.
    NewerSchema {
        /// The version of the store's schema.
        found: i64,
        /// The latest version that this release knows.
        known: i64,
    },
    /// What is stored cannot be read.
    Damaged {
        /// What is wrong.
        detail: String,
    },
    /// Another error of the store.
    Failed {
        /// What happened.
        detail: String,
    },
}

impl StoreError {
    /// Returns whether the same call may succeed later without anybody doing something.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }
}

messages! {
    StoreError;
    Self::Unavailable { detail } => "host.store.unavailable",
        "the store does not answer: {detail}. It is tried again", detail = shown(detail);
    Self::ReadOnly { detail } => "host.store.read-only",
        "the store is read-only: {detail}. Let the user of this application write it", detail = shown(detail);
    Self::Full { detail } => "host.store.full", "the store is full: {detail}. Make space; nothing was stored", detail = shown(detail);
    Self::OtherApplication { detail } => "host.store.other-application",
        "this is not a store of records: {detail}. It was left as it is: name another place", detail = shown(detail);
    Self::OtherTenant { found, wanted } => "host.store.other-tenant",
        "the store has a record of the tenant {found} where that of {wanted} belongs. It was left as it is: restore the record from a backup, or undo the renaming or copying that put this one there",
        found = found, wanted = wanted;
    Self::Unsuitable { detail } => "host.store.unsuitable", "the server cannot keep records: {detail}", detail = shown(detail);
    Self::NewerSchema { found, known } => "host.store.newer-schema",
        "the store has the schema {found}, and this release knows {known}: update the application",
        found = version(*found), known = version(*known);
    Self::Damaged { detail } => "host.store.damaged", "the store is damaged: {detail}. Restore it from a backup", detail = shown(detail);
    Self::Failed { detail } => "host.store.failed",
        "the store failed: {detail}. Correct what it names, then try again", detail = shown(detail);
}

/// Returns an error if the stored beginning of a record is another tenant's.
pub(crate) fn require_tenant(beginning: &Beginning, wanted: &TenantId) -> Result<(), StoreError> {
    let found = beginning.tenant();
    if found == wanted {
        return Ok(());
    }
    Err(StoreError::OtherTenant { found: found.clone(), wanted: wanted.clone() })
}

impl From<FileError> for StoreError {
    fn from(error: FileError) -> Self {
        let detail = error.to_string();
        match error {
            FileError::Locked { .. } => Self::Unavailable { detail },
            FileError::NotWritable { .. } => Self::ReadOnly { detail },
            FileError::Full { .. } => Self::Full { detail },
            FileError::NotARecord { .. } | FileError::NotAFile { .. } => Self::OtherApplication { detail },
            _ => Self::Failed { detail },
        }
    }
}
