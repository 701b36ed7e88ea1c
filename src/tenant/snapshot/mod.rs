//! The snapshot: answers what a tenant is at one position, as bytes, so that a start does not
//! replay years.
//!
//! Takes a tenant to write; a catalog, a key ring, a tenant id and bytes to read. It must not know
//! where snapshots are stored; it is a cache, and must trust nothing in it.
//!
//! A snapshot of another release, catalog or tenant, or with a flipped bit, is refused, and the
//! record rebuilds the tenant. Its documents are verified again, claims and seats are derived again
//! from its users, and it gives no more than a record could.
//!
//! ```text
//! entitle.snapshot 0.1.0 3⏎ the release that wrote it, and the number of its format
//! 16 bytes                  XXH3, 128 bits, of what follows, little endian
//! the rest                  the fields of Body in their order, in the encoding of postcard 1
//! ```

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use twox_hash::XxHash3_128;

use crate::id::TenantId;
use crate::tenant::state::stored_document::Installed;

mod queues;
mod write;

mod read;

#[cfg(test)]
mod forged;

/// The first queue of a snapshot: only the release that wrote a snapshot reads it. The number at
/// the end changes whenever the fields do, between releases too.
const RELEASE: &str = concat!("entitle.snapshot ", env!("CARGO_PKG_VERSION"), " 3\n");

/// Why a tenant cannot be restored from these bytes. The record rebuilds it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// The bytes do not begin like a snapshot of this release.
    #[error("the snapshot begins with `{}`: only one of `{}` is read here", found.escape_debug(), RELEASE.trim_end())]
    OtherRelease {
        /// The beginning of the bytes.
        found: String,
    },
    /// The bytes are not those that were written.
    #[error("the snapshot is damaged: its checksum differs")]
    Damaged,
    /// The snapshot is of another tenant.
    #[error("the snapshot is of the tenant `{}`, not of `{ours}`", found.escape_debug())]
    OtherTenant {
        /// The tenant of the snapshot.
        found: String,
        /// The tenant that was requested.
        ours: TenantId,
    },
    /// The snapshot was written with another catalog.
    #[error("the snapshot was made with another catalog")]
    OtherCatalog,
    /// The snapshot has content that no release writes.
    #[error("the snapshot is invalid: {what}")]
    Malformed {
        /// What is wrong.
        what: &'static str,
    },
}

impl SnapshotError {
    /// Returns a stable name of this error for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::OtherRelease { .. } => "snapshot.other-release",
            Self::Damaged => "snapshot.damaged",
            Self::OtherTenant { .. } => "snapshot.other-tenant",
            Self::OtherCatalog => "snapshot.other-catalog",
            Self::Malformed { .. } => "snapshot.malformed",
        }
    }
}

fn malformed(what: &'static str) -> SnapshotError {
    SnapshotError::Malformed { what }
}

/// The content of a snapshot.
///
/// Plans are numbered as in the catalog, then plans that it does not know by their ids. Users are
/// numbered by their first claim, plan by plan in queue order, then users without claims by their
/// ids. So equal tenants have equal snapshots.
#[derive(Serialize, Deserialize)]
struct Body<'a> {
    tenant: &'a str,
    /// The SHA-256 of the offer as JSON.
    catalog: [u8; 32],
    position: u64,
    /// The latest event time recorded before each time ticket, in seconds; `open` is that after the
    /// last ticket.
    epochs: Vec<i64>,
    open: i64,
    documents: Vec<DocumentRow>,
    sign_ups_are_off: bool,
    #[serde(borrow)]
    trials: Vec<TrialRow<'a>>,
    /// The ids of the plans that the catalog does not know.
    unknown_plans: Vec<&'a str>,
    /// The length of each user's id, in two bytes, little endian.
    #[serde(borrow)]
    lengths: Cow<'a, [u8]>,
    /// The ids of all users, without separators.
    users: &'a str,
    #[serde(borrow)]
    queues: Vec<QueueRow<'a>>,
    groups: Vec<GroupRow<'a>>,
    /// The users who have more than direct claims with all apps: denied apps, or groups; by number.
    extra_users: Vec<UserRow<'a>>,
    consumption: Vec<ConsumptionRow<'a>>,
}

/// A document: the kind that the command named, the number of its event, and its text.
#[derive(Serialize, Deserialize)]
struct DocumentRow(Installed, u64, String);

#[derive(Serialize, Deserialize)]
struct TrialRow<'a> {
    license: u128,
    plan: &'a str,
    started: RecordedAtRow,
    extended: Vec<RecordedAtRow>,
}

/// When something was recorded: the number of tickets before, the time in seconds, the number of
/// documents.
#[derive(Serialize, Deserialize)]
struct RecordedAtRow(usize, i64, usize);

/// The queue of a plan.
#[derive(Serialize, Deserialize)]
struct QueueRow<'a> {
    plan: usize,
    /// Runs of claims: how many are the first of their users, who are the next by number, and how
    /// many after them are not; and so on.
    runs: Vec<(u64, u64)>,
    /// The number of each user whose claim is not their first, in four bytes, little endian.
    #[serde(borrow)]
    later: Cow<'a, [u8]>,
    /// The events of the claims, in order: each with the number of its claims.
    events: Vec<(u64, u64)>,
}

/// Returns a checksum, which shows whether bytes are those that were written, but not who wrote
/// them.
fn checksum(body: &[u8]) -> [u8; 16] {
    XxHash3_128::oneshot(body).to_le_bytes()
}

/// An assignment: a plan, and the apps that are off.
#[derive(Serialize, Deserialize)]
struct AssignedRow<'a>(usize, #[serde(borrow)] Vec<&'a str>);

#[derive(Serialize, Deserialize)]
struct GroupRow<'a> {
    id: &'a str,
    #[serde(borrow)]
    plans: Vec<AssignedRow<'a>>,
}

#[derive(Serialize, Deserialize)]
struct UserRow<'a> {
    user: u32,
    /// The groups of the user, by their indexes in the list of groups.
    groups: Vec<usize>,
    #[serde(borrow)]
    direct: Vec<AssignedRow<'a>>,
}

/// The consumption of a plan in a month, in millionths.
#[derive(Serialize, Deserialize)]
struct ConsumptionRow<'a> {
    plan: usize,
    /// The start of the month, in seconds.
    month: i64,
    total: u64,
    #[serde(borrow)]
    consumers: Vec<(&'a str, u64)>,
    ids: Vec<&'a str>,
}
