//! The end of access by time alone.

use entitle::chrono::{DateTime, Utc};
use entitle::explain::AppAccess;
use entitle::time::End;
use entitle::{App, Tenant, UserId};

/// Returns the instant at which an app closes for a user by time alone, after everything that prolongs it;
/// never, if it does not close or is not open.
pub(super) fn closes(tenant: &Tenant, user: &UserId, app: &App, now: DateTime<Utc>) -> End {
    match tenant.status(user, app, now).access {
        AppAccess::Open(open) => open.closes,
        _ => End::Never,
    }
}
