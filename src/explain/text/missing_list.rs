//! Units that end for want of a recent revocation list, and not with a term.

use chrono::{DateTime, Utc};

use crate::id::PlanId;
use crate::tenant::Tenant;
use crate::time::Phase;

/// Returns whether grants of a plan give nothing from an instant on for want of a revocation list.
/// `O(n)` in the plan's grants.
pub(super) fn lacks_list_from(tenant: &Tenant, plan: &PlanId, on: DateTime<Utc>) -> bool {
    tenant.core().grants(plan).any(|(_, timeline)| timeline.begins(Phase::NotFresh) == Some(on))
}
