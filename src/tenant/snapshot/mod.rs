//! The snapshot: a tenant at one position as bytes, so that a start does not replay years.
//!
//! It is a cache. One of another release, catalog or tenant, or with a flipped bit, is refused, and the record rebuilds it.
//! Nothing in it is trusted: its documents are verified again, claims and seats are worked out again from what it says of
//! users, and it gives no more than a record could.
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
use crate::tenant::documents::Installed;

#[cfg(test)]
mod forged;
mod lines;
mod read;
mod write;

/// The release that wrote a snapshot is the only one that reads it. The number after it is another whenever the fields are,
/// also between releases.
const RELEASE: &str = concat!("entitle.snapshot ", env!("CARGO_PKG_VERSION"), " 3\n");

/// Why bytes are not a snapshot that this tenant can go on from. The record rebuilds it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// It does not begin as the snapshots of this release do.
    #[error("the snapshot begins with `{}`: only one of `{}` is read here", found.escape_debug(), RELEASE.trim_end())]
    OtherRelease {
        /// Its beginning.
        found: String,
    },
    /// Its bytes are not those that were written.
    #[error("the snapshot is damaged: its checksum is another")]
    Damaged,
    /// It is another tenant's.
    #[error("the snapshot is of the tenant `{}`, not of `{ours}`", found.escape_debug())]
    OtherTenant {
        /// The tenant in it.
        found: String,
        /// The tenant that was asked for.
        ours: TenantId,
    },
    /// It was written with another catalog.
    #[error("the snapshot was made with another catalog")]
    OtherCatalog,
    /// It holds what no release writes.
    #[error("the snapshot is none: {what}")]
    Malformed {
        /// What is wrong.
        what: &'static str,
    },
}

impl SnapshotError {
    /// A stable name of this error for programs and translations.
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

/// What a snapshot says. Plans are numbered as in the catalog, then come those that it does not know, by their ids; users by
/// their first claim, plan by plan in the order of the lines, then come those who have none, by their ids. So two tenants
/// of which everything is the same have the same snapshot.
#[derive(Serialize, Deserialize)]
struct Body<'a> {
    tenant: &'a str,
    /// The SHA-256 of the offer as JSON.
    catalog: [u8; 32],
    position: u64,
    /// The latest recorded time before each time ticket, in seconds, and that after the last.
    epochs: Vec<i64>,
    open: i64,
    documents: Vec<DocumentRow>,
    sign_ups_are_off: bool,
    #[serde(borrow)]
    trials: Vec<TrialRow<'a>>,
    /// The ids of the plans that the catalog does not know.
    strangers: Vec<&'a str>,
    /// How long the id of each user is, in two bytes, little endian.
    #[serde(borrow)]
    lengths: Cow<'a, [u8]>,
    /// The ids of all users, one right after the other.
    users: &'a str,
    #[serde(borrow)]
    lines: Vec<LineRow<'a>>,
    groups: Vec<GroupRow<'a>>,
    /// The users of whom there is more to say than that all their claims are direct, with all apps, and that they are in no
    /// group; by number.
    others: Vec<UserRow<'a>>,
    draws: Vec<DrawnRow<'a>>,
}

/// A document: what it was taken in as, the number of the event that holds it, and its text.
#[derive(Serialize, Deserialize)]
struct DocumentRow(Installed, u64, String);

#[derive(Serialize, Deserialize)]
struct TrialRow<'a> {
    license: u128,
    plan: &'a str,
    started: StampRow,
    extended: Vec<StampRow>,
}

/// When something was recorded: after so many tickets, at this time in seconds, with so many documents.
#[derive(Serialize, Deserialize)]
struct StampRow(usize, i64, usize);

/// The line of a plan.
#[derive(Serialize, Deserialize)]
struct LineRow<'a> {
    plan: usize,
    /// How many claims in a row are the first of their users, who are the next by number, and how many after them are
    /// not; and so on.
    runs: Vec<(u64, u64)>,
    /// The number of each user whose claim is not their first, in four bytes, little endian.
    #[serde(borrow)]
    again: Cow<'a, [u8]>,
    /// The event of each claim that is not of the event before, with how many claims are of it.
    events: Vec<(u64, u64)>,
}

/// A checksum, which says whether bytes are those that were written; who wrote them, it does not.
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
    /// By their places in the list of groups.
    groups: Vec<usize>,
    #[serde(borrow)]
    direct: Vec<AssignedRow<'a>>,
}

/// What was drawn from a plan in a month, in millionths.
#[derive(Serialize, Deserialize)]
struct DrawnRow<'a> {
    plan: usize,
    /// An instant of the month, in seconds.
    month: i64,
    total: u64,
    #[serde(borrow)]
    things: Vec<(&'a str, u64)>,
    ids: Vec<&'a str>,
}
