//! The state of a plan in a tenant: its queue, its pool, its consumption, and what it covers now.

use chrono::{DateTime, Utc};

use crate::catalog::basis::Basis;
use crate::quantity::units::Total;
use crate::tenant::command::ClaimPolicy;
use crate::tenant::consumption::ConsumptionHistory;
use crate::tenant::pool::negotiated::NegotiatedAmounts;
use crate::tenant::pool::schedule::{Schedule, Segments};
use crate::tenant::pool::{Coverage, Segment};
use crate::tenant::state::claim_number::ClaimNumber;
use crate::tenant::state::seat_queue::SeatQueue;

/// The claim number that stands for the organisation in a tenant plan: one unit is enough (L2), as
/// for the first claim.
pub(crate) const TENANT_CLAIM: ClaimNumber = ClaimNumber::FIRST;

/// The state of a plan in a tenant.
#[derive(Debug, Clone)]
pub(crate) struct PlanState {
    pub(crate) queue: SeatQueue,
    pub(crate) schedule: Schedule,
    /// The amounts of quotas that its grants carry (Q2).
    pub(crate) negotiated: NegotiatedAmounts,
    pub(crate) consumption: ConsumptionHistory,
    /// Whether users may claim seats by themselves (S18).
    pub(crate) claim_policy: ClaimPolicy,
    now: CachedCoverage,
}

/// The segment of the latest event, with each total translated to the number of the first claim
/// that it does not cover. So a check compares two numbers and counts nothing.
#[derive(Debug, Clone, Copy)]
struct CachedCoverage {
    from: DateTime<Utc>,
    /// The first instant after the segment.
    until: DateTime<Utc>,
    coverage: Coverage<ClaimNumber>,
}

impl CachedCoverage {
    /// Is valid at no instant.
    const NONE: Self = Self {
        from: DateTime::<Utc>::MAX_UTC,
        until: DateTime::<Utc>::MIN_UTC,
        coverage: Coverage {
            paid: ClaimNumber::FIRST,
            active: ClaimNumber::FIRST,
            usable: ClaimNumber::FIRST,
            limit: ClaimNumber::FIRST,
        },
    };

    #[inline]
    fn is_valid_at(&self, at: DateTime<Utc>) -> bool {
        self.from <= at && at < self.until
    }
}

impl PlanState {
    pub(crate) fn new() -> Self {
        let (queue, schedule, consumption) =
            (SeatQueue::default(), Schedule::without_grants(), ConsumptionHistory::default());
        let negotiated = NegotiatedAmounts::default();
        Self { queue, schedule, negotiated, consumption, claim_policy: ClaimPolicy::Off, now: CachedCoverage::NONE }
    }

    /// Returns the segment that contains `at` and those after it.
    #[inline]
    pub(crate) fn segments(&self, at: DateTime<Utc>) -> Segments<'_> {
        self.schedule.from(at)
    }

    /// Returns why a claim is covered, or `None` if the units do not suffice.
    ///
    /// `O(1)`; `O(log n)` in the queue if a phase has ended since the latest event.
    #[inline]
    pub(crate) fn basis(&self, number: ClaimNumber, at: DateTime<Utc>) -> Option<Basis> {
        if self.now.is_valid_at(at) { self.now.coverage.basis(|end| number < end) } else { self.basis_at(number, at) }
    }

    /// Returns the same outside the cached segment. A function of its own, so that the cached case
    /// sets up nothing for it.
    #[inline(never)]
    fn basis_at(&self, number: ClaimNumber, at: DateTime<Utc>) -> Option<Basis> {
        let coverage = self.segments(at).first()?.coverage;
        coverage.basis(|total| number < self.end(total))
    }

    /// Returns the number of the first claim that `total` units do not cover.
    fn end(&self, total: Total) -> ClaimNumber {
        match total {
            Total::ZERO => ClaimNumber::FIRST,
            Total::Unlimited => ClaimNumber::END,
            Total::Limited(units) => self.queue.select(units).unwrap_or(ClaimNumber::END),
        }
    }

    /// Computes the cached coverage at `at`, after the queue, the schedule or the segment has
    /// changed. `O(log n)` in the queue and the grants.
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

    /// Returns until when the cached coverage is valid.
    pub(crate) fn known_until(&self) -> DateTime<Utc> {
        self.now.until
    }
}
