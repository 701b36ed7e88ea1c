//! The search for remedies: single steps, then pairs, each set tried before it is returned.
//!
//! Every remedy that brings a plan into effect contains a step that supplies what the plan lacks
//! first; where the amounts of several plans add up, what one of them lacks. The first step is one of
//! those steps. It is applied even if it would be refused, and the
//! second step is one that supplies what the plan lacks then, or that makes both acceptable. Found
//! remedies are kept, so that a pair is returned only if neither step is enough alone. If nothing
//! helps, the search looks for one remedy of more steps.

use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::num::NonZeroU32;

use chrono::{DateTime, Utc};

use crate::license::grant::GrantKind;
use crate::remedy::candidates::{Left, candidates, candidates_for_refusal};
use crate::remedy::effort::{Effort, EffortMeter, SearchStatus};
use crate::remedy::goal::{Alternative, UnreachedGoal};
use crate::remedy::longer::more;
use crate::remedy::order::{Rank, amount, is_same, is_uncertain, rank, with_amount};
use crate::remedy::simulation::{Outcome, Purchases, Simulation};
use crate::remedy::step::{Remedy, Step};

/// The state of a search.
#[derive(Debug)]
pub(crate) struct Search<'a> {
    simulation: Simulation<'a>,
    /// The plans that can reach the goal, the nearest miss first.
    alternatives: Vec<Alternative>,
    open: VecDeque<Task>,
    alone: Vec<Step>,
    together: Vec<[Step; 2]>,
    /// The remaining effort.
    meter: EffortMeter,
    reserve: Reserve,
}

/// Whether the reserve for a remedy of more steps is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reserve {
    Closed,
    Open,
}

/// A task of the search.
#[derive(Debug)]
enum Task {
    /// Tries one step.
    Alone(Step),
    /// Tries waiting for a date.
    Dates,
    /// Sets up the tasks for pairs.
    Pairs,
    /// Sets up the tasks for second steps after a first step, for the plans that the first is for.
    After(Alternative, Step),
    /// Tries two steps.
    Together(Step, Step),
    /// Sets up the tasks for steps that could help on a date on which waiting alone does not.
    On(DateTime<Utc>),
    /// Tries a step together with waiting for a date.
    Awaiting(DateTime<Utc>, Step),
    /// Searches for more than two steps, if nothing else helps.
    More,
}

impl<'a> Search<'a> {
    pub(crate) fn new(of: &UnreachedGoal<'a>, effort: Effort, purchases: Purchases) -> Self {
        let alternatives = of.alternatives();
        let simulation = Simulation::new(of, &alternatives, purchases);
        let mut meter = EffortMeter::new(effort);
        let mut alone: Vec<Step> =
            alternatives.iter().flat_map(|plans| candidates(&simulation, plans, Left::One, &mut meter)).collect();
        alone.sort_by_key(rank);
        let (before, after) = alone.split_at(alone.partition_point(|step| rank(step) < Rank::Wait));
        let mut open: VecDeque<Task> = before.iter().cloned().map(Task::Alone).collect();
        open.push_back(Task::Dates);
        open.extend(after.iter().cloned().map(Task::Alone));
        open.push_back(Task::Pairs);
        let (alone, together) = (Vec::new(), Vec::new());
        Self { simulation, alternatives, open, alone, together, meter, reserve: Reserve::Closed }
    }

    /// Returns the search with only the tasks that the user can do alone: waiting, signing up and
    /// claiming a seat.
    pub(crate) fn by_the_user(mut self) -> Self {
        let is_theirs = |task: &Task| match task {
            Task::Dates => true,
            Task::Alone(Step::Do(command)) => command.is_by_the_user(),
            _ => false,
        };
        self.open.retain(is_theirs);
        self
    }

    pub(crate) fn status(&self) -> SearchStatus {
        let over = self.open.is_empty();
        self.meter.status(if over { SearchStatus::Complete } else { SearchStatus::UnderWay })
    }

    pub(crate) fn next(&mut self) -> Option<Remedy> {
        loop {
            let is_last = |task: &Task| matches!(task, Task::Pairs | Task::More);
            if !self.open.is_empty() && self.reserve == Reserve::Closed && !self.meter.pay(1) {
                // Drops all remaining tasks except the search for one remedy of more steps.
                let last = self.open.iter().any(is_last).then_some(Task::More);
                self.open = last.into_iter().collect();
            }
            let found = match self.open.pop_front()? {
                Task::Alone(step) => self.alone(step),
                Task::Dates => self.dates(),
                Task::Pairs => self.pairs(),
                Task::After(plans, first) => self.after(&plans, &first),
                Task::Together(first, second) => self.together(first, second),
                Task::On(date) => self.on(date),
                Task::Awaiting(date, step) => self.awaiting(date, step),
                Task::More if self.alone.is_empty() && self.together.is_empty() => {
                    self.reserve = Reserve::Open;
                    self.meter.open_reserve();
                    self.more()
                }
                Task::More => None,
            };
            if found.is_some() {
                return found;
            }
        }
    }

