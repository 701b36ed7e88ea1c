//! Steps as somebody does them for real: with licenses and lists that are signed, and users who are taken out of lines.

use chrono::{DateTime, TimeDelta, Utc};
use core::num::NonZeroU32;
use entitle::catalog::Release;
use entitle::command::{Assignee, Assignment, SignUpPolicy, TrialName};
use entitle::license::{Fallback, GrantKind, PaidTerms, RevocationListDraft};
use entitle::query::DocumentStatus;
use entitle::remedy::Step;
use entitle::{Actor, Command, Deal, Event, Grant, GroupId, LicenseId, PlanId, Role, Tenant, Term, Units, UserId};

use std::collections::BTreeSet;

use super::goals::Goal;
use super::test_licenses::{Signer, licensee};
use super::{GROUPS, World, decide, group, replay};

/// What somebody can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Attempt {
    Do(Command),
    Buy(PlanId, u32),
    Free(PlanId, u32),
    TakeList,
    UseRelease(DateTime<Utc>),
    Wait(DateTime<Utc>),
}

impl Attempt {
    pub(crate) fn of(step: &Step) -> Self {
        match step {
            Step::Do(command) => Self::Do(command.clone()),
            Step::Free { plan, seats } => Self::Free(plan.clone(), seats.get()),
            Step::Buy { plan, units, .. } => Self::Buy(plan.clone(), units.get()),
            Step::TakeList => Self::TakeList,
            Step::UseRelease { before, .. } => Self::UseRelease(*before),
            Step::Wait { until } => Self::Wait(*until),
            other => panic!("{other:?}"),
        }
    }

    /// What it is, without how many, until when and what stays off.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Do(Command::Assign(Assignment { to, plan, .. })) => match to {
                Assignee::User(user) => format!("assign {plan} to the user {user}"),
                Assignee::Group(group) => format!("assign {plan} to the group {group}"),
            },
            Self::Do(command) => format!("{command:?}"),
            Self::Buy(plan, _) => format!("buy {plan}"),
            Self::Free(plan, _) => format!("free {plan}"),
            Self::TakeList => "take a list".to_string(),
            Self::UseRelease(_) => "use another release".to_string(),
            Self::Wait(_) => "wait".to_string(),
        }
    }

    /// The same with one less, where that is something.
    pub(crate) fn fewer(&self) -> Option<Self> {
        match self {
            Self::Buy(plan, units) => (*units > 1).then(|| Self::Buy(plan.clone(), units - 1)),
            Self::Free(plan, seats) => (*seats > 1).then(|| Self::Free(plan.clone(), seats - 1)),
            _ => None,
        }
    }
}

/// Everything that can be done: each kind of command over the user, the plans, the groups and the trials that there are, but to
/// remove the user; for each plan a purchase that is large enough, and all seats of others freed.
pub(crate) fn attempts(world: &World, stage: &Stage<'_>) -> Vec<Attempt> {
    let user = &stage.goal.user();
    let mut commands = vec![Command::RecordTime];
    commands.extend([SignUpPolicy::Allowed, SignUpPolicy::Off].map(Command::SetSignUps));
    let groups: Vec<&str> = GROUPS.into_iter().filter(|name| stage.has_group(name)).collect();
    for &name in &groups {
        commands.push(Command::RemoveGroup(group(name)));
        commands.push(Command::join(user.clone(), group(name)));
        commands.push(Command::leave(user.clone(), group(name)));
    }
    let mut attempts = vec![Attempt::TakeList];
    attempts.extend(fallbacks(world).into_iter().map(Attempt::UseRelease));
    for plan in world.offer.plans.iter().map(|plan| &plan.id) {
        let assignees = groups.iter().map(|name| Assignee::Group(group(name))).chain([Assignee::User(user.clone())]);
        for who in assignees {
            commands.push(Command::assign_except(who.clone(), plan.clone(), Vec::new()));
            commands.push(match who {
                Assignee::User(user) => Command::unassign(user, plan.clone()),
                Assignee::Group(group) => Command::unassign_group(group, plan.clone()),
            });
        }
        let mut licenses: Vec<LicenseId> =
            world.test_licenses.iter().map(|test_license| test_license.deal.id).collect();
        licenses.sort_unstable();
        licenses.dedup();
        for license in licenses {
            let name = TrialName::new(license, plan.clone());
            commands.extend([Command::StartTrial, Command::ExtendTrial].map(|it| it(name.clone())));
            // What users do for themselves is no step of the organisation.
            if !matches!(stage.goal, Goal::TenantQuota(..)) {
                commands.push(Command::SignUp(name));
            }
        }
        commands.push(Command::ClaimSeat(plan.clone()));
        attempts.push(Attempt::Buy(plan.clone(), 100));
        let others = stage.tenant.queue(plan).filter(|other| *other != user).count();
        if others > 0 {
            attempts.push(Attempt::Free(plan.clone(), u32::try_from(others).unwrap()));
        }
    }
    attempts.extend(commands.into_iter().map(Attempt::Do));
    attempts
}

