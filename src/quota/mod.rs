//! Answers how much of a quota a user or the organisation has, and whether a total is within it (Q1
//! to Q4).
//! It takes a tenant, a handle to a quota, the total that the host wants, and an instant.
//! It must not know how many of anything exist: the host counts.

pub(crate) mod status;

mod decision;

pub(crate) mod record_ahead;

pub(crate) mod explanation;

mod check;

pub use crate::catalog::{TenantQuota, UnknownQuota, UserQuota};
pub use decision::{Over, QuotaDecision, Within};
pub use explanation::{QuotaExplanation, QuotaName, QuotaPlan, QuotaShare};
pub use status::QuotaStatus;
