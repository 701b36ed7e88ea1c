//! The requirements of a plan, direct and indirect (C4).

use alloc::vec::Vec;

use crate::catalog::index::PlanIndex;
use crate::catalog::offer::Plan;
use crate::collections::id_index::IdIndex;
use crate::collections::sorted::{distinct, sorted};
use crate::id::PlanId;

/// The largest number of plans that one plan can require, directly and indirectly: a set of them
/// fits in 64 bits (X8).
pub const MAX_REQUIRED: usize = 64;

/// The largest number of requirements of a catalog, followed from each plan: for every plan, the
/// plans that its own requirements name and those that the requirements of all its direct and
/// indirect plans name (X8).
///
/// It bounds the time and memory that a catalog needs beyond its text, and is enough for 4,096
/// plans that require [`MAX_REQUIRED`] plans each.
pub const MAX_REQUIREMENTS: usize = 4_096 * MAX_REQUIRED;

/// The plans that one plan requires, directly and indirectly, in topological order.
#[derive(Debug, Clone, Default)]
pub(crate) struct RequirementGraph {
    links: Vec<Node>,
    needs: Vec<Clause>,
}

#[derive(Debug, Clone)]
struct Node {
    plan: PlanIndex,
    needs: Vec<Clause>,
}

/// The plans that meet one requirement, as a bit set of positions in the graph.
#[derive(Debug, Clone, Copy)]
struct Clause(u64);

impl Clause {
    fn is_met(self, in_effect: u64) -> bool {
        self.0 & in_effect != 0
    }
}

impl RequirementGraph {
    pub(crate) const NONE: &'static Self = &Self { links: Vec::new(), needs: Vec::new() };

    /// Returns whether the plan requires nothing.
    pub(crate) fn is_none(&self) -> bool {
        self.needs.is_empty()
    }

    /// Returns the index of the plan's first requirement that is not met. `works` returns whether a
    /// plan works apart from its requirements. `O(n)` in the requirements of all plans in the
    /// graph.
    #[inline]
    pub(crate) fn first_unmet(&self, mut works: impl FnMut(PlanIndex) -> bool) -> Option<usize> {
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

    /// Returns whether the plan can never be in effect, because plans that it must have exclude all
    /// plans that would meet a requirement. The input is which plans are never in effect, and which
    /// exclude each other.
    ///
    /// It follows only requirements without a choice, in at most one round for each plan of the
    /// graph. A round is `O(n)` in the requirements.
    pub(crate) fn is_never_met(
        &self,
        is_out: impl Fn(PlanIndex) -> bool,
        excludes: impl Fn(PlanIndex, PlanIndex) -> bool,
    ) -> bool {
        let set_of = |is_in: &dyn Fn(PlanIndex) -> bool| {
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

    /// Returns the nodes of a set of positions.
    fn members(&self, set: u64) -> impl Iterator<Item = &Node> {
        let mut left = set;
        core::iter::from_fn(move || {
            let at = usize::try_from(left.trailing_zeros()).ok()?;
            left &= left.wrapping_sub(1);
            self.links.get(at)
        })
    }

    /// Returns the number of plans that the plan requires, directly and indirectly.
    pub(crate) fn len(&self) -> usize {
        self.links.len()
    }

    /// Returns the plans that the plan requires, directly and indirectly.
    pub(crate) fn plans(&self) -> impl Iterator<Item = PlanIndex> {
        self.links.iter().map(|link| link.plan)
    }

    /// Returns whether the plan requires another, directly or indirectly.
    pub(crate) fn requires(&self, plan: PlanIndex) -> bool {
        self.links.iter().any(|link| link.plan == plan)
    }
}

/// The direct and indirect requirements of all plans.
#[derive(Debug)]
pub(crate) struct Required {
    /// For each plan the plans that it requires, in the catalog's order, including itself if its
    /// requirements form a cycle. For a plan that requires too many, [`MAX_REQUIRED`] + 1 plans,
    /// which shows the fault.
    pub(crate) of: Vec<Vec<usize>>,
    /// The first plan with which there are more than [`MAX_REQUIREMENTS`], if any. It and the plans
    /// after it are not followed.
    pub(crate) beyond: Option<usize>,
}

/// Follows the requirements of each plan. `O(n log n)` in [`MAX_REQUIREMENTS`] and the plans.
pub(crate) fn required(plans: &[Plan], indexes: &IdIndex<'_>) -> Required {
    let named = |plan: &Plan| {
        let mut named = distinct(plan.requires.iter().flatten().filter_map(|id| indexes.last(id.as_str())));
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

/// Returns the requirement graph of each plan. The plans must have neither cycles nor too many
/// requirements.
pub(crate) fn chains(plans: &[Plan], indexes: &IdIndex<'_>, required: &Required) -> Vec<RequirementGraph> {
    let depth = |plan: usize| required.of.get(plan).map_or(0, Vec::len);
    let chain = |(index, plan): (usize, &Plan)| {
        // A plan has more direct and indirect requirements than each plan it requires, so this
        // order puts it after them.
        let members = required.of.get(index).into_iter().flatten().copied();
        let members = sorted(members.map(|member| (depth(member), member)));
        let members: Vec<usize> = members.into_iter().map(|(_, member)| member).collect();
        let needs = |plan: &Plan| plan.requires.iter().map(|any| need(any, indexes, &members)).collect::<Vec<_>>();
        let links = members
            .iter()
            .filter_map(|&member| Some(Node { plan: PlanIndex(member), needs: needs(plans.get(member)?) }));
        RequirementGraph { links: links.collect(), needs: needs(plan) }
    };
    plans.iter().enumerate().map(chain).collect()
}

fn need(any: &[PlanId], indexes: &IdIndex<'_>, members: &[usize]) -> Clause {
    let places = any.iter().filter_map(|id| {
        let index = indexes.last(id.as_str())?;
        members.iter().position(|&member| member == index)
    });
    Clause(places.fold(0, |set, place| set | 1_u64.rotate_left(u32::try_from(place).unwrap_or(0))))
}
