//! The end of an event: claims that went leave their lines, new ones get in line in the order of their users' ids (S10).
//!
//! First it is worked out and nothing is changed, which is all that a decision needs; then it is done.

use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use alloc::vec::Vec;

use smallvec::SmallVec;

use crate::id::GroupId;
use crate::tenant::apply::Step;
use crate::tenant::leaf::{Entry, Key};
use crate::tenant::state::{Changed, Core, Group, State};
use crate::tenant::user::{Claim, Claims, DenyList, Held, claim_on};
use crate::tenant::users::Users;
use crate::tenant::view::Moves;
use crate::user_id::UserId;

/// A user in the middle of an event.
#[derive(Debug)]
pub(crate) struct Touched<'a> {
    id: &'a str,
    who: Who<'a>,
    /// What they held before the event.
    before: &'a Held,
    stayed: Stayed,
    /// The plans assigned directly, with their deny lists; sorted.
    direct: SmallVec<[(usize, DenyList); 1]>,
    /// Sorted.
    groups: Vec<GroupId>,
}

/// A user that an event touches, in the table or not.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Who<'a> {
    Known(Key),
    New(&'a UserId),
}

/// Whether a user has been in the tenant all through the event: then a claim with a source before and after keeps its
/// place (S6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stayed {
    Yes,
    No,
}

impl<'a> Touched<'a> {
    pub(crate) fn by_id(user: &'a UserId, users: &'a Users) -> Self {
        users.get(user).map_or_else(|| Self::new(user.as_str(), Who::New(user), &Held::Nothing), Self::by_entry)
    }

    /// What a snapshot says of a user who had these claims.
    pub(crate) fn restored(before: &'a Held, direct: SmallVec<[(usize, DenyList); 1]>, groups: Vec<GroupId>) -> Self {
        Self { direct, groups, ..Self::new("", Who::Known(Key::of(0)), before) }
    }

    pub(crate) fn by_entry(entry: Entry<'a>) -> Self {
        Self::new(entry.id.as_str(), Who::Known(entry.key), entry.held)
    }

    fn new(id: &'a str, who: Who<'a>, before: &'a Held) -> Self {
        let claims = before.claims();
        let direct = claims.as_slice().iter().filter_map(|claim| Some((claim.plan, claim.denied_directly()?)));
        Self { id, who, before, stayed: Stayed::Yes, direct: direct.collect(), groups: before.groups().to_vec() }
    }

    pub(crate) fn id(&self) -> &'a str {
        self.id
    }

    fn place(&self, plan: usize) -> Result<usize, usize> {
        self.direct.binary_search_by_key(&plan, |(plan, _)| *plan)
    }

    pub(crate) fn has_direct(&self, plan: usize) -> bool {
        self.place(plan).is_ok()
    }

    pub(crate) fn groups(&self) -> &[GroupId] {
        &self.groups
    }

    pub(crate) fn is_nobody(&self) -> bool {
        self.direct.is_empty() && self.groups.is_empty()
    }

    pub(crate) fn assign(&mut self, plan: usize, except: DenyList) {
        match self.place(plan) {
            Ok(at) => self.direct.get_mut(at).into_iter().for_each(|there| there.1 = Arc::clone(&except)),
            Err(at) => self.direct.insert(at, (plan, except)),
        }
    }

    /// As [`Touched::assign`], with all apps, unless it is assigned already.
    pub(crate) fn sign_up(&mut self, plan: usize) {
        if !self.has_direct(plan) {
            self.assign(plan, DenyList::default());
        }
    }

    pub(crate) fn unassign(&mut self, plan: usize) {
        if let Ok(at) = self.place(plan) {
            self.direct.remove(at);
        }
    }

    pub(crate) fn join(&mut self, group: &GroupId) -> Changed {
        match self.groups.binary_search(group) {
            Ok(_) => Changed::No,
            Err(at) => {
                self.groups.insert(at, group.clone());
                Changed::Yes
            }
        }
    }

    pub(crate) fn leave(&mut self, group: &GroupId) -> Changed {
        match self.groups.binary_search(group) {
            Ok(at) => {
                self.groups.remove(at);
                Changed::Yes
            }
            Err(_) => Changed::No,
        }
    }

    /// The groups that the user was in.
    pub(crate) fn remove(&mut self) -> Vec<GroupId> {
        self.stayed = Stayed::No;
        self.direct.clear();
        core::mem::take(&mut self.groups)
    }
}

/// What an event makes of a user.
#[derive(Debug)]
pub(crate) struct Settled<'a> {
    pub(crate) id: &'a str,
    pub(crate) before: &'a Held,
    pub(crate) after: Held,
}

impl<'a> Settled<'a> {
    pub(crate) fn of(touched: &Touched<'a>, after: Held) -> Self {
        Self { id: touched.id, before: touched.before, after }
    }
}

impl<'a> Step<'a, '_> {
    /// Ends the event; nothing is done to users and lines yet. What it makes of the users it touches, by the bytes of their
    /// ids.
    ///
    /// Linear in the users the event touches, their plans and groups, but for logarithms.
    pub(crate) fn settle<T>(mut self, say: impl Fn(&Touched<'a>, Held) -> T) -> SmallVec<[T; 1]> {
        self.core.reckon(&self.changed);
        let mut came = Came::new();
        let mut settled = SmallVec::new();
        for touched in self.touched.by_id() {
            let after = self.core.settled(touched, &mut came);
            settled.push(say(touched, after));
        }
        // A plan that is claimed for the first time comes to be.
        for (plan, _) in came {
            if self.core.plan(plan).is_none() {
                self.core.plan_mut(plan);
            }
        }
        settled
    }
}