/// The fallbacks of all grants.
fn fallbacks(world: &World) -> BTreeSet<DateTime<Utc>> {
    let grants = world.test_licenses.iter().flat_map(|test_license| &test_license.deal.grants);
    let fallbacks = grants.filter_map(|grant| match &grant.kind {
        GrantKind::Paid(PaidTerms { fallback: Fallback::Before(before), .. }) => Some(*before),
        GrantKind::Paid(_) | GrantKind::Trial(_) => None,
    });
    fallbacks.collect()
}

/// What becomes of the rest that somebody had from a group whose plan they give up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rest {
    /// They leave the group and have nothing from it any more, as it goes.
    Goes,
    /// They have it by themself then, in its place: no more is freed than the plan.
    Stays,
}

/// A tenant, and what is wanted of it when.
pub(crate) struct Stage<'a> {
    pub(crate) tenant: &'a Tenant,
    pub(crate) goal: &'a Goal,
    pub(crate) at: DateTime<Utc>,
}

impl<'a> Stage<'a> {
    pub(crate) fn new(tenant: &'a Tenant, goal: &'a Goal, at: DateTime<Utc>) -> Self {
        Self { tenant, goal, at }
    }

    /// Whether a group has members or plans.
    fn has_group(&self, name: &str) -> bool {
        let removed = decide(self.tenant, &self.actor(), &[Command::RemoveGroup(group(name))], self.at);
        !matches!(removed, Err(refusal) if refusal.code() == "refusal.no-such-group")
    }

    /// The user, with the roles for everything but what the host does.
    fn actor(&self) -> Actor {
        Actor::new(self.goal.user()).with(Role::GlobalAdministrator).with(Role::Host)
    }

    /// Whether attempts may be done in this order, commands that follow each other as one list except for a sign-up, and what is
    /// wanted is there then.
    pub(crate) fn helps(&self, attempts: &[&Attempt], rest: Rest) -> bool {
        let (mut tenant, mut at) = (self.tenant.clone(), self.at);
        let lists = |attempts: &[&Attempt]| {
            let mut lists: Vec<Vec<Attempt>> = Vec::new();
            for &attempt in attempts {
                let is_plain = |attempt: &Attempt| matches!(attempt, Attempt::Do(command) if !matches!(command, Command::SignUp(_) | Command::ClaimSeat(_)));
                match lists.last_mut() {
                    Some(list) if is_plain(attempt) && is_plain(&list[0]) => list.push(attempt.clone()),
                    _ => lists.push(vec![attempt.clone()]),
                }
            }
            lists
        };
        for list in lists(attempts) {
            let commands = match &list[0] {
                Attempt::Wait(date) => {
                    at = *date;
                    continue;
                }
                Attempt::Free(plan, seats) => {
                    if !self.free(&mut tenant, at, (plan, *seats), rest) {
                        return false;
                    }
                    continue;
                }
                Attempt::UseRelease(before) => {
                    tenant = tenant.in_release(Release::of(*before - TimeDelta::seconds(1)));
                    continue;
                }
                Attempt::Buy(plan, units) => vec![Command::Install(buy(plan, *units, at))],
                Attempt::TakeList => vec![Command::InstallRevocationList(recent(&tenant, at))],
                Attempt::Do(_) => {
                    let command = |attempt: &Attempt| match attempt {
                        Attempt::Do(command) => command.clone(),
                        other => panic!("{other:?}"),
                    };
                    list.iter().map(command).collect()
                }
            };
            let Ok(event) = decide(&tenant, &self.actor(), &commands, at) else {
                return false;
            };
            tenant = replay(tenant, &[event]);
        }
        self.goal.is_reached(&tenant, at)
    }

