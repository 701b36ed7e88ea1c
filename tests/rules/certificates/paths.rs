//! How a certificate gets into a record, and what counts then.

use entitle::record::{Anchor, InclusionProver};

use super::*;

/// The whole path: a certificate is drafted, sealed and installed, and a license under its key counts.
#[test]
fn x10_a_license_counts_under_a_certified_key() {
    let (vendor, reseller) = vendor();
    let mut tenant = contoso(&vendor);
    let (certificate, license) = (seal(&vendor.secret, &certificate(&reseller)), reseller.seal(&bronze()).unwrap());
    // Without its certificate the license is refused by name, with the cure.
    let refusal = tenant.decide(&admin(), &[Command::Install(license.clone())], request(), day(0)).unwrap_err();
    assert_eq!(refusal.code(), "token.no-certificate");
    assert!(refusal.to_string().contains("install the certificate that belongs to it first"), "{refusal}");
    tenant.run(0, [Command::InstallCertificate(certificate.clone())]).unwrap();
    tenant.run(0, [Command::Install(license.clone()), assign("ada", "bronze")]).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 1) && !tenant.opens("ada", "f365/audit", 1));
    assert_eq!(refused(&tenant, Command::InstallCertificate(certificate)), "install.already-installed");
    // Both are shown among the documents.
    let statuses: Vec<bool> =
        tenant.documents().map(|document| matches!(document.status, DocumentStatus::Certifies(_))).collect();
    assert_eq!(statuses, [true, false]);
    // They travel in the record, and are verified again.
    let ring = ring(&vendor);
    let snapshot = tenant.snapshot().unwrap();
    let restored = Tenant::restore(&vendor.catalog, &ring, "contoso".parse().unwrap(), &snapshot).unwrap();
    assert!(restored.opens("ada", "f365/orders", 1));
    assert!(tenant.rebase(&vendor.catalog, &ring).opens("ada", "f365/orders", 1));
    let stranger = KeyRing::new().trust(key(7).public(), issuer()).unwrap();
    assert!(!tenant.rebase(&vendor.catalog, &stranger).opens("ada", "f365/orders", 1));
}

/// In one file, the license may even stand before the certificate.
#[test]
fn x10_certificate_and_license_install_as_one_list() {
    let (vendor, reseller) = vendor();
    let tokens = [reseller.seal(&bronze()).unwrap(), seal(&vendor.secret, &certificate(&reseller))];
    let text: String = tokens.iter().map(Token::to_armor).collect();
    let mut tenant = contoso(&vendor);
    tenant.run(0, Command::install_all(Token::all_in(&text).unwrap())).unwrap();
    tenant.run(0, [assign("ada", "bronze")]).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 1));
}

/// A host asks before it decides, when the certificate is not in the record yet.
#[test]
fn x7_the_checkpoints_that_commands_depend_on_are_known_before_their_certificates_are_installed() {
    let (vendor, reseller) = vendor();
    let begun = beginning("contoso".parse().unwrap());
    let tenant = contoso(&vendor);
    let checkpoint = tenant.checkpoint();
    let anchored = with(bronze(), |deal| deal.anchor = Anchor::Record(checkpoint.clone()));
    let license = Command::Install(reseller.seal(&anchored).unwrap());
    let certified = Command::InstallCertificate(seal(&vendor.secret, &certificate(&reseller)));
    let both = [certified.clone(), license.clone(), license.clone()];
    assert_eq!(tenant.missing_anchors_for(&both), core::slice::from_ref(&checkpoint), "once");
    // What is not certified by then is refused for another reason.
    assert_eq!(tenant.missing_anchors_for(&[license.clone(), certified]), []);
    assert_eq!(tenant.missing_anchors_for(&[assign("ada", "bronze")]), []);
    let draft =
        TimeTicketDraft::new(TicketId::from_random([1; 16]), vendor.catalog.offer(), tenant.id().clone(), day(0));
    let ticket = with(draft, |draft| draft.anchor = Anchor::Record(checkpoint.clone()));
    let ticket = [Command::CorrectTime(vendor.secret.seal_ticket(&ticket).unwrap())];
    assert_eq!(vendor.tenant("contoso").missing_anchors_for(&ticket), core::slice::from_ref(&checkpoint));
    // With the proof both are installed at once.
    let mut tenant = tenant.with_proof(&InclusionProver::new(&begun, [&checkpoint]).finish()).unwrap();
    assert_eq!(tenant.missing_anchors_for(&both), []);
    tenant.run(0, both[..2].to_vec()).unwrap();
    tenant.run(0, [assign("ada", "bronze")]).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 1));
}

