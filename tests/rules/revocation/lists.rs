//! X5, X7, X8: what a revocation list ends, and which list counts.

use entitle::explain::{DenialReason, NoUnits};
use entitle::license::{Freshness, LicenseHash, Revocation, RevocationListDraft, RevokedKey};
use entitle::quantity::Total;
use entitle::query::{DocumentIssue, DocumentStatus, GrantChange};
use entitle::time::{End, Phase};
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{Command, KeyRing, LicenseId, Tenant};

use super::{asked, bronze, key, license, list, number, open_days, revoke};
use crate::support::{Scenario, Vendor, admin, assign, beginning, day, days, paid, request};

#[test]
fn x5_a_list_ends_a_license_through_a_revision_from_an_instant() {
    let vendor = Vendor::fabrikam();
    let (deal, mut tenant) = bronze(&vendor, Freshness::NotAsked);
    revoke(&mut tenant, 5, &vendor.secret, &list(1, 5).with(license(1, 1, 20)).with(license(2, 9, 6))).unwrap();
    assert_eq!(open_days(&tenant), (5..20).collect::<Vec<_>>());
    assert_eq!(tenant.see("ada", "f365/orders", day(5), |decision| decision.until().instant()), Some(day(20)));
    assert_eq!(tenant.reasons("ada", "f365/orders", 20)[0], DenialReason::NoUnits(NoUnits::Revoked { since: day(20) }));
    assert_eq!(tenant.pool(&"bronze".parse().unwrap(), day(20)).usable, Total::ZERO);
    // A higher revision is not revoked.
    let mut renewed = tenant.clone();
    let next = deal.revise(day(25)).unwrap().with(paid("bronze", 1, days(0, 100)));
    renewed.run(25, [Command::Install(vendor.seal(&next))]).unwrap();
    assert!(renewed.opens("ada", "f365/orders", 26));
    // Nor is what had ended already.
    revoke(&mut tenant, 5, &vendor.secret, &list(2, 5).with(license(1, 1, 250))).unwrap();
    assert_eq!(tenant.reasons("ada", "f365/orders", 251)[0], DenialReason::NoUnits(NoUnits::Ended { since: day(220) }));
}

/// The phase that would begin at that instant does not, and no change names it.
#[test]
fn x5_a_license_that_ends_as_it_would_begin_never_begins() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([paid("bronze", 1, days(10, 100))]);
    revoke(&mut tenant, 1, &vendor.secret, &list(1, 1).with(license(1, 1, 10))).unwrap();
    let upcoming: Vec<_> = tenant.upcoming(day(1)).map(|next| (next.at, next.change)).collect();
    assert_eq!(upcoming, [(day(10), GrantChange::Becomes { from: Phase::Pending, to: Phase::Revoked })]);
}

/// Named several times, beside others and in any place, it ends at the earliest instant that is for its revision.
#[test]
fn x5_a_license_that_a_list_names_several_times_ends_at_the_earliest() {
    let vendor = Vendor::fabrikam();
    let (deal, tenant) = bronze(&vendor, Freshness::NotAsked);
    let next = deal.revise(day(1)).unwrap().with(paid("bronze", 1, days(0, 100)));
    let of_this = [license(1, 1, 40), license(1, 9, 30), license(1, 1, 20), license(1, 9, 50)];
    for place in [0, 7, 20] {
        let mut entries: Vec<_> = (2..22).map(|other| license(other, 9, 5)).collect();
        entries.splice(place..place, of_this.clone());
        let draft = entries.into_iter().fold(list(1, 1), RevocationListDraft::with);
        let mut first = tenant.clone();
        revoke(&mut first, 1, &vendor.secret, &draft).unwrap();
        assert_eq!(open_days(&first), (1..20).collect::<Vec<_>>(), "{place}");
        first.run(2, [Command::Install(vendor.seal(&next))]).unwrap();
        assert_eq!(open_days(&first), (2..30).collect::<Vec<_>>(), "{place}");
    }
}

#[test]
fn x5_a_list_ends_a_key_with_all_that_it_signed() {
    let vendor = Vendor::fabrikam();
    let ring = vendor.ring().trust(key(2).public(), KeyPermissions::new(KeyPurpose::Licenses)).unwrap();
    let mut tenant = Tenant::new(&vendor.catalog, &ring, &beginning("contoso".parse().unwrap()));
    let by_two = vendor.deal_for("contoso").with(paid("bronze", 1, days(0, 100)));
    let mut by_one = vendor.deal_for("contoso").with(paid("gold", 1, days(0, 100)));
    by_one.id = LicenseId::from_random([2; 16]);
    let install = [key(2).seal(&by_two).unwrap(), vendor.seal(&by_one)].map(Command::Install);
    tenant.run(0, install).unwrap();
    tenant.run(0, [assign("ada", "bronze"), assign("bo", "gold")]).unwrap();
    // Named several times, beside others, it ends at the earliest.
    let stolen = |seed: u8, from: i64| Revocation::Key(RevokedKey::new(key(seed).public().id(), day(from)));
    let all = [(3, 5), (2, 40), (2, 30), (2, 50), (4, 6)].map(|(seed, from)| stolen(seed, from));
    let draft = all.into_iter().fold(list(1, 1), RevocationListDraft::with);
    revoke(&mut tenant, 1, &vendor.secret, &draft).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 29) && !tenant.opens("ada", "f365/orders", 30));
    assert!(tenant.opens("bo", "f365/audit", 30), "signed by another");
}

