//! Whether the host's clock fits the record (X6).

use chrono::{DateTime, Utc};

use crate::tenant::Tenant;
use crate::time::{EARLIEST, whole_second};

/// How the host's clock compares with the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockStatus {
    /// It is not behind the record by more than the catalog tolerates; whether it is right, nobody here can know.
    Fits,
    /// It is behind. Either it is wrong, or it was once ahead when something was recorded, which a time ticket mends.
    Behind {
        /// The latest instant of which the record has evidence: nothing is read earlier.
        floor: DateTime<Utc>,
    },
}

impl Tenant {
    /// How a clock that says `now` compares with the record: a reason for a warning, never for an answer (X6).
    ///
    /// What is tolerated is [`Offer::clock_tolerance`](crate::Offer::clock_tolerance). Constant.
    #[must_use]
    pub fn clock(&self, now: DateTime<Utc>) -> ClockStatus {
        let floor = self.reading(EARLIEST);
        let behind = floor.signed_duration_since(whole_second(now));
        if behind > self.catalog().offer().clock_tolerance.delta() {
            ClockStatus::Behind { floor }
        } else {
            ClockStatus::Fits
        }
    }
}
