//! What the rules say of a list of commands: refused or not, judged by the state it leads to (S6).

use chrono::{DateTime, Utc};
use core::ops::Deref;
use entitle::catalog::{Plan, Scope};
use entitle::command::{Assignee, ClaimPolicy, TrialName};
use entitle::explain::Basis;
use entitle::license::GrantKind;
use entitle::limits::MAX_GROUPS;
use entitle::testing::{Facts, Oracle, excludes};
use entitle::time::Phase;
use entitle::{Command, GroupId, PlanId, UserId};
use std::collections::BTreeSet;

use super::{admin, is_dated_by};

/// What becomes of a list of commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    Admitted,
    /// By this command or, where several are refused by the state after the last, an earlier one; for such a reason.
    Refused(usize, &'static str),
    /// Decided by tables alone: what a sign-up needs (T2, T3) and what a draw needs (M3). Or the rules do not say: a plan goes out of effect by a direct removal and by something else together, or what is
    /// assigned and taken away again in one list could not have been assigned.
    Open,
}

use Verdict::{Admitted, Open, Refused};

/// What the rules make of a record, at an instant.
struct At<'a> {
    oracle: &'a Oracle,
    at: DateTime<Utc>,
}

impl Deref for At<'_> {
    type Target = Oracle;

    fn deref(&self) -> &Oracle {
        self.oracle
    }
}

