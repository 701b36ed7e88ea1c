//! Provisioned and assigned licenses by billing country (P1).

use alloc::vec::Vec;

use serde::Serialize;

use crate::id::{CountryCode, Label, OfferId, PlanId};
use crate::report::cell;
use crate::report::grand_total::GrandTotal;
use crate::report::series::{Billing, Detail, Series};
use crate::time::month::Month;

/// The licenses of the tenants with one billing country in a month, of one plan or of all user
/// plans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CountryRow {
    /// The month.
    #[serde(rename = "Month")]
    pub month: Month,
    /// The country's name; empty for a code that ISO 3166-1 does not name, and for an unknown
    /// country.
    #[serde(rename = "Customer Country")]
    pub customer_country: Option<&'static str>,
    /// The billing country of these tenants in that month; empty for tenants with only trials for
    /// anyone.
    #[serde(rename = "Customer Country Code")]
    pub customer_country_code: Option<CountryCode>,
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

impl CountryRow {
    /// Returns the usable units of all tenants.
    #[must_use]
    pub fn total_provisioned(&self) -> GrandTotal<u64> {
        GrandTotal { unlimited: self.tenants_unlimited, limited: self.licenses_provisioned }
    }
}

impl Series {
    /// Returns the rows month by month and country by country, sorted by code: one for every plan
    /// that a tenant there has in any of the months, or one for all user plans.
    ///
    /// `O(n log n)` in months × countries × plans.
    #[must_use]
    pub fn countries(&self, detail: Detail) -> Vec<CountryRow> {
        let mut places: Vec<Billing> = self.sums.keys().map(|&(place, _)| place).collect();
        places.dedup();
        let counted = self.counted(detail);
        let mut rows = Vec::new();
        for month in self.reported() {
            for &place in &places {
                let code = match place {
                    Billing::Country(code) => Some(code),
                    Billing::Unknown => None,
                };
                rows.extend(counted.iter().filter_map(|counted| {
                    let by_month = self.sums.get(&(place, counted.clone()))?;
                    let sums = by_month.get(&month).copied().unwrap_or_default();
                    let (product_id, plan_id, sku_name) = self.named(counted.clone());
                    Some(CountryRow {
                        month,
                        customer_country: code.and_then(cell::country_name),
                        customer_country_code: code,
                        product_id,
                        plan_id,
                        sku_name,
                        tenants: sums.tenants,
                        licenses_provisioned: sums.provisioned.limited,
                        tenants_unlimited: sums.provisioned.unlimited,
                        licenses_assigned: sums.assigned,
                    })
                }));
            }
        }
        rows
    }
}
