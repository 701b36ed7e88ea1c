#![doc = include_str!("../README.md")]

// Each module imports only from modules above it.
mod message;

mod documents;

pub mod clock;

pub mod random;

mod file;

mod local;

pub mod store;

pub mod conformance;

pub mod writer;

mod trace;

mod host;

pub mod faults;

mod wordings;

pub use file::{Damage, DamageKind, FileError, MAX_FILE_BYTES, Recovery};
pub use host::error::{LoadError, NotReached};
pub use host::install::DocumentAnswer;
pub use host::metrics::Metrics;
pub use host::pass::Pass;
pub use host::{Host, HostBuilder, HostTenant};
pub use local::error::{OpenError, SubmitError};
pub use local::install::{DocumentOutcome, DocumentReport};
pub use local::open::{LocalOptions, Opening, Recovered};
pub use local::{Local, Receipt};
pub use wordings::wordings;
