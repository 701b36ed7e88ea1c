//! A plan in a tenant: its line, its pool, and what it gives now.

use chrono::{DateTime, Utc};

use crate::basis::Basis;
use crate::pool::{Coverage, Segment};
use crate::schedule::{Schedule, Segments};
use crate::tenant::consumption::Draws;
use crate::tenant::seat_queue::SeatQueue;
use crate::units::Total;

/// What a tenant plan is asked for: it rests on one unit (L2), as if the organisation had the first claim.
pub(crate) const OF_TENANT: u64 = 0;

/// A plan in a tenant.
#[derive(Debug, Clone)]
pub(crate) struct PlanState {
    pub(crate) line: SeatQueue,
    pub(crate) schedule: Schedule,
    pub(crate) draws: Draws,
    now: CachedCoverage,
}

/// The segment of the latest event, with how far each number of its reach goes in the line: the number of the first claim
/// that it does not cover. So a check compares two numbers, and counts nothing.
#[derive(Debug, Clone, Copy)]
struct CachedCoverage {
    from: DateTime<Utc>,
    /// The first instant after it.
    until: DateTime<Utc>,
    coverage: Coverage<u64>,
}

impl CachedCoverage {
    /// Holds at no instant.
    const NONE: Self = Self {
        from: DateTime::<Utc>::MAX_UTC,
        until: DateTime::<Utc>::MIN_UTC,
        coverage: Coverage { paid: 0, active: 0, usable: 0, limit: 0 },
    };

    #[inline]
    fn holds(&self, at: DateTime<Utc>) -> bool {
        self.from <= at && at < self.until
    }
}

impl PlanState {
    pub(crate) fn new() -> Self {
        let (line, schedule, draws) = (SeatQueue::default(), Schedule::without_grants(), Draws::default());
        Self { line, schedule, draws, now: CachedCoverage::NONE }
    }

    /// The segment that holds `at` and those after it.
    #[inline]
    pub(crate) fn segments(&self, at: DateTime<Utc>) -> Segments<'_> {
        self.schedule.from(at)
    }

    /// On what a claim rests, if the units reach as far.
    ///
    /// It costs the same for any line, unless time has gone on since the latest event past the end of a phase: then the
    /// logarithm of the line.
    #[inline]
    pub(crate) fn basis(&self, number: u64, at: DateTime<Utc>) -> Option<Basis> {
        if self.now.holds(at) { self.now.coverage.basis(|end| number < end) } else { self.basis_at(number, at) }
    }

    /// The same outside the window; on its own, so that inside it nothing is set up for this.
    #[inline(never)]
    fn basis_at(&self, number: u64, at: DateTime<Utc>) -> Option<Basis> {
        let coverage = self.segments(at).first()?.coverage;
        coverage.basis(|total| number < self.end(total))
    }

    /// The number of the first claim that is not covered by so many units.
    fn end(&self, total: Total) -> u64 {
        match total {
            Total::ZERO => 0,
            Total::Unlimited => u64::MAX,
            Total::Limited(units) => self.line.nth(units).unwrap_or(u64::MAX),
        }
    }

    /// Once the line, the schedule or the segment is another. Logarithmic in the line and the grants.
    pub(crate) fn cache_coverage(&mut self, at: DateTime<Utc>) {
        let segments = self.schedule.from(at);
        let Some(Segment { from, coverage, .. }) = segments.first() else {
            self.now = CachedCoverage::NONE;
            return;
        };
        self.now = CachedCoverage {
            from,
            until: segments.get(1).map_or(DateTime::<Utc>::MAX_UTC, |next| next.from),
            coverage: coverage.map(|total| self.end(total)),
        };
    }

    /// Until when what is known of now holds.
    pub(crate) fn known_until(&self) -> DateTime<Utc> {
        self.now.until
    }
}
