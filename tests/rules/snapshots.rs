//! X7 and X11: a start from a snapshot: documents are verified again, and what it cannot say is not passed.

use entitle::query::{DocumentIssue, DocumentStatus};
use entitle::record::{Anchor, InclusionProof, InclusionProver, SNAPSHOT_FORMAT, SnapshotError, SnapshotKey};
use entitle::testing::assume_proof;
use entitle::{Catalog, Command, Entry, KeyRing, Tenant, Zeroizing};

use crate::support::{Scenario, Vendor, assign, beginning, day, days, paid, user};

fn may_order(vendor: &Vendor, tenant: &Tenant, name: &str) -> bool {
    tenant.check(&user(name), &vendor.catalog.app("f365/orders").unwrap(), day(1)).is_allowed()
}

fn ordering(vendor: &Vendor, anchor: Anchor) -> (Tenant, Entry) {
    let mut deal = vendor.deal_for("contoso").with(paid("bronze", 1, days(0, 100)));
    deal.anchor = anchor;
    let mut tenant = vendor.tenant("contoso");
    let entry =
        tenant.forge(0, [Command::Install(vendor.seal(&deal)), assign("ada", "bronze"), assign("bo", "bronze")]);
    (tenant, entry)
}

/// Ordering under a license that is anchored to the beginning of the record, with the proof of it.
fn anchored(vendor: &Vendor) -> (Tenant, InclusionProof) {
    let beginning = beginning("contoso".parse().unwrap());
    let (tenant, entry) = ordering(vendor, Anchor::Record(beginning.checkpoint()));
    let mut prover = InclusionProver::new(&beginning, tenant.missing_anchors());
    prover.add(&entry).unwrap();
    let proof = prover.finish();
    (tenant.with_proof(&proof).unwrap(), proof)
}

fn key(byte: u8) -> SnapshotKey {
    SnapshotKey::from_random(&Zeroizing::new([byte; 32]))
}

fn restore(vendor: &Vendor, bytes: &[u8]) -> Result<Tenant, SnapshotError> {
    Tenant::restore(&vendor.catalog, &vendor.ring(), "contoso".parse().unwrap(), bytes)
}

fn restore_keyed(vendor: &Vendor, key: &SnapshotKey, bytes: &[u8]) -> Result<Tenant, SnapshotError> {
    Tenant::restore_keyed(&vendor.catalog, &vendor.ring(), "contoso".parse().unwrap(), key, bytes)
}

#[test]
fn x7_documents_of_a_snapshot_are_verified_again() {
    let vendor = Vendor::fabrikam();
    let (tenant, _) = ordering(&vendor, Anchor::Anywhere);
    for bytes in [tenant.snapshot().unwrap(), tenant.snapshot_keyed(&key(7)).unwrap()] {
        let restore = |ring: &KeyRing| {
            let (catalog, id) = (&vendor.catalog, "contoso".parse().unwrap());
            match Tenant::restore(catalog, ring, tenant.id().clone(), &bytes) {
                Err(SnapshotError::Keyed) => Tenant::restore_keyed(catalog, ring, id, &key(7), &bytes).unwrap(),
                other => other.unwrap(),
            }
        };
        let back = restore(&vendor.ring());
        assert!(may_order(&vendor, &back, "ada") && !may_order(&vendor, &back, "bo"), "one seat, and the same one");
        // The key is gone: the license gives nothing, and stays for when it comes back.
        let without_key = restore(&KeyRing::new());
        assert!(!may_order(&vendor, &without_key, "ada"));
        assert!(without_key.documents().all(|document| matches!(document.status, DocumentStatus::GivesNothing(_))));
        assert!(may_order(&vendor, &without_key.rebase(&vendor.catalog, &vendor.ring()), "ada"));
    }
}

