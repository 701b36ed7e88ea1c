//! Differences between two editions (C10).

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use entitle::id::Label;

use crate::catalogue::edition::Edition;
use crate::guid::Guid;

/// Differences between an edition and a later one. Each list is in the order of the edition that
/// contains its entries; renamed entries are in the order of the later one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changes {
    /// Products that only the later edition contains.
    pub new_products: Vec<Guid>,
    /// Products that only the earlier edition contains.
    pub gone_products: Vec<Guid>,
    /// Service plans that only the later edition contains.
    pub new_service_plans: Vec<Guid>,
    /// Service plans that only the earlier edition contains.
    pub gone_service_plans: Vec<Guid>,
    /// Products of both editions whose service plans differ.
    pub changed: Vec<ChangedProduct>,
    /// Products of both editions whose names differ.
    pub renamed_products: Vec<Renamed>,
    /// Service plans of both editions whose friendly names differ.
    pub renamed_service_plans: Vec<Renamed>,
}

/// A product whose service plans changed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChangedProduct {
    /// The product.
    pub product: Guid,
    /// Service plans that it gained: on by default for everyone who has the product (C10).
    pub gained: Vec<Guid>,
    /// Service plans that it lost.
    pub lost: Vec<Guid>,
}

/// A product or service plan whose name changed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Renamed {
    /// The product or service plan.
    pub id: Guid,
    /// The earlier name.
    pub from: Label,
    /// The later name.
    pub to: Label,
}

impl Changes {
    /// Returns whether at most names changed.
    #[must_use]
    pub fn is_same_content(&self) -> bool {
        let Self { new_products, gone_products, new_service_plans, gone_service_plans, changed, .. } = self;
        let lists = [new_products, gone_products, new_service_plans, gone_service_plans];
        lists.iter().all(|list| list.is_empty()) && changed.is_empty()
    }
}

impl Edition {
    /// Returns the differences between this edition and a later one: products that gained or lost
    /// service plans, new and removed entries, and changed names. The order of rows does not
    /// matter. `O(n log n)` in the rows of both.
    #[must_use]
    pub fn changes_to(&self, later: &Self) -> Changes {
        let mut changed = Vec::new();
        let (mut renamed_products, mut renamed_service_plans) = (Vec::new(), Vec::new());
        for now in &later.products {
            let Some(before) = self.product(now.id) else { continue };
            let gained = without(&now.service_plans, &before.service_plans);
            let lost = without(&before.service_plans, &now.service_plans);
            if !gained.is_empty() || !lost.is_empty() {
                changed.push(ChangedProduct { product: now.id, gained, lost });
            }
            renamed_products.extend(renamed(now.id, &before.name, &now.name));
        }
        for now in &later.service_plans {
            let Some(before) = self.service_plan(now.id) else { continue };
            renamed_service_plans.extend(renamed(now.id, &before.friendly_name, &now.friendly_name));
        }
        Changes {
            new_products: later.products.iter().map(|each| each.id).filter(|&id| self.product(id).is_none()).collect(),
            gone_products: self.products.iter().map(|each| each.id).filter(|&id| later.product(id).is_none()).collect(),
            new_service_plans: only_in(later, self),
            gone_service_plans: only_in(self, later),
            changed,
            renamed_products,
            renamed_service_plans,
        }
    }
}

fn only_in(one: &Edition, other: &Edition) -> Vec<Guid> {
    one.service_plans.iter().map(|each| each.id).filter(|&id| other.service_plan(id).is_none()).collect()
}

/// Returns the GUIDs of the first list that the second does not contain.
fn without(all: &[Guid], taken: &[Guid]) -> Vec<Guid> {
    let taken: BTreeSet<_> = taken.iter().collect();
    all.iter().filter(|id| !taken.contains(id)).copied().collect()
}

fn renamed(id: Guid, from: &Label, to: &Label) -> Option<Renamed> {
    (from != to).then(|| Renamed { id, from: from.clone(), to: to.clone() })
}
