//! Changes of grants to come, in words.

use crate::explain::allow_explanation::UpcomingChange;
use crate::message::{Message, wordings};
use crate::query::grants::{GrantChange, Upcoming};
use crate::time::Phase;

wordings! {
    APPROACHING_TOLERANCE_ENDS = "approaching.tolerance-ends",
        "{at}: license {license} no longer tolerates seats beyond its units (units: {units})";
    APPROACHING_BEGINS = "approaching.begins", "{at}: units of license {license} become usable (units: {units})";
    APPROACHING_GRACE = "approaching.grace", "{at}: the term of units of license {license} ends, and their grace begins (units: {units})";
    APPROACHING_NOT_COVERED = "approaching.release-not-covered",
        "{at}: units of license {license} no longer cover this release (units: {units})";
    APPROACHING_SUSPENDED = "approaching.suspended", "{at}: units of license {license} are suspended (units: {units})";
    APPROACHING_ENDED = "approaching.ended", "{at}: units of license {license} end for good (units: {units})";
    APPROACHING_NOT_FRESH = "approaching.not-fresh",
        "{at}: units of license {license} give nothing without a recent revocation list (units: {units})";
    APPROACHING_PHASE = "approaching.phase", "{at}: units of license {license} become {phase} (units: {units})";
}

/// Returns the message of a change to come of the units of a plan.
pub(super) fn approaching(next: &UpcomingChange) -> Message {
    changes(next.change).with("at", next.at).with("license", &next.license).with("units", &next.units)
}

impl Upcoming<'_> {
    /// Returns what happens to the grant and when, with its license and its units, in the words of the
    /// text of an allow. The plan, which is that of the grant, is not named.
    #[must_use]
    pub fn message(&self) -> Message {
        let (license, units) = (&self.license.deal().id, &self.grant.units);
        changes(self.change).with("at", self.at).with("license", license).with("units", units)
    }
}

/// Returns the message of a change by its kind, without its values.
fn changes(change: GrantChange) -> Message {
    match change {
        GrantChange::ToleranceEnds => APPROACHING_TOLERANCE_ENDS.message(),
        GrantChange::Becomes { to: Phase::Active, .. } => APPROACHING_BEGINS.message(),
        GrantChange::Becomes { to: Phase::Grace, .. } => APPROACHING_GRACE.message(),
        GrantChange::Becomes { to: Phase::ReleaseNotCovered, .. } => APPROACHING_NOT_COVERED.message(),
        GrantChange::Becomes { to: Phase::Suspended, .. } => APPROACHING_SUSPENDED.message(),
        GrantChange::Becomes { to: Phase::Ended, .. } => APPROACHING_ENDED.message(),
        GrantChange::Becomes { to: Phase::NotFresh, .. } => APPROACHING_NOT_FRESH.message(),
        GrantChange::Becomes { to, .. } => APPROACHING_PHASE.message().with("phase", &to),
    }
}
