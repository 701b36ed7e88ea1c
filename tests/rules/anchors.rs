//! X7: a license that is in force only on a record that contains a checkpoint.

use entitle::command::RefusalReason;
use entitle::query::{DocumentIssue, DocumentStatus};
use entitle::record::{Anchor, Checkpoint, Ledger, LedgerFault};
use entitle::{Command, Event, RecordId, Tenant};

use crate::support::{Scenario, Vendor, admin, assign, day, days, paid};

/// A record of some days, as lines.
fn lines(tenant: &Tenant, record: u8, on: &[i64]) -> (Ledger, String) {
    let (mut ledger, mut text) = Ledger::begin(tenant.id(), RecordId::from_random([record; 16])).unwrap();
    for (&on, number) in on.iter().zip(1..) {
        let (behind, line) = ledger.line(&Event::new(number, day(on), admin(), vec![Command::RecordTime])).unwrap();
        ledger = behind;
        text.push_str(&line);
    }
    (ledger, text)
}

fn load(vendor: &Vendor, text: &str) -> Tenant {
    let mut tenant = vendor.tenant("contoso");
    let (_, events) = Ledger::read(tenant.id(), text).unwrap();
    for event in &events {
        tenant.apply(event).unwrap();
    }
    tenant
}

fn anchored(vendor: &Vendor, checkpoint: &Checkpoint) -> Command {
    let mut deal = vendor.deal_for("contoso").with(paid("gold", 1, days(0, 100)));
    deal.anchor = Anchor::Record(checkpoint.clone());
    Command::Install(vendor.seal(&deal))
}

#[test]
fn x7_an_anchored_license_is_in_force_only_on_a_record_that_contains_its_checkpoint() {
    let vendor = Vendor::fabrikam();
    let id = vendor.tenant("contoso").id().clone();
    let (ledger, text) = lines(&vendor.tenant("contoso"), 5, &[1, 2, 3]);
    let checkpoint = ledger.checkpoint();
    let install = anchored(&vendor, &checkpoint);

    // Not before the record is proved to contain it.
    let tenant = load(&vendor, &text);
    let reason = tenant.decide(&admin(), core::slice::from_ref(&install), day(4)).unwrap_err().reason;
    assert_eq!(reason, RefusalReason::Unusable(DocumentIssue::NotContained { checkpoint: checkpoint.clone() }));
    let mut tenant = tenant.anchored([&Ledger::prove(&id, &text, &checkpoint).unwrap()]);
    tenant.run(4, [install.clone()]).unwrap();
    tenant.run(4, [assign("ada", "gold")]).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 5));

    // Also on a record that has grown since.
    let (_, longer) = lines(&vendor.tenant("contoso"), 5, &[1, 2, 3, 4]);
    assert_eq!(Ledger::prove(&id, &longer, &checkpoint).unwrap().checkpoint(), &checkpoint);

    // Not on one that was cut before it, written anew, or is another.
    for (record, days, line) in [(5, &[1, 2][..], 4), (5, &[1, 2, 4], 4), (5, &[], 4), (6, &[1, 2, 3], 4)] {
        let (_, text) = lines(&vendor.tenant("contoso"), record, days);
        let error = Ledger::prove(&id, &text, &checkpoint).unwrap_err();
        assert_eq!(error.line, line);
        assert_eq!(error.fault, LedgerFault::LacksCheckpoint { checkpoint: checkpoint.clone() });
        let mut tenant = load(&vendor, &text);
        tenant.forge(4, [install.clone(), assign("ada", "gold")]);
        assert!(!tenant.opens("ada", "f365/orders", 5));
        assert_eq!(tenant.missing_anchors(), [&checkpoint]);
        assert!(matches!(tenant.documents().next().unwrap().status, DocumentStatus::GivesNothing(_)));
        // However many want it: what a host proves and anchors is as many checkpoints as there are, not documents.
        tenant.forge(4, vec![install.clone(); 3]);
        assert_eq!(tenant.documents().count(), 4);
        assert_eq!(tenant.missing_anchors(), [&checkpoint], "x8");
    }
}

