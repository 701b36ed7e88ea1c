//! The segments of a plan in compact form, since a process holds one schedule for each plan of each
//! tenant.

use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::quantity::units::Total;
use crate::tenant::pool::{Coverage, GrantInstance, Segment, segments};
use crate::time::{EARLIEST, Phase};

/// The segments of a plan in order, the first from [`EARLIEST`] on. Clones share them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Schedule {
    /// Segments with paid units and no tolerance, as most plans have.
    CompactSegment(Arc<[CompactSegment]>),
    /// Segments that have no compact form. The thin pointer lets the enum do without a tag.
    Whole(Arc<Vec<Segment>>),
}

/// A segment without trial units, tolerances and required lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CompactSegment {
    from: DateTime<Utc>,
    nearest: Option<Phase>,
    active: CompactUnits,
    usable: CompactUnits,
}

/// A total in 32 bits. The value of [`CompactUnits::UNLIMITED`] means unlimited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct CompactUnits(u32);

impl CompactUnits {
    const NONE: Self = Self(0);
    const UNLIMITED: Self = Self(u32::MAX);

    fn of(total: Total) -> Option<Self> {
        match total {
            Total::Limited(units) => u32::try_from(units).ok().map(Self).filter(|units| *units != Self::UNLIMITED),
            Total::Unlimited => Some(Self::UNLIMITED),
        }
    }

    #[inline]
    fn total(self) -> Total {
        if self == Self::UNLIMITED { Total::Unlimited } else { Total::Limited(self.0.into()) }
    }
}

impl CompactSegment {
    const WITHOUT_GRANTS: Self =
        Self { from: EARLIEST, nearest: None, active: CompactUnits::NONE, usable: CompactUnits::NONE };

    fn of(segment: &Segment) -> Option<Self> {
        let Segment { from, coverage: Coverage { paid, active, usable, limit }, nearest, stale: None } = *segment
        else {
            return None;
        };
        let is_plain = paid == active && usable == limit;
        is_plain.then_some(Self { from, nearest, active: CompactUnits::of(active)?, usable: CompactUnits::of(usable)? })
    }

    #[inline]
    fn segment(&self) -> Segment {
        let (active, usable) = (self.active.total(), self.usable.total());
        let coverage = Coverage { paid: active, active, usable, limit: usable };
        Segment { from: self.from, coverage, nearest: self.nearest, stale: None }
    }
}

impl Schedule {
    pub(crate) fn without_grants() -> Self {
        Self::CompactSegment(Arc::new([CompactSegment::WITHOUT_GRANTS]))
    }

    /// Returns the schedule of these grants. `O(n log n)` in their phases.
    pub(crate) fn of(grants: &[GrantInstance<'_>]) -> Self {
        Self::from_segments(segments(grants))
    }

    fn from_segments(segments: Vec<Segment>) -> Self {
        if segments.is_empty() {
            return Self::without_grants();
        }
        let compact: Option<Arc<[CompactSegment]>> = segments.iter().map(CompactSegment::of).collect();
        compact.map_or_else(|| Self::Whole(Arc::new(segments)), Self::CompactSegment)
    }

    /// Returns the schedule as if `freed` claims earlier in the queue were gone: wherever there are
    /// units, they cover as many more places.
    pub(crate) fn plus(self, freed: u64) -> Self {
        if freed == 0 {
            return self;
        }
        let further = |total| match total {
            Total::ZERO | Total::Unlimited => total,
            Total::Limited(units) => Total::Limited(units.saturating_add(freed)),
        };
        let all = self.from(EARLIEST).iter();
        Self::from_segments(all.map(|segment| Segment { coverage: segment.coverage.map(further), ..segment }).collect())
    }

    /// Returns the segment that contains `at` and all later segments. `O(log n)` in the grants.
    #[inline]
    pub(crate) fn from(&self, at: DateTime<Utc>) -> Segments<'_> {
        match self {
            Self::CompactSegment(all) => Segments::CompactSegment(since(all, at, |segment| segment.from)),
            Self::Whole(all) => Segments::Whole(since(all, at, |segment| segment.from)),
        }
    }
}

/// Returns the last item that begins no later than `at`, and all items after it.
#[inline]
fn since<T>(all: &[T], at: DateTime<Utc>, from: impl Fn(&T) -> DateTime<Utc>) -> &[T] {
    let index = all.partition_point(|segment| from(segment) <= at).saturating_sub(1);
    all.get(index..).unwrap_or_default()
}

