//! Records that survive what machines do to files.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a test may fail by panicking"
)]

mod bad_files;
mod crash;
mod documents;
mod faults;
mod faulty_store;
mod host_faults;
mod host_tenants;
mod hosts;
mod links;
mod local;
mod nats;
mod nats_faults;
mod nats_records;
mod nats_routes;
mod nats_server;
mod options;
mod passes;
#[cfg(unix)]
mod postgres;
#[cfg(unix)]
mod postgres_faults;
#[cfg(unix)]
mod postgres_proxy;
#[cfg(unix)]
mod postgres_server;
#[cfg(unix)]
mod schemas;
mod shared;
mod stores;
mod support;
mod torn;
mod tracing;
mod writer;
mod writer_outcomes;
