//! Records as they lie on disk.

use entitle::record::Ledger;
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{Catalog, Command, Event, KeyRing, Tenant};

use crate::workload::{admin, beginning, entries, ledger_of, now, secret, tenant_id};

/// Trusts the one key for all that is signed.
pub fn ring() -> KeyRing {
    KeyRing::new()
        .trust(secret().public(), KeyPermissions::new(KeyPurpose::Licenses).and(KeyPurpose::TimeTickets))
        .unwrap()
}

/// A ledger of commands, so many in each event.
pub fn ledger(commands: &[Command], in_each: usize) -> String {
    let events = (1..).zip(commands.chunks(in_each));
    ledger_of(&entries(
        beginning().head(),
        events.map(|(number, commands)| Event::new(number, now(), admin(), commands.to_vec())),
    ))
}

/// Reads a ledger and applies what is in it.
pub fn load(catalog: &Catalog, text: &str) -> Tenant {
    let ledger = Ledger::read(&tenant_id(), text).unwrap();
    let mut tenant = Tenant::new(catalog, &ring(), ledger.beginning());
    for entry in ledger.entries() {
        tenant.apply(&entry.unwrap()).unwrap();
    }
    tenant
}
