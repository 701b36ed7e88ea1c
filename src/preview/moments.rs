//! The instants at which the two tenants are compared. Between two of them neither changes (K5).

use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::catalog::index::PlanNumber;
use crate::preview::MAX_PREVIEW_INSTANTS;
use crate::preview::affected_scope::AffectedScope;
use crate::tenant::Tenant;
use crate::tenant::pool::schedule::Segments;
use crate::time::{End, whole_second};

/// Instants of the host's clock, beginning with that of the preview.
pub(super) struct Moments {
    pub(super) all: Vec<DateTime<Utc>>,
    /// The first instant that is left out.
    pub(super) until: End,
}

impl Moments {
    /// Returns the instants at which a phase, a tolerance or a notice (K7) of a relevant plan
    /// begins or ends in either tenant.
    pub(super) fn of(
        tenants: [&Tenant; 2],
        scope: &AffectedScope<'_>,
        relevant: &[PlanNumber],
        now: DateTime<Utc>,
    ) -> Self {
        let now = whole_second(now);
        let mut all = Vec::from([now]);
        for tenant in tenants {
            let at = tenant.reading(now);
            let (core, notice) = (tenant.core(), tenant.catalog().offer().notice.delta());
            for &number in relevant {
                let segments = core.plan(number).map_or(Segments::WITHOUT_GRANTS, |plan| plan.segments(at));
                all.extend(segments.later().map(|segment| segment.from));
                let warns = core.numbering().in_catalog(number).is_some_and(|plan| scope.affects(plan));
                let notices =
                    segments.later().filter(|_| warns).filter_map(|next| next.from.checked_sub_signed(notice));
                // A notice that begins before the reading is in effect at the first instant.
                all.extend(notices.filter(|&begins| begins > at));
            }
        }
        all.sort_unstable();
        all.dedup();
        let until = all.get(MAX_PREVIEW_INSTANTS).map_or(End::Never, |&first| End::At(first));
        all.truncate(MAX_PREVIEW_INSTANTS);
        Self { all, until }
    }

    /// Returns the intervals of equal values, given the value at each instant.
    pub(super) fn runs<T: PartialEq>(&self, at_each: impl IntoIterator<Item = Option<T>>) -> Vec<Run<T>> {
        let mut runs: Vec<Run<T>> = Vec::new();
        let ends = self.all.iter().skip(1).map(|&next| End::At(next)).chain([self.until]);
        for ((&from, until), value) in self.all.iter().zip(ends).zip(at_each) {
            let Some(value) = value else { continue };
            match runs.last_mut() {
                Some(last) if last.until == End::At(from) && last.value == value => last.until = until,
                _ => runs.push(Run { from, until, value }),
            }
        }
        runs
    }
}

/// An interval with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run<T> {
    pub(super) from: DateTime<Utc>,
    pub(super) until: End,
    pub(super) value: T,
}
