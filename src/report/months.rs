//! Provisioned and assigned licenses over time (P1).

use alloc::vec::Vec;

use serde::Serialize;

use crate::id::{Label, OfferId, PlanId};
use crate::quantity::units::Total;
use crate::report::cell;
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
    /// The plan's name, by the catalog of the tenant that was added last; empty in a row of all
    /// user plans.
    #[serde(rename = "SKU Name")]
    pub sku_name: Option<Label>,
    /// The number of tenants with a usable unit.
    #[serde(rename = "Tenants")]
    pub tenants: u64,
    /// The usable units.
    #[serde(rename = "Licenses Provisioned", serialize_with = "cell::total")]
    pub licenses_provisioned: Total,
    /// The seats held, without claims that wait.
    #[serde(rename = "Licenses Assigned")]
    pub licenses_assigned: u64,
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
            let mut months = alloc::vec![Sums::NONE; self.months.len()];
            for by_month in self.sums.iter().filter(|((_, each), _)| *each == counted).map(|(_, sums)| sums) {
                for (sum, each) in months.iter_mut().zip(by_month) {
                    *sum = sum.plus(*each);
                }
            }
            (self.named(counted), months)
        });
        let by_plan: Vec<_> = by_plan.collect();
        for (index, &(month, _)) in self.months.iter().enumerate() {
            rows.extend(by_plan.iter().filter_map(|((product_id, plan_id, sku_name), months)| {
                let sums = months.get(index)?;
                Some(MonthRow {
                    month,
                    product_id: product_id.clone(),
                    plan_id: plan_id.clone(),
                    sku_name: sku_name.clone(),
                    tenants: sums.tenants,
                    licenses_provisioned: sums.provisioned,
                    licenses_assigned: sums.assigned,
                })
            }));
        }
        rows
    }
}
