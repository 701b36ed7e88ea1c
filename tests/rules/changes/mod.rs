//! X7: what differs between two values of a tenant, compared with the full lists of both.

mod any_two_values;
mod order;

use std::collections::{BTreeMap, BTreeSet};

use entitle::audit::TenantChange;
use entitle::capacity::Consumption;
use entitle::command::{Assignee, Assignment, ClaimPolicy, Membership, SignUpPolicy, TrialName, Unassignment};
use entitle::license::{Licensee, RevocationListDraft, TimeTicketDraft};
use entitle::quantity::{Amount, Quantity};
use entitle::time::{Length, Month};
use entitle::token::Kind;
use entitle::{Command, Entry, Grant, GroupId, LicenseId, PlanId, Tenant, TicketId, Token, UserId};

use crate::support::{Scenario, Vendor, assign, day, days, paid, units, window};

const PLANS: [&str; 5] = ["bronze", "silver", "gold", "copper", "pages"];

fn plan(plan: &str) -> PlanId {
    plan.parse().unwrap()
}

fn assignment(to: Assignee, plan: &PlanId, except: Vec<entitle::AppId>) -> Assignment {
    match Command::assign_except(to, plan.clone(), except) {
        Command::Assign(assignment) => assignment,
        other => unreachable!("{other:?}"),
    }
}

fn unassignment(from: Assignee, plan: &PlanId) -> Unassignment {
    let command = match from {
        Assignee::User(user) => Command::unassign(user, plan.clone()),
        Assignee::Group(group) => Command::unassign_group(group, plan.clone()),
    };
    match command {
        Command::Unassign(unassignment) => unassignment,
        other => unreachable!("{other:?}"),
    }
}

fn membership(user: &UserId, group: &GroupId) -> Membership {
    match Command::join(user.clone(), group.clone()) {
        Command::Join(membership) => membership,
        other => unreachable!("{other:?}"),
    }
}

fn trial(license: u8, name: &str) -> TrialName {
    TrialName::new(LicenseId::from_random([license; 16]), plan(name))
}

fn consume(id: u8, consumer: u8, month: u8, name: &str) -> Command {
    let month: Month = format!("2026-0{}", month % 3 + 1).parse().unwrap();
    let (id, consumer) = (format!("id-{id}").parse().unwrap(), format!("bot-{consumer}").parse().unwrap());
    let amount = Amount::millionths(500_000).unwrap();
    Command::Consume(Consumption::new(plan(name), id, consumer, month, amount))
}

/// Documents: two licenses, a list, a ticket, and a license that does not verify.
fn documents() -> Vec<Token> {
    let (vendor, trial) =
        (Vendor::fabrikam(), |name| Grant::trial(plan(name), units(2), window(0, 300), Length::days(100).unwrap()));
    let mut second = vendor.deal_for("contoso").with(paid("silver", 9, days(0, 300)));
    second.revision = 2.try_into().unwrap();
    let list = RevocationListDraft::new("fabrikam".parse().unwrap(), 1.try_into().unwrap(), day(-1));
    let id = TicketId::from_random([1; 16]);
    let ticket = TimeTicketDraft::new(id, vendor.catalog.offer(), "contoso".parse().unwrap(), day(0));
    let stranger = entitle::SecretKey::from_seed(&entitle::Zeroizing::new([9; 32]));
    vec![
        vendor.seal(&vendor.deal_for("contoso").with(trial("bronze")).with(paid("gold", 9, days(0, 300)))),
        vendor.seal(&second),
        vendor.secret.seal_list(&list).unwrap(),
        vendor.secret.seal_ticket(&ticket).unwrap(),
        stranger.seal(&vendor.deal(2, Licensee::Anyone).with(trial("gold"))).unwrap(),
    ]
}

/// What a record holds, as full lists: read from the tenant, or for what no question of a tenant
/// lists, from the commands.
#[derive(Debug, Clone, Default)]
struct Lists {
    assignments: BTreeMap<(Assignee, PlanId), Vec<entitle::AppId>>,
    members: BTreeSet<(UserId, GroupId)>,
    documents: Vec<(Kind, Token)>,
    trials: BTreeMap<TrialName, usize>,
    consumption: BTreeMap<(PlanId, Month, entitle::ConsumerId), Quantity>,
    sign_ups: Option<SignUpPolicy>,
    claimable: BTreeSet<PlanId>,
}

impl Lists {
    fn of(tenant: &Tenant, entries: &[Entry]) -> Self {
        let mut lists = Self { sign_ups: Some(tenant.sign_ups()), ..Self::default() };
        let users = tenant.user_index();
        for user in users.users("").map(|user| user.to_id()) {
            for claim in tenant.claims_of(&user, day(0)) {
                let direct = claim.sources.iter().find(|source| source.from == Assignee::User(user.clone()));
                if let Some(source) = direct {
                    lists.assignments.insert((user.clone().into(), claim.plan.clone()), source.except.to_vec());
                }
            }
            lists.members.extend(tenant.groups_of(&user).iter().map(|group| (user.clone(), group.clone())));
        }
        for group in tenant.group_index().groups("") {
            for plan in tenant.group(group).unwrap().plans {
                lists.assignments.insert((group.clone().into(), plan.plan.clone()), plan.except.to_vec());
            }
        }
        for plan in PLANS.map(plan) {
            if tenant.claim_on_first_use(&plan) == ClaimPolicy::Allowed {
                lists.claimable.insert(plan.clone());
            }
            for month in tenant.usage_by_month(&plan) {
                for (consumer, consumed) in month.consumers() {
                    lists.consumption.insert((plan.clone(), month.month, consumer.clone()), consumed);
                }
            }
        }
        for command in entries.iter().flat_map(|entry| &entry.event().commands) {
            match command {
                Command::Install(token) => lists.documents.push((Kind::License, token.clone())),
                Command::InstallRevocationList(token) => lists.documents.push((Kind::RevocationList, token.clone())),
                Command::CorrectTime(token) => lists.documents.push((Kind::TimeTicket, token.clone())),
                Command::StartTrial(name) | Command::SignUp(name) => {
                    lists.trials.entry(name.clone()).or_default();
                }
                Command::ExtendTrial(name) => {
                    if let Some(times) = lists.trials.get_mut(name) {
                        *times += 1;
                    }
                }
                _ => {}
            }
        }
        lists
    }

