//! Laws of lists, groups and requirements: what a list of commands leads to decides whether it is done.

use entitle::catalog::{Plan, Scope};
use entitle::command::{Assignee, RefusedPart};
use entitle::testing::{Opinion, Oracle};
use entitle::{Command, Event, GroupId, PlanId, Tenant, UserId};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use std::collections::BTreeMap;

use super::answers::{about, all};
use super::calendar::{day, days};
use super::offers::{PLANS, plan_id};
use super::records::{Move, commands, one};
use super::verdict::{self, Verdict};
use super::{GROUPS, USERS, World, admin, after, any_world, cases, decide, group, replay, user, users};

/// A command in a list: any, or one that takes away something that is there.
#[derive(Debug, Clone, Copy)]
enum Wish {
    Any(Move),
    Unassign(usize),
    /// Take away directly what another plan of the user requires.
    Pull(usize),
    /// Take a plan away and give another in its place, both directly.
    Swap(usize, usize),
    /// Give a user some plan of the catalog that can be given.
    Give(usize, usize),
    /// Give it, and take it away again.
    Undo(usize, usize),
    /// Assign directly what is claimed already, from a group say; with the user removed before or not.
    Confirm(usize, bool),
    Leave(usize),
    Remove(usize),
}

fn wishes() -> impl Strategy<Value = Vec<Wish>> {
    let index = || 0..64_usize;
    let wish = prop_oneof![
        4 => one().prop_map(Wish::Any),
        4 => index().prop_map(Wish::Unassign),
        3 => index().prop_map(Wish::Pull),
        2 => (index(), index()).prop_map(|(from, to)| Wish::Swap(from, to)),
        3 => (index(), index()).prop_map(|(who, plan)| Wish::Give(who, plan)),
        1 => (index(), index()).prop_map(|(who, plan)| Wish::Undo(who, plan)),
        4 => (index(), any::<bool>()).prop_map(|(claim, back)| Wish::Confirm(claim, back)),
        2 => index().prop_map(Wish::Leave),
        1 => index().prop_map(Wish::Remove),
    ];
    prop::collection::vec(wish, 1..=4)
}

fn nth<T>(all: Vec<T>, index: usize) -> Option<T> {
    let count = all.len();
    all.into_iter().nth(index % count.max(1))
}

/// The wishes as at most four commands; what is not there to be taken away is not asked for.
fn list(world: &World, oracle: &Oracle, wishes: &[Wish]) -> Vec<Command> {
    let unassign = |(from, plan): (Assignee, PlanId)| match from {
        Assignee::User(user) => Command::unassign(user, plan),
        Assignee::Group(group) => Command::unassign_group(group, plan),
    };
    let assignable: Vec<PlanId> =
        world.offer.plans.iter().filter(|plan| plan.scope == Scope::User).map(|plan| plan.id.clone()).collect();
    let direct = || oracle.assigned().filter(|(to, _)| matches!(to, Assignee::User(_))).cloned().collect::<Vec<_>>();
    let mut all: Vec<Command> = Vec::new();
    for &wish in wishes {
        match wish {
            Wish::Any(one) => all.extend(commands(world.documents(), &[one])),
            Wish::Unassign(index) => {
                let claims = oracle.claims().map(|(user, plan)| (user.clone().into(), plan.clone()));
                all.extend(nth(oracle.assigned().cloned().chain(claims).collect(), index).map(unassign));
            }
            Wish::Pull(index) => {
                let requires = |who: &Assignee, plan: &PlanId| {
                    oracle.claims().any(|(user, other)| {
                        *who == Assignee::User(user.clone())
                            && world.catalog.plan(other).is_some_and(|other| verdict::needs(oracle, other, plan))
                    })
                };
                let pulled = direct().into_iter().filter(|(who, plan)| requires(who, plan)).collect();
                all.extend(nth(pulled, index).map(unassign));
            }
            Wish::Swap(from, to) => {
                let Some((who, plan)) = nth(direct(), from) else { continue };
                let to = nth(assignable.clone(), to).unwrap_or_else(|| plan.clone());
                all.extend([unassign((who.clone(), plan)), Command::assign_except(who, to, Vec::new())]);
            }
            Wish::Give(who, plan) => {
                let who = user(USERS[who % (USERS.len() - 1)]);
                all.extend(nth(assignable.clone(), plan).map(|plan| Command::assign(who, plan)));
            }
            Wish::Undo(who, plan) => {
                let who = user(USERS[who % (USERS.len() - 1)]);
                let plan = nth(assignable.clone(), plan);
                all.extend(plan.into_iter().flat_map(|plan| {
                    [Command::assign(who.clone(), plan.clone()), Command::unassign(who.clone(), plan)]
                }));
            }
            Wish::Confirm(claim, back) => {
                let is_known = |plan| world.catalog.plan(plan).is_some_and(|plan| plan.scope == Scope::User);
                let claims = oracle.claims().filter(|(_, plan)| is_known(plan)).cloned().collect();
                let Some((user, plan)) = nth(claims, claim) else { continue };
                all.extend(back.then(|| Command::RemoveUser(user.clone())));
                all.push(Command::assign(user, plan));
            }
            Wish::Leave(index) => {
                let member = nth(oracle.members().cloned().collect(), index);
                all.extend(member.map(|(group, user)| Command::leave(user, group)));
            }
            Wish::Remove(index) => {
                let groups = GROUPS.iter().map(|name| Command::RemoveGroup(group(name)));
                all.extend(nth(users().into_iter().map(Command::RemoveUser).chain(groups).collect(), index));
            }
        }
    }
    all.truncate(4);
    if all.is_empty() {
        all.push(Command::RecordTime);
    }
    all
}

