//! Provisioned and assigned licenses by billing country.

use core::cmp::Reverse;
use std::collections::BTreeMap;

use entitle::CountryCode;
use entitle::id::Label;
use entitle::report::{CountryRow, GrandTotal};

use crate::PlotError;
use crate::bars::{Bar, Bars, bars, largest};
use crate::frame::Sample;
use crate::months::unlimited_tenants;
use crate::text::{grouped, grouped_total};

/// What is provisioned, and what is assigned of it.
type Sum = (GrandTotal<u64>, u64);

/// Draws provisioned and assigned licenses by billing country, the largest first; the remaining
/// countries are added up as others.
///
/// Only rows of the latest month are drawn; rows of one country are added up. `O(n log n)` in the
/// rows.
///
/// # Errors
///
/// [`PlotError::NoRows`], if there are no rows.
pub fn by_country(title: &Label, rows: &[CountryRow]) -> Result<String, PlotError> {
    let Some(month) = rows.iter().map(|row| row.month).max() else { return Err(PlotError::NoRows) };
    let mut sums: BTreeMap<Option<CountryCode>, (String, Sum)> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.month == month) {
        let code = row.customer_country_code;
        let name = || match (row.customer_country, code) {
            (Some(name), _) => name.to_string(),
            (None, Some(code)) => code.to_string(),
            (None, None) => "Not known".to_string(),
        };
        let (_, sum) = sums.entry(code).or_insert_with(|| (name(), (GrandTotal::default(), 0)));
        *sum = (sum.0.plus(row.total_provisioned()), sum.1.saturating_add(row.licenses_assigned));
    }
    let mut sums: Vec<_> = sums.into_values().collect();
    sums.sort_by(|(a, sum_a), (b, sum_b)| (Reverse(sum_a), a).cmp(&(Reverse(sum_b), b)));
    let shown = largest(sums, |one, other| (one.0.plus(other.0), one.1.saturating_add(other.1)));
    let mut legend = vec![(Sample::Pale, "Provisioned".to_string()), (Sample::Dark, "Assigned".to_string())];
    let endless = shown.iter().fold(0_u64, |tenants, (_, (there, _))| tenants.saturating_add(there.unlimited));
    if endless > 0 {
        legend.insert(1, (Sample::Endless, unlimited_tenants(endless, true)));
    }
    let bar = |(name, (provisioned, assigned)): (String, Sum)| Bar {
        name,
        filled: assigned,
        behind: Some(provisioned),
        value: format!("{} of {}", grouped(assigned), grouped_total(provisioned)),
    };
    bars(&Bars {
        title: title.as_str(),
        note: month.to_string(),
        legend,
        axis: "Licenses",
        shown: grouped,
        each: shown.into_iter().map(bar).collect(),
        mark: None,
    })
}
