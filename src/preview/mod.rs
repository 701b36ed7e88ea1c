//! Answers what a list of commands would change, for whom and when.
//! It takes a tenant, an actor and commands, and compares the tenant without and with them.
//! It must not know how commands are decided or applied: it asks the tenant for both.

mod at_each;
mod change;
mod person;
pub(crate) mod text;

mod affected_scope;

mod instant_view;
mod moments;

mod compared;

mod builder;

mod quotas;

mod access;
mod dropped;
mod people;
mod pools;

mod compute;

pub use change::{
    AccessChange, AccessEnd, AffectedUsers, DroppedGrant, MAX_PREVIEW_ENTRIES, MAX_PREVIEW_INSTANTS, PoolChange,
    PoolUnits, Preview, QuotaChange, QuotaSubject, Subject, Tally, Totals, WaitChange, WarningChange, WarningKind,
};
