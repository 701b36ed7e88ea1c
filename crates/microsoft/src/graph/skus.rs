//! `subscribedSkus`: what a tenant has bought, and how much of it is in use.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use entitle::time::Phase;
use serde::Deserialize;

use crate::graph::enums::{AppliesTo, Provisioning, Status};
use crate::graph::pages::{Extent, GraphError, check_count, read_pages};
use crate::guid::Guid;

/// A SKU of a tenant. What Graph was not asked for, or did not say, is nothing here.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Sku {
    /// The product.
    pub sku_id: Guid,
    /// Its string id.
    #[serde(default)]
    pub sku_part_number: Option<String>,
    /// For whom it is.
    #[serde(default)]
    pub applies_to: Option<AppliesTo>,
    /// Its state.
    #[serde(default)]
    pub capability_status: Option<Status>,
    /// How many units are assigned.
    #[serde(default)]
    pub consumed_units: Option<u32>,
    /// How many units there are.
    #[serde(default)]
    pub prepaid_units: Option<PrepaidUnits>,
    /// What it contains.
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
    #[serde(default)]
    pub service_plan_name: Option<String>,
    /// Whether it is ready for use.
    #[serde(default)]
    pub provisioning_status: Option<Provisioning>,
    /// For whom it is.
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
    /// Locked out, since the customer canceled: suspended.
    pub locked_out: u32,
}

impl PrepaidUnits {
    /// The units in one of our phases (L9).
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

    /// The units that can be used: active and in grace (L9).
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
    /// Reads the pages of the list, in their order. Linear in the text, but for logarithms.
    ///
    /// # Errors
    ///
    /// [`GraphError`]: a page that is not one, a SKU twice, too much of something.
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

    /// The SKUs that were read, in their order.
    #[must_use]
    pub fn all(&self) -> &[Sku] {
        &self.all
    }

    /// The SKU of that product, if it was read.
    #[must_use]
    pub fn sku(&self, id: Guid) -> Option<&Sku> {
        self.all.get(*self.by_id.get(&id)?)
    }

    /// Whether these are all SKUs of the tenant.
    #[must_use]
    pub fn extent(&self) -> &Extent {
        &self.extent
    }
}
