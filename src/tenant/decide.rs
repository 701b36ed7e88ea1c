//! Deciding: whether a list of commands may be done. It changes nothing.

use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::amount::{Capacity, Quantity};
use crate::catalog::offer::{Plan, Scope};
use crate::grant::{Grant, Terms, Trial};
use crate::id::{GroupId, PlanId, UserId};
use crate::life::{Life, extended};
use crate::month::Month;
use crate::role::Actor;
use crate::tenant::Tenant;
use crate::tenant::apply::Step;
use crate::tenant::command::{
    Assignee, Assignment, Command, Event, MAX_COMMANDS, Membership, SignUps, Takes, TrialName, Unassignment,
};
use crate::tenant::draws::{Draw, MAX_DRAWS};
use crate::tenant::refusal::{MAX_DOCUMENTS, Refusal, Why};
use crate::tenant::state::{Group, State, claim_on};
use crate::time::{Phase, whole_second};
use crate::units::Total;

impl Tenant {
    /// Whether these commands may be done now, all or none, and the event to record and [`apply`](Tenant::apply).
    ///
    /// The list is judged by the state it leads to: what must or must not be there is asked command by command; whether a
    /// seat is free and requirements are met, after the last (S6). Deciding changes nothing.
    ///
    /// # Errors
    ///
    /// [`Refusal`], with the first command that may not be done and why.
    pub fn decide(&self, actor: &Actor, commands: &[Command], now: DateTime<Utc>) -> Result<Event, Refusal> {
        let refuse = |command, why| Err(Refusal { command, why });
        match commands.len() {
            0 => return refuse(0, Why::Nothing),
            found if found > MAX_COMMANDS => return refuse(MAX_COMMANDS, Why::TooMany { found }),
            _ => {}
        }
        let at = self.reading(now);
        let mut after = self.state().clone();
        let mut step = Step::begin(self.base(), &mut after, &actor.user, at);
        for (index, command) in commands.iter().enumerate() {
            if let Takes::OneOf(needed) = command.takes() {
                if !actor.roles.iter().any(|role| needed.contains(role)) {
                    return refuse(index, Why::Forbidden { actor: actor.user.clone(), needed });
                }
            }
            if let Err(why) = step.admits(command, &actor.user) {
                return refuse(index, why);
            }
            step.perform(command);
        }
        step.finish();
        // Read anew, since a time ticket among the commands may have mended the floor.
        let outcome = Outcome { tenant: self, after: &after, before_at: at, at: whole_second(now).max(after.floor()) };
        for (index, command) in commands.iter().enumerate() {
            if let Err(why) = outcome.allows(command, &actor.user) {
                return refuse(index, why);
            }
        }
        Ok(Event::new(after.position, at, actor.clone(), commands.to_vec()))
    }
}

/// What a list of commands leads to.
struct Outcome<'a> {
    tenant: &'a Tenant,
    after: &'a State,
    before_at: DateTime<Utc>,
    at: DateTime<Utc>,
}

