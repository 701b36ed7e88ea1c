//! Revocation lists: their payload, and verified lists.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::num::NonZeroU32;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::collections::sorted::sorted;
use crate::document::object;
use crate::id::PublisherId;
use crate::key::KeyId;
use crate::license::deal::Deal;
use crate::license::revocation::{LicenseHash, MAX_REVOCATIONS, Revocation, RevocationListDraft};
use crate::time::End;
use crate::time::instant::{self, Instant};
use crate::token::claims::Absent;

/// The claims of a revocation list in the order in which they are serialized.
#[derive(Serialize)]
pub(crate) struct ListClaims {
    iss: PublisherId,
    sequence: NonZeroU32,
    #[serde(with = "instant")]
    iat: DateTime<Utc>,
    entries: Vec<Revocation>,
    #[serde(skip_serializing)]
    #[expect(dead_code, reason = "known for the sake of its error")]
    exp: Absent,
    #[serde(skip_serializing)]
    #[expect(dead_code, reason = "known for the sake of its error")]
    nbf: Absent,
}
object! {
    ListClaims, "the claims of a revocation list" => {
        iss,
        sequence,
        iat: Instant,
        entries,
        exp = Absent,
        nbf = Absent,
    }
}

impl From<&RevocationListDraft> for ListClaims {
    fn from(list: &RevocationListDraft) -> Self {
        let RevocationListDraft { publisher, sequence, issued, entries } = list.clone();
        Self { iss: publisher, sequence, iat: issued, entries, exp: Absent, nbf: Absent }
    }
}

impl From<ListClaims> for RevocationListDraft {
    fn from(claims: ListClaims) -> Self {
        let ListClaims { iss, sequence, iat, entries, .. } = claims;
        Self { publisher: iss, sequence, issued: iat, entries }
    }
}

/// A verified [`RevocationListDraft`], signed by a key that the host trusts for lists.
///
/// Only [`KeyRing::verify_list`](crate::KeyRing::verify_list) makes one. It has no default:
///
/// ```compile_fail,E0277
/// fn from_nothing<T: Default>() -> T { T::default() }
/// let list: entitle::token::RevocationList = from_nothing();
/// ```
///
/// it cannot be deserialized:
///
/// ```compile_fail,E0277
/// let list: entitle::token::RevocationList = serde_json::from_str("{}").unwrap();
/// ```
///
/// and it cannot be constructed:
///
/// ```compile_fail,E0423
/// fn forge(draft: entitle::license::RevocationListDraft, key: entitle::token::KeyId) {
///     let list = entitle::token::RevocationList(draft);
/// }
/// ```
#[derive(Debug, Clone)]
pub struct RevocationList {
    inner: Arc<Inner>,
    key: KeyId,
}

#[derive(Debug)]
struct Inner {
    draft: RevocationListDraft,
    /// The licenses that end, each with the index of its entry; sorted.
    licenses: Vec<(LicenseHash, usize)>,
    /// The keys that end, each with the instant; sorted.
    keys: Vec<(KeyId, DateTime<Utc>)>,
}

impl RevocationList {
    /// Makes the list. Only the code that verifies tokens may call it. Entries of keys that no list
    /// can revoke do not count.
    pub(crate) fn proved(draft: RevocationListDraft, key: KeyId, is_revocable: impl Fn(KeyId) -> bool) -> Self {
        let (mut licenses, mut keys) = (Vec::new(), Vec::new());
        for (place, entry) in draft.entries.iter().enumerate() {
            match entry {
                Revocation::License(revoked) => licenses.push((revoked.license, place)),
                Revocation::Key(revoked) if is_revocable(revoked.key) => keys.push((revoked.key, revoked.from)),
                Revocation::Key(_) => {}
            }
        }
        let (licenses, keys) = (sorted(licenses), sorted(keys));
        Self { inner: Arc::new(Inner { draft, licenses, keys }), key }
    }

    /// Returns the content of the list.
    #[must_use]
    pub fn revocations(&self) -> &RevocationListDraft {
        &self.inner.draft
    }

    /// Returns the id of the key that signed it.
    #[must_use]
    pub fn key(&self) -> KeyId {
        self.key
    }

    /// Returns the instant from which this list revokes a license that `key` signed.
    pub(crate) fn ends(&self, deal: &Deal, key: KeyId) -> End {
        let Inner { draft, licenses, .. } = &*self.inner;
        let hash = LicenseHash::of(deal.id);
        let of_license = licenses.iter().skip(licenses.partition_point(|&(each, _)| each < hash));
        let of_license = of_license.take_while(|&&(each, _)| each == hash).filter_map(|&(_, place)| {
            let Revocation::License(revoked) = draft.entries.get(place)? else { return None };
            (deal.revision <= revoked.through).then_some(revoked.from)
        });
        of_license.min().map_or(End::Never, End::At).min(self.ends_key(key))
    }

    /// Returns the instant from which this list revokes a key.
    pub(crate) fn ends_key(&self, key: KeyId) -> End {
        let keys = &self.inner.keys;
        // The entries are sorted, so the first entry of a key is its earliest.
        let of_key = keys.get(keys.partition_point(|&(each, _)| each < key)).filter(|&&(each, _)| each == key);
        of_key.map_or(End::Never, |&(_, from)| End::At(from))
    }
}

/// Returns whether a list has at most [`MAX_REVOCATIONS`] entries.
pub(crate) fn is_short(list: &RevocationListDraft) -> bool {
    list.entries.len() <= MAX_REVOCATIONS
}