#[test]
fn x10_a_certificate_is_installed_by_those_who_may() {
    let (vendor, reseller) = vendor();
    let tenant = contoso(&vendor);
    let command = [Command::InstallCertificate(seal(&vendor.secret, &certificate(&reseller)))];
    for role in [Role::Host, Role::BillingAdministrator, Role::GlobalAdministrator] {
        let actor = Actor::new(user("ada")).with(role);
        assert!(tenant.decide(&actor, &command, request(), day(0)).is_ok(), "{role}");
    }
    for role in [Role::LicenseAdministrator, Role::UserAdministrator] {
        let actor = Actor::new(user("ada")).with(role);
        assert_eq!(tenant.decide(&actor, &command, request(), day(0)).unwrap_err().code(), "refusal.forbidden");
    }
}

/// A license that is recorded before its certificate counts from where it stands, once the certificate is there.
#[test]
fn x10_a_certificate_counts_wherever_it_stands() {
    let (vendor, reseller) = vendor();
    let mut tenant = contoso(&vendor);
    tenant.forge(0, [Command::Install(reseller.seal(&bronze()).unwrap()), assign("ada", "bronze")]);
    assert!(!tenant.opens("ada", "f365/orders", 1));
    let first =
        tenant.see("ada", "f365/orders", day(1), |decision| decision.allowed().unwrap_err().check_first.to_vec());
    assert_eq!(first, [CheckFirst::LicenseNotCertified { key: reseller.public().id() }]);
    // The first of two that conflict is the one that stands first.
    let other = license([paid("gold", 5, days(0, 100))]);
    tenant.forge(1, [Command::Install(vendor.seal(&other))]);
    assert_eq!(tenant.pool(&"gold".parse().unwrap(), day(1)).usable, Total::Limited(5));
    tenant.forge(1, [Command::InstallCertificate(seal(&vendor.secret, &certificate(&reseller)))]);
    assert!(tenant.opens("ada", "f365/orders", 1));
    assert_eq!(tenant.pool(&"gold".parse().unwrap(), day(1)).usable, Total::ZERO);
    // As if it had been replayed.
    assert_eq!(tenant.rebase(&vendor.catalog, &ring(&vendor)).snapshot().unwrap(), tenant.snapshot().unwrap());
}

/// A certificate whose issuer is gone from the ring gives nothing, and is read again when it is back.
#[test]
fn x10_a_certificate_is_verified_again_with_each_ring() {
    let (vendor, reseller) = vendor();
    let mut tenant = contoso(&vendor);
    tenant.run(0, [Command::InstallCertificate(seal(&vendor.secret, &certificate(&reseller)))]).unwrap();
    tenant.run(0, [Command::Install(reseller.seal(&bronze()).unwrap()), assign("ada", "bronze")]).unwrap();
    let without = KeyRing::new().trust(key(5).public(), KeyPermissions::new(KeyPurpose::Revocations)).unwrap();
    let rebased = tenant.rebase(&vendor.catalog, &without);
    assert!(!rebased.opens("ada", "f365/orders", 1));
    let codes: Vec<_> = rebased
        .documents()
        .map(|document| match document.status {
            DocumentStatus::GivesNothing(DocumentIssue::Token(issue)) => issue.code(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(codes, ["token.unknown-key", "token.unknown-key"]);
    assert!(rebased.rebase(&vendor.catalog, &ring(&vendor)).opens("ada", "f365/orders", 1));
    // A release that takes the reseller's key into its ring: the ring alone says what it may.
    let taken = ring(&vendor).trust(reseller.public(), KeyPermissions::new(KeyPurpose::LicensesForAnyone)).unwrap();
    assert!(!tenant.rebase(&vendor.catalog, &taken).opens("ada", "f365/orders", 1));
}
