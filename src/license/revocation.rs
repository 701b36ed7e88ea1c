//! The content of revocation lists: licenses and keys that end early (X5).

use alloc::vec::Vec;
use core::cmp::Reverse;
use core::fmt;
use core::num::NonZeroU32;
use core::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use blake2::digest::consts::U32;
use blake2::{Blake2b, Digest};
use chrono::{DateTime, Utc};
use serde::Serialize;
use thiserror::Error;

use crate::collections::sorted::sorted;
use crate::document::{choice, object, serde_as_text};
use crate::id::{LicenseId, PublisherId};
use crate::key::KeyId;
use crate::message::messages;
use crate::message::value::values;
use crate::time::instant::{self, Instant};
use crate::time::whole_second;

/// The largest number of entries in a list: as many as fit in a token (X8).
pub const MAX_REVOCATIONS: usize = 20_000;

/// The content of a revocation list before it is signed.
///
/// A list replaces the previous list of the same key as a whole, so it repeats all entries that
/// still apply.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RevocationListDraft {
    /// The publisher of the licenses and keys.
    pub publisher: PublisherId,
    /// The number of the list, counted for each signing key from 1. It never decreases.
    pub sequence: NonZeroU32,
    /// The issue date. A license can require a list that is recent enough.
    pub issued: DateTime<Utc>,
    /// The entries, at most [`MAX_REVOCATIONS`].
    pub entries: Vec<Revocation>,
}

impl RevocationListDraft {
    /// Returns a list without entries. It revokes nothing, and counts as a recent list like any
    /// other.
    #[must_use]
    pub fn new(publisher: PublisherId, sequence: NonZeroU32, issued: DateTime<Utc>) -> Self {
        Self { publisher, sequence, issued: whole_second(issued), entries: Vec::new() }
    }

    /// Returns the next list of the same key. It repeats what this one ends, since it replaces it as
    /// a whole: an entry that is left out would have its license or key count again (X5). An entry
    /// that another one covers, ending the same no later, is not repeated. `O(n log n)` in
    /// the entries.
    ///
    /// The list of a [`RevocationList`](crate::token::RevocationList) that was signed before is
    /// [`revocations`](crate::token::RevocationList::revocations).
    ///
    /// # Errors
    ///
    /// [`LastListError`] after list 4,294,967,295.
    pub fn next(&self, issued: DateTime<Utc>) -> Result<Self, LastListError> {
        let sequence = self.sequence.checked_add(1).ok_or(LastListError)?;
        let next = Self::new(self.publisher.clone(), sequence, issued);
        Ok(Self { entries: without_covered(&self.entries), ..next })
    }

    /// Returns the list with one more entry.
    #[must_use]
    pub fn with(mut self, entry: Revocation) -> Self {
        self.entries.push(entry);
        self
    }
}

/// Returns the entries, in their order, without those that another one covers: of the same license or
/// key, for no fewer revisions, and from no later on.
fn without_covered(entries: &[Revocation]) -> Vec<Revocation> {
    // Of each license or key the earliest first, and of those at one instant the widest first.
    let order = sorted(entries.iter().enumerate().map(|(place, entry)| (entry.extent(), place)));
    let mut kept: Vec<usize> = Vec::with_capacity(entries.len());
    let mut widest = None;
    for ((ended, _, Reverse(through)), place) in order {
        if widest.is_none_or(|(before, wide)| before != ended || wide < through) {
            widest = Some((ended, through));
            kept.push(place);
        }
    }
    sorted(kept).into_iter().filter_map(|place| entries.get(place).cloned()).collect()
}

/// What an entry ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Ended {
    License(LicenseHash),
    Key(KeyId),
}

/// A key has no list after number 4,294,967,295.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub struct LastListError;

messages! {
    LastListError;
    Self => "revocation.last-list",
        "this key has signed its last possible revocation list: ship a release that trusts another key for lists";
}

/// An entry of a revocation list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Revocation {
    /// A license.
    License(RevokedLicense),
    /// A key with everything that it signed.
    Key(RevokedKey),
}

impl Revocation {
    /// Returns what it ends, from when on, and through which revision; a key with all it signed.
    fn extent(&self) -> (Ended, DateTime<Utc>, Reverse<NonZeroU32>) {
        match self {
            Self::License(revoked) => (Ended::License(revoked.license), revoked.from, Reverse(revoked.through)),
            Self::Key(revoked) => (Ended::Key(revoked.key), revoked.from, Reverse(NonZeroU32::MAX)),
        }
    }
}

/// A license that is revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RevokedLicense {
    /// The hash of the license's random id, so that no customer can be guessed from the list.
    pub license: LicenseHash,
    /// The last revision that is revoked; all earlier ones are revoked too.
    pub through: NonZeroU32,
    /// The instant from which it is revoked.
    #[serde(with = "instant")]
    pub from: DateTime<Utc>,
}

impl RevokedLicense {
    /// Returns the revocation of a license, up to and including a revision, from an instant on.
    #[must_use]
    pub fn new(license: LicenseId, through: NonZeroU32, from: DateTime<Utc>) -> Self {
        Self { license: LicenseHash::of(license), through, from: whole_second(from) }
    }

    /// Returns the revocation of a license in all its revisions, also those to come, from an instant on.
    #[must_use]
    pub fn all_revisions(license: LicenseId, from: DateTime<Utc>) -> Self {
        Self::new(license, NonZeroU32::MAX, from)
    }
}

/// A key that is revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RevokedKey {
    /// The id of the key.
    pub key: KeyId,
    /// The instant from which it is revoked.
    #[serde(with = "instant")]
    pub from: DateTime<Utc>,
}

impl RevokedKey {
    /// Returns the revocation of a key from an instant on.
    #[must_use]
    pub fn new(key: KeyId, from: DateTime<Utc>) -> Self {
        Self { key, from: whole_second(from) }
    }
}

/// The hash of a license id, whose 128 random bits cannot be guessed. Revocation lists name
/// licenses by it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LicenseHash([u8; 32]);

impl LicenseHash {
    /// Returns BLAKE2b-256 of `entitle.revoked.license.` and the id as 32 hexadecimal digits.
    #[must_use]
    pub fn of(license: LicenseId) -> Self {
        let text = alloc::format!("entitle.revoked.license.{license}");
        Self(Blake2b::<U32>::digest(text).into())
    }
}

/// A text that is not a license hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub struct ParseHashError;

messages! {
    ParseHashError;
    Self => "revocation.not-a-hash", "not a license hash: expected 32 bytes in base64url without padding";
}

impl FromStr for LicenseHash {
    type Err = ParseHashError;

    fn from_str(text: &str) -> Result<Self, ParseHashError> {
        // The length is checked first: 43 characters encode 32 bytes.
        let decoded = (text.len() == 43).then(|| URL_SAFE_NO_PAD.decode(text).ok()).flatten();
        decoded.and_then(|bytes| bytes.try_into().ok()).map(Self).ok_or(ParseHashError)
    }
}

impl fmt::Display for LicenseHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for LicenseHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LicenseHash({self})")
    }
}

serde_as_text!(LicenseHash);
values! { Hash: LicenseHash }
choice! { Revocation { "license" => License(RevokedLicense), "key" => Key(RevokedKey) } }
object! { RevokedLicense { license, through, from: Instant } }
object! { RevokedKey { key, from: Instant } }
