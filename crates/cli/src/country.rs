//! Countries in which customers are billed.

use core::str::FromStr;

use entitle::CountryCode;
use serde::{Deserialize, Deserializer, de};

use crate::near::nearest;

/// A country by its code of ISO 3166-1, such as `DE`.
///
/// Documents may name a code that this release does not know, since the list changes; what a person
/// writes here is on the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Country(pub(crate) CountryCode);

/// Codes that are valid, but not in the table: Antarctica, and Kosovo, for which the European Union
/// and Microsoft use a code that ISO 3166-1 leaves to its users.
const MORE_CODES: [&str; 2] = ["AQ", "XK"];

/// Codes that people write in place of the assigned one: reserved ones, and those of ISO 3166-3 for
/// countries of earlier names.
const OTHER_CODES: [(&str, &str); 10] = [
    ("UK", "GB"),
    ("EL", "GR"),
    ("AN", "BQ, CW or SX"),
    ("BU", "MM"),
    ("CS", "RS or ME"),
    ("DD", "DE"),
    ("FX", "FR"),
    ("TP", "TL"),
    ("YU", "RS or ME"),
    ("ZR", "CD"),
];

/// Names that the table has not, and their codes.
const OTHER_NAMES: [(&str, &str); 8] = [
    ("United Kingdom", "GB"),
    ("Great Britain", "GB"),
    ("England", "GB"),
    ("Scotland", "GB"),
    ("United States", "US"),
    ("United States of America", "US"),
    ("Kosovo", "XK"),
    ("Antarctica", "AQ"),
];

impl FromStr for Country {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(code) = text.parse().ok().filter(|_| is_assigned(text)) {
            return Ok(Self(code));
        }
        let cure = match cure(text.trim()) {
            Some(code) => format!("write {code}"),
            None => "write the code of the country in which the customer is billed, such as DE".to_string(),
        };
        Err(format!("`{text}` is not a country code of ISO 3166-1: {cure}"))
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

fn is_assigned(code: &str) -> bool {
    iso3166::Country::from_alpha2(code).is_some() || MORE_CODES.contains(&code)
}

/// Returns what to write in place of a text: of another code, of three letters, or of a name.
fn cure(text: &str) -> Option<String> {
    let upper = text.to_uppercase();
    if is_assigned(&upper) {
        return Some(upper);
    }
    if let Some((_, code)) = OTHER_CODES.iter().find(|(other, _)| *other == upper) {
        return Some((*code).to_string());
    }
    if let Some(country) = iso3166::Country::from_alpha3_ignore_case(text) {
        return Some(country.data().alpha2.to_string());
    }
    let names = || iso3166::LIST.iter().map(|country| (country.name, country.alpha2)).chain(OTHER_NAMES);
    let code =
        |name: &str| names().find(|(known, _)| known.to_lowercase() == name.to_lowercase()).map(|(_, code)| code);
    if let Some(code) = code(text) {
        return Some(code.to_string());
    }
    // Two or three letters are a code, of which no other one is near.
    let near = nearest(text, names().map(|(name, _)| name).filter(|_| text.chars().count() > 3));
    near.first().and_then(|name| code(name)).map(ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::Country;

    #[test]
    fn assigned_codes_are_countries() {
        for code in ["DE", "GB", "US", "TW", "SS", "AX", "AQ", "XK"] {
            assert_eq!(code.parse::<Country>().unwrap().0.to_string(), code);
        }
        let letters = || b'A'..=b'Z';
        let all = letters().flat_map(|first| letters().map(move |second| [first, second]));
        let all = all.filter(|code| core::str::from_utf8(code).unwrap().parse::<Country>().is_ok());
        assert_eq!(all.count(), 250, "the 249 codes of ISO 3166-1, and that of Kosovo");
    }

    #[test]
    fn other_codes_are_refused_with_the_cure() {
        for (text, cure) in [
            ("UK", "write GB"),
            ("uk", "write GB"),
            ("EL", "write GR"),
            ("YU", "write RS or ME"),
            ("AN", "write BQ, CW or SX"),
            ("de", "write DE"),
            (" DE", "write DE"),
            ("deu", "write DE"),
            ("GBR", "write GB"),
            ("Germany", "write DE"),
            ("germny", "write DE"),
            ("United Kingdom", "write GB"),
            ("england", "write GB"),
            ("côte d’ivoire", "write CI"),
            ("XX", "write the code of the country in which the customer is billed, such as DE"),
            ("ZZ", "such as DE"),
            ("EU", "such as DE"),
            ("", "such as DE"),
            ("D", "such as DE"),
            ("Atlantis", "such as DE"),
        ] {
            let error = text.parse::<Country>().unwrap_err();
            assert!(error.ends_with(cure), "{error}");
            assert!(error.starts_with(&format!("`{text}` is not a country code of ISO 3166-1: write ")), "{error}");
        }
    }
}
