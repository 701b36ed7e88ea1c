//! Whether a denial may be due only to a record that is ahead of the clock (K10).

use chrono::{DateTime, Utc};

use crate::catalog::index::PlanIndex;
use crate::decision::Denial;
use crate::decision::check_first::RecordAhead;
use crate::query::clock::ClockStatus;
use crate::tenant::Tenant;
use crate::tenant::grant_state::{GrantState, GrantStates};
use crate::tenant::no_units::NoUnits;
use crate::time::whole_second;

/// Returns the record's floor and the clock, if the record is ahead by more than the catalog
/// tolerates and the app would open, or would after steps without a purchase, on the state that a
/// time ticket issued now would leave.
///
/// `O(n log n)` in the documents and plans, and `O(n)` in the grants for each plan that lists the app
/// or is required by one.
pub(crate) fn record_ahead(denial: &Denial<'_>) -> Option<RecordAhead> {
    let tenant = denial.question.tenant;
    let ahead = ahead_of_clock(tenant, denial.now)?;
    let corrected = tenant.corrected(ahead.now);
    let plans = tenant.catalog().rule_of(denial.question.app)?.plans();
    plans.iter().any(|&plan| opens_without_purchase(&corrected, plan, ahead.now)).then_some(ahead)
}

/// Returns the record's floor and the clock, if the record is ahead by more than the catalog
/// tolerates.
pub(crate) fn ahead_of_clock(tenant: &Tenant, now: DateTime<Utc>) -> Option<RecordAhead> {
    match tenant.clock(now) {
        ClockStatus::Behind { floor } => Some(RecordAhead { floor, now: whole_second(now) }),
        ClockStatus::Fits | ClockStatus::FarAhead { .. } => None,
    }
}

/// Returns whether a plan can be brought into effect without a purchase: it has units that are not
/// over, and each of its requirements has a plan of which the same is true. Seats can be freed,
/// trials started, lists installed, and what starts later starts by itself.
pub(crate) fn opens_without_purchase(tenant: &Tenant, index: PlanIndex, at: DateTime<Utc>) -> bool {
    let Some(plan) = tenant.catalog().plan_at(index) else { return false };
    let GrantStates { paid, trial } = GrantStates::of(tenant.core(), &plan.id, at);
    let opens = |id| tenant.catalog().plan_index(id).is_some_and(|index| opens_without_purchase(tenant, index, at));
    !(is_over(paid) && is_over(trial)) && plan.requires.iter().all(|any_of| any_of.iter().any(opens))
}

/// Returns whether only a purchase brings such grants back.
fn is_over(state: GrantState) -> bool {
    match state {
        GrantState::NoUnits(
            NoUnits::NoGrant
            | NoUnits::Revoked { .. }
            | NoUnits::Ended { .. }
            | NoUnits::TrialEnded { .. }
            | NoUnits::Suspended { .. },
        ) => true,
        GrantState::NoUnits(
            NoUnits::ReleaseNotCovered { .. }
            | NoUnits::TrialNotStarted { .. }
            | NoUnits::Pending { .. }
            | NoUnits::ListNotFresh { .. },
        )
        | GrantState::Usable => false,
    }
}
