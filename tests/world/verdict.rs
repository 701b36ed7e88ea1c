//! What the rules say of a list of commands: refused or not, judged by the state it leads to (S6).

use chrono::{DateTime, Utc};
use entitle::{Assignee, Basis, Command, GroupId, Phase, Plan, PlanId, Scope, Terms, TrialName, UserId};
use std::collections::BTreeSet;

use super::facts::Facts;
use super::oracle::{Oracle, excludes};

/// What becomes of a list of commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    Admitted,
    /// By this command or, where several are refused by the state after the last, an earlier one; for such a reason.
    Refused(usize, &'static str),
    /// The rules do not say: a plan goes out of effect by a direct removal and by something else together, or what is
    /// assigned and taken away again in one list could not have been assigned.
    Open,
}

use Verdict::{Admitted, Open, Refused};

/// Judges a list that an administrator gives who may do everything.
pub(crate) fn judge(before: &Oracle<'_>, position: u64, commands: &[Command], now: DateTime<Utc>) -> Verdict {
    let mut facts = before.facts().clone();
    facts.begin(now);
    let was_at = facts.floor;
    for (index, command) in commands.iter().enumerate() {
        if let Err(code) = admits(&facts, command) {
            return Refused(index, code);
        }
        facts.perform(command);
    }
    facts.finish(position + 1);
    // A ticket in the list may have set the time back, but not before the clock's.
    facts.floor = facts.floor.max(now);
    let after = Oracle::of(facts);
    let mut verdict = Admitted;
    for (index, command) in commands.iter().enumerate() {
        let found = match command {
            Command::Assign(to) => match &to.to {
                Assignee::User(user) => assignment(before, &after, user, &to.plan),
                Assignee::Group(_) => Ok(()),
            },
            Command::Unassign(from) => match &from.from {
                Assignee::User(user) => match removal(before, was_at, &after, user, &from.plan, commands) {
                    Some(true) => Err("refusal.still-required"),
                    Some(false) => Ok(()),
                    None => {
                        verdict = Open;
                        Ok(())
                    }
                },
                Assignee::Group(_) => Ok(()),
            },
            _ => Ok(()),
        };
        if let Err(code) = found {
            return Refused(index, code);
        }
    }
    verdict
}

