//! The grants of a tenant: the phase of each, and the next changes.

use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::id::PlanId;
use crate::license::grant::{Grant, Tolerance};
use crate::tenant::Tenant;
use crate::tenant::grant_state::GrantStates;
use crate::tenant::no_units::NoUnits;
use crate::time::instant;
use crate::time::{End, Phase};
use crate::token::license::{License, serialize_id};

/// A grant of a license in force, with its phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct GrantStatus<'a> {
    /// The license that contains the grant.
    #[serde(serialize_with = "serialize_id")]
    pub license: &'a License,
    /// The grant in the license.
    pub grant: &'a Grant,
    /// The phase at the reading.
    pub phase: Phase,
    /// The instant at which the phase ends by time alone.
    pub until: End,
}

/// A change of a grant by time alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Upcoming<'a> {
    /// The instant of the change.
    #[serde(serialize_with = "instant::serialize")]
    pub at: DateTime<Utc>,
    /// The license of the grant.
    #[serde(serialize_with = "serialize_id")]
    pub license: &'a License,
    /// The grant.
    pub grant: &'a Grant,
    /// The change.
    pub change: GrantChange,
}

/// A change of a grant by time alone. The order is that of the list where several happen at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum GrantChange {
    /// The phase changes.
    Becomes {
        /// The phase before.
        from: Phase,
        /// The phase from then on.
        to: Phase,
    },
    /// The tolerance ends, and the grant's own units are the limit again (S11).
    ToleranceEnds,
}

impl GrantChange {
    /// Returns a stable name for programs and translations.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Becomes { .. } => "change.becomes",
            Self::ToleranceEnds => "change.tolerance-ends",
        }
    }
}

impl Tenant {
    /// Returns the grants of the licenses in force, license by license, including those that have
    /// ended and those of plans that the catalog does not know (C11). Each costs `O(p)` in its
    /// phases.
    pub fn grants(&self, now: DateTime<Utc>) -> impl Iterator<Item = GrantStatus<'_>> {
        let (at, core) = (self.reading(now), self.core());
        core.documents.in_force().flat_map(move |license| {
            core.grant_instances(license, |_| true).map(move |instance| {
                let (phase, until) = (instance.timeline.phase(at), instance.timeline.phase_ends(at));
                GrantStatus { license, grant: instance.grant, phase, until }
            })
        })
    }

    /// Returns why a plan has no usable units; `None` if it has some. A plan that no license in force
    /// grants has [`NoUnits::NoGrant`]. `O(n)` in the grants of the tenant.
    #[must_use]
    pub fn no_units(&self, plan: &PlanId, now: DateTime<Utc>) -> Option<NoUnits> {
        GrantStates::of(self.core(), plan, self.reading(now)).no_units()
    }

    /// Returns the changes of the tenant's grants by time alone, earliest first.
    ///
    /// It collects and sorts them: `O(n log n)` in the grants.
    pub fn upcoming(&self, now: DateTime<Utc>) -> impl Iterator<Item = Upcoming<'_>> {
        let (at, core) = (self.reading(now), self.core());
        let mut all = Vec::new();
        for license in core.documents.in_force() {
            for instance in core.grant_instances(license, |_| true) {
                let (grant, timeline) = (instance.grant, &instance.timeline);
                let mut from = timeline.phase(at);
                for (begins, to) in timeline.steps().filter(|&(begins, _)| begins > at) {
                    all.push(Upcoming { at: begins, license, grant, change: GrantChange::Becomes { from, to } });
                    from = to;
                }
                if let Tolerance::UpTo(tolerance) = grant.tolerance {
                    let (ends, phase) = (tolerance.until, timeline.phase(tolerance.until));
                    if ends > at && phase.is_usable() {
                        all.push(Upcoming { at: ends, license, grant, change: GrantChange::ToleranceEnds });
                    }
                }
            }
        }
        // A stable sort, so that equal changes keep the order of the licenses.
        all.sort_by_key(|next| (next.at, next.change));
        all.into_iter()
    }
}
