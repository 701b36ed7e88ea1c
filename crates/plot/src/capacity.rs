//! Consumption of a capacity by consumer, and the allowance.

use core::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use entitle::ConsumerId;
use entitle::id::Label;
use entitle::quantity::{Capacity, Quantity};
use entitle::report::{CapacityRow, GrandTotal};

use crate::PlotError;
use crate::bars::{Bar, Bars, bars, largest};
use crate::frame::Sample;
use crate::months::span;
use crate::text::{grouped, grouped_decimal};

/// Draws the consumption of a capacity: the total first, then consumers, the largest first, with a
/// line at the allowance. The remaining consumers are added up as others.
///
/// The consumption of one consumer is added up, and so are the allowances of the plans, tenants and
/// months of the rows; so pass the rows of one plan. `O(n log n)` in the rows.
///
/// # Errors
///
/// [`PlotError::NoRows`], if there are no rows.
pub fn capacity(title: &Label, rows: &[CapacityRow]) -> Result<String, PlotError> {
    let months = rows.iter().map(|row| row.month);
    let (Some(first), Some(last)) = (months.clone().min(), months.max()) else { return Err(PlotError::NoRows) };
    let mut consumers: BTreeMap<&ConsumerId, u64> = BTreeMap::new();
    for row in rows {
        if let Some(consumer) = &row.consumer {
            let consumed = consumers.entry(consumer).or_default();
            *consumed = consumed.saturating_add(row.consumed.in_millionths());
        }
    }
    let mut consumers: Vec<_> =
        consumers.into_iter().map(|(consumer, consumed)| (consumer.to_string(), consumed)).collect();
    consumers.sort_by(|(a, consumed_a), (b, consumed_b)| (Reverse(consumed_a), a).cmp(&(Reverse(consumed_b), b)));
    let total = consumers.iter().fold(0_u64, |total, (_, consumed)| total.saturating_add(*consumed));
    let allowance = allowance(rows);
    let mut shown = vec![("All together".to_string(), total)];
    shown.extend(largest(consumers, |one, other| one.saturating_add(*other)));
    let (mark, word) = match allowance {
        GrandTotal { unlimited: 0, limited } => (Some(limited), units(limited)),
        GrandTotal { unlimited: 1, limited: 0 } => (None, "unlimited".to_string()),
        GrandTotal { unlimited, limited: 0 } => (None, format!("{} unlimited", grouped(unlimited))),
        GrandTotal { unlimited, limited } => {
            (Some(limited), format!("{} + {} unlimited", units(limited), grouped(unlimited)))
        }
    };
    let word = format!("Allowance: {word}");
    let mut legend = vec![(Sample::Dark, "Consumed".to_string())];
    if mark.is_some() {
        legend.push((Sample::Mark, word.clone()));
    }
    let bar = |(name, consumed): (String, u64)| Bar { name, filled: consumed, behind: None, value: units(consumed) };
    let months = span(first, last);
    bars(&Bars {
        title: title.as_str(),
        note: if mark.is_some() { months } else { format!("{word}, {months}") },
        legend,
        axis: "Units",
        shown: units,
        each: shown.into_iter().map(bar).collect(),
        mark,
    })
}

/// Formats millionths as units.
fn units(millionths: u64) -> String {
    grouped_decimal(&Quantity::of_millionths(millionths).to_string())
}

/// Returns the sum of the distinct allowances in millionths, and how many tenants are unlimited.
fn allowance(rows: &[CapacityRow]) -> GrandTotal<u64> {
    let pools: BTreeSet<_> = rows.iter().map(|row| (row.month, &row.tenant_id, &row.plan_id, row.allowance)).collect();
    let mut unlimited = BTreeSet::new();
    let limited = pools.into_iter().fold(0_u64, |sum, (_, tenant, _, allowance)| match allowance {
        Capacity::Limited(quantity) => sum.saturating_add(quantity.in_millionths()),
        Capacity::Unlimited => {
            unlimited.insert(tenant);
            sum
        }
    });
    GrandTotal { unlimited: u64::try_from(unlimited.len()).unwrap_or(u64::MAX), limited }
}
