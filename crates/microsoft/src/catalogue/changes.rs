//! What changed from one edition to a later one (C10).

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use entitle::id::Label;

use crate::catalogue::edition::Edition;
use crate::guid::Guid;

/// What changed from one edition to a later one. Lists are in the order of the edition that has what they name, names in that
/// of the later one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changes {
    /// Products that only the later one has.
    pub new_products: Vec<Guid>,
    /// Products that only the earlier one has.
    pub gone_products: Vec<Guid>,
    /// Service plans that only the later one has.
    pub new_service_plans: Vec<Guid>,
    /// Service plans that only the earlier one has.
    pub gone_service_plans: Vec<Guid>,
    /// Products of both that do not contain the same.
    pub changed: Vec<ChangedProduct>,
    /// Products of both that are called otherwise.
    pub renamed_products: Vec<Renamed>,
    /// Service plans of both that are called otherwise, by their friendly names.
    pub renamed_service_plans: Vec<Renamed>,
}

/// A product that does not contain what it did.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChangedProduct {
    /// The product.
    pub product: Guid,
    /// What it contains now and did not: on by default for everyone who has the product (C10).
    pub gained: Vec<Guid>,
    /// What it contained and does not now.
    pub lost: Vec<Guid>,
}

/// Something that is called otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Renamed {
    /// The product or service plan.
    pub id: Guid,
    /// What it was called.
    pub from: Label,
    /// What it is called.
    pub to: Label,
}

impl Changes {
    /// Whether nothing changed but names.
    #[must_use]
    pub fn is_same_content(&self) -> bool {
        let Self { new_products, gone_products, new_service_plans, gone_service_plans, changed, .. } = self;
        let lists = [new_products, gone_products, new_service_plans, gone_service_plans];
        lists.iter().all(|list| list.is_empty()) && changed.is_empty()
    }
}

impl Edition {
    /// What changed from this edition to a later one: which products gained or lost service plans, what is new and what is
    /// gone, what is called otherwise. The order of rows does not matter. `O(n log n)` in the rows of both.
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

/// Those of the first list that the second does not have.
fn without(all: &[Guid], taken: &[Guid]) -> Vec<Guid> {
    let taken: BTreeSet<_> = taken.iter().collect();
    all.iter().filter(|id| !taken.contains(id)).copied().collect()
}

fn renamed(id: Guid, from: &Label, to: &Label) -> Option<Renamed> {
    (from != to).then(|| Renamed { id, from: from.clone(), to: to.clone() })
}
