//! What a plan requires, directly and through others (C4).

use alloc::vec::Vec;

use crate::catalog::id_index::IdIndex;
use crate::catalog::offer::Plan;
use crate::id::PlanId;
use crate::sorted::{sorted, sorted_once};

/// The most plans that one plan may require, directly and through others: a set of them fits in one number.
pub const MAX_REQUIRED: usize = 64;

/// The most requirements of a catalog, followed from each plan: for every plan the plans that it names in its needs and those
/// that are named in the needs of all plans it requires, directly and through others.
///
/// It bounds what a catalog takes in time and memory beyond its text, and is enough for 4,096 plans that require
/// [`MAX_REQUIRED`] plans each.
pub const MAX_REQUIREMENTS: usize = 4_096 * MAX_REQUIRED;

/// The plans that one plan requires, each after those that it requires itself.
#[derive(Debug, Default)]
pub(crate) struct RequirementGraph {
    links: Vec<Node>,
    needs: Vec<Clause>,
}

#[derive(Debug)]
struct Node {
    plan: usize,
    needs: Vec<Clause>,
}

/// The plans that meet a need, as a set of places in the chain.
#[derive(Debug, Clone, Copy)]
struct Clause(u64);

impl Clause {
    fn is_met(self, in_effect: u64) -> bool {
        self.0 & in_effect != 0
    }
}

impl RequirementGraph {
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

    /// Whether the plan is in effect in no case, since what it cannot do without excludes all that would meet a need; given
    /// which plans are out from the beginning, and which exclude each other.
    ///
    /// It follows what is required without a choice: at most as many rounds as the chain has plans, each of all their needs.
    pub(crate) fn is_never_met(&self, is_out: impl Fn(usize) -> bool, excludes: impl Fn(usize, usize) -> bool) -> bool {
        let set_of = |is_in: &dyn Fn(usize) -> bool| {
            let bits = core::iter::successors(Some(1_u64), |bit| Some(bit.rotate_left(1)));
            let members = self.links.iter().zip(bits).filter(|(link, _)| is_in(link.plan));
            members.fold(0, |set, (_, bit)| set | bit)
        };
        let mut out = set_of(&is_out);
        let mut forced = 0_u64;
        loop {
            let of_forced = self.members(forced).flat_map(|link| &link.needs);
            let mut more = 0;
            for need in self.needs.iter().chain(of_forced) {
                let choices = need.0 & !out;
                match choices.count_ones() {
                    0 => return true,
                    1 => more |= choices & !forced,
                    _ => {}
                }
            }
            if more == 0 {
                return false;
            }
            forced |= more;
            for link in self.members(more) {
                out |= set_of(&|other| excludes(link.plan, other));
            }
        }
    }

    /// The plans of a set of places.
    fn members(&self, set: u64) -> impl Iterator<Item = &Node> {
        let mut left = set;
        core::iter::from_fn(move || {
            let at = usize::try_from(left.trailing_zeros()).ok()?;
            left &= left.wrapping_sub(1);
            self.links.get(at)
        })
    }

    /// How many plans it requires, directly and through others.
    pub(crate) fn len(&self) -> usize {
        self.links.len()
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

/// What plans require, directly and through others.
#[derive(Debug)]
pub(crate) struct Required {
    /// For each plan those that it requires, in the catalog's order; itself, should it lead back to itself. Of one that
    /// requires too many, one more than [`MAX_REQUIRED`], which is enough to know.
    pub(crate) of: Vec<Vec<usize>>,
    /// The first plan with which there are more than [`MAX_REQUIREMENTS`], should there be: it and those after it are
    /// not followed.
    pub(crate) beyond: Option<usize>,
}

/// Follows the requirements of each plan. Linear in [`MAX_REQUIREMENTS`] and the plans, but for logarithms.
pub(crate) fn required(plans: &[Plan], numbers: &IdIndex<'_>) -> Required {
    let named = |plan: &Plan| {
        let mut named = sorted_once(plan.requires.iter().flatten().filter_map(|id| numbers.last(id.as_str())));
        named.truncate(MAX_REQUIRED.saturating_add(1));
        named
    };
    let direct: Vec<Vec<usize>> = plans.iter().map(named).collect();
    let counts: Vec<usize> =
        plans.iter().map(|plan| plan.requires.iter().fold(0, |sum, any| any.len().saturating_add(sum))).collect();
    let count = |plan: usize| counts.get(plan).copied().unwrap_or(0);
    let mut all = Required { of: alloc::vec![Vec::new(); plans.len()], beyond: None };
    let mut left = MAX_REQUIREMENTS;
    for (plan, (first, of_plan)) in direct.iter().zip(&mut all.of).enumerate() {
        let mut found = Vec::new();
        let mut open = first.clone();
        let mut followed = count(plan);
        while let Some(next) = open.pop().filter(|_| found.len() <= MAX_REQUIRED && followed <= left) {
            if let Err(at) = found.binary_search(&next) {
                found.insert(at, next);
                followed = followed.saturating_add(count(next));
                open.extend(direct.get(next).into_iter().flatten());
            }
        }
        let Some(rest) = left.checked_sub(followed) else {
            all.beyond = Some(plan);
            break;
        };
        left = rest;
        *of_plan = found;
    }
    all
}

/// The chains of plans of which none leads back to itself or requires too many.
pub(crate) fn chains(plans: &[Plan], numbers: &IdIndex<'_>, required: &Required) -> Vec<RequirementGraph> {
    let depth = |plan: usize| required.of.get(plan).map_or(0, Vec::len);
    let chain = |(number, plan): (usize, &Plan)| {
        let members = required.of.get(number).into_iter().flatten();
        // A plan requires more plans than any that it requires, so this puts it after them.
        let members = sorted(members.map(|&member| (depth(member), member)));
        let members: Vec<usize> = members.into_iter().map(|(_, member)| member).collect();
        let needs = |plan: &Plan| plan.requires.iter().map(|any| need(any, numbers, &members)).collect::<Vec<_>>();
        let links = members.iter().filter_map(|&member| Some(Node { plan: member, needs: needs(plans.get(member)?) }));
        RequirementGraph { links: links.collect(), needs: needs(plan) }
    };
    plans.iter().enumerate().map(chain).collect()
}

fn need(any: &[PlanId], numbers: &IdIndex<'_>, members: &[usize]) -> Clause {
    let places = any.iter().filter_map(|id| {
        let number = numbers.last(id.as_str())?;
        members.iter().position(|&member| member == number)
    });
    Clause(places.fold(0, |set, place| set | 1_u64.rotate_left(u32::try_from(place).unwrap_or(0))))
}
