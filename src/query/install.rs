//! Decisions about installing and about the listing in a store. They concern the tenant, not the
//! viewer (I1 to I4).

use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::catalog::offer::{InstallPolicy, Management, Plan};
use crate::decision::denial_explanation::{PlanDenial, shut_for_all};
use crate::quantity::units::Total;
use crate::tenant::Tenant;
use crate::time::End;

/// Whether a tenant may install the offer, in any of its environments (I4). Running is a separate
/// decision: apps that need a seat still need it (I1).
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
#[must_use]
pub enum InstallDecision<'a> {
    /// The tenant may install it.
    Allowed {
        /// The plan of which the tenant owns a usable unit, if one is needed.
        plan: Option<&'a Plan>,
        /// The first instant at which this can change by time alone.
        until: End,
    },
    /// The tenant may not install it: it owns no usable unit of the plans that count (I2).
    Denied {
        /// One reason for each plan, the nearest miss first.
        misses: Vec<PlanDenial>,
        /// The first instant at which this can change by time alone.
        until: End,
    },
}

impl InstallDecision<'_> {
    /// Returns whether the tenant may install the offer.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed { .. })
    }

    /// The first instant at which this can change by time alone.
    #[must_use]
    pub fn until(&self) -> End {
        match self {
            Self::Allowed { until, .. } | Self::Denied { until, .. } => *until,
        }
    }
}

/// An action in an offer's listing (I3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ListingAction {
    /// Install the offer.
    GetItNow,
    /// Contact the publisher.
    ContactMe,
}

impl Tenant {
    /// Returns whether this tenant may install the offer: always if license management is off or
    /// installing needs no license (I1), otherwise while it owns a usable unit of a plan that
    /// counts (I2). A pending grant does not count; a trial counts once it is started.
    ///
    /// `O(p log g)` in plans and grants if allowed, `O(p · g)` if denied.
    pub fn may_install(&self, now: DateTime<Utc>) -> InstallDecision<'_> {
        let at = self.reading(now);
        let offer = self.catalog().offer();
        let counts = |plan: &Plan| match &offer.management {
            Management::Unmanaged | Management::Managed(InstallPolicy::WithoutLicense) => false,
            Management::Managed(InstallPolicy::WithLicense) => true,
            Management::Managed(InstallPolicy::WithPlan(plans)) => plans.contains(&plan.id),
        };
        if matches!(offer.management, Management::Unmanaged | Management::Managed(InstallPolicy::WithoutLicense)) {
            return InstallDecision::Allowed { plan: None, until: End::Never };
        }
        let mut until = End::Never;
        let mut owned = None;
        for (index, plan) in self.catalog().indexed_plans().filter(|(_, plan)| counts(plan)) {
            let segments = self.core().segments(index, at);
            until = until.min(segments.get(1).map_or(End::Never, |next| End::At(next.from)));
            if segments.first().is_some_and(|segment| segment.coverage.usable > Total::ZERO) {
                owned = owned.or(Some(plan));
            }
        }
        match owned {
            Some(plan) => InstallDecision::Allowed { plan: Some(plan), until },
            None => InstallDecision::Denied { misses: shut_for_all(self, at, counts), until },
        }
    }

    /// Returns the actions in the offer's listing for this tenant (I3): *Contact me* for all, *Get
    /// it now* for tenants that may install. It costs as much as [`Tenant::may_install`].
    #[must_use]
    pub fn listing(&self, now: DateTime<Utc>) -> &'static [ListingAction] {
        match self.may_install(now) {
            InstallDecision::Allowed { .. } => &[ListingAction::GetItNow, ListingAction::ContactMe],
            InstallDecision::Denied { .. } => &[ListingAction::ContactMe],
        }
    }
}
