//! Small random catalogs, sound by construction.

use entitle::catalog::{
    AppEntry, Combination, InstallPolicy, Management, Offer, Plan, PlanQuota, QuotaEntry, QuotaScope, Release, Scope,
};
use entitle::limits::MAX_QUOTA;
use entitle::quantity::QuotaAmount;
use entitle::testing::excludes;
use entitle::time::Days;
use entitle::{AppId, PlanId};
use proptest::prelude::*;

use super::calendar::day;

/// The plans a catalog may have, in its order; not the order of their bytes.
pub(crate) const PLANS: [&str; 4] = ["mid", "top", "add", "base"];
/// The quotas of every catalog: of users, and of the organisation.
pub(crate) const QUOTAS: [&str; 2] = ["projects", "storage"];
/// The apps a catalog may have.
pub(crate) const APPS: [&str; 4] = ["orders", "bots", "reports", "audit"];

pub(crate) fn plan_id(index: usize) -> PlanId {
    PLANS[index % PLANS.len()].parse().unwrap()
}

pub(crate) fn app_id(index: usize) -> AppId {
    APPS[index % APPS.len()].parse().unwrap()
}

/// The apps whose bits are set.
pub(crate) fn apps_of(mask: u8) -> Vec<AppId> {
    (0..APPS.len()).filter(|index| mask & (1 << index) != 0).map(app_id).collect()
}

fn scope() -> impl Strategy<Value = Scope> {
    prop_oneof![7 => Just(Scope::User), 4 => Just(Scope::Tenant), 1 => Just(Scope::Capacity)]
}

/// Who may install, in the last case with the plans of a mask.
fn management() -> impl Strategy<Value = (Management, u8)> {
    let managed = |install| Just(Management::Managed(install));
    let management = prop_oneof![
        7 => managed(InstallPolicy::WithLicense),
        3 => managed(InstallPolicy::WithoutLicense),
        4 => managed(InstallPolicy::WithPlan(Vec::new())),
        1 => Just(Management::Unmanaged),
    ];
    (management, 1..16_u8)
}

/// A plan before it is known which others there are.
#[derive(Debug, Clone)]
struct Sketch {
    scope: Scope,
    lists: [bool; 4],
    /// The plans of each need as the bits of a mask, of which those that would be unsound are left out.
    needs: Vec<u8>,
}

fn sketch() -> impl Strategy<Value = Sketch> {
    let lists = prop::array::uniform4(prop::bool::weighted(0.7));
    let needs = prop_oneof![1 => Just(Vec::new()), 4 => prop::collection::vec(1..16_u8, 1), 2 => prop::collection::vec(1..16_u8, 2)];
    (scope(), lists, needs).prop_map(|(scope, lists, needs)| Sketch { scope, lists, needs })
}

/// Whether a plan of one scope may require one of another (C4).
fn may_require(plan: Scope, required: Scope) -> bool {
    match plan {
        Scope::Tenant => required == Scope::Tenant,
        Scope::User => required != Scope::Capacity,
        Scope::Capacity => false,
    }
}

/// The needs of a plan: only of plans that come before it in some order, so that none leads back to itself.
fn requires(sketches: &[Sketch], order: &[usize], index: usize) -> Vec<Vec<PlanId>> {
    let is_sound = |other: usize| {
        order[other] < order[index]
            && sketches.get(other).is_some_and(|other| may_require(sketches[index].scope, other.scope))
    };
    let need = |mask: &u8| -> Vec<PlanId> {
        let named = (0..PLANS.len()).filter(|other| mask & (1 << other) != 0 && is_sound(*other));
        named.map(plan_id).collect()
    };
    sketches[index].needs.iter().map(need).filter(|any| !any.is_empty()).collect()
}

/// Lets user plans exclude each other, by the bits of a mask; not where that would take a need all its plans (C5, C8).
fn exclude(offer: &mut Offer, mask: u16) {
    let is_user = |offer: &Offer, plan: usize| offer.plans.get(plan).is_some_and(|plan| plan.scope == Scope::User);
    let pairs = (0..PLANS.len()).flat_map(|one| (0..PLANS.len()).map(move |other| (one, other)));
    for (bit, (one, other)) in pairs.enumerate() {
        if one == other || mask & (1 << bit) == 0 || !is_user(offer, one) || !is_user(offer, other) {
            continue;
        }
        offer.plans[one].excludes.push(plan_id(other));
        let is_lost = |plan: &Plan| {
            let excluded = |id: &PlanId| offer.plans.iter().any(|other| other.id == *id && excludes(plan, other));
            plan.requires.iter().any(|any| any.iter().all(excluded))
        };
        if offer.plans.iter().any(is_lost) {
            offer.plans[one].excludes.pop();
        }
    }
}