/// The library's verdict on a list, compared with the oracle's; the tenant after it, if it is admitted.
fn try_list(world: &World, oracle: &Oracle, tenant: &Tenant, list: &[Command], number: i64) -> Option<Tenant> {
    let now = day(number);
    let decided = decide(tenant, &admin(), list, now);
    let expected = verdict::judge(oracle, tenant.position(), list, now);
    let agrees = match (&decided, &expected) {
        (Ok(_), Verdict::Admitted) | (_, Verdict::Open) => true,
        (Err(refusal), Verdict::Refused(index, code)) => {
            let same = refusal.reason.code() == *code || *code == "install";
            match refusal.part {
                RefusedPart::OnlyCommand => list.len() == 1 && same,
                RefusedPart::Command(refused) => list.len() > 1 && refused <= *index,
                RefusedPart::List => false,
            }
        }
        _ => false,
    };
    assert!(agrees, "{list:#?} on day {number}: {decided:?}, expected {expected:?}\n{world:?}");
    let event = decided.ok()?;
    let mut record = world.record.clone();
    record.push(event.clone());
    let (after, oracle) = (replay(tenant.clone(), &[event]), world.oracle(&record));
    for plan in (0..PLANS.len()).map(plan_id) {
        let line: Vec<UserId> = after.queue(&plan).map(|user| user.to_id()).collect();
        assert_eq!(line, oracle.queue(&plan), "{plan} after {list:#?}\n{world:?}");
    }
    for of in GROUPS.map(group) {
        let mut members: Vec<UserId> = after.members(&of).map(|user| user.to_id()).collect();
        members.sort();
        let expected: Vec<UserId> =
            oracle.members().filter(|(group, _)| *group == of).map(|(_, user)| user.clone()).collect();
        assert_eq!(members, expected, "{of} after {list:#?}\n{world:?}");
    }
    for (user, app) in super::answers::questions(&after) {
        let (found, expected) = (super::answers::answer(&after, &user, &app, now), oracle.check(&user, app.id(), now));
        assert_eq!(found, expected, "{user} and {app} after {list:#?}\n{world:?}");
    }
    Some(after)
}

