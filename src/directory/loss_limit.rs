//! The share of users who may lose a plan when a directory is reconciled (S19).

use serde::{Deserialize, Deserializer, Serialize, de};
use thiserror::Error;

use crate::message::messages;

/// The largest share of users who may lose their last source of a plan by one reconciliation, in
/// whole percent, at most 100 (S19). Serialized as the number of percent.
///
/// It is asked three times: of all users of the tenant, of the users who claim one plan, and of the
/// members of one group. Exactly the share is within the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct LossLimit(u32);

/// A number of percent is not a loss limit (S19).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub struct LossLimitError {
    /// The number of percent.
    pub percent: u32,
}

messages! {
    LossLimitError;
    Self { percent } => "reconcile.not-a-loss-limit",
        "invalid loss limit of {percent} percent: a loss limit is from 0 to 100 percent", percent;
}

impl LossLimit {
    /// Nobody may lose a plan.
    pub const NONE: Self = Self(0);
    /// Everybody may lose every plan. A directory without users is refused all the same.
    pub const ALL: Self = Self(100);

    /// Returns the limit of this many percent.
    ///
    /// # Errors
    ///
    /// [`LossLimitError`] for more than 100.
    pub fn new(percent: u32) -> Result<Self, LossLimitError> {
        if percent > Self::ALL.0 { Err(LossLimitError { percent }) } else { Ok(Self(percent)) }
    }

    /// Returns the number of percent.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// Returns whether `losing` users of `of` are more than the share.
    pub(super) fn is_exceeded_by(self, losing: u64, of: u64) -> bool {
        // The product of a `u64` and a `u32` fits into a `u128`.
        u128::from(losing).saturating_mul(100) > u128::from(of).saturating_mul(self.0.into())
    }
}

impl<'de> Deserialize<'de> for LossLimit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(u32::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::LossLimit;

    #[test]
    fn s19_the_share_is_compared_without_rounding_and_without_overflow() {
        let tenth = LossLimit::new(10).unwrap();
        // 10 percent of 19 is 1.9: one may lose, two may not.
        assert!(!tenth.is_exceeded_by(1, 19) && tenth.is_exceeded_by(2, 19));
        // Exactly 10 percent of 20 is within.
        assert!(!tenth.is_exceeded_by(2, 20) && tenth.is_exceeded_by(3, 20));
        assert!(!LossLimit::NONE.is_exceeded_by(0, 20) && LossLimit::NONE.is_exceeded_by(1, u64::MAX));
        assert!(!LossLimit::ALL.is_exceeded_by(20, 20) && !LossLimit::ALL.is_exceeded_by(0, 0));
        assert!(!LossLimit::ALL.is_exceeded_by(u64::MAX, u64::MAX));
        assert!(LossLimit::new(99).unwrap().is_exceeded_by(u64::MAX, u64::MAX));
    }
}
