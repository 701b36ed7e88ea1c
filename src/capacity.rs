//! Capacity: what a consumer used, what is left of it, and the sessions that are billed (M1 to M5).

pub use crate::query::session::{MessageOutcome, PendingSession, SessionMeter};
pub use crate::query::usage::{MonthUsage, Usage};
pub use crate::tenant::consumption::Consumption;