/// Any amount of a quota, mostly a small one.
pub(crate) fn any_amount() -> impl Strategy<Value = QuotaAmount> {
    let limited = |number| QuotaAmount::limited(number).unwrap();
    prop_oneof![
        6 => (0..9_u64).prop_map(limited),
        1 => Just(limited(MAX_QUOTA)),
        1 => Just(QuotaAmount::Unlimited),
    ]
}

/// A quota of users and one of the organisation.
fn quotas() -> impl Strategy<Value = Vec<QuotaEntry>> {
    let combine = || prop_oneof![Just(Combination::Largest), Just(Combination::Sum)];
    let free = || prop_oneof![5 => (0..3_u64).prop_map(|free| QuotaAmount::limited(free).unwrap()), 1 => any_amount()];
    (combine(), combine(), free(), free()).prop_map(|(of_users, of_tenant, for_users, for_tenant)| {
        let quota = |id: &str, scope, combine, free| {
            let name = || id.parse().unwrap();
            let mut quota = QuotaEntry::new(id.parse().unwrap(), name(), name(), scope, combine);
            quota.free = free;
            quota
        };
        vec![
            quota(QUOTAS[0], QuotaScope::User, of_users, for_users),
            quota(QUOTAS[1], QuotaScope::Tenant, of_tenant, for_tenant),
        ]
    })
}

/// What a plan gives of both quotas, by the bits of a mask.
fn given_by(scope: Scope, (of_users, of_tenant, each, mask): (QuotaAmount, QuotaAmount, bool, u8)) -> Vec<PlanQuota> {
    let id = |index: usize| QUOTAS[index].parse().unwrap();
    let of_users = (mask & 1 != 0 && scope != Scope::Capacity).then(|| PlanQuota::new(id(0), of_users));
    let of_tenant = if each { PlanQuota::per_unit(id(1), of_tenant) } else { PlanQuota::new(id(1), of_tenant) };
    of_users.into_iter().chain((mask & 2 != 0).then_some(of_tenant)).collect()
}

/// Releases around the fallbacks of the worlds, and a release without a date.
pub(crate) fn release() -> impl Strategy<Value = Release> {
    prop_oneof![1 => Just(Release::Undated), 5 => (-10..70_i64).prop_map(|on| Release::of(day(on)))]
}

pub(crate) fn offer() -> impl Strategy<Value = Offer> {
    let plans = prop_oneof![
        1 => prop::collection::vec(sketch(), 1..=2),
        3 => prop::collection::vec(sketch(), 3..=PLANS.len()),
    ];
    let given = prop::collection::vec((any_amount(), any_amount(), any::<bool>(), 0..4_u8), PLANS.len());
    let quotas = (quotas(), given);
    let order = Just((0..PLANS.len()).collect::<Vec<_>>()).prop_shuffle();
    let notice = prop_oneof![Just(0), Just(5), Just(30)];
    // An app that no plan lists is free as well, so few need to be made free here.
    let apps = prop::collection::vec(prop::bool::weighted(0.1), 1..=APPS.len());
    // Of the pairs half exclude each other, where that is sound; in one catalog of five none does.
    let excluded = prop_oneof![1 => Just(0), 4 => any::<u16>()];
    (management(), notice, plans, order, apps, excluded, release(), quotas).prop_map(
        |((management, mask), notice, sketches, order, free, excluded, release, (quotas, given))| {
            let mut offer = Offer::new("publisher".parse().unwrap(), "product".parse().unwrap(), management);
            (offer.notice, offer.release, offer.quotas) = (Days::new(notice), release, quotas);
            for (index, sketch) in sketches.iter().enumerate() {
                let mut plan = Plan::new(plan_id(index), sketch.scope, PLANS[index].parse().unwrap());
                let lists = |app: &usize| sketch.scope != Scope::Capacity && sketch.lists[*app] && !free[*app];
                plan.apps = (0..free.len()).filter(lists).map(app_id).collect();
                plan.requires = requires(&sketches, &order, index);
                plan.quotas = given_by(sketch.scope, given[index]);
                offer.plans.push(plan);
            }
            exclude(&mut offer, excluded);
            for index in 0..free.len() {
                let id = app_id(index);
                let listed = offer.plans.iter().any(|plan| plan.apps.contains(&id));
                offer.apps.push(if listed { AppEntry::licensed(id) } else { AppEntry::free(id) });
            }
            if let Management::Managed(InstallPolicy::WithPlan(named)) = &mut offer.management {
                *named = (0..sketches.len()).filter(|index| mask & (1 << index) != 0).map(plan_id).collect();
                if named.is_empty() {
                    named.push(plan_id(0));
                }
            }
            offer
        },
    )
}
