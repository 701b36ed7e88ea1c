//! Comparison of the host's clock with the record, and when to record the time (X6).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::tenant::Tenant;
use crate::time::days::Days;
use crate::time::instant;
use crate::time::{EARLIEST, whole_second};

/// How far a clock can be ahead of the record before [`Tenant::clock`] reports it: longer than an
/// application that records the time when it is due usually stands still, and as long as the
/// shortest licenses that are usually sold.
pub const FAR_AHEAD: Days = Days::new(31);

/// How often [`Tenant::is_time_record_due`] asks for a time record, at least: a record that holds one
/// a day grows by less than 100 KB a year.
pub const TIME_RECORD_INTERVAL: Days = Days::new(1);

/// How the host's clock compares with the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockStatus {
    /// The clock is neither behind the record by more than the catalog tolerates nor ahead of it by
    /// more than [`FAR_AHEAD`]. This does not prove that it is right.
    Fits,
    /// The clock is behind the record. Either it is wrong now, or it was ahead when an event was
    /// recorded, which a time ticket corrects.
    Behind {
        /// The record's floor: the latest instant of which it has evidence. No reading is earlier.
        #[serde(with = "instant")]
        floor: DateTime<Utc>,
    },
    /// The clock is ahead of the record by more than [`FAR_AHEAD`]. Either nobody used the
    /// application for so long, or the clock is wrong. Whatever is recorded now can be taken back
    /// only by a time ticket of the publisher, so that a host that has another source of the time
    /// asks it before it decides a command.
    FarAhead {
        /// The record's floor.
        #[serde(with = "instant")]
        floor: DateTime<Utc>,
    },
}

impl Tenant {
    /// Returns how a clock that shows `now` compares with the record. It is a reason to warn, and
    /// never changes a decision (X6).
    ///
    /// The tolerance is [`Offer::clock_tolerance`](crate::catalog::Offer::clock_tolerance). A record
    /// without any evidence of time, in which nothing was decided yet, fits every clock. `O(1)`.
    #[must_use]
    pub fn clock(&self, now: DateTime<Utc>) -> ClockStatus {
        let (now, floor) = (whole_second(now), self.reading(EARLIEST));
        if floor.signed_duration_since(now) > self.catalog().offer().clock_tolerance.delta() {
            ClockStatus::Behind { floor }
        } else if floor > EARLIEST && now.signed_duration_since(floor) > FAR_AHEAD.delta() {
            ClockStatus::FarAhead { floor }
        } else {
            ClockStatus::Fits
        }
    }

    /// Returns whether the host should record the time now, by
    /// [`Command::RecordTime`](crate::Command::RecordTime): the record has documents, and its floor is
    /// at least [`TIME_RECORD_INTERVAL`] in the past or units of a plan began or ended since.
    ///
    /// What has ended stays so once the time is recorded, whatever becomes of the clock (X6). A host
    /// asks at the start and from time to time; where [`Tenant::clock`] says
    /// [`ClockStatus::FarAhead`] it first asks another source of the time, if it has one.
    /// `O(n log n)` in the plans and their grants.
    #[must_use]
    pub fn is_time_record_due(&self, now: DateTime<Utc>) -> bool {
        let (now, floor) = (whole_second(now), self.reading(EARLIEST));
        if self.core().documents.len() == 0 || now <= floor {
            return false;
        }
        let changed = || {
            let next = self.core().plan_states().filter_map(|plan| plan.segments(floor).get(1));
            next.min_by_key(|segment| segment.from).is_some_and(|segment| segment.from <= now)
        };
        now.signed_duration_since(floor) >= TIME_RECORD_INTERVAL.delta() || changed()
    }
}
