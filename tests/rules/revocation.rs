//! X5: revocation lists, and licenses that ask for a recent one.

use core::num::NonZeroU32;

use entitle::explain::{DenialReason, Warning};
use entitle::license::{
    Freshness, FreshnessLimit, LicenseHash, Revocation, RevocationListDraft, RevokedKey, RevokedLicense,
};
use entitle::quantity::Total;
use entitle::query::{DocumentIssue, DocumentStatus};
use entitle::time::{Days, End};
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{Actor, Command, Deal, Decision, KeyRing, LicenseId, Role, SecretKey, Tenant, Zeroizing};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::{Scenario, Vendor, admin, assign, beginning, day, days, paid, request, user};

fn number(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).unwrap()
}

fn host() -> Actor {
    Actor::new(user("app")).with(Role::Host)
}

/// A list of Fabrikam's, made out on a day.
fn list(sequence: u32, on: i64) -> RevocationListDraft {
    RevocationListDraft::new("fabrikam".parse().unwrap(), number(sequence), day(on))
}

fn license(id: u8, through: u32, from: i64) -> Revocation {
    Revocation::License(RevokedLicense::new(LicenseId::from_random([id; 16]), number(through), day(from)))
}

fn key(seed: u8) -> SecretKey {
    SecretKey::from_seed(&Zeroizing::new([seed; 32]))
}

/// Takes a list in as the host does.
fn revoke(tenant: &mut Tenant, on: i64, signer: &SecretKey, list: &RevocationListDraft) -> Result<(), &'static str> {
    let command = Command::InstallRevocationList(signer.seal_list(list).unwrap());
    let event = tenant.decide(&host(), &[command], request(), day(on)).map_err(|refusal| refusal.code())?;
    tenant.apply(&event).unwrap();
    Ok(())
}

/// Contoso with ada on bronze, by license 1 in revision 1.
fn bronze(vendor: &Vendor, freshness: Freshness) -> (Deal, Tenant) {
    let mut deal = vendor.deal_for("contoso").with(paid("bronze", 1, days(0, 100)));
    deal.freshness = freshness;
    let mut tenant = vendor.tenant("contoso");
    tenant.run(0, [Command::Install(vendor.seal(&deal)), assign("ada", "bronze")]).unwrap();
    (deal, tenant)
}

fn open_days(tenant: &Tenant) -> Vec<i64> {
    let readable = (0..200).filter(|&on| tenant.reading(day(on)) == day(on));
    readable.filter(|&on| tenant.opens("ada", "f365/orders", on)).collect()
}

fn asked(warn: u32, deny: u32) -> Freshness {
    Freshness::Asked(FreshnessLimit::new(Days::new(warn), Days::new(deny)))
}

#[test]
fn x5_a_list_ends_a_license_through_a_revision_from_an_instant() {
    let vendor = Vendor::fabrikam();
    let (deal, mut tenant) = bronze(&vendor, Freshness::NotAsked);
    revoke(&mut tenant, 5, &vendor.secret, &list(1, 5).with(license(1, 1, 20)).with(license(2, 9, 6))).unwrap();
    assert_eq!(open_days(&tenant), (5..20).collect::<Vec<_>>());
    assert_eq!(tenant.see("ada", "f365/orders", day(5), |decision| decision.until().instant()), Some(day(20)));
    assert_eq!(tenant.reasons("ada", "f365/orders", 20)[0], DenialReason::Revoked { since: day(20) });
    assert_eq!(tenant.pool(&"bronze".parse().unwrap(), day(20)).usable, Total::ZERO);
    // A higher revision is not revoked.
    let mut renewed = tenant.clone();
    let next = deal.revise(day(25)).unwrap().with(paid("bronze", 1, days(0, 100)));
    renewed.run(25, [Command::Install(vendor.seal(&next))]).unwrap();
    assert!(renewed.opens("ada", "f365/orders", 26));
    // Nor is what had ended already.
    revoke(&mut tenant, 5, &vendor.secret, &list(2, 5).with(license(1, 1, 250))).unwrap();
    assert_eq!(tenant.reasons("ada", "f365/orders", 251)[0], DenialReason::Ended { since: day(220) });
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
fn x5_a_license_may_ask_for_a_recent_list() {
    let vendor = Vendor::fabrikam();
    // Issued on day -10: without a list it warns from day 5 on and gives nothing from day 20 on.
    let (_, mut tenant) = bronze(&vendor, asked(15, 30));
    // That the units will run out by time alone is a warning of its own.
    let is_of_lists = |warning: &Warning| matches!(warning, Warning::ListWanted { .. });
    let warnings = |tenant: &Tenant, on| {
        tenant.see("ada", "f365/orders", day(on), |decision| {
            decision.allowed().map(|allow| allow.warnings().filter(is_of_lists).collect::<Vec<_>>()).ok()
        })
    };
    let wanted = |on| Some(vec![Warning::ListWanted { until: End::At(day(on)) }]);
    assert_eq!([warnings(&tenant, 4), warnings(&tenant, 5)], [Some(vec![]), wanted(20)]);
    assert_eq!(warnings(&tenant, 20), None);
    assert_eq!(tenant.reasons("ada", "f365/orders", 20)[0], DenialReason::ListNotFresh { since: day(20) });
    assert_eq!(tenant.pool(&"bronze".parse().unwrap(), day(20)).paid.not_fresh, Total::Limited(1));
    let until = |tenant: &Tenant, on| tenant.see("ada", "f365/orders", day(on), |decision| decision.until().instant());
    assert_eq!(
        [until(&tenant, 0), until(&tenant, 5), until(&tenant, 20)],
        [Some(day(5)), Some(day(20)), Some(day(130))]
    );
    // A list that ends nothing is as fresh as any: it heals, and counts from its own date.
    revoke(&mut tenant, 25, &vendor.secret, &list(1, 24)).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 25));
    assert_eq!([warnings(&tenant, 38), warnings(&tenant, 39), warnings(&tenant, 54)], [Some(vec![]), wanted(54), None]);
}

