//! What a plan lacks to be in effect for a user, and the steps that might supply it.

use alloc::vec::Vec;
use core::num::NonZeroU32;

use crate::grant::{Grant, GrantKind};
use crate::id::{AppId, GroupId, PlanId};
use crate::remedy::Step;
use crate::remedy::effort::SessionMeter;
use crate::remedy::simulation::{Candidates, Simulation, many};
use crate::tenant::command::{Command, SignUpPolicy, TrialName};
use crate::tenant::evaluation::BlockedBy;
use crate::tenant::refusal::RefusalReason;
use crate::tenant::state::Group;
use crate::tenant::user::{Claim, UserEntitlements, claim_on};
use crate::time::Phase;
use crate::units::Total;

/// How many more steps a remedy may have: what only helps together with another step is left out before the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Left {
    One,
    Two,
}

/// The steps that might supply what a plan of the catalog lacks first: of every remedy that brings the plan into effect at
/// least one step is among them, as far as they were paid for. Purchases and freed seats are as many as are enough.
pub(crate) fn candidates(simulation: &Simulation<'_>, index: usize, left: Left, meter: &mut SessionMeter) -> Vec<Step> {
    let mut finder = CandidateFinder::of(simulation, left, meter);
    finder.candidates(index);
    finder.steps
}

/// The steps that might make acceptable what is refused.
pub(crate) fn candidates_for_refusal(
    simulation: &Simulation<'_>,
    reason: &RefusalReason,
    meter: &mut SessionMeter,
) -> Vec<Step> {
    let mut finder = CandidateFinder::of(simulation, Left::One, meter);
    let index = |plan: &PlanId| simulation.tenant.catalog().plan_index(plan);
    match reason {
        RefusalReason::SignUpsOff => finder.steps.push(Step::Do(Command::SetSignUps(SignUpPolicy::Allowed))),
        RefusalReason::HasItAlready { plan, .. } => finder.removals(plan),
        RefusalReason::NoFreeUnit { plan, .. } => {
            if let Some(index) = index(plan) {
                finder.units(index, plan);
            }
        }
        RefusalReason::Excluded { by, .. } => finder.removals(by),
        RefusalReason::RequirementNotMet { any_of, .. } => {
            any_of.iter().filter_map(index).for_each(|index| finder.candidates(index));
        }
        RefusalReason::StillRequired { by, .. } => {
            finder.removals(by);
            if let Some(index) = index(by) {
                finder.candidates(index);
            }
        }
        _ => {}
    }
    finder.steps
}

struct CandidateFinder<'a, 'm> {
    simulation: &'a Simulation<'a>,
    held: &'a UserEntitlements,
    left: Left,
    meter: &'m mut SessionMeter,
    steps: Vec<Step>,
}

impl<'a, 'm> CandidateFinder<'a, 'm> {
    fn of(simulation: &'a Simulation<'a>, left: Left, meter: &'m mut SessionMeter) -> Self {
        Self { simulation, held: simulation.held(), left, meter, steps: Vec::new() }
    }

    /// A plan may be required on many ways; each is paid for.
    fn candidates(&mut self, index: usize) {
        if !self.meter.pay(1) {
            return;
        }
        let Simulation { tenant, at, app, .. } = self.simulation;
        let catalog = tenant.catalog();
        let claims = self.held.claims();
        let evaluation = tenant.view().evaluation(catalog, index, claims.as_slice(), *at);
        let (Some(evaluation), Some(plan)) = (evaluation, catalog.plan_at(index)) else { return };
        match evaluation.evaluate() {
            Err(BlockedBy::Unclaimed) => self.claims(&plan.id),
            Err(BlockedBy::OutOfReach(_)) => self.units(index, &plan.id),
            Err(BlockedBy::ExcludedBy(by)) => {
                if let Some(by) = catalog.plan_at(by) {
                    self.removals(&by.id);
                }
            }
            Err(BlockedBy::Unmet(need)) => {
                let any_of = plan.requires.get(need).into_iter().flatten();
                any_of.filter_map(|plan| catalog.plan_index(plan)).for_each(|index| self.candidates(index));
            }
            Ok(_) => match evaluation.beneficiary.and_then(|beneficiary| beneficiary.claim()) {
                Some(claim) if plan.apps.contains(app.id()) && !claim.opens(app.id()) => {
                    self.turned_on(&plan.id, claim);
                }
                Some(_) | None => {}
            },
        }
    }

