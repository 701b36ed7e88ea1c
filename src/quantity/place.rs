//! Places in a queue.

use core::fmt;
use core::num::NonZeroU64;

use serde::{Deserialize, Serialize};

/// A place in the queue of a plan, counted from 1 (S10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Place(NonZeroU64);

impl Place {
    /// The first place.
    pub const FIRST: Self = Self(NonZeroU64::MIN);

    /// Returns the place behind this many claims.
    #[must_use]
    pub const fn behind(claims: u64) -> Self {
        Self(NonZeroU64::MIN.saturating_add(claims))
    }

    /// Returns how many claims are ahead of this place.
    #[must_use]
    pub const fn ahead(self) -> u64 {
        self.get().saturating_sub(1)
    }

    /// Returns the place as a number, at least 1.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0.get()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
