//! `subscribedSkus`: the SKUs of a tenant, and their units.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use entitle::time::Phase;
use serde::Deserialize;

use crate::graph::enums::{AppliesTo, Provisioning, Status};
use crate::graph::pages::{Extent, GraphError, check_count, read_pages};
use crate::graph::texts::optional_text;
use crate::guid::Guid;

/// A SKU of a tenant. A property that Graph did not report is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Sku {
    /// The product.
    pub sku_id: Guid,
    /// Its string id.
    #[serde(default, deserialize_with = "optional_text")]
    pub sku_part_number: Option<String>,
    /// Who it is for.
    #[serde(default)]
    pub applies_to: Option<AppliesTo>,
    /// Its state.
    #[serde(default)]
    pub capability_status: Option<Status>,
    /// The number of assigned units.
    #[serde(default)]
    pub consumed_units: Option<u32>,
    /// The number of units by state.
    #[serde(default)]
    pub prepaid_units: Option<PrepaidUnits>,
    /// Its service plans.
    #[serde(default)]
    pub service_plans: Option<Vec<ServicePlanInfo>>,
}

/// A service plan of a SKU, in a tenant or for a user.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ServicePlanInfo {
    /// The service plan.
    pub service_plan_id: Guid,
    /// Its technical name.
    #[serde(default, deserialize_with = "optional_text")]
    pub service_plan_name: Option<String>,
    /// Its provisioning status.
    #[serde(default)]
    pub provisioning_status: Option<Provisioning>,
    /// Who it is for.
    #[serde(default)]
    pub applies_to: Option<AppliesTo>,
}

/// The units of a SKU by state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PrepaidUnits {
    /// Enabled: active.
    pub enabled: u32,
    /// In warning: in grace.
    pub warning: u32,
    /// Suspended.
    pub suspended: u32,
    /// Locked out because the customer canceled: suspended.
    pub locked_out: u32,
}

impl PrepaidUnits {
    /// Returns the number of units in a phase (L9).
    #[must_use]
    pub fn in_phase(&self, phase: Phase) -> u64 {
        let (first, second) = match phase {
            Phase::Active => (self.enabled, 0),
            Phase::Grace => (self.warning, 0),
            Phase::Suspended => (self.suspended, self.locked_out),
            _ => (0, 0),
        };
        u64::from(first).saturating_add(second.into())
    }

    /// Returns the number of usable units: active and in grace (L9).
    #[must_use]
    pub fn usable(&self) -> u64 {
        self.in_phase(Phase::Active).saturating_add(self.in_phase(Phase::Grace))
    }
}

/// The answer to `GET /subscribedSkus`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skus {
    all: Vec<Sku>,
    by_id: BTreeMap<Guid, usize>,
    extent: Extent,
}

impl Skus {
    /// Returns the SKUs on the pages of the list, which have to be in order. `O(n log n)` in the
    /// text.
    ///
    /// # Errors
    ///
    /// [`GraphError`]: a page that is not one, a SKU that is listed twice, or too many entries.
    pub fn read(pages: &[&str]) -> Result<Self, GraphError> {
        const LIST: &str = "subscribedSkus";
        let (all, extent) = read_pages::<Sku>(LIST, pages)?;
        let mut by_id = BTreeMap::new();
        for (at, sku) in all.iter().enumerate() {
            let id = sku.sku_id.to_string();
            check_count(LIST, &id, "service plans", sku.service_plans.as_ref().map_or(0, Vec::len))?;
            if by_id.insert(sku.sku_id, at).is_some() {
                return Err(GraphError::Repeated { list: LIST, id });
            }
        }
        Ok(Self { all, by_id, extent })
    }

    /// Returns the SKUs that were read, in order.
    #[must_use]
    pub fn all(&self) -> &[Sku] {
        &self.all
    }

    /// Returns the SKU of a product, if it was read.
    #[must_use]
    pub fn sku(&self, id: Guid) -> Option<&Sku> {
        self.all.get(*self.by_id.get(&id)?)
    }

    /// Returns whether these are all SKUs of the tenant.
    #[must_use]
    pub fn extent(&self) -> &Extent {
        &self.extent
    }
}
