//! The state of a claim, and where it is from, in few words.

use entitle::command::Assignee;
use entitle::query::{ClaimError, ClaimSource, ClaimState, ClaimStatus};

use crate::tenant::words::{id, list};

/// Returns the state of a claim: "paid", "waits for a seat", "gives nothing: its license ended on …".
pub(super) fn state(claim: &ClaimStatus<'_>) -> String {
    match &claim.state {
        ClaimState::Works(basis) => basis.to_string(),
        ClaimState::Error(ClaimError::CountViolation { .. }) => "waits for a seat".to_string(),
        ClaimState::Error(error @ ClaimError::NoUnits { .. }) => error.to_string(),
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
