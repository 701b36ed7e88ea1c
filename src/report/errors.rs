//! The claims that do not work, as rows for an administrator (P1, G3, G4).

use alloc::string::{String, ToString};

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::id::user::UserId;
use crate::id::{Label, PlanId, TenantId};
use crate::quantity::place::Place;
use crate::quantity::units::Total;
use crate::query::claims::ClaimError;
use crate::report::cell;
use crate::tenant::Tenant;

/// A claim that does not work, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ErrorRow {
    /// The tenant's id.
    #[serde(rename = "Tenant ID")]
    pub tenant_id: TenantId,
    /// The user of the claim.
    #[serde(rename = "User ID")]
    pub user_id: UserId,
    /// The id of the plan.
    #[serde(rename = "Plan ID")]
    pub plan_id: PlanId,
    /// The plan's name.
    #[serde(rename = "SKU Name")]
    pub sku_name: Label,
    /// The stable name of the error, [`ClaimError::code`].
    #[serde(rename = "Error")]
    pub error: &'static str,
    /// The place in the queue, counted from 1, of a claim that waits.
    #[serde(rename = "Place")]
    pub place: Option<Place>,
    /// The number of seats, for a claim that waits.
    #[serde(rename = "Seats", serialize_with = "cell::known_total")]
    pub seats: Option<Total>,
    /// The message of the error.
    #[serde(rename = "Message")]
    pub message: String,
}

impl Tenant {
    /// Returns the claims of [`Tenant::claims_in_error`] as rows, at the same cost.
    pub fn error_rows(&self, now: DateTime<Utc>) -> impl Iterator<Item = ErrorRow> {
        self.claims_in_error(now).map(|claim| {
            let waits = match claim.error {
                ClaimError::CountViolation { place, limit } => Some((place, limit)),
                ClaimError::NoUnits { place, .. } => Some((place, Total::ZERO)),
                ClaimError::MutuallyExclusive { .. } | ClaimError::Dependency { .. } => None,
            };
            ErrorRow {
                tenant_id: self.id().clone(),
                user_id: claim.user.to_id(),
                plan_id: claim.plan.clone(),
                sku_name: self
                    .catalog()
                    .plan(claim.plan)
                    .map_or_else(|| claim.plan.as_label(), |plan| plan.name.clone()),
                error: claim.error.code(),
                place: waits.map(|(place, _)| place),
                seats: waits.map(|(_, limit)| limit),
                message: claim.error.to_string(),
            }
        })
    }
}
