//! A published file of the catalogue as values.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use entitle::id::Label;

use crate::catalogue::data_issue::DataIssue;
use crate::catalogue::decode::Encoding;
use crate::guid::Guid;

/// A product (SKU): what is sold, a plan of `entitle`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Product {
    /// Its GUID, Graph's `skuId`.
    pub id: Guid,
    /// Its string id, Graph's `skuPartNumber`. Several products may share one.
    pub string_id: Label,
    /// Its display name. Several products may share one.
    pub name: Label,
    /// Its service plans, in the file's order, each once.
    pub service_plans: Vec<Guid>,
}

/// A service plan: a part of a product, an app of `entitle`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServicePlan {
    /// Its GUID, Graph's `servicePlanId`.
    pub id: Guid,
    /// Its technical name, Graph's `servicePlanName`.
    pub name: Label,
    /// Its friendly name.
    pub friendly_name: Label,
}

/// An edition: one published file of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    pub(crate) products: Vec<Product>,
    pub(crate) service_plans: Vec<ServicePlan>,
    pub(crate) by_product: BTreeMap<Guid, usize>,
    pub(crate) by_service_plan: BTreeMap<Guid, usize>,
    pub(crate) data_issues: Vec<DataIssue>,
    pub(crate) encoding: Encoding,
}

impl Edition {
    /// Returns the products, in the order of their first rows.
    #[must_use]
    pub fn products(&self) -> &[Product] {
        &self.products
    }

    /// Returns the service plans, in the order of their first rows.
    #[must_use]
    pub fn service_plans(&self) -> &[ServicePlan] {
        &self.service_plans
    }

    /// Returns the product of a GUID. `O(log n)` in the products.
    #[must_use]
    pub fn product(&self, id: Guid) -> Option<&Product> {
        self.products.get(*self.by_product.get(&id)?)
    }

    /// Returns the service plan of a GUID. `O(log n)` in the service plans.
    #[must_use]
    pub fn service_plan(&self, id: Guid) -> Option<&ServicePlan> {
        self.service_plans.get(*self.by_service_plan.get(&id)?)
    }

    /// Returns the data issues: first those of single rows, in row order, then those of names.
    #[must_use]
    pub fn data_issues(&self) -> &[DataIssue] {
        &self.data_issues
    }

    /// Returns the encoding of the file.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }
}