/// What must or must not be there, asked of each command in its turn.
fn admits(facts: &Facts<'_>, command: &Command) -> Result<(), &'static str> {
    let ask = |pass: bool, code| if pass { Ok(()) } else { Err(code) };
    match command {
        Command::Install(token) => {
            let paper = facts.world.papers.iter().find(|paper| paper.token == *token);
            ask(paper.is_some_and(|paper| facts.takes(paper)), "install")
        }
        Command::Revoke(token) => {
            let sheet = facts.world.sheets.iter().find(|sheet| sheet.token == *token);
            ask(sheet.is_some_and(|sheet| facts.takes_list(sheet)), "install")
        }
        Command::CorrectTime(token) => {
            let slip = facts.world.slips.iter().find(|slip| slip.token == *token);
            ask(slip.is_some_and(|slip| facts.takes_ticket(slip)), "install")
        }
        Command::Assign(to) => {
            let plan = facts.world.offer.plans.iter().find(|plan| plan.id == to.plan).ok_or("refusal.unknown-plan")?;
            ask(plan.scope == Scope::User, "refusal.not-assignable")?;
            ask(to.except.iter().all(|app| plan.apps.contains(app)), "refusal.not-an-app-of-it")
        }
        Command::Unassign(from) => match &from.from {
            _ if facts.has(&from.from, &from.plan) => Ok(()),
            Assignee::User(user) if !facts.sources(user, &from.plan).is_empty() => Err("refusal.inherited"),
            _ => Err("refusal.no-such-assignment"),
        },
        Command::Join(_) | Command::Mark => Ok(()),
        Command::Leave(who) => ask(facts.groups_of(&who.user).contains(&who.group), "refusal.no-such-member"),
        Command::RemoveUser(user) => {
            let direct = facts.assigned().any(|(to, _)| *to == Assignee::User(user.clone()));
            ask(direct || !facts.groups_of(user).is_empty(), "refusal.no-such-user")
        }
        Command::RemoveGroup(group) => removable(facts, group),
        Command::StartTrial(name) => may_start(facts, name),
        Command::ExtendTrial(name) => may_extend(facts, name),
        other => panic!("the oracle does not know {other:?}"),
    }
}

/// A group that has plans stays (G5); one that nobody named is not there.
fn removable(facts: &Facts<'_>, group: &GroupId) -> Result<(), &'static str> {
    let has_plans = facts.assigned().any(|(to, _)| *to == Assignee::Group(group.clone()));
    let has_members = facts.members().any(|(other, _)| other == group);
    match (has_plans, has_members) {
        (true, _) => Err("refusal.group-has-plans"),
        (false, true) => Ok(()),
        (false, false) => Err("refusal.no-such-group"),
    }
}

fn may_start(facts: &Facts<'_>, name: &TrialName) -> Result<(), &'static str> {
    let (trial, life) = facts.trial(name).ok_or("refusal.no-such-trial")?;
    let (at, window) = (facts.floor, trial.may_start);
    match () {
        () if facts.is_started(name) => Err("refusal.trial-used"),
        () if at < window.opens() || at >= window.closes() => Err("refusal.outside-the-window"),
        () if life.phase(at) != Phase::NotStarted => Err("refusal.trial-ended"),
        () => Ok(()),
    }
}

fn may_extend(facts: &Facts<'_>, name: &TrialName) -> Result<(), &'static str> {
    let (_, life) = facts.trial(name).ok_or("refusal.no-such-trial")?;
    let at = facts.floor;
    let lives = facts.lives();
    let mut grants = lives[&name.plan].iter();
    match () {
        () if life.phase(at) != Phase::Active => Err("refusal.trial-not-active"),
        () if grants.any(|(grant, life)| matches!(grant.terms, Terms::Paid(_)) && life.phase(at).is_usable()) => {
            Err("refusal.bought")
        }
        () if facts.extensions_left(name) == 0 => Err("refusal.no-extension-left"),
        () => Ok(()),
    }
}

/// A direct assignment that is there afterwards and was not before needs a place within the usable units, or a seat that
/// the claim holds anyway (S2), and what the plan requires (S7).
fn assignment(before: &Oracle<'_>, after: &Oracle<'_>, user: &UserId, id: &PlanId) -> Result<(), &'static str> {
    let direct = Assignee::User(user.clone());
    let is_kept = before.claimed(user, id).is_some_and(|event| after.claimed(user, id) == Some(event));
    if !after.has(&direct, id) || (is_kept && before.has(&direct, id)) {
        return Ok(());
    }
    let (at, plan, place) = (after.floor, after.plan(id), after.place(user, id).unwrap());
    let holds_a_seat = is_kept && after.reach(id, Basis::Tolerance, at).reaches(place);
    if !holds_a_seat && !after.reach(id, Basis::Grace, at).reaches(place) {
        return Err("refusal.no-free-unit");
    }
    // Any claim on a plan that excludes it, earlier or later (S8).
    if before.world.offer.plans.iter().any(|other| excludes(plan, other) && after.claimed(user, &other.id).is_some()) {
        return Err("refusal.excluded");
    }
    if after.unmet(plan, user, at).is_some() { Err("refusal.requirement-not-met") } else { Ok(()) }
}

/// Whether a direct removal puts another plan of the user out of effect (S7).
fn removal(
    before: &Oracle<'_>,
    was_at: DateTime<Utc>,
    after: &Oracle<'_>,
    user: &UserId,
    id: &PlanId,
    commands: &[Command],
) -> Option<bool> {
    let offer = &before.world.offer;
    let Some(removed) = offer.plans.iter().find(|plan| plan.id == *id) else { return Some(false) };
    let had = |plan: &Plan| before.in_effect(before.plan(&plan.id), user, was_at);
    let has = |plan: &Plan| after.in_effect(after.plan(&plan.id), user, after.floor);
    let unassigned: BTreeSet<&PlanId> = commands
        .iter()
        .filter_map(|command| match command {
            Command::Unassign(from) if from.from == Assignee::User(user.clone()) => Some(&from.plan),
            _ => None,
        })
        .collect();
    let is_direct = |plan: &Plan| unassigned.contains(&plan.id);
    let others = offer.plans.iter().filter(|plan| plan.id != *id && after.claimed(user, &plan.id).is_some());
    let lost: Vec<&Plan> = others.filter(|plan| needs(before, plan, id) && had(plan) && !has(plan)).collect();
    let with_them = |plan: &Plan| would(after, plan, user, &|plan| is_direct(plan) && had(plan));
    match () {
        () if lost.is_empty() => Some(false),
        // Something else in the list took the other plan out of effect.
        () if !had(removed) || has(removed) => Some(false),
        () if lost.iter().any(|plan| !is_direct(plan) && with_them(plan)) => Some(true),
        () => None,
    }
}

/// Whether a plan requires another, directly or through others.
pub(crate) fn needs(oracle: &Oracle<'_>, plan: &Plan, other: &PlanId) -> bool {
    plan.requires.iter().flatten().any(|id| id == other || needs(oracle, oracle.plan(id), other))
}

/// Whether a plan would be in effect afterwards, were some others so.
fn would(after: &Oracle<'_>, plan: &Plan, user: &UserId, given: &dyn Fn(&Plan) -> bool) -> bool {
    let met = |id: &PlanId| given(after.plan(id)) || would(after, after.plan(id), user, given);
    after.works(plan, user, after.floor) && plan.requires.iter().all(|any| any.iter().any(met))
}