proptest! {
    #![proptest_config(cases(4))]

    #[test]
    fn s6_a_list_is_judged_by_the_state_it_leads_to(
        world in prop_oneof![any_world().boxed(), crowded().boxed()],
        lists in prop::collection::vec((wishes(), 0..100_i64), 6),
    ) {
        let (tenant, oracle) = (world.tenant(), world.oracle(&world.record));
        for (wishes, number) in lists {
            let before = all(&tenant, day(number));
            try_list(&world, &oracle, &tenant, &list(&world, &oracle, &wishes), number);
            prop_assert_eq!(&before, &all(&tenant, day(number)), "deciding leaves no trace");
        }
    }

    #[test]
    fn s7_what_another_plan_requires_is_not_taken_directly(world in crowded(), step in 15..30_i64) {
        let (tenant, oracle) = (world.tenant(), world.oracle(&world.record));
        let direct: Vec<_> = oracle.assigned().cloned().collect();
        for number in (0..100).step_by(usize::try_from(step).unwrap()) {
            for (from, plan) in &direct {
                let Assignee::User(user) = from else { continue };
                let unassign = Command::unassign(user.clone(), plan.clone());
                try_list(&world, &oracle, &tenant, core::slice::from_ref(&unassign), number);
                for (other, too) in direct.iter().filter(|(other, too)| other == from && too != plan) {
                    let Assignee::User(other) = other else { continue };
                    let both = [unassign.clone(), Command::unassign(other.clone(), too.clone())];
                    try_list(&world, &oracle, &tenant, &both, number);
                }
            }
        }
    }
}

/// A world in which two users have every plan that there is to have, should there be units.
fn crowded() -> impl Strategy<Value = World> {
    any_world().prop_map(|mut world| {
        let plans = world.offer.plans.iter().filter(|plan| plan.scope == Scope::User);
        let give = |plan: &Plan| USERS[..2].iter().map(|name| Command::assign(user(name), plan.id.clone())).collect();
        let commands: Vec<Command> = plans.flat_map(|plan| -> Vec<Command> { give(plan) }).collect();
        let first = world.record.first().map_or(day(0), |event| event.at);
        let number = u64::try_from(world.record.len()).unwrap() + 1;
        world.record.push(Event::new(number, first, admin(), commands));
        world
    })
}

/// What a list is admitted or refused for, all of it happens.
#[test]
fn every_verdict_occurs() {
    let expected = [
        "admitted",
        "refusal.group-has-plans",
        "refusal.inherited",
        "refusal.no-free-unit",
        "refusal.no-usable-units",
        "refusal.requirement-not-met",
        "refusal.still-required",
    ];
    let mut runner = super::runner(22);
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    // As many worlds as it takes, up to a bound.
    for _ in 0..600 {
        if expected.iter().all(|code| seen.contains_key(code)) {
            break;
        }
        let world = crowded().new_tree(&mut runner).unwrap().current();
        let oracle = world.oracle(&world.record);
        for number in [6, 12, 25] {
            let wishes = wishes().new_tree(&mut runner).unwrap().current();
            let list = list(&world, &oracle, &wishes);
            let code = match verdict::judge(&oracle, u64::try_from(world.record.len()).unwrap(), &list, day(number)) {
                Verdict::Admitted => "admitted",
                Verdict::Refused(_, code) => code,
                Verdict::Open if !verdict::is_judged(&list) => "decided by tables",
                Verdict::Open => "open",
            };
            *seen.entry(code).or_default() += 1;
        }
    }
    let rare: Vec<_> = expected.iter().filter(|code| !seen.contains_key(**code)).collect();
    assert!(rare.is_empty(), "of 1800 lists, these come of none: {rare:?}, of {seen:?}");
    let lists: u32 = seen.values().sum();
    assert!(seen.get("open").is_none_or(|open| open * 20 <= lists), "{seen:?}");
}

