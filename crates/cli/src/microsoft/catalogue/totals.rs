//! The totals of the differences between two editions.

use entitle_microsoft::catalogue::{ChangedProduct, Changes, Edition};
use serde_json::{Value, json};

use crate::table::table;

/// How much two editions differ.
#[derive(Debug)]
pub(super) struct Totals {
    products: EntryTotals,
    service_plans: EntryTotals,
    /// Products of both editions whose service plans differ.
    changed: usize,
    gained: usize,
    lost: usize,
}

/// How many entries of a kind there are, and how many differ.
#[derive(Debug)]
struct EntryTotals {
    earlier: usize,
    later: usize,
    new: usize,
    removed: usize,
    renamed: usize,
}

impl Totals {
    pub(super) fn new(earlier: &Edition, later: &Edition, changes: &Changes) -> Self {
        let sum = |of: fn(&ChangedProduct) -> usize| changes.changed.iter().map(of).sum();
        Self {
            products: EntryTotals {
                earlier: earlier.products().len(),
                later: later.products().len(),
                new: changes.new_products.len(),
                removed: changes.gone_products.len(),
                renamed: changes.renamed_products.len(),
            },
            service_plans: EntryTotals {
                earlier: earlier.service_plans().len(),
                later: later.service_plans().len(),
                new: changes.new_service_plans.len(),
                removed: changes.gone_service_plans.len(),
                renamed: changes.renamed_service_plans.len(),
            },
            changed: changes.changed.len(),
            gained: sum(|each| each.gained.len()),
            lost: sum(|each| each.lost.len()),
        }
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "products": self.products.json(), "service_plans": self.service_plans.json(),
            "changed_products": self.changed, "gained": self.gained, "lost": self.lost,
        })
    }

    /// Returns the totals as a table, and a line if products changed.
    pub(super) fn text(&self) -> String {
        let rows = [self.products.row("products"), self.service_plans.row("service plans")];
        let heading = ["", "EARLIER", "LATER", "NEW", "REMOVED", "RENAMED"];
        let Self { changed, gained, lost, .. } = self;
        let table = table(&heading, &rows);
        if *changed == 0 {
            return table.to_string();
        }
        format!("{table}\nproducts in both editions: {changed} changed, service plans: {gained} gained, {lost} lost")
    }
}

impl EntryTotals {
    fn json(&self) -> Value {
        let Self { earlier, later, new, removed, renamed } = self;
        json!({ "earlier": earlier, "later": later, "new": new, "removed": removed, "renamed": renamed })
    }

    fn row(&self, name: &str) -> Vec<String> {
        let Self { earlier, later, new, removed, renamed } = self;
        let numbers = [earlier, later, new, removed, renamed].map(ToString::to_string);
        core::iter::once(name.to_string()).chain(numbers).collect()
    }
}
