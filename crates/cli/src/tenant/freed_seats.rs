//! The seats that commands free, and who gets them.

use std::collections::{BTreeMap, BTreeSet};

use entitle::chrono::{DateTime, Utc};
use entitle::command::Assignee;
use entitle::quantity::Place;
use entitle::query::Pool;
use entitle::{Command, PlanId, Tenant, UserId};

use serde_json::{Value, json};

use super::words::{count, id, list, seats};

/// The users of one plan whom commands took it from.
#[derive(Debug, Default)]
struct Freed {
    /// How many of them had a seat.
    seats: u64,
    users: usize,
    /// Whether each is gone by a command that shows the seats of the plan itself.
    is_shown: bool,
}

/// What became of the seats of a plan: in words, if there is something to say, and as JSON.
#[derive(Debug)]
pub(super) struct FreedSeats {
    pub(super) line: Option<String>,
    /// The same where no command shows the seats of the plan.
    pub(super) whole: String,
    /// The pool of the plan after them; none of a plan of which no user lost a claim.
    pool: Option<Pool>,
    pub(super) json: Value,
}

impl FreedSeats {
    /// Returns the JSON with the seats of the plan, which the whole line names.
    pub(super) fn whole_json(&self) -> Value {
        let mut json = self.json.clone();
        if let Some(fields) = json.as_object_mut() {
            fields.insert("pool".to_string(), json!(self.pool));
        }
        json
    }
}

/// Returns what becomes of each plan that users lose by commands, which are given with the tenant before and
/// after them. `O(log n)` for each user that the commands name.
pub(super) fn freed_seats(
    before: &Tenant,
    after: &Tenant,
    commands: &[&Command],
    now: DateTime<Utc>,
) -> Vec<FreedSeats> {
    let mut plans: BTreeMap<PlanId, Freed> = BTreeMap::new();
    let mut kept: BTreeMap<PlanId, BTreeSet<UserId>> = BTreeMap::new();
    let mut seen: BTreeSet<UserId> = BTreeSet::new();
    for command in commands {
        let taken = taken(before, command);
        for user in users(before, command) {
            if !seen.insert(user.clone()) {
                continue;
            }
            let claims = after.claims_of(&user, now);
            for claim in before.claims_of(&user, now) {
                if claims.iter().any(|other| other.plan == claim.plan) {
                    if taken.contains(claim.plan) {
                        kept.entry(claim.plan.clone()).or_default().insert(user.clone());
                    }
                    continue;
                }
                let freed = plans.entry(claim.plan.clone()).or_default();
                freed.seats = freed.seats.saturating_add(u64::from(claim.has_seat()));
                freed.users = freed.users.saturating_add(1);
                freed.is_shown |= matches!(command, Command::Unassign(_));
            }
        }
    }
    let lines = plans.iter().map(|(plan, freed)| of_plan(before, after, plan, freed, now));
    let kept = kept.iter().map(|(plan, users)| {
        let whole = format!("  {}: kept by {}, from another assignment", id(plan), list(users.iter().map(id)));
        let json = json!({ "plan": plan, "seats": 0, "to": [], "kept_by": users });
        FreedSeats { line: Some(whole.clone()), whole, pool: None, json }
    });
    lines.chain(kept).collect()
}

/// Returns the plans that a command takes from all members of a group, or from one.
fn taken(before: &Tenant, command: &Command) -> BTreeSet<PlanId> {
    match command {
        Command::Leave(membership) => {
            let group = before.group(&membership.group);
            group.iter().flat_map(|group| &group.plans).map(|plan| plan.plan.clone()).collect()
        }
        Command::Unassign(unassignment) => BTreeSet::from([unassignment.plan.clone()]),
        _ => BTreeSet::new(),
    }
}

/// Returns the users who may lose a plan by a command.
fn users(before: &Tenant, command: &Command) -> Vec<UserId> {
    match command {
        Command::Leave(membership) => vec![membership.user.clone()],
        Command::RemoveUser(user) => vec![user.clone()],
        Command::Unassign(unassignment) => match &unassignment.from {
            Assignee::User(user) => vec![user.clone()],
            Assignee::Group(group) => before.members(group).map(|user| user.to_id()).collect(),
        },
        _ => Vec::new(),
    }
}

fn of_plan(before: &Tenant, after: &Tenant, plan: &PlanId, freed: &Freed, now: DateTime<Utc>) -> FreedSeats {
    let waiting = before.queue_from(plan, Place::behind(before.pool(plan, now).seated));
    // Who waits may lose the plan by the same commands.
    let most = usize::try_from(freed.seats).unwrap_or(usize::MAX).saturating_add(freed.users);
    let waiting = waiting.take(most).map(|(_, user)| user.to_id());
    let to: Vec<UserId> = waiting.filter(|user| has_seat(after, user, plan, now)).collect();
    let number = if freed.seats == 0 { "no seat".to_string() } else { count(freed.seats, "seat") };
    let whom = if to.is_empty() { String::new() } else { format!(" for {}", list(to.iter().map(id))) };
    let short = format!("  {}: {number} freed{whom}", id(plan));
    let whole = format!("{short}, {}", seats(after, plan, now));
    let line = match (freed.is_shown, to.is_empty()) {
        (true, true) => None,
        (true, false) => Some(short),
        (false, _) => Some(whole.clone()),
    };
    let pool = after.pool(plan, now);
    let json = json!({ "plan": plan, "seats": freed.seats, "to": to, "kept_by": [] });
    FreedSeats { line, whole, pool: Some(pool), json }
}

fn has_seat(tenant: &Tenant, user: &UserId, plan: &PlanId, now: DateTime<Utc>) -> bool {
    tenant.claims_of(user, now).iter().any(|claim| claim.plan == plan && claim.has_seat())
}