proptest! {
    #![proptest_config(cases(2))]

    #[test]
    fn g3_a_groups_command_is_never_refused_for_want_of_units(world in any_world()) {
        let tenant = world.tenant();
        let assignable = world.offer.plans.iter().filter(|plan| plan.scope == Scope::User);
        let assigns = assignable.flat_map(|plan| {
            GROUPS.iter().map(|name| Command::assign_group(group(name), plan.id.clone()))
        });
        let joins = users().into_iter().flat_map(|user| GROUPS.iter().map(move |name| Command::join(user.clone(), group(name))));
        for command in assigns.chain(joins) {
            for now in days().step_by(9) {
                let event = decide(&tenant, &admin(), core::slice::from_ref(&command), now);
                prop_assert!(event.is_ok(), "{command:?}: {event:?}");
            }
            // Nobody who was in a line before moves, and nobody else's answer changes.
            let then = after(&tenant, vec![command.clone()]);
            for plan in &world.offer.plans {
                let before: Vec<UserId> = tenant.queue(&plan.id).map(|user| user.to_id()).collect();
                prop_assert!(then.queue(&plan.id).take(before.len()).eq(before));
            }
        }
    }

    #[test]
    fn s10_groups_take_nothing_from_others(world in any_world(), which in 0..GROUPS.len(), plan in 0..PLANS.len()) {
        let (tenant, oracle) = (world.tenant(), world.oracle(&world.record));
        let (id, plan): (GroupId, _) = (group(GROUPS[which]), plan_id(plan));
        let strangers: Vec<UserId> =
            users().into_iter().filter(|user| !oracle.groups_of(user).contains(&id)).collect();
        let given = after(&tenant, vec![Command::assign_group(id.clone(), plan.clone())]);
        let taken = after(&tenant, vec![Command::unassign_group(id.clone(), plan.clone())]);
        let gone = after(&tenant, vec![Command::RemoveGroup(id.clone())]);
        for now in days().step_by(2) {
            let before = about(&tenant, &strangers, now);
            prop_assert_eq!(&before, &about(&given, &strangers, now));
            for after in [&taken, &gone] {
                for (before, after) in before.iter().zip(about(after, &strangers, now)) {
                    prop_assert!(after.is_allowed() || !before.is_allowed(), "{before:?} became {after:?}");
                }
            }
            // A member who has the seat otherwise, or comes to have it, loses nothing by a source more.
            let members: Vec<UserId> = users().into_iter().filter(|user| !strangers.contains(user)).collect();
            for (before, after) in about(&tenant, &members, now).iter().zip(about(&given, &members, now)) {
                prop_assert!(after.is_allowed() || !before.is_allowed(), "{before:?} became {after:?}");
            }
        }
    }

    #[test]
    fn g6_a_move_between_groups_keeps_the_place(world in any_world(), who in 0..USERS.len() - 1, leaves_first in any::<bool>()) {
        let (tenant, oracle) = (world.tenant(), world.oracle(&world.record));
        let user = user(USERS[who]);
        for (from, to) in [(GROUPS[0], GROUPS[1]), (GROUPS[1], GROUPS[0])] {
            let (from, to) = (group(from), group(to));
            let mut moves = vec![Command::leave(user.clone(), from.clone()), Command::join(user.clone(), to.clone())];
            if !leaves_first {
                moves.reverse();
            }
            let moved = after(&tenant, moves);
            for plan in (0..PLANS.len()).map(plan_id) {
                let claims = oracle.claimed(&user, &plan).is_some();
                let direct = oracle.has(&user.clone().into(), &plan);
                let keeps = direct || oracle.has(&to.clone().into(), &plan);
                let line = |tenant: &Tenant| tenant.queue(&plan).map(|user| user.to_id()).collect::<Vec<_>>();
                let (before, after) = (line(&tenant), line(&moved));
                match (claims, keeps) {
                    (true, true) => prop_assert_eq!(before, after),
                    (_, false) => prop_assert!(!after.contains(&user)),
                    (false, true) => prop_assert_eq!(after.last(), Some(&user)),
                }
            }
        }
    }

    #[test]
    fn s3_an_app_is_off_only_if_every_source_denies_it(world in any_world()) {
        let (tenant, oracle) = (world.tenant(), world.oracle(&world.record));
        for (user, plan) in oracle.claims().filter(|(_, plan)| world.catalog.plan(plan).is_some()) {
            for app in world.catalog.apps().filter(|app| oracle.plan(plan).unwrap().apps.contains(app.id())) {
                let off = oracle.is_off(user, plan, app.id());
                for now in days().step_by(5) {
                    if let Opinion::Denied { misses, .. } = super::answers::answer(&tenant, user, &app, now) {
                        let found = misses.iter().find(|miss| miss.plan == *plan).unwrap();
                        prop_assert!(off || found.reason.code() != "reason.turned-off");
                        let at = tenant.reading(now);
                        let works = oracle.in_effect(oracle.plan(plan).unwrap(), user, at);
                        prop_assert!(!works || off, "{} has {} for {}", user, plan, app);
                    }
                }
            }
        }
    }
}
