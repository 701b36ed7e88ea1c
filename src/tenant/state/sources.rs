//! The sources of a user's claims: what is assigned to the user and to their groups; and the claims
//! that follow (S3, S6).

use alloc::sync::Arc;

use smallvec::SmallVec;

use crate::catalog::index::PlanNumber;
use crate::id::GroupId;
use crate::tenant::limits::{MAX_ASSIGNED, MAX_GROUPS};
use crate::tenant::state::claim_number::ClaimNumber;
use crate::tenant::state::user::{Claim, DenyList, Memberships, UserEntitlements, claim_on};
use crate::tenant::state::{Effect, Group, RecordState};

/// The plans assigned to a user directly, and the user's groups.
#[derive(Debug)]
pub(crate) struct Sources<'a> {
    /// What the user held before the event.
    pub(crate) before: &'a UserEntitlements,
    presence: Presence,
    direct: Direct,
    groups: Memberships,
}

/// The plans assigned directly, with their deny lists; sorted.
pub(crate) type Direct = SmallVec<[(PlanNumber, DenyList); 1]>;

/// Whether a user has been in the tenant throughout the event: only then a claim with a source
/// before and after keeps its place (S6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Continuous,
    Interrupted,
}

impl<'a> Sources<'a> {
    /// Returns the sources that a user's entitlements imply.
    pub(crate) fn of(held: &'a UserEntitlements) -> Self {
        let mut direct = Direct::new();
        for claim in held.claims().as_slice() {
            if let Some(denied) = claim.direct_deny_list() {
                direct.push((claim.plan, denied));
            }
        }
        Self::new(held, direct, held.groups().iter().cloned().collect())
    }

    /// Returns the sources of a user who held something before.
    pub(crate) fn new(before: &'a UserEntitlements, direct: Direct, groups: Memberships) -> Self {
        Self { before, presence: Presence::Continuous, direct, groups }
    }

    fn place(&self, plan: PlanNumber) -> Result<usize, usize> {
        self.direct.binary_search_by_key(&plan, |(plan, _)| *plan)
    }

    pub(crate) fn has_direct(&self, plan: PlanNumber) -> bool {
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

    /// Assigns a plan, or replaces its deny list. A user with [`MAX_ASSIGNED`] plans gets no more.
    pub(crate) fn assign(&mut self, plan: PlanNumber, except: DenyList) {
        match self.place(plan) {
            Ok(at) => {
                if let Some((_, deny_list)) = self.direct.get_mut(at) {
                    *deny_list = except;
                }
            }
            Err(_) if self.direct.len() >= MAX_ASSIGNED => {}
            Err(at) => self.direct.insert(at, (plan, except)),
        }
    }

    /// Assigns a plan with all apps, unless it is assigned already.
    pub(crate) fn assign_if_missing(&mut self, plan: PlanNumber) {
        if !self.has_direct(plan) {
            self.assign(plan, DenyList::default());
        }
    }

    pub(crate) fn unassign(&mut self, plan: PlanNumber) {
        if let Ok(at) = self.place(plan) {
            self.direct.remove(at);
        }
    }

    /// Adds the user to a group. A user in [`MAX_GROUPS`] groups joins no more.
    pub(crate) fn join(&mut self, group: &GroupId) -> Effect {
        match self.groups.binary_search(group) {
            Ok(_) => Effect::Unchanged,
            Err(_) if self.groups.len() >= MAX_GROUPS => Effect::Unchanged,
            Err(at) => {
                self.groups.insert(at, group.clone());
                Effect::Changed
            }
        }
    }

    pub(crate) fn leave(&mut self, group: &GroupId) -> Effect {
        match self.groups.binary_search(group) {
            Ok(at) => {
                self.groups.remove(at);
                Effect::Changed
            }
            Err(_) => Effect::Unchanged,
        }
    }

    /// Removes all sources. Returns the groups that the user was in.
    pub(crate) fn remove(&mut self) -> Memberships {
        self.presence = Presence::Interrupted;
        self.direct.clear();
        core::mem::take(&mut self.groups)
    }
}

/// The plans of new claims, sorted, each with the number that the next claim gets.
pub(crate) type NewClaims = SmallVec<[(PlanNumber, ClaimNumber); 1]>;

impl RecordState {
    /// Returns the entitlements that follow from a user's sources, and numbers new claims.
    ///
    /// `O(n log n)` in the plans assigned to the user and to their groups.
    pub(crate) fn settled(&self, sources: &Sources<'_>, new_claims: &mut NewClaims) -> UserEntitlements {
        let before = sources.before.claims();
        let mut claim = |plan: PlanNumber, direct: Option<&DenyList>, off: &DenyList| {
            let kept = claim_on(before.as_slice(), plan).filter(|_| sources.presence == Presence::Continuous);
            let (number, event) = match kept {
                Some(kept) => (kept.number, kept.event),
                None => (self.next_claim_number(plan, new_claims), self.position),
            };
            Claim::new(plan, number, event, direct, off)
        };
        if sources.groups.is_empty() {
            let mut claims = SmallVec::new();
            for (plan, denied) in &sources.direct {
                claims.push(claim(*plan, Some(denied), denied));
            }
            return UserEntitlements::new(claims, Memberships::new());
        }
        let groups: SmallVec<[&Group; 2]> = sources.groups.iter().filter_map(|id| self.groups.get(id)).collect();
        let inherited = groups.iter().flat_map(|group| group.plans.keys());
        let direct = sources.direct.iter().map(|(plan, _)| plan);
        let mut plans: SmallVec<[PlanNumber; 4]> = direct.chain(inherited).copied().collect();
        plans.sort_unstable();
        plans.dedup();
        let merged_claim = |plan: PlanNumber| {
            let direct = sources.place(plan).ok().and_then(|at| sources.direct.get(at)).map(|(_, list)| list);
            let lists = direct.into_iter().chain(groups.iter().filter_map(|group| group.plans.get(&plan)));
            let off = lists.cloned().reduce(|one, two| intersection(&one, &two)).unwrap_or_default();
            claim(plan, direct, &off)
        };
        UserEntitlements::new(plans.into_iter().map(merged_claim).collect(), sources.groups.clone())
    }

    /// Returns the number of a new claim on a plan, and counts it.
    fn next_claim_number(&self, plan: PlanNumber, new_claims: &mut NewClaims) -> ClaimNumber {
        let first = || self.plan(plan).map_or(ClaimNumber::FIRST, |plan| plan.queue.next());
        get_or_insert(new_claims, plan, first).map_or(ClaimNumber::FIRST, |next| {
            let number = *next;
            *next = number.next();
            number
        })
    }
}

/// Returns the value of a plan in a list sorted by plan; inserts what `make` returns if it is
/// absent.
pub(crate) fn get_or_insert<T>(
    list: &mut SmallVec<[(PlanNumber, T); 1]>,
    plan: PlanNumber,
    make: impl FnOnce() -> T,
) -> Option<&mut T> {
    let at = list.binary_search_by_key(&plan, |(plan, _)| *plan).unwrap_or_else(|at| {
        list.insert(at, (plan, make()));
        at
    });
    list.get_mut(at).map(|(_, value)| value)
}

/// Returns the apps that both lists deny: an app is off only if every source denies it (S3).
fn intersection(one: &DenyList, two: &DenyList) -> DenyList {
    if Arc::ptr_eq(one, two) {
        Arc::clone(one)
    } else {
        one.iter().filter(|app| two.binary_search(app).is_ok()).cloned().collect()
    }
}
