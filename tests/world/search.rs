//! Every state that a few commands can lead to, with three users, two groups, two plans and two units of each.
//!
//! States in which the same is assigned, to the same users and groups, and in which all lines are in the same order are one:
//! nothing that can be asked or done distinguishes them. `ENTITLE_DEPTH=6 cargo test --release --test laws every_state --
//! --nocapture` goes deeper and says how many there are.

use core::num::NonZeroU32;
use entitle::catalog::{
    AppEntry, Combination, InstallPolicy, Management, Offer, Plan, PlanQuota, QuotaEntry, QuotaScope, Scope,
};
use entitle::command::Assignee;
use entitle::quantity::QuotaAmount;
use entitle::testing::Oracle;
use entitle::{Catalog, Command, Deal, Grant, KeyRing, LicenseId, PlanId, Tenant, Term, Units};
use std::collections::BTreeSet;

use super::anchors::Hook;
use super::answers::all;
use super::calendar::day;
use super::offers::{QUOTAS, plan_id};
use super::test_licenses::Signer;
use super::verdict::{self, Verdict};
use super::{GROUPS, TestLicense, USERS, World, admin, decide, group, our_tenant, replay, user};

fn limited(number: u64) -> QuotaAmount {
    QuotaAmount::limited(number).unwrap()
}

/// How the two plans stand to each other.
#[derive(Debug, Clone, Copy)]
enum Relation {
    None,
    Excludes,
    Requires,
}

/// Two user plans with an app each, which both give projects to users, that add up, and storage to the organisation by unit; of the
/// second revision of the license one unit of the first plan is left, and its grant carries fewer projects of its own.
fn world(relation: Relation) -> World {
    let managed = Management::Managed(InstallPolicy::WithLicense);
    let mut offer = Offer::new("publisher".parse().unwrap(), "product".parse().unwrap(), managed);
    for index in 0..2 {
        let app: entitle::AppId = format!("app-{index}").parse().unwrap();
        let mut plan = Plan::new(plan_id(index), Scope::User, "Plan".parse().unwrap());
        plan.apps.push(app.clone());
        match relation {
            Relation::Excludes if index == 1 => plan.excludes.push(plan_id(0)),
            Relation::Requires if index == 1 => plan.requires.push(vec![plan_id(0)]),
            _ => {}
        }
        offer.apps.push(AppEntry::licensed(app));
        let given = u64::try_from(index).unwrap() + 10;
        plan.quotas.push(PlanQuota::new(QUOTAS[0].parse().unwrap(), limited(given)));
        plan.quotas.push(PlanQuota::per_unit(QUOTAS[1].parse().unwrap(), limited(given)));
        offer.plans.push(plan);
    }
    for (id, scope) in QUOTAS.into_iter().zip([QuotaScope::User, QuotaScope::Tenant]) {
        let name = || id.parse().unwrap();
        offer.quotas.push(QuotaEntry::new(id.parse().unwrap(), name(), name(), scope, Combination::Sum));
    }
    let customer = entitle::license::Customer::new(our_tenant(), "Contoso".parse().unwrap(), "DE".parse().unwrap());
    let grant =
        |plan, n| Grant::paid(plan_id(plan), Units::Limited(NonZeroU32::new(n).unwrap()), Term::perpetual(day(0)));
    let deal = Deal::new(LicenseId::from_random([1; 16]), &offer, entitle::license::Licensee::Tenant(customer), day(0));
    let smaller = deal
        .revise(day(0))
        .unwrap()
        .with(grant(0, 1).with_amount(QUOTAS[0].parse().unwrap(), limited(3)))
        .with(grant(1, 2));
    let test_licenses = [deal.with(grant(0, 2)).with(grant(1, 2)), smaller].map(|deal| {
        let signer = Signer::Trusted;
        TestLicense { token: signer.key().seal(&deal).unwrap(), deal, signer, verifies: false, hook: Hook::Nothing }
    });
    let catalog = Catalog::new(offer.clone()).unwrap();
    let world = World {
        offer,
        catalog,
        signers: Vec::new(),
        ring: KeyRing::new(),
        test_licenses: test_licenses.to_vec(),
        test_lists: Vec::new(),
        test_tickets: Vec::new(),
        test_certificates: Vec::new(),
        proofs: Vec::new(),
        attempts: Vec::new(),
        record: Vec::new(),
    };
    world.trusting(&Signer::USUAL)
}

/// Every command there is about three users, two groups and two plans, and the smaller revision.
fn commands(world: &World) -> Vec<Command> {
    let mut all = vec![Command::Install(world.test_licenses[1].token.clone())];
    let groups = || GROUPS.map(group);
    for name in &USERS[..3] {
        let user = || user(name);
        all.push(Command::RemoveUser(user()));
        for plan in [0, 1].map(plan_id) {
            all.push(Command::assign(user(), plan.clone()));
            all.push(Command::unassign(user(), plan));
        }
        for group in groups() {
            all.push(Command::join(user(), group.clone()));
            all.push(Command::leave(user(), group));
        }
    }
    for group in groups() {
        all.push(Command::RemoveGroup(group.clone()));
        for plan in [0, 1].map(plan_id) {
            all.push(Command::assign_group(group.clone(), plan.clone()));
            all.push(Command::unassign_group(group.clone(), plan));
        }
    }
    all
}

