//! Comparison of the host's clock with the record (X6).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::tenant::Tenant;
use crate::time::instant;
use crate::time::{EARLIEST, whole_second};

/// How the host's clock compares with the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockStatus {
    /// The clock is not behind the record by more than the catalog tolerates. This does not prove
    /// that it is right.
    Fits,
    /// The clock is behind the record. Either it is wrong now, or it was ahead when an event was
    /// recorded, which a time ticket corrects.
    Behind {
        /// The record's floor: the latest instant of which it has evidence. No reading is earlier.
        #[serde(with = "instant")]
        floor: DateTime<Utc>,
    },
}

impl Tenant {
    /// Returns how a clock that shows `now` compares with the record. It is a reason to warn, and
    /// never changes a decision (X6).
    ///
    /// The tolerance is [`Offer::clock_tolerance`](crate::catalog::Offer::clock_tolerance). `O(1)`.
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
