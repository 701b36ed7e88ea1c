//! [Sorted vector map](https://en.wikipedia.org/wiki/Sorted_array): the plans of a tenant by
//! number, with entries only for plans that the record mentions.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::catalog::index::PlanNumber;
use crate::collections::growth;
use crate::tenant::state::plan::PlanState;

/// Sorted by number. Clones share the plans.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plans(Vec<(PlanNumber, Arc<PlanState>)>);

impl Plans {
    /// Returns a plan by its number. `O(1)` if the tenant has all plans of lower numbers, otherwise
    /// `O(log n)` in its plans.
    #[inline]
    pub(crate) fn get(&self, number: PlanNumber) -> Option<&PlanState> {
        match self.0.get(number.0) {
            Some((there, plan)) if *there == number => Some(plan),
            _ => self.0.get(self.place(number).ok()?).map(|(_, plan)| &**plan),
        }
    }

    /// Returns a plan by its number to change; adds the plan if it is absent.
    pub(crate) fn get_or_add(&mut self, number: PlanNumber) -> Option<&mut PlanState> {
        let at = match self.0.get(number.0) {
            Some((there, _)) if *there == number => number.0,
            _ => self.place(number).unwrap_or_else(|at| {
                growth::insert(&mut self.0, at, (number, Arc::new(PlanState::new())));
                at
            }),
        };
        self.0.get_mut(at).map(|(_, plan)| Arc::make_mut(plan))
    }

    fn place(&self, number: PlanNumber) -> Result<usize, usize> {
        self.0.binary_search_by_key(&number, |(there, _)| *there)
    }

    /// Returns the plans with their numbers.
    pub(crate) fn numbered(&self) -> impl Iterator<Item = (PlanNumber, &PlanState)> {
        self.0.iter().map(|(number, plan)| (*number, &**plan))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &PlanState> {
        self.0.iter().map(|(_, plan)| &**plan)
    }

    /// Returns all plans to change.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut PlanState> {
        self.0.iter_mut().map(|(_, plan)| Arc::make_mut(plan))
    }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;
    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::Plans;
    use crate::catalog::index::PlanNumber;
    use crate::tenant::state::bucket::Key;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        /// Plans added in any order are found by their numbers, and no others are.
        #[test]
        fn plans_are_found_by_their_numbers(numbers in prop::collection::vec(0..40_usize, 0..60)) {
            let mut plans = Plans::default();
            for number in &numbers {
                let plan = plans.get_or_add(PlanNumber(*number)).expect("the plan is added");
                plan.queue.push(Key(u32::try_from(*number).expect("small")));
            }
            for number in 0..50 {
                let claims = numbers.iter().filter(|each| **each == number).count();
                let users: Vec<_> = plans.get(PlanNumber(number)).into_iter().flat_map(|plan| plan.queue.users()).collect();
                prop_assert_eq!(users, alloc::vec![Key(u32::try_from(number).expect("small")); claims]);
            }
            prop_assert_eq!(plans.iter().count(), numbers.iter().collect::<BTreeSet<_>>().len());
            prop_assert_eq!(plans.iter_mut().count(), plans.iter().count());
        }
    }
}
