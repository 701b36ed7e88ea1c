//! The laws: what holds in every world, compared with an oracle that is naive on purpose.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "a test may fail by panicking"
)]

mod world;

use chrono::{DateTime, TimeDelta, Utc};
use entitle::catalog::{AppEntry, Plan, Scope};
use entitle::explain::{AppAccess, Basis, DenialCause};
use entitle::quantity::{Place, Total};
use entitle::testing::{Opinion, Oracle};
use entitle::time::{EARLIEST, End};
use entitle::token::KeyPurpose;
use entitle::{Catalog, Decision, PlanId, Tenant};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

use world::answers::{all, answer, questions, shows_in_effect};
use world::calendar::{around, day, days};
use world::test_licenses::Signer;
use world::{World, any_world, cases, floor, forged, law, replay, user, users};

/// Every day, and the seconds around everything that happens.
fn instants(world: &World, oracle: &Oracle) -> BTreeSet<DateTime<Utc>> {
    let events = world.record.iter().map(|event| event.at);
    let plans = world.offer.plans.iter().flat_map(|plan| oracle.boundaries(&plan.id));
    days().chain(events.chain(plans).flat_map(around)).collect()
}

/// How many users are seen to have each plan in effect.
fn in_effect(tenant: &Tenant, now: DateTime<Utc>) -> BTreeMap<PlanId, u64> {
    let mut seen = BTreeSet::new();
    for (user, app) in questions(tenant) {
        let answer = answer(tenant, &user, &app, now);
        let plans = tenant.catalog().offer().plans.iter().filter(|plan| shows_in_effect(&answer, &plan.id));
        seen.extend(plans.map(|plan| (plan.id.clone(), user.clone())));
    }
    let mut counts = BTreeMap::new();
    for (plan, _) in seen {
        *counts.entry(plan).or_default() += 1;
    }
    counts
}

/// Whether a plan could be in effect if each did that has units and, where it is a user plan, a claim: the documents and
/// the requirements decide (C4).
fn could_be(world: &World, plan: &Plan, has_unit: &dyn Fn(&PlanId) -> bool) -> bool {
    let could = |id: &PlanId| could_be(world, world.catalog.plan(id).unwrap(), has_unit);
    has_unit(&plan.id) && plan.requires.iter().all(|any| any.iter().any(could))
}

