//! One published file as values.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use entitle::id::Label;

use crate::catalogue::data_issue::DataIssue;
use crate::catalogue::decode::Encoding;
use crate::guid::Guid;

/// A product (SKU): what is sold, a plan in our words.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Product {
    /// Its GUID, Graph's `skuId`.
    pub id: Guid,
    /// Its string id, Graph's `skuPartNumber`; another product may have the same.
    pub string_id: Label,
    /// Its name for people; another product may have the same.
    pub name: Label,
    /// What it contains, in the file's order, each once.
    pub service_plans: Vec<Guid>,
}

/// A service plan: what a product contains, an app in our words.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServicePlan {
    /// Its GUID, Graph's `servicePlanId`.
    pub id: Guid,
    /// Its technical name, Graph's `servicePlanName`.
    pub name: Label,
    /// Its name for people.
    pub friendly_name: Label,
}

/// One published file of the catalogue.
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
    /// The products, in the order in which the file names them first.
    #[must_use]
    pub fn products(&self) -> &[Product] {
        &self.products
    }

    /// The service plans, in the order in which the file names them first.
    #[must_use]
    pub fn service_plans(&self) -> &[ServicePlan] {
        &self.service_plans
    }

    /// The product of that GUID. Logarithmic.
    #[must_use]
    pub fn product(&self, id: Guid) -> Option<&Product> {
        self.products.get(*self.by_product.get(&id)?)
    }

    /// The service plan of that GUID. Logarithmic.
    #[must_use]
    pub fn service_plan(&self, id: Guid) -> Option<&ServicePlan> {
        self.service_plans.get(*self.by_service_plan.get(&id)?)
    }

    /// What was not as it should be: first what stands in a row, row by row, then names.
    #[must_use]
    pub fn data_issues(&self) -> &[DataIssue] {
        &self.data_issues
    }

    /// How the file was encoded.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }
}
