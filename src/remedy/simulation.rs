//! Simulation of steps on a copy of the tenant.

use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::catalog::index::{PlanIndex, PlanNumber};
use crate::catalog::release::Release;
use crate::id::GroupId;
use crate::id::user::UserId;
use crate::license::grant::Grant;
use crate::quantity::units::Units;
use crate::remedy::goal::{Alternative, Goal, UnreachedGoal};
use crate::remedy::step::Step;
use crate::tenant::Tenant;
use crate::tenant::command::{Assignee, Assignment, Command, Event, Unassignment};
use crate::tenant::refusal_reason::RefusalReason;
use crate::tenant::role::{Actor, Role};
use crate::tenant::state::Group;
use crate::tenant::state::user::UserEntitlements;
use crate::time::{Term, whole_second};

/// The fixed cost of a trial, in units of [`Effort`](crate::remedy::Effort).
const TRIAL: u64 = 8;

/// The largest number of groups that are considered for a user to join (X8).
const MOST_GROUPS: usize = 1_000;

pub(crate) fn many(count: usize) -> u64 {
    count.try_into().unwrap_or(u64::MAX)
}

/// The groups of a tenant that a user can join, sorted by id. If there are too many, groups with a
/// relevant plan are preferred over groups with other plans, and these over groups without plans.
#[derive(Debug)]
pub(crate) struct Candidates {
    pub(crate) groups: Vec<GroupId>,
    /// The number of groups that are not considered.
    pub(crate) others: usize,
}

impl Candidates {
    fn of(tenant: &Tenant, plans: impl Iterator<Item = PlanIndex>) -> Self {
        let (catalog, core) = (tenant.catalog(), tenant.core());
        let relevant = plans.flat_map(|plan| catalog.chain(plan).plans().chain([plan]));
        let mut relevant: Vec<PlanNumber> = relevant.filter_map(|plan| core.of_catalog(plan)).collect();
        relevant.sort_unstable();
        relevant.dedup();
        let rank = |group: &Group| {
            let counts = |plan: &PlanNumber| relevant.binary_search(plan).is_ok();
            (!group.plans.keys().any(counts), group.plans.is_empty())
        };
        let mut all: Vec<_> = core.groups.iter().map(|(id, group)| (rank(group), id)).collect();
        let others = all.len().saturating_sub(MOST_GROUPS);
        if others > 0 {
            all.select_nth_unstable(MOST_GROUPS);
            all.truncate(MOST_GROUPS);
        }
        let mut groups: Vec<GroupId> = all.into_iter().map(|(_, id)| id.clone()).collect();
        groups.sort_unstable();
        Self { groups, others }
    }
}

/// A copy of a tenant at an instant, on which steps are tried.
#[derive(Debug, Clone)]
pub(crate) struct Simulation<'a> {
    pub(crate) tenant: Tenant,
    pub(crate) goal: Goal<'a>,
    pub(crate) at: DateTime<Utc>,
    /// The groups that the user can join.
    pub(crate) groups: Arc<Candidates>,
    /// The number of grants in the licenses in force.
    pub(crate) grants: u64,
    pub(crate) purchases: Purchases,
}

/// Whether purchases are among the steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purchases {
    Considered,
    LeftOut,
}

/// The outcome of trying steps.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The steps are accepted, and the goal is reached.
    Helps,
    /// The steps are accepted, and the goal is not reached.
    DoesNotHelp,
    /// The steps are refused.
    Refused(RefusalReason),
}

impl<'a> Simulation<'a> {
    /// Returns a simulation for remedies by some plans of the catalog. `O(n)` in the groups of the
    /// tenant with their plans, and in its grants.
    pub(crate) fn new(of: &UnreachedGoal<'a>, plans: &[Alternative], purchases: Purchases) -> Self {
        let UnreachedGoal { goal, tenant, at, .. } = *of;
        let groups = Arc::new(Candidates::of(tenant, plans.iter().flat_map(|plans| plans.0.iter().copied())));
        let grants = many(tenant.core().granted().count());
        Self { tenant: tenant.clone(), goal, at: whole_second(at), groups, grants, purchases }
    }

    /// Returns the user's claims and groups; nothing for the organisation.
    pub(crate) fn held(&self) -> &UserEntitlements {
        let held = self.goal.user().and_then(|user| self.tenant.state().users.held(user));
        held.unwrap_or(&UserEntitlements::Nothing)
    }

