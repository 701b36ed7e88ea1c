//! Data structures that no well-kept library has as they are needed here, each named by its
//! algorithm, and the seed of all hashes. They know neither licenses nor tenants.

pub(crate) mod growth;
pub(crate) mod hashing;
pub(crate) mod id_index;
pub(crate) mod shared_hash_map;
pub(crate) mod sorted_map;
