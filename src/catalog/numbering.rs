//! Numbers of plans, so that a claim names its plan in two bytes.

use alloc::vec::Vec;

use crate::catalog::index::{PlanIndex, PlanNumber};
use crate::collections::hashing::HashMap;
use crate::id::PlanId;

/// The plans of a catalog and the other plans that a tenant's record names, numbered in the order
/// in which they were first named (C11). A number is never reused.
#[derive(Debug, Clone, Default)]
pub(crate) struct Numbering {
    ids: Vec<PlanId>,
    numbers: HashMap<PlanId, PlanNumber>,
    /// The numbers of a catalog's plans, in its order.
    of_catalog: Vec<PlanNumber>,
    /// The catalog indexes of the plans, by number; `None` for a plan that the catalog does not
    /// have.
    in_catalog: Vec<Option<PlanIndex>>,
}

impl Numbering {
    /// Returns the numbers of the plans of a catalog, in its order.
    pub(crate) fn of<'a>(plans: impl Iterator<Item = &'a PlanId>) -> Self {
        Self::default().rebind_catalog(plans)
    }

    /// Returns the same numbers with those of another catalog added.
    pub(crate) fn rebind_catalog<'a>(mut self, plans: impl Iterator<Item = &'a PlanId>) -> Self {
        self.of_catalog = plans.map(|plan| self.number_or_next(plan)).collect();
        self.in_catalog = alloc::vec![None; self.ids.len()];
        for (index, &number) in self.of_catalog.iter().enumerate() {
            if let Some(place) = self.in_catalog.get_mut(number.0) {
                *place = Some(PlanIndex(index));
            }
        }
        self
    }

    /// Returns whether all plans of `other` have the same numbers here.
    pub(crate) fn begins_with(&self, other: &Self) -> bool {
        self.ids.starts_with(&other.ids)
    }

    pub(crate) fn number(&self, plan: &PlanId) -> Option<PlanNumber> {
        self.numbers.get(plan).copied()
    }

    /// Returns the number of a plan. A plan without a number gets the next one.
    pub(crate) fn number_or_next(&mut self, plan: &PlanId) -> PlanNumber {
        self.number(plan).unwrap_or_else(|| {
            let next = self.next();
            self.ids.push(plan.clone());
            self.numbers.insert(plan.clone(), next);
            next
        })
    }

    pub(crate) fn id(&self, number: PlanNumber) -> Option<&PlanId> {
        self.ids.get(number.0)
    }

    /// Returns the number of a plan by its index in the catalog.
    #[inline]
    pub(crate) fn of_catalog(&self, index: PlanIndex) -> Option<PlanNumber> {
        self.of_catalog.get(index.0).copied()
    }

    /// Returns the index in the catalog of the plan with this number, if the catalog has it.
    #[inline]
    pub(crate) fn in_catalog(&self, number: PlanNumber) -> Option<PlanIndex> {
        self.in_catalog.get(number.0).copied().flatten()
    }

    /// Returns the number that the next plan gets; all numbers are below it.
    pub(crate) fn next(&self) -> PlanNumber {
        PlanNumber(self.ids.len())
    }

    /// Returns all numbers, ascending.
    pub(crate) fn all(&self) -> impl Iterator<Item = PlanNumber> + use<> {
        (0..self.ids.len()).map(PlanNumber)
    }
}
