//! Which plans exclude each other, and which of them can never be in effect for it (C5, C8).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use crate::catalog::chain;
use crate::catalog::offer::Plan;
use crate::id::PlanId;

/// For each plan those that it excludes, whichever side says so, in the catalog's order.
pub(crate) fn exclusions(plans: &[Plan], numbers: &BTreeMap<PlanId, usize>) -> Vec<Vec<usize>> {
    let said = plans.iter().enumerate().flat_map(|(one, plan)| {
        let others = plan.excludes.iter().filter_map(|other| numbers.get(other).copied());
        others.map(move |other| (one, other))
    });
    let both: BTreeSet<(usize, usize)> = said.flat_map(|(one, other)| [(one, other), (other, one)]).collect();
    let mut exclusions: Vec<Vec<usize>> = alloc::vec![Vec::new(); plans.len()];
    for (one, other) in both {
        if let Some(list) = exclusions.get_mut(one) {
            list.push(other);
        }
    }
    exclusions
}

/// The plans that are in effect in no case, since what they cannot do without excludes all that would meet a need.
///
/// It follows what is required without a choice, so every plan here is one; a plan may be one and not be here, where only
/// the combinations of several choices exclude each other.
pub(crate) fn never_in_effect(plans: &[Plan], numbers: &BTreeMap<PlanId, usize>) -> BTreeSet<usize> {
    let exclusions = exclusions(plans, numbers);
    let required = chain::required(plans, numbers);
    let mut order: Vec<usize> = (0..plans.len()).collect();
    // A plan requires more plans than any that it requires, so this puts it after them.
    order.sort_by_key(|&plan| required.get(plan).map_or(0, BTreeSet::len));
    let mut never = BTreeSet::new();
    for plan in order {
        if cannot_be(plan, plans, numbers, &exclusions, &never) {
            never.insert(plan);
        }
    }
    never
}

fn cannot_be(
    plan: usize,
    plans: &[Plan],
    numbers: &BTreeMap<PlanId, usize>,
    exclusions: &[Vec<usize>],
    never: &BTreeSet<usize>,
) -> bool {
    let excludes = |one: usize, other: usize| exclusions.get(one).is_some_and(|list| list.contains(&other));
    let mut forced = BTreeSet::from([plan]);
    loop {
        let mut more = BTreeSet::new();
        let needs = forced.iter().filter_map(|&plan| plans.get(plan)).flat_map(|plan| &plan.requires);
        for need in needs {
            let can_be = |&other: &usize| !never.contains(&other) && !forced.iter().any(|&one| excludes(one, other));
            let choices: Vec<usize> = need.iter().filter_map(|id| numbers.get(id).copied()).filter(can_be).collect();
            match choices[..] {
                [] => return true,
                [only] if !forced.contains(&only) => {
                    more.insert(only);
                }
                _ => {}
            }
        }
        if more.is_empty() {
            return false;
        }
        forced.extend(more);
    }
}
