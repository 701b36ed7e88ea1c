//! Which plans exclude each other, and which of them can never be in effect for it (C5, C8).

use alloc::vec::Vec;

use crate::catalog::id_index::IdIndex;
use crate::catalog::offer::Plan;
use crate::catalog::requirement_graph::RequirementGraph;
use crate::sorted::{sorted, sorted_once};

/// For each plan those that it excludes, whichever side says so, in the catalog's order.
pub(crate) fn exclusions(plans: &[Plan], numbers: &IdIndex<'_>) -> Vec<Vec<usize>> {
    let said = plans.iter().enumerate().flat_map(|(one, plan)| {
        let others = plan.excludes.iter().filter_map(|other| numbers.last(other.as_str()));
        others.map(move |other| (one, other))
    });
    let both = sorted_once(said.flat_map(|(one, other)| [(one, other), (other, one)]));
    let mut exclusions: Vec<Vec<usize>> = alloc::vec![Vec::new(); plans.len()];
    for (one, other) in both {
        if let Some(list) = exclusions.get_mut(one) {
            list.push(other);
        }
    }
    exclusions
}

/// For each plan whether it is in effect in no case, since what it cannot do without excludes all that would meet a need.
///
/// It follows what is required without a choice, so what it says is so; it may not say so of a plan where only the
/// combinations of several choices exclude each other.
pub(crate) fn never_in_effect(chains: &[RequirementGraph], exclusions: &[Vec<usize>]) -> Vec<bool> {
    let excludes =
        |one: usize, other: usize| exclusions.get(one).is_some_and(|list| list.binary_search(&other).is_ok());
    // A plan requires more plans than any that it requires, so this puts it after them.
    let order = sorted(chains.iter().map(RequirementGraph::len).zip(0..));
    let mut never = alloc::vec![false; chains.len()];
    for (_, plan) in order {
        let is_out = |other| never.get(other) == Some(&true) || excludes(plan, other);
        let is_never = chains.get(plan).is_some_and(|chain| chain.is_never_met(is_out, excludes));
        never.get_mut(plan).into_iter().for_each(|never| *never = is_never);
    }
    never
}
