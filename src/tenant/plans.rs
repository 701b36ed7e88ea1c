//! The plans of a tenant by number, in room for those alone that its record says something of.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::tenant::growth;
use crate::tenant::plan::PlanState;

/// Sorted by number. Clones share the plans.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plans(Vec<(usize, Arc<PlanState>)>);

impl Plans {
    /// A plan by its number: at once in a tenant that has all plans before it, else logarithmic in those that it has.
    #[inline]
    pub(crate) fn get(&self, number: usize) -> Option<&PlanState> {
        match self.0.get(number) {
            Some((there, plan)) if *there == number => Some(plan),
            _ => self.0.get(self.place(number).ok()?).map(|(_, plan)| &**plan),
        }
    }

    /// A plan by its number, to be changed; it comes to be.
    pub(crate) fn get_or_add(&mut self, number: usize) -> Option<&mut PlanState> {
        let at = match self.0.get(number) {
            Some((there, _)) if *there == number => number,
            _ => self.place(number).unwrap_or_else(|at| {
                growth::insert(&mut self.0, at, (number, Arc::new(PlanState::new())));
                at
            }),
        };
        self.0.get_mut(at).map(|(_, plan)| Arc::make_mut(plan))
    }

    fn place(&self, number: usize) -> Result<usize, usize> {
        self.0.binary_search_by_key(&number, |(there, _)| *there)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &PlanState> {
        self.0.iter().map(|(_, plan)| &**plan)
    }

    /// All of them, to be changed.
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
    use crate::tenant::bucket::Key;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        /// Plans that come in any order are found by their numbers, and no others are.
        #[test]
        fn plans_are_found_by_their_numbers(numbers in prop::collection::vec(0..40_usize, 0..60)) {
            let mut plans = Plans::default();
            for number in &numbers {
                let plan = plans.get_or_add(*number).expect("it comes to be");
                plan.line.push(Key(u32::try_from(*number).expect("small")));
            }
            for number in 0..50 {
                let claims = numbers.iter().filter(|each| **each == number).count();
                let users: Vec<_> = plans.get(number).into_iter().flat_map(|plan| plan.line.users()).collect();
                prop_assert_eq!(users, alloc::vec![Key(u32::try_from(number).expect("small")); claims]);
            }
            prop_assert_eq!(plans.iter().count(), numbers.iter().collect::<BTreeSet<_>>().len());
            prop_assert_eq!(plans.iter_mut().count(), plans.iter().count());
        }
    }
}