#[test]
fn x5_no_list_revokes_a_key_that_is_trusted_for_lists() {
    let vendor = Vendor::fabrikam();
    let (_, mut tenant) = bronze(&vendor, Freshness::NotAsked);
    let itself = Revocation::Key(RevokedKey::new(vendor.secret.public().id(), day(0)));
    revoke(&mut tenant, 1, &vendor.secret, &list(1, 1).with(itself)).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 2));
}

#[test]
fn x5_a_list_is_signed_by_a_key_trusted_for_it() {
    let vendor = Vendor::fabrikam();
    let ring = KeyRing::new().trust(vendor.secret.public(), KeyPermissions::new(KeyPurpose::Licenses)).unwrap();
    let token = vendor.secret.seal_list(&list(1, 1)).unwrap();
    assert_eq!(ring.verify_list(&token).unwrap_err().code(), "token.not-trusted");
    assert_eq!(vendor.ring().verify_list(&token).unwrap().revocations(), &list(1, 1));
    assert_eq!(vendor.ring().verify(&token).unwrap_err().code(), "token.other-kind");
    let license = vendor.seal(&vendor.deal_for("contoso"));
    assert_eq!(vendor.ring().verify_list(&license).unwrap_err().code(), "token.other-kind");
    let mut tenant = vendor.tenant("contoso");
    assert_eq!(revoke(&mut tenant, 1, &key(9), &list(1, 1)), Err("token.unknown-key"));
    let adatum = RevocationListDraft::new("adatum".parse().unwrap(), number(1), day(1));
    assert_eq!(revoke(&mut tenant, 1, &vendor.secret, &adatum), Err("install.other-publisher"));
    assert_eq!(tenant.position(), 0);
    // A document of the wrong kind gives nothing, whichever way it is taken in.
    tenant.forge(1, [Command::Install(token), Command::InstallRevocationList(license)]);
    assert!(
        tenant
            .documents()
            .all(|document| matches!(document.status, DocumentStatus::GivesNothing(DocumentIssue::Token(_))))
    );
}

#[test]
fn x5_the_sequence_of_a_key_never_goes_back() {
    let vendor = Vendor::fabrikam();
    let lists = || KeyPermissions::new(KeyPurpose::Revocations);
    let ring = vendor.ring().trust(key(2).public(), lists()).unwrap();
    let (_, tenant) = bronze(&vendor, Freshness::NotAsked);
    let mut tenant = tenant.rebase(&vendor.catalog, &ring);
    let two = list(2, 1).with(license(1, 1, 30));
    revoke(&mut tenant, 1, &vendor.secret, &two).unwrap();
    assert_eq!(revoke(&mut tenant, 1, &vendor.secret, &two), Err("install.already-installed"));
    for (old, code) in [(list(1, 9), "install.old-list"), (list(2, 9), "install.conflicting-list")] {
        assert_eq!(revoke(&mut tenant, 2, &vendor.secret, &old), Err(code));
        tenant.forge(2, [Command::InstallRevocationList(vendor.secret.seal_list(&old).unwrap())]);
        assert!(!tenant.opens("ada", "f365/orders", 30), "nor by a forged record");
    }
    // Another key counts for itself, and ends what it ends beside the first.
    revoke(&mut tenant, 2, &key(2), &list(1, 2).with(license(1, 1, 10))).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 9) && !tenant.opens("ada", "f365/orders", 10));
    // A later list replaces the one before of its key as a whole.
    revoke(&mut tenant, 3, &key(2), &list(2, 3)).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 29) && !tenant.opens("ada", "f365/orders", 30));
    revoke(&mut tenant, 3, &vendor.secret, &list(3, 3)).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 30));
    let statuses: Vec<_> =
        tenant.documents().map(|document| matches!(document.status, DocumentStatus::Revokes(_))).collect();
    assert_eq!(statuses.iter().filter(|&&in_force| in_force).count(), 2);
}

#[test]
fn x5_no_customer_can_be_guessed_from_a_list() {
    let id = LicenseId::from_random([1; 16]);
    let text = serde_json::to_string(&license(1, 1, 0)).unwrap();
    assert!(!text.contains(&id.to_string()) && !text.contains("contoso"), "{text}");
    // BLAKE2b-256 of "entitle.revoked.license." and the id, by another implementation.
    assert_eq!(LicenseHash::of(id).to_string(), "A7SW4vLZ4bG6Kuxwu12AZgajP0erLa_M8tCNcETTe4E");
    assert_eq!(LicenseHash::of(id).to_string().parse(), Ok(LicenseHash::of(id)));
    assert_ne!(LicenseHash::of(id), LicenseHash::of(LicenseId::from_random([2; 16])));
}

