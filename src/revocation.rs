//! What is said of licenses and keys that have ended before their time (X5).

use alloc::vec::Vec;
use core::fmt;
use core::num::NonZeroU32;
use core::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use blake2::digest::consts::U32;
use blake2::{Blake2b, Digest};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::id::{LicenseId, PublisherId};
use crate::key::KeyId;
use crate::strict_serde::{one_reading, serde_as_text};
use crate::time::{instant, whole_second};

/// The most entries of a list: what fits in a token.
pub const MAX_REVOCATIONS: usize = 20_000;

/// A publisher's list of what has ended: the content of a revocation list before it is signed.
///
/// A list replaces the one before of the same key as a whole, so it repeats what is still to be ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RevocationListDraft {
    /// Whose licenses and keys.
    pub publisher: PublisherId,
    /// Counts the lists of a key from 1 and never goes back.
    pub sequence: NonZeroU32,
    /// When the list was made out; a license may ask for one that is not too old.
    pub issued: DateTime<Utc>,
    /// What has ended, at most [`MAX_REVOCATIONS`] entries.
    pub entries: Vec<Revocation>,
}

impl RevocationListDraft {
    /// A list without entries: it says that nothing has ended, and is as fresh as any.
    #[must_use]
    pub fn new(publisher: PublisherId, sequence: NonZeroU32, issued: DateTime<Utc>) -> Self {
        Self { publisher, sequence, issued: whole_second(issued), entries: Vec::new() }
    }

    /// The list with one more entry.
    #[must_use]
    pub fn with(mut self, entry: Revocation) -> Self {
        self.entries.push(entry);
        self
    }
}

/// What has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum Revocation {
    /// A license.
    License(RevokedLicense),
    /// A key, with all that it signed.
    Key(RevokedKey),
}

/// A license that has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
#[non_exhaustive]
pub struct RevokedLicense {
    /// Which license: a hash of its random id, so that no customer can be guessed from the list.
    pub license: LicenseHash,
    /// Its revisions up to and including this one.
    pub through: NonZeroU32,
    /// From this instant on.
    #[serde(with = "instant")]
    pub from: DateTime<Utc>,
}

impl RevokedLicense {
    /// A license, up to and including a revision, from an instant on.
    #[must_use]
    pub fn new(license: LicenseId, through: NonZeroU32, from: DateTime<Utc>) -> Self {
        Self { license: LicenseHash::of(license), through, from: whole_second(from) }
    }
}

/// A key that has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
#[non_exhaustive]
pub struct RevokedKey {
    /// Which key.
    pub key: KeyId,
    /// From this instant on.
    #[serde(with = "instant")]
    pub from: DateTime<Utc>,
}

impl RevokedKey {
    /// A key, from an instant on.
    #[must_use]
    pub fn new(key: KeyId, from: DateTime<Utc>) -> Self {
        Self { key, from: whole_second(from) }
    }
}

/// Stands for a license in a list: a hash of its id, whose 128 random bits cannot be guessed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LicenseHash([u8; 32]);

impl LicenseHash {
    /// BLAKE2b-256 of `entitle.revoked.license.` and the id as 32 hexadecimal digits.
    #[must_use]
    pub fn of(license: LicenseId) -> Self {
        let text = alloc::format!("entitle.revoked.license.{license}");
        Self(Blake2b::<U32>::digest(text).into())
    }
}

/// A text is not a hash of a license.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not 32 bytes in base64url without padding")]
pub struct ParseHashError;

impl ParseHashError {
    /// A stable name of this error for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "revocation.not-a-hash"
    }
}

impl FromStr for LicenseHash {
    type Err = ParseHashError;

    fn from_str(text: &str) -> Result<Self, ParseHashError> {
        // Refused by length first: 43 characters encode 32 bytes.
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
one_reading!(Revocation, RevokedLicense, RevokedKey);
