//! The License report of a month from a statement (P1).

use crate::catalog::service_id::service_id;
use crate::report::cell;
use crate::report::licenses::LicenseRow;
use crate::report::statement::UsageStatement;
use crate::time::month::Month;

impl UsageStatement {
    /// Returns the License report of a month: the rows of
    /// [`Tenant::license_rows`](crate::Tenant::license_rows) at the instant at which the month is
    /// read. No rows for a month that is not in the statement. `O(n)` in the plans of the catalog,
    /// for each row taken from the iterator.
    pub fn license_rows(&self, month: Month) -> impl Iterator<Item = LicenseRow> {
        let content = &self.0;
        self.month(month).into_iter().flat_map(move |stated| {
            let customer = stated.customer.as_ref();
            stated.licenses.iter().map(move |licenses| {
                let known = self.plan(&licenses.plan);
                LicenseRow {
                    customer_country: customer.and_then(|customer| cell::country_name(customer.country)),
                    customer_country_code: customer.map(|customer| customer.country),
                    customer_name: customer.map(|customer| customer.name.clone()),
                    activation_date: licenses.activation,
                    product_display_name: content.name.clone(),
                    product_id: content.offer.clone(),
                    licenses_provisioned: licenses.provisioned,
                    licenses_assigned: licenses.assigned,
                    sku_name: known.map_or_else(|| licenses.plan.as_label(), |(_, plan)| plan.name.clone()),
                    tenant_id: content.tenant.clone(),
                    license_state: licenses.state,
                    service_id: known.and_then(|_| service_id(&content.publisher, &content.offer, &licenses.plan).ok()),
                }
            })
        })
    }
}
