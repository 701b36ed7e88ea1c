//! Why a plan has no usable units: its grants ended, were revoked or suspended, or there are none.

use core::fmt;

use entitle::chrono::{DateTime, Utc};
use entitle::explain::{DenialReason, DenialReasonKind};
use entitle::quantity::Total;
use entitle::time::Phase;
use entitle::{Decision, PlanId, Tenant, UserId};
use serde::Serialize;

/// Why a plan gives nothing to anyone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(super) enum NoUnits {
    /// As a decision about one of its apps has it.
    Reason(DenialReason),
    /// The phase of its grant that is nearest to being usable, where other plans open all its apps.
    Phase { phase: Phase },
}

impl fmt::Display for NoUnits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reason(reason) => reason.fmt(f),
            Self::Phase { phase } => write!(f, "its license: {phase}"),
        }
    }
}

/// Returns why a plan has no usable units; none if it has some.
pub(super) fn no_units(tenant: &Tenant, plan: &PlanId, now: DateTime<Utc>) -> Option<NoUnits> {
    if tenant.pool(plan, now).limit != Total::ZERO {
        return None;
    }
    let phase = || tenant.grants(now).filter(|grant| grant.grant.plan == *plan).map(|grant| grant.phase).max();
    match reason(tenant, plan, now) {
        Some(reason) => Some(NoUnits::Reason(reason)),
        None => Some(phase().map_or(NoUnits::Reason(DenialReason::NoGrant), |phase| NoUnits::Phase { phase })),
    }
}

/// Returns why the grants of a plan open none of its apps to anyone (K3).
fn reason(tenant: &Tenant, plan: &PlanId, now: DateTime<Utc>) -> Option<DenialReason> {
    // The state of the grants is the same for everyone, with a claim or without.
    let anyone: UserId = "anyone".parse().ok()?;
    let apps = &tenant.catalog().plan(plan)?.apps;
    apps.iter().filter_map(|app| tenant.catalog().app(app.as_str()).ok()).find_map(|app| {
        let Decision::Deny(denial) = tenant.check(&anyone, &app, now) else { return None };
        let explanation = denial.explain();
        let miss = explanation.misses().iter().find(|miss| miss.plan == *plan)?;
        (miss.reason.kind() <= DenialReasonKind::ListNotFresh).then(|| miss.reason.clone())
    })
}