#[test]
fn x11_only_a_keyed_snapshot_says_that_a_record_contains_a_checkpoint() {
    let vendor = Vendor::fabrikam();
    let (tenant, proof) = anchored(&vendor);
    assert!(may_order(&vendor, &tenant, "ada"));
    let back = restore(&vendor, &tenant.snapshot().unwrap()).unwrap();
    assert!(!may_order(&vendor, &back, "ada"));
    let statuses: Vec<_> = back.documents().map(|document| document.status).collect();
    assert!(matches!(statuses[..], [DocumentStatus::GivesNothing(DocumentIssue::NotContained { .. })]));
    assert!(may_order(&vendor, &back.with_proof(&proof).unwrap(), "ada"));
    let keyed = restore_keyed(&vendor, &key(7), &tenant.snapshot_keyed(&key(7)).unwrap()).unwrap();
    assert!(may_order(&vendor, &keyed, "ada"));
    assert!(keyed.missing_anchors().is_empty());
}

#[test]
fn x11_a_keyed_snapshot_counts_only_with_its_key_and_as_it_was_made() {
    let vendor = Vendor::fabrikam();
    let (tenant, _) = ordering(&vendor, Anchor::Anywhere);
    let (plain, keyed) = (tenant.snapshot().unwrap(), tenant.snapshot_keyed(&key(7)).unwrap());
    let code = |read: Result<Tenant, SnapshotError>| read.map_or_else(|error| error.code(), |_| "read");
    assert_eq!(code(restore_keyed(&vendor, &key(7), &keyed)), "read");
    assert_eq!(code(restore(&vendor, &keyed)), "snapshot.keyed");
    assert_eq!(code(restore_keyed(&vendor, &key(8), &keyed)), "snapshot.other-key");
    assert_eq!(code(restore_keyed(&vendor, &key(7), &plain)), "snapshot.not-keyed");
    // Each bit of the code and of the content counts.
    let first_line = keyed.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    for at in (first_line..keyed.len()).step_by(7).chain([first_line, keyed.len() - 1]) {
        let mut changed = keyed.clone();
        changed[at] ^= 1;
        assert_eq!(code(restore_keyed(&vendor, &key(7), &changed)), "snapshot.other-key", "byte {at}");
    }
    // The content under the first line and the checksum of a snapshot without a key, which anybody can make.
    let body = &keyed[first_line + 32..];
    let sum = twox_hash::XxHash3_128::oneshot(body).to_le_bytes();
    let line = format!("entitle.snapshot {SNAPSHOT_FORMAT}\n");
    let stripped = [line.as_bytes(), &sum, body].concat();
    assert_eq!(code(restore(&vendor, &stripped)), "read", "a host without a key takes it");
    assert_eq!(code(restore_keyed(&vendor, &key(7), &stripped)), "snapshot.not-keyed", "a host with one does not");
    let relabelled = [b"entitle.snapshot 4 keyed\n", &[0; 32][..], body].concat();
    assert_eq!(code(restore_keyed(&vendor, &key(7), &relabelled)), "snapshot.other-key");
    for short in [&keyed[..first_line], &keyed[..first_line + 31], b"entitle.snapshot 5\n", b""] {
        assert!(restore_keyed(&vendor, &key(7), short).is_err());
    }
    let other = restore_keyed(&vendor, &key(7), b"entitle.snapshot 5\n").unwrap_err();
    assert_eq!(
        other.to_string(),
        "the snapshot begins with `entitle.snapshot 5`: only `entitle.snapshot 4` is read here"
    );
}

#[test]
fn x11_a_snapshot_names_its_head() {
    let vendor = Vendor::fabrikam();
    let (tenant, _) = ordering(&vendor, Anchor::Anywhere);
    let mut back = restore(&vendor, &tenant.snapshot().unwrap()).unwrap();
    assert_eq!((back.head(), back.record(), back.checkpoint()), (tenant.head(), tenant.record(), tenant.checkpoint()));
    let mut tenant = tenant;
    let next = tenant.forge(3, [assign("cy", "bronze")]);
    back.apply(&next).unwrap();
    assert_eq!(back.snapshot().unwrap(), tenant.snapshot().unwrap());
    // What continues another history than that of the snapshot is refused.
    let stale = tenant.forge(4, [assign("dee", "bronze")]);
    assert_eq!(restore(&vendor, &back.snapshot().unwrap()).unwrap().apply(&stale), Ok(()));
    let (mut other, _) = ordering(&vendor, Anchor::Anywhere);
    let fork = [other.forge(3, [assign("eve", "bronze")]), other.forge(4, [assign("fay", "bronze")])];
    assert_eq!(
        restore(&vendor, &back.snapshot().unwrap()).unwrap().apply(&fork[1]).unwrap_err().code(),
        "apply.forked"
    );
}

