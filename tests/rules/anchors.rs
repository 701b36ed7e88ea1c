//! X7: a license that is in force only on a record that contains a checkpoint.

use entitle::command::{RefusalReason, TrialName};
use entitle::query::{DocumentIssue, DocumentStatus};
use entitle::record::{
    Anchor, Beginning, Checkpoint, InclusionProof, InclusionProver, Ledger, LedgerFault, ProofError,
};
use entitle::testing::assume_proof;
use entitle::time::Length;
use entitle::{Command, Entry, Event, Grant, RecordId, Tenant};

use crate::support::{
    Scenario, Vendor, admin, assign, beginning, day, days, forged, ledger, paid, request, units, window,
};

/// A record of some days.
struct Days {
    tenant: Tenant,
    beginning: Beginning,
    entries: Vec<Entry>,
}

impl Days {
    fn of(vendor: &Vendor, record: u8, on: &[i64]) -> Self {
        let beginning = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([record; 16]));
        let mut days =
            Self { tenant: Tenant::new(&vendor.catalog, &vendor.ring(), &beginning), beginning, entries: Vec::new() };
        for &on in on {
            days.add(on, [Command::RecordTime]);
        }
        days
    }

    fn add(&mut self, on: i64, commands: impl IntoIterator<Item = Command>) {
        let commands = commands.into_iter().collect();
        let entry = forged(&self.tenant, Event::new(self.tenant.position() + 1, day(on), admin(), commands));
        self.tenant.apply(&entry).unwrap();
        self.entries.push(entry);
    }

    fn prove<'c>(&self, checkpoints: impl IntoIterator<Item = &'c Checkpoint>) -> InclusionProof {
        let mut prover = InclusionProver::new(&self.beginning, checkpoints);
        self.entries.iter().for_each(|entry| prover.add(entry).unwrap());
        let proof = prover.finish();
        // A ledger of the same entries proves the same.
        let text = ledger(&self.beginning, &self.entries);
        let ledger = Ledger::read(self.tenant.id(), &text).unwrap();
        assert_eq!(ledger.prove(&proof.checkpoints().cloned().collect::<Vec<_>>()).unwrap(), proof);
        proof
    }
}

fn anchored(vendor: &Vendor, checkpoint: &Checkpoint) -> Command {
    let mut deal = vendor.deal_for("contoso").with(paid("gold", 1, days(0, 100)));
    deal.anchor = Anchor::Record(checkpoint.clone());
    Command::Install(vendor.seal(&deal))
}

#[test]
fn x7_an_anchored_license_is_in_force_only_on_a_record_that_contains_its_checkpoint() {
    let vendor = Vendor::fabrikam();
    let record = Days::of(&vendor, 5, &[1, 2, 3]);
    let checkpoint = record.tenant.checkpoint();
    let install = anchored(&vendor, &checkpoint);

    // Not before the record is proved to contain it.
    let tenant = &record.tenant;
    let reason = tenant.decide(&admin(), core::slice::from_ref(&install), request(), day(4)).unwrap_err().reason;
    assert_eq!(reason, RefusalReason::Unusable(DocumentIssue::NotContained { checkpoint: checkpoint.clone() }));
    let mut tenant = tenant.with_proof(&record.prove([&checkpoint])).unwrap();
    tenant.run(4, [install.clone()]).unwrap();
    tenant.run(4, [assign("ada", "gold")]).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 5));

    // Also on a record that has grown since.
    assert!(Days::of(&vendor, 5, &[1, 2, 3, 4]).prove([&checkpoint]).contains(&checkpoint));

    // Not on one that was cut before it, written anew, or is another.
    for (record, days) in [(5, &[1, 2][..]), (5, &[1, 2, 4]), (5, &[]), (6, &[1, 2, 3])] {
        let mut record = Days::of(&vendor, record, days);
        let proof = record.prove([&checkpoint]);
        assert!(!proof.contains(&checkpoint));
        assert_eq!(proof.checkpoints().count(), 0);
        record.tenant = record.tenant.with_proof(&proof).unwrap();
        record.add(4, [install.clone(), assign("ada", "gold")]);
        let mut tenant = record.tenant;
        assert!(!tenant.opens("ada", "f365/orders", 5));
        assert_eq!(tenant.missing_anchors(), [&checkpoint]);
        assert!(matches!(tenant.documents().next().unwrap().status, DocumentStatus::GivesNothing(_)));
        // However many want it: what a host proves is as many checkpoints as there are, not documents.
        tenant.forge(4, vec![install.clone(); 3]);
        assert_eq!(tenant.documents().count(), 4);
        assert_eq!(tenant.missing_anchors(), [&checkpoint], "x8");
    }
}

