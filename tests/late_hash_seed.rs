//! The seed of the hashes, handed in after the first id, in a process of its own.
#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

use entitle::hashing::HashSeedError;
use entitle::{UserId, seed_hashes};

#[test]
fn x8_a_seed_after_the_first_id_is_refused() {
    let ada: UserId = "ada".parse().unwrap();
    for byte in [1, 2] {
        let error = seed_hashes([byte; 16]).unwrap_err();
        assert_eq!(error, HashSeedError::TooLate);
        assert_eq!(error.code(), "hash-seed.too-late");
        let message = "ids were hashed before the hash seed was set: call `seed_hashes` first in `main`";
        assert_eq!(error.to_string(), message);
    }
    assert_eq!(Ok(ada), "ada".parse());
}
