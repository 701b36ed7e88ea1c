//! Laws of the seats: who comes, who goes, and who moves up.

use chrono::{DateTime, Utc};
use entitle::catalog::Scope;
use entitle::command::{Assignee, RefusalReason};
use entitle::explain::{Basis, DenialReason};
use entitle::quantity::{Place, Total};
use entitle::testing::{Opinion, excludes};
use entitle::{Command, PlanId, Tenant, Token};
use proptest::prelude::*;

use super::answers::{about, answer};
use super::calendar::days;
use super::offers::{PLANS, plan_id};
use super::verdict::{self, Verdict};
use super::{GROUPS, USERS, admin, after, any_world, cases, decide, group, replay, user, users};

/// Somebody who comes or goes, or changes what they have.
fn somebody() -> impl Strategy<Value = (usize, usize)> {
    (0..USERS.len(), 0..PLANS.len())
}

/// The others' answers.
fn others(tenant: &Tenant, but: &str, now: DateTime<Utc>) -> Vec<Opinion> {
    let others: Vec<_> = users().into_iter().filter(|user| user.as_str() != but).collect();
    about(tenant, &others, now)
}

/// The plan's line as it is.
fn line(tenant: &Tenant, plan: &PlanId) -> Vec<String> {
    tenant.queue(plan).map(|user| user.to_string()).collect()
}

/// Taking a plan from each user who has it.
fn removal(from: Assignee, plan: PlanId) -> Command {
    match from {
        Assignee::User(user) => Command::unassign(user, plan),
        Assignee::Group(group) => Command::unassign_group(group, plan),
    }
}