    fn is_enough(&self, step: &Step) -> bool {
        self.alone.iter().any(|found| is_same(found, step))
    }

    fn is_found(&self, one: &Step, two: &Step) -> bool {
        let is_it = |[first, second]: &[Step; 2]| {
            (is_same(first, one) && is_same(second, two)) || (is_same(first, two) && is_same(second, one))
        };
        self.together.iter().any(is_it)
    }

    /// Returns whether steps help; `false` if too little effort is left to try them.
    fn helps(&mut self, steps: &[Step]) -> bool {
        self.meter.pay(self.simulation.cost(steps)) && matches!(self.simulation.outcome(steps), Outcome::Helps)
    }

    fn alone(&mut self, step: Step) -> Option<Remedy> {
        if self.is_enough(&step) || !self.helps(core::slice::from_ref(&step)) {
            return None;
        }
        self.alone.push(step.clone());
        Some(self.smallest(Vec::from([step])))
    }

    fn after(&mut self, plans: &Alternative, first: &Step) -> Option<Remedy> {
        if self.is_enough(first) {
            return None;
        }
        let first_alone = core::slice::from_ref(first);
        if !self.meter.pay(self.simulation.cost(first_alone).saturating_mul(2)) {
            return None;
        }
        let mut then = self.simulation.clone();
        then.force(first);
        // A refused step needs another that makes it acceptable; a step that does not help needs
        // another for what is still lacking.
        let mut seconds = match self.simulation.outcome(first_alone) {
            Outcome::Refused(reason) => candidates_for_refusal(&then, &reason, &mut self.meter),
            Outcome::Helps | Outcome::DoesNotHelp => Vec::new(),
        };
        if !then.is_reached() {
            seconds.extend(candidates(&then, plans, Left::One, &mut self.meter));
        }
        seconds.sort_by_key(rank);
        let affects_others = |second: &Step| first.affects_others() || second.affects_others();
        let (others, alone): (Vec<Step>, Vec<Step>) = seconds.into_iter().partition(affects_others);
        for second in alone.into_iter().rev() {
            self.open.push_front(Task::Together(first.clone(), second));
        }
        // What asks something of others is tried after everything else of two steps.
        let last = self.open.len().saturating_sub(1);
        for (second, at) in others.into_iter().zip(last..) {
            self.open.insert(at, Task::Together(first.clone(), second));
        }
        None
    }

    fn together(&mut self, first: Step, second: Step) -> Option<Remedy> {
        if self.is_enough(&second) || is_same(&first, &second) || self.is_found(&first, &second) {
            return None;
        }
        let found = self.in_order(&first, &second).filter(|steps| !is_uncertain(steps))?;
        self.together.push([first, second]);
        Some(self.smallest(found))
    }

    /// Returns two steps in an order in which they help. A step that is not a command comes first if
    /// both orders help; a sign-up is refused after a purchase.
    fn in_order(&mut self, one: &Step, two: &Step) -> Option<Vec<Step>> {
        let orders = match (one, two) {
            (Step::Do(_), Step::Do(_)) => [Some([one, two]), Some([two, one])],
            (Step::Do(_), _) => [Some([two, one]), Some([one, two])],
            (_, Step::Do(_)) => [Some([one, two]), Some([two, one])],
            _ => [Some([one, two]), None],
        };
        let orders = orders.into_iter().flatten().map(|steps| steps.map(Step::clone).to_vec());
        let mut helping = orders.filter(|steps: &Vec<Step>| self.helps(steps)).collect::<Vec<_>>().into_iter();
        let first = helping.next()?;
        // Prefers the order in which each step can also be done separately.
        let Some(other) = helping.next() else { return Some(first) };
        self.meter.owe(self.simulation.cost(&first).saturating_mul(2));
        let is_better = self.simulation.helps_one_by_one(&other) && !self.simulation.helps_one_by_one(&first);
        Some(if is_better { other } else { first })
    }

