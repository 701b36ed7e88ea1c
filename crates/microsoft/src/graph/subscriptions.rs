//! `directory/subscriptions`: the purchases of a tenant, and when each enters its next state.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use entitle::chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, de};

use crate::graph::enums::Status;
use crate::graph::pages::{Extent, GraphError, check_distinct, read_pages};
use crate::graph::texts::{optional_text, text};
use crate::guid::Guid;
use crate::instant::whole_second;

/// A subscription of a tenant: a grant of `entitle`. A property that Graph did not report is
/// `None`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Subscription {
    /// Its id.
    #[serde(deserialize_with = "text")]
    pub id: String,
    /// The product.
    pub sku_id: Guid,
    /// The product's string id.
    #[serde(default, deserialize_with = "optional_text")]
    pub sku_part_number: Option<String>,
    /// Its state.
    #[serde(default)]
    pub status: Option<Status>,
    /// The number of its units.
    #[serde(default)]
    pub total_licenses: Option<u32>,
    /// When it enters its next state, unless it is renewed or canceled before.
    #[serde(default, deserialize_with = "graph_instant")]
    pub next_lifecycle_date_time: Option<DateTime<Utc>>,
    /// Whether it is a trial.
    #[serde(rename = "isTrial", default, deserialize_with = "sale")]
    pub sale: Sale,
}

/// Whether a subscription is a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sale {
    /// It was bought.
    Paid,
    /// It is a trial.
    Trial,
    /// Graph did not report it.
    #[default]
    NotReported,
}

fn sale<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Sale, D::Error> {
    Ok(match Option::<bool>::deserialize(deserializer)? {
        Some(true) => Sale::Trial,
        Some(false) => Sale::Paid,
        None => Sale::NotReported,
    })
}

/// Parses an instant as Graph writes it, with or without fractions of a second, or `null`.
fn graph_instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    let at = DateTime::parse_from_rfc3339(&text);
    let wrong = |_| de::Error::custom(alloc::format!("`{}` is not an instant", crate::text::excerpt(&text)));
    at.map(|at| Some(whole_second(at.to_utc()))).map_err(wrong)
}

/// The answer to `GET /directory/subscriptions`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscriptions {
    all: Vec<Subscription>,
    /// The indexes of the subscriptions of each product.
    by_sku: BTreeMap<Guid, Vec<usize>>,
    extent: Extent,
}

impl Subscriptions {
    /// Returns the subscriptions on the pages of the list, which have to be in order. `O(n log n)`
    /// in the text.
    ///
    /// # Errors
    ///
    /// [`GraphError`]: a page that is not one, a subscription that is listed twice, or too much
    /// text.
    pub fn read(pages: &[&str]) -> Result<Self, GraphError> {
        const LIST: &str = "subscriptions";
        let (all, extent) = read_pages::<Subscription>(LIST, pages)?;
        check_distinct(LIST, all.iter().map(|each| each.id.as_str()))?;
        let mut by_sku: BTreeMap<Guid, Vec<usize>> = BTreeMap::new();
        for (at, each) in all.iter().enumerate() {
            by_sku.entry(each.sku_id).or_default().push(at);
        }
        Ok(Self { all, by_sku, extent })
    }

    /// Returns the subscriptions of a product, in order.
    pub(crate) fn of_sku(&self, sku: Guid) -> impl Iterator<Item = &Subscription> {
        self.by_sku.get(&sku).into_iter().flatten().filter_map(|&at| self.all.get(at))
    }

    /// Returns the subscriptions that were read, in order.
    #[must_use]
    pub fn all(&self) -> &[Subscription] {
        &self.all
    }

    /// Returns whether these are all subscriptions of the tenant.
    #[must_use]
    pub fn extent(&self) -> &Extent {
        &self.extent
    }
}
