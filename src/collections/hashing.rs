//! The seed of all hashes in this crate, and the hash map that uses it.
//!
//! Tenants choose the ids that are hashed: of users, groups and consumers. An attacker who knows
//! the seed can choose ids whose hashes collide, which makes lookups slow. Two measures limit this:
//! the host can set a secret seed ([`seed_hashes`]), and a lookup in the table of users
//! (`tenant::state::users`) is `O(log n)` even if all hashes are equal. The hash is
//! [foldhash](https://github.com/orlp/foldhash), which is fast and not cryptographic.

use alloc::boxed::Box;
use core::hash::{BuildHasher, Hasher};

use foldhash::SharedSeed;
use foldhash::quality::FoldHasher;
use once_cell::race::OnceBox;
use thiserror::Error;

use crate::message::messages;

/// Seeds all hashes of this process with 16 random bytes, so that nobody can choose ids whose
/// hashes collide.
///
/// Call it first in `main`, with random bytes of the operating system (`getrandom`, or
/// `crypto.getRandomValues` in JavaScript), wherever the addresses of the process are not random:
/// in WebAssembly, on embedded systems, and on hosts without address space layout randomization.
/// Elsewhere those addresses are the seed if none is set, and a call does no harm. Decisions never
/// depend on the seed. Without it, a tenant can choose ids that cost more to look up: `O(log n)`
/// more for a user, `O(n)` more for a group or a consumer.
///
/// ```
/// let random_bytes = [7; 16]; // of the operating system
/// entitle::seed_hashes(random_bytes)?;
/// // Make ids, read catalogs and load tenants only after this call.
/// Ok::<(), entitle::hashing::HashSeedError>(())
/// ```
///
/// A second call with the same seed changes nothing and succeeds. `O(1)`, without a lock.
///
/// # Errors
///
/// [`HashSeedError`], and nothing changes: for 16 zero bytes, for a second seed that differs from
/// the first, and after an id was hashed without a seed. A [`UserId`](crate::UserId) stores its
/// hash, so the seed cannot change later.
pub fn seed_hashes(seed: [u8; 16]) -> Result<(), HashSeedError> {
    if seed == [0; 16] {
        return Err(HashSeedError::Zero);
    }
    if HASHES.set(Box::new(SeededHash::from_seed(seed))).is_ok() {
        return Ok(());
    }
    match seeded().origin {
        Origin::Host(earlier) if earlier == seed => Ok(()),
        Origin::Host(_) => Err(HashSeedError::OtherSeed),
        Origin::Addresses => Err(HashSeedError::TooLate),
    }
}

/// Why [`seed_hashes`] refuses a seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum HashSeedError {
    /// The seed is 16 zero bytes: nothing random was written into it.
    Zero,
    /// Another seed is already set.
    OtherSeed,
    /// An id was hashed before a seed was set.
    TooLate,
}

messages! {
    HashSeedError;
    Self::Zero => "hash-seed.zero",
        "the hash seed is 16 zero bytes: fill it with random bytes of the operating system";
    Self::OtherSeed => "hash-seed.other-seed", "this process already has another hash seed: call `seed_hashes` once";
    Self::TooLate => "hash-seed.too-late",
        "ids were hashed before the hash seed was set: call `seed_hashes` first in `main`";
}

/// A hash map with the seed of this process. The default hasher of `hashbrown` is not compiled in.
pub(crate) type HashMap<K, V> = hashbrown::HashMap<K, V, Seeded>;

/// The builder of hashers with the seed of this process.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Seeded;

impl BuildHasher for Seeded {
    type Hasher = FoldHasher<'static>;

    #[inline]
    fn build_hasher(&self) -> Self::Hasher {
        seeded().hasher()
    }
}

/// Returns the hash of a user id, which is the same for the same text in one process.
#[inline]
pub(crate) fn hash_of(text: &str) -> u64 {
    seeded().hash(text)
}

/// The hash function of this process, set once by the host or by the first hash.
static HASHES: OnceBox<SeededHash> = OnceBox::new();

#[inline]
fn seeded() -> &'static SeededHash {
    HASHES.get_or_init(|| Box::new(SeededHash::from_addresses()))
}

/// A hash function with its seed.
struct SeededHash {
    origin: Origin,
    start: u64,
    shared: SharedSeed,
}

enum Origin {
    Host([u8; 16]),
    /// The addresses of code, stack and statics, the only randomness without an operating system.
    Addresses,
}

impl SeededHash {
    /// Seeds the constants of the hash with one half of the bytes, its first state with the other.
    fn from_seed(seed: [u8; 16]) -> Self {
        let bits = u128::from_le_bytes(seed);
        let half = |bits: u128| u64::try_from(bits & u128::from(u64::MAX)).unwrap_or(0);
        let shared = SharedSeed::from_u64(half(bits));
        Self { origin: Origin::Host(seed), start: half(bits.wrapping_shr(u64::BITS)), shared }
    }

    fn from_addresses() -> Self {
        // Any start other than 0 works; these are the first bits of pi.
        Self { origin: Origin::Addresses, start: 0x243F_6A88_85A3_08D3, shared: SharedSeed::global_random().clone() }
    }

    #[inline]
    fn hasher(&self) -> FoldHasher<'_> {
        FoldHasher::with_seed(self.start, &self.shared)
    }

    #[inline]
    fn hash(&self, text: &str) -> u64 {
        let mut hasher = self.hasher();
        hasher.write(text.as_bytes());
        hasher.finish()
    }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;

    use super::SeededHash;

    /// A bit of any byte of the seed changes the hashes of short, ordinary and long texts.
    #[test]
    fn every_byte_of_the_seed_counts() {
        let text = "user-0000007@contoso.example".repeat(20);
        for length in [1, 7, 15, 28, 100, 200, 500] {
            let hash = |seed| SeededHash::from_seed(seed).hash(text.get(..length).unwrap_or_default());
            let mut hashes: BTreeSet<u64> = [hash([9; 16])].into();
            for at in 0..16 {
                let mut seed = [9; 16];
                if let Some(byte) = seed.get_mut(at) {
                    *byte ^= 1;
                }
                assert_eq!(hash(seed), hash(seed));
                hashes.insert(hash(seed));
            }
            assert_eq!(hashes.len(), 17, "{length} bytes");
        }
    }
}