    /// Returns the dates that can matter: where a phase, a tolerance or a notice of a relevant plan
    /// begins or ends, or a trial becomes startable.
    fn all_dates(&self) -> Vec<DateTime<Utc>> {
        let Simulation { tenant, at, .. } = &self.simulation;
        let catalog = tenant.catalog();
        let mut dates = Vec::new();
        let plans = self.alternatives.iter().flat_map(|plans| plans.0.iter().copied());
        for plan in plans.flat_map(|plan| catalog.chain(plan).plans().chain([plan])) {
            dates.extend(tenant.core().segments(plan, *at).iter().skip(1).map(|segment| segment.from));
        }
        dates.extend(tenant.grants(*at).filter_map(|evaluation| match &evaluation.grant.kind {
            GrantKind::Trial(trial) => Some(trial.may_start.opens()).filter(|opens| opens > at),
            GrantKind::Paid(_) => None,
        }));
        dates.sort_unstable();
        dates.dedup();
        dates
    }

    /// Returns waiting for the first date that helps.
    fn dates(&mut self) -> Option<Remedy> {
        self.meter.owe(self.simulation.grants);
        let until =
            self.all_dates().into_iter().find(|&date| self.meter.pay(2) && self.simulation.on(date).is_reached())?;
        self.alone.push(Step::Wait { until });
        Some(Remedy { steps: Vec::from([Step::Wait { until }]) })
    }

    /// Sets up the search for two steps and, if no date helps alone, for one and a date.
    fn pairs(&mut self) -> Option<Remedy> {
        let (simulation, meter) = (&self.simulation, &mut self.meter);
        let of_plans = |plans| {
            let steps: Vec<Step> = candidates(simulation, plans, Left::Two, meter);
            steps.into_iter().map(move |step| (plans, step))
        };
        let mut first: Vec<(&Alternative, Step)> = self.alternatives.iter().flat_map(of_plans).collect();
        first.sort_by_key(|(_, step)| rank(step));
        self.open.extend(first.into_iter().map(|(plans, step)| Task::After(plans.clone(), step)));
        if !self.is_enough(&Step::Wait { until: self.simulation.at }) {
            self.meter.owe(self.simulation.grants);
            self.open.extend(self.all_dates().into_iter().map(Task::On));
        }
        self.open.push_back(Task::More);
        None
    }

    fn on(&mut self, date: DateTime<Utc>) -> Option<Remedy> {
        let then = self.simulation.on(date);
        let meter = &mut self.meter;
        let steps = self.alternatives.iter().flat_map(|plans| candidates(&then, plans, Left::One, meter));
        let steps: Vec<Step> = steps.collect();
        for step in steps.into_iter().rev() {
            self.open.push_front(Task::Awaiting(date, step));
        }
        None
    }

    fn awaiting(&mut self, until: DateTime<Utc>, step: Step) -> Option<Remedy> {
        let wait = Step::Wait { until };
        if self.is_enough(&step) || self.is_found(&step, &wait) {
            return None;
        }
        let orders = match step {
            // A list is recent only after the wait.
            Step::TakeList => [None, Some([&wait, &step])],
            _ => [Some([&step, &wait]), Some([&wait, &step])],
        };
        let lists: Vec<Vec<Step>> = orders.into_iter().flatten().map(|steps| steps.map(Step::clone).to_vec()).collect();
        let found = lists.into_iter().find(|steps| self.helps(steps))?;
        self.together.push([step, wait]);
        Some(self.smallest(found))
    }

    fn more(&mut self) -> Option<Remedy> {
        more(&self.simulation, &self.alternatives, &mut self.meter).map(|steps| self.smallest(steps))
    }

    /// Returns the remedy with the smallest numbers of units and seats that help, by binary search:
    /// some thirty trials for each number, whatever effort is left.
    fn smallest(&mut self, mut steps: Vec<Step>) -> Remedy {
        for at in 0..steps.len() {
            let Some(mut most) = steps.get(at).and_then(amount) else { continue };
            let mut least = NonZeroU32::MIN;
            while least < most {
                let between = least.get().midpoint(most.get());
                let Some(middle) = NonZeroU32::new(between) else { break };
                let fewer: Vec<Step> = with_amount(&steps, at, middle);
                self.meter.owe(self.simulation.cost(&fewer));
                let helps = matches!(self.simulation.outcome(&fewer), Outcome::Helps);
                match (helps, middle.checked_add(1)) {
                    (false, Some(more)) => least = more,
                    (true, _) | (false, None) => most = middle,
                }
            }
            steps = with_amount(&steps, at, most);
        }
        Remedy { steps }
    }
}
