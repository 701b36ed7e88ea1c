//! The scope of commands: the plans that they may affect, and the apps that these list.

use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::catalog::Catalog;
use crate::catalog::index::{AppIndex, PlanIndex, PlanNumber};
use crate::catalog::quota::QuotaEntry;
use crate::catalog::quota_rule::QuotaRule;
use crate::tenant::Tenant;
use crate::tenant::pool::schedule::Segments;
use crate::tenant::state::plan::PlanState;
use crate::tenant::state::user::{Claim, claim_on};
use crate::tenant::transition::touched_user::UserDiff;

/// The plans and apps that commands may affect. Everything else is the same without and with them,
/// at every instant.
pub(super) struct AffectedScope<'a> {
    /// The plans whose units or amounts of quotas may differ, as numbers of the tenant; sorted.
    pub(super) pools: Vec<PlanNumber>,
    /// The plans that may be affected for some user, as indexes in the catalog; sorted. Their
    /// units, queues or deny lists may differ, or those of a plan that they require or exclude.
    pub(super) plans: Vec<PlanIndex>,
    /// The apps that such a plan lists and that are not open to everyone, as indexes in the
    /// catalog.
    pub(super) apps: Vec<AppIndex>,
    /// For each plan of the catalog the apps in `apps` that it lists, as indexes in `apps`; sorted.
    pub(super) listed: Vec<Vec<usize>>,
    /// The quotas that such a plan gives.
    pub(super) quotas: Vec<(&'a QuotaEntry, &'a QuotaRule)>,
}

impl<'a> AffectedScope<'a> {
    /// Returns the scope of commands. `O(n)` in the plans and their segments, the users and claims
    /// that the commands touch, and the apps of the catalog.
    pub(super) fn of(before: &'a Tenant, after: &Tenant, settled: &[UserDiff<'_>], now: DateTime<Utc>) -> Self {
        let catalog = before.catalog();
        let pools = pools(before, after, now);
        let moved = settled.iter().flat_map(|user| {
            let (before, after) = (user.before.claims(), user.after.claims());
            let mut plans = Vec::new();
            for (one, other) in [(&before, &after), (&after, &before)] {
                let is_other =
                    |claim: &&Claim| !claim_on(other.as_slice(), claim.plan).is_some_and(|it| alike(claim, it));
                plans.extend(one.as_slice().iter().filter(is_other).map(|claim| claim.plan));
            }
            plans
        });
        let numbering = after.core().numbering();
        let changed = pools.iter().copied().chain(moved).filter_map(|number| numbering.in_catalog(number));
        let mut changed: Vec<PlanIndex> = changed.collect();
        changed.sort_unstable();
        changed.dedup();
        let plans = with_dependents(catalog, changed);
        let (apps, listed) = apps(catalog, &plans);
        let is_affected = |(_, rule): &(&QuotaEntry, &QuotaRule)| {
            rule.plans.iter().any(|giving| plans.binary_search(&giving.plan).is_ok())
        };
        let quotas = catalog.quotas().filter(is_affected).collect();
        Self { pools, plans, apps, listed, quotas }
    }

    /// Returns the plans that matter over time, as numbers of the tenant; sorted: affected plans,
    /// plans that list an affected app or give an affected quota, and all plans that these require.
    pub(super) fn relevant(&self, tenant: &Tenant) -> Vec<PlanNumber> {
        let catalog = tenant.catalog();
        let listing = (0..).map(PlanIndex).zip(&self.listed).filter(|(_, apps)| !apps.is_empty()).map(|(plan, _)| plan);
        let giving = self.quotas.iter().flat_map(|(_, rule)| rule.plans.iter().map(|giving| giving.plan));
        let mut plans: Vec<PlanIndex> = self.plans.iter().copied().chain(listing).chain(giving).collect();
        plans.sort_unstable();
        plans.dedup();
        let required = plans.iter().flat_map(|&plan| catalog.chain(plan).plans());
        let all = plans.iter().copied().chain(required);
        let numbers = all.filter_map(|plan| tenant.core().of_catalog(plan));
        let mut numbers: Vec<PlanNumber> = numbers.chain(self.pools.iter().copied()).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// Returns whether a plan of the catalog may be affected.
    pub(super) fn affects(&self, plan: PlanIndex) -> bool {
        self.plans.binary_search(&plan).is_ok()
    }
}

/// Returns whether two claims of a user on a plan are the same claim with the same deny list.
fn alike(one: &Claim, other: &Claim) -> bool {
    one.number == other.number && one.event == other.event && one.off() == other.off()
}

/// Returns whether the units of a plan differ, or the amounts of quotas that its grants carry.
fn differ(before: &PlanState, after: &PlanState) -> bool {
    before.schedule != after.schedule || before.negotiated != after.negotiated
}

fn pools(before: &Tenant, after: &Tenant, now: DateTime<Utc>) -> Vec<PlanNumber> {
    let (was, is) = (before.reading(now), after.reading(now));
    let differs = |&number: &PlanNumber| {
        let plans = (before.core().plan(number), after.core().plan(number));
        if was == is {
            return match plans {
                (Some(before), Some(after)) => differ(before, after),
                (before, after) => before.or(after).is_some_and(|plan| plan.segments(was) != Segments::WITHOUT_GRANTS),
            };
        }
        // The tenants are read at different instants, so everything that changes by time may
        // differ.
        let changes_by_time = |plan: &PlanState| plan.segments(was.min(is)).len() > 1;
        plans.0.zip(plans.1).is_none_or(|(before, after)| differ(before, after) || changes_by_time(before))
    };
    after.core().numbering().all().filter(differs).collect()
}

/// Adds the plans that require or exclude one of these, directly or indirectly. Input and output
/// are sorted.
fn with_dependents(catalog: &Catalog, mut plans: Vec<PlanIndex>) -> Vec<PlanIndex> {
    loop {
        let is_in = |plan: PlanIndex| plans.binary_search(&plan).is_ok();
        let depends = |&plan: &PlanIndex| {
            !is_in(plan)
                && (catalog.chain(plan).plans().any(is_in)
                    || catalog.exclusions(plan).iter().any(|&excluded| is_in(excluded)))
        };
        let more: Vec<PlanIndex> = catalog.indexed_plans().map(|(plan, _)| plan).filter(depends).collect();
        if more.is_empty() {
            return plans;
        }
        plans.extend(more);
        plans.sort_unstable();
    }
}

fn apps(catalog: &Catalog, plans: &[PlanIndex]) -> (Vec<AppIndex>, Vec<Vec<usize>>) {
    let mut apps = Vec::new();
    let mut listed = alloc::vec![Vec::new(); catalog.offer().plans.len()];
    for (app, _) in catalog.indexed_apps() {
        let rule = catalog.rule(app);
        if rule.open().is_some() || !rule.plans().iter().any(|plan| plans.binary_search(plan).is_ok()) {
            continue;
        }
        for &plan in rule.plans() {
            if let Some(listed) = listed.get_mut(plan.0) {
                listed.push(apps.len());
            }
        }
        apps.push(app);
    }
    (apps, listed)
}
