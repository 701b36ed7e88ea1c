//! The record of the simulation: what is stored, and every state that it had.

use std::sync::LazyLock;

use entitle::chrono::{DateTime, Utc};
use entitle::license::{Customer, Licensee};
use entitle::record::{Beginning, Head};
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{
    Actor, Catalog, Command, Deal, Entry, Grant, KeyRing, LicenseId, RecordId, RequestId, Role, SecretKey, Tenant,
    Term, Units, Zeroizing,
};

use crate::store::{Appended, Cursor, Page, Position};

const CATALOG: &str = r#"{ "publisher": "fabrikam", "offer": "studio", "management": { "managed": "with_license" },
    "apps": [{ "id": "export", "access": "licensed" }],
    "plans": [{ "id": "pro", "scope": "user", "name": "Studio Pro", "apps": ["export"] }] }"#;

/// How many seats there are, and how many users want them.
pub(super) const SEATS: u32 = 2;
pub(super) const USERS: u64 = 5;

/// A tenant with a license of a few seats, as every simulation begins.
static INSTALLED: LazyLock<Tenant> = LazyLock::new(|| {
    let catalog = Catalog::from_json(CATALOG).unwrap();
    let secret = SecretKey::from_seed(&Zeroizing::new([7; 32]));
    let ring = KeyRing::new().trust(secret.public(), KeyPermissions::new(KeyPurpose::Licenses)).unwrap();
    let customer = Customer::new("contoso".parse().unwrap(), "Contoso".parse().unwrap(), "DE".parse().unwrap());
    let term = Term::new(start(), "2027-03-01T00:00:00Z".parse().unwrap()).unwrap();
    let deal = Deal::new(LicenseId::from_random([1; 16]), catalog.offer(), Licensee::Tenant(customer), start())
        .with(Grant::paid("pro".parse().unwrap(), Units::limited(SEATS).unwrap(), term));
    let beginning = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([2; 16]));
    let mut tenant = Tenant::new(&catalog, &ring, &beginning);
    let install = Command::Install(secret.seal(&deal).unwrap());
    let entry = tenant.decide(&admin(), &[install], RequestId::from_random([3; 16]), start()).unwrap();
    tenant.apply(&entry).unwrap();
    tenant
});

pub(super) const fn start() -> DateTime<Utc> {
    // 2026-03-01T00:00:00Z
    DateTime::from_timestamp_secs(1_772_323_200).unwrap()
}

pub(super) fn admin() -> Actor {
    Actor::new("ada".parse().unwrap()).with(Role::GlobalAdministrator).with(Role::Host)
}

/// A record that every process reads and writes.
pub(super) struct SimStore {
    /// The states of the record in their order; the first is that of the installed license.
    pub(super) states: Vec<Tenant>,
    pub(super) entries: Vec<Entry>,
}

impl SimStore {
    pub(super) fn new() -> Self {
        Self { states: vec![INSTALLED.clone()], entries: Vec::new() }
    }

    pub(super) fn latest(&self) -> &Tenant {
        &self.states[self.states.len() - 1]
    }

    /// How many entries there are up to a head.
    pub(super) fn up_to(&self, head: Head) -> Option<usize> {
        self.states.iter().position(|state| state.head() == head)
    }

    pub(super) fn append(&mut self, after: Position, entries: &[Entry]) -> Appended {
        let Some(place) = self.up_to(after.head) else { return Appended::Forked };
        let stored = entries.iter().map(Entry::request).find(|request| self.find(*request).is_some());
        if let Some(request) = stored {
            return Appended::AlreadyStored(request);
        }
        if place + 1 != self.states.len() {
            return Appended::Conflict;
        }
        for entry in entries {
            let mut next = self.latest().clone();
            next.apply(entry).unwrap();
            self.states.push(next);
            self.entries.push(entry.clone());
        }
        Appended::Stored(Cursor::default())
    }

    pub(super) fn read(&self, after: Position, max: usize) -> Page {
        let Some(place) = self.up_to(after.head) else { return Page::Forked };
        let entries: Vec<Entry> = self.entries[place..].iter().take(max).cloned().collect();
        let position = Position::of(self.states[place + entries.len()].head());
        Page::Entries { has_more: position.head != self.latest().head(), entries, position }
    }

    pub(super) fn find(&self, request: RequestId) -> Option<u64> {
        self.entries.iter().find(|entry| entry.request() == request).map(Entry::number)
    }
}