#[test]
fn x7_lists_are_read_again_with_the_record() {
    let vendor = Vendor::fabrikam();
    let (_, mut tenant) = bronze(&vendor, asked(15, 30));
    revoke(&mut tenant, 5, &vendor.secret, &list(1, 5).with(license(1, 1, 30))).unwrap();
    let again = tenant.rebase(&vendor.catalog, &vendor.ring());
    assert_eq!(open_days(&again), open_days(&tenant));
    assert_eq!(open_days(&tenant), (5..30).collect::<Vec<_>>());
    let licenses_only =
        KeyRing::new().trust(vendor.secret.public(), KeyPermissions::new(KeyPurpose::Licenses)).unwrap();
    let without = tenant.rebase(&vendor.catalog, &licenses_only);
    assert_eq!(open_days(&without).last(), Some(&19), "the list gives nothing there, and nothing is fresh");
}

#[test]
fn x8_a_list_has_a_limit() {
    let vendor = Vendor::fabrikam();
    let many = |n: usize| {
        let mut many = list(1, 1);
        many.entries = vec![license(1, 1, 1); n];
        many
    };
    let token = vendor.secret.seal_list(&many(entitle::limits::MAX_REVOCATIONS)).unwrap();
    assert_eq!(vendor.ring().verify_list(&token).unwrap().revocations().entries.len(), 20_000);
    let error = vendor.secret.seal_list(&many(entitle::limits::MAX_REVOCATIONS + 1)).unwrap_err();
    assert_eq!(error.code(), "seal.long-list");
    let refused = vendor
        .tenant("contoso")
        .decide(&admin(), &[Command::InstallRevocationList(token)], request(), day(1))
        .unwrap_err();
    assert_eq!(refused.code(), "refusal.forbidden");
}

#[test]
fn x5_lists_do_not_use_up_the_room_for_licenses() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.tenant("contoso");
    tenant.forge(0, (1..=1_000).map(|n| Command::InstallRevocationList(vendor.secret.seal_list(&list(n, 0)).unwrap())));
    let license = Command::Install(vendor.seal(&vendor.deal_for("contoso").with(paid("bronze", 1, days(0, 9)))));
    tenant.run(0, [license, assign("ada", "bronze")]).expect("there is room");
    let statuses: Vec<_> =
        tenant.documents().map(|document| matches!(document.status, DocumentStatus::ReplacedList)).collect();
    assert_eq!(statuses.iter().filter(|&&replaced| replaced).count(), 999);
}

#[test]
fn x5_what_is_revoked_before_it_starts_does_not_start() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([paid("bronze", 1, days(20, 100))]);
    assert_eq!(
        tenant.reasons("ada", "f365/orders", 1)[0],
        DenialReason::NoUnits(NoUnits::Pending { from: End::At(day(20)) })
    );
    revoke(&mut tenant, 1, &vendor.secret, &list(1, 1).with(license(1, 1, 10))).unwrap();
    let pending = &tenant.reasons("ada", "f365/orders", 2)[0];
    assert_eq!(*pending, DenialReason::NoUnits(NoUnits::Pending { from: End::Never }));
    assert_eq!(pending.to_string(), "its license has not started, and will not become usable by time alone");
    let refused = tenant.run(2, [assign("ada", "bronze")]).unwrap_err();
    assert_eq!(
        refused.reason.to_string(),
        "`bronze` has no usable units: its license has not started, and will not become usable by time alone"
    );
}

#[test]
fn x5_a_license_signed_anew_after_a_theft_is_not_already_installed() {
    let vendor = Vendor::fabrikam();
    let ring = vendor.ring().trust(key(2).public(), KeyPermissions::new(KeyPurpose::Licenses)).unwrap();
    let mut tenant = Tenant::new(&vendor.catalog, &ring, &beginning("contoso".parse().unwrap()));
    let deal = vendor.deal_for("contoso").with(paid("bronze", 1, days(0, 100)));
    tenant.run(0, [Command::Install(key(2).seal(&deal).unwrap()), assign("ada", "bronze")]).unwrap();
    let stolen = Revocation::Key(RevokedKey::new(key(2).public().id(), day(1)));
    revoke(&mut tenant, 1, &vendor.secret, &list(1, 1).with(stolen)).unwrap();
    let again = tenant.run(2, [Command::Install(vendor.seal(&deal))]).unwrap_err();
    assert_eq!(again.code(), "install.superseded", "it takes a new revision");
    let revised = deal.revise(day(2)).unwrap().with(paid("bronze", 1, days(0, 100)));
    tenant.run(2, [Command::Install(vendor.seal(&revised))]).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 2));
}