#[test]
fn x5_freshness_takes_nothing_from_what_gives_nothing() {
    let vendor = Vendor::fabrikam();
    let (_, tenant) = bronze(&vendor, asked(135, 135));
    // Denied from day 125, in the grace that ends on day 130; then it is suspended as ever.
    let codes = [124, 125, 129, 130, 220].map(|on| {
        tenant.reasons("ada", "f365/orders", on).first().map_or("open", |reason| match reason {
            DenialReason::ListNotFresh { .. } => "not fresh",
            DenialReason::Suspended { .. } => "suspended",
            DenialReason::Ended { .. } => "ended",
            other => panic!("{other}"),
        })
    });
    assert_eq!(codes, ["open", "not fresh", "not fresh", "suspended", "ended"]);
    let mut twisted = vendor.deal_for("contoso");
    twisted.freshness = asked(31, 30);
    assert_eq!(vendor.secret.seal(&twisted).unwrap_err().code(), "deal.denies-before-it-warns");
}

#[test]
fn x5_another_license_without_the_wish_still_serves() {
    let vendor = Vendor::fabrikam();
    let (_, mut tenant) = bronze(&vendor, asked(0, 20));
    let mut other = vendor.deal_for("contoso").with(paid("bronze", 1, days(0, 60)));
    other.id = LicenseId::from_random([3; 16]);
    tenant.run(0, [Command::Install(vendor.seal(&other))]).unwrap();
    assert_eq!(open_days(&tenant), (0..90).collect::<Vec<_>>());
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
    assert_eq!(tenant.reasons("ada", "f365/orders", 1)[0], DenialReason::Pending { from: End::At(day(20)) });
    revoke(&mut tenant, 1, &vendor.secret, &list(1, 1).with(license(1, 1, 10))).unwrap();
    let pending = &tenant.reasons("ada", "f365/orders", 2)[0];
    assert_eq!(*pending, DenialReason::Pending { from: End::Never });
    assert_eq!(pending.to_string(), "its license has not started, and will not become usable by time alone");
    let refused = tenant.run(2, [assign("ada", "bronze")]).unwrap_err();
    assert_eq!(refused.reason.to_string(), "`bronze` has no usable units");
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

/// Once the license that asked gives nothing, no warning asks for a list because of it.
#[test]
fn x5_what_gives_nothing_any_more_asks_for_no_list() {
    let vendor = Vendor::fabrikam();
    let mut asks = vendor.deal_for("contoso").with(paid("bronze", 1, days(0, 100)));
    asks.freshness = Freshness::Asked(FreshnessLimit::new(Days::new(10), Days::new(20)));
    asks.issued = day(0);
    let other = vendor.deal(2, vendor.deal_for("contoso").licensee).with(paid("bronze", 1, days(0, 100)));
    let mut tenant = vendor.tenant("contoso");
    tenant.run(0, [Command::Install(vendor.seal(&asks)), Command::Install(vendor.seal(&other))]).unwrap();
    tenant.run(0, [assign("ada", "bronze")]).unwrap();
    let warned = |on| {
        tenant.see("ada", "f365/orders", day(on), |decision| match decision {
            Decision::Allow(allow) => allow.warnings().map(|warning| warning.code()).collect::<Vec<_>>(),
            Decision::Deny(denial) => panic!("{}", denial.explain()),
        })
    };
    assert_eq!((warned(9), warned(10), warned(19)), (vec![], vec!["warning.list-wanted"], vec!["warning.list-wanted"]));
    assert_eq!(warned(20), Vec::<&str>::new());
}

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
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

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
