//! The hash of a catalog, by which hosts name what depends on it.

use alloc::vec::Vec;
use core::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::catalog::Catalog;

/// The SHA-256 of an offer as JSON: equal catalogs of one release have equal hashes. It names what
/// a host derived from a catalog, such as a cache; no decision depends on it.
///
/// Its text form is 43 characters of unpadded base64url.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CatalogHash([u8; 32]);

impl Catalog {
    /// Returns the hash of the catalog. `O(n)` in the offer.
    #[must_use]
    pub fn hash(&self) -> CatalogHash {
        // An offer always serializes.
        let text: Vec<u8> = serde_json::to_vec(self.offer()).unwrap_or_default();
        CatalogHash(Sha256::digest(text).into())
    }
}

#[cfg(feature = "answers")]
impl CatalogHash {
    /// Parses the text form. `None` for another text.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        // A longer text has more than 32 bytes, which do not fit; a shorter one has fewer.
        matches!(URL_SAFE_NO_PAD.decode_slice(text, &mut bytes), Ok(32)).then_some(Self(bytes))
    }
}

impl fmt::Display for CatalogHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for CatalogHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CatalogHash({self})")
    }
}
