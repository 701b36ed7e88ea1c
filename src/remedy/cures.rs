//! What a plan lacks to be in effect for a user, and the steps that might supply it.

use alloc::vec::Vec;
use core::num::NonZeroU32;

use crate::grant::{Grant, Terms};
use crate::id::{AppId, GroupId, PlanId};
use crate::remedy::Step;
use crate::remedy::scene::Scene;
use crate::tenant::command::{Command, SignUps, TrialName};
use crate::tenant::refusal::Why;
use crate::tenant::standing::Obstacle;
use crate::tenant::state::Group;
use crate::tenant::user::{Claim, Held, claim_on};
use crate::time::Phase;
use crate::units::Total;

/// How many more steps a remedy may have: what only helps together with another step is left out before the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Left {
    One,
    Two,
}

/// The steps that might supply what a plan of the catalog lacks first: of every remedy that brings the plan into effect at
/// least one step is among them. Purchases and freed seats are as many as are enough.
pub(crate) fn cures(scene: &Scene<'_>, index: usize, left: Left) -> Vec<Step> {
    Clinic::of(scene, left).cures(index)
}

/// The steps that might make acceptable what is refused.
pub(crate) fn cures_of_refusal(scene: &Scene<'_>, why: &Why) -> Vec<Step> {
    let clinic = Clinic::of(scene, Left::One);
    let index = |plan: &PlanId| scene.tenant.catalog().plan_index(plan);
    match why {
        Why::SignUpsOff => Vec::from([Step::Do(Command::SetSignUps(SignUps::Allowed))]),
        Why::HasItAlready { plan, .. } => clinic.removals(plan),
        Why::NoFreeUnit { plan, .. } => index(plan).map_or_else(Vec::new, |index| clinic.units(index, plan)),
        Why::Excluded { by, .. } => clinic.removals(by),
        Why::RequirementNotMet { any_of, .. } => {
            any_of.iter().filter_map(index).flat_map(|index| clinic.cures(index)).collect()
        }
        Why::StillRequired { by, .. } => {
            let mut steps = clinic.removals(by);
            steps.extend(index(by).into_iter().flat_map(|index| clinic.cures(index)));
            steps
        }
        _ => Vec::new(),
    }
}

struct Clinic<'a> {
    scene: &'a Scene<'a>,
    held: &'a Held,
    left: Left,
}

impl<'a> Clinic<'a> {
    fn of(scene: &'a Scene<'a>, left: Left) -> Self {
        let held = scene.tenant.state().users.held(scene.user).unwrap_or(&Held::Nothing);
        Self { scene, held, left }
    }

    fn cures(&self, index: usize) -> Vec<Step> {
        let Scene { tenant, at, app, .. } = self.scene;
        let catalog = tenant.catalog();
        let claims = self.held.claims();
        let standing = tenant.view().standing(catalog, index, claims.as_slice(), *at);
        let (Some(standing), Some(plan)) = (standing, catalog.plan_at(index)) else { return Vec::new() };
        match standing.judged() {
            Err(Obstacle::Unclaimed) => self.claims(&plan.id),
            Err(Obstacle::OutOfReach(_)) => self.units(index, &plan.id),
            Err(Obstacle::ExcludedBy(by)) => catalog.plan_at(by).map_or_else(Vec::new, |by| self.removals(&by.id)),
            Err(Obstacle::Unmet(need)) => {
                let any_of = plan.requires.get(need).into_iter().flatten();
                let required = any_of.filter_map(|plan| catalog.plan_index(plan));
                required.flat_map(|index| self.cures(index)).collect()
            }
            Ok(_) => match standing.spot.and_then(|spot| spot.claim()) {
                Some(claim) if plan.apps.contains(app.id()) && !claim.opens(app.id()) => {
                    self.turned_on(&plan.id, claim)
                }
                Some(_) | None => Vec::new(),
            },
        }
    }

    fn number(&self, plan: &PlanId) -> Option<usize> {
        self.scene.tenant.core().number(plan)
    }

    /// The groups of the tenant, sorted, with whether each has a plan.
    fn groups(&self) -> Vec<(&'a GroupId, &'a Group)> {
        let mut groups: Vec<_> = self.scene.tenant.core().groups.iter().collect();
        groups.sort_unstable_by_key(|&(id, _)| id);
        groups
    }

    fn has_plan(&self, group: &Group, plan: &PlanId) -> bool {
        self.number(plan).is_some_and(|number| group.plans.contains(&number))
    }

    fn is_member(&self, group: &GroupId) -> bool {
        self.held.groups().binary_search(group).is_ok()
    }

    fn trials(&self, plan: &PlanId) -> Vec<TrialName> {
        let trials = self.scene.tenant.trials(self.scene.at).filter(|trial| trial.grant.plan == *plan);
        trials.map(|trial| trial.name).collect()
    }

    /// The steps that give the user a claim.
    fn claims(&self, plan: &PlanId) -> Vec<Step> {
        let user = self.scene.user;
        let mut commands = Vec::from([Command::assign(user.clone(), plan.clone())]);
        commands.extend(self.trials(plan).into_iter().map(Command::SignUp));
        self.more_sources(plan, |_| true, &mut commands);
        let of_groups = self.held.groups().iter();
        commands.extend(of_groups.map(|group| Command::assign_group(group.clone(), plan.clone())));
        commands.into_iter().map(Step::Do).collect()
    }