    /// Whether a group has a plan.
    fn gives(&self, tenant: &Tenant, name: &GroupId, plan: &PlanId) -> bool {
        let command = Command::unassign_group(name.clone(), plan.clone());
        let taken = decide(tenant, &self.actor(), &[command], self.at);
        !matches!(taken, Err(refusal) if refusal.code() == "refusal.no-such-assignment")
    }

    /// Takes the first so many others out of a line, whatever they need it for.
    fn free(&self, tenant: &mut Tenant, at: DateTime<Utc>, (plan, seats): (&PlanId, u32), rest: Rest) -> bool {
        let others = tenant.queue(plan).filter(|other| *other != self.goal.user()).map(|other| other.to_id());
        let others: Vec<UserId> = others.take(usize::try_from(seats).unwrap()).collect();
        for other in &others {
            let plans: Vec<PlanId> = tenant.catalog().offer().plans.iter().map(|plan| plan.id.clone()).collect();
            let mut commands = vec![Command::unassign(other.clone(), plan.clone())];
            for name in GROUPS.map(group) {
                if self.gives(tenant, &name, plan) && tenant.members(&name).any(|member| member == other) {
                    commands.push(Command::leave(other.clone(), name));
                    let kept = plans.iter().filter(|kept| *kept != plan && rest == Rest::Stays);
                    let kept = kept.filter(|kept| tenant.queue(kept).any(|user| user == other));
                    commands.extend(kept.map(|kept| Command::assign(other.clone(), kept.clone())));
                }
            }
            let event = Event::new(tenant.position() + 1, at, Actor::new(other.clone()), commands);
            *tenant = replay(tenant.clone(), &[event]);
        }
        others.len() == usize::try_from(seats).unwrap()
    }
}

/// A license for so many units more, from now on; by a key that no list revokes.
fn buy(plan: &PlanId, units: u32, at: DateTime<Utc>) -> entitle::Token {
    let seller = entitle::catalog::Offer::new(
        "publisher".parse().unwrap(),
        "product".parse().unwrap(),
        entitle::catalog::Management::Unmanaged,
    );
    let mut id = [0xEE; 16];
    id[..plan.as_str().len().min(15)].copy_from_slice(&plan.as_str().as_bytes()[..plan.as_str().len().min(15)]);
    let deal = Deal::new(LicenseId::from_random(id), &seller, licensee("contoso"), at);
    let grant = Grant::paid(plan.clone(), Units::limited(units).unwrap(), Term::perpetual(at));
    Signer::ForTenants.key().seal(&deal.with(grant)).unwrap()
}

/// A list of today that ends what the list before of its key has ended.
fn recent(tenant: &Tenant, at: DateTime<Utc>) -> entitle::Token {
    let signer = Signer::ForLists;
    let before = tenant.documents().find_map(|document| match document.status {
        DocumentStatus::Revokes(list) if list.key() == signer.id() => Some(list.revocations().clone()),
        _ => None,
    });
    let mut list =
        before.unwrap_or_else(|| RevocationListDraft::new("publisher".parse().unwrap(), NonZeroU32::MIN, at));
    (list.sequence, list.issued) = (NonZeroU32::MAX, at);
    signer.key().seal_list(&list).unwrap()
}
