//! Deals by what people call them: the id of the license or its beginning, the customer, the reference.

use core::fmt;
use core::str::FromStr;
use std::collections::BTreeMap;

use entitle::license::{Customer, Licensee, Reference};
use entitle::{Deal, LicenseId};

use super::file::BookFile;
use crate::exit::Failure;
use crate::summary::summarize_deal;
use crate::text::name;

/// The fewest digits of an id that select a deal.
const FEWEST_DIGITS: usize = 4;

/// The number of digits of an id that tables show.
pub(crate) const SHOWN_DIGITS: usize = 8;

/// What selects a deal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Selector(String);

impl FromStr for Selector {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() { Err("a deal is selected by a text".to_string()) } else { Ok(Self(text.to_string())) }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Selector {
    /// Returns the license that is meant. Several are an error that lists them. `O(n log n)` in the entries.
    pub(crate) fn find(&self, book: &BookFile) -> Result<LicenseId, Failure> {
        // The latest revision of each, in the order of the first.
        let mut latest: BTreeMap<LicenseId, (usize, &Deal)> = BTreeMap::new();
        for (index, (_, license)) in book.content().licenses().enumerate() {
            let deal = license.deal();
            let (_, known) = latest.entry(deal.id).or_insert((index, deal));
            if known.revision < deal.revision {
                *known = deal;
            }
        }
        let mut found: Vec<_> = latest.into_values().filter(|(_, deal)| self.selects(deal)).collect();
        found.sort_unstable_by_key(|(index, _)| *index);
        let found: Vec<&Deal> = found.into_iter().map(|(_, deal)| deal).collect();
        match found.as_slice() {
            [deal] => Ok(deal.id),
            [] => Err(self.no_deal(book)),
            several => {
                let each: Vec<String> =
                    several.iter().map(|deal| format!("{} ({})", deal.id, summarize_deal(deal))).collect();
                let message = format!("`{self}` are {} deals: {}", several.len(), each.join(", "));
                Err(Failure::usage("cli.several-deals", message).help("give the first digits of the id of one"))
            }
        }
    }

    /// The error for a text that selects no deal, with the customer that may be meant.
    fn no_deal(&self, book: &BookFile) -> Failure {
        let failure = Failure::usage("cli.no-deal", format!("{} has no deal `{self}`", name(book.path())));
        let wanted = self.0.to_lowercase();
        let customers = book.content().licenses().filter_map(|(_, license)| match &license.deal().licensee {
            Licensee::Tenant(customer) => Some(customer),
            Licensee::Anyone => None,
        });
        let is_meant = |customer: &&Customer| {
            customer.id.as_str().to_lowercase() == wanted || customer.name.as_str().to_lowercase().contains(&wanted)
        };
        let meant = customers.filter(is_meant).last();
        match meant {
            Some(customer) => failure.help(format_args!("did you mean `{}`, {}?", customer.id, customer.name)),
            None => failure.help(
                "give the id of a license or its first digits, the customer's tenant id, or the reference; `entitle deal list` shows them",
            ),
        }
    }

    fn selects(&self, deal: &Deal) -> bool {
        let is_id = self.0.len() >= FEWEST_DIGITS && deal.id.to_string().starts_with(&self.0);
        let is_customer = matches!(&deal.licensee, Licensee::Tenant(customer) if customer.id.as_str() == self.0);
        let is_reference = matches!(&deal.reference, Reference::Of(reference) if reference.as_str() == self.0);
        is_id || is_customer || is_reference
    }
}

/// Returns the beginning of an id, for tables.
pub(crate) fn short(id: LicenseId) -> String {
    id.to_string().chars().take(SHOWN_DIGITS).collect()
}