/// The plans of the claims that are new, sorted, with the number that the next gets.
pub(crate) type Came = SmallVec<[(usize, u64); 1]>;

impl Core {
    /// What follows from a user's sources.
    pub(crate) fn settled(&self, touched: &Touched<'_>, came: &mut Came) -> Held {
        let before = touched.before.claims();
        let mut next = |plan: usize| {
            let first = || self.plan(plan).map_or(0, |plan| plan.line.next());
            of_plan(came, plan, first).map_or(0, |next| {
                let number = *next;
                *next = number.saturating_add(1);
                number
            })
        };
        let mut claim = |plan: usize, direct: Option<DenyList>, off: DenyList| {
            let kept = claim_on(before.as_slice(), plan).filter(|_| touched.stayed == Stayed::Yes);
            let (number, event) = match kept {
                Some(kept) => (kept.number, kept.event),
                None => (next(plan), self.position),
            };
            Claim::new(plan, number, event, direct, off)
        };
        if touched.groups.is_empty() {
            let direct = touched.direct.iter();
            let claims = direct.map(|(plan, denied)| claim(*plan, Some(Arc::clone(denied)), Arc::clone(denied)));
            return Held::new(claims.collect(), Vec::new());
        }
        let groups: Vec<&Group> = touched.groups.iter().filter_map(|id| self.groups.get(id)).collect();
        let inherited = groups.iter().flat_map(|group| group.plans.keys());
        let plans: BTreeSet<usize> = touched.direct.iter().map(|(plan, _)| plan).chain(inherited).copied().collect();
        let of_all = |plan: usize| {
            let direct = touched.place(plan).ok().and_then(|at| touched.direct.get(at)).map(|(_, list)| list);
            let sources = direct.into_iter().chain(groups.iter().filter_map(|group| group.plans.get(&plan)));
            let off = sources.cloned().reduce(|one, two| denied_by_both(&one, &two)).unwrap_or_default();
            claim(plan, direct.cloned(), off)
        };
        Held::new(plans.into_iter().map(of_all).collect(), touched.groups.clone())
    }
}

/// What the settled users' claims do to the lines, by the plans' numbers.
pub(crate) fn moves(settlement: &[Settled<'_>]) -> SmallVec<[(usize, Moves); 1]> {
    let mut all = SmallVec::new();
    for user in settlement {
        let (before, after) = (user.before.claims(), user.after.claims());
        for claim in lost(&before, &after) {
            if let Some(moves) = of_plan(&mut all, claim.plan, Moves::default) {
                moves.goes(claim.number);
            }
        }
        for claim in lost(&after, &before) {
            if let Some(moves) = of_plan(&mut all, claim.plan, Moves::default) {
                moves.comes();
            }
        }
    }
    all.iter_mut().for_each(|(_, moves)| moves.sort());
    all
}

/// What a sorted list says of a plan; where it says nothing, that is made.
fn of_plan<T>(list: &mut SmallVec<[(usize, T); 1]>, plan: usize, make: impl FnOnce() -> T) -> Option<&mut T> {
    let at = list.binary_search_by_key(&plan, |(plan, _)| *plan).unwrap_or_else(|at| {
        list.insert(at, (plan, make()));
        at
    });
    list.get_mut(at).map(|(_, said)| said)
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
    after: Held,
}

#[derive(Debug)]
enum Named {
    Known(Key),
    New(UserId),
}

impl Change {
    /// To be done once the table of users is no longer looked at.
    pub(crate) fn of(touched: &Touched<'_>, after: Held) -> Self {
        let who = match touched.who {
            Who::Known(key) => Named::Known(key),
            Who::New(id) => Named::New(UserId::clone(id)),
        };
        Self { who, after }
    }
}

impl State {
    /// Does what was settled. The claims that are new come in the order in which they were numbered.
    pub(crate) fn commit(&mut self, changes: SmallVec<[Change; 1]>) {
        let mut moved: SmallVec<[usize; 2]> = SmallVec::new();
        for Change { who, after } in changes {
            let (key, before) = match who {
                Named::Known(key) => (key, self.users.replace(key, after.clone()).unwrap_or_default()),
                Named::New(_) if after.is_nothing() => continue,
                Named::New(id) => (self.users.insert(&id, after.clone()), Held::Nothing),
            };
            let (claims, kept) = (after.claims(), before.claims());
            for claim in lost(&kept, &claims) {
                if let Some(plan) = self.core.plan_mut(claim.plan) {
                    plan.line.remove(claim.number);
                    moved.push(claim.plan);
                }
            }
            for claim in lost(&claims, &kept) {
                if let Some(plan) = self.core.plan_mut(claim.plan) {
                    plan.line.push(key);
                    moved.push(claim.plan);
                }
            }
            for id in before.groups().iter().filter(|id| after.groups().binary_search(id).is_err()) {
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
        self.core.open_windows(self.core.floor(), moved.into_iter());
    }
}

/// An app is off only if every source denies it (S3).
fn denied_by_both(one: &DenyList, two: &DenyList) -> DenyList {
    if Arc::ptr_eq(one, two) {
        Arc::clone(one)
    } else {
        one.iter().filter(|app| two.binary_search(app).is_ok()).cloned().collect()
    }
}
