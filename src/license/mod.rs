//! Answers what a publisher promises: deals with their grants, renewals, revocation lists, time
//! tickets and the checkpoints that they name.
//! It takes unsigned data, and tells what is wrong with it before it is signed.
//! It must not know tokens, keys that verify, catalogs' proofs or tenants.

pub(crate) mod grant;

pub(crate) mod head;

pub(crate) mod checkpoint;
pub(crate) mod phases;

pub(crate) mod deal;

pub(crate) mod not_offered;
pub(crate) mod renewal;
pub(crate) mod revocation;
pub(crate) mod time_ticket_draft;

pub use deal::{Customer, Deal, DealError, Freshness, FreshnessLimit, LastRevisionError, Licensee, Reference};
pub use grant::{
    Extension, Extensions, Fallback, FallbackError, Grant, GrantAmount, GrantKind, PaidTerms, Termination, Tolerance,
    ToleratedUnits, TrialTerms,
};
pub use not_offered::NotOffered;
pub use renewal::RENEWAL_TOLERANCE;
pub use revocation::{
    LastListError, LicenseHash, ParseHashError, Revocation, RevocationListDraft, RevokedKey, RevokedLicense,
};
pub use time_ticket_draft::TimeTicketDraft;
