//! K6: an installed license that gives nothing is reported with its remedy before any purchase.

use core::num::NonZeroU32;

use entitle::explain::{Audience, CheckFirst};
use entitle::license::{RevocationListDraft, TimeTicketDraft};
use entitle::record::{Anchor, Checkpoint};
use entitle::token::{CertifiedPurpose, KeyCertificateDraft, KeyPermissions, KeyPurpose};
use entitle::{
    Command, Decision, DenialExplanation, KeyRing, LicenseId, RecordId, SecretKey, Tenant, TicketId, Zeroizing,
};

use crate::support::{Scenario, Vendor, beginning, day, days, paid, window};

fn explain(tenant: &Tenant) -> DenialExplanation {
    tenant.see("ada", "f365/orders", day(1), |decision| decision.allowed().unwrap_err())
}

fn text(tenant: &Tenant, audience: Audience) -> String {
    tenant.see("ada", "f365/orders", day(1), |decision| match decision {
        Decision::Deny(denial) => denial.text(audience).to_string(),
        Decision::Allow(_) => panic!("ada may open it"),
    })
}

/// A key that the vendor's ring does not have.
fn stranger(seed: u8) -> SecretKey {
    SecretKey::from_seed(&Zeroizing::new([seed; 32]))
}

/// A tenant that holds two licenses which count only on another record.
fn anchored(vendor: &Vendor) -> (Tenant, Checkpoint) {
    let elsewhere = beginning("contoso".parse().unwrap()).head();
    let checkpoint = Checkpoint::new(RecordId::from_random([0x77; 16]), elsewhere);
    let mut tenant = vendor.tenant("contoso");
    for id in [1, 2] {
        let mut deal = vendor.deal(id, vendor.deal_for("contoso").licensee).with(paid("gold", 1, days(0, 100)));
        deal.anchor = Anchor::Record(checkpoint.clone());
        tenant.forge(0, [Command::Install(vendor.seal(&deal))]);
    }
    (tenant, checkpoint)
}

#[test]
fn k6_a_license_that_lacks_its_anchor_is_reported_before_any_purchase() {
    let (tenant, checkpoint) = anchored(&Vendor::fabrikam());
    // Each is named, so that an administrator knows which to ask about.
    let licenses = [1, 2].map(|id| LicenseId::from_random([id; 16]));
    let lacking = |license| CheckFirst::LicenseNotContained { license, checkpoint: checkpoint.clone() };
    assert_eq!(*explain(&tenant).check_first, licenses.map(lacking));
    for (audience, cure) in [
        (
            Audience::Administrator,
            "Restore the complete record, or ask the publisher to issue the license again for the present one",
        ),
        // The support desk is at the publisher.
        (
            Audience::SupportDesk,
            "Have the customer restore the complete record, or issue the license again for the present one",
        ),
    ] {
        let text = text(&tenant, audience);
        let cure = licenses.map(|license| {
            format!(
                "An installed license, {license}, gives nothing: it was issued for a record that contains the checkpoint \
                 {checkpoint}, and this record was not shown to contain it: it is another one, or not complete. {cure}, {}.\n",
                tenant.checkpoint()
            )
        });
        let cure = cure.concat();
        let (before, after) = text.split_once(&cure).unwrap_or_else(|| panic!("{text}"));
        assert!(!before.contains("buy") && after.contains("buy 1 unit of "), "{text}");
    }
    let user = text(&tenant, Audience::User);
    assert!(user.starts_with("Your organisation has installed a license that gives nothing at present"), "{user}");
}

#[test]
fn k6_a_license_whose_key_is_not_trusted_is_reported_with_the_remedy() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.tenant("contoso");
    // What two licenses lack is reported once.
    for id in [1, 2] {
        let deal = vendor.deal(id, vendor.deal_for("contoso").licensee).with(paid("gold", 1, days(0, 100)));
        tenant.forge(0, [Command::Install(stranger(0x55).seal(&deal).unwrap())]);
    }
    let key = stranger(0x55).public().id();
    assert_eq!(*explain(&tenant).check_first, [CheckFirst::LicenseKeyNotTrusted { key }]);
    let text = text(&tenant, Audience::Administrator);
    let expected = format!(
        "this version of the application does not accept the key with which it is signed, {key}. Update the \
         application; if that does not help, contact the publisher."
    );
    assert!(text.contains(&expected), "{text}");
    // The same of a key that the ring once had.
    let bought = vendor.contoso([paid("gold", 1, days(0, 100))]);
    assert!(explain(&bought).check_first.is_empty());
    let rotated = bought.rebase(&vendor.catalog, &KeyRing::new());
    let key = vendor.secret.public().id();
    assert_eq!(*explain(&rotated).check_first, [CheckFirst::LicenseKeyNotTrusted { key }]);
}

