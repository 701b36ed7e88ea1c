//! X7: what differs between two values of a tenant, compared with the full lists of both.

use std::collections::{BTreeMap, BTreeSet};

use entitle::audit::{CompareError, TenantChange};
use entitle::capacity::Consumption;
use entitle::command::{Assignee, Assignment, ClaimPolicy, Membership, SignUpPolicy, TrialName, Unassignment};
use entitle::license::{Licensee, RevocationListDraft, TimeTicketDraft};
use entitle::quantity::{Amount, Quantity};
use entitle::record::Beginning;
use entitle::time::{Length, Month};
use entitle::token::Kind;
use entitle::{Command, Entry, Grant, GroupId, KeyRing, LicenseId, PlanId, RecordId, Tenant, TicketId, Token, UserId};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::support::{
    Scenario, Vendor, assign, assign_group, day, days, group, join, leave, paid, unassign, unassign_group, units, user,
    window,
};

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

/// A command that a forged record may hold, about some of many users.
fn any_command() -> impl Strategy<Value = Command> {
    let name = || prop_oneof![3 => 0..12_u16, 1 => 0..400_u16].prop_map(|number| format!("user-{number:03}"));
    let team = || (0..4_u8).prop_map(|number| format!("group-{number}"));
    let plan = || (0..4_usize).prop_map(|number| PLANS[number]);
    let off = prop::sample::subsequence(vec!["f365/orders", "f365/audit"], 0..=2);
    let off = move || off.clone().prop_map(|apps| apps.into_iter().map(|app| app.parse().unwrap()).collect::<Vec<_>>());
    let trial = || (1..3_u8, plan()).prop_map(|(license, plan)| trial(license, plan));
    let to = prop_oneof![name().prop_map(|name| user(&name).into()), team().prop_map(|name| group(&name).into())];
    let sign_ups = prop_oneof![Just(SignUpPolicy::Allowed), Just(SignUpPolicy::Off)];
    let claims = prop_oneof![Just(ClaimPolicy::Allowed), Just(ClaimPolicy::Off)];
    let document = prop::sample::select(documents());
    prop_oneof![
        6 => (to, plan(), off()).prop_map(|(to, name, off)| Command::assign_except(to, self::plan(name), off)),
        3 => (name(), plan()).prop_map(|(name, plan)| unassign(&name, plan)),
        1 => (team(), plan()).prop_map(|(team, plan)| unassign_group(&team, plan)),
        5 => (name(), team()).prop_map(|(name, team)| join(&name, &team)),
        3 => (name(), team()).prop_map(|(name, team)| leave(&name, &team)),
        2 => name().prop_map(|name| Command::RemoveUser(user(&name))),
        1 => team().prop_map(|team| Command::RemoveGroup(group(&team))),
        2 => trial().prop_map(Command::StartTrial),
        2 => trial().prop_map(Command::ExtendTrial),
        1 => trial().prop_map(Command::SignUp),
        1 => sign_ups.prop_map(Command::SetSignUps),
        1 => plan().prop_map(|name| Command::ClaimSeat(self::plan(name))),
        2 => (plan(), claims).prop_map(|(name, policy)| Command::set_claim_on_first_use(self::plan(name), policy)),
        4 => (0..9_u8, 0..4_u8, 0..9_u8, 0..5_usize)
            .prop_map(|(id, consumer, month, plan)| consume(id, consumer, month, PLANS[plan])),
        1 => document.clone().prop_map(Command::Install),
        1 => document.clone().prop_map(Command::InstallRevocationList),
        1 => document.prop_map(Command::CorrectTime),
    ]
}

fn any_events() -> impl Strategy<Value = Vec<Vec<Command>>> {
    prop::collection::vec(prop::collection::vec(any_command(), 0..12), 0..8)
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Between any two values of a record, in whichever order, of two branches of a fork, and of a
    /// replay that shares nothing.
    #[test]
    fn x7_changes_are_what_the_full_lists_differ_by(
        users in prop_oneof![Just(0_u16), 0..400_u16],
        trunk in any_events(),
        branch in any_events(),
        fork: Index,
        picks in prop::collection::vec(any::<(Index, Index)>(), 1..4),
    ) {
        let mut values = contoso(users).after(&trunk);
        let forked = values[fork.index(values.len())].clone();
        values.extend(forked.after(&branch));
        for (before, after) in picks {
            let (before, after) = (before.get(&values), after.get(&values));
            let expected = Lists::differences(&Lists::of(&before.tenant, &before.entries), &Lists::of(&after.tenant, &after.entries));
            prop_assert_eq!(as_text(&after.tenant.changes_since(&before.tenant).unwrap()), expected.clone());
            // The same events once more, in other memory and with other numbers of plans.
            let mut replay = Vendor::fabrikam().tenant("contoso");
            after.entries.iter().for_each(|entry| replay.apply(entry).unwrap());
            prop_assert_eq!(as_text(&replay.changes_since(&before.tenant).unwrap()), expected);
            prop_assert_eq!(replay.changes_since(&after.tenant).unwrap(), []);
            prop_assert_eq!(after.tenant.changes_since(&after.tenant.clone()).unwrap(), []);
        }
    }
}

