//! Which plans exclude each other, and which of them can never be in effect for it (C5, C8).

use alloc::vec::Vec;

use crate::catalog::chain;
use crate::catalog::offer::Plan;
use crate::catalog::places::Places;
use crate::sorted::{sorted, sorted_once};

/// For each plan those that it excludes, whichever side says so, in the catalog's order.
pub(crate) fn exclusions(plans: &[Plan], numbers: &Places<'_>) -> Vec<Vec<usize>> {
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
pub(crate) fn never_in_effect(plans: &[Plan], numbers: &Places<'_>) -> Vec<bool> {
    let exclusions = exclusions(plans, numbers);
    let required = chain::required(plans, numbers);
    // A plan requires more plans than any that it requires, so this puts it after them.
    let order = sorted(required.iter().map(Vec::len).zip(0..));
    let mut never = alloc::vec![false; plans.len()];
    for (_, plan) in order {
        let cannot_be = cannot_be(plan, plans, numbers, &exclusions, &never);
        never.get_mut(plan).into_iter().for_each(|never| *never = cannot_be);
    }
    never
}

fn cannot_be(plan: usize, plans: &[Plan], numbers: &Places<'_>, exclusions: &[Vec<usize>], never: &[bool]) -> bool {
    let excludes =
        |one: usize, other: usize| exclusions.get(one).is_some_and(|list| list.binary_search(&other).is_ok());
    let mut forced = Vec::from([plan]);
    loop {
        let mut more = Vec::new();
        let needs = forced.iter().filter_map(|&plan| plans.get(plan)).flat_map(|plan| &plan.requires);
        for need in needs {
            let is_out =
                |other: usize| never.get(other) == Some(&true) || forced.iter().any(|&one| excludes(one, other));
            let choices = need.iter().filter_map(|id| numbers.last(id.as_str())).filter(|&other| !is_out(other));
            let choices: Vec<usize> = choices.collect();
            match choices[..] {
                [] => return true,
                [only] if !forced.contains(&only) && !more.contains(&only) => more.push(only),
                _ => {}
            }
        }
        if more.is_empty() {
            return false;
        }
        forced.extend(more);
    }
}
