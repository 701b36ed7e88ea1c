//! The manual: documentation only.

/// The rules of licensing that this library enforces, each with its id.
#[doc = include_str!("rules.md")]
pub mod rules {}
