//! Microsoft's formats, in small samples with realistic data issues: the plan files, the catalogue,
//! and Graph's answers.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may fail by panicking"
)]

mod catalogue;
mod component_names;
mod graph;
mod graph_laws;
mod graph_limits;
mod isv;
mod isv_fields;
mod requests;
