//! Answers what would help where access is denied or a total is over a quota: the smallest sets of
//! steps after which the check allows (K4).
//! It takes the answer of a check and an effort, and tries steps on copies of the tenant.
//! It must not know how commands are decided or plans evaluated: it asks the tenant.

pub(crate) mod effort;
pub(crate) mod step;

pub(crate) mod goal;

mod order;
mod simulation;

mod candidates;

mod longer;

mod search;

pub(crate) mod ticket;

mod remedies;

pub use effort::{Effort, SearchStatus};
pub use remedies::Remedies;
pub use step::{PurchaseKind, Remedy, Step};
