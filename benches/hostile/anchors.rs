//! Copies of one license that counts only on a record that contains a checkpoint.

use entitle::record::{Anchor, Ledger};
use entitle::{Catalog, Command, Grant, Units};

use crate::events::{ledger, load};
use crate::growth::{growth, take};
use crate::workload::{Kind, deal, offer, plan, secret, tenant_id, year};

pub fn run() {
    growth("copies of an anchored license: read, proved and anchored", [100, 200], |count| {
        let offer = offer(Kind::Plain);
        let catalog = Catalog::new(offer.clone()).unwrap();
        let first = load(&catalog, &ledger(&[Command::RecordTime], 1));
        let mut anchored = deal(&offer, [Grant::paid(plan(0), Units::Unlimited, year())]);
        anchored.anchor = Anchor::Record(first.checkpoint());
        let token = secret().seal(&anchored).unwrap();
        let copies = (0..count).map(|_| Command::Install(token.clone()));
        let text = ledger(&[Command::RecordTime].into_iter().chain(copies).collect::<Vec<_>>(), 1);
        take(text.len(), || {
            let tenant = load(&catalog, &text);
            let proof = Ledger::read(&tenant_id(), &text).unwrap().prove(tenant.missing_anchors()).unwrap();
            tenant.with_proof(&proof).unwrap()
        })
    });
}
