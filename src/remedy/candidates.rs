//! Candidates for steps: what a plan lacks to be in effect for a user, or to give an organisation more
//! of a quota, and what could supply it.

use alloc::vec::Vec;
use core::num::NonZeroU32;

use chrono::{DateTime, Utc};

use crate::catalog::index::{PlanIndex, PlanNumber};
use crate::catalog::quota_rule::GivingPlan;
use crate::id::user::UserId;
use crate::id::{AppId, GroupId, PlanId};
use crate::license::grant::{Grant, GrantKind};
use crate::quantity::units::Total;
use crate::query::taken_back::is_taken_back;
use crate::quota::status::QuotaHolder;
use crate::remedy::effort::EffortMeter;
use crate::remedy::goal::{Alternative, Goal, QuotaGoal};
use crate::remedy::simulation::{Candidates, Purchases, Simulation, many};
use crate::remedy::step::{PurchaseKind, Step};
use crate::tenant::command::{ClaimPolicy, Command, SignUpPolicy, TrialName};
use crate::tenant::evaluation::BlockedBy;
use crate::tenant::refusal_reason::RefusalReason;
use crate::tenant::state::Group;
use crate::tenant::state::user::{Claim, UserEntitlements, claim_on};
use crate::time::Phase;
use crate::token::permissions::KeyPurpose;

/// The number of steps that a remedy can still have. Steps that only help with another are left out
/// if it is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Left {
    One,
    Two,
}

/// Returns the steps that could supply what plans of the catalog lack first. At least one step of
/// every remedy that reaches the goal with these plans is among them, as far as the effort allows.
/// Numbers of units and seats are large enough.
pub(crate) fn candidates(
    simulation: &Simulation<'_>,
    plans: &Alternative,
    left: Left,
    meter: &mut EffortMeter,
) -> Vec<Step> {
    let mut finder = CandidateFinder::of(simulation, left, meter);
    for &plan in plans.0.iter() {
        finder.of_goal(plan);
    }
    finder.steps
}