/// The end of a list of segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Segments<'a> {
    CompactSegment(&'a [CompactSegment]),
    Whole(&'a [Segment]),
}

impl<'a> Segments<'a> {
    /// The segments of a plan without grants.
    pub(crate) const WITHOUT_GRANTS: Self = Self::CompactSegment(&[CompactSegment::WITHOUT_GRANTS]);

    #[inline]
    pub(crate) fn get(self, index: usize) -> Option<Segment> {
        match self {
            Self::CompactSegment(all) => all.get(index).map(CompactSegment::segment),
            Self::Whole(all) => all.get(index).copied(),
        }
    }

    #[inline]
    pub(crate) fn first(self) -> Option<Segment> {
        self.get(0)
    }

    pub(crate) fn len(self) -> usize {
        match self {
            Self::CompactSegment(all) => all.len(),
            Self::Whole(all) => all.len(),
        }
    }

    #[inline]
    pub(crate) fn iter(self) -> impl Iterator<Item = Segment> + 'a {
        let (compact, whole) = match self {
            Self::CompactSegment(all) => (all, &[][..]),
            Self::Whole(all) => (&[][..], all),
        };
        compact.iter().map(CompactSegment::segment).chain(whole.iter().copied())
    }

    /// Returns the segments after the first.
    #[inline]
    pub(crate) fn later(self) -> impl Iterator<Item = Segment> + 'a {
        self.iter().skip(1)
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;
    use alloc::vec::Vec;

    use chrono::{DateTime, Utc};

    use super::{Schedule, Segments};
    use crate::quantity::units::Total;
    use crate::tenant::pool::{Coverage, Segment};
    use crate::time::{EARLIEST, End, LATEST, Phase};

    const MOST: u64 = 0xffff_fffe;

    fn segment(from: DateTime<Utc>, [paid, active, usable, limit]: [Total; 4], stale: Option<End>) -> Segment {
        Segment { from, coverage: Coverage { paid, active, usable, limit }, nearest: Some(Phase::Active), stale }
    }

    fn read(schedule: &Schedule, at: DateTime<Utc>) -> Vec<Segment> {
        let segments = schedule.from(at);
        let by_place: Vec<Segment> = (0..segments.len()).filter_map(|index| segments.get(index)).collect();
        assert!(segments.iter().eq(by_place.iter().copied()) && segments.first() == by_place.first().copied());
        assert!(segments.later().eq(by_place.iter().skip(1).copied()) && segments.get(by_place.len()).is_none());
        by_place
    }

    /// All segments read back unchanged, and those of most plans are stored in compact form.
    #[test]
    fn segments_are_read_back_unchanged() {
        let all = |units| [Total::Limited(units); 4];
        let (one, two) = (Total::Limited(1), Total::Limited(2));
        let cases = [
            (all(0), None, true),
            (all(MOST), None, true),
            ([Total::Unlimited; 4], None, true),
            ([one, one, Total::Unlimited, Total::Unlimited], None, true),
            // Too many units, a trial, a tolerance, and a required list.
            (all(MOST + 1), None, false),
            ([one, two, two, two], None, false),
            ([one, one, one, two], None, false),
            (all(1), Some(End::Never), false),
        ];
        for (coverage, stale, is_compact) in cases {
            let segments = vec![segment(EARLIEST, all(0), None), segment(LATEST, coverage, stale)];
            let schedule = Schedule::from_segments(segments.clone());
            assert_eq!(matches!(schedule, Schedule::CompactSegment(_)), is_compact, "{coverage:?} {stale:?}");
            assert_eq!(read(&schedule, EARLIEST), segments);
            assert_eq!(read(&schedule, LATEST), segments[1..]);
        }
        assert_eq!(Schedule::from_segments(Vec::new()).from(LATEST), Segments::WITHOUT_GRANTS);
    }

    /// Freed seats extend the coverage, also beyond the compact form; zero and unlimited do not
    /// change.
    #[test]
    fn freed_seats_extend_the_coverage() {
        let before = |units| Schedule::from_segments(vec![segment(EARLIEST, [units; 4], None)]);
        let after = |units, freed| before(units).plus(freed).from(EARLIEST).first().map(|now| now.coverage.usable);
        assert_eq!(after(Total::Limited(2), 3), Some(Total::Limited(5)));
        assert_eq!(after(Total::Limited(MOST), 1), Some(Total::Limited(MOST + 1)));
        assert_eq!(after(Total::ZERO, 3), Some(Total::ZERO));
        assert_eq!(after(Total::Unlimited, 3), Some(Total::Unlimited));
        assert_eq!(before(Total::ZERO).plus(0), before(Total::ZERO));
    }
}
