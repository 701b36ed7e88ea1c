//! The phases of a grant (L5, L6).

use serde::Serialize;

use crate::document::choice;
use crate::message::messages;

/// The phase of a grant at an instant (L5, L6). A later phase in this order is nearer to being
/// usable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Ended by a revocation list (X5).
    Revoked,
    /// Ended, as if never bought.
    Ended,
    /// Over in this release of the application; releases that its fallback covers can be used on (V2).
    ReleaseNotCovered,
    /// Not usable, but nothing is deleted and a renewal restores it (paid grants only).
    Suspended,
    /// A trial that is not started.
    NotStarted,
    /// A grant that starts later (L8).
    Pending,
    /// In its term or its grace, but the license requires a more recent revocation list (X5).
    NotFresh,
    /// After its term, and fully usable.
    Grace,
    /// In its term.
    Active,
}

choice! {
    Phase {
        "revoked" => Revoked,
        "ended" => Ended,
        "release_not_covered" => ReleaseNotCovered,
        "suspended" => Suspended,
        "not_started" => NotStarted,
        "pending" => Pending,
        "not_fresh" => NotFresh,
        "grace" => Grace,
        "active" => Active,
    }
}

impl Phase {
    /// Returns whether the units of a grant in this phase are usable: active or in grace.
    #[must_use]
    pub fn is_usable(self) -> bool {
        matches!(self, Self::Active | Self::Grace)
    }
}

messages! {
    Phase;
    Self::Revoked => "phase.revoked", "revoked";
    Self::Ended => "phase.ended", "ended";
    Self::ReleaseNotCovered => "phase.release-not-covered", "release not covered";
    Self::Suspended => "phase.suspended", "suspended";
    Self::NotStarted => "phase.not-started", "trial not started";
    Self::Pending => "phase.pending", "pending";
    Self::NotFresh => "phase.not-fresh", "waiting for a revocation list";
    Self::Grace => "phase.grace", "in grace";
    Self::Active => "phase.active", "active";
}
