//! The manual: documentation only.

#[doc = include_str!("formats.md")]
pub mod formats {}

#[doc = include_str!("rules.md")]
pub mod rules {}

#[doc = include_str!("threats.md")]
pub mod threats {}
