//! The end of an event: ended claims leave their queues, and new claims join them in the order of
//! their users' ids (S10).
//!
//! The changes are first computed, which is all that a decision needs, and then committed.

use chrono::{DateTime, Utc};
use smallvec::SmallVec;

use crate::catalog::index::PlanNumber;
use crate::id::GroupId;
use crate::tenant::state::bucket::Key;
use crate::tenant::state::sources::{NewClaims, get_or_insert};
use crate::tenant::state::user::{Claim, Claims, UserEntitlements, claim_on};
use crate::tenant::state::view::QueueDiff;
use crate::tenant::state::{Group, State};
use crate::tenant::transition::apply::EventTransaction;
use crate::tenant::transition::touched_user::{Change, OwnedUser, Touched, UserDiff};

impl<'a> EventTransaction<'a, '_> {
    /// Ends the event and returns, for each touched user by the bytes of their ids, what `describe`
    /// returns for the user's new entitlements. Users and queues do not change yet.
    ///
    /// `O(n log n)` in the touched users, their plans and groups.
    pub(crate) fn settle<T>(self, describe: impl Fn(&Touched<'a>, UserEntitlements) -> T) -> SmallVec<[T; 1]> {
        self.core.rebuild_pools(self.changed);
        let mut new_claims = NewClaims::new();
        let mut settled = SmallVec::new();
        for touched in &self.touched.by_id() {
            let after = self.core.settled(&touched.sources, &mut new_claims);
            settled.push(describe(touched, after));
        }
        // A plan that is claimed for the first time gets a state.
        for (plan, _) in new_claims {
            if self.core.plan(plan).is_none() {
                self.core.plan_mut(plan);
            }
        }
        settled
    }
}

/// Returns the changes of these users' claims to the queues, by the plans' numbers.
pub(crate) fn queue_diffs(diffs: &[UserDiff<'_>]) -> SmallVec<[(PlanNumber, QueueDiff); 1]> {
    let mut all = SmallVec::new();
    for user in diffs {
        let (before, after) = (user.before.claims(), user.after.claims());
        for claim in claims_missing_in(&after, &before) {
            if let Some(diff) = get_or_insert(&mut all, claim.plan, QueueDiff::default) {
                diff.remove(claim.number);
            }
        }
        for claim in claims_missing_in(&before, &after) {
            if let Some(diff) = get_or_insert(&mut all, claim.plan, QueueDiff::default) {
                diff.add();
            }
        }
    }
    for (_, diff) in &mut all {
        diff.sort();
    }
    all
}

/// Returns the claims that are not in `other`. A claim on the same plan with another number is
/// another claim.
fn claims_missing_in<'a>(other: &'a Claims<'_>, claims: &'a Claims<'_>) -> impl Iterator<Item = &'a Claim> {
    let is_in_other =
        |claim: &Claim| claim_on(other.as_slice(), claim.plan).is_some_and(|it| it.number == claim.number);
    claims.as_slice().iter().filter(move |claim| !is_in_other(claim))
}

impl State {
    /// Commits the changes of an event and returns the floor. New claims join queues in the order
    /// in which they were numbered.
    pub(crate) fn commit(&mut self, changes: &[Change]) -> DateTime<Utc> {
        let mut changed_plans: SmallVec<[PlanNumber; 2]> = SmallVec::new();
        for Change { user, after } in changes {
            let (key, before) = match user {
                OwnedUser::Known(key) => (*key, self.users.replace(*key, after.clone()).unwrap_or_default()),
                OwnedUser::New(_) if after.is_nothing() => continue,
                OwnedUser::New(id) => (self.users.insert(id, after.clone()), UserEntitlements::Nothing),
            };
            self.update_queues(key, &before, after, &mut changed_plans);
            self.update_memberships(key, &before, after);
            if after.is_nothing() {
                self.users.remove(key);
            }
        }
        changed_plans.sort_unstable();
        changed_plans.dedup();
        let floor = self.core.floor();
        self.core.cache_coverages(floor, changed_plans.into_iter());
        floor
    }

    /// Removes a user's ended claims from the queues of their plans, and adds the new ones.
    fn update_queues(
        &mut self,
        key: Key,
        before: &UserEntitlements,
        after: &UserEntitlements,
        changed_plans: &mut SmallVec<[PlanNumber; 2]>,
    ) {
        let (before, after) = (before.claims(), after.claims());
        for claim in claims_missing_in(&after, &before) {
            if let Some(plan) = self.core.plan_mut(claim.plan) {
                plan.queue.remove(claim.number);
                changed_plans.push(claim.plan);
            }
        }
        for claim in claims_missing_in(&before, &after) {
            if let Some(plan) = self.core.plan_mut(claim.plan) {
                plan.queue.push(key);
                changed_plans.push(claim.plan);
            }
        }
    }

    /// Removes a user from the groups that they left, and adds them to those that they joined.
    fn update_memberships(&mut self, key: Key, before: &UserEntitlements, after: &UserEntitlements) {
        let are_same = before.groups() == after.groups();
        let is_left = |id: &&GroupId| !are_same && after.groups().binary_search(id).is_err();
        for id in before.groups().iter().filter(is_left) {
            if let Some(group) = self.core.groups.get_mut(id) {
                group.members.remove(&key);
            }
        }
        for id in after.groups() {
            let is_new = |group: &Group| group.members.get(&key).is_none();
            if !self.core.groups.get(id).is_some_and(is_new) {
                continue;
            }
            if let Some(group) = self.core.groups.get_mut(id) {
                group.members.insert(key, ());
            }
        }
    }
}