#[test]
fn k6_an_installed_license_is_not_reported_where_only_a_purchase_helps() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([paid("gold", 1, days(-300, -200))]);
    assert!(explain(&tenant).check_first.is_empty(), "ended");
    let other = vendor.deal_for("adatum").with(paid("gold", 1, days(0, 100)));
    tenant.forge(0, [Command::Install(vendor.seal(&other))]);
    assert!(explain(&tenant).check_first.is_empty(), "for another tenant");
}

/// A plan that only a later version of the application knows, or an earlier one, is named before any purchase.
#[test]
fn c11_a_license_of_plans_that_the_catalog_does_not_have_is_reported() {
    let vendor = Vendor::fabrikam();
    let (ultra, max) = (|from| paid("ultra", 1, days(from, 100)), paid("max", 1, days(-90, -80)));
    // What ended long ago cures nothing, and what begins later does.
    let tenant = vendor.contoso([paid("gold", 1, days(-300, -200)), ultra(0), ultra(50), max]);
    let unknown = CheckFirst::LicensePlansUnknown {
        license: vendor.deal_for("contoso").id,
        plans: vec!["ultra".parse().unwrap()],
    };
    assert_eq!(*explain(&tenant).check_first, *core::slice::from_ref(&unknown));
    assert_eq!(*explain(&vendor.contoso([ultra(50)])).check_first, [unknown]);
    assert!(explain(&vendor.contoso([paid("max", 1, days(-300, -280))])).check_first.is_empty());
    let administrator = text(&tenant, Audience::Administrator);
    assert!(
        administrator.contains("grants `ultra`, which this version of the application does not know"),
        "{administrator}"
    );
    let user = text(&tenant, Audience::User);
    assert!(user.contains("Ask an administrator to look into that."), "{user}");
    // Where units of a plan that opens the app are usable, what is missing is a seat.
    let tenant = vendor.contoso([paid("gold", 1, days(0, 100)), ultra(0)]);
    assert!(explain(&tenant).check_first.is_empty());
}

/// Nor is a list or a ticket that counts for nothing: it would grant nothing either.
#[test]
fn k6_of_documents_that_give_nothing_only_licenses_are_reported() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.tenant("contoso");
    let list = RevocationListDraft::new("fabrikam".parse().unwrap(), NonZeroU32::MIN, day(0));
    let id = TicketId::from_random([1; 16]);
    let ticket = TimeTicketDraft::new(id, vendor.catalog.offer(), "contoso".parse().unwrap(), day(0));
    tenant.forge(0, [Command::InstallRevocationList(stranger(0x55).seal_list(&list).unwrap())]);
    tenant.forge(0, [Command::CorrectTime(stranger(0x55).seal_ticket(&ticket).unwrap())]);
    assert_eq!(tenant.documents().count(), 2);
    assert!(explain(&tenant).check_first.is_empty());
}

/// The same holds for a license of a certified key.
#[test]
fn k6_a_license_under_a_certificate_that_lacks_its_anchor_is_reported() {
    let vendor = Vendor::fabrikam();
    let issuer = KeyPermissions::new(KeyPurpose::Certificates).and(KeyPurpose::Licenses);
    let ring = KeyRing::new().trust(vendor.secret.public(), issuer).unwrap();
    let (reseller, publisher) = (stranger(0x55), "fabrikam".parse().unwrap());
    let purpose = CertifiedPurpose::Licenses;
    let certificate = KeyCertificateDraft::new(publisher, reseller.public(), purpose, window(-100, 100), day(-50));
    let elsewhere = beginning("contoso".parse().unwrap()).head();
    let checkpoint = Checkpoint::new(RecordId::from_random([0x77; 16]), elsewhere);
    let mut deal = vendor.deal_for("contoso").with(paid("gold", 1, days(0, 100)));
    deal.anchor = Anchor::Record(checkpoint.clone());

    let mut tenant = Tenant::new(&vendor.catalog, &ring, &beginning("contoso".parse().unwrap()));
    tenant.forge(0, [Command::InstallCertificate(vendor.secret.seal_certificate(&certificate).unwrap())]);
    tenant.forge(0, [Command::Install(reseller.seal(&deal).unwrap())]);
    let lacking = CheckFirst::LicenseNotContained { license: deal.id, checkpoint };
    assert_eq!(*explain(&tenant).check_first, [lacking]);
}

#[test]
fn k6_the_clock_comes_before_the_licenses_and_of_many_the_first_are_shown() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([paid("bronze", 1, days(0, 100))]);
    for seed in 0x60..0x66 {
        tenant.forge(0, [Command::Install(stranger(seed).seal(&vendor.deal_for("contoso")).unwrap())]);
    }
    tenant.forge(2000, [Command::RecordTime]);
    let explanation = explain(&tenant);
    assert!(matches!(explanation.check_first[0], CheckFirst::RecordAhead(_)));
    assert_eq!(explanation.check_first.len(), 7);
    let text = text(&tenant, Audience::Administrator);
    assert!(text.contains("  more installed licenses that give nothing: 3"), "{text}");
}
