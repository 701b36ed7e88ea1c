//! Copies of one license that counts only on a record that contains a checkpoint.

use entitle::record::{Anchor, Ledger};
use entitle::{Catalog, Command, Grant, Units};

use crate::events::{ledger, load};
use crate::growth::{growth, take};
use crate::workload::{Kind, deal, offer, plan, secret, tenant_id, year};

pub fn run() {
    growth("copies of an anchored license: read, proved and anchored", [100, 200], |count| {
        let offer = offer(Kind::Plain);
        let (first, _) = Ledger::read(&tenant_id(), &ledger(&[Command::RecordTime], 1)).unwrap();
        let mut anchored = deal(&offer, [Grant::paid(plan(0), Units::Unlimited, year())]);
        anchored.anchor = Anchor::Record(first.checkpoint());
        let token = secret().seal(&anchored).unwrap();
        let copies = (0..count).map(|_| Command::Install(token.clone()));
        let text = ledger(&[Command::RecordTime].into_iter().chain(copies).collect::<Vec<_>>(), 1);
        let catalog = Catalog::new(offer).unwrap();
        take(text.len(), || {
            let tenant = load(&catalog, &text);
            let proofs = Ledger::prove_all(&tenant_id(), &text, tenant.missing_anchors()).unwrap();
            tenant.anchored(&proofs)
        })
    });
}
