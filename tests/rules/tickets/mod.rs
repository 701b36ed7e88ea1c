//! X6: a clock that was once far ahead, the time ticket that corrects it, and what no ticket does.

mod anchored;
mod clock;
mod corrections;
mod dated_ahead;

use entitle::command::RefusalReason;
use entitle::license::TimeTicketDraft;
use entitle::record::{Anchor, Checkpoint, InclusionProof, InclusionProver};
use entitle::{Actor, Command, Entry, Role, Tenant, TicketId, Token};

use crate::support::{Scenario, Vendor, admin, assign, beginning, day, days, paid, request};

fn host() -> Actor {
    Actor::new("app".parse().unwrap()).with(Role::Host)
}

fn correction(vendor: &Vendor, id: u8, on: i64) -> TimeTicketDraft {
    TimeTicketDraft::new(TicketId::from_random([id; 16]), vendor.catalog.offer(), "contoso".parse().unwrap(), day(on))
}

fn ticket(vendor: &Vendor, id: u8, on: i64) -> Token {
    vendor.secret.seal_ticket(&correction(vendor, id, on)).unwrap()
}

/// Decides and applies as the host.
fn as_host(tenant: &mut Tenant, on: i64, command: Command) -> Result<Entry, RefusalReason> {
    let entry = tenant.decide(&host(), &[command], request(), day(on)).map_err(|refusal| refusal.reason)?;
    tenant.apply(&entry).unwrap();
    Ok(entry)
}

/// Ada has gold from day 0 to 100, and the clock was once at day 5000.
fn poisoned(vendor: &Vendor) -> Tenant {
    let mut tenant = vendor.contoso([paid("gold", 1, days(0, 100))]);
    tenant.run(1, [assign("ada", "gold")]).unwrap();
    as_host(&mut tenant, 5000, Command::RecordTime).unwrap();
    tenant
}

/// A tenant with all entries of its record, to prove its checkpoints from.
struct Book {
    tenant: Tenant,
    entries: Vec<Entry>,
}

impl Book {
    fn begin(tenant: Tenant) -> Self {
        Self { tenant, entries: Vec::new() }
    }

    fn run(&mut self, on: i64, command: Command) {
        let entry = self.tenant.decide(&admin().with(Role::Host), &[command], request(), day(on)).unwrap();
        self.tenant.apply(&entry).unwrap();
        self.entries.push(entry);
    }

    /// Records a command as a forger does: without deciding.
    fn forge(&mut self, on: i64, command: Command) {
        self.entries.push(self.tenant.forge(on, [command]));
    }

    fn proof<'c>(&self, checkpoints: impl IntoIterator<Item = &'c Checkpoint>) -> InclusionProof {
        let mut prover = InclusionProver::new(&beginning(self.tenant.id().clone()), checkpoints);
        self.entries.iter().for_each(|entry| prover.add(entry).unwrap());
        prover.finish()
    }

    /// Has the tenant know that its record contains what a document is anchored to.
    fn prove(&mut self, anchor: &Anchor) {
        let Anchor::Record(checkpoint) = anchor else { return };
        let proof = self.proof([checkpoint]);
        assert!(proof.contains(checkpoint));
        self.tenant = self.tenant.with_proof(&proof).unwrap();
    }

    /// The tenant read back from its entries.
    fn replayed(&self, vendor: &Vendor) -> Tenant {
        let mut again = vendor.tenant("contoso");
        self.entries.iter().try_for_each(|entry| again.apply(entry)).unwrap();
        let proof = self.proof(again.missing_anchors());
        again.with_proof(&proof).unwrap()
    }
}
