//! Provisioned and assigned licenses by geography: the billing countries of the tenants (P1).

use alloc::vec::Vec;

use serde::Serialize;

use crate::id::{CountryCode, Label, OfferId, PlanId};
use crate::month::Month;
use crate::report::cell;
use crate::report::series::{Detail, Place, Series};
use crate::units::Total;

/// The licenses of the tenants of a series that are billed in a country, in a month, of one plan or of all user plans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CountryRow {
    /// The month.
    #[serde(rename = "Month")]
    pub month: Month,
    /// The country's name; nothing for a code that ISO 3166-1 does not name, and where the country is not known.
    #[serde(rename = "Customer Country")]
    pub customer_country: Option<&'static str>,
    /// The billing country of these tenants in that month; nothing for those that have only trials for anyone.
    #[serde(rename = "Customer Country Code")]
    pub customer_country_code: Option<CountryCode>,
    /// The id of the plan's offer; nothing in a row of all user plans.
    #[serde(rename = "Product ID")]
    pub product_id: Option<OfferId>,
    /// The plan's id; nothing in a row of all user plans.
    #[serde(rename = "Plan ID")]
    pub plan_id: Option<PlanId>,
    /// The plan's name, by the catalog of the tenant that was added last; nothing in a row of all user plans.
    #[serde(rename = "SKU Name")]
    pub sku_name: Option<Label>,
    /// How many tenants have a usable unit.
    #[serde(rename = "Tenants")]
    pub tenants: u64,
    /// Their usable units.
    #[serde(rename = "Licenses Provisioned", serialize_with = "cell::total")]
    pub licenses_provisioned: Total,
    /// The seats held; not the claims that wait.
    #[serde(rename = "Licenses Assigned")]
    pub licenses_assigned: u64,
}

impl Series {
    /// Month by month and country by country, by code: a row for every plan that a tenant there had in any of the months, or
    /// one of all user plans.
    ///
    /// Linear in months × countries × plans, but for logarithms.
    #[must_use]
    pub fn countries(&self, detail: Detail) -> Vec<CountryRow> {
        let mut places: Vec<Place> = self.sums.keys().map(|&(place, _)| place).collect();
        places.dedup();
        let counted = self.counted(detail);
        let mut rows = Vec::new();
        for (index, &(month, _)) in self.months.iter().enumerate() {
            for &place in &places {
                let code = match place {
                    Place::Country(code) => Some(code),
                    Place::Unknown => None,
                };
                rows.extend(counted.iter().filter_map(|counted| {
                    let sums = self.sums.get(&(place, counted.clone()))?.get(index)?;
                    let (product_id, plan_id, sku_name) = self.named(counted.clone());
                    Some(CountryRow {
                        month,
                        customer_country: code.and_then(cell::country_name),
                        customer_country_code: code,
                        product_id,
                        plan_id,
                        sku_name,
                        tenants: sums.tenants,
                        licenses_provisioned: sums.provisioned,
                        licenses_assigned: sums.assigned,
                    })
                }));
            }
        }
        rows
    }
}
