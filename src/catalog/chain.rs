//! What a plan requires, directly and through others (C4).

use alloc::vec::Vec;

use crate::catalog::offer::Plan;
use crate::catalog::places::Places;
use crate::id::PlanId;
use crate::sorted::{sorted, sorted_once};

/// The most plans that one plan may require, directly and through others: a set of them fits in one number.
pub const MAX_REQUIRED: usize = 64;

/// The plans that one plan requires, each after those that it requires itself.
#[derive(Debug, Default)]
pub(crate) struct Chain {
    links: Vec<Link>,
    needs: Vec<Need>,
}

#[derive(Debug)]
struct Link {
    plan: usize,
    needs: Vec<Need>,
}

/// The plans that meet a need, as a set of places in the chain.
#[derive(Debug, Clone, Copy)]
struct Need(u64);

impl Need {
    fn is_met(self, in_effect: u64) -> bool {
        self.0 & in_effect != 0
    }
}

impl Chain {
    pub(crate) const NONE: &'static Self = &Self { links: Vec::new(), needs: Vec::new() };

    /// Whether the plan requires nothing.
    pub(crate) fn is_none(&self) -> bool {
        self.needs.is_empty()
    }

    /// Which of the plan's needs is the first that is not met. Asks of every plan of the chain whether it would work by
    /// itself; linear in their needs.
    #[inline]
    pub(crate) fn first_unmet(&self, mut works: impl FnMut(usize) -> bool) -> Option<usize> {
        let mut in_effect = 0_u64;
        let mut bit = 1_u64;
        for link in &self.links {
            if works(link.plan) && link.needs.iter().all(|need| need.is_met(in_effect)) {
                in_effect |= bit;
            }
            bit = bit.rotate_left(1);
        }
        self.needs.iter().position(|need| !need.is_met(in_effect))
    }

    /// The plans that it requires, directly and through others.
    pub(crate) fn plans(&self) -> impl Iterator<Item = usize> {
        self.links.iter().map(|link| link.plan)
    }

    /// Whether the plan requires another, directly or through others.
    pub(crate) fn requires(&self, plan: usize) -> bool {
        self.links.iter().any(|link| link.plan == plan)
    }
}

/// For each plan those that it requires, directly and through others, in the catalog's order; itself, should it lead back to
/// itself.
///
/// Stops at one more than [`MAX_REQUIRED`], which is enough to know.
pub(crate) fn required(plans: &[Plan], numbers: &Places<'_>) -> Vec<Vec<usize>> {
    let named = |plan: &Plan| {
        let mut named = sorted_once(plan.requires.iter().flatten().filter_map(|id| numbers.last(id.as_str())));
        named.truncate(MAX_REQUIRED.saturating_add(1));
        named
    };
    let direct: Vec<Vec<usize>> = plans.iter().map(named).collect();
    let all = direct.iter().map(|first| {
        let mut found = Vec::new();
        let mut open = first.clone();
        while let Some(next) = open.pop().filter(|_| found.len() <= MAX_REQUIRED) {
            if let Err(at) = found.binary_search(&next) {
                found.insert(at, next);
                open.extend(direct.get(next).into_iter().flatten());
            }
        }
        found
    });
    all.collect()
}

/// The chains of plans of which none leads back to itself or requires too many.
pub(crate) fn chains(plans: &[Plan], numbers: &Places<'_>) -> Vec<Chain> {
    let required = required(plans, numbers);
    let depth = |plan: usize| required.get(plan).map_or(0, Vec::len);
    let chain = |(number, plan): (usize, &Plan)| {
        let members = required.get(number).into_iter().flatten();
        // A plan requires more plans than any that it requires, so this puts it after them.
        let members = sorted(members.map(|&member| (depth(member), member)));
        let members: Vec<usize> = members.into_iter().map(|(_, member)| member).collect();
        let needs = |plan: &Plan| plan.requires.iter().map(|any| need(any, numbers, &members)).collect::<Vec<_>>();
        let links = members.iter().filter_map(|&member| Some(Link { plan: member, needs: needs(plans.get(member)?) }));
        Chain { links: links.collect(), needs: needs(plan) }
    };
    plans.iter().enumerate().map(chain).collect()
}

fn need(any: &[PlanId], numbers: &Places<'_>, members: &[usize]) -> Need {
    let places = any.iter().filter_map(|id| {
        let number = numbers.last(id.as_str())?;
        members.iter().position(|&member| member == number)
    });
    Need(places.fold(0, |set, place| set | 1_u64.rotate_left(u32::try_from(place).unwrap_or(0))))
}
