//! The consumption of capacity plans by consumer, as rows (P1, M1).

use alloc::vec::Vec;
use core::cmp::Reverse;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::catalog::offer::Scope;
use crate::id::{ConsumerId, Label, PlanId, TenantId};
use crate::quantity::amount::{Capacity, Quantity};
use crate::report::cell;
use crate::tenant::Tenant;
use crate::time::month::Month;

/// The consumption of a capacity plan of a tenant by one consumer in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CapacityRow {
    /// The month of the reading.
    #[serde(rename = "Month")]
    pub month: Month,
    /// The tenant's id.
    #[serde(rename = "Tenant ID")]
    pub tenant_id: TenantId,
    /// The plan's id.
    #[serde(rename = "Plan ID")]
    pub plan_id: PlanId,
    /// The plan's name.
    #[serde(rename = "SKU Name")]
    pub sku_name: Label,
    /// The consumer; empty in the only row of a plan that has units without any consumption.
    #[serde(rename = "Consumer")]
    pub consumer: Option<ConsumerId>,
    /// The consumption in units, exact to the millionth.
    #[serde(rename = "Consumed", serialize_with = "cell::text")]
    pub consumed: Quantity,
    /// The consumption of all consumers together that causes no warning: the plan's usable units
    /// (M3). It is the same in all rows of a plan, a tenant and a month.
    #[serde(rename = "Allowance", serialize_with = "cell::text")]
    pub allowance: Capacity,
}

impl Tenant {
    /// Returns the consumption of each consumer of the capacity plans in the month of the reading
    /// (M1): plan by plan in the catalog's order, the largest consumption first. `O(n log n)` in
    /// plans and consumers.
    pub fn capacity_rows(&self, now: DateTime<Utc>) -> impl Iterator<Item = CapacityRow> {
        let capacities = self.catalog().offer().plans.iter().filter(|plan| plan.scope == Scope::Capacity);
        capacities.flat_map(move |plan| {
            let usage = self.usage(&plan.id, now);
            let row = |month, allowance, consumer, consumed| {
                let (tenant_id, plan_id, sku_name) = (self.id().clone(), plan.id.clone(), plan.name.clone());
                CapacityRow { month, tenant_id, plan_id, sku_name, consumer, consumed, allowance }
            };
            let rows = usage.into_iter().flat_map(|usage| {
                let consumers =
                    usage.consumers().map(|(consumer, consumed)| (Reverse(consumed), Some(consumer.clone())));
                let mut consumers: Vec<_> = consumers.collect();
                consumers.sort_unstable();
                if consumers.is_empty() && !usage.allowance.is_none() {
                    consumers.push((Reverse(Quantity::NONE), None));
                }
                let (month, allowance) = (usage.month, usage.allowance);
                consumers
                    .into_iter()
                    .map(move |(Reverse(consumed), consumer)| row(month, allowance, consumer, consumed))
            });
            rows.collect::<Vec<_>>()
        })
    }
}
