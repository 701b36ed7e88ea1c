//! Proof of a check that can be kept.

use entitle::chrono::{DateTime, Utc};
use entitle::explain::AllowExplanation;
use entitle::time::End;
use entitle::{App, AppId, Decision, DenialExplanation, Tenant, TenantId, UserId};

/// Proof that a user may use an app, for handlers that cannot keep an [`Allow`](entitle::Allow),
/// which borrows the tenant.
///
/// Only a check makes one. It names what was checked, so that it cannot be used for another user,
/// app or tenant, and the position of the record: what is recorded later is not in it. It is for one
/// request, not for a session; ask again instead of keeping it.
#[derive(Debug, Clone)]
pub struct Pass {
    tenant: TenantId,
    position: u64,
    user: UserId,
    app: AppId,
    until: End,
    explanation: AllowExplanation,
}

impl Pass {
    /// Checks whether a user may use an app, as [`Tenant::check`] does.
    ///
    /// # Errors
    ///
    /// The explanation of the denial.
    pub fn check(tenant: &Tenant, user: &UserId, app: &App, now: DateTime<Utc>) -> Result<Self, DenialExplanation> {
        match tenant.check(user, app, now) {
            Decision::Allow(allow) => Ok(Self {
                tenant: tenant.id().clone(),
                position: tenant.position(),
                user: user.clone(),
                app: app.id().clone(),
                until: allow.until(),
                explanation: allow.explain(),
            }),
            Decision::Deny(denial) => Err(denial.explain()),
        }
    }

    /// Returns the tenant.
    #[must_use]
    pub fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// Returns the number of the latest entry of the record that was checked.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Returns the user who may use the app.
    #[must_use]
    pub fn user(&self) -> &UserId {
        &self.user
    }

    /// Returns the app.
    #[must_use]
    pub fn app(&self) -> &AppId {
        &self.app
    }

    /// Returns the first instant at which this can change by time alone.
    #[must_use]
    pub fn until(&self) -> End {
        self.until
    }

    /// Returns whether it holds at an instant, if nothing was recorded since.
    ///
    /// It knows no floor of the record: a clock that is set back has a pass hold again that was over, and
    /// an instant before the check counts as that of the check. A host that keeps one for longer than a
    /// request asks the tenant again, which revives nothing (X6).
    #[must_use]
    pub fn holds_at(&self, now: DateTime<Utc>) -> bool {
        match self.until {
            End::At(until) => now < until,
            End::Never => true,
        }
    }

    /// Returns why access is allowed, with what changes next.
    #[must_use]
    pub fn explanation(&self) -> &AllowExplanation {
        &self.explanation
    }
}
