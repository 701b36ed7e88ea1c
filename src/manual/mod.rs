//! The manual. It contains documentation only.

#[doc = include_str!("getting-started.md")]
pub mod getting_started {}

#[doc = include_str!("glossary.md")]
pub mod glossary {}

#[doc = include_str!("rules.md")]
pub mod rules {}

#[doc = include_str!("formats.md")]
pub mod formats {}

#[doc = include_str!("threats.md")]
pub mod threats {}

#[doc = include_str!("architecture.md")]
pub mod architecture {}

#[doc = include_str!("decisions.md")]
pub mod decisions {}

#[doc = include_str!("other-languages.md")]
pub mod other_languages {}

#[doc = include_str!("contributing.md")]
pub mod contributing {}
