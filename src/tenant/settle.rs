//! The end of an event: claims that went leave their lines, new ones get in line in the order of their users' ids (S10).
//!
//! First it is worked out and nothing is changed, which is all that a decision needs; then it is done.

use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use smallvec::SmallVec;

use crate::id::GroupId;
use crate::tenant::apply::EventTransaction;
use crate::tenant::bucket::{Entry, Key};
use crate::tenant::sources::{Direct, NewClaims, Sources, get_or_insert};
use crate::tenant::state::{Group, State};
use crate::tenant::user::{Claim, Claims, UserEntitlements, claim_on};
use crate::tenant::users::Users;
use crate::tenant::view::QueueDiff;
use crate::user_id::UserId;

/// A user in the middle of an event.
#[derive(Debug)]
pub(crate) struct Touched<'a> {
    id: &'a str,
    who: Who<'a>,
    pub(crate) sources: Sources<'a>,
}

/// A user that an event touches, in the table or not.
#[derive(Debug, Clone, Copy)]
enum Who<'a> {
    Known(Key),
    New(&'a UserId),
}

impl<'a> Touched<'a> {
    pub(crate) fn by_id(user: &'a UserId, users: &'a Users) -> Self {
        let nothing = || Sources::new(&UserEntitlements::Nothing, Direct::new(), Vec::new());
        let new = || Self { id: user.as_str(), who: Who::New(user), sources: nothing() };
        users.get(user).map_or_else(new, Self::by_entry)
    }

    pub(crate) fn by_entry(entry: Entry<'a>) -> Self {
        Self { id: entry.id.as_str(), who: Who::Known(entry.key), sources: Sources::of(entry.held) }
    }

    pub(crate) fn id(&self) -> &'a str {
        self.id
    }
}

/// What an event makes of a user.
#[derive(Debug)]
pub(crate) struct UserDiff<'a> {
    pub(crate) id: &'a str,
    pub(crate) before: &'a UserEntitlements,
    pub(crate) after: UserEntitlements,
}

impl<'a> UserDiff<'a> {
    pub(crate) fn of(touched: &Touched<'a>, after: UserEntitlements) -> Self {
        Self { id: touched.id, before: touched.sources.before, after }
    }
}

impl<'a> EventTransaction<'a, '_> {
    /// Ends the event; nothing is done to users and lines yet. What it makes of the users it touches, by the bytes of their
    /// ids.
    ///
    /// Linear in the users the event touches, their plans and groups, but for logarithms.
    pub(crate) fn settle<T>(self, say: impl Fn(&Touched<'a>, UserEntitlements) -> T) -> SmallVec<[T; 1]> {
        self.core.rebuild_pools(self.changed);
        let mut new_claims = NewClaims::new();
        let mut settled = SmallVec::new();
        for touched in self.touched.by_id() {
            let after = self.core.settled(&touched.sources, &mut new_claims);
            settled.push(say(touched, after));
        }
        // A plan that is claimed for the first time comes to be.
        for (plan, _) in new_claims {
            if self.core.plan(plan).is_none() {
                self.core.plan_mut(plan);
            }
        }
        settled
    }
}

/// What the settled users' claims do to the lines, by the plans' numbers.
pub(crate) fn moves(diffs: &[UserDiff<'_>]) -> SmallVec<[(usize, QueueDiff); 1]> {
    let mut all = SmallVec::new();
    for user in diffs {
        let (before, after) = (user.before.claims(), user.after.claims());
        for claim in lost(&before, &after) {
            if let Some(moves) = get_or_insert(&mut all, claim.plan, QueueDiff::default) {
                moves.remove(claim.number);
            }
        }
        for claim in lost(&after, &before) {
            if let Some(moves) = get_or_insert(&mut all, claim.plan, QueueDiff::default) {
                moves.add();
            }
        }
    }
    all.iter_mut().for_each(|(_, moves)| moves.sort());
    all
}

/// The claims that are in the first and not in the second: a claim on the same plan with another number is another.
fn lost<'a>(first: &'a Claims<'_>, second: &'a Claims<'_>) -> impl Iterator<Item = &'a Claim> {
    let there = |claim: &Claim| claim_on(second.as_slice(), claim.plan).is_some_and(|it| it.number == claim.number);
    first.as_slice().iter().filter(move |claim| !there(claim))
}

/// What an event does to a user in the table.
#[derive(Debug)]
pub(crate) struct Change {
    who: Named,
    after: UserEntitlements,
}

#[derive(Debug)]
enum Named {
    Known(Key),
    New(UserId),
}

impl Change {
    /// To be done once the table of users is no longer looked at.
    pub(crate) fn of(touched: &Touched<'_>, after: UserEntitlements) -> Self {
        let who = match touched.who {
            Who::Known(key) => Named::Known(key),
            Who::New(id) => Named::New(UserId::clone(id)),
        };
        Self { who, after }
    }
}

impl State {
    /// Does what was settled, and says the floor. The claims that are new come in the order in which they were numbered.
    pub(crate) fn commit(&mut self, changes: &[Change]) -> DateTime<Utc> {
        let mut moved: SmallVec<[usize; 2]> = SmallVec::new();
        for Change { who, after } in changes {
            let (key, before) = match who {
                Named::Known(key) => (*key, self.users.replace(*key, after.clone()).unwrap_or_default()),
                Named::New(_) if after.is_nothing() => continue,
                Named::New(id) => (self.users.insert(id, after.clone()), UserEntitlements::Nothing),
            };
            let (claims, kept) = (after.claims(), before.claims());
            for claim in lost(&kept, &claims) {
                if let Some(plan) = self.core.plan_mut(claim.plan) {
                    plan.queue.remove(claim.number);
                    moved.push(claim.plan);
                }
            }
            for claim in lost(&claims, &kept) {
                if let Some(plan) = self.core.plan_mut(claim.plan) {
                    plan.queue.push(key);
                    moved.push(claim.plan);
                }
            }
            let are_same = before.groups() == after.groups();
            let is_left = |id: &&GroupId| !are_same && after.groups().binary_search(id).is_err();
            for id in before.groups().iter().filter(is_left) {
                if let Some(group) = self.core.groups.get_mut(id) {
                    group.members.remove(&key);
                }
            }
            for id in after.groups() {
                let is_new = |group: &Group| group.members.get(&key).is_none();
                if self.core.groups.get(id).is_some_and(is_new) {
                    self.core.groups.get_mut(id).into_iter().for_each(|group| group.members.insert(key, ()));
                }
            }
            if after.is_nothing() {
                self.users.remove(key);
            }
        }
        moved.sort_unstable();
        moved.dedup();
        let floor = self.core.floor();
        self.core.cache_coverages(floor, moved.into_iter());
        floor
    }
}
