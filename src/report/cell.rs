//! Serialization of cells, the same in CSV and in JSON.

use serde::Serializer;

use crate::id::CountryCode;
use crate::quantity::units::Total;

/// Serializes a number, or the word `unlimited`.
pub(crate) fn total<S: Serializer>(total: &Total, serializer: S) -> Result<S::Ok, S::Error> {
    match total {
        Total::Limited(units) => serializer.serialize_u64(*units),
        Total::Unlimited => serializer.collect_str(total),
    }
}

/// Serializes an amount as text, so that no reader rounds it.
pub(crate) fn text<S: Serializer>(amount: &impl core::fmt::Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(amount)
}

/// Serializes a number, the word `unlimited`, or an empty cell.
#[expect(clippy::ref_option, reason = "serde hands over a reference to the field")]
pub(crate) fn known_total<S: Serializer>(known: &Option<Total>, serializer: S) -> Result<S::Ok, S::Error> {
    match known {
        Some(known) => total(known, serializer),
        None => serializer.serialize_none(),
    }
}

/// Returns the English name of a country; `None` for a code that ISO 3166-1 does not assign.
pub(crate) fn country_name(code: CountryCode) -> Option<&'static str> {
    let country = iso3166::Country::from_alpha2(&alloc::format!("{code}"))?;
    // The table has the short names that maps use.
    Some(match country.data().name {
        "UK" => "United Kingdom",
        "US" => "United States",
        name => name,
    })
}