proptest! {
    #![proptest_config(cases(4))]

    #[test]
    fn the_law_the_license_only_grants(world in forged()) {
        let tenant = world.tenant();
        let oracle = world.oracle(&world.record);
        for now in instants(&world, &oracle) {
            let at = tenant.reading(now);
            for (plan, count) in in_effect(&tenant, now) {
                let limit = law::most(&world, &plan, at);
                let counted = if world.catalog.plan(&plan).unwrap().scope == Scope::Tenant { 1 } else { count };
                prop_assert!(limit >= Total::Limited(counted), "{counted} have {plan} at {at}, the limit is {limit}");
            }
            for plan in &world.offer.plans {
                let (pool, limit) = (tenant.pool(&plan.id, now), law::limit(&world, &plan.id, at));
                prop_assert!(pool.limit <= limit, "{} reaches {}, the limit is {limit}", plan.id, pool.limit);
                prop_assert!(limit >= Total::Limited(pool.seated));
            }
        }
    }

    #[test]
    fn the_law_nothing_opens_by_itself(world in forged()) {
        let tenant = world.tenant();
        let claims: BTreeSet<_> = world.oracle(&world.record).claims().cloned().collect();
        let units = |id: &PlanId, at| law::limit(&world, id, at).reaches(Place::FIRST);
        for now in days() {
            for (user, app) in questions(&tenant) {
                let Opinion::Allowed { plan, basis, .. } = answer(&tenant, &user, &app, now) else { continue };
                let plan = plan.and_then(|plan| world.catalog.plan(&plan));
                match basis {
                    Basis::Unmanaged => prop_assert!(world.offer.management == entitle::catalog::Management::Unmanaged),
                    Basis::Free => prop_assert_eq!(app.access(), entitle::catalog::Access::Free),
                    _ => {
                        let plan = plan.unwrap();
                        prop_assert!(plan.apps.contains(app.id()));
                        prop_assert!(plan.scope == Scope::Tenant || claims.contains(&(user.clone(), plan.id.clone())));
                        let at = tenant.reading(now);
                        let could = could_be(&world, plan, &|id| {
                            let is_tenant = world.catalog.plan(id).unwrap().scope == Scope::Tenant;
                            units(id, at) && (is_tenant || claims.contains(&(user.clone(), id.clone())))
                        });
                        prop_assert!(could, "{} at {}", plan.id, at);
                    }
                }
            }
        }
    }

    #[test]
    fn check_answers_what_the_oracle_answers(world in any_world()) {
        let tenant = world.tenant();
        let oracle = world.oracle(&world.record);
        prop_assert_eq!(floor(&tenant), oracle.floor());
        for now in instants(&world, &oracle) {
            for (user, app) in questions(&tenant) {
                let (found, expected) = (answer(&tenant, &user, &app, now), oracle.check(&user, app.id(), now));
                prop_assert_eq!(found, expected, "{} and {} at {}", user, app, now);
            }
        }
    }

    /// The end of a status is where the oracle's answer first turns, at instants before and after every boundary.
    #[test]
    fn k5_a_status_says_when_an_app_closes_or_opens_by_time_alone(world in any_world(), on in 0..60_i64) {
        let (tenant, oracle) = (world.tenant(), world.oracle(&world.record));
        for (user, app) in questions(&tenant) {
            let status = tenant.status(&user, &app, day(on));
            let (is_open, turns) = match status.access {
                AppAccess::Open(open) => (true, open.closes),
                AppAccess::Closed { opens, .. } => (false, opens),
                other => panic!("{other:?}"),
            };
            let opens = |at| oracle.check(&user, app.id(), at).is_allowed();
            prop_assert_eq!(is_open, opens(day(on)));
            let later = instants(&world, &oracle).into_iter().filter(|at| *at >= status.at);
            for at in later.filter(|at| End::At(*at) < turns) {
                prop_assert_eq!(opens(at), is_open, "{} and {} at {}, from {}", user, app, at, status.at);
            }
            if let End::At(at) = turns {
                prop_assert_eq!(opens(at), !is_open);
            }
        }
    }

    #[test]
    fn check_answers_what_the_oracle_answers_after_every_event(world in forged()) {
        let mut tenant = world.blank();
        for (event, length) in world.record.iter().zip(1..) {
            tenant = replay(tenant, core::slice::from_ref(event));
            let oracle = world.oracle(&world.record[..length]);
            for now in (0..100).step_by(7).map(day) {
                for (user, app) in questions(&tenant) {
                    let (found, expected) = (answer(&tenant, &user, &app, now), oracle.check(&user, app.id(), now));
                    prop_assert_eq!(found, expected, "{} and {} at {} after event {}", user, app, now, length);
                }
            }
        }
    }

    #[test]
    fn l9_pools_and_lines_are_what_the_oracle_adds_up(world in any_world()) {
        let tenant = world.tenant();
        let oracle = world.oracle(&world.record);
        for plan in world.offer.plans.iter().filter(|plan| plan.scope == Scope::User) {
            let line = oracle.queue(&plan.id);
            prop_assert_eq!(tenant.queue(&plan.id).map(|user| user.to_id()).collect::<Vec<_>>(), line.clone());
            for now in instants(&world, &oracle) {
                let (pool, at) = (tenant.pool(&plan.id, now), tenant.reading(now));
                prop_assert_eq!(pool.usable, oracle.reach(&plan.id, Basis::Grace, at));
                prop_assert_eq!(pool.limit, oracle.reach(&plan.id, Basis::Tolerance, at));
                let seated = (0..).map(Place::behind).zip(&line).filter(|(place, _)| pool.limit.reaches(*place)).count();
                prop_assert_eq!(pool.seated, u64::try_from(seated).unwrap());
                prop_assert_eq!(pool.waiting, u64::try_from(line.len() - seated).unwrap());
                prop_assert_eq!(pool.paid.active.max(pool.trial.active), oracle.reach(&plan.id, Basis::Trial, at));
                prop_assert_eq!(pool.paid.active, oracle.reach(&plan.id, Basis::Paid, at));
            }
        }
    }

    #[test]
    fn k1_same_state_same_answer(world in any_world()) {
        let tenant = world.tenant();
        let (twin, copy) = (world.tenant(), tenant.clone());
        for now in days().step_by(3) {
            let first = all(&tenant, now);
            prop_assert_eq!(&first, &all(&tenant, now));
            prop_assert_eq!(&first, &all(&twin, now));
            prop_assert_eq!(&first, &all(&copy, now));
        }
        prop_assert_eq!(usize::try_from(tenant.position()).unwrap(), world.record.len());
    }

    #[test]
    fn k2_who_has_no_seat_gets_what_needs_none(world in any_world()) {
        let tenant = world.tenant();
        for now in days() {
            for app in world.catalog.apps() {
                let nobody = answer(&tenant, &user("nobody"), &app, now);
                if let Opinion::Allowed { plan: Some(plan), .. } = &nobody {
                    prop_assert_eq!(world.catalog.plan(plan).unwrap().scope, Scope::Tenant);
                }
                if nobody.is_allowed() {
                    prop_assert!(users().iter().all(|user| answer(&tenant, user, &app, now).is_allowed()));
                }
            }
        }
    }

    #[test]
    fn lists_say_what_checks_say(world in any_world()) {
        let tenant = world.tenant();
        for now in days().step_by(4) {
            for user in users() {
                let listed: Vec<_> = tenant.apps_of(&user, now).map(|app| app.id.clone()).collect();
                let apps = world.catalog.apps().filter(|app| tenant.check(&user, app, now).is_allowed());
                prop_assert_eq!(listed, apps.map(|app| app.id().clone()).collect::<Vec<_>>());
            }
            for app in world.catalog.apps() {
                let audience = tenant.users_of(&app, now);
                let stranger = answer(&tenant, &user("a user nobody named"), &app, now);
                prop_assert_eq!(audience.everyone().is_some(), stranger.is_allowed());
                let listed: Vec<_> = audience.users().map(|user| user.to_id()).collect();
                let once: BTreeSet<_> = listed.iter().cloned().collect();
                prop_assert_eq!(once.len(), listed.len());
                for user in users() {
                    let is_named = world.offer.plans.iter().any(|plan| tenant.queue(&plan.id).any(|it| it == user));
                    let is_allowed = tenant.check(&user, &app, now).is_allowed();
                    let can_be_listed = is_named || !is_allowed || once.contains(&user) || audience.everyone().is_some();
                    prop_assert!(can_be_listed, "{} is not listed for {}", user, app);
                    prop_assert!(is_allowed || !once.contains(&user));
                    prop_assert!(!is_named || once.contains(&user) == is_allowed);
                }
            }
        }
    }

    #[test]
    fn k5_nothing_changes_before_until(world in any_world()) {
        let tenant = world.tenant();
        for (user, app) in questions(&tenant) {
            let mut last: Option<Opinion> = None;
            for now in days() {
                let next = answer(&tenant, &user, &app, now);
                if let Some(until) = next.until().instant() {
                    prop_assert!(until > tenant.reading(now));
                    let just_before = answer(&tenant, &user, &app, until - TimeDelta::seconds(1));
                    prop_assert_eq!(&just_before, &next, "the second before {}", until);
                }
                if let Some(last) = last.filter(|last| last.until().instant().is_none_or(|until| now < until)) {
                    prop_assert_eq!(&last, &next, "at {}, before {:?}", now, last.until());
                }
                last = Some(next);
            }
        }
    }

    #[test]
    fn k5_until_is_a_boundary(world in any_world()) {
        let tenant = world.tenant();
        let oracle = world.oracle(&world.record);
        let notice = TimeDelta::days(world.offer.notice.get().into());
        for (user, app) in questions(&tenant) {
            // A notice is of a plan that lists the app; a phase or a tolerance of one that such a plan requires as well.
            let listing = world.offer.plans.iter().filter(|plan| plan.apps.contains(app.id()));
            let all: BTreeSet<_> = listing.flat_map(|plan| oracle.all_boundaries(plan)).collect();
            for now in days() {
                let found = answer(&tenant, &user, &app, now);
                let at = tenant.reading(now);
                let first = all.iter().copied().find(|&boundary| boundary > at);
                match found.until().instant() {
                    None if matches!(found, Opinion::Allowed { basis: Basis::Free | Basis::Unmanaged, .. }) => {}
                    None => prop_assert_eq!(first, None),
                    Some(until) => {
                        prop_assert!(all.contains(&until) || all.contains(&(until + notice)));
                        prop_assert!(first.is_some_and(|first| until <= first), "{} is not the first", until);
                    }
                }
            }
        }
    }

    #[test]
    fn k8_a_handle_of_another_catalog_is_looked_up_by_its_id(world in any_world()) {
        let mut other = world.offer.clone();
        other.apps.reverse();
        other.apps.insert(0, AppEntry::free("elsewhere".parse().unwrap()));
        let other = Catalog::new(other).unwrap();
        let tenant = world.tenant();
        for now in days().step_by(5) {
            for (user, app) in questions(&tenant) {
                let foreign = other.app(app.id().as_str()).unwrap();
                prop_assert_eq!(answer(&tenant, &user, &foreign, now), answer(&tenant, &user, &app, now));
            }
            let (user, unknown) = (user("ann"), other.app("elsewhere").unwrap());
            match tenant.check(&user, &unknown, now) {
                Decision::Allow(allow) => prop_assert!(false, "{allow:?}"),
                Decision::Deny(denial) => {
                    prop_assert_eq!(denial.until(), End::Never);
                    prop_assert_eq!(denial.explain().cause, DenialCause::UnknownApp);
                }
            }
        }
    }

    /// What the tests know of their signers, so that the oracle may ask the ring.
    #[test]
    fn x3_a_ring_takes_what_its_signers_may_sign(world in any_world()) {
        let World { ring, test_licenses, test_lists, test_tickets, .. } = &world;
        for signer in Signer::ALL {
            prop_assert_eq!(ring.trusts(signer.id(), KeyPurpose::Revocations), world.takes_lists_of(signer));
        }
        prop_assert!(test_licenses.iter().all(|test_license| ring.verify(&test_license.token).is_ok() == test_license.verifies));
        prop_assert!(test_lists.iter().all(|test_list| ring.verify_list(&test_list.token).is_ok() == test_list.verifies));
        prop_assert!(test_tickets.iter().all(|test_ticket| ring.verify_ticket(&test_ticket.token).is_ok() == test_ticket.verifies));
    }

    #[test]
    fn x6_setting_the_clock_back_revives_nothing(world in any_world()) {
        let tenant = world.tenant();
        let floor = floor(&tenant);
        let is_corrected = world.oracle(&world.record).corrected() > 0;
        prop_assert!(is_corrected || world.record.iter().all(|event| event.at <= floor));
        for now in days().filter(|now| *now < floor).chain([EARLIEST]) {
            prop_assert_eq!(tenant.reading(now), floor);
            prop_assert_eq!(all(&tenant, now), all(&tenant, floor));
        }
    }
}
