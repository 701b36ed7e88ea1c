//! Subscriptions by the date of their next state.

use alloc::string::String;
use alloc::vec::Vec;

use entitle::chrono::{DateTime, Utc};

use crate::graph::enums::Status;
use crate::graph::missing_data::MissingData;
use crate::graph::pages::Extent;
use crate::graph::subscriptions::{Sale, Subscription};
use crate::graph::view::View;
use crate::guid::Guid;

/// Subscriptions by the date of their next state, as far as Graph reported it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Endings {
    /// Subscriptions that enter their next state after the instant of the query, the next one
    /// first.
    pub next: Vec<Ending>,
    /// Subscriptions that have entered their next state by then, the earliest first: Graph's answer
    /// about them is out of date.
    pub past: Vec<Ending>,
    /// The ids of subscriptions without a date.
    pub without_date: Vec<String>,
    /// Whether these are all subscriptions of the tenant.
    pub extent: Extent,
}

/// A subscription that leaves its state, unless it is renewed or canceled before. Graph does not
/// report its next state.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ending {
    /// When it leaves its state.
    pub at: DateTime<Utc>,
    /// The subscription's id.
    pub subscription: String,
    /// Its product.
    pub sku: Guid,
    /// The product's string id.
    pub sku_part_number: Option<String>,
    /// The state that it leaves.
    pub leaves: Option<Status>,
    /// The number of its units.
    pub units: Option<u32>,
    /// Whether it is a trial.
    pub sale: Sale,
}

impl View {
    /// Returns the subscriptions by the date of their next state. `O(n log n)` in the
    /// subscriptions.
    ///
    /// # Errors
    ///
    /// [`MissingData::ListNotRead`], if the subscriptions were not read.
    pub fn endings(&self, now: DateTime<Utc>) -> Result<Endings, MissingData> {
        let subscriptions = self.subscriptions.as_ref().ok_or(MissingData::ListNotRead { list: "subscriptions" })?;
        let extent = subscriptions.extent().clone();
        let mut endings = Endings { next: Vec::new(), past: Vec::new(), without_date: Vec::new(), extent };
        for each in subscriptions.all() {
            match each.next_lifecycle_date_time {
                Some(at) if at > now => endings.next.push(ending(each, at)),
                Some(at) => endings.past.push(ending(each, at)),
                None => endings.without_date.push(each.id.clone()),
            }
        }
        endings.next.sort_by_key(|ending| ending.at);
        endings.past.sort_by_key(|ending| ending.at);
        Ok(endings)
    }
}

fn ending(each: &Subscription, at: DateTime<Utc>) -> Ending {
    Ending {
        at,
        subscription: each.id.clone(),
        sku: each.sku_id,
        sku_part_number: each.sku_part_number.clone(),
        leaves: each.status.clone(),
        units: each.total_licenses,
        sale: each.sale,
    }
}
