//! Whence a user's claims come: what is assigned to them and to their groups; and the claims that follow (S3, S6).

use alloc::sync::Arc;
use alloc::vec::Vec;

use smallvec::SmallVec;

use crate::id::GroupId;
use crate::tenant::limits::{MAX_ASSIGNED, MAX_GROUPS};
use crate::tenant::state::{Changed, Group, RecordState};
use crate::tenant::user::{Claim, DenyList, UserEntitlements, claim_on};

/// What a user has of their own and which groups they are in.
#[derive(Debug)]
pub(crate) struct Sources<'a> {
    /// What they held before.
    pub(crate) before: &'a UserEntitlements,
    stayed: Stayed,
    direct: Direct,
    /// Sorted.
    groups: Vec<GroupId>,
}

/// The plans assigned directly, with their deny lists; sorted.
pub(crate) type Direct = SmallVec<[(usize, DenyList); 1]>;

/// Whether a user has been in the tenant all the while: then a claim with a source before and after keeps its place (S6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stayed {
    Yes,
    No,
}

impl<'a> Sources<'a> {
    /// Those of what a user holds.
    pub(crate) fn of(held: &'a UserEntitlements) -> Self {
        let mut direct = Direct::new();
        for claim in held.claims().as_slice() {
            if let Some(denied) = claim.denied_directly() {
                direct.push((claim.plan, denied));
            }
        }
        Self::new(held, direct, held.groups().to_vec())
    }

    /// Those of a user who held something before.
    pub(crate) fn new(before: &'a UserEntitlements, direct: Direct, groups: Vec<GroupId>) -> Self {
        Self { before, stayed: Stayed::Yes, direct, groups }
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

    pub(crate) fn count_direct(&self) -> usize {
        self.direct.len()
    }

    /// Who has [`MAX_ASSIGNED`] plans gets no more.
    pub(crate) fn assign(&mut self, plan: usize, except: DenyList) {
        match self.place(plan) {
            Ok(at) => self.direct.get_mut(at).into_iter().for_each(|there| there.1 = Arc::clone(&except)),
            Err(_) if self.direct.len() >= MAX_ASSIGNED => {}
            Err(at) => self.direct.insert(at, (plan, except)),
        }
    }

    /// As [`Sources::assign`], with all apps, unless it is assigned already.
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

    /// Who is in [`MAX_GROUPS`] groups joins no more.
    pub(crate) fn join(&mut self, group: &GroupId) -> Changed {
        match self.groups.binary_search(group) {
            Ok(_) => Changed::No,
            Err(_) if self.groups.len() >= MAX_GROUPS => Changed::No,
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

/// The plans of the claims that are new, sorted, with the number that the next gets.
pub(crate) type NewClaims = SmallVec<[(usize, u64); 1]>;

impl RecordState {
    /// What follows from a user's sources.
    pub(crate) fn settled(&self, sources: &Sources<'_>, new_claims: &mut NewClaims) -> UserEntitlements {
        let before = sources.before.claims();
        let mut next = |plan: usize| {
            let first = || self.plan(plan).map_or(0, |plan| plan.line.next());
            of_plan(new_claims, plan, first).map_or(0, |next| {
                let number = *next;
                *next = number.saturating_add(1);
                number
            })
        };
        let mut claim = |plan: usize, direct: Option<&DenyList>, off: &DenyList| {
            let kept = claim_on(before.as_slice(), plan).filter(|_| sources.stayed == Stayed::Yes);
            let (number, event) = match kept {
                Some(kept) => (kept.number, kept.event),
                None => (next(plan), self.position),
            };
            Claim::new(plan, number, event, direct, off)
        };
        if sources.groups.is_empty() {
            let mut claims = SmallVec::new();
            for (plan, denied) in &sources.direct {
                claims.push(claim(*plan, Some(denied), denied));
            }
            return UserEntitlements::new(claims, Vec::new());
        }
        let groups: SmallVec<[&Group; 2]> = sources.groups.iter().filter_map(|id| self.groups.get(id)).collect();
        let inherited = groups.iter().flat_map(|group| group.plans.keys());
        let direct = sources.direct.iter().map(|(plan, _)| plan);
        let mut plans: SmallVec<[usize; 4]> = direct.chain(inherited).copied().collect();
        plans.sort_unstable();
        plans.dedup();
        let of_all = |plan: usize| {
            let direct = sources.place(plan).ok().and_then(|at| sources.direct.get(at)).map(|(_, list)| list);
            let lists = direct.into_iter().chain(groups.iter().filter_map(|group| group.plans.get(&plan)));
            let off = lists.cloned().reduce(|one, two| denied_by_both(&one, &two)).unwrap_or_default();
            claim(plan, direct, &off)
        };
        UserEntitlements::new(plans.into_iter().map(of_all).collect(), sources.groups.clone())
    }
}

/// What a sorted list says of a plan; where it says nothing, that is made.
pub(crate) fn of_plan<T>(
    list: &mut SmallVec<[(usize, T); 1]>,
    plan: usize,
    make: impl FnOnce() -> T,
) -> Option<&mut T> {
    let at = list.binary_search_by_key(&plan, |(plan, _)| *plan).unwrap_or_else(|at| {
        list.insert(at, (plan, make()));
        at
    });
    list.get_mut(at).map(|(_, said)| said)
}

/// An app is off only if every source denies it (S3).
fn denied_by_both(one: &DenyList, two: &DenyList) -> DenyList {
    if Arc::ptr_eq(one, two) {
        Arc::clone(one)
    } else {
        one.iter().filter(|app| two.binary_search(app).is_ok()).cloned().collect()
    }
}
