//! The seed of all hashes in this process.

pub use crate::collections::hashing::{HashSeedError, seed_hashes};