/// A customer who deletes the record starts the same trial again, in a record begun anew. One that is anchored to the record
/// that was deleted gives nothing in another.
#[test]
fn x7_a_trial_starts_again_in_a_new_record_unless_it_is_anchored() {
    let vendor = Vendor::fabrikam();
    let trial = Grant::trial("gold".parse().unwrap(), units(1), window(0, 100), Length::days(14).unwrap());
    let mut deal = vendor.deal_for("contoso").with(trial);
    let start = || Command::StartTrial(TrialName::new(deal.id, "gold".parse().unwrap()));
    let ends = |record: u8, anchor: Anchor, on: i64| {
        let mut tenant = Days::of(&vendor, record, &[0]).tenant;
        let mut deal = deal.clone();
        deal.anchor = anchor;
        let install = Command::Install(vendor.seal(&deal));
        tenant.run(on, [install, start(), assign("ada", "gold")]).map(|_| tenant.opens("ada", "f365/orders", on + 13))
    };
    assert_eq!(ends(5, Anchor::Anywhere, 1), Ok(true), "in the first record until day 15");
    assert_eq!(ends(6, Anchor::Anywhere, 30), Ok(true), "in the next until day 44");

    let record = Days::of(&vendor, 5, &[0]);
    let checkpoint = record.tenant.checkpoint();
    let refused = ends(6, Anchor::Record(checkpoint.clone()), 30).unwrap_err();
    assert_eq!(refused.reason, RefusalReason::Unusable(DocumentIssue::NotContained { checkpoint: checkpoint.clone() }));
    deal.anchor = Anchor::Record(checkpoint.clone());
    let mut tenant = record.tenant.with_proof(&record.prove([&checkpoint])).unwrap();
    tenant.run(1, [Command::Install(vendor.seal(&deal)), start(), assign("ada", "gold")]).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 14) && !tenant.opens("ada", "f365/orders", 45));
}

#[test]
fn x7_a_proof_is_of_the_checkpoints_it_found() {
    let vendor = Vendor::fabrikam();
    let record = Days::of(&vendor, 5, &[1, 2, 3]);
    let (short, other) =
        (Days::of(&vendor, 5, &[1, 2]).tenant.checkpoint(), Days::of(&vendor, 5, &[1, 3]).tenant.checkpoint());
    let tenant = record.tenant.with_proof(&record.prove([&short, &other])).unwrap();
    assert!(tenant.decide(&admin(), &[anchored(&vendor, &short)], request(), day(4)).is_ok());
    let refused = tenant.decide(&admin(), &[anchored(&vendor, &other)], request(), day(4)).unwrap_err();
    assert_eq!(refused.code(), "install.not-contained");
}