    /// Returns the cost of trying steps: deciding and applying them on a copy, and a check.
    pub(crate) fn cost(&self, steps: &[Step]) -> u64 {
        let members = |group: &GroupId| self.tenant.core().groups.get(group).map_or(0, |group| many(group.size));
        let own = many(self.held().groups().len()).wrapping_div(4);
        let of_step = |step: &Step| match step {
            Step::Do(
                Command::Assign(Assignment { to: Assignee::Group(group), .. })
                | Command::Unassign(Unassignment { from: Assignee::Group(group), .. }),
            ) => members(group).saturating_add(own),
            Step::Do(_) => own,
            Step::Wait { .. } => 0,
            _ => self.grants.wrapping_div(4),
        };
        let sum = steps.iter().fold(0_u64, |sum, step| of_step(step).saturating_add(1).saturating_add(sum));
        sum.saturating_mul(2).saturating_add(TRIAL)
    }

    /// Returns the simulation at another instant.
    pub(crate) fn on(&self, at: DateTime<Utc>) -> Self {
        Self { at, ..self.clone() }
    }

    pub(crate) fn is_reached(&self) -> bool {
        self.goal.is_reached(&self.tenant, self.at)
    }

    /// Returns the user with the highest role, since remedies do not consider who may give a
    /// command.
    fn actor(&self) -> Actor {
        let user = self.goal.user().cloned().unwrap_or_else(UserId::of_some_administrator);
        Actor::new(user).with(Role::GlobalAdministrator)
    }

    /// Applies a step without deciding whether it is accepted.
    pub(crate) fn force(&mut self, step: &Step) {
        match step {
            Step::Do(command) => {
                let number = self.tenant.position().saturating_add(1);
                self.tenant.perform(&Event::new(number, self.at, self.actor(), vec![command.clone()]));
            }
            Step::Wait { until } => self.at = *until,
            Step::CompareClock { now, .. } => {
                self.tenant = self.tenant.corrected(*now);
                self.at = *now;
            }
            other => self.suppose(other),
        }
    }

    /// Adds a hypothesis for a step that is not a command of the tenant.
    fn suppose(&mut self, step: &Step) {
        let at = self.at;
        self.tenant.suppose(|hypothesis| match step {
            Step::Free { plan, seats } => hypothesis.freed.push((plan.clone(), seats.get().into())),
            Step::Buy { plan, units, .. } => {
                let grant = Grant::paid(plan.clone(), Units::Limited(*units), Term::perpetual(at));
                hypothesis.bought.push(grant);
            }
            Step::TakeList => hypothesis.list = at,
            Step::UseRelease { before, .. } => hypothesis.release = Some(Release::just_before(*before)),
            Step::Do(_) | Step::CompareClock { .. } | Step::Wait { .. } => {}
        });
    }

    /// Decides and applies steps in order.
    pub(crate) fn perform(&mut self, steps: &[Step]) -> Result<(), RefusalReason> {
        let mut list: Vec<Command> = Vec::new();
        for step in steps {
            match step {
                Step::Do(command) if command.is_by_the_user() => {
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

    /// Decides and applies the collected commands as one list, if there are any.
    fn decide(&mut self, list: &mut Vec<Command>) -> Result<(), RefusalReason> {
        let commands = core::mem::take(list);
        if commands.is_empty() {
            return Ok(());
        }
        let event = self.tenant.judge(&self.actor(), &commands, self.at).map_err(|refusal| refusal.reason)?;
        self.tenant.perform(&event);
        Ok(())
    }

    /// Returns the outcome of steps done in order.
    pub(crate) fn outcome(&self, steps: &[Step]) -> Outcome {
        let mut simulation = self.clone();
        match simulation.perform(steps) {
            Err(reason) => Outcome::Refused(reason),
            Ok(()) if simulation.is_reached() => Outcome::Helps,
            Ok(()) => Outcome::DoesNotHelp,
        }
    }

    /// Returns whether steps help if each is decided separately.
    pub(crate) fn helps_one_by_one(&self, steps: &[Step]) -> bool {
        let mut simulation = self.clone();
        steps.iter().all(|step| simulation.perform(core::slice::from_ref(step)).is_ok()) && simulation.is_reached()
    }
}
