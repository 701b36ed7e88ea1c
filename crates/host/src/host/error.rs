//! Why a tenant is not there, or not where it is wanted.

use entitle::TenantId;
use entitle::id::TextError;
use entitle::language::Value;
use thiserror::Error;

use crate::message::messages;
use crate::random::RandomError;
use crate::store::StoreError;
use crate::writer::NotStored;

/// Why a tenant is not loaded, or its entries are not read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The store failed.
    Store(#[from] StoreError),
    /// No record of the tenant was begun, and none is by asking.
    UnknownTenant {
        /// The tenant.
        tenant: TenantId,
    },
    /// An entry of the record cannot be read by this release.
    Unreadable {
        /// The tenant.
        tenant: TenantId,
        /// The number of the entry.
        number: u64,
        /// Why it cannot be read.
        error: entitle::record::EntryError,
    },
    /// The record of the tenant changed while it was read, as while a backup is restored.
    Replaced {
        /// The tenant.
        tenant: TenantId,
    },
    /// The text is not the id of a tenant.
    NotAnId(#[from] TextError),
    /// The operating system has no random bytes.
    Random(#[from] RandomError),
}

/// A tenant did not reach a position.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub struct NotReached {
    /// The position that was waited for.
    pub wanted: u64,
    /// The position of the tenant.
    pub position: u64,
    /// Why it will not reach it in this process; `None` if it did not in time.
    pub stopped: Option<NotStored>,
}

messages! {
    LoadError
        as Self::Store(error) => error
        as Self::NotAnId(error) => error
        as Self::Random(error) => error;
    Self::UnknownTenant { tenant } => "host.load.unknown-tenant",
        "the tenant {tenant} has no record: check its id; the record of a new customer is begun first", tenant = tenant;
    Self::Unreadable { tenant, number, error } => "host.load.unreadable",
        "entry {number} of the tenant {tenant} cannot be read: {error}",
        number = Value::Ordinal(*number), tenant = tenant, error = error.message();
    Self::Replaced { tenant } => "host.load.replaced",
        "the record of the tenant {tenant} was replaced while it was read: try again", tenant = tenant;
}

messages! {
    NotReached;
    Self { wanted, position, stopped: None } => "host.not-reached",
        "the tenant is at entry {position} and did not reach {wanted} in time: try again",
        position = Value::Ordinal(*position), wanted = Value::Ordinal(*wanted);
    Self { wanted, position, stopped: Some(why) } => "host.not-reached.stopped",
        "the tenant is at entry {position} and does not reach {wanted} in this process: {why}",
        position = Value::Ordinal(*position), wanted = Value::Ordinal(*wanted), why = why.message();
}
