//! Why a plan has no usable units.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::catalog::release::Release;
use crate::message::messages;
use crate::time::{EARLIEST, End, instant};

/// Why a plan has no usable units, or its paid grants or trials have none (K3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NoUnits {
    /// No license in force has such a grant.
    NoGrant,
    /// A revocation list has ended the grants (X5).
    Revoked {
        /// The instant since which this holds.
        #[serde(with = "instant")]
        since: DateTime<Utc>,
    },
    /// The last paid grant has ended (L5, L6).
    Ended {
        /// The instant of the end; [`EARLIEST`](crate::time::EARLIEST) for grants that were withdrawn
        /// before they started.
        #[serde(with = "instant")]
        since: DateTime<Utc>,
    },
    /// The last trial has ended (L7, T1).
    TrialEnded {
        /// The instant of the end; [`EARLIEST`](crate::time::EARLIEST) for trials that were withdrawn
        /// before they could be started.
        #[serde(with = "instant")]
        since: DateTime<Utc>,
    },
    /// The term and grace of the grants are over, and they have fallbacks, none of which covers this
    /// release of the application (V2).
    ReleaseNotCovered {
        /// This release.
        release: Release,
        /// The latest fallback: releases dated before it are covered.
        #[serde(with = "instant")]
        fallback: DateTime<Utc>,
    },
    /// The grants are suspended, and a renewal restores them (L5).
    Suspended {
        /// The instant since which this holds.
        #[serde(with = "instant")]
        since: DateTime<Utc>,
        /// The instant at which the suspension ends.
        until: End,
    },
    /// There is a trial that nobody has started (T1).
    TrialNotStarted {
        /// The first instant at which it may no longer be started.
        until: End,
    },
    /// A grant starts later (L8).
    Pending {
        /// The instant from which it is usable by time alone; never, if it ends or requires a
        /// revocation list before then.
        from: End,
    },
    /// The license requires a more recent revocation list (X5).
    ListNotFresh {
        /// The instant since which it gives nothing.
        #[serde(with = "instant")]
        since: DateTime<Utc>,
    },
}

// The code of a reason is that of its message, except where the message has no date.
messages! {
    NoUnits;
    Self::NoGrant => "reason.no-grant", "no license grants it";
    Self::Revoked { since } => "reason.revoked", "its license was revoked on {since}", since;
    Self::Ended { since } if *since == EARLIEST => ("reason.ended")
        "reason.ended-before-it-began", "its license was ended before it began";
    Self::Ended { since } => "reason.ended", "its license ended on {since}", since;
    Self::TrialEnded { since } if *since == EARLIEST => ("reason.trial-ended")
        "reason.trial-ended-before-it-began", "its trial was ended before it began";
    Self::TrialEnded { since } => "reason.trial-ended", "its trial ended on {since}", since;
    Self::Suspended { since, until: End::Never } => ("reason.suspended") "reason.suspended-without-end",
        "its license has been suspended since {since}: a renewal restores it", since;
    Self::Suspended { since, until } => "reason.suspended",
        "its license has been suspended since {since}: a renewal before {until} restores it", since, until;
    Self::ReleaseNotCovered { release: Release::Dated(release), fallback } => "reason.release-not-covered",
        "its license covers releases from before {fallback}, and this release is of {release}", fallback, release;
    Self::ReleaseNotCovered { release: Release::Undated, fallback } => ("reason.release-not-covered")
        "reason.release-undated",
        "its license covers releases from before {fallback}, and this version of the application does not state its release date", fallback;
    Self::TrialNotStarted { until: End::Never } => ("reason.trial-not-started")
        "reason.trial-not-started-without-end", "its trial has not been started";
    Self::TrialNotStarted { until } => "reason.trial-not-started",
        "its trial has not been started, which is possible until {until}", until;
    Self::Pending { from: End::At(from) } => "reason.pending", "its license starts on {from}", from;
    Self::Pending { from: End::Never } => ("reason.pending")
        "reason.pending-for-ever", "its license has not started, and will not become usable by time alone";
    Self::ListNotFresh { since } => "reason.list-not-fresh",
        "its license requires a recent revocation list, and has given nothing without one since {since}", since;
}
