//! The units of a SKU: in total, assigned and free.

use crate::graph::missing_data::MissingData;
use crate::graph::skus::{PrepaidUnits, Sku};
use crate::guid::Guid;

/// The units of a SKU. Assignments remain when units end: a SKU with 25 suspended units and no
/// others may have 14 assigned, none of which grants anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct SkuUnits {
    /// The product.
    pub sku: Guid,
    /// The units by state.
    pub prepaid: PrepaidUnits,
    /// The number of assigned units.
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

    /// Returns the number of units that can still be assigned: usable and not assigned.
    #[must_use]
    pub fn free(&self) -> u64 {
        self.prepaid.usable().saturating_sub(self.consumed)
    }

    /// Returns by how many the assigned units exceed the usable ones.
    #[must_use]
    pub fn over(&self) -> u64 {
        self.consumed.saturating_sub(self.prepaid.usable())
    }
}
