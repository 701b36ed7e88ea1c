//! Answers how values are stored and found: hand-written structures, each named by its algorithm,
//! and the seed of all hashes.
//! It takes keys and values.
//! It must not know what they mean: no license, no tenant, no time.

pub(crate) mod growth;
pub(crate) mod hashing;
pub(crate) mod sorted;

pub(crate) mod id_index;
pub(crate) mod shared_hash_map;
pub(crate) mod sorted_map;
