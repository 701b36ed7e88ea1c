//! How many units of a SKU there are, are in use and are free.

use crate::graph::missing_data::MissingData;
use crate::graph::skus::{PrepaidUnits, Sku};
use crate::guid::Guid;

/// The units of a SKU. What was assigned stays assigned when units end: a SKU with 25 suspended units and no other may have 14
/// in use, of which none gives anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct SkuUnits {
    /// The product.
    pub sku: Guid,
    /// The units by state.
    pub prepaid: PrepaidUnits,
    /// How many are assigned.
    pub consumed: u64,
}

impl SkuUnits {
    pub(crate) fn from_sku(sku: &Sku) -> Result<Self, MissingData> {
        let prepaid = sku.prepaid_units.ok_or(MissingData::PropertyMissing { property: "prepaidUnits" })?;
        let consumed = sku.consumed_units.ok_or(MissingData::PropertyMissing { property: "consumedUnits" })?;
        Ok(Self { sku: sku.sku_id, prepaid, consumed: consumed.into() })
    }

    pub(crate) fn none(sku: Guid) -> Self {
        let prepaid = PrepaidUnits { enabled: 0, warning: 0, suspended: 0, locked_out: 0 };
        Self { sku, prepaid, consumed: 0 }
    }

    /// How many can still be assigned: usable and not in use.
    #[must_use]
    pub fn free(&self) -> u64 {
        self.prepaid.usable().saturating_sub(self.consumed)
    }

    /// How many more are assigned than can be used.
    #[must_use]
    pub fn over(&self) -> u64 {
        self.consumed.saturating_sub(self.prepaid.usable())
    }
}
