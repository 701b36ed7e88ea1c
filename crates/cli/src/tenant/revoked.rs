//! The licenses of a tenant that revocation lists end, and when.

use entitle::chrono::{DateTime, Utc};
use entitle::license::{LicenseHash, Reference, Revocation};
use entitle::query::{DocumentStatus, GrantChange};
use entitle::time::Phase;
use entitle::token::KeyPurpose;
use entitle::{Grant, KeyRing, License, LicenseId, Tenant};
use serde_json::{Value, json};

use super::words::id;
use crate::instant::{Instant, day};
use crate::summary::summarize_grant;

/// A license that lists end.
#[derive(Debug)]
pub(super) struct Revoked<'a> {
    license: &'a License,
    from: DateTime<Utc>,
    /// What it gives until then, each with its phase before.
    grants: Vec<(&'a Grant, Phase)>,
}

/// Returns the first instant from which the lists of a tenant revoke a license, under a ring; none if no
/// list names it or its key. It may have ended before.
pub(super) fn revoked_since(tenant: &Tenant, ring: &KeyRing, license: &License) -> Option<DateTime<Utc>> {
    let hash = LicenseHash::of(license.deal().id);
    let lists = tenant.documents().filter_map(|document| match document.status {
        DocumentStatus::Revokes(list) => Some(list.revocations()),
        _ => None,
    });
    let entries = lists.flat_map(|list| &list.entries);
    let instants = entries.filter_map(|entry| match entry {
        Revocation::License(revoked) => {
            (revoked.license == hash && revoked.through >= license.deal().revision).then_some(revoked.from)
        }
        // No list can revoke a key that is trusted for lists.
        Revocation::Key(revoked) => {
            let is_of_it = revoked.key == license.key() && !ring.trusts(revoked.key, KeyPurpose::Revocations);
            is_of_it.then_some(revoked.from)
        }
    });
    instants.min()
}

/// Returns the licenses with grants that are or will be revoked after some documents and not before them.
pub(super) fn newly_revoked<'a>(before: &'a Tenant, after: &Tenant, now: DateTime<Utc>) -> Vec<Revoked<'a>> {
    let (old, new) = (revocations(before, now), revocations(after, now));
    let mut revoked: Vec<Revoked<'a>> = Vec::new();
    for status in before.grants(now).filter(|status| status.phase != Phase::Ended) {
        let (license, grant) = (status.license, status.grant);
        let is_of_it = |found: &(LicenseId, Grant)| found.0 == license.deal().id && found.1 == *grant;
        let at = |all: &[((LicenseId, Grant), DateTime<Utc>)]| {
            all.iter().find(|(found, _)| is_of_it(found)).map(|(_, at)| *at)
        };
        let Some(from) = at(&new).filter(|from| at(&old).is_none_or(|old| *from < old)) else { continue };
        match revoked.last_mut() {
            Some(last) if last.license.deal().id == license.deal().id && last.from == from => {
                last.grants.push((grant, status.phase));
            }
            _ => revoked.push(Revoked { license, from, grants: vec![(grant, status.phase)] }),
        }
    }
    revoked
}

/// Returns the grants that are revoked at an instant, or become so later, with the instant.
fn revocations(tenant: &Tenant, now: DateTime<Utc>) -> Vec<((LicenseId, Grant), DateTime<Utc>)> {
    let at = tenant.reading(now);
    let name = |license: &License, grant: &Grant| (license.deal().id, grant.clone());
    let now = tenant.grants(now).filter(|status| status.phase == Phase::Revoked);
    let now: Vec<_> = now.map(|status| (name(status.license, status.grant), at)).collect();
    let later = tenant.upcoming(at).filter_map(|next| match next.change {
        GrantChange::Becomes { to: Phase::Revoked, .. } => Some((name(next.license, next.grant), next.at)),
        _ => None,
    });
    now.into_iter().chain(later).collect()
}

impl Revoked<'_> {
    /// Returns a line about the license, and one about each of its grants.
    pub(super) fn lines(&self, at: DateTime<Utc>) -> Vec<String> {
        let deal = self.license.deal();
        let order = match &deal.reference {
            Reference::None => String::new(),
            Reference::Of(reference) => format!(", order {}", id(reference)),
        };
        let first = format!("license {}{order}, revoked from {} on:", deal.id, day(self.from));
        let grants =
            self.grants.iter().map(|(grant, phase)| format!("  {}: {}", summarize_grant(grant), self.then(*phase, at)));
        core::iter::once(first).chain(grants).collect()
    }

    /// Returns what becomes of a grant in a phase: what is revoked later is not revoked yet.
    fn then(&self, phase: Phase, at: DateTime<Utc>) -> String {
        if self.from > at {
            format!("{phase} now, revoked from {} on", day(self.from))
        } else {
            format!("revoked instead of {phase}")
        }
    }

    pub(super) fn json(&self) -> Value {
        let grant = |(grant, phase): &(&Grant, Phase)| json!({ "grant": grant, "phase": phase });
        let grants: Vec<Value> = self.grants.iter().map(grant).collect();
        json!({ "license": self.license.deal().id, "from": Instant(self.from), "grants": grants })
    }
}