/// What distinguishes two states.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    revision: u32,
    assigned: BTreeSet<(Assignee, PlanId)>,
    members: BTreeSet<String>,
    lines: [Vec<String>; 2],
    /// Whether a user's claim on the second plan is the earlier.
    second_first: Vec<String>,
}

fn key(oracle: &Oracle) -> Key {
    let [one, two] = [0, 1].map(plan_id);
    let line = |plan: &PlanId| oracle.queue(plan).iter().map(ToString::to_string).collect();
    let earlier = USERS[..3].iter().filter(|name| {
        let claimed = |plan| oracle.claimed(&user(name), plan);
        claimed(&one).zip(claimed(&two)).is_some_and(|(one, two)| two < one)
    });
    Key {
        revision: oracle.in_force(LicenseId::from_random([1; 16])).map_or(0, |deal| deal.revision.get()),
        assigned: oracle.assigned().cloned().collect(),
        members: oracle.members().map(|(group, user)| format!("{group} {user}")).collect(),
        lines: [line(&one), line(&two)],
        second_first: earlier.map(ToString::to_string).collect(),
    }
}

/// The invariants of one state: answers, quotas and queues are the oracle's, and the holders of seats are the first in the queue.
fn hold(tenant: &Tenant, oracle: &Oracle) {
    for (user, app) in super::answers::questions(tenant) {
        let found = super::answers::answer(tenant, &user, &app, day(1));
        assert_eq!(found, oracle.check(&user, app.id(), day(1)), "{user} and {app}");
    }
    let (projects, storage) =
        (tenant.catalog().user_quota(QUOTAS[0]).unwrap(), tenant.catalog().tenant_quota(QUOTAS[1]).unwrap());
    for name in USERS {
        let expected = oracle.quota(Some(&user(name)), projects.id(), day(1));
        assert_eq!(tenant.quota(&user(name), &projects, day(1)).amount(), expected, "{name}");
    }
    let expected = oracle.quota(None, storage.id(), day(1));
    assert_eq!(tenant.tenant_quota(&storage, day(1)).amount(), expected);
    for plan in [0, 1].map(plan_id) {
        let (pool, line) = (tenant.pool(&plan, day(1)), oracle.queue(&plan));
        assert_eq!(tenant.queue(&plan).map(|user| user.to_id()).collect::<Vec<_>>(), line);
        let claims = u64::try_from(line.len()).unwrap();
        let entitle::quantity::Total::Limited(limit) = pool.limit else { panic!("two units at most") };
        assert_eq!((pool.seated, pool.waiting), (claims.min(limit), claims.saturating_sub(limit)));
    }
    let errors = tenant.claims_in_error(day(1)).count();
    let working = |plan: usize| {
        let plan = oracle.plan(&plan_id(plan)).unwrap();
        USERS[..3].iter().filter(|name| oracle.in_effect(plan, &user(name), day(1))).count()
    };
    let claims: usize = [0, 1].map(|plan| oracle.queue(&plan_id(plan)).len()).into_iter().sum();
    assert_eq!(errors, claims - working(0) - working(1));
}

/// How many states there are to so many commands.
fn search(relation: Relation, depth: u32) -> usize {
    let mut world = world(relation);
    let commands = commands(&world);
    let first =
        decide(&world.blank(), &admin(), &[Command::Install(world.test_licenses[0].token.clone())], day(1)).unwrap();
    world.record.push(first);
    let start = (world.record.clone(), world.tenant());
    let mut seen = BTreeSet::from([key(&world.oracle(&start.0))]);
    let mut open = vec![start];
    for _ in 0..depth {
        let mut next = Vec::new();
        for (record, tenant) in open {
            let oracle = world.oracle(&record);
            let before = all(&tenant, day(1));
            for command in &commands {
                let list = core::slice::from_ref(command);
                let decided = decide(&tenant, &admin(), list, day(1));
                match (verdict::judge(&oracle, tenant.position(), list, day(1)), &decided) {
                    (Verdict::Admitted, Ok(_)) | (Verdict::Open, _) | (Verdict::Refused(_, "install"), Err(_)) => {}
                    (Verdict::Refused(_, code), Err(refusal)) => assert_eq!(refusal.reason.code(), code, "{command:?}"),
                    (expected, found) => panic!("{command:?}: {found:?}, expected {expected:?}, after {record:?}"),
                }
                let Ok(event) = decided else { continue };
                let after = replay(tenant.clone(), core::slice::from_ref(&event));
                let mut longer = record.clone();
                longer.push(event);
                let oracle = world.oracle(&longer);
                if seen.insert(key(&oracle)) {
                    hold(&after, &oracle);
                    next.push((longer, after));
                }
            }
            assert_eq!(all(&tenant, day(1)), before, "a clone that was written changes nothing here");
        }
        open = next;
    }
    seen.len()
}

#[test]
fn every_state_to_a_depth_is_what_the_rules_say() {
    let depth = std::env::var("ENTITLE_DEPTH").ok().and_then(|depth| depth.parse().ok()).unwrap_or(2);
    for relation in [Relation::None, Relation::Excludes, Relation::Requires] {
        let states = search(relation, depth);
        println!("{relation:?}: {states} states to depth {depth}");
        assert!(states > 100);
    }
}