impl Outcome<'_> {
    /// What is asked of the state after the last command (S2, S7); of direct assignments and removals only.
    fn allows(&self, command: &Command, actor: &UserId) -> Result<(), Why> {
        match command {
            Command::Assign(Assignment { to: Assignee::User(user), plan, .. }) => self.has_seat(user, plan),
            Command::SignUp(name) => self.has_seat(actor, &name.plan),
            Command::Draw(draw) => self.has_capacity(draw),
            Command::Unassign(Unassignment { from: Assignee::User(user), plan }) => self.nothing_requires(user, plan),
            _ => Ok(()),
        }
    }

    /// A new direct assignment needs a place within the usable units, unless the user holds a seat already (S2), no claim
    /// on a plan that it excludes (S8), and what the plan requires (S7).
    fn has_seat(&self, user: &UserId, plan: &PlanId) -> Result<(), Why> {
        let catalog = self.tenant.catalog();
        let Some(index) = catalog.plan_index(plan) else { return Ok(()) };
        let Some((number, _)) = self.after.catalog_plan(index) else { return Ok(()) };
        let (before, after) = (self.tenant.state().claims(user), self.after.claims(user));
        // What the list takes away again needs nothing.
        let Some(claim) = claim_on(after, number).filter(|claim| claim.direct.is_some()) else { return Ok(()) };
        let had = claim_on(before, number).filter(|had| had.turn == claim.turn);
        if had.is_some_and(|had| had.direct.is_some()) {
            return Ok(());
        }
        let standing = self.after.standing(catalog, index, after, self.at);
        let (Some(spot), Some(segment)) = (&standing.spot, standing.segments.first()) else { return Ok(()) };
        let units = segment.reach.usable;
        let seated = had.is_some() && spot.is_within(segment.reach.limit);
        if !seated && !spot.is_within(units) {
            let more = standing.segments.iter().skip(1).find(|later| later.reach.usable > units);
            let ahead = spot.place().saturating_sub(1);
            let taken = match units {
                Total::Limited(units) => ahead.min(units),
                Total::Unlimited => ahead,
            };
            let (plan, waiting) = (plan.clone(), ahead.saturating_sub(taken));
            return Err(Why::NoFreeUnit { plan, units, taken, waiting, more_from: more.map(|later| later.from) });
        }
        self.excludes_nothing(user, plan, index)?;
        match standing.unmet.zip(catalog.plan_at(index)) {
            Some((need, plan)) => Err(Why::RequirementNotMet {
                user: user.clone(),
                plan: plan.id.clone(),
                any_of: plan.requires.get(need).cloned().unwrap_or_default(),
            }),
            None => Ok(()),
        }
    }

    /// Whether the user has no claim, earlier or later, on a plan that this one excludes (S8).
    fn excludes_nothing(&self, user: &UserId, plan: &PlanId, index: usize) -> Result<(), Why> {
        let catalog = self.tenant.catalog();
        for &other in catalog.exclusions(index) {
            let claim =
                self.after.catalog_plan(other).and_then(|(number, _)| claim_on(self.after.claims(user), number));
            if let (Some(claim), Some(by)) = (claim, catalog.plan_at(other)) {
                let (user, plan, by) = (user.clone(), plan.clone(), by.id.clone());
                let sources = self.after.sources(&user, claim);
                return Err(Why::Excluded { user, plan, by, sources });
            }
        }
        Ok(())
    }

    /// The draws of the month, these included, stay within the usable units and the plan's overage (M2, M3).
    fn has_capacity(&self, draw: &Draw) -> Result<(), Why> {
        let catalog = self.tenant.catalog();
        let (Some(index), Some(plan)) = (catalog.plan_index(&draw.plan), catalog.plan(&draw.plan)) else {
            return Ok(());
        };
        let drawn = |state: &State| {
            let drawn =
                state.catalog_plan(index).and_then(|(_, plan)| plan.draws.of(draw.month).map(|drawn| drawn.total));
            drawn.unwrap_or(Quantity::NONE)
        };
        let segments = self.after.catalog_plan(index).map_or(&[][..], |(_, plan)| plan.schedule.from(self.at));
        let units = segments.first().map_or(Total::ZERO, |now| now.reach.usable);
        let limit = Capacity::of(units, plan.overage());
        if limit.covers(drawn(self.after)) {
            return Ok(());
        }
        let more = segments.iter().skip(1).find(|later| later.reach.usable > units);
        Err(Why::NoCapacity {
            plan: plan.id.clone(),
            month: draw.month,
            drawn: drawn(self.tenant.state()),
            limit,
            more_from: more.map(|later| later.from),
        })
    }

    /// Whether a plan was in effect for the user and is no longer.
    fn is_lost(&self, user: &UserId, index: usize) -> bool {
        let (catalog, before, after) = (self.tenant.catalog(), self.tenant.state(), self.after);
        let held = before.standing(catalog, index, before.claims(user), self.before_at).in_effect();
        held.is_some() && after.standing(catalog, index, after.claims(user), self.at).in_effect().is_none()
    }

    /// A direct removal must not put another plan of the user out of effect, unless that goes too (S7).
    fn nothing_requires(&self, user: &UserId, plan: &PlanId) -> Result<(), Why> {
        let catalog = self.tenant.catalog();
        let Some(removed) = catalog.plan_index(plan) else { return Ok(()) };
        let after = self.after.claims(user);
        if !self.is_lost(user, removed) {
            return Ok(());
        }
        for (index, by) in catalog.offer().plans.iter().enumerate() {
            let claims_it = self.after.catalog_plan(index).is_some_and(|(number, _)| claim_on(after, number).is_some());
            if claims_it && catalog.chain(index).requires(removed) && self.is_lost(user, index) {
                return Err(Why::StillRequired { user: user.clone(), plan: plan.clone(), by: by.id.clone() });
            }
        }
        Ok(())
    }
}