proptest! {
    #![proptest_config(cases(4))]

    #[test]
    fn s2_an_assignment_takes_a_free_unit_or_is_refused(world in any_world(), (who, which) in somebody()) {
        let (tenant, oracle) = (world.tenant(), world.oracle(&world.record));
        let (user, plan) = (user(USERS[who]), plan_id(which));
        let line = oracle.queue(&plan);
        for now in days().step_by(2) {
            let at = tenant.reading(now);
            let units = oracle.reach(&plan, Basis::Grace, at);
            let taken = u64::try_from(line.len()).unwrap();
            let command = [Command::assign(user.clone(), plan.clone())];
            let decided = decide(&tenant, &admin(), &command, now);
            let expected = match verdict::judge(&oracle, tenant.position(), &command, now) {
                Verdict::Refused(_, code) => Some(code),
                Verdict::Admitted | Verdict::Open => None,
            };
            let code = decided.as_ref().err().map(|refusal| refusal.reason.code());
            prop_assert_eq!(code, expected, "{} of {} at {}: {:?}", taken, units, at, decided);
            let known = world.catalog.plan(&plan);
            let direct = oracle.has(&user.clone().into(), &plan);
            match decided.map_err(|refusal| refusal.reason) {
                Ok(event) => {
                    prop_assert_eq!((event.number, event.at), (tenant.position() + 1, at));
                    let after = replay(tenant.clone(), &[event]);
                    let place = after.queue(&plan).position(|other| other == user);
                    let first = usize::try_from(taken).unwrap();
                    prop_assert_eq!(place, Some(line.iter().position(|other| *other == user).unwrap_or(first)));
                    if !direct {
                        for app in world.catalog.apps().filter(|app| known.unwrap().apps.contains(app.id())) {
                            prop_assert!(answer(&after, &user, &app, now).is_allowed());
                        }
                    }
                }
                Err(RefusalReason::UnknownPlan { .. }) => prop_assert!(known.is_none()),
                Err(RefusalReason::NotAssignable { scope, .. }) => prop_assert_eq!(scope, known.unwrap().scope),
                Err(RefusalReason::Excluded { by, sources, .. }) => {
                    prop_assert_eq!(sources, oracle.sources(&user, &by));
                    prop_assert!(excludes(oracle.plan(&plan).unwrap(), oracle.plan(&by).unwrap()));
                }
                Err(RefusalReason::RequirementNotMet { any_of, .. }) => {
                    prop_assert_eq!(Some(&any_of), oracle.unmet(oracle.plan(&plan).unwrap(), &user, at));
                }
                Err(RefusalReason::NoUsableUnits { why, .. }) => {
                    prop_assert_eq!((units, oracle.shut(&plan, at)), (Total::ZERO, Some(DenialReason::NoUnits(why))));
                }
                Err(reason) => {
                    prop_assert_ne!(units, Total::ZERO);
                    let later = oracle.boundaries(&plan);
                    let more = |then: &DateTime<Utc>| *then > at && oracle.reach(&plan, Basis::Grace, *then) > units;
                    let more_from = later.into_iter().find(more);
                    let ahead = oracle.place(&user, &plan).map_or(taken, Place::ahead);
                    let Total::Limited(seats) = units else { panic!("unlimited units are never used up") };
                    let (taken, waiting) = (ahead.min(seats), ahead.saturating_sub(seats));
                    prop_assert_eq!(reason, RefusalReason::NoFreeUnit { plan: plan.clone(), units, taken, waiting, more_from });
                }
            }
        }
    }

    #[test]
    fn s10_nobody_loses_a_seat_because_somebody_else_claims_or_leaves(
        world in any_world(),
        (who, which) in somebody(),
        except in any::<bool>(),
    ) {
        let tenant = world.tenant();
        let (user, plan) = (user(USERS[who]), plan_id(which));
        let denied = world.catalog.plan(&plan).filter(|_| except).map_or(Vec::new(), |plan| plan.apps.clone());
        let assigned = after(&tenant, vec![Command::assign_except(user.clone().into(), plan.clone(), denied)]);
        let left = after(&tenant, vec![Command::unassign(user.clone(), plan.clone())]);
        let gone = after(&tenant, vec![Command::RemoveUser(user.clone())]);
        if line(&tenant, &plan).contains(&user.to_string()) {
            // A claim with a source before and after keeps its place.
            let swap = [Command::unassign(user.clone(), plan.clone()), Command::assign(user.clone(), plan.clone())];
            prop_assert_eq!(line(&after(&tenant, swap.to_vec()), &plan), line(&tenant, &plan));
        }
        // A group the user comes to or leaves is theirs alone, whatever the others have from it.
        let (one, two) = (group(GROUPS[0]), group(GROUPS[1]));
        let joined = after(&tenant, vec![Command::join(user.clone(), one.clone()), Command::join(user.clone(), two.clone())]);
        let parted = after(&tenant, vec![Command::leave(user.clone(), one), Command::leave(user.clone(), two)]);
        for now in days().step_by(3) {
            let before = others(&tenant, USERS[who], now);
            for after in [&assigned, &joined] {
                prop_assert_eq!(&before, &others(after, USERS[who], now));
            }
            for after in [&left, &gone, &parted] {
                for (before, after) in before.iter().zip(others(after, USERS[who], now)) {
                    prop_assert!(after.is_allowed() || !before.is_allowed(), "{before:?} became {after:?}");
                }
            }
        }
    }

    #[test]
    fn s10_a_freed_seat_passes_to_the_first_in_the_queue(world in any_world(), (who, _) in somebody()) {
        let tenant = world.tenant();
        let gone = after(&tenant, vec![Command::RemoveUser(user(USERS[who]))]);
        for plan in world.offer.plans.iter().filter(|plan| plan.scope == Scope::User) {
            let mut rest = line(&tenant, &plan.id);
            rest.retain(|name| name != USERS[who]);
            prop_assert_eq!(&rest, &line(&gone, &plan.id));
            for now in days() {
                let pool = gone.pool(&plan.id, now);
                for (place, name) in (0..).map(Place::behind).zip(&rest) {
                    for app in world.catalog.apps().filter(|app| plan.apps.contains(app.id())) {
                        let Opinion::Denied { misses, .. } = answer(&gone, &user(name), &app, now) else { continue };
                        let reason = misses.iter().find(|miss| miss.plan == plan.id).unwrap().reason.clone();
                        let waits = DenialReason::Waiting { place, limit: pool.limit };
                        let is_usable = pool.usable.reaches(Place::FIRST);
                        prop_assert_eq!(reason == waits, is_usable && !pool.limit.reaches(place), "{:?}", reason);
                    }
                }
            }
        }
    }

    #[test]
    fn s12_what_reduces_use_is_never_refused(world in any_world()) {
        let (tenant, oracle) = (world.tenant(), world.oracle(&world.record));
        let assigned = oracle.assigned().map(|(from, plan)| removal(from.clone(), plan.clone()));
        let claims = oracle.claims().flat_map(|(user, plan)| {
            [Command::unassign(user.clone(), plan.clone()), Command::RemoveUser(user.clone())]
        });
        let members = oracle.members().map(|(group, user)| Command::leave(user.clone(), group.clone()));
        let groups = GROUPS.iter().map(|name| Command::RemoveGroup(group(name)));
        let reductions: Vec<Command> = assigned.chain(claims).chain(members).chain(groups).collect();
        for now in days().step_by(9) {
            for command in &reductions {
                let decided = decide(&tenant, &admin(), core::slice::from_ref(command), now);
                let expected = verdict::judge(&oracle, tenant.position(), core::slice::from_ref(command), now);
                match decided.map_err(|refusal| refusal.reason.code()) {
                    Ok(event) => {
                        prop_assert_eq!(expected, Verdict::Admitted, "{:?} at {}", command, now);
                        let after = replay(tenant.clone(), &[event]);
                        let mut plans = oracle.claims().map(|(_, plan)| plan);
                        let none_grew = plans.all(|plan| after.queue(plan).count() <= tenant.queue(plan).count());
                        prop_assert!(none_grew);
                    }
                    Err(code) => {
                        prop_assert_eq!(expected, Verdict::Refused(0, code), "{:?} at {}", command, now);
                        let may = match command {
                            Command::Unassign(_) => &["refusal.inherited", "refusal.still-required"][..],
                            Command::RemoveGroup(_) => &["refusal.group-has-plans", "refusal.no-such-group"],
                            _ => &[],
                        };
                        prop_assert!(may.contains(&code), "{:?}: {}", command, code);
                    }
                }
            }
            let user = user("nobody");
            let refused = decide(&tenant, &admin(), &[Command::unassign(user.clone(), plan_id(0))], now);
            prop_assert_eq!(refused.unwrap_err().reason, RefusalReason::NoSuchAssignment { from: user.into(), plan: plan_id(0) });
        }
    }

    #[test]
    fn s13_a_removed_user_comes_back_at_the_end_of_the_line(world in any_world(), (who, _) in somebody()) {
        let (tenant, name) = (world.tenant(), user(USERS[who]));
        let back = |plan: &PlanId| Command::assign(name.clone(), plan.clone());
        let gone = after(&tenant, vec![Command::RemoveUser(name.clone())]);
        for plan in &world.offer.plans {
            let rest = line(&gone, &plan.id);
            prop_assert!(!rest.contains(&name.to_string()));
            if plan.scope == Scope::User {
                let later = after(&gone, vec![back(&plan.id)]);
                let at_once = after(&tenant, vec![Command::RemoveUser(name.clone()), back(&plan.id)]);
                for again in [later, at_once] {
                    prop_assert_eq!(line(&again, &plan.id), [rest.clone(), vec![name.to_string()]].concat());
                }
            }
        }
        for now in days() {
            let without = about(&gone, core::slice::from_ref(&name), now);
            let nobody = about(&gone, &[user("nobody")], now);
            prop_assert_eq!(without, nobody, "s15: a user nobody named is a user without claims");
        }
    }

    #[test]
    fn s13_claims_survive_every_change_of_a_license(world in any_world()) {
        let tenant = world.tenant();
        let tokens: Vec<Token> = world.test_licenses.iter().map(|test_license| test_license.token.clone()).collect();
        let changed = after(&tenant, tokens.into_iter().map(Command::Install).collect());
        for plan in (0..PLANS.len()).map(plan_id) {
            prop_assert_eq!(line(&tenant, &plan), line(&changed, &plan));
        }
    }
}
