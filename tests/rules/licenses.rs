//! L1 to L3: whom a license is for, how much, and what becomes of its revisions.

use entitle::command::{RefusalReason, RefusedPart};
use entitle::license::{Customer, DealError, Licensee, Revocation, RevocationListDraft, RevokedKey};
use entitle::quantity::{Total, ZeroUnitsError};
use entitle::query::{DocumentIssue, DocumentStatus};
use entitle::time::Length;
use entitle::token::{KeyPermissions, KeyPurpose, Kind, SealError};
use entitle::{Command, Deal, Grant, KeyRing, LicenseId, SecretKey, Tenant, Units, Zeroizing};

use crate::support::{Scenario, Vendor, assign, beginning, day, days, paid, units, window};

fn install(vendor: &Vendor, deal: &Deal) -> Command {
    Command::Install(vendor.seal(deal))
}

fn usable(tenant: &Tenant, plan: &str, on: i64) -> Total {
    tenant.pool(&plan.parse().unwrap(), day(on)).usable
}

#[test]
fn l1_a_license_is_for_one_tenant_or_trials_for_anyone() {
    let vendor = Vendor::fabrikam();
    let deal = vendor.deal_for("contoso").with(paid("bronze", 1, days(0, 100)));
    let mut other = vendor.tenant("northwind");
    let refused = other.run(0, [install(&vendor, &deal)]).unwrap_err();
    let reason = DocumentIssue::OtherTenant {
        kind: Kind::License,
        tenant: "contoso".parse().unwrap(),
        ours: "northwind".parse().unwrap(),
    };
    assert_eq!(refused.reason, RefusalReason::Unusable(reason));
    assert_eq!((other.position(), other.documents().count()), (0, 0));

    // A forged record does no better: the document is kept, listed, and gives nothing.
    other.forge(0, [install(&vendor, &deal), assign("ada", "bronze")]);
    assert!(!other.opens("ada", "f365/orders", 1));
    assert!(matches!(
        other.documents().next().unwrap().status,
        DocumentStatus::GivesNothing(DocumentIssue::OtherTenant { .. })
    ));

    let trial = Grant::trial("bronze".parse().unwrap(), units(1), window(0, 50), Length::days(30).unwrap());
    let anyone = vendor.deal(2, Licensee::Anyone).with(trial);
    for tenant in ["contoso", "northwind"] {
        let mut tenant = vendor.tenant(tenant);
        tenant.run(0, [install(&vendor, &anyone)]).unwrap();
        tenant.run(0, [crate::trials::start(2, "bronze"), assign("ada", "bronze")]).unwrap();
        assert!(tenant.opens("ada", "f365/orders", 1));
    }
    let paid_for_anyone = vendor.deal(3, Licensee::Anyone).with(paid("bronze", 1, days(0, 100)));
    let plan = "bronze".parse().unwrap();
    assert_eq!(vendor.secret.seal(&paid_for_anyone), Err(SealError::Deal(DealError::PaidForAnyone { grant: 0, plan })));
}

#[test]
fn l1_a_license_is_for_one_offer_of_one_publisher() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.tenant("contoso");
    for (publisher, offer) in [("fabrikam", "f366"), ("adatum", "f365")] {
        let mut deal = vendor.deal_for("contoso").with(paid("bronze", 1, days(0, 100)));
        (deal.publisher, deal.offer) = (publisher.parse().unwrap(), offer.parse().unwrap());
        let refused = tenant.run(0, [install(&vendor, &deal)]).unwrap_err();
        assert_eq!(refused.reason.code(), "install.other-offer");
        assert_eq!(
            refused.reason.to_string(),
            format!("this document (license) is for `{publisher}` `{offer}`, this application is `fabrikam` `f365`")
        );
        tenant.forge(0, [install(&vendor, &deal), assign("ada", "bronze")]);
        assert!(!tenant.opens("ada", "f365/orders", 1));
    }
}

#[test]
fn l1_a_license_carries_the_customers_name_and_country() {
    let vendor = Vendor::fabrikam();
    let token = vendor.seal(&vendor.deal_for("contoso"));
    let license = vendor.ring().verify(&token).unwrap();
    let Licensee::Tenant(Customer { id, name, country, .. }) = &license.deal().licensee else { panic!("for a tenant") };
    assert_eq!((id.as_str(), name.as_str(), country.to_string().as_str()), ("contoso", "Contoso Ltd", "DE"));
    assert_eq!(license.key(), vendor.secret.public().id());
}

#[test]
fn l2_units_are_a_total_and_never_zero() {
    assert_eq!(Units::limited(0), Err(ZeroUnitsError));
    let vendor = Vendor::fabrikam();
    let first = vendor.deal_for("contoso").with(paid("bronze", 5, days(0, 100))).with(paid("gold", 1, days(0, 100)));
    let second = first.revise(day(1)).unwrap().with(paid("bronze", 7, days(0, 100)));
    let mut tenant = vendor.tenant("contoso");
    tenant.run(0, [install(&vendor, &first)]).unwrap();
    assert_eq!((usable(&tenant, "bronze", 1), usable(&tenant, "gold", 1)), (Total::Limited(5), Total::Limited(1)));
    tenant.run(1, [install(&vendor, &second)]).unwrap();
    assert_eq!((usable(&tenant, "bronze", 1), usable(&tenant, "gold", 1)), (Total::Limited(7), Total::ZERO));
}

