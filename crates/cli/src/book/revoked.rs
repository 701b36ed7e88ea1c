//! Whom a revocation list revokes, as far as a book knows the licenses.

use core::fmt;
use core::num::NonZeroU32;
use std::collections::{BTreeMap, BTreeSet};

use entitle::chrono::{DateTime, Utc};
use entitle::license::{LicenseHash, Licensee, Revocation};
use entitle::token::KeyId;
use entitle::{Deal, LicenseId};
use serde_json::{Value, json};

use super::content::Content;
use super::selector::short;
use crate::instant::{Instant, day};

/// The names of the licenses that lists can revoke: lists have their hashes alone.
#[derive(Debug, Default)]
pub(crate) struct LicenseNames<'a> {
    /// The latest revisions of the book.
    deals: BTreeMap<LicenseHash, &'a Deal>,
    /// Ids that are known without a book.
    ids: BTreeMap<LicenseHash, LicenseId>,
}

/// An entry of a list, in words.
#[derive(Debug)]
pub(crate) struct RevokedName {
    text: String,
    /// Whether the list before did not have it.
    pub(crate) is_new: bool,
    pub(crate) json: Value,
}

/// What identifies an entry: the license and its last revision, or the key, and from when on.
type Extent = (Option<(LicenseHash, NonZeroU32)>, Option<KeyId>, DateTime<Utc>);

impl<'a> LicenseNames<'a> {
    /// Returns the names of the licenses of a book, if there is one. `O(n log n)` in its licenses.
    pub(crate) fn of(book: Option<&'a Content>) -> Self {
        let mut deals = BTreeMap::new();
        for (_, license) in book.into_iter().flat_map(Content::licenses) {
            let known = deals.entry(LicenseHash::of(license.deal().id)).or_insert_with(|| license.deal());
            if known.revision < license.deal().revision {
                *known = license.deal();
            }
        }
        Self { deals, ids: BTreeMap::new() }
    }

    /// Returns the same names, with the ids of licenses that a book may not have.
    pub(crate) fn with_ids(self, ids: impl IntoIterator<Item = LicenseId>) -> Self {
        Self { ids: ids.into_iter().map(|id| (LicenseHash::of(id), id)).collect(), ..self }
    }

    /// Returns the entries of a list in words, in their order; those that the list before had are not new.
    /// `O(n log n)` in them.
    pub(crate) fn name(&self, entries: &[Revocation], before: &[Revocation]) -> Vec<RevokedName> {
        let before: BTreeSet<Extent> = before.iter().map(extent).collect();
        entries.iter().map(|entry| self.name_one(entry, !before.contains(&extent(entry)))).collect()
    }

    fn name_one(&self, entry: &Revocation, is_new: bool) -> RevokedName {
        match entry {
            Revocation::License(revoked) => {
                let (hash, from) = (revoked.license, revoked.from);
                let deal = self.deals.get(&hash);
                let id = deal.map(|deal| deal.id).or_else(|| self.ids.get(&hash).copied());
                let customer = deal.map(|deal| match &deal.licensee {
                    Licensee::Tenant(customer) => customer.name.as_str(),
                    Licensee::Anyone => "anyone",
                });
                let name = match (customer, id) {
                    (Some(customer), Some(id)) => format!("{customer} ({})", short(id)),
                    (_, Some(id)) => format!("license {id}"),
                    (_, None) => format!("the license with the hash {hash}"),
                };
                let (revisions, through) = match revoked.through {
                    NonZeroU32::MAX => ("all revisions".to_string(), None),
                    through => (format!("revisions up to {through}"), Some(through)),
                };
                RevokedName {
                    text: format!("{name}, {revisions}, from {} on", day(from)),
                    is_new,
                    json: json!({ "license": id, "hash": hash, "customer": customer, "through": through, "from": Instant(from), "is_new": is_new }),
                }
            }
            Revocation::Key(revoked) => RevokedName {
                text: format!("key {} with all that it signed, from {} on", revoked.key, day(revoked.from)),
                is_new,
                json: json!({ "key": revoked.key, "from": Instant(revoked.from), "is_new": is_new }),
            },
        }
    }
}

impl fmt::Display for RevokedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn extent(entry: &Revocation) -> Extent {
    match entry {
        Revocation::License(revoked) => (Some((revoked.license, revoked.through)), None, revoked.from),
        Revocation::Key(revoked) => (None, Some(revoked.key), revoked.from),
    }
}
