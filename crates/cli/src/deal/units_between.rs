//! Units that a revision takes away until others begin: by a later beginning of the same grant.

use std::collections::BTreeSet;

use entitle::chrono::{DateTime, TimeDelta, Utc};
use entitle::license::{GrantKind, Termination};
use entitle::time::End;
use entitle::{Deal, Grant, PlanId, Units};

use crate::summary;

/// Fewer paid units of a plan than before, from an instant until others begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Gap {
    pub(super) plan: PlanId,
    pub(super) before: Paid,
    pub(super) after: Paid,
    pub(super) from: DateTime<Utc>,
    pub(super) until: DateTime<Utc>,
}

/// Paid units at an instant, in the order of how many they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Paid {
    Limited(u64),
    Unlimited,
}

impl core::fmt::Display for Paid {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Limited(units) => units.fmt(f),
            Self::Unlimited => f.write_str("unlimited"),
        }
    }
}

/// Returns where a revision gives fewer paid units of a plan than the one before until it gives more again,
/// from when it is issued on. `O(n²)` in the grants.
pub(super) fn gaps(before: &Deal, after: &Deal) -> Vec<Gap> {
    let plans: BTreeSet<&PlanId> = before.grants.iter().map(|grant| &grant.plan).collect();
    plans.into_iter().flat_map(|plan| gaps_of(plan, before, after)).collect()
}

fn gaps_of(plan: &PlanId, before: &Deal, after: &Deal) -> Vec<Gap> {
    let mut instants = BTreeSet::from([after.issued]);
    for grant in before.grants.iter().chain(&after.grants).filter(|grant| grant.plan == *plan) {
        let GrantKind::Paid(paid) = &grant.kind else { continue };
        instants.insert(paid.term.starts());
        instants.extend(last_use(grant).instant());
    }
    let instants: Vec<DateTime<Utc>> = instants.range(after.issued..).copied().collect();
    let mut gaps: Vec<Gap> = Vec::new();
    for (from, until) in instants.iter().zip(instants.iter().skip(1)) {
        let (was, is, then) = (paid(before, plan, *from), paid(after, plan, *from), paid(after, plan, *until));
        if is >= was {
            continue;
        }
        match gaps.last_mut().filter(|gap| gap.until == *from && (gap.before, gap.after) == (was, is)) {
            Some(gap) => gap.until = *until,
            None if then > is || instants.iter().any(|later| later > until && paid(after, plan, *later) > is) => {
                gaps.push(Gap { plan: plan.clone(), before: was, after: is, from: *from, until: *until });
            }
            None => {}
        }
    }
    gaps
}

/// Returns the paid units of a plan that can be used at an instant, in the term or the grace.
fn paid(deal: &Deal, plan: &PlanId, at: DateTime<Utc>) -> Paid {
    let mut all = 0_u64;
    for grant in deal.grants.iter().filter(|grant| grant.plan == *plan) {
        let GrantKind::Paid(paid) = &grant.kind else { continue };
        if at < paid.term.starts() || last_use(grant) <= End::At(at) {
            continue;
        }
        match grant.units {
            Units::Unlimited => return Paid::Unlimited,
            Units::Limited(units) => all = all.saturating_add(units.get().into()),
        }
    }
    Paid::Limited(all)
}

/// Returns when a paid grant can no longer be used: after its grace, or at an early end.
fn last_use(grant: &Grant) -> End {
    let GrantKind::Paid(paid) = &grant.kind else { return End::Never };
    let grace = TimeDelta::days(paid.grace.get().into());
    let ends = paid.term.ends().instant().and_then(|ends| ends.checked_add_signed(grace));
    let ends = ends.map_or(End::Never, End::At);
    match summary::early(grant) {
        Termination::Never => ends,
        Termination::Cancelled(at) | Termination::Withdrawn(at) => ends.min(End::At(at)),
    }
}
