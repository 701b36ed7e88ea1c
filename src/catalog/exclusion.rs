//! Exclusions between plans, and the plans that can never be in effect because of them (C5, C8).

use alloc::vec::Vec;

use crate::catalog::index::PlanIndex;
use crate::catalog::offer::Plan;
use crate::catalog::requirement_graph::RequirementGraph;
use crate::collections::id_index::IdIndex;
use crate::collections::sorted::{distinct, sorted};

/// Returns for each plan the plans that it excludes or that exclude it, in the catalog's order.
pub(crate) fn exclusions(plans: &[Plan], indexes: &IdIndex<'_>) -> Vec<Vec<PlanIndex>> {
    let declared = plans.iter().enumerate().flat_map(|(one, plan)| {
        let others = plan.excludes.iter().filter_map(|other| indexes.last(other.as_str()));
        others.map(move |other| (one, other))
    });
    let both = distinct(declared.flat_map(|(one, other)| [(one, other), (other, one)]));
    let mut exclusions: Vec<Vec<PlanIndex>> = alloc::vec![Vec::new(); plans.len()];
    for (one, other) in both {
        if let Some(list) = exclusions.get_mut(one) {
            list.push(PlanIndex(other));
        }
    }
    exclusions
}

/// Returns for each plan whether it can never be in effect, because plans that it must have exclude
/// all plans that would meet one of its requirements.
///
/// It follows only requirements without a choice. A plan it reports is never in effect; it does not
/// report a plan for which only combinations of several choices exclude each other.
pub(crate) fn never_in_effect(chains: &[RequirementGraph], exclusions: &[Vec<PlanIndex>]) -> Vec<bool> {
    let excludes =
        |one: PlanIndex, other: PlanIndex| exclusions.get(one.0).is_some_and(|list| list.binary_search(&other).is_ok());
    // A plan has more direct and indirect requirements than each plan it requires, so this order
    // puts it after them.
    let order: Vec<(usize, usize)> = sorted(chains.iter().map(RequirementGraph::len).zip(0..));
    let mut never = alloc::vec![false; chains.len()];
    for (_, plan) in order {
        let is_out = |other: PlanIndex| never.get(other.0) == Some(&true) || excludes(PlanIndex(plan), other);
        let is_never = chains.get(plan).is_some_and(|chain| chain.is_never_met(is_out, excludes));
        if let Some(never) = never.get_mut(plan) {
            *never = is_never;
        }
    }
    never
}
