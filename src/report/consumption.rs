//! The consumption of capacity plans over time (P1, P3).

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use serde::Serialize;

use crate::id::{Label, OfferId, PlanId};
use crate::quantity::amount::Quantity;
use crate::report::cell;
use crate::report::grand_total::GrandTotal;
use crate::report::series::{ConsumedSums, Series};
use crate::time::month::Month;

/// The consumption of a capacity plan by all tenants in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ConsumptionRow {
    /// The month.
    #[serde(rename = "Month")]
    pub month: Month,
    /// The id of the plan's offer.
    #[serde(rename = "Product ID")]
    pub product_id: OfferId,
    /// The plan's id.
    #[serde(rename = "Plan ID")]
    pub plan_id: PlanId,
    /// The plan's name, by the statement that was added last.
    #[serde(rename = "SKU Name")]
    pub sku_name: Label,
    /// The number of tenants that consumed something or have usable units.
    #[serde(rename = "Tenants")]
    pub tenants: u64,
    /// The consumption in units, exact to the millionth.
    #[serde(rename = "Consumed", serialize_with = "cell::text")]
    pub consumed: Quantity,
    /// The usable units of the tenants whose units are limited.
    #[serde(rename = "Allowance", serialize_with = "cell::text")]
    pub allowance: Quantity,
    /// The number of tenants whose units are unlimited, which `allowance` does not count.
    #[serde(rename = "Tenants Unlimited")]
    pub tenants_unlimited: u64,
}

impl ConsumptionRow {
    /// Returns the allowance of all tenants.
    #[must_use]
    pub fn total_allowance(&self) -> GrandTotal<Quantity> {
        GrandTotal { unlimited: self.tenants_unlimited, limited: self.allowance }
    }
}

impl Series {
    /// Returns the consumption month by month: a row for every capacity plan that a tenant consumed
    /// or could in any of the months, in the catalog's order. `O(n log n)` in months × plans.
    #[must_use]
    pub fn consumption(&self) -> Vec<ConsumptionRow> {
        let plans = self.in_order().into_iter().filter_map(|key| {
            let (name, sums) = (self.plans.get(&key)?.1.clone(), self.consumed.get(&key)?);
            Some((key, name, sums))
        });
        let plans: Vec<_> = plans.collect();
        let row = |month, plan: &(_, Label, &BTreeMap<Month, ConsumedSums>)| {
            let ((offer, plan), name, sums): &((OfferId, PlanId), _, _) = plan;
            let sums = sums.get(&month).copied().unwrap_or_default();
            ConsumptionRow {
                month,
                product_id: offer.clone(),
                plan_id: plan.clone(),
                sku_name: name.clone(),
                tenants: sums.tenants,
                consumed: sums.consumed,
                allowance: sums.allowance.limited,
                tenants_unlimited: sums.allowance.unlimited,
            }
        };
        self.reported().flat_map(|month| plans.iter().map(move |plan| row(month, plan))).collect()
    }
}
