//! Two handles of a store, and the records that are made in it.

use core::fmt::{Debug, Display};

use entitle::chrono::DateTime;
use entitle::record::{Beginning, Head};
use entitle::{Actor, Catalog, Command, Entry, KeyRing, RequestId, Role, Tenant, TenantId};

use super::CaseError;
use crate::random::{record_id, request_id};
use crate::store::{Appended, Cursor, Page, Position, Store};

const CATALOG: &str =
    r#"{ "publisher": "entitle", "offer": "conformance", "management": "unmanaged", "apps": [], "plans": [] }"#;

/// Two handles of one store.
pub(super) struct World<'s> {
    pub(super) one: &'s dyn Store,
    pub(super) other: &'s dyn Store,
}

/// A record that is begun, and the tenant with what was appended.
pub(super) struct Begun {
    pub(super) tenant: Tenant,
    pub(super) cursor: Cursor,
}

impl World<'_> {
    /// Begins the record of a tenant with a random id.
    pub(super) fn begin(&self) -> Result<Begun, CaseError> {
        self.begin_as(&random_text()?)
    }

    /// Begins the record of a tenant with this id.
    pub(super) fn begin_as(&self, id: &str) -> Result<Begun, CaseError> {
        let beginning = Beginning::new(made(id.parse())?, record_id()?);
        let stored = self.one.begin(&beginning)?;
        same("the beginning", &stored, &beginning)?;
        Ok(Begun { tenant: tenant(&stored)?, cursor: Cursor::default() })
    }
}

impl Begun {
    pub(super) fn id(&self) -> &TenantId {
        self.tenant.id()
    }

    pub(super) fn position(&self) -> Position {
        Position { head: self.tenant.head(), cursor: self.cursor }
    }

    /// Returns the entries of as many decisions, each on the one before; nothing is stored.
    pub(super) fn entries(&self, number: usize) -> Result<Vec<Entry>, CaseError> {
        let mut tenant = self.tenant.clone();
        let mut entries = Vec::new();
        for _ in 0..number {
            let entry = entry(&tenant, request_id()?, &random_text()?)?;
            made(tenant.apply(&entry))?;
            entries.push(entry);
        }
        Ok(entries)
    }

    /// Stores entries and applies them.
    pub(super) fn append(&mut self, store: &dyn Store, entries: &[Entry]) -> Result<(), CaseError> {
        match store.append(self.id(), self.position(), entries) {
            Appended::Stored(cursor) => {
                self.cursor = cursor;
                entries.iter().try_for_each(|entry| made(self.tenant.apply(entry)))
            }
            found => Err(CaseError::Differs(format!("entries that continue the record were not stored: {found:?}"))),
        }
    }

    /// Returns everything that is stored after a position, in pages of this length.
    pub(super) fn read(&self, store: &dyn Store, mut after: Position, max: usize) -> Result<Vec<Entry>, CaseError> {
        let mut read = Vec::new();
        loop {
            match store.read(self.id(), after, max)? {
                Page::Entries { entries, position, has_more } => {
                    let head = entries.last().map_or(after.head, Entry::head);
                    same("the head of a page's position", &position.head, &head)?;
                    if entries.len() > max || (has_more && entries.is_empty()) {
                        return Err(CaseError::Differs(format!("a page of {} entries of {max}", entries.len())));
                    }
                    read.extend(entries);
                    after = position;
                    if !has_more {
                        return Ok(read);
                    }
                }
                found => return Err(CaseError::Differs(format!("reading on from what is stored: {found:?}"))),
            }
        }
    }

    /// Checks that these entries are stored, and nothing else.
    pub(super) fn require(&self, store: &dyn Store, head: Head, expected: &[Entry]) -> Result<(), CaseError> {
        let found = self.read(store, Position::of(head), 1_000)?;
        let texts = |entries: &[Entry]| entries.iter().map(|entry| entry.text().to_string()).collect::<Vec<_>>();
        same("the stored entries", &texts(&found), &texts(expected))
    }
}

/// Returns the tenant of a record that was only begun.
pub(super) fn tenant(beginning: &Beginning) -> Result<Tenant, CaseError> {
    Ok(Tenant::new(&made(Catalog::from_json(CATALOG))?, &KeyRing::new(), beginning))
}

/// Returns the entry by which a user joins a group.
pub(super) fn entry(tenant: &Tenant, request: RequestId, user: &str) -> Result<Entry, CaseError> {
    entry_of_many(tenant, request, &[user])
}

/// Returns the entry by which users join a group.
pub(super) fn entry_of_many<T: AsRef<str>>(
    tenant: &Tenant,
    request: RequestId,
    users: &[T],
) -> Result<Entry, CaseError> {
    let admin = Actor::new(made("ada".parse())?).with(Role::GlobalAdministrator);
    let join = |user: &T| Ok(Command::join(made(user.as_ref().parse())?, made("staff".parse())?));
    let commands = users.iter().map(join).collect::<Result<Vec<_>, CaseError>>()?;
    made(tenant.decide(&admin, &commands, request, DateTime::UNIX_EPOCH))
}

pub(super) fn random_text() -> Result<String, CaseError> {
    Ok(record_id()?.to_string())
}

/// Checks that something is as expected.
pub(super) fn same<T: PartialEq + Debug>(what: &str, found: &T, expected: &T) -> Result<(), CaseError> {
    if found == expected {
        Ok(())
    } else {
        Err(CaseError::Differs(format!("{what} is {found:?}, expected {expected:?}")))
    }
}

/// Checks that an outcome is one of those that a store may have.
pub(super) fn require(is_as_expected: bool, found: &impl Debug) -> Result<(), CaseError> {
    if is_as_expected { Ok(()) } else { Err(CaseError::Differs(format!("{found:?}"))) }
}

pub(super) fn made<T, E: Display>(made: Result<T, E>) -> Result<T, CaseError> {
    made.map_err(|error| CaseError::Setup(error.to_string()))
}
