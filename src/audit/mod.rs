//! Answers what was done to a tenant, in words: the commands of an entry, and what differs between
//! two values of a tenant.
//! It takes a tenant with its catalog and key ring, and an entry or an earlier value.
//! It must not decide anything, or know who reads the words.

pub(crate) mod wording;

pub(crate) mod plan_name;

mod document;
mod line;

mod command;

mod entry;

mod change;

mod paired;

mod compare;

pub use change::TenantChange;
pub use compare::CompareError;
pub use entry::AuditEntry;
pub use line::AuditLine;
