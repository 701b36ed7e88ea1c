//! The number of a claim in the queue of its plan.

/// The number of a claim in the queue of its plan: claims of a plan are numbered in the order of
/// the events that made them, and no number is used twice (S10). It is not a place, which falls
/// when claims ahead are removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct ClaimNumber(pub(crate) u64);

impl ClaimNumber {
    /// The first claim of a queue.
    pub(crate) const FIRST: Self = Self(0);

    /// Later than every claim.
    pub(crate) const END: Self = Self(u64::MAX);

    /// Returns the number after this one.
    pub(crate) fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}