/// Returns the steps that could make a refused list of commands acceptable.
pub(crate) fn candidates_for_refusal(
    simulation: &Simulation<'_>,
    reason: &RefusalReason,
    meter: &mut EffortMeter,
) -> Vec<Step> {
    let mut finder = CandidateFinder::of(simulation, Left::One, meter);
    let index = |plan: &PlanId| simulation.tenant.catalog().plan_index(plan);
    match reason {
        RefusalReason::SignUpsOff => finder.steps.push(Step::Do(Command::SetSignUps(SignUpPolicy::Allowed))),
        RefusalReason::HasItAlready { plan, .. } => finder.removals(plan),
        RefusalReason::NoUsableUnits { plan, .. } | RefusalReason::NoFreeUnit { plan, .. } => {
            if let Some(index) = index(plan) {
                finder.units(index, plan);
            }
        }
        RefusalReason::Excluded { by, .. } => finder.removals(by),
        RefusalReason::RequirementNotMet { any_of, .. } => {
            for index in any_of.iter().filter_map(index) {
                finder.candidates(index);
            }
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
    meter: &'m mut EffortMeter,
    steps: Vec<Step>,
}

impl<'a, 'm> CandidateFinder<'a, 'm> {
    fn of(simulation: &'a Simulation<'a>, left: Left, meter: &'m mut EffortMeter) -> Self {
        Self { simulation, held: simulation.held(), left, meter, steps: Vec::new() }
    }

    /// Adds the steps for a plan that can reach the goal.
    fn of_goal(&mut self, index: PlanIndex) {
        match self.simulation.goal {
            Goal::Quota(goal @ QuotaGoal { holder: QuotaHolder::Tenant, .. }) => {
                let giving = goal.quota.and_then(|(_, rule)| rule.plans.iter().find(|giving| giving.plan == index));
                if let Some(giving) = giving {
                    self.of_organisation(giving);
                }
            }
            Goal::App { .. } | Goal::Quota(_) => self.candidates(index),
        }
    }

    /// Adds the steps with which a plan gives the organisation more of a quota: more usable units, and
    /// the tenant plans that it needs.
    fn of_organisation(&mut self, giving: &GivingPlan) {
        if !self.meter.pay(1) {
            return;
        }
        if let Some(plan) = self.simulation.tenant.catalog().plan_at(giving.plan) {
            self.more_units(&plan.id, NonZeroU32::MAX);
        }
        let Simulation { tenant, at, .. } = self.simulation;
        let is_met = |need: &&Vec<PlanIndex>| {
            let evaluation = |&plan: &PlanIndex| tenant.view().evaluation(tenant.catalog(), plan, &[], *at);
            need.iter().filter_map(evaluation).any(|it| it.in_effect().is_some())
        };
        let unmet = giving.tenant_needs.iter().filter(|need| !is_met(need));
        unmet.flatten().for_each(|&needed| self.candidates(needed));
    }

    /// Adds the steps for a plan. A plan can be required in several ways, and each costs effort.
    fn candidates(&mut self, index: PlanIndex) {
        if !self.meter.pay(1) {
            return;
        }
        let Simulation { tenant, at, goal, .. } = self.simulation;
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
            Ok(_) => match goal {
                Goal::App { user, app } => {
                    let claim = evaluation.beneficiary.and_then(|beneficiary| beneficiary.claim());
                    let is_off = |claim: &&Claim| plan.apps.contains(app.id()) && !claim.opens(app.id());
                    if let Some(claim) = claim.filter(is_off) {
                        self.turned_on(user, app.id(), &plan.id, claim);
                    }
                }
                // One more usable grant may give a larger amount (Q2).
                Goal::Quota(_) => self.more_units(&plan.id, NonZeroU32::MIN),
            },
        }
    }

    /// Adds commands as steps, if enough effort is left.
    fn give(&mut self, commands: Vec<Command>) {
        if self.meter.pay(many(commands.len())) {
            self.steps.extend(commands.into_iter().map(Step::Do));
        }
    }

    fn number(&self, plan: &PlanId) -> Option<PlanNumber> {
        self.simulation.tenant.core().number(plan)
    }

    /// Returns the groups of the tenant that could help, sorted; none if too little effort is left.
    fn groups(&mut self) -> impl Iterator<Item = (&'a GroupId, &'a Group)> + use<'a> {
        let Candidates { groups, others } = &*self.simulation.groups;
        if *others > 0 {
            self.meter.leave_out();
        }
        let groups = if self.meter.pay(many(groups.len()).wrapping_div(8)) { groups.as_slice() } else { &[] };
        let all = &self.simulation.tenant.core().groups;
        groups.iter().filter_map(|id| Some((id, all.get(id)?)))
    }

    /// Returns the groups that the user is in; none if too little effort is left.
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

    /// Adds the steps that give the user a claim.
    fn claims(&mut self, plan: &PlanId) {
        let Some(user) = self.simulation.goal.user() else { return };
        let mut commands = Vec::from([Command::assign(user.clone(), plan.clone())]);
        if self.simulation.tenant.claim_on_first_use(plan) == ClaimPolicy::Allowed {
            commands.push(Command::ClaimSeat(plan.clone()));
        }
        commands.extend(self.trials(plan).into_iter().map(Command::SignUp));
        self.give(commands);
        self.more_sources(user, plan, |_| true);
        let of_groups = self.own_groups().iter();
        self.give(of_groups.map(|group| Command::assign_group(group.clone(), plan.clone())).collect());
    }

    /// Adds joining groups that have the plan and satisfy `counts`, and other groups if another
    /// step can assign the plan to them.
    fn more_sources(&mut self, user: &UserId, plan: &PlanId, counts: impl Fn(&Group) -> bool) {
        let mut commands = Vec::new();
        for (id, group) in self.groups() {
            let helps_alone = self.has_plan(group, plan) && counts(group);
            if !self.is_member(id) && (helps_alone || self.left == Left::Two) {
                commands.push(Command::join(user.clone(), id.clone()));
            }
        }
        self.give(commands);
    }

    /// Adds the steps that make the units of a plan cover the user's place.
    fn units(&mut self, index: PlanIndex, plan: &PlanId) {
        let Simulation { tenant, at, .. } = self.simulation;
        let claims = self.held.claims();
        let evaluation = tenant.view().evaluation(tenant.catalog(), index, claims.as_slice(), *at);
        let Some((beneficiary, evaluation)) =
            evaluation.and_then(|evaluation| Some((evaluation.beneficiary?, evaluation)))
        else {
            return;
        };
        let place = u32::try_from(beneficiary.place().get()).unwrap_or(u32::MAX);
        let has_units = evaluation.segments().first().is_some_and(|now| now.coverage.limit > Total::ZERO);
        if has_units {
            let ahead = place.checked_sub(1).and_then(NonZeroU32::new);
            self.steps.extend(ahead.map(|seats| Step::Free { plan: plan.clone(), seats }));
            let groups = self.groups();
            let groups = groups.filter(|(_, group)| self.has_plan(group, plan));
            let commands = groups.map(|(id, _)| Command::unassign_group(id.clone(), plan.clone())).collect();
            self.give(commands);
        }
        self.more_units(plan, NonZeroU32::new(place).unwrap_or(NonZeroU32::MIN));
    }

    /// Adds the steps that make more units of a plan usable, at most so many where they are bought.
    fn more_units(&mut self, plan: &PlanId, most: NonZeroU32) {
        let Simulation { tenant, at, goal, .. } = self.simulation;
        let has_user = goal.user().is_some();
        let of_trial = |name: TrialName| {
            let sign_up = has_user.then(|| Command::SignUp(name.clone()));
            [Command::StartTrial, Command::ExtendTrial].map(|it| it(name.clone())).into_iter().chain(sign_up)
        };
        let trials = self.trials(plan).into_iter().flat_map(of_trial).collect();
        self.give(trials);
        // The grants are visited for their phases and for whether the plan was bought.
        self.meter.owe(self.simulation.grants);
        let phases = || tenant.core().grants(plan).map(|(_, timeline)| timeline.phase(*at));
        let current = tenant.core().release();
        let is_not_covered = phases().any(|phase| phase == Phase::ReleaseNotCovered);
        if is_not_covered {
            let fallbacks = self.fallbacks_not_covering();
            self.steps.extend(fallbacks.into_iter().rev().map(|before| Step::UseRelease { current, before }));
        }
        let takes_lists = tenant.base().ring.accepts(KeyPurpose::Revocations);
        if takes_lists && phases().any(|phase| phase == Phase::NotFresh) {
            self.steps.push(Step::TakeList);
        }
        let is_paid = |grant: &Grant| matches!(grant.kind, GrantKind::Paid(_));
        let mut paid = tenant.core().grants(plan).filter(|(grant, _)| is_paid(grant)).peekable();
        let over = |phase| matches!(phase, Phase::ReleaseNotCovered | Phase::Suspended | Phase::Ended | Phase::Revoked);
        let is_over = paid.peek().is_some() && paid.all(|(_, timeline)| over(timeline.phase(*at)));
        let kind = match is_over {
            false => PurchaseKind::Additional,
            true if is_taken_back(tenant, plan, *at) => PurchaseKind::Again,
            true => PurchaseKind::Renewal,
        };
        let (plan, units) = (plan.clone(), most);
        // Where a release without a date is all that is wrong, nothing has to be bought (V2).
        let is_release_enough = is_not_covered && current.is_undated() && self.an_earlier_release_is_enough();
        if self.simulation.purchases == Purchases::Considered && !is_release_enough {
            self.steps.push(Step::Buy { plan, units, kind });
        }
    }

    /// Returns whether the goal is reached in a release that one of the fallbacks covers.
    fn an_earlier_release_is_enough(&mut self) -> bool {
        let current = self.simulation.tenant.core().release();
        self.fallbacks_not_covering().into_iter().any(|before| {
            let step = Step::UseRelease { current, before };
            self.meter.owe(self.simulation.cost(core::slice::from_ref(&step)));
            let mut then = self.simulation.clone();
            then.force(&step);
            then.is_reached()
        })
    }

    /// Returns the fallbacks that do not cover the release in use, of the grants of all plans, since
    /// the plans that another requires may need an earlier release than it; sorted.
    fn fallbacks_not_covering(&self) -> Vec<DateTime<Utc>> {
        let Simulation { tenant, at, .. } = self.simulation;
        let grants = tenant.grants(*at).filter(|status| status.phase == Phase::ReleaseNotCovered);
        let mut fallbacks: Vec<DateTime<Utc>> =
            grants.filter_map(|status| status.grant.kind.fallback().before()).collect();
        fallbacks.sort_unstable();
        fallbacks.dedup();
        fallbacks
    }

    /// Adds the steps that remove a source of a plan from the user.
    fn removals(&mut self, plan: &PlanId) {
        let Some(user) = self.simulation.goal.user() else { return };
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

    /// Adds the steps that turn the app on. Other apps on the deny list stay off.
    fn turned_on(&mut self, user: &UserId, app: &AppId, plan: &PlanId, claim: &Claim) {
        let apps = self.simulation.tenant.catalog().plan(plan).map_or(&[][..], |plan| &plan.apps);
        // An app that the plan no longer lists cannot be on a deny list (C10).
        let stays_off = |off: &&AppId| *off != app && apps.contains(*off);
        let without_the_app = |off: &[AppId]| off.iter().filter(stays_off).cloned().collect::<Vec<_>>();
        let off = without_the_app(claim.off());
        let direct = claim.directly_denied().map_or_else(|| off.clone(), without_the_app);
        let mut commands = Vec::from([Command::assign_except(user.clone().into(), plan.clone(), direct)]);
        let number = self.number(plan);
        let list_of = |group: &Group| number.and_then(|number| group.plans.get(&number).cloned());
        for id in self.own_groups() {
            let list = self.simulation.tenant.core().groups.get(id).and_then(list_of);
            let except = list.map_or_else(|| off.clone(), |list| without_the_app(&list));
            commands.push(Command::assign_except(id.clone().into(), plan.clone(), except));
        }
        self.give(commands);
        self.more_sources(user, plan, |group| list_of(group).is_some_and(|list| !list.contains(app)));
        if self.left == Left::Two {
            self.removals(plan);
        }
    }
}