#[test]
fn x7_changes_are_in_order_and_in_the_words_of_the_audit() {
    let tokens = documents();
    let base = [
        join("cy", "sales"),
        assign("cy", "gold"),
        assign("di", "gold"),
        assign_group("sales", "silver"),
        consume(1, 1, 2, "pages"),
    ];
    let before = contoso(0).after(&[base.to_vec()]).pop().unwrap();
    let commands = vec![
        consume(2, 1, 2, "pages"),
        consume(3, 2, 2, "pages"),
        Command::SetSignUps(SignUpPolicy::Off),
        Command::set_claim_on_first_use(plan("silver"), ClaimPolicy::Allowed),
        Command::StartTrial(trial(1, "bronze")),
        Command::ExtendTrial(trial(1, "bronze")),
        assign_group("staff", "gold"),
        Command::assign_except(group("sales").into(), plan("silver"), vec!["f365/orders".parse().unwrap()]),
        Command::assign_except(user("di").into(), plan("gold"), vec!["f365/audit".parse().unwrap()]),
        Command::RemoveUser(user("cy")),
        join("bo", "staff"),
        // Done and undone.
        assign("eve", "gold"),
        unassign("eve", "gold"),
        Command::CorrectTime(tokens[3].clone()),
        Command::Install(tokens[1].clone()),
    ];
    let after = before.clone().after(&[commands]).pop().unwrap().tenant;
    let words =
        |changes: &[TenantChange]| changes.iter().map(|change| change.message(&after).to_string()).collect::<Vec<_>>();
    let changes = after.changes_since(&before.tenant).unwrap();
    let license = "license 01010101010101010101010101010101";
    assert_eq!(
        words(&changes),
        [
            "installed time ticket 01010101010101010101010101010101, issued 2026-03-01T00:00:00Z".to_string(),
            format!("installed revision 2 of {license}, issued 2026-02-19T00:00:00Z"),
            "added `bo` to the group `staff`".into(),
            "unassigned F365 Gold (`gold`) from `cy`".into(),
            "removed `cy` from the group `sales`".into(),
            "assigned F365 Gold (`gold`) to `di` without `f365/audit`".into(),
            "assigned F365 Silver (`silver`) to the group `sales` without `f365/orders`".into(),
            "assigned F365 Gold (`gold`) to the group `staff`".into(),
            format!("started the trial of F365 Bronze (`bronze`) in {license}"),
            format!("extended the trial of F365 Bronze (`bronze`) in {license}"),
            "no longer allowed users to sign up for trials by themselves".into(),
            "allowed users to claim free seats of F365 Silver (`silver`) by themselves".into(),
            "consumed 0.5 of `pages`, consumer `bot-1`, month 2026-03".into(),
            "consumed 0.5 of `pages`, consumer `bot-2`, month 2026-03".into(),
        ]
    );
    assert!(
        matches!(&changes[5], TenantChange::DenyListReplaced(_)) && matches!(&changes[3], TenantChange::Unassigned(_))
    );
    let line = changes[1].line(&after);
    assert_eq!(line.details[0].to_string(), "for Contoso Ltd (`contoso`), DE");
    assert!(line.is_about_plan(&plan("silver")) && changes[4].line(&after).is_about_user(&user("cy")));
    assert_eq!(
        serde_json::to_value(&changes[2]).unwrap(),
        serde_json::json!({"joined": {"user": "bo", "group": "staff"}})
    );

    // The other way round, as after a record that was cut.
    assert_eq!(
        words(&before.tenant.changes_since(&after).unwrap()),
        [
            "a document is no longer in the record (time ticket)".to_string(),
            "a document is no longer in the record (license)".into(),
            "removed `bo` from the group `staff`".into(),
            "assigned F365 Gold (`gold`) to `cy`".into(),
            "added `cy` to the group `sales`".into(),
            "assigned F365 Gold (`gold`) to `di`".into(),
            "assigned F365 Silver (`silver`) to the group `sales`".into(),
            "unassigned F365 Gold (`gold`) from the group `staff`".into(),
            format!("the trial of F365 Bronze (`bronze`) in {license} is no longer started"),
            format!("extensions of the trial of F365 Bronze (`bronze`) in {license}: 0, before: 1"),
            "allowed users to sign up for trials by themselves".into(),
            "no longer allowed users to claim free seats of F365 Silver (`silver`) by themselves".into(),
            "consumption of `pages` is 0.5 less, consumer `bot-1`, month 2026-03".into(),
            "consumption of `pages` is 0.5 less, consumer `bot-2`, month 2026-03".into(),
        ]
    );
}

#[test]
fn x7_what_the_keys_and_the_catalog_make_of_a_record_is_no_change() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([paid("gold", 2, days(0, 100))]);
    tenant.run(0, [assign("bo", "gold"), join("bo", "staff"), assign_group("staff", "gold")]).unwrap();
    let other = Vendor::of(include_str!("../../examples/agents.json"));
    let rebased = tenant.rebase(&other.catalog, &KeyRing::new());
    assert_eq!(rebased.changes_since(&tenant).unwrap(), []);
    assert_eq!(tenant.changes_since(&rebased).unwrap(), []);
    // A snapshot shares nothing.
    let restored =
        Tenant::restore(&vendor.catalog, &vendor.ring(), tenant.id().clone(), &tenant.snapshot().unwrap()).unwrap();
    assert_eq!(restored.changes_since(&tenant).unwrap(), []);
}

#[test]
fn x7_values_of_two_tenants_or_records_are_not_compared() {
    let vendor = Vendor::fabrikam();
    let ours = vendor.tenant("contoso");
    let error = ours.changes_since(&vendor.tenant("other")).unwrap_err();
    assert_eq!(error, CompareError::OtherTenant { before: "other".parse().unwrap(), ours: "contoso".parse().unwrap() });
    let second = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([2; 16]));
    let other = Tenant::new(&vendor.catalog, &vendor.ring(), &second);
    let error = ours.changes_since(&other).unwrap_err();
    assert_eq!(error, CompareError::OtherRecord { before: other.record(), ours: ours.record() });
}