#[test]
fn l2_a_license_holds_one_trial_of_a_plan() {
    let vendor = Vendor::fabrikam();
    let trial = |plan: &str| Grant::trial(plan.parse().unwrap(), units(1), window(0, 9), Length::days(3).unwrap());
    let deal = vendor.deal_for("contoso").with(trial("bronze")).with(trial("gold")).with(paid("gold", 1, days(0, 9)));
    assert!(vendor.secret.seal(&deal).is_ok());
    let plan = "bronze".parse().unwrap();
    let twice = deal.with(trial("bronze"));
    assert_eq!(vendor.secret.seal(&twice), Err(SealError::Deal(DealError::SecondTrial { grant: 3, plan })));
}

#[test]
fn l3_licenses_of_different_ids_add_up() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.tenant("contoso");
    for id in 1..=3 {
        let mut deal = vendor.deal_for("contoso").with(paid("bronze", u32::from(id), days(0, 100)));
        deal.id = LicenseId::from_random([id; 16]);
        tenant.run(0, [install(&vendor, &deal)]).unwrap();
    }
    assert_eq!(usable(&tenant, "bronze", 1), Total::Limited(6));
}

/// A ring without the key of a later revision does not know that it replaces, whether a list has ended it or
/// not. So a key is ended by a list, and left in the ring.
#[test]
fn l3_an_earlier_revision_counts_where_the_key_of_the_later_one_is_not_trusted() {
    let vendor = Vendor::fabrikam();
    let [first_key, second_key, lists] = [1_u8, 2, 3].map(|seed| SecretKey::from_seed(&Zeroizing::new([seed; 32])));
    let ring = |keys: &[&SecretKey]| {
        let lists = KeyRing::new().trust(lists.public(), KeyPermissions::new(KeyPurpose::Revocations)).unwrap();
        let licenses = || KeyPermissions::new(KeyPurpose::Licenses);
        keys.iter().fold(lists, |ring, key| ring.trust(key.public(), licenses()).unwrap())
    };
    let first = vendor.deal_for("contoso").with(paid("bronze", 9, days(0, 100)));
    let second = first.revise(day(1)).unwrap().with(paid("bronze", 2, days(0, 100)));
    let both = ring(&[&first_key, &second_key]);
    let mut tenant = Tenant::new(&vendor.catalog, &both, &beginning("contoso".parse().unwrap()));
    tenant.run(0, [Command::Install(first_key.seal(&first).unwrap())]).unwrap();
    tenant.run(1, [Command::Install(second_key.seal(&second).unwrap())]).unwrap();
    assert_eq!(usable(&tenant, "bronze", 1), Total::Limited(2));
    let without = |tenant: &Tenant| usable(&tenant.rebase(&vendor.catalog, &ring(&[&first_key])), "bronze", 1);
    assert_eq!(without(&tenant), Total::Limited(9));
    let list = RevocationListDraft::new("fabrikam".parse().unwrap(), 1.try_into().unwrap(), day(1));
    let list = list.with(Revocation::Key(RevokedKey::new(second_key.public().id(), day(1))));
    tenant.forge(1, [Command::InstallRevocationList(lists.seal_list(&list).unwrap())]);
    assert_eq!((usable(&tenant, "bronze", 1), without(&tenant)), (Total::ZERO, Total::Limited(9)));
}

#[test]
fn l3_a_higher_revision_replaces_and_a_lower_never_comes_back() {
    let vendor = Vendor::fabrikam();
    let first = vendor.deal_for("contoso").with(paid("bronze", 9, days(0, 100)));
    let second = first.revise(day(1)).unwrap().with(paid("bronze", 2, days(0, 100)));
    let conflicting = first.revise(day(1)).unwrap().with(paid("bronze", 99, days(0, 100)));
    let mut tenant = vendor.tenant("contoso");
    tenant.run(0, [install(&vendor, &first)]).unwrap();
    let again = tenant.run(0, [install(&vendor, &first)]).unwrap_err();
    assert_eq!(again.reason, RefusalReason::Unusable(DocumentIssue::AlreadyInstalled));
    tenant.run(1, [install(&vendor, &second)]).unwrap();
    assert_eq!(usable(&tenant, "bronze", 1), Total::Limited(2));
    for old in [&first, &conflicting] {
        let refused = tenant.run(1, [install(&vendor, old)]).unwrap_err();
        let reason = DocumentIssue::Superseded { revision: old.revision, in_force: second.revision };
        assert_eq!(refused.reason, RefusalReason::Unusable(reason));
        tenant.forge(1, [install(&vendor, old)]);
        assert_eq!(usable(&tenant, "bronze", 1), Total::Limited(2), "nor by a forged record");
    }
    let statuses: Vec<_> = tenant
        .documents()
        .map(|document| match document.status {
            DocumentStatus::InForce(license) => format!("in force: {}", license.deal().revision),
            DocumentStatus::Replaced(license) => format!("replaced: {}", license.deal().revision),
            DocumentStatus::GivesNothing(unusable) => unusable.code().to_string(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(statuses, ["replaced: 1", "in force: 2", "install.superseded", "install.superseded"]);
}

#[test]
fn l3_a_revision_in_the_same_event_counts_in_order() {
    let vendor = Vendor::fabrikam();
    let first = vendor.deal_for("contoso").with(paid("bronze", 9, days(0, 100)));
    let second = first.revise(day(1)).unwrap().with(paid("bronze", 2, days(0, 100)));
    let mut tenant = vendor.tenant("contoso");
    let refused = tenant.run(0, [install(&vendor, &second), install(&vendor, &first)]).unwrap_err();
    assert_eq!((refused.part, refused.reason.code()), (RefusedPart::Command(1), "install.superseded"));
    assert_eq!(tenant.position(), 0, "all of it or none");
    tenant.run(0, [install(&vendor, &first), install(&vendor, &second)]).unwrap();
    assert_eq!(usable(&tenant, "bronze", 1), Total::Limited(2));
}
