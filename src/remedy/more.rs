//! Where neither one step helps nor two: the first remedy of more steps that is found.

use alloc::vec::Vec;

use crate::remedy::Step;
use crate::remedy::cures::{Left, cures, cures_of_refusal};
use crate::remedy::scene::{Outcome, Scene};
use crate::remedy::search::{is_same, is_uncertain};
use crate::tenant::command::Command;

/// The most steps of a remedy: who lacks more than so many plans needs an offer, not a remedy.
const MOST: usize = 6;

/// The most states that are looked at.
const STATES: u32 = 500;

/// As few steps as were found to help, in the order in which they are to be done.
pub(crate) fn more(scene: &Scene<'_>, plans: &[usize]) -> Option<Vec<Step>> {
    let mut dive = Dive { scene, states: STATES };
    (3..=MOST).find_map(|depth| plans.iter().find_map(|&plan| dive.down(plan, scene, &mut Vec::new(), depth)))
}

struct Dive<'a> {
    scene: &'a Scene<'a>,
    states: u32,
}

impl Dive<'_> {
    /// Supplies what a plan lacks, step by step, and no more steps than `left`.
    fn down(&mut self, plan: usize, then: &Scene<'_>, done: &mut Vec<Step>, left: usize) -> Option<Vec<Step>> {
        self.states = self.states.checked_sub(1)?;
        let next = if then.is_allowed() {
            let steps = in_order(done);
            match self.scene.outcome(&steps) {
                Outcome::Helps if is_uncertain(&steps) => return None,
                Outcome::Helps => return Some(steps),
                Outcome::DoesNotHelp => return None,
                Outcome::Refused(why) => cures_of_refusal(then, &why),
            }
        } else {
            cures(then, plan, Left::One)
        };
        let left = left.checked_sub(1)?;
        for step in next {
            let is_new = !done.iter().any(|it| is_same(it, &step)) && !matches!(step, Step::Do(Command::RemoveUser(_)));
            if !is_new {
                continue;
            }
            let mut after = then.clone();
            after.force(&step);
            done.push(step);
            let found = self.down(plan, &after, done, left);
            done.pop();
            if found.is_some() {
                return found;
            }
        }
        None
    }
}

/// What is not a command first; then what came last, since it is what the others needed.
fn in_order(done: &[Step]) -> Vec<Step> {
    let (commands, others): (Vec<_>, Vec<_>) = done.iter().rev().cloned().partition(|step| matches!(step, Step::Do(_)));
    others.into_iter().chain(commands).collect()
}
