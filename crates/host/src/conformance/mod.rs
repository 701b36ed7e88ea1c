//! Whether a store does what [`Store`] promises: for those who write one.
//!
//! ```
//! use entitle_host::conformance;
//! use entitle_host::store::MemoryStore;
//!
//! fn main() -> Result<(), conformance::ConformanceError> {
//!     let store = MemoryStore::new();
//!     // Two handles of one store: of a database, two connections.
//!     let failures = conformance::failures(&store, &store)?;
//!     assert!(failures.is_empty(), "{failures:?}");
//!     Ok(())
//! }
//! ```
//!
//! It makes records of tenants with random ids, and leaves what others stored alone. It does not
//! show what a store does when machines fail: [`faults`](crate::faults) does.

mod appends;

mod reads;

mod races;

mod world;

use thiserror::Error;

use crate::message::{detail, messages};
use crate::random::RandomError;
use crate::store::{Store, StoreError};
use world::World;

/// The suite could not be run to its end.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ConformanceError {
    /// A call failed that had nothing to fail for.
    Store {
        /// What was tried.
        case: &'static str,
        /// The error of the store.
        error: StoreError,
    },
    /// The operating system has no random bytes.
    Random(#[from] RandomError),
    /// The entries of the suite could not be made, which no release causes.
    Setup {
        /// What happened.
        detail: String,
    },
}

/// What a store did that it should not have done.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{case}: {found}")]
#[non_exhaustive]
pub struct Failure {
    /// What a store does that conforms.
    pub case: &'static str,
    /// What this one did.
    pub found: String,
}

messages! {
    ConformanceError
        as Self::Random(error) => error;
    Self::Store { case, error } => (error.code()) "host.conformance.store",
        "{case}: {error}", case = detail(case), error = error.message();
    Self::Setup { detail: found } => "host.conformance.setup",
        "the entries of the suite cannot be made: {detail}", detail = detail(found);
}

/// One claim about every store, with what shows it.
struct Case {
    claim: &'static str,
    show: fn(&World<'_>) -> Result<(), CaseError>,
}

/// Why a claim is not shown.
enum CaseError {
    /// The store does something else.
    Differs(String),
    /// The store fails.
    Store(StoreError),
    Random(RandomError),
    Setup(String),
}

impl From<StoreError> for CaseError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<RandomError> for CaseError {
    fn from(error: RandomError) -> Self {
        Self::Random(error)
    }
}

/// Runs the suite on two handles of one store, and returns what differs from what every store does;
/// nothing for a store that conforms. Takes some hundred calls, and as many small records.
///
/// # Errors
///
/// [`ConformanceError`] if the store fails.
pub fn failures(one: &dyn Store, other: &dyn Store) -> Result<Vec<Failure>, ConformanceError> {
    let world = World { one, other };
    let mut failures = Vec::new();
    for Case { claim, show } in reads::CASES.iter().chain(appends::CASES).chain(races::CASES) {
        match show(&world) {
            Ok(()) => {}
            Err(CaseError::Differs(found)) => failures.push(Failure { case: claim, found }),
            Err(CaseError::Store(error)) => return Err(ConformanceError::Store { case: claim, error }),
            Err(CaseError::Random(error)) => return Err(error.into()),
            Err(CaseError::Setup(detail)) => return Err(ConformanceError::Setup { detail }),
        }
    }
    Ok(failures)
}
