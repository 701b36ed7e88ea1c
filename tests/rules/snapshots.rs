//! X7: a start from a snapshot: documents are verified again, and what it cannot say is not passed.

use entitle::query::{DocumentIssue, DocumentStatus};
use entitle::record::{Anchor, Checkpoint, Ledger, SnapshotError};
use entitle::{Command, KeyRing, RecordId, Tenant};

use crate::support::{Vendor, admin, assign, day, days, paid, user};

fn may_order(vendor: &Vendor, tenant: &Tenant, name: &str) -> bool {
    tenant.check(&user(name), &vendor.catalog.app("f365/orders").unwrap(), day(1)).is_allowed()
}

fn ordering(vendor: &Vendor, anchor: Anchor) -> Tenant {
    let mut deal = vendor.deal_for("contoso").with(paid("bronze", 1, days(0, 100)));
    deal.anchor = anchor;
    let mut tenant = vendor.tenant("contoso");
    let commands = [Command::Install(vendor.seal(&deal)), assign("ada", "bronze"), assign("bo", "bronze")];
    let event = entitle::Event::new(1, day(0), admin(), commands.to_vec());
    tenant.apply(&event).unwrap();
    tenant
}

#[test]
fn x7_documents_of_a_snapshot_are_verified_again() {
    let vendor = Vendor::fabrikam();
    let tenant = ordering(&vendor, Anchor::Anywhere);
    let bytes = tenant.snapshot().unwrap();
    let restore = |ring: &KeyRing| Tenant::restore(&vendor.catalog, ring, "contoso".parse().unwrap(), &bytes).unwrap();
    let back = restore(&vendor.ring());
    assert!(may_order(&vendor, &back, "ada") && !may_order(&vendor, &back, "bo"), "one seat, and the same one");
    // The key is gone: the license gives nothing, and stays for when it comes back.
    let without_key = restore(&KeyRing::new());
    assert!(!may_order(&vendor, &without_key, "ada"));
    assert!(without_key.documents().all(|document| matches!(document.status, DocumentStatus::GivesNothing(_))));
    assert!(may_order(&vendor, &without_key.rebase(&vendor.catalog, &vendor.ring()), "ada"));
}

#[test]
fn x7_a_snapshot_does_not_say_that_a_record_contains_a_checkpoint() {
    let vendor = Vendor::fabrikam();
    let (ledger, head) = Ledger::begin(&"contoso".parse().unwrap(), RecordId::from_random([1; 16])).unwrap();
    let point: Checkpoint = ledger.checkpoint();
    let tenant = ordering(&vendor, Anchor::Record(point.clone()));
    let proof = Ledger::prove(&"contoso".parse().unwrap(), &head, &point).unwrap();
    let anchored = tenant.anchored([&proof]);
    assert!(may_order(&vendor, &anchored, "ada"));
    let bytes = anchored.snapshot().unwrap();
    let back = Tenant::restore(&vendor.catalog, &vendor.ring(), "contoso".parse().unwrap(), &bytes).unwrap();
    assert!(!may_order(&vendor, &back, "ada"));
    let statuses: Vec<_> = back.documents().map(|document| document.status).collect();
    assert!(matches!(statuses[..], [DocumentStatus::GivesNothing(DocumentIssue::NotContained { .. })]));
    assert!(may_order(&vendor, &back.anchored([&proof]), "ada"));
}

#[test]
fn x7_a_snapshot_says_nothing_of_plans_that_only_documents_name() {
    let vendor = Vendor::fabrikam();
    let (ledger, head) = Ledger::begin(&"contoso".parse().unwrap(), RecordId::from_random([1; 16])).unwrap();
    let proof = Ledger::prove(&"contoso".parse().unwrap(), &head, &ledger.checkpoint()).unwrap();
    // An anchored second revision, and behind it the first, of a plan that the catalog does not know. Until the proof is
    // told again, the first is in force.
    let first = vendor.deal_for("contoso").with(paid("platinum", 1, days(0, 100)));
    let mut second = first.revise(day(-9)).unwrap();
    second.anchor = Anchor::Record(ledger.checkpoint());
    let mut tenant = vendor.tenant("contoso").anchored([&proof]);
    for (deal, number) in [&second, &first].into_iter().zip(1..) {
        let commands = vec![Command::Install(vendor.seal(deal))];
        tenant.apply(&entitle::Event::new(number, day(0), admin(), commands)).unwrap();
    }
    let bytes = tenant.snapshot().unwrap();
    let back = Tenant::restore(&vendor.catalog, &vendor.ring(), "contoso".parse().unwrap(), &bytes).unwrap();
    assert_eq!(back.anchored([&proof]).snapshot().unwrap(), bytes);
}

#[test]
fn l1_a_snapshot_is_of_one_tenant() {
    let vendor = Vendor::fabrikam();
    let bytes = ordering(&vendor, Anchor::Anywhere).snapshot().unwrap();
    let other = Tenant::restore(&vendor.catalog, &vendor.ring(), "northwind".parse().unwrap(), &bytes);
    assert!(matches!(other, Err(SnapshotError::OtherTenant { .. })));
}
