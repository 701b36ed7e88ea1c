//! The snapshot: answers what a tenant is at one position, as bytes, so that a start does not
//! replay years.
//!
//! Takes a tenant to write; a catalog, a key ring, a tenant id and bytes to read. It must not know
//! where snapshots are stored; it is a cache, and must trust nothing in it.
//!
//! A snapshot of another format or tenant, or with a flipped bit, is refused, and the record
//! rebuilds the tenant. Its documents are verified again, claims and seats are derived again from
//! its users, and it gives no more than a record could. Its plans are named by their ids, so it
//! restores under another catalog as [`Tenant::rebase`](crate::Tenant::rebase) would (X11).
//!
//! ```text
//! entitle.snapshot 4⏎       the number of its format
//! 16 bytes                  XXH3, 128 bits, of what follows, little endian
//! the rest                  the fields of Body in their order, in the encoding of postcard 1
//!
//! entitle.snapshot 4 keyed⏎ with a key of the host's
//! 32 bytes                  BLAKE2b under the key, 256 bits, of what follows
//! the rest                  as above, with the checkpoints that the record was proved to contain
//! ```

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use thiserror::Error;

use crate::id::TenantId;
use crate::message::{Value, messages};
use crate::tenant::state::stored_document::Installed;

mod key;

mod queues;
mod write;

mod plan_rows;

mod user_rows;

mod read;

pub use key::SnapshotKey;

#[cfg(test)]
mod forged;

/// The number of the format of snapshots, for hosts that name snapshots by it: one of another
/// format is refused, and the record rebuilds the tenant.
pub const SNAPSHOT_FORMAT: u32 = 4;

/// The first line of a snapshot with a checksum.
const PLAIN: &str = "entitle.snapshot 4\n";
/// The first line of a snapshot with a key.
const KEYED: &str = "entitle.snapshot 4 keyed\n";

/// Why a tenant cannot be restored from these bytes. The record rebuilds it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// The bytes do not begin like a snapshot of this format.
    OtherFormat {
        /// The beginning of the bytes.
        found: String,
    },
    /// The bytes are not those that were written.
    Damaged,
    /// The snapshot is of another tenant.
    OtherTenant {
        /// The tenant of the snapshot.
        found: String,
        /// The tenant that was requested.
        ours: TenantId,
    },
    /// The snapshot was made with a key, and none was given.
    Keyed,
    /// The snapshot was made without a key, and one was given.
    NotKeyed,
    /// The snapshot was not made with the given key, or was changed since.
    OtherKey,
    /// The snapshot has content that no release writes.
    Malformed {
        /// What is wrong.
        what: &'static str,
    },
}

messages! {
    SnapshotError;
    Self::OtherFormat { found } => "snapshot.other-format",
        "the snapshot begins with {found}: only `{wanted}` is read here",
        found, wanted = Value::Literal(PLAIN.trim_end().into());
    Self::Damaged => "snapshot.damaged", "the snapshot is damaged: its checksum differs";
    Self::OtherTenant { found, ours } => "snapshot.other-tenant",
        "the snapshot is of the tenant {found}, not of {ours}", found, ours;
    Self::Keyed => "snapshot.keyed", "the snapshot was made with a key: restore it with that key";
    Self::NotKeyed => "snapshot.not-keyed", "the snapshot was made without a key: anybody could have made it";
    Self::OtherKey => "snapshot.other-key", "the snapshot was not made with this key, or was changed since";
    Self::Malformed { what } => "snapshot.malformed", "the snapshot is invalid: {what}",
        what = Value::Detail((*what).into());
}

fn malformed(what: &'static str) -> SnapshotError {
    SnapshotError::Malformed { what }
}

/// The content of a snapshot.
///
/// Plans are listed in the order of the catalog, then plans that it does not know by their ids; a
/// plan that only documents name is not listed. Users are
/// numbered by their first claim, plan by plan in queue order, then users without claims by their
/// ids. So equal tenants have equal snapshots.
#[derive(Serialize, Deserialize)]
struct Body<'a> {
    tenant: &'a str,
    record: u128,
    position: u64,
    /// The hash of the latest entry.
    hash: [u8; 32],
    /// The checkpoints that the record was proved to contain, each with the latest event time that
    /// counts there, in seconds; empty without a key.
    contained: Vec<(String, i64)>,
    /// The latest event time recorded before each time ticket, in seconds; `open` is that after the
    /// last ticket.
    epochs: Vec<i64>,
    open: i64,
    documents: Vec<DocumentRow>,
    sign_ups_are_off: bool,
    /// The plans of which users may claim seats by themselves.
    claimable: Vec<PlanRow>,
    #[serde(borrow)]
    trials: Vec<TrialRow<'a>>,
    /// The ids of the plans that the rows name.
    #[serde(borrow)]
    plans: Vec<&'a str>,
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

/// The index of a plan in the list of plans of a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct PlanRow(usize);

/// The queue of a plan.
#[derive(Serialize, Deserialize)]
struct QueueRow<'a> {
    plan: PlanRow,
    /// Runs of claims: how many are the first of their users, who are the next by number, and how
    /// many after them are not; and so on.
    runs: Vec<(u64, u64)>,
    /// The number of each user whose claim is not their first, in four bytes, little endian.
    #[serde(borrow)]
    later: Cow<'a, [u8]>,
    /// The events of the claims, in order: each with the number of its claims.
    events: Vec<(u64, u64)>,
}

/// An assignment: a plan, and the apps that are off.
#[derive(Serialize, Deserialize)]
struct AssignedRow<'a>(PlanRow, #[serde(borrow)] Vec<&'a str>);

#[derive(Serialize, Deserialize)]
struct GroupRow<'a> {
    id: &'a str,
    #[serde(borrow)]
    plans: Vec<AssignedRow<'a>>,
}

#[derive(Serialize, Deserialize)]
struct UserRow<'a> {
    user: u32,
    /// The groups of the user, by their indexes in the list of groups; one for most.
    groups: SmallVec<[usize; 1]>,
    #[serde(borrow)]
    direct: Vec<AssignedRow<'a>>,
}

/// The consumption of a plan in a month, in millionths.
#[derive(Serialize, Deserialize)]
struct ConsumptionRow<'a> {
    plan: PlanRow,
    /// The start of the month, in seconds.
    month: i64,
    total: u64,
    #[serde(borrow)]
    consumers: Vec<(&'a str, u64)>,
    ids: Vec<&'a str>,
}
