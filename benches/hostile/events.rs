//! Records as they lie on disk.

use entitle::record::Ledger;
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{Catalog, Command, Event, KeyRing, RecordId, Tenant};

use crate::workload::{admin, now, secret, tenant_id};

/// Trusts the one key for all that is signed.
pub fn ring() -> KeyRing {
    KeyRing::new()
        .trust(secret().public(), KeyPermissions::new(KeyPurpose::Licenses).and(KeyPurpose::TimeTickets))
        .unwrap()
}

/// A ledger of commands, so many in each event.
pub fn ledger(commands: &[Command], in_each: usize) -> String {
    let (mut ledger, mut text) = Ledger::begin(&tenant_id(), RecordId::from_random([1; 16])).unwrap();
    for (number, commands) in (1..).zip(commands.chunks(in_each)) {
        let (next, line) = ledger.line(&Event::new(number, now(), admin(), commands.to_vec())).unwrap();
        text.push_str(&line);
        ledger = next;
    }
    text
}

/// Reads a ledger and applies what is in it.
pub fn load(catalog: &Catalog, text: &str) -> Tenant {
    let (_, events) = Ledger::read(&tenant_id(), text).unwrap();
    let mut tenant = Tenant::new(catalog, &ring(), tenant_id());
    for event in &events {
        tenant.apply(event).unwrap();
    }
    tenant
}