    /// Groups whose members claim the plan, if they do so as wished, and those that could be given it.
    fn more_sources(&self, plan: &PlanId, counts: impl Fn(&Group) -> bool, commands: &mut Vec<Command>) {
        for (id, group) in self.groups() {
            let helps_alone = self.has_plan(group, plan) && counts(group);
            if !self.is_member(id) && (helps_alone || self.left == Left::Two) {
                commands.push(Command::join(self.scene.user.clone(), id.clone()));
            }
        }
    }

    /// The steps that make the units of a plan reach.
    fn units(&self, index: usize, plan: &PlanId) -> Vec<Step> {
        let Scene { tenant, at, .. } = self.scene;
        let claims = self.held.claims();
        let standing = tenant.view().standing(tenant.catalog(), index, claims.as_slice(), *at);
        let Some((spot, standing)) = standing.and_then(|standing| Some((standing.spot?, standing))) else {
            return Vec::new();
        };
        let mut steps: Vec<Step> = Vec::new();
        for name in self.trials(plan) {
            steps.extend(
                [Command::StartTrial, Command::SignUp, Command::ExtendTrial].map(|it| Step::Do(it(name.clone()))),
            );
        }
        let phases = || tenant.core().grants(plan).map(|(_, life)| life.phase(*at));
        if phases().any(|phase| phase == Phase::NotFresh) {
            steps.push(Step::TakeList);
        }
        let place = u32::try_from(spot.place()).unwrap_or(u32::MAX);
        let reaches = standing.segments().first().is_some_and(|now| now.reach.limit > Total::ZERO);
        if reaches {
            let ahead = place.checked_sub(1).and_then(NonZeroU32::new);
            steps.extend(ahead.map(|seats| Step::Free { plan: plan.clone(), seats }));
            let groups = self.groups().into_iter().filter(|(_, group)| self.has_plan(group, plan));
            steps.extend(groups.map(|(id, _)| Step::Do(Command::unassign_group(id.clone(), plan.clone()))));
        }
        let is_paid = |grant: &Grant| matches!(grant.terms, Terms::Paid(_));
        let mut paid = tenant.core().grants(plan).filter(|(grant, _)| is_paid(grant)).peekable();
        let over = |phase| matches!(phase, Phase::Suspended | Phase::Ended | Phase::Revoked);
        let renews = paid.peek().is_some() && paid.all(|(_, life)| over(life.phase(*at)));
        let (plan, units) = (plan.clone(), NonZeroU32::new(place).unwrap_or(NonZeroU32::MIN));
        steps.push(if renews { Step::Renew { plan, units } } else { Step::Buy { plan, units } });
        steps
    }

    /// The steps that take a source of a plan from the user.
    fn removals(&self, plan: &PlanId) -> Vec<Step> {
        let user = self.scene.user;
        let claims = self.held.claims();
        let claim = self.number(plan).and_then(|number| claim_on(claims.as_slice(), number));
        let Some(claim) = claim else { return Vec::new() };
        let mut commands = Vec::new();
        if claim.is_direct() {
            commands.push(Command::unassign(user.clone(), plan.clone()));
        }
        let has_it =
            |id: &&GroupId| self.scene.tenant.core().groups.get(*id).is_some_and(|group| self.has_plan(group, plan));
        for id in self.held.groups().iter().filter(has_it) {
            commands.push(Command::leave(user.clone(), id.clone()));
            commands.push(Command::unassign_group(id.clone(), plan.clone()));
        }
        commands.into_iter().map(Step::Do).collect()
    }

    /// The steps that turn the app on: what else is off stays off.
    fn turned_on(&self, plan: &PlanId, claim: &Claim) -> Vec<Step> {
        let app = self.scene.app.id();
        let apps = self.scene.tenant.catalog().plan(plan).map_or(&[][..], |plan| &plan.apps);
        // What the plan does not have any more cannot be turned off (C10).
        let stays_off = |off: &&AppId| *off != app && apps.contains(*off);
        let but_the_app = |off: &[AppId]| off.iter().filter(stays_off).cloned().collect::<Vec<_>>();
        let off = but_the_app(claim.off());
        let direct = claim.off_directly().map_or_else(|| off.clone(), but_the_app);
        let mut commands = Vec::from([Command::assign_except(self.scene.user.clone().into(), plan.clone(), direct)]);
        let list_of = |group: &Group| self.number(plan).and_then(|number| group.plans.get(&number).cloned());
        for id in self.held.groups() {
            let list = self.scene.tenant.core().groups.get(id).and_then(list_of);
            let except = list.map_or_else(|| off.clone(), |list| but_the_app(&list));
            commands.push(Command::assign_except(id.clone().into(), plan.clone(), except));
        }
        self.more_sources(plan, |group| list_of(group).is_some_and(|list| !list.contains(app)), &mut commands);
        let mut steps: Vec<Step> = commands.into_iter().map(Step::Do).collect();
        if self.left == Left::Two {
            steps.extend(self.removals(plan));
        }
        steps
    }
}
