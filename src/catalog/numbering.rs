//! Plans by number: a claim says which plan it is on in two bytes.

use alloc::vec::Vec;

use crate::hashing::HashMap;
use crate::id::PlanId;

/// Plans in the order in which they were first named: those of a catalog, and those that a tenant's record names beside
/// them (C11). A number is never given twice.
#[derive(Debug, Clone, Default)]
pub(crate) struct Numbering {
    ids: Vec<PlanId>,
    numbers: HashMap<PlanId, usize>,
    /// The numbers of a catalog's plans, in its order.
    of_catalog: Vec<usize>,
    /// The places of the plans in the catalog, by number; none for a plan that it does not have.
    in_catalog: Vec<Option<usize>>,
}

impl Numbering {
    /// The plans of a catalog, in its order.
    pub(crate) fn of<'a>(plans: impl Iterator<Item = &'a PlanId>) -> Self {
        Self::default().rebind_catalog(plans)
    }

    /// The same numbers with those of another catalog beside them.
    pub(crate) fn rebind_catalog<'a>(mut self, plans: impl Iterator<Item = &'a PlanId>) -> Self {
        self.of_catalog = plans.map(|plan| self.number_or_next(plan)).collect();
        self.in_catalog = alloc::vec![None; self.ids.len()];
        for (index, &number) in self.of_catalog.iter().enumerate() {
            self.in_catalog.get_mut(number).into_iter().for_each(|place| *place = Some(index));
        }
        self
    }

    /// Whether the plans of another have the same numbers here.
    pub(crate) fn begins_with(&self, other: &Self) -> bool {
        self.ids.starts_with(&other.ids)
    }

    pub(crate) fn number(&self, plan: &PlanId) -> Option<usize> {
        self.numbers.get(plan).copied()
    }

    /// The number of a plan; one that nobody named before gets the next.
    pub(crate) fn number_or_next(&mut self, plan: &PlanId) -> usize {
        self.number(plan).unwrap_or_else(|| {
            let next = self.ids.len();
            self.ids.push(plan.clone());
            self.numbers.insert(plan.clone(), next);
            next
        })
    }

    pub(crate) fn id(&self, number: usize) -> Option<&PlanId> {
        self.ids.get(number)
    }

    /// The number of a plan of the catalog, by its place there.
    #[inline]
    pub(crate) fn of_catalog(&self, index: usize) -> Option<usize> {
        self.of_catalog.get(index).copied()
    }

    /// The place in the catalog of the plan with this number, if the catalog has it.
    #[inline]
    pub(crate) fn in_catalog(&self, number: usize) -> Option<usize> {
        self.in_catalog.get(number).copied().flatten()
    }

    /// How many plans were named.
    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }
}
