//! The pools of plans after their grants, or the phases of these, have changed.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::collections::sorted::distinct;
use crate::id::PlanId;
use crate::tenant::pool::GrantInstance;
use crate::tenant::pool::negotiated::NegotiatedAmounts;
use crate::tenant::pool::schedule::Schedule;
use crate::tenant::state::RecordState;
use crate::time::EARLIEST;

impl RecordState {
    /// Rebuilds the pools of plans whose grants or phases have changed. `O(n log n)` in the grants
    /// of these plans, and `O(n)` in the grants of the tenant; nothing for no plans.
    pub(crate) fn rebuild_pools(&mut self, plans: Vec<PlanId>) {
        if plans.is_empty() {
            return;
        }
        let plans = distinct(plans);
        let index_of = |plan: &PlanId| plans.binary_search(plan);
        let mut grant_instances: Vec<Vec<GrantInstance<'_>>> = plans.iter().map(|_| Vec::new()).collect();
        let of_licenses =
            self.documents.in_force().flat_map(|license| self.grant_instances(license, |plan| index_of(plan).is_ok()));
        for instance in of_licenses.chain(self.hypothesis().grant_instances(self.release())) {
            if let Some(of_plan) = index_of(&instance.grant.plan).ok().and_then(|at| grant_instances.get_mut(at)) {
                of_plan.push(instance);
            }
        }
        let schedule =
            |(plan, grant_instances): (_, &Vec<_>)| Schedule::of(grant_instances).plus(self.hypothesis().freed(plan));
        let schedules: Vec<Schedule> = plans.iter().zip(&grant_instances).map(schedule).collect();
        let negotiated: Vec<_> = grant_instances.iter().map(|of_plan| NegotiatedAmounts::of(of_plan)).collect();
        let floor = self.floor();
        for (plan, (schedule, negotiated)) in plans.iter().zip(schedules.into_iter().zip(negotiated)) {
            let number = self.number_or_next(plan);
            if let Some(plan) = self.plan_mut(number) {
                plan.schedule = schedule;
                plan.negotiated = negotiated;
                plan.cache_coverage(floor);
                let until = plan.known_until();
                self.known_until = self.known_until.min(until);
            }
        }
    }

    /// Rebuilds the pools of all plans that are or were granted.
    pub(crate) fn rebuild_all_pools(&mut self) {
        for plan in Arc::make_mut(&mut self.plans).iter_mut() {
            plan.schedule = Schedule::without_grants();
            plan.negotiated = NegotiatedAmounts::default();
        }
        self.rebuild_pools(self.granted().cloned().collect());
        self.known_until = EARLIEST;
        self.cache_coverages(self.floor(), core::iter::empty());
    }
}
