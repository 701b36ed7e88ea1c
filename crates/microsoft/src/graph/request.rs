//! Requests to `assignLicense`, for a user or a group.

use alloc::collections::BTreeSet;
use alloc::string::ToString;
use alloc::vec::Vec;

use serde::Deserialize;

use crate::graph::pages::{GraphError, check_count, check_size, parse_object};
use crate::guid::Guid;

const REQUEST: &str = "assignLicense";

/// The body of `POST /users/{id}/assignLicense` or `/groups/{id}/assignLicense`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// The SKUs to assign, each once.
    pub add: Vec<Addition>,
    /// The SKUs to remove, each once.
    pub remove: Vec<Guid>,
}

/// A SKU to assign.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Addition {
    /// The product.
    pub sku_id: Guid,
    /// The service plans to turn off.
    #[serde(default)]
    pub disabled_plans: Vec<Guid>,
}

/// The JSON body; Graph requires both lists.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    add_licenses: Vec<Addition>,
    remove_licenses: Vec<Guid>,
}

impl Request {
    /// Returns the request in a text. `O(n log n)` in the text.
    ///
    /// # Errors
    ///
    /// [`GraphError`]: a text that is not a request, a SKU that is twice in a list, or a list that
    /// is too long.
    pub fn read(text: &str) -> Result<Self, GraphError> {
        check_size(REQUEST, &[text])?;
        let Body { add_licenses: add, remove_licenses: remove } = parse_object(REQUEST, 1, text)?;
        check_count(REQUEST, "addLicenses", "SKUs", add.len())?;
        check_count(REQUEST, "removeLicenses", "SKUs", remove.len())?;
        for addition in &add {
            check_count(REQUEST, &addition.sku_id.to_string(), "disabled plans", addition.disabled_plans.len())?;
        }
        once(add.iter().map(|addition| addition.sku_id))?;
        once(remove.iter().copied())?;
        Ok(Self { add, remove })
    }
}

fn once(skus: impl Iterator<Item = Guid>) -> Result<(), GraphError> {
    let mut seen = BTreeSet::new();
    for sku in skus {
        if !seen.insert(sku) {
            return Err(GraphError::Repeated { list: REQUEST, id: sku.to_string() });
        }
    }
    Ok(())
}
