//! The head of a record: the number and the hash of its latest entry (X7).

use core::fmt;
use core::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::document::serde_as_text;
use crate::id::excerpt;
use crate::message::messages;
use crate::message::value::values;

/// The hash of an entry: the SHA-256 ([FIPS 180-4](https://doi.org/10.6028/NIST.FIPS.180-4)) of its
/// text, without a line feed.
///
/// Its text form is 43 characters of unpadded base64url ([RFC
/// 4648](https://www.rfc-editor.org/rfc/rfc4648#section-5)).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryHash([u8; 32]);

impl EntryHash {
    /// Returns the hash of the text of an entry. `O(n)` in its length.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    /// Returns a hash that a store keeps as bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns the 32 bytes of the hash, for a store.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 32] {
        self.0
    }
}

/// A text that is not the hash of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub struct ParseEntryHashError {
    /// The text, cut if it is long.
    pub text: alloc::string::String,
}

messages! {
    ParseEntryHashError;
    Self { text } => "entry.not-a-hash", "{text} is not the hash of an entry: 43 characters of base64url", text;
}

impl FromStr for EntryHash {
    type Err = ParseEntryHashError;

    fn from_str(text: &str) -> Result<Self, ParseEntryHashError> {
        let mut bytes = [0; 32];
        // A longer text has more than 32 bytes, which do not fit; a shorter one has fewer.
        match URL_SAFE_NO_PAD.decode_slice(text, &mut bytes) {
            Ok(32) => Ok(Self(bytes)),
            _ => Err(ParseEntryHashError { text: excerpt(text) }),
        }
    }
}

impl fmt::Display for EntryHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0; 43];
        // 32 bytes are 43 characters, so the text is whole.
        let len = URL_SAFE_NO_PAD.encode_slice(self.0, &mut text).unwrap_or(0);
        f.pad(text.get(..len).and_then(|text| core::str::from_utf8(text).ok()).unwrap_or_default())
    }
}

impl fmt::Debug for EntryHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EntryHash({self})")
    }
}

serde_as_text!(EntryHash);
values! { Hash: EntryHash, Head }

/// The number and the hash of the latest entry of a record.
///
/// Two records of one tenant with the same head are the same record (X7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Head {
    number: u64,
    hash: EntryHash,
}

impl Head {
    /// Returns the head with this number and hash, as a store keeps it.
    #[must_use]
    pub const fn new(number: u64, hash: EntryHash) -> Self {
        Self { number, hash }
    }

    /// Returns the number of the latest entry; 0 for a record that was only begun.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.number
    }

    /// Returns the hash of the latest entry.
    #[must_use]
    pub const fn hash(self) -> EntryHash {
        self.hash
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.number, self.hash)
    }
}
