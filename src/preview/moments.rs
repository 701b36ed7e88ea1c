//! The instants at which the two tenants are compared; between two of them neither changes (K5).

use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::preview::MAX_PREVIEW_INSTANTS;
use crate::preview::affected_scope::AffectedScope;
use crate::schedule::Segments;
use crate::sorted::sorted_once;
use crate::tenant::Tenant;
use crate::time::{End, whole_second};

/// Instants of the host's clock, the first that of the question.
pub(super) struct Moments {
    pub(super) all: Vec<DateTime<Utc>>,
    /// The first that was left out.
    pub(super) until: End,
}

impl Moments {
    /// Where a phase, a tolerance or a notice (K7) begins or ends in either tenant, in a plan that matters.
    pub(super) fn of(tenants: [&Tenant; 2], extent: &AffectedScope, relevant: &[usize], now: DateTime<Utc>) -> Self {
        let now = whole_second(now);
        let mut all = Vec::from([now]);
        for tenant in tenants {
            let at = tenant.reading(now);
            let (core, notice) = (tenant.core(), tenant.catalog().offer().notice.delta());
            for &number in relevant {
                let segments = core.plan(number).map_or(Segments::WITHOUT_GRANTS, |plan| plan.segments(at));
                all.extend(segments.later().map(|segment| segment.from));
                let warns = core.numbering().in_catalog(number).is_some_and(|plan| extent.reaches(plan));
                let notices =
                    segments.later().filter(|_| warns).filter_map(|next| next.from.checked_sub_signed(notice));
                // What began before the reading has begun at the first instant already.
                all.extend(notices.filter(|&begins| begins > at));
            }
        }
        let mut all = sorted_once(all);
        let until = all.get(MAX_PREVIEW_INSTANTS).map_or(End::Never, |&first| End::At(first));
        all.truncate(MAX_PREVIEW_INSTANTS);
        Self { all, until }
    }

    /// The times in which something is so, given what it is at each instant: from when, until when, and what.
    pub(super) fn runs<T: PartialEq>(&self, at_each: impl IntoIterator<Item = Option<T>>) -> Vec<Run<T>> {
        let mut runs: Vec<Run<T>> = Vec::new();
        let ends = self.all.iter().skip(1).map(|&next| End::At(next)).chain([self.until]);
        for ((&from, until), is) in self.all.iter().zip(ends).zip(at_each) {
            let Some(is) = is else { continue };
            match runs.last_mut() {
                Some(last) if last.until == End::At(from) && last.is == is => last.until = until,
                _ => runs.push(Run { from, until, is }),
            }
        }
        runs
    }
}

/// A time in which something is so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run<T> {
    pub(super) from: DateTime<Utc>,
    pub(super) until: End,
    pub(super) is: T,
}