#[test]
fn x11_a_snapshot_restores_under_another_catalog_as_rebase_would() {
    let vendor = Vendor::fabrikam();
    let (mut tenant, _) = ordering(&vendor, Anchor::Anywhere);
    tenant.forge(1, [assign("ada", "silver"), assign("bo", "gold"), assign("cy", "gold")]);
    let text = include_str!("../../examples/fabrikam.json");
    // A plan that is gone, and the same plans in another order.
    let renamed = Vendor::of(&text.replace(r#""id": "bronze""#, r#""id": "tin""#)).catalog;
    let mut offer = vendor.catalog.offer().clone();
    offer.plans.reverse();
    let reversed = Catalog::new(offer).unwrap();
    for catalog in [&renamed, &reversed, &vendor.catalog] {
        let id = || "contoso".parse().unwrap();
        let back = Tenant::restore(catalog, &vendor.ring(), id(), &tenant.snapshot().unwrap()).unwrap();
        let rebased = tenant.rebase(catalog, &vendor.ring());
        assert_eq!(back.snapshot().unwrap(), rebased.snapshot().unwrap());
        let names = |tenant: &Tenant, plan: &str| -> Vec<String> {
            tenant.queue(&plan.parse().unwrap()).map(|user| user.to_string()).collect()
        };
        for plan in ["bronze", "silver", "gold", "tin"] {
            assert_eq!(names(&back, plan), names(&rebased, plan), "{plan}");
        }
        for name in ["ada", "bo", "cy"] {
            for app in catalog.apps() {
                let open = |tenant: &Tenant| tenant.check(&user(name), &app, day(2)).is_allowed();
                assert_eq!(open(&back), open(&rebased), "{name} {app}");
            }
        }
    }
    let hashes = [renamed.hash(), reversed.hash(), vendor.catalog.hash()];
    assert!(hashes[0] != hashes[1] && hashes[1] != hashes[2] && hashes[0] != hashes[2]);
    assert_eq!(vendor.catalog.hash(), Vendor::fabrikam().catalog.hash());
    assert_eq!(vendor.catalog.hash().to_string().len(), 43);
}

#[test]
fn x7_a_snapshot_says_nothing_of_plans_that_only_documents_name() {
    let vendor = Vendor::fabrikam();
    let beginning = beginning("contoso".parse().unwrap());
    let proof = InclusionProver::new(&beginning, [&beginning.checkpoint()]).finish();
    // An anchored second revision, and behind it the first, of a plan that the catalog does not know. Until the proof is
    // given again, the first is in force.
    let first = vendor.deal_for("contoso").with(paid("platinum", 1, days(0, 100)));
    let mut second = first.revise(day(-9)).unwrap();
    second.anchor = Anchor::Record(beginning.checkpoint());
    let mut tenant = vendor.tenant("contoso").with_proof(&proof).unwrap();
    for deal in [&second, &first] {
        tenant.forge(0, [Command::Install(vendor.seal(deal))]);
    }
    let bytes = tenant.snapshot().unwrap();
    assert_eq!(assume_proof(&restore(&vendor, &bytes).unwrap(), &proof).snapshot().unwrap(), bytes);
}

#[test]
fn l1_a_snapshot_is_of_one_tenant() {
    let vendor = Vendor::fabrikam();
    let (tenant, _) = ordering(&vendor, Anchor::Anywhere);
    let id = || "northwind".parse().unwrap();
    let other = Tenant::restore(&vendor.catalog, &vendor.ring(), id(), &tenant.snapshot().unwrap());
    assert!(matches!(other, Err(SnapshotError::OtherTenant { .. })));
    let keyed = tenant.snapshot_keyed(&key(7)).unwrap();
    let other = Tenant::restore_keyed(&vendor.catalog, &vendor.ring(), id(), &key(7), &keyed);
    assert!(matches!(other, Err(SnapshotError::OtherTenant { .. })));
}
