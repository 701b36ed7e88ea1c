//! Random revocation lists: of two keys that are trusted for them, and of some that are not (X5).

use chrono::{DateTime, TimeDelta, Utc};
use core::num::NonZeroU32;
use entitle::license::{Freshness, Revocation, RevocationListDraft, RevokedKey, RevokedLicense};
use entitle::{Deal, LicenseId, Token};
use proptest::prelude::*;

use super::calendar::day;
use super::test_licenses::{Signer, license_id};
use super::{TestLicense, World};

/// A revocation list as the tests know it: what it says, and whether the ring of the world takes it.
#[derive(Debug, Clone)]
pub(crate) struct TestList {
    pub(crate) token: Token,
    draft: RevocationListDraft,
    pub(crate) signer: Signer,
    pub(crate) is_ours: bool,
    pub(crate) sequence: u32,
    pub(crate) issued: DateTime<Utc>,
    pub(crate) entries: Vec<(Ended, DateTime<Utc>)>,
    pub(crate) verifies: bool,
}

/// What an entry of a list has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    License(LicenseId, u32),
    Key(Signer),
}

impl TestList {
    /// Has another key sign it.
    pub(crate) fn sign(&mut self, signer: Signer) {
        (self.token, self.signer) = (signer.key().seal_list(&self.draft).unwrap(), signer);
    }

    /// Has it end a key as well.
    pub(crate) fn end(&mut self, key: Signer, from: DateTime<Utc>) {
        self.draft = self.draft.clone().with(Revocation::Key(RevokedKey::new(key.id(), from)));
        self.entries.push((Ended::Key(key), from));
        self.sign(self.signer);
    }

    /// Whether it counts in a world, if no other of its key does.
    pub(crate) fn counts(&self) -> bool {
        self.verifies && self.is_ours
    }

    /// From when on it takes everything from a license; a key that is trusted for lists cannot be revoked.
    pub(crate) fn ends(&self, world: &World, test_license: &TestLicense) -> Option<DateTime<Utc>> {
        let concerns = |ended: Ended| match ended {
            Ended::License(id, through) => test_license.deal.id == id && test_license.deal.revision.get() <= through,
            Ended::Key(signer) => test_license.signer == signer && !world.takes_lists_of(signer),
        };
        self.entries.iter().filter(|(ended, _)| concerns(*ended)).map(|(_, from)| *from).min()
    }
}

/// When a license starts to ask for a list and when it gives nothing without, if the last is of that date.
pub(crate) fn wants(deal: &Deal, last: Option<DateTime<Utc>>) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let Freshness::Asked(limit) = deal.freshness else { return None };
    let after = |days: entitle::time::Days| last.unwrap_or(deal.issued) + TimeDelta::days(days.get().into());
    Some((after(limit.warn_after), after(limit.deny_after)))
}

fn ended() -> impl Strategy<Value = Ended> {
    use Signer::{Certifier, ForAnyone, ForLists, ForTenants, Reseller, Stranger, Trusted};
    let key = prop_oneof![
        3 => Just(Trusted),
        4 => Just(ForTenants),
        5 => Just(Reseller),
        1 => Just(Certifier),
        1 => prop_oneof![Just(ForAnyone), Just(ForLists), Just(Stranger)],
    ];
    // Mostly of the licenses that are revised, sometimes the one that has something of every plan.
    let license = prop_oneof![5 => (0..3_u8).prop_map(license_id), 1 => Just(LicenseId::from_random([9; 16]))];
    prop_oneof![
        3 => (license, 1..=3_u32).prop_map(|(id, through)| Ended::License(id, through)),
        2 => key.prop_map(Ended::Key),
    ]
}

fn test_list() -> impl Strategy<Value = TestList> {
    let signer = prop_oneof![
        6 => Just(Signer::ForLists),
        4 => Just(Signer::ForTenants),
        1 => Just(Signer::Trusted),
        1 => Just(Signer::Stranger),
    ];
    let issued = prop_oneof![8 => -10..8_i64, 1 => 0..50_i64];
    let entries = prop::collection::vec((ended(), -5..60_i64), 0..=4);
    (signer, prop::bool::weighted(0.92), 1..=3_u32, issued, entries).prop_map(
        |(signer, is_ours, sequence, issued, entries)| {
            let entries: Vec<_> = entries.into_iter().map(|(ended, from)| (ended, day(from))).collect();
            let number = |number| NonZeroU32::new(number).unwrap();
            let publisher = if is_ours { "publisher" } else { "other" }.parse().unwrap();
            let mut draft = RevocationListDraft::new(publisher, number(sequence), day(issued));
            for &(ended, from) in &entries {
                draft = draft.with(match ended {
                    Ended::License(id, through) => Revocation::License(RevokedLicense::new(id, number(through), from)),
                    Ended::Key(signer) => Revocation::Key(RevokedKey::new(signer.id(), from)),
                });
            }
            let token = signer.key().seal_list(&draft).unwrap();
            TestList { token, draft, signer, is_ours, sequence, issued: day(issued), entries, verifies: false }
        },
    )
}

pub(crate) fn test_lists() -> impl Strategy<Value = Vec<TestList>> {
    prop_oneof![1 => Just(Vec::new()), 3 => prop::collection::vec(test_list(), 1..=4)]
}
