//! A request to `assignLicense`: what is wished of a user or a group.

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
    /// What is to be assigned, each SKU once.
    pub add: Vec<Addition>,
    /// What is to be taken away, each SKU once.
    pub remove: Vec<Guid>,
}

/// A SKU that is to be assigned.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Addition {
    /// The product.
    pub sku_id: Guid,
    /// The service plans that are to be turned off in it.
    #[serde(default)]
    pub disabled_plans: Vec<Guid>,
}

/// As it comes: Graph takes none without both lists.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    add_licenses: Vec<Addition>,
    remove_licenses: Vec<Guid>,
}

impl Request {
    /// Reads the body of a request. `O(n log n)` in the text.
    ///
    /// # Errors
    ///
    /// [`GraphError`]: a text that is none, a SKU twice in a list, too much of something.
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