/// A proof is tied to the tenant it is given to: its record and its head.
#[test]
fn x7_a_proof_holds_only_for_the_tenant_whose_record_it_is_of() {
    let vendor = Vendor::fabrikam();
    // An honest record, of which a copy was written anew behind the checkpoint.
    let mut honest = Days::of(&vendor, 5, &[1, 2, 3]);
    let checkpoint = honest.tenant.checkpoint();
    let mut anew = Days::of(&vendor, 5, &[1, 2, 4]);
    honest.add(4, [Command::RecordTime]);
    anew.add(5, [anchored(&vendor, &checkpoint), assign("ada", "gold")]);
    let proof = honest.prove([&checkpoint]);
    assert!(proof.contains(&checkpoint));
    let (proved, ours) = (honest.tenant.head(), anew.tenant.head());
    assert_eq!(anew.tenant.with_proof(&proof).unwrap_err(), ProofError::OtherHead { proved, ours });
    assert_eq!(assume_proof(&anew.tenant, &proof).missing_anchors().len(), 0, "what it would have been");
    // Nor on an earlier or a later tenant of the same record: the host proves it again, from all entries.
    let early = Days::of(&vendor, 5, &[1, 2, 3]);
    assert_eq!(early.tenant.with_proof(&proof).unwrap_err().code(), "proof.other-head");
    honest.add(6, [Command::RecordTime]);
    assert_eq!(honest.tenant.with_proof(&proof).unwrap_err().code(), "proof.other-head");
    assert!(honest.tenant.with_proof(&honest.prove([&checkpoint])).is_ok());
    // Nor on another record.
    let other = Days::of(&vendor, 6, &[1, 2, 3, 4]);
    let refused = other.tenant.with_proof(&proof).unwrap_err();
    assert_eq!(
        refused,
        ProofError::OtherRecord { proved: RecordId::from_random([5; 16]), ours: RecordId::from_random([6; 16]) }
    );
}

#[test]
fn x7_a_damaged_line_proves_nothing() {
    let vendor = Vendor::fabrikam();
    let record = Days::of(&vendor, 5, &[1, 2, 3]);
    let text = ledger(&record.beginning, &record.entries);
    let id = record.tenant.id();
    let edited = text.replace("2026-03-03", "2026-03-04");
    let error = Ledger::read(id, &edited).unwrap().prove([&record.tenant.checkpoint()]).unwrap_err();
    assert!(matches!((error.line, &error.fault), (4, LedgerFault::DoesNotContinue(_))), "{error}");
    let mut prover = InclusionProver::new(&record.beginning, [&record.tenant.checkpoint()]);
    assert_eq!(prover.add(&record.entries[1]).unwrap_err().code(), "apply.out-of-sequence");
    assert!(Ledger::read(id, "").is_err());
}

/// However many copies of documents want it, a checkpoint is asked for once, and the record is read once for all of them.
#[test]
fn x7_all_missing_anchors_are_proved_at_once() {
    let vendor = Vendor::fabrikam();
    let checkpoints: Vec<Checkpoint> =
        [&[1, 2, 3][..], &[1], &[1, 3]].map(|on| Days::of(&vendor, 5, on).tenant.checkpoint()).to_vec();
    let mut record = Days::of(&vendor, 5, &[1, 2, 3, 4]);
    for checkpoint in &checkpoints {
        let install = anchored(&vendor, checkpoint);
        record.add(5, [install.clone(), install.clone(), install]);
    }
    let mut expected: Vec<&Checkpoint> = checkpoints.iter().collect();
    expected.sort();
    assert_eq!(record.tenant.missing_anchors(), expected);
    let proof = record.prove(record.tenant.missing_anchors());
    let proved: Vec<&Checkpoint> = proof.checkpoints().collect();
    assert_eq!(proved, [&checkpoints[1], &checkpoints[0]], "the third is of a record written anew");
    assert_eq!(record.tenant.with_proof(&proof).unwrap().missing_anchors(), [&checkpoints[2]]);
}

#[test]
fn x7_a_revision_keeps_the_anchor_unless_it_says_another() {
    let vendor = Vendor::fabrikam();
    let mut deal = vendor.deal_for("contoso");
    assert_eq!(deal.anchor, Anchor::Anywhere);
    deal.anchor = Anchor::Record(beginning("contoso".parse().unwrap()).checkpoint());
    assert_eq!(deal.revise(day(2)).unwrap().anchor, deal.anchor);
}
