//! Microsoft's licensing data, read offline for [`entitle`]: text in, values out, without std.
//!
//! | what | where |
//! |---|---|
//! | the plan definition and plan mapping of `pac solution add-license` as a catalog, and back | [`isv`] |
//! | the Microsoft 365 catalogue, products and service plans, as an offer, and the differences of two editions | [`catalogue`] |
//! | Microsoft Graph's answers: what a user may open, what ends next, which assignments are in error and how to fix them | [`graph`] |
//!
//! A product (SKU) is a plan of `entitle`, a component or a service plan is an app. [`Guid`]
//! identifies products, service plans and groups. All faults of a CSV file are reported together,
//! each [`Fault`] with file, line and column. No data is lost or invented: what a format cannot
//! express is a parameter or an error, repairs are listed as data issues, and data that is missing
//! is reported as missing.
#![no_std]

extern crate alloc;

// Each module imports only from those above it.
mod instant;
mod text;

mod guid;

mod csv_separator;

mod csv_rows;
mod fault;

mod csv_table;

pub mod catalogue;
pub mod isv;

pub mod graph;

pub use csv_separator::Separator;
pub use fault::{Fault, FaultKind, Faults, File, MAX_FAULTS};
pub use guid::{Guid, ParseGuidError};