#[test]
fn x7_a_proof_is_of_one_checkpoint() {
    let vendor = Vendor::fabrikam();
    let (_, text) = lines(&vendor.tenant("contoso"), 5, &[1, 2, 3]);
    let (short, _) = lines(&vendor.tenant("contoso"), 5, &[1, 2]);
    let (other, _) = lines(&vendor.tenant("contoso"), 5, &[1, 3]);
    let tenant = load(&vendor, &text);
    let proof = Ledger::prove(tenant.id(), &text, &short.checkpoint()).unwrap();
    let tenant = tenant.anchored([&proof]);
    assert!(tenant.decide(&admin(), &[anchored(&vendor, &short.checkpoint())], day(4)).is_ok());
    let refused = tenant.decide(&admin(), &[anchored(&vendor, &other.checkpoint())], day(4)).unwrap_err();
    assert_eq!(refused.code(), "install.not-contained");
}

#[test]
fn x7_a_damaged_line_before_the_checkpoint_proves_nothing() {
    let vendor = Vendor::fabrikam();
    let id = vendor.tenant("contoso").id().clone();
    let (ledger, text) = lines(&vendor.tenant("contoso"), 5, &[1, 2, 3]);
    let edited = text.replace("2026-03-03", "2026-03-04");
    let error = Ledger::prove(&id, &edited, &ledger.checkpoint()).unwrap_err();
    assert_eq!((error.line, error.fault), (4, LedgerFault::DoesNotFollow));
    // What comes behind it is not read, and does not matter.
    let (short, _) = lines(&vendor.tenant("contoso"), 5, &[1]);
    assert!(Ledger::prove(&id, &edited, &short.checkpoint()).is_ok());
    assert!(Ledger::prove(&id, "", &short.checkpoint()).is_err());
}

/// However many copies of documents want it, a checkpoint is asked for once, and the ledger is read once for all of them.
#[test]
fn x7_all_missing_anchors_are_proved_at_once() {
    let vendor = Vendor::fabrikam();
    let checkpoints: Vec<Checkpoint> =
        [&[1, 2, 3][..], &[1], &[1, 3]].map(|on| lines(&vendor.tenant("contoso"), 5, on).0.checkpoint()).to_vec();
    let (_, text) = lines(&vendor.tenant("contoso"), 5, &[1, 2, 3, 4]);
    let mut tenant = load(&vendor, &text);
    for checkpoint in &checkpoints {
        let install = anchored(&vendor, checkpoint);
        tenant.forge(5, [install.clone(), install.clone(), install]);
    }
    let mut expected: Vec<&Checkpoint> = checkpoints.iter().collect();
    expected.sort();
    assert_eq!(tenant.missing_anchors(), expected);
    let proofs = Ledger::prove_all(tenant.id(), &text, tenant.missing_anchors()).unwrap();
    let proved: Vec<&Checkpoint> = proofs.iter().map(entitle::record::InclusionProof::checkpoint).collect();
    assert_eq!(proved, [&checkpoints[1], &checkpoints[0]], "the third is of a record written anew");
    assert_eq!(tenant.anchored(&proofs).missing_anchors(), [&checkpoints[2]]);
    // Behind a damaged line nothing is proved, and what stands before it is.
    let edited = text.replace("2026-03-03", "2026-03-05");
    let proofs = Ledger::prove_all(tenant.id(), &edited, &checkpoints).unwrap();
    assert_eq!(proofs.iter().map(entitle::record::InclusionProof::checkpoint).collect::<Vec<_>>(), [&checkpoints[1]]);
    assert!(Ledger::prove_all(tenant.id(), "", &checkpoints).is_err());
}

#[test]
fn x7_a_revision_keeps_the_anchor_unless_it_says_another() {
    let vendor = Vendor::fabrikam();
    let (ledger, _) = lines(&vendor.tenant("contoso"), 5, &[1]);
    let mut deal = vendor.deal_for("contoso");
    assert_eq!(deal.anchor, Anchor::Anywhere);
    deal.anchor = Anchor::Record(ledger.checkpoint());
    assert_eq!(deal.revise(day(2)).unwrap().anchor, deal.anchor);
}
