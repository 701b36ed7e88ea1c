//! X5: the next list, made of the one before.

use entitle::license::{Freshness, Revocation, RevocationListDraft, RevokedKey};
use entitle::query::DocumentStatus;
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{Command, LicenseId, Tenant};
use proptest::collection::vec;
use proptest::prelude::*;

use super::{bronze, key, license, list, number, revoke};
use crate::support::{Scenario, Vendor, beginning, day, days, paid};

/// A list that is made of the one before cannot un-revoke by forgetting.
#[test]
fn x5_the_next_list_repeats_what_is_still_to_be_ended() {
    let vendor = Vendor::fabrikam();
    let (_, mut tenant) = bronze(&vendor, Freshness::NotAsked);
    let one = list(1, 1).with(license(1, 1, 10));
    revoke(&mut tenant, 1, &vendor.secret, &one).unwrap();
    let two = one.next(day(2)).unwrap().with(license(2, 1, 10));
    assert_eq!(two, list(2, 2).with(license(1, 1, 10)).with(license(2, 1, 10)));
    revoke(&mut tenant, 2, &vendor.secret, &two).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 9) && !tenant.opens("ada", "f365/orders", 10));
    // From the list as it is in force, for a publisher who kept no draft of it.
    let in_force = tenant.documents().find_map(|document| match document.status {
        DocumentStatus::Revokes(list) => Some(list.revocations().next(day(3)).unwrap()),
        _ => None,
    });
    assert_eq!(in_force, Some(two.next(day(3)).unwrap()));
    assert_eq!(list(u32::MAX, 1).next(day(2)).unwrap_err().code(), "revocation.last-list");
}

/// What another entry covers is left out, so that a list of a hundred renewals is not one of a hundred entries.
#[test]
fn x5_the_next_list_leaves_out_only_what_another_entry_covers() {
    let stolen = |seed: u8, from: i64| Revocation::Key(RevokedKey::new(key(seed).public().id(), day(from)));
    let entries = [
        license(1, 1, 5),
        license(1, 3, 20),
        stolen(2, 9),
        // Covered: fewer revisions, later, or both; and the same again.
        license(1, 1, 6),
        license(1, 2, 20),
        license(1, 3, 20),
        license(1, 3, 21),
        stolen(2, 10),
        // Of others.
        license(2, 1, 30),
        stolen(3, 30),
    ];
    let next = entries.iter().cloned().fold(list(1, 1), RevocationListDraft::with).next(day(2)).unwrap();
    assert_eq!(next.entries, [0, 1, 2, 8, 9].map(|place: usize| entries[place].clone()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// The next list ends exactly what the one before ends.
    #[test]
    fn x5_the_next_list_ends_the_same(rows in vec((1_u8..3, 1_u32..4, 0_i64..5, any::<bool>()), 0..12)) {
        let vendor = Vendor::fabrikam();
        let entry = |&(id, through, from, is_key): &(u8, u32, i64, bool)| {
            if is_key {
                Revocation::Key(RevokedKey::new(key(id + 1).public().id(), day(from)))
            } else {
                license(id, through, from)
            }
        };
        let one = rows.iter().map(entry).fold(list(1, 0), RevocationListDraft::with);
        let next = one.next(day(0)).unwrap();
        for id in 1..3 {
            for signer in 2..4 {
                for revision in 1..4 {
                    let ring = vendor.ring().trust(key(signer).public(), KeyPermissions::new(KeyPurpose::Licenses)).unwrap();
                    let mut deal = vendor.deal_for("contoso").with(paid("bronze", 1, days(0, 100)));
                    (deal.id, deal.revision) = (LicenseId::from_random([id; 16]), number(revision));
                    let mut tenants = [&one, &next].map(|list| {
                        let mut tenant = Tenant::new(&vendor.catalog, &ring, &beginning("contoso".parse().unwrap()));
                        let token = vendor.secret.seal_list(list).unwrap();
                        tenant.forge(0, [Command::Install(key(signer).seal(&deal).unwrap()), Command::InstallRevocationList(token)]);
                        tenant
                    });
                    let [one, next] = tenants.each_mut().map(|tenant| {
                        (0..6).map(|on| tenant.pool(&"bronze".parse().unwrap(), day(on)).usable).collect::<Vec<_>>()
                    });
                    prop_assert_eq!(one, next);
                }
            }
        }
    }
}