    /// Commands to be tried, if there is enough left to look at them.
    fn give(&mut self, commands: Vec<Command>) {
        if self.meter.pay(many(commands.len())) {
            self.steps.extend(commands.into_iter().map(Step::Do));
        }
    }

    fn number(&self, plan: &PlanId) -> Option<usize> {
        self.simulation.tenant.core().number(plan)
    }

    /// The groups of the tenant that may help, sorted; none, if there is too little left to look at them.
    fn groups(&mut self) -> impl Iterator<Item = (&'a GroupId, &'a Group)> + use<'a> {
        let Candidates { groups, others } = &*self.simulation.groups;
        if *others > 0 {
            self.meter.leave_out();
        }
        let groups = if self.meter.pay(many(groups.len()).wrapping_div(8)) { groups.as_slice() } else { &[] };
        let all = &self.simulation.tenant.core().groups;
        groups.iter().filter_map(|id| Some((id, all.get(id)?)))
    }

    /// The groups that the user is in; none, if there is too little left to look at them.
    fn own_groups(&mut self) -> &'a [GroupId] {
        let groups = self.held.groups();
        if self.meter.pay(many(groups.len()).wrapping_div(8)) { groups } else { &[] }
    }

    fn has_plan(&self, group: &Group, plan: &PlanId) -> bool {
        self.number(plan).is_some_and(|number| group.plans.contains(&number))
    }

    fn is_member(&self, group: &GroupId) -> bool {
        self.held.groups().binary_search(group).is_ok()
    }

    fn trials(&mut self, plan: &PlanId) -> Vec<TrialName> {
        if !self.meter.pay(self.simulation.grants.wrapping_div(4)) {
            return Vec::new();
        }
        let trials = self.simulation.tenant.trials(self.simulation.at).filter(|trial| trial.grant.plan == *plan);
        trials.map(|trial| trial.name).collect()
    }

    /// The steps that give the user a claim.
    fn claims(&mut self, plan: &PlanId) {
        let user = self.simulation.user;
        let mut commands = Vec::from([Command::assign(user.clone(), plan.clone())]);
        commands.extend(self.trials(plan).into_iter().map(Command::SignUp));
        self.give(commands);
        self.more_sources(plan, |_| true);
        let of_groups = self.own_groups().iter();
        self.give(of_groups.map(|group| Command::assign_group(group.clone(), plan.clone())).collect());
    }

    /// Groups whose members claim the plan, if they do so as wished, and those that could be given it.
    fn more_sources(&mut self, plan: &PlanId, counts: impl Fn(&Group) -> bool) {
        let mut commands = Vec::new();
        for (id, group) in self.groups() {
            let helps_alone = self.has_plan(group, plan) && counts(group);
            if !self.is_member(id) && (helps_alone || self.left == Left::Two) {
                commands.push(Command::join(self.simulation.user.clone(), id.clone()));
            }
        }
        self.give(commands);
    }

    /// The steps that make the units of a plan reach.
    fn units(&mut self, index: usize, plan: &PlanId) {
        let Simulation { tenant, at, .. } = self.simulation;
        let claims = self.held.claims();
        let evaluation = tenant.view().evaluation(tenant.catalog(), index, claims.as_slice(), *at);
        let Some((beneficiary, evaluation)) =
            evaluation.and_then(|evaluation| Some((evaluation.beneficiary?, evaluation)))
        else {
            return;
        };
        let of_trial =
            |name: TrialName| [Command::StartTrial, Command::SignUp, Command::ExtendTrial].map(|it| it(name.clone()));
        let trials = self.trials(plan).into_iter().flat_map(of_trial).collect();
        self.give(trials);
        // What each of the grants is now is looked at twice, and whether the plan was bought.
        self.meter.owe(self.simulation.grants);
        let phases = || tenant.core().grants(plan).map(|(_, life)| life.phase(*at));
        if phases().any(|phase| phase == Phase::NotFresh) {
            self.steps.push(Step::TakeList);
        }
        let place = u32::try_from(beneficiary.place()).unwrap_or(u32::MAX);
        let reaches = evaluation.segments().first().is_some_and(|now| now.coverage.limit > Total::ZERO);
        if reaches {
            let ahead = place.checked_sub(1).and_then(NonZeroU32::new);
            self.steps.extend(ahead.map(|seats| Step::Free { plan: plan.clone(), seats }));
            let groups = self.groups();
            let groups = groups.filter(|(_, group)| self.has_plan(group, plan));
            let commands = groups.map(|(id, _)| Command::unassign_group(id.clone(), plan.clone())).collect();
            self.give(commands);
        }
        let is_paid = |grant: &Grant| matches!(grant.terms, GrantKind::Paid(_));
        let mut paid = tenant.core().grants(plan).filter(|(grant, _)| is_paid(grant)).peekable();
        let over = |phase| matches!(phase, Phase::Suspended | Phase::Ended | Phase::Revoked);
        let renews = paid.peek().is_some() && paid.all(|(_, life)| over(life.phase(*at)));
        let (plan, units) = (plan.clone(), NonZeroU32::new(place).unwrap_or(NonZeroU32::MIN));
        self.steps.push(if renews { Step::Renew { plan, units } } else { Step::Buy { plan, units } });
    }

    /// The steps that take a source of a plan from the user.
    fn removals(&mut self, plan: &PlanId) {
        let user = self.simulation.user;
        let claims = self.held.claims();
        let claim = self.number(plan).and_then(|number| claim_on(claims.as_slice(), number));
        let Some(claim) = claim else { return };
        let mut commands = Vec::new();
        if claim.is_direct() {
            commands.push(Command::unassign(user.clone(), plan.clone()));
        }
        for id in self.own_groups() {
            if self.simulation.tenant.core().groups.get(id).is_some_and(|group| self.has_plan(group, plan)) {
                commands.push(Command::leave(user.clone(), id.clone()));
                commands.push(Command::unassign_group(id.clone(), plan.clone()));
            }
        }
        self.give(commands);
    }

    /// The steps that turn the app on: what else is off stays off.
    fn turned_on(&mut self, plan: &PlanId, claim: &Claim) {
        let app = self.simulation.app.id();
        let apps = self.simulation.tenant.catalog().plan(plan).map_or(&[][..], |plan| &plan.apps);
        // What the plan does not have any more cannot be turned off (C10).
        let stays_off = |off: &&AppId| *off != app && apps.contains(*off);
        let but_the_app = |off: &[AppId]| off.iter().filter(stays_off).cloned().collect::<Vec<_>>();
        let off = but_the_app(claim.off());
        let direct = claim.off_directly().map_or_else(|| off.clone(), but_the_app);
        let mut commands =
            Vec::from([Command::assign_except(self.simulation.user.clone().into(), plan.clone(), direct)]);
        let number = self.number(plan);
        let list_of = |group: &Group| number.and_then(|number| group.plans.get(&number).cloned());
        for id in self.own_groups() {
            let list = self.simulation.tenant.core().groups.get(id).and_then(list_of);
            let except = list.map_or_else(|| off.clone(), |list| but_the_app(&list));
            commands.push(Command::assign_except(id.clone().into(), plan.clone(), except));
        }
        self.give(commands);
        self.more_sources(plan, |group| list_of(group).is_some_and(|list| !list.contains(app)));
        if self.left == Left::Two {
            self.removals(plan);
        }
    }
}
