//! Instants as licenses have them: whole seconds within the range of dates that can be written.

use core::fmt;

use entitle::chrono::{DateTime, SubsecRound as _, Utc};
use entitle::time::{EARLIEST, LATEST};

/// Returns the instant floored to the whole second and clamped to [`EARLIEST`] and [`LATEST`], as
/// in the core.
pub(crate) fn whole_second(at: DateTime<Utc>) -> DateTime<Utc> {
    at.clamp(EARLIEST, LATEST).trunc_subsecs(0)
}

/// Formats an instant as documents do, as in `2026-03-01T00:00:00Z`.
pub(crate) struct InstantText(pub(crate) DateTime<Utc>);

impl fmt::Display for InstantText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        whole_second(self.0).format("%Y-%m-%dT%H:%M:%SZ").fmt(f)
    }
}