/// Judges a list that an administrator gives who may do everything.
pub(crate) fn judge(oracle: &Oracle, position: u64, commands: &[Command], now: DateTime<Utc>) -> Verdict {
    // What they install may decide on documents that the record has already (X5, X10).
    let facts = oracle.facts();
    let is_decided_by_lists = facts.certifies_more_than_licenses() || facts.has_tickets();
    let decides = |command: &Command| match command {
        Command::InstallCertificate(_) => true,
        Command::InstallRevocationList(_) => is_decided_by_lists,
        _ => false,
    };
    if !is_judged(commands) || commands.iter().any(decides) {
        return Open;
    }
    let mut facts = oracle.facts().clone();
    facts.begin(now);
    let before = At { oracle, at: facts.floor() };
    for (index, command) in commands.iter().enumerate() {
        if matches!(command, Command::CorrectTime(_)) && commands.len() > 1 {
            return Refused(index, "refusal.ticket-not-alone");
        }
        if let Err(code) = admits(&facts, command, now) {
            return Refused(index, code);
        }
        facts.perform(&admin().user, command);
    }
    facts.finish(position + 1);
    let oracle = &Oracle::from(facts);
    // A document in the list may be evidence of a later time.
    let after = At { oracle, at: oracle.floor().max(now) };
    let mut verdict = Admitted;
    for (index, command) in commands.iter().enumerate() {
        let found = match command {
            Command::Assign(to) => match &to.to {
                Assignee::User(user) => assignment(&before, &after, user, &to.plan),
                Assignee::Group(_) => Ok(()),
            },
            Command::ClaimSeat(plan) => assignment(&before, &after, &admin().user, plan),
            Command::Unassign(from) => match &from.from {
                Assignee::User(user) => match removal(&before, &after, user, &from.plan, commands) {
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

/// Whether no table is needed to judge a list.
pub(crate) fn is_judged(commands: &[Command]) -> bool {
    !commands.iter().any(|command| matches!(command, Command::SignUp(_) | Command::Consume(_)))
}

/// What must or must not be there, asked of each command in its turn.
fn admits(facts: &Facts, command: &Command, now: DateTime<Utc>) -> Result<(), &'static str> {
    let ask = |pass: bool, code| if pass { Ok(()) } else { Err(code) };
    match command {
        Command::Install(token) | Command::InstallRevocationList(token) | Command::CorrectTime(token) => {
            let (is_taken, issued) = match command {
                Command::Install(_) => (facts.takes(token), facts.issued(token)),
                Command::InstallRevocationList(_) => (facts.takes_list(token), facts.list_issued(token)),
                _ => (facts.takes_ticket(token), facts.ticket_issued(token)),
            };
            ask(is_taken && issued.is_some_and(|issued| is_dated_by(issued, now)), "install")
        }
        Command::ClaimSeat(plan) => {
            ask(facts.is_claimable(plan), "refusal.claims-off")?;
            user_plan(facts, plan)?;
            ask(facts.may_have(&Assignee::User(admin().user), plan), "refusal.too-many-plans")?;
            ask(facts.sources(&admin().user, plan).is_empty(), "refusal.has-it-already")
        }
        Command::SetClaimOnFirstUse(setting) => match setting.policy {
            ClaimPolicy::Allowed => user_plan(facts, &setting.plan).map(|_| ()),
            ClaimPolicy::Off => Ok(()),
        },
        Command::Assign(to) => {
            let plan = user_plan(facts, &to.plan)?;
            ask(to.except.iter().all(|app| plan.apps.contains(app)), "refusal.not-an-app-of-it")?;
            ask(facts.may_have(&to.to, &to.plan), "refusal.too-many-plans")
        }
        Command::Unassign(from) => match &from.from {
            _ if facts.has(&from.from, &from.plan) => Ok(()),
            Assignee::User(user) if !facts.sources(user, &from.plan).is_empty() => Err("refusal.inherited"),
            _ => Err("refusal.no-such-assignment"),
        },
        Command::Join(who) => {
            let groups = facts.groups_of(&who.user);
            ask(groups.len() < MAX_GROUPS || groups.contains(&who.group), "refusal.too-many-groups")
        }
        Command::SetSignUps(_) | Command::RecordTime => Ok(()),
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

/// A plan of the catalog that is assigned to users (S1).
fn user_plan<'a>(facts: &'a Facts, id: &PlanId) -> Result<&'a Plan, &'static str> {
    let plan = facts.offer().plans.iter().find(|plan| plan.id == *id).ok_or("refusal.unknown-plan")?;
    if plan.scope == Scope::User { Ok(plan) } else { Err("refusal.not-assignable") }
}

/// A group that has plans stays (G5); one that nobody named is not there.
fn removable(facts: &Facts, group: &GroupId) -> Result<(), &'static str> {
    let has_plans = facts.assigned().any(|(to, _)| *to == Assignee::Group(group.clone()));
    let has_members = facts.members().any(|(other, _)| other == group);
    match (has_plans, has_members) {
        (true, _) => Err("refusal.group-has-plans"),
        (false, true) => Ok(()),
        (false, false) => Err("refusal.no-such-group"),
    }
}

fn may_start(facts: &Facts, name: &TrialName) -> Result<(), &'static str> {
    let (trial, timeline) = facts.trial(name).ok_or("refusal.no-such-trial")?;
    let (at, window) = (facts.floor(), trial.may_start);
    match () {
        () if facts.is_started(name) => Err("refusal.trial-used"),
        () if at < window.opens() || at >= window.closes() => Err("refusal.outside-the-window"),
        () if timeline.phase(at) != Phase::NotStarted => Err("refusal.trial-ended"),
        () => Ok(()),
    }
}

fn may_extend(facts: &Facts, name: &TrialName) -> Result<(), &'static str> {
    let (_, timeline) = facts.trial(name).ok_or("refusal.no-such-trial")?;
    let at = facts.floor();
    let timelines = facts.timelines();
    let mut grants = timelines[&name.plan].iter();
    match () {
        () if timeline.phase(at) != Phase::Active => Err("refusal.trial-not-active"),
        () if grants
            .any(|(grant, timeline)| matches!(grant.kind, GrantKind::Paid(_)) && timeline.phase(at).is_usable()) =>
        {
            Err("refusal.bought")
        }
        () if facts.extensions_left(name) == 0 => Err("refusal.no-extension-left"),
        () => Ok(()),
    }
}

/// A direct assignment that is there afterwards and was not before needs a place within the usable units, or a seat that
/// the claim holds anyway (S2), and what the plan requires (S7).
fn assignment(before: &At<'_>, after: &At<'_>, user: &UserId, id: &PlanId) -> Result<(), &'static str> {
    let direct = Assignee::User(user.clone());
    let is_kept = before.claimed(user, id).is_some_and(|event| after.claimed(user, id) == Some(event));
    if !after.has(&direct, id) || (is_kept && before.has(&direct, id)) {
        return Ok(());
    }
    let (at, plan, place) = (after.at, after.plan(id).unwrap(), after.place(user, id).unwrap());
    let holds_a_seat = is_kept && after.reach(id, Basis::Tolerance, at).reaches(place);
    if !holds_a_seat && !after.reach(id, Basis::Grace, at).reaches(place) {
        let has_units = after.shut(id, at).is_none();
        return Err(if has_units { "refusal.no-free-unit" } else { "refusal.no-usable-units" });
    }
    // Any claim on a plan that excludes it, earlier or later (S8).
    if before.offer().plans.iter().any(|other| excludes(plan, other) && after.claimed(user, &other.id).is_some()) {
        return Err("refusal.excluded");
    }
    if after.unmet(plan, user, at).is_some() { Err("refusal.requirement-not-met") } else { Ok(()) }
}

/// Whether a direct removal puts another plan of the user out of effect (S7). What ends by the time that the list leads
/// to is ended by time.
fn removal(before: &At<'_>, after: &At<'_>, user: &UserId, id: &PlanId, commands: &[Command]) -> Option<bool> {
    let offer = before.offer();
    let Some(removed) = offer.plans.iter().find(|plan| plan.id == *id) else { return Some(false) };
    let had = |plan: &Plan| before.in_effect(before.plan(&plan.id).unwrap(), user, after.at);
    let has = |plan: &Plan| after.in_effect(after.plan(&plan.id).unwrap(), user, after.at);
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
pub(crate) fn needs(oracle: &Oracle, plan: &Plan, other: &PlanId) -> bool {
    plan.requires.iter().flatten().any(|id| id == other || needs(oracle, oracle.plan(id).unwrap(), other))
}

/// Whether a plan would be in effect afterwards, were some others so.
fn would(after: &At<'_>, plan: &Plan, user: &UserId, given: &dyn Fn(&Plan) -> bool) -> bool {
    let met = |id: &PlanId| given(after.plan(id).unwrap()) || would(after, after.plan(id).unwrap(), user, given);
    after.works(plan, user, after.at) && plan.requires.iter().all(|any| any.iter().any(met))
}
