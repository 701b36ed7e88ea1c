//! A revocation list: its payload, and what is proved of one.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::num::NonZeroU32;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::deal::Deal;
use crate::id::PublisherId;
use crate::key::KeyId;
use crate::revocation::{LicenseHash, MAX_REVOCATIONS, Revocation, RevocationListDraft};
use crate::sorted::sorted;
use crate::strict_serde::one_reading;
use crate::time::{End, instant};
use crate::token::claims::Absent;

/// The claims of a revocation list, in the order in which they are written.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields, expecting = "the claims of a revocation list")]
pub(crate) struct ListClaims {
    iss: PublisherId,
    sequence: NonZeroU32,
    #[serde(with = "instant")]
    iat: DateTime<Utc>,
    entries: Vec<Revocation>,
    #[serde(default, skip_serializing)]
    exp: Absent,
    #[serde(default, skip_serializing)]
    nbf: Absent,
}
one_reading!(ListClaims);

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

/// A revocation list: [`RevocationListDraft`] that came out of a token under a key that the host trusts for them.
///
/// The only way to one is [`KeyRing::verify_list`](crate::KeyRing::verify_list). It cannot be made from nothing:
///
/// ```compile_fail,E0277
/// fn from_nothing<T: Default>() -> T { T::default() }
/// let list: entitle::RevocationList = from_nothing();
/// ```
///
/// nor read from data:
///
/// ```compile_fail,E0277
/// let list: entitle::RevocationList = serde_json::from_str("{}").unwrap();
/// ```
///
/// nor written down:
///
/// ```compile_fail,E0423
/// # fn forge(said: entitle::RevocationListDraft, key: entitle::KeyId) {
/// let list = entitle::RevocationList(said);
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct RevocationList {
    proven: Arc<Inner>,
    key: KeyId,
}

#[derive(Debug)]
struct Inner {
    said: RevocationListDraft,
    /// The licenses that end, each with the place of its entry; sorted.
    licenses: Vec<(LicenseHash, usize)>,
    /// The keys that end, each with when; sorted.
    keys: Vec<(KeyId, DateTime<Utc>)>,
}

impl RevocationList {
    /// Called where verifying has succeeded, and nowhere else. Entries of keys that no list can revoke do not count.
    pub(crate) fn proved(said: RevocationListDraft, key: KeyId, is_revocable: impl Fn(KeyId) -> bool) -> Self {
        let (mut licenses, mut keys) = (Vec::new(), Vec::new());
        for (place, entry) in said.entries.iter().enumerate() {
            match entry {
                Revocation::License(revoked) => licenses.push((revoked.license, place)),
                Revocation::Key(revoked) if is_revocable(revoked.key) => keys.push((revoked.key, revoked.from)),
                Revocation::Key(_) => {}
            }
        }
        let (licenses, keys) = (sorted(licenses), sorted(keys));
        Self { proven: Arc::new(Inner { said, licenses, keys }), key }
    }

    /// What the publisher says.
    #[must_use]
    pub fn revocations(&self) -> &RevocationListDraft {
        &self.proven.said
    }

    /// Which key signed it.
    #[must_use]
    pub fn key(&self) -> KeyId {
        self.key
    }

    /// From when on a license that `key` signed gives nothing by this list.
    pub(crate) fn ends(&self, deal: &Deal, key: KeyId) -> End {
        let Inner { said, licenses, keys } = &*self.proven;
        let hash = LicenseHash::of(deal.id);
        let of_license = licenses.iter().skip(licenses.partition_point(|&(each, _)| each < hash));
        let of_license = of_license.take_while(|&&(each, _)| each == hash).filter_map(|&(_, place)| {
            let Revocation::License(revoked) = said.entries.get(place)? else { return None };
            (deal.revision <= revoked.through).then_some(revoked.from)
        });
        // The first entry of a key is its earliest.
        let of_key = keys.get(keys.partition_point(|&(each, _)| each < key)).filter(|&&(each, _)| each == key);
        of_license.chain(of_key.map(|&(_, from)| from)).min().map_or(End::Never, End::At)
    }
}

/// Whether a list has no more entries than one may have.
pub(crate) fn is_short(list: &RevocationListDraft) -> bool {
    list.entries.len() <= MAX_REVOCATIONS
}
