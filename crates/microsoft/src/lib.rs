//! Microsoft's own licensing data, read offline for [`entitle`]: text in, values out, without std.
//!
//! | what | where |
//! |---|---|
//! | the plan definition and plan mapping of `pac solution add-license` as a catalog, and back | [`isv`] |
//! | the Microsoft 365 catalogue, products and service plans, as an offer; two editions compared | [`catalogue`] |
//! | Microsoft Graph's answers: what a user may open, what ends next, who is in error, what would mend it | [`graph`] |
//!
//! A product (SKU) is a plan in our words, a component or a service plan an app. Products, service plans and groups are named
//! by [`Guid`]. What is wrong in a CSV file is told all at once, each [`Fault`] with file, line and column. Nothing is lost or
//! filled in: what a format cannot say is a parameter or an error, what was mended is told of, what was not said is not known.
#![no_std]

extern crate alloc;

// Each of these imports only from those above it.
mod instant;
mod text;

mod guid;

mod csv_rows;
mod fault;

mod csv_table;

pub mod catalogue;
pub mod isv;

pub mod graph;

pub use fault::{Fault, FaultKind, Faults, File, MAX_FAULTS};
pub use guid::{Guid, ParseGuidError};
