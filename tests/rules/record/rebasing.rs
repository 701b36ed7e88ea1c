//! X7: another key ring or catalog reads a record as replaying it does.

use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{Command, Event, KeyRing, Tenant};

use super::{answers, ours, record};
use crate::support::{Vendor, admin, day, days, paid, replayed};

#[test]
fn x7_another_ring_or_catalog_reads_the_same_record_as_replaying_it() {
    let vendor = Vendor::fabrikam();
    let (entries, tenant) = record(&vendor);
    let stranger = entitle::SecretKey::from_seed(&entitle::Zeroizing::new([9; 32])).public();
    let catalog = include_str!("../../../examples/fabrikam.json");
    let renamed = Vendor::of(&catalog.replace(r#""id": "bronze""#, r#""id": "tin""#)).catalog;
    let rotated = vendor.ring().trust(stranger, KeyPermissions::new(KeyPurpose::Licenses)).unwrap();
    let lost = KeyRing::new().trust(stranger, KeyPermissions::new(KeyPurpose::Licenses)).unwrap();
    for catalog in [&vendor.catalog, &renamed] {
        for ring in [&vendor.ring(), &rotated, &lost] {
            let mut replayed = Tenant::new(catalog, ring, &ours());
            for entry in &entries {
                replayed.apply(entry).unwrap();
            }
            let rebased = tenant.rebase(catalog, ring);
            assert_eq!((rebased.head(), answers(&rebased)), (tenant.head(), answers(&replayed)));
            assert_eq!(answers(&rebased.rebase(&vendor.catalog, &vendor.ring())), answers(&tenant), "and back");
        }
    }
    assert_ne!(answers(&tenant.rebase(&vendor.catalog, &lost)), answers(&tenant), "without the key it gives nothing");
}

#[test]
fn x7_a_plan_that_only_a_newly_trusted_license_names_counts_as_if_replayed() {
    let vendor = Vendor::fabrikam();
    let deal = vendor.deal_for("contoso").with(paid("platinum", 5, days(0, 100)));
    let event = [Event::new(1, day(0), admin(), vec![Command::Install(vendor.seal(&deal))])];
    let usable = |tenant: &Tenant| tenant.pool(&"platinum".parse().unwrap(), day(1)).usable;
    let distrusting = replayed(Tenant::new(&vendor.catalog, &KeyRing::new(), &ours()), &event);
    let trusting = replayed(vendor.tenant("contoso"), &event);
    assert_eq!(usable(&distrusting), entitle::quantity::Total::ZERO);
    assert_eq!(usable(&distrusting.rebase(&vendor.catalog, &vendor.ring())), usable(&trusting));
}
