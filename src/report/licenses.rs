//! The License report: every plan of a tenant, in twelve columns (P1).

use alloc::string::String;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::id::{CountryCode, Label, OfferId, TenantId};
use crate::quantity::units::Total;
use crate::report::cell;
use crate::report::plans::{customer, granted, starts};
use crate::tenant::Tenant;
use crate::time::Phase;
use crate::time::instant;

/// A plan in a tenant: a row of the License report. Its fields are the twelve columns in order
/// (P1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LicenseRow {
    /// The name of the customer's billing country; empty for a code that ISO 3166-1 does not name,
    /// and for an unknown country.
    #[serde(rename = "Customer Country")]
    pub customer_country: Option<&'static str>,
    /// The customer's billing country in the license in force with the latest issue date; empty for
    /// a tenant with only trials for anyone.
    #[serde(rename = "Customer Country Code")]
    pub customer_country_code: Option<CountryCode>,
    /// The customer's name in the same license.
    #[serde(rename = "Customer Name")]
    pub customer_name: Option<Label>,
    /// The earliest start of the plan's grants in the licenses in force, which can be in the
    /// future; empty if no grant starts, such as a trial that is not started or a grant withdrawn
    /// before its term.
    #[serde(rename = "Activation Date", serialize_with = "instant::serialize_known")]
    pub activation_date: Option<DateTime<Utc>>,
    /// The offer's name, or its id if it has no name.
    #[serde(rename = "Product Display Name")]
    pub product_display_name: Label,
    /// The offer's id.
    #[serde(rename = "Product ID")]
    pub product_id: OfferId,
    /// The plan's usable units.
    #[serde(rename = "Licenses Provisioned", serialize_with = "cell::total")]
    pub licenses_provisioned: Total,
    /// The seats held, without claims that wait. Tenant plans and capacity plans have none.
    #[serde(rename = "Licenses Assigned")]
    pub licenses_assigned: u64,
    /// The plan's name, or its id if the catalog does not know it (C11).
    #[serde(rename = "SKU Name")]
    pub sku_name: Label,
    /// The tenant's id.
    #[serde(rename = "Tenant ID")]
    pub tenant_id: TenantId,
    /// The best phase of the plan's grants.
    #[serde(rename = "License State")]
    pub license_state: Phase,
    /// The service id `publisher.offer.plan`; empty if the ids do not have its form, or the catalog
    /// does not know the plan (C9).
    #[serde(rename = "Service ID")]
    pub service_id: Option<String>,
}

impl Tenant {
    /// Returns the License report of this tenant (P1): a row for every plan that a license in force
    /// grants, in the catalog's order, then unknown plans by id (C11).
    ///
    /// A plan without a grant in force has no row, even if there are claims on it: nothing is
    /// provisioned, and no claim holds a seat. `O(n log n)` in the grants and plans.
    pub fn license_rows(&self, now: DateTime<Utc>) -> impl Iterator<Item = LicenseRow> {
        let at = self.reading(now);
        let (customer, offer, starts) = (customer(self), self.catalog().offer(), starts(self));
        granted(self, at).into_iter().map(move |granted| LicenseRow {
            customer_country: customer.and_then(|customer| cell::country_name(customer.country)),
            customer_country_code: customer.map(|customer| customer.country),
            customer_name: customer.map(|customer| customer.name.clone()),
            activation_date: starts.get(granted.id).copied(),
            product_display_name: offer.name.clone().unwrap_or_else(|| offer.offer.as_label()),
            product_id: offer.offer.clone(),
            licenses_provisioned: granted.provisioned,
            licenses_assigned: granted.assigned,
            sku_name: granted.name(),
            tenant_id: self.id().clone(),
            license_state: granted.state,
            service_id: self.catalog().service_id(granted.id).ok(),
        })
    }
}
