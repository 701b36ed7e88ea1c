//! The search for one remedy of more than two steps.

use alloc::vec::Vec;

use crate::catalog::requirement_graph::MAX_REQUIRED;
use crate::remedy::candidates::{Left, candidates, candidates_for_refusal};
use crate::remedy::effort::EffortMeter;
use crate::remedy::goal::Alternative;
use crate::remedy::order::{is_same, is_uncertain, rank};
use crate::remedy::simulation::{Outcome, Simulation};
use crate::remedy::step::Step;
use crate::tenant::command::{Assignee, Assignment, Command, Unassignment};

/// The most steps that the depth-first search tries. Only the greedy search finds longer remedies.
const MOST: usize = 6;

/// The most steps of the greedy search: a few for each of the plans that a plan can require.
const MAX_GREEDY_STEPS: usize = 4 * MAX_REQUIRED;

/// The most states that the depth-first search visits (X8).
const STATES: u32 = 500;

/// Returns steps that help, in the order in which they must be done, of which none can be left out.
pub(crate) fn more(
    simulation: &Simulation<'_>,
    alternatives: &[Alternative],
    meter: &mut EffortMeter,
) -> Option<Vec<Step>> {
    let greedy = alternatives.iter().filter_map(|plans| greedy(simulation, plans, meter));
    if let Some(steps) = greedy.min_by_key(Vec::len) {
        return Some(steps);
    }
    let mut search = DepthFirstSearch { simulation, states: STATES, meter };
    let found = (3..=MOST).find_map(|depth| {
        alternatives.iter().find_map(|plans| search.descend(plans, simulation, &mut Vec::new(), depth))
    });
    found.map(|steps| minimize(simulation, steps, meter))
}

/// Returns the steps of a greedy search: it buys, assigns and unassigns what the plans lack, one
/// after the other, without alternatives.
fn greedy(simulation: &Simulation<'_>, plans: &Alternative, meter: &mut EffortMeter) -> Option<Vec<Step>> {
    let (mut then, mut done) = (simulation.clone(), Vec::new());
    while !then.is_reached() {
        let next = candidates(&then, plans, Left::One, meter).into_iter();
        let next = next.filter(|step| !done.iter().any(|it| is_same(it, step)));
        let step = next.filter(is_sure).min_by_key(rank)?;
        if !meter.pay(then.cost(core::slice::from_ref(&step))) {
            return None;
        }
        then.force(&step);
        done.push(step);
        if done.len() > MAX_GREEDY_STEPS {
            return None;
        }
    }
    let steps = in_order(&done);
    let helps = meter.pay(simulation.cost(&steps)) && matches!(simulation.outcome(&steps), Outcome::Helps);
    helps.then(|| minimize(simulation, steps, meter))
}

/// Removes steps that are not needed, with one trial for each, whatever effort is left.
fn minimize(simulation: &Simulation<'_>, mut steps: Vec<Step>, meter: &mut EffortMeter) -> Vec<Step> {
    for at in (0..steps.len()).rev() {
        let mut fewer = steps.clone();
        fewer.remove(at);
        meter.owe(simulation.cost(&fewer));
        if matches!(simulation.outcome(&fewer), Outcome::Helps) {
            steps = fewer;
        }
    }
    steps
}

/// Returns whether a step certainly supplies what it is for, independent of trials and groups.
fn is_sure(step: &Step) -> bool {
    match step {
        Step::Do(command) => matches!(
            command,
            Command::Assign(Assignment { to: Assignee::User(_), .. })
                | Command::Unassign(Unassignment { from: Assignee::User(_), .. })
                | Command::Leave(_)
        ),
        Step::TakeList | Step::UseRelease { .. } | Step::Buy { .. } => true,
        Step::Free { .. } | Step::CompareClock { .. } | Step::Wait { .. } => false,
    }
}

struct DepthFirstSearch<'a, 'm> {
    simulation: &'a Simulation<'a>,
    states: u32,
    meter: &'m mut EffortMeter,
}

impl DepthFirstSearch<'_, '_> {
    /// Supplies what the plans lack step by step, with at most `left` more steps.
    fn descend(
        &mut self,
        plans: &Alternative,
        then: &Simulation<'_>,
        done: &mut Vec<Step>,
        left: usize,
    ) -> Option<Vec<Step>> {
        self.states = self.states.checked_sub(1)?;
        let next = if then.is_reached() {
            let steps = in_order(done);
            if !self.meter.pay(self.simulation.cost(&steps)) {
                return None;
            }
            match self.simulation.outcome(&steps) {
                Outcome::Helps if is_uncertain(&steps) => return None,
                Outcome::Helps => return Some(steps),
                Outcome::DoesNotHelp => return None,
                Outcome::Refused(reason) => candidates_for_refusal(then, &reason, self.meter),
            }
        } else {
            candidates(then, plans, Left::One, self.meter)
        };
        let left = left.checked_sub(1)?;
        for step in next {
            if done.iter().any(|it| is_same(it, &step)) {
                continue;
            }
            if !self.meter.pay(then.cost(core::slice::from_ref(&step))) {
                continue;
            }
            let mut after = then.clone();
            after.force(&step);
            done.push(step);
            let found = self.descend(plans, &after, done, left);
            done.pop();
            if found.is_some() {
                return found;
            }
        }
        None
    }
}

/// Returns steps that are not commands first, then the rest in reverse, since later steps supply
/// what earlier ones need.
fn in_order(done: &[Step]) -> Vec<Step> {
    let (commands, others): (Vec<_>, Vec<_>) = done.iter().rev().cloned().partition(|step| matches!(step, Step::Do(_)));
    others.into_iter().chain(commands).collect()
}