    /// What differs, as text and sorted.
    fn differences(before: &Self, after: &Self) -> Vec<String> {
        let mut changes = Vec::new();
        let keys: BTreeSet<_> = before.assignments.keys().chain(after.assignments.keys()).cloned().collect();
        for (assignee, plan) in keys {
            let key = (assignee.clone(), plan.clone());
            changes.extend(match (before.assignments.get(&key), after.assignments.get(&key)) {
                (Some(was), Some(is)) if was == is => None,
                (Some(_), Some(is)) => Some(TenantChange::DenyListReplaced(assignment(assignee, &plan, is.clone()))),
                (None, Some(is)) => Some(TenantChange::Assigned(assignment(assignee, &plan, is.clone()))),
                (_, None) => Some(TenantChange::Unassigned(unassignment(assignee, &plan))),
            });
        }
        let joined = after.members.difference(&before.members);
        changes.extend(joined.map(|(user, group)| TenantChange::Joined(membership(user, group))));
        let left = before.members.difference(&after.members);
        changes.extend(left.map(|(user, group)| TenantChange::Left(membership(user, group))));
        let without = |one: &Self, other: &Self| {
            let mut rest = one.documents.clone();
            for document in &other.documents {
                if let Some(at) = rest.iter().position(|it| it == document) {
                    rest.remove(at);
                }
            }
            rest
        };
        let installed = without(after, before).into_iter();
        changes.extend(installed.map(|(kind, token)| TenantChange::DocumentInstalled { kind, token }));
        let missing = without(before, after).into_iter();
        changes.extend(missing.map(|(kind, token)| TenantChange::DocumentMissing { kind, token }));
        let trials: BTreeSet<_> = before.trials.keys().chain(after.trials.keys()).collect();
        for trial in trials {
            let (was, is) = (before.trials.get(trial).copied(), after.trials.get(trial).copied());
            changes.extend(match (was, is) {
                (None, Some(_)) => Some(TenantChange::TrialStarted(trial.clone())),
                (Some(_), None) => Some(TenantChange::TrialNotStarted(trial.clone())),
                _ => None,
            });
            let (before, after) = (was.unwrap_or(0), is.unwrap_or(0));
            if before != after {
                changes.push(TenantChange::TrialExtended { trial: trial.clone(), before, after });
            }
        }
        let consumers: BTreeSet<_> = before.consumption.keys().chain(after.consumption.keys()).cloned().collect();
        for key in consumers {
            let [before, after] = [before, after].map(|it| it.consumption.get(&key).copied().unwrap_or_default());
            let (plan, month, consumer) = key;
            if before != after {
                changes.push(TenantChange::Consumed { plan, month, consumer, before, after });
            }
        }
        if before.sign_ups != after.sign_ups {
            changes.push(TenantChange::SignUpsSet(after.sign_ups.unwrap()));
        }
        let claims = |plan: &PlanId, policy| match Command::set_claim_on_first_use(plan.clone(), policy) {
            Command::SetClaimOnFirstUse(setting) => TenantChange::ClaimOnFirstUseSet(setting),
            other => unreachable!("{other:?}"),
        };
        let allowed = after.claimable.difference(&before.claimable);
        changes.extend(allowed.map(|plan| claims(plan, ClaimPolicy::Allowed)));
        let off = before.claimable.difference(&after.claimable);
        changes.extend(off.map(|plan| claims(plan, ClaimPolicy::Off)));
        as_text(&changes)
    }
}

fn as_text(changes: &[TenantChange]) -> Vec<String> {
    let mut text: Vec<String> = changes.iter().map(|change| format!("{change:?}")).collect();
    text.sort_unstable();
    text
}

/// A value of a tenant with the entries that led to it.
#[derive(Clone)]
struct Value {
    tenant: Tenant,
    entries: Vec<Entry>,
}

impl Value {
    /// The values after each event, the first of them this one.
    fn after(self, events: &[Vec<Command>]) -> Vec<Self> {
        let mut values = vec![self];
        for commands in events {
            let mut next = values[values.len() - 1].clone();
            let entry = next.tenant.forge(0, commands.clone());
            next.entries.push(entry);
            values.push(next);
        }
        values
    }
}

/// Contoso with so many users, each with bronze.
fn contoso(users: u16) -> Value {
    let value = Value { tenant: Vendor::fabrikam().tenant("contoso"), entries: Vec::new() };
    let bronze = (0..users).map(|number| assign(&format!("user-{number:03}"), "bronze")).collect();
    value.after(&[bronze]).pop().unwrap()
}