impl Step<'_> {
    /// Whether a command may be done at this point of the event, but for what is asked after the last.
    fn admits(&self, command: &Command, actor: &UserId) -> Result<(), Why> {
        match command {
            Command::Install(token) => {
                self.state.documents.accept(&self.base.license(token)?)?;
                self.has_room()
            }
            Command::Revoke(token) => Ok(self.state.documents.accept_list(&self.base.list(token)?)?),
            Command::CorrectTime(token) => {
                let (ticket, _) = self.base.ticket(token)?;
                self.state.documents.accept_ticket(&ticket)?;
                self.has_room()
            }
            Command::Assign(assignment) => self.is_assignable(assignment),
            Command::Unassign(unassignment) => self.is_assigned(unassignment),
            // A user joins by being named, a group comes to be with its first member (S15).
            Command::Join(_) | Command::SetSignUps(_) | Command::Mark => Ok(()),
            Command::Leave(membership) => self.is_member(membership),
            Command::RemoveUser(user) if self.knows(user) => Ok(()),
            Command::RemoveUser(user) => Err(Why::NoSuchUser { user: user.clone() }),
            Command::RemoveGroup(group) => self.is_removable(group),
            Command::StartTrial(name) => self.may_start(name),
            Command::ExtendTrial(name) => self.may_extend(name),
            Command::SignUp(name) => self.may_sign_up(actor, name),
            Command::Draw(draw) => self.may_draw(draw),
        }
    }

    fn has_room(&self) -> Result<(), Why> {
        if self.state.documents.without_lists() >= MAX_DOCUMENTS { Err(Why::TooManyDocuments) } else { Ok(()) }
    }

    /// A draw is from a capacity plan, in the present month, and was not recorded before (M5).
    fn may_draw(&self, draw: &Draw) -> Result<(), Why> {
        let plan = self.base.catalog.plan(&draw.plan).ok_or_else(|| Why::UnknownPlan { plan: draw.plan.clone() })?;
        if plan.scope != Scope::Capacity {
            return Err(Why::NotDrawable { plan: plan.id.clone(), scope: plan.scope });
        }
        let now = Month::of(self.state.floor());
        if draw.month != now {
            return Err(Why::OtherMonth { month: draw.month, now });
        }
        let state = self.state.number(&plan.id).and_then(|number| self.state.plan(number));
        match state.and_then(|plan| plan.draws.of(draw.month)) {
            Some(drawn) if drawn.has(&draw.id) => Err(Why::DrawnAlready { draw: draw.id.clone(), month: draw.month }),
            Some(drawn) if drawn.len() >= MAX_DRAWS => {
                Err(Why::TooManyDraws { plan: plan.id.clone(), month: draw.month })
            }
            Some(_) | None => Ok(()),
        }
    }

    fn is_assignable(&self, assignment: &Assignment) -> Result<(), Why> {
        let plan = self.base.catalog.plan(&assignment.plan);
        let plan: &Plan = plan.ok_or_else(|| Why::UnknownPlan { plan: assignment.plan.clone() })?;
        if plan.scope != Scope::User {
            return Err(Why::NotAssignable { plan: plan.id.clone(), scope: plan.scope });
        }
        match assignment.except.iter().find(|app| !plan.apps.contains(app)) {
            Some(app) => Err(Why::NotAnAppOfIt { plan: plan.id.clone(), app: app.clone() }),
            None => Ok(()),
        }
    }

    fn is_assigned(&self, unassignment: &Unassignment) -> Result<(), Why> {
        let Unassignment { from, plan } = unassignment;
        let number = self.state.number(plan);
        let has_plan = |group: &Group| number.is_some_and(|number| group.plans.contains_key(&number));
        let groups_with_it = match from {
            Assignee::User(user) if number.is_some_and(|number| self.has_direct(user, number)) => return Ok(()),
            Assignee::Group(group) if self.state.groups.get(group).is_some_and(has_plan) => return Ok(()),
            Assignee::User(user) => self.groups_of(user),
            Assignee::Group(_) => return Err(Why::NoSuchAssignment { from: from.clone(), plan: plan.clone() }),
        };
        let groups = groups_with_it.into_iter().filter(|group| self.state.groups.get(group).is_some_and(has_plan));
        match (from, groups.collect::<Vec<_>>()) {
            (Assignee::User(user), groups) if !groups.is_empty() => {
                Err(Why::Inherited { user: user.clone(), plan: plan.clone(), groups })
            }
            (from, _) => Err(Why::NoSuchAssignment { from: from.clone(), plan: plan.clone() }),
        }
    }

    fn is_member(&self, Membership { user, group }: &Membership) -> Result<(), Why> {
        let is_member = self.state.groups.get(group).is_some_and(|group| group.members.get(user).is_some());
        if is_member { Ok(()) } else { Err(Why::NoSuchMember { user: user.clone(), group: group.clone() }) }
    }

    fn is_removable(&self, id: &GroupId) -> Result<(), Why> {
        let group = self.state.groups.get(id).ok_or_else(|| Why::NoSuchGroup { group: id.clone() })?;
        let plans = group.plans.keys().filter_map(|&plan| self.state.plan(plan).map(|plan| plan.id.clone()));
        let mut plans: Vec<PlanId> = plans.collect();
        plans.sort_unstable();
        if plans.is_empty() { Ok(()) } else { Err(Why::GroupHasPlans { group: id.clone(), plans }) }
    }

    /// The trial that a command names, and where it stands.
    fn trial<'a>(&'a self, name: &'a TrialName) -> Result<(&'a Trial, Life), Why> {
        let license = self.state.documents.license(name.license);
        let shares = license.into_iter().flat_map(|license| self.state.shares(license, |plan| *plan == name.plan));
        let trials = shares.filter_map(|share| match &share.grant.terms {
            Terms::Trial(trial) => Some((trial, share.life)),
            Terms::Paid(_) => None,
        });
        let (license, plan) = (name.license, name.plan.clone());
        trials.last().ok_or(Why::NoSuchTrial { license, plan })
    }

    fn may_start(&self, name: &TrialName) -> Result<(), Why> {
        let (trial, life) = self.trial(name)?;
        let (at, plan, window) = (self.state.floor(), name.plan.clone(), trial.may_start);
        if let Some(run) = self.state.run(name) {
            return Err(Why::TrialUsed { plan, started: run.started });
        }
        if at < window.opens() || at >= window.closes() {
            return Err(Why::OutsideTheWindow { plan, window, at });
        }
        if life.phase(at) == Phase::NotStarted { Ok(()) } else { Err(Why::TrialEnded { plan }) }
    }

    /// A user without the plan may sign up for a trial of it that is active, or may be started, and is not bought (T2).
    fn may_sign_up(&self, user: &UserId, name: &TrialName) -> Result<(), Why> {
        if self.state.sign_ups == SignUps::Off {
            return Err(Why::SignUpsOff);
        }
        let plan = name.plan.clone();
        self.is_assignable(&Assignment { to: user.clone().into(), plan: plan.clone(), except: Vec::new() })?;
        // Also who has it from a group: a source of one's own would turn on what the group's turns off (S3).
        if self.claims(user, &plan) {
            return Err(Why::HasItAlready { user: user.clone(), plan });
        }
        let (_, life) = self.trial(name)?;
        let phase = life.phase(self.state.floor());
        if self.state.run(name).is_none() {
            self.may_start(name)?;
        } else if phase != Phase::Active {
            return Err(Why::TrialOver { plan, phase });
        }
        if self.is_bought(&plan) { Err(Why::Bought { plan }) } else { Ok(()) }
    }

    /// Whether the user has a source of the plan at this point of the event.
    fn claims(&self, user: &UserId, plan: &PlanId) -> bool {
        let Some(number) = self.state.number(plan) else { return false };
        let inherits = |group: &GroupId| self.state.groups.get(group).is_some_and(|g| g.plans.contains_key(&number));
        self.has_direct(user, number) || self.groups_of(user).iter().any(inherits)
    }

    /// Whether the plan has usable paid units (L10, T2).
    fn is_bought(&self, plan: &PlanId) -> bool {
        let at = self.state.floor();
        let bought = |grant: &Grant, life: &Life| matches!(grant.terms, Terms::Paid(_)) && life.phase(at).is_usable();
        self.state.grants(plan).any(|(grant, life)| bought(grant, &life))
    }

    fn may_extend(&self, name: &TrialName) -> Result<(), Why> {
        let (trial, life) = self.trial(name)?;
        let (phase, plan) = (life.phase(self.state.floor()), name.plan.clone());
        if phase != Phase::Active {
            return Err(Why::TrialNotActive { plan, phase });
        }
        if self.is_bought(&plan) {
            return Err(Why::Bought { plan });
        }
        match self.state.run(name).map(|run| extended(trial, &run)) {
            Some((_, 0)) | None => Err(Why::NoExtensionLeft { plan }),
            Some(_) => Ok(()),
        }
    }
}
