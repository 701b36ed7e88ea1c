//! The grants of a tenant: where each stands, and what comes next.

use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::grant::{Grant, Tolerance};
use crate::sorted::sorted;
use crate::tenant::Tenant;
use crate::time::{End, Phase};
use crate::token::license::License;

/// A grant of a license in force, and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct GrantStatus<'a> {
    /// The license it is in.
    pub license: &'a License,
    /// What the license says of it.
    pub grant: &'a Grant,
    /// Its phase.
    pub phase: Phase,
    /// When its phase ends by time alone.
    pub until: End,
}

/// Something that happens to a grant by time alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Upcoming<'a> {
    /// When.
    pub at: DateTime<Utc>,
    /// The license of the grant.
    pub license: &'a License,
    /// The grant.
    pub grant: &'a Grant,
    /// What.
    pub turn: GrantChange,
}

/// What happens to a grant by time alone. Ordered as it is listed, should several happen at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum GrantChange {
    /// Its phase becomes another.
    Becomes {
        /// The phase before.
        from: Phase,
        /// The phase from then on.
        to: Phase,
    },
    /// Its own units count again, no more than these (S11).
    ToleranceEnds,
}

impl GrantChange {
    /// A stable name for programs and translations.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Becomes { .. } => "turn.becomes",
            Self::ToleranceEnds => "turn.tolerance-ends",
        }
    }
}

impl Tenant {
    /// The grants of the licenses in force, license by license, those that have ended too; of plans that the catalog does not
    /// know as well (C11). Each costs the phases that it has.
    pub fn grants(&self, now: DateTime<Utc>) -> impl Iterator<Item = GrantStatus<'_>> {
        let (at, core) = (self.reading(now), self.core());
        core.documents.in_force().flat_map(move |license| {
            core.grant_instances(license, |_| true).map(move |share| {
                let (phase, until) = (share.life.phase(at), share.life.phase_ends(at));
                GrantStatus { license, grant: share.grant, phase, until }
            })
        })
    }

    /// What happens to the tenant's grants by time alone, the next first: what starts, what ends, what ends for good.
    ///
    /// It makes a list and sorts it: linear in the grants, but for sorting.
    pub fn upcoming(&self, now: DateTime<Utc>) -> impl Iterator<Item = Upcoming<'_>> {
        let (at, core) = (self.reading(now), self.core());
        let mut all = Vec::new();
        for license in core.documents.in_force() {
            for share in core.grant_instances(license, |_| true) {
                let (grant, life) = (share.grant, &share.life);
                let mut from = life.phase(at);
                for (begins, to) in life.steps().filter(|&(begins, _)| begins > at) {
                    all.push(Upcoming { at: begins, license, grant, turn: GrantChange::Becomes { from, to } });
                    from = to;
                }
                if let Tolerance::UpTo(allowance) = grant.tolerance {
                    let (ends, phase) = (allowance.until, life.phase(allowance.until));
                    if ends > at && phase.is_usable() {
                        all.push(Upcoming { at: ends, license, grant, turn: GrantChange::ToleranceEnds });
                    }
                }
            }
        }
        let order = sorted(all.iter().map(|next| (next.at, next.turn)).zip(0_usize..));
        order.into_iter().filter_map(move |(_, place)| all.get(place).copied())
    }
}
