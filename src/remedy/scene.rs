//! A tenant as steps would leave it: a copy on which they are tried, and which nobody is shown.

use alloc::vec;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::catalog::App;
use crate::grant::Grant;
use crate::remedy::Step;
use crate::role::{Actor, Role};
use crate::tenant::Tenant;
use crate::tenant::command::{Command, Event};
use crate::tenant::refusal::Why;
use crate::time::{Term, whole_second};
use crate::units::Units;
use crate::user_id::UserId;

/// A copy of a tenant at an instant.
#[derive(Debug, Clone)]
pub(crate) struct Scene<'a> {
    pub(crate) tenant: Tenant,
    pub(crate) user: &'a UserId,
    pub(crate) app: &'a App,
    pub(crate) at: DateTime<Utc>,
}

/// How steps turn out.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// They may be done, and the check allows then.
    Helps,
    /// They may be done, and the check does not allow.
    DoesNotHelp,
    /// They may not be done.
    Refused(Why),
}

impl<'a> Scene<'a> {
    pub(crate) fn new(tenant: &Tenant, user: &'a UserId, app: &'a App, at: DateTime<Utc>) -> Self {
        Self { tenant: tenant.clone(), user, app, at: whole_second(at) }
    }

    /// The same at another instant.
    pub(crate) fn on(&self, at: DateTime<Utc>) -> Self {
        Self { at, ..self.clone() }
    }

    pub(crate) fn is_allowed(&self) -> bool {
        self.tenant.check(self.user, self.app, self.at).is_allowed()
    }

    /// The user, with every role: whether somebody may give a command is not what a remedy is about.
    fn actor(&self) -> Actor {
        Actor::new(self.user.clone()).with(Role::GlobalAdministrator)
    }

    /// Does a step whether or not it may be done.
    pub(crate) fn force(&mut self, step: &Step) {
        match step {
            Step::Do(command) => {
                let number = self.tenant.position().saturating_add(1);
                // It is the next, so it is taken.
                let _ = self.tenant.apply(&Event::new(number, self.at, self.actor(), vec![command.clone()]));
            }
            Step::Wait { until } => self.at = *until,
            other => self.assume(other),
        }
    }

    /// Takes for granted what is not the tenant's to do.
    fn assume(&mut self, step: &Step) {
        let at = self.at;
        self.tenant.assume(|assumed| match step {
            Step::Free { plan, seats } => assumed.freed.push((plan.clone(), seats.get().into())),
            Step::Buy { plan, units } | Step::Renew { plan, units } => {
                let grant = Grant::paid(plan.clone(), Units::Limited(*units), Term::perpetual(at));
                assumed.bought.push(grant);
            }
            Step::TakeList => assumed.list = at,
            Step::Do(_) | Step::Wait { .. } => {}
        });
    }

    /// Does steps in their order, if they may be done.
    pub(crate) fn perform(&mut self, steps: &[Step]) -> Result<(), Why> {
        let mut list: Vec<Command> = Vec::new();
        for step in steps {
            match step {
                Step::Do(command @ Command::SignUp(_)) => {
                    self.decide(&mut list)?;
                    list.push(command.clone());
                    self.decide(&mut list)?;
                }
                Step::Do(command) => list.push(command.clone()),
                other => {
                    self.decide(&mut list)?;
                    self.force(other);
                }
            }
        }
        self.decide(&mut list)
    }

    /// Does the commands that were collected as one list, if there are any.
    fn decide(&mut self, list: &mut Vec<Command>) -> Result<(), Why> {
        let commands = core::mem::take(list);
        if commands.is_empty() {
            return Ok(());
        }
        let event = self.tenant.decide(&self.actor(), &commands, self.at).map_err(|refusal| refusal.why)?;
        // It is the next, so it is taken.
        let _ = self.tenant.apply(&event);
        Ok(())
    }

    /// How steps turn out, done in their order.
    pub(crate) fn outcome(&self, steps: &[Step]) -> Outcome {
        let mut scene = self.clone();
        match scene.perform(steps) {
            Err(why) => Outcome::Refused(why),
            Ok(()) if scene.is_allowed() => Outcome::Helps,
            Ok(()) => Outcome::DoesNotHelp,
        }
    }

    /// Whether steps help when each is done by itself.
    pub(crate) fn helps_one_by_one(&self, steps: &[Step]) -> bool {
        let mut scene = self.clone();
        steps.iter().all(|step| scene.perform(core::slice::from_ref(step)).is_ok()) && scene.is_allowed()
    }
}
