//! The state of a claim, and where it is from, in few words.

use entitle::Tenant;
use entitle::chrono::{DateTime, Utc};
use entitle::command::Assignee;
use entitle::query::{ClaimError, ClaimSource, ClaimState, ClaimStatus};

use crate::tenant::no_units::{NoUnits, no_units};
use crate::tenant::words::{id, list};

/// Returns the state of a claim: "paid", "waits for a seat", "gives nothing: its license ended on …".
pub(super) fn state(tenant: &Tenant, claim: &ClaimStatus<'_>, now: DateTime<Utc>) -> String {
    match &claim.state {
        ClaimState::Works(basis) => basis.to_string(),
        ClaimState::Error(ClaimError::CountViolation { .. }) => {
            no_units(tenant, claim.plan, now).map_or_else(|| "waits for a seat".to_string(), |why| gives_nothing(&why))
        }
        ClaimState::Error(ClaimError::MutuallyExclusive { by }) => {
            format!("seat without effect: excluded by {}", id(by))
        }
        ClaimState::Error(ClaimError::Dependency { any_of }) => {
            format!("seat without effect: requires {}", any_of.iter().map(id).collect::<Vec<_>>().join(" or "))
        }
        ClaimState::UnknownPlan => "the catalog has no such plan".to_string(),
        _ => "does not work".to_string(),
    }
}

/// Returns the state of every claim on a plan without usable units.
pub(super) fn gives_nothing(why: &NoUnits) -> String {
    format!("gives nothing: {why}")
}

/// Returns whether a claim works.
pub(super) fn works(claim: &ClaimStatus<'_>) -> bool {
    matches!(claim.state, ClaimState::Works(_))
}

/// Returns where a claim is from: "direct, group auditors".
pub(super) fn sources(sources: &[ClaimSource<'_>]) -> String {
    list(sources.iter().map(|source| match &source.from {
        Assignee::User(_) => "direct".to_string(),
        Assignee::Group(group) => format!("group {}", id(group)),
    }))
}
