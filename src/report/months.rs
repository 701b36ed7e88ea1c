//! Provisioned and assigned licenses over time (P1).

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use serde::Serialize;

use crate::id::{Label, OfferId, PlanId};
use crate::report::grand_total::GrandTotal;
use crate::report::series::{Detail, Series, Sums};
use crate::time::month::Month;

/// The licenses of all tenants in a month, of one plan or of all user plans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct MonthRow {
    /// The month.
    #[serde(rename = "Month")]
    pub month: Month,
    /// The id of the plan's offer; empty in a row of all user plans.
    #[serde(rename = "Product ID")]
    pub product_id: Option<OfferId>,
    /// The plan's id; empty in a row of all user plans.
    #[serde(rename = "Plan ID")]
    pub plan_id: Option<PlanId>,
    /// The plan's name, by the statement that was added last; empty in a row of all
    /// user plans.
    #[serde(rename = "SKU Name")]
    pub sku_name: Option<Label>,
    /// The number of tenants with a usable unit.
    #[serde(rename = "Tenants")]
    pub tenants: u64,
    /// The usable units of the tenants whose units are limited.
    #[serde(rename = "Licenses Provisioned")]
    pub licenses_provisioned: u64,
    /// The number of tenants whose units are unlimited, which `licenses_provisioned` does not count
    /// (P3).
    #[serde(rename = "Tenants Unlimited")]
    pub tenants_unlimited: u64,
    /// The seats held, without claims that wait.
    #[serde(rename = "Licenses Assigned")]
    pub licenses_assigned: u64,
}

impl MonthRow {
    /// Returns the usable units of all tenants.
    #[must_use]
    pub fn total_provisioned(&self) -> GrandTotal<u64> {
        GrandTotal { unlimited: self.tenants_unlimited, limited: self.licenses_provisioned }
    }
}

impl Series {
    /// Returns the rows month by month: one for every plan that a tenant has in any of the months,
    /// or one for all user plans.
    ///
    /// `O(n log n)` in countries × months × plans.
    #[must_use]
    pub fn months(&self, detail: Detail) -> Vec<MonthRow> {
        let counted = self.counted(detail);
        let mut rows = Vec::new();
        let by_plan = counted.into_iter().map(|counted| {
            let mut months: BTreeMap<Month, Sums> = BTreeMap::new();
            for by_month in self.sums.iter().filter(|((_, each), _)| *each == counted).map(|(_, sums)| sums) {
                for (&month, &sums) in by_month {
                    let sum = months.entry(month).or_default();
                    *sum = sum.plus(sums);
                }
            }
            (self.named(counted), months)
        });
        let by_plan: Vec<_> = by_plan.collect();
        for month in self.reported() {
            rows.extend(by_plan.iter().map(|((product_id, plan_id, sku_name), months)| {
                let sums = months.get(&month).copied().unwrap_or_default();
                MonthRow {
                    month,
                    product_id: product_id.clone(),
                    plan_id: plan_id.clone(),
                    sku_name: sku_name.clone(),
                    tenants: sums.tenants,
                    licenses_provisioned: sums.provisioned.limited,
                    tenants_unlimited: sums.provisioned.unlimited,
                    licenses_assigned: sums.assigned,
                }
            }));
        }
        rows
    }
}
