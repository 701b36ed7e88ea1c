//! Answers what the rules require a check to answer, computed in the simplest way: replay
//! everything, then walk from boundary to boundary.
//! It takes a catalog, a key ring, proofs and a record.
//! It must not share code with what decides, and it need not be fast.
//!
//! The code is naive on purpose: each rule is a direct translation of its text.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::missing_panics_doc,
    reason = "naive on purpose, and usable in tests only, which may fail by panicking"
)]

mod clock;
mod opinion;
mod phase_timeline;

mod quotas;
mod states;

mod facts;

mod documents;

mod grants;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
use core::cmp::Reverse;
use core::ops::Deref;

use chrono::{DateTime, TimeDelta, Utc};

use self::phase_timeline::tolerated;
use self::states::nearness;
use crate::catalog::Catalog;
use crate::catalog::basis::Basis;
use crate::catalog::offer::{Access, Management, Plan, Scope};
use crate::decision::Warning;
use crate::decision::denial_explanation::PlanDenial;
use crate::decision::denial_reason::DenialReason;
use crate::id::user::UserId;
use crate::id::{AppId, PlanId, TenantId};
use crate::license::checkpoint::Checkpoint;
use crate::license::grant::{Grant, GrantKind};
use crate::quantity::place::Place;
use crate::quantity::units::{Total, Units};
use crate::tenant::command::Event;
use crate::tenant::grant_state::GrantState;
use crate::time::{End, Phase};
use crate::token::ring::KeyRing;

pub use self::facts::Facts;
pub use self::opinion::Opinion;
pub use self::phase_timeline::PhaseTimeline;

/// The answers that the rules require for the facts of a record.
///
/// ```
/// use entitle::testing::{Opinion, Oracle, days, records, users};
/// use entitle::Catalog;
/// use proptest::prelude::*;
///
/// let catalog = Catalog::from_json(include_str!("../../../examples/fabrikam.json"))?;
/// let few = ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() };
/// proptest!(few, |(record in records(&catalog))| {
///     let (tenant, oracle) = (record.tenant(), record.oracle());
///     for (user, app) in users().iter().flat_map(|user| catalog.apps().map(move |app| (user, app))) {
///         for day in days().step_by(40) {
///             let found = Opinion::of(&tenant.check(user, &app, day));
///             prop_assert_eq!(found, oracle.check(user, app.id(), day));
///         }
///     }
/// });
/// Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Oracle {
    facts: Facts,
    grants: BTreeMap<PlanId, Vec<(Grant, PhaseTimeline)>>,
    /// Every instant at which a grant of a plan changes its phase, loses its tolerance or requires
    /// a list (K5).
    boundaries: BTreeMap<PlanId, BTreeSet<DateTime<Utc>>>,
    queues: BTreeMap<PlanId, Vec<UserId>>,
}

impl Deref for Oracle {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.facts
    }
}

impl From<Facts> for Oracle {
    fn from(facts: Facts) -> Self {
        let grants = facts.timelines();
        let ends = |(grant, timeline): &(Grant, PhaseTimeline)| -> Vec<_> {
            timeline
                .changes()
                .into_iter()
                .chain(timeline.tolerance_ends(grant.tolerance))
                .chain(timeline.warns())
                .collect()
        };
        let boundaries = grants.iter().map(|(plan, grants)| (plan.clone(), grants.iter().flat_map(ends).collect()));
        let queues = facts.claims().map(|(_, plan)| (plan.clone(), facts.queue(plan))).collect();
        Self { boundaries: boundaries.collect(), queues, grants, facts }
    }
}

impl Oracle {
    /// Reads the record of a tenant, any events in any order, with the checkpoints that it is
    /// proved to contain (X7).
    #[must_use]
    pub fn read<'e>(
        catalog: &Catalog,
        ring: &KeyRing,
        tenant: TenantId,
        contained: &[Checkpoint],
        record: impl IntoIterator<Item = &'e Event>,
    ) -> Self {
        let record: Vec<&Event> = record.into_iter().collect();
        let facts = contained.iter().fold(Facts::none(catalog, ring, tenant), Facts::anchored);
        let mut facts = record.iter().flat_map(|event| &event.commands).fold(facts, Facts::knowing);
        for event in record {
            facts.event(event);
        }
        Self::from(facts)
    }

    /// Returns the facts, which do not depend on the reading.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Returns the grants of a plan, each with its phases.
    #[must_use]
    pub fn grants(&self, plan: &PlanId) -> &[(Grant, PhaseTimeline)] {
        self.grants.get(plan).map_or(&[], Vec::as_slice)
    }

    /// Returns the plans that list an app, in the catalog's order.
    fn listing(&self, app: &AppId) -> Vec<(usize, &Plan)> {
        self.offer().plans.iter().enumerate().filter(|(_, plan)| plan.apps.contains(app)).collect()
    }

    /// Every instant at which a grant of a plan changes its phase, loses its tolerance or requires
    /// a list (K5).
    #[must_use]
    pub fn boundaries(&self, plan: &PlanId) -> BTreeSet<DateTime<Utc>> {
        self.boundaries.get(plan).cloned().unwrap_or_default()
    }

    /// Returns the boundaries of a plan and of all plans that it requires, directly or indirectly
    /// (K5).
    #[must_use]
    pub fn all_boundaries(&self, plan: &Plan) -> BTreeSet<DateTime<Utc>> {
        let mut all = self.boundaries(&plan.id);
        for required in plan.requires.iter().flatten() {
            all.extend(self.all_boundaries(self.plan(required).unwrap()));
        }
        all
    }

    /// Returns a user's place in the queue of a plan.
    #[must_use]
    pub fn place(&self, user: &UserId, plan: &PlanId) -> Option<Place> {
        let queue = self.queues.get(plan)?;
        (0..).zip(queue).find(|(_, other)| *other == user).map(|(ahead, _)| Place::behind(ahead))
    }

    /// Returns whether a plan works for a user apart from its requirements.
    #[must_use]
    pub fn works(&self, plan: &Plan, user: &UserId, at: DateTime<Utc>) -> bool {
        let limit = self.reach(&plan.id, Basis::Tolerance, at);
        match plan.scope {
            Scope::Tenant => limit.reaches(Place::FIRST),
            Scope::User => {
                self.place(user, &plan.id).is_some_and(|place| limit.reaches(place))
                    && self.excluded(plan, user).is_none()
            }
            Scope::Capacity => false,
        }
    }

    /// Returns the plan of the user's earliest claim before this one that excludes it, whichever
    /// plan declares it (C5, G4).
    #[must_use]
    pub fn excluded(&self, plan: &Plan, user: &UserId) -> Option<PlanId> {
        let mine = self.claimed(user, &plan.id)?;
        let catalog = self.offer().plans.iter().enumerate();
        let order = |id: &PlanId| self.offer().plans.iter().position(|plan| plan.id == *id).unwrap();
        let others = catalog.filter(|(_, other)| excludes(plan, other));
        let claims = others.filter_map(|(n, other)| Some(((self.claimed(user, &other.id)?, n), other.id.clone())));
        claims.filter(|(when, _)| *when < (mine, order(&plan.id))).min().map(|(_, by)| by)
    }

    /// Returns whether a plan is in effect for a user (C4).
    #[must_use]
    pub fn in_effect(&self, plan: &Plan, user: &UserId, at: DateTime<Utc>) -> bool {
        self.works(plan, user, at) && self.unmet(plan, user, at).is_none()
    }

    /// Returns the first requirement of a plan that is not met (C4).
    #[must_use]
    pub fn unmet<'p>(&self, plan: &'p Plan, user: &UserId, at: DateTime<Utc>) -> Option<&'p Vec<PlanId>> {
        plan.requires
            .iter()
            .find(|any| !any.iter().any(|id| self.plan(id).is_some_and(|plan| self.in_effect(plan, user, at))))
    }

    /// Returns where the paid grants and the trials of a plan are (K3).
    #[must_use]
    pub fn grant_states(&self, plan: &PlanId, at: DateTime<Utc>) -> [GrantState; 2] {
        states::grant_states(self.grants(plan), self.facts.offer().release, at)
    }

    /// Returns why a plan gives nothing to anybody; `None` if one of its grants is usable (K3).
    #[must_use]
    pub fn shut(&self, plan: &PlanId, at: DateTime<Utc>) -> Option<DenialReason> {
        states::shut(self.grant_states(plan, at))
    }

    /// Returns the place by which a plan allows the app to the user (1 for a tenant plan), or the
    /// reason why it does not.
    fn opens(&self, plan: &Plan, user: &UserId, app: &AppId, at: DateTime<Utc>) -> Result<Place, DenialReason> {
        if let Some(reason) = self.shut(&plan.id, at) {
            return Err(reason);
        }
        let is_user = plan.scope == Scope::User;
        let place = if is_user { self.place(user, &plan.id).ok_or(DenialReason::NotAssigned)? } else { Place::FIRST };
        let limit = self.reach(&plan.id, Basis::Tolerance, at);
        if !limit.reaches(place) {
            return Err(DenialReason::Waiting { place, limit });
        }
        if let Some(by) = self.excluded(plan, user).filter(|_| is_user) {
            return Err(DenialReason::Excluded { by });
        }
        if let Some(any_of) = self.unmet(plan, user, at) {
            return Err(DenialReason::RequirementNotMet { any_of: any_of.clone() });
        }
        if is_user && self.is_off(user, &plan.id, app) { Err(DenialReason::TurnedOff) } else { Ok(place) }
    }

    /// Returns the number of claims that are covered on a basis or on an earlier one: the larger of
    /// paid and trial units (K7, L10).
    #[must_use]
    pub fn reach(&self, plan: &PlanId, basis: Basis, at: DateTime<Utc>) -> Total {
        let grants = self.grants(plan);
        let sum = |paid: bool| {
            let mut sum = Some(0_u64);
            for (grant, timeline) in grants {
                let counts = match basis {
                    Basis::Paid => paid && timeline.phase(at) == Phase::Active,
                    Basis::Trial => timeline.phase(at) == Phase::Active,
                    _ => timeline.phase(at).is_usable(),
                };
                let units =
                    if basis == Basis::Tolerance { tolerated(grant.units, grant.tolerance, at) } else { grant.units };
                if counts && paid == matches!(grant.kind, GrantKind::Paid(_)) {
                    sum = match units {
                        Units::Limited(units) => sum.map(|sum| sum + u64::from(units.get())),
                        Units::Unlimited => None,
                    };
                }
            }
            sum.map_or(Total::Unlimited, Total::Limited)
        };
        sum(true).max(sum(false))
    }

    fn basis(&self, plan: &PlanId, place: Place, at: DateTime<Utc>) -> Option<Basis> {
        let order = [Basis::Paid, Basis::Trial, Basis::Grace, Basis::Tolerance];
        order.into_iter().find(|&basis| self.reach(plan, basis, at).reaches(place))
    }

    /// Returns the first boundary after an instant at which a predicate holds.
    fn first(
        &self,
        plan: &PlanId,
        after: DateTime<Utc>,
        is_so: impl Fn(DateTime<Utc>) -> bool,
    ) -> Option<DateTime<Utc>> {
        self.boundaries.get(plan)?.iter().copied().find(|&at| at > after && is_so(at))
    }

    /// Returns when the active units no longer cover a claim that they cover now.
    fn expires(&self, plan: &PlanId, place: Place, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let active = |at| self.reach(plan, Basis::Trial, at).reaches(place);
        if active(at) { self.first(plan, at, |then| !active(then)) } else { None }
    }

    fn notice(&self) -> TimeDelta {
        TimeDelta::days(self.offer().notice.get().into())
    }

    fn warnings(&self, plan: &PlanId, place: Place, at: DateTime<Utc>) -> Vec<Warning> {
        let basis = self.basis(plan, place, at);
        let other = self.first(plan, at, |then| self.basis(plan, place, then) != basis);
        let until = other.map_or(End::Never, End::At);
        let soon = self.expires(plan, place, at).filter(|&end| end - at <= self.notice());
        let of_basis = match basis {
            Some(Basis::Grace) => Some(Warning::InGrace { until }),
            Some(Basis::Tolerance) => Some(Warning::OverAssigned { until }),
            _ => soon.map(|at| Warning::ExpiringSoon { at }),
        };
        let wanted = self.grants(plan).iter().filter_map(|(_, timeline)| timeline.wanted(at)).min();
        of_basis.into_iter().chain(wanted.map(|deny| Warning::ListWanted { until: End::At(deny) })).collect()
    }

    /// Returns the answer of a check (C1 to C4, K1 to K7).
    #[must_use]
    pub fn check(&self, user: &UserId, app: &AppId, now: DateTime<Utc>) -> Opinion {
        let offer = self.offer();
        if offer.apps.iter().all(|entry| entry.id != *app) {
            return Opinion::UnknownApp;
        }
        let open = |basis| Opinion::Allowed { plan: None, basis, warnings: Vec::new(), until: End::Never };
        if offer.management == Management::Unmanaged {
            return open(Basis::Unmanaged);
        }
        if offer.apps.iter().any(|entry| entry.id == *app && entry.access == Access::Free) {
            return open(Basis::Free);
        }
        let at = now.max(self.floor());
        let mut ends: BTreeSet<DateTime<Utc>> = BTreeSet::new();
        let (mut open, mut shut) = (Vec::new(), Vec::new());
        for (order, plan) in self.listing(app) {
            ends.extend(self.all_boundaries(plan));
            match self.opens(plan, user, app, at) {
                Ok(place) => {
                    ends.extend(self.expires(&plan.id, place, at).map(|end| end - self.notice()));
                    let basis = self.basis(&plan.id, place, at).unwrap();
                    open.push((basis, plan.scope == Scope::User, order, plan, place));
                }
                Err(reason) => {
                    let ([paid, trial], name) = (self.grant_states(&plan.id, at), plan.name.clone());
                    let (plan, more_info) = (plan.id.clone(), plan.more_info.clone());
                    let near = Reverse(nearness(&reason));
                    let is_named = |plan: &PlanId| match &reason {
                        DenialReason::Excluded { by } => by == plan,
                        DenialReason::RequirementNotMet { any_of } => any_of.contains(plan),
                        _ => false,
                    };
                    let named = offer.plans.iter().filter(|plan| is_named(&plan.id));
                    let plan_names = named.map(|plan| (plan.id.clone(), plan.name.clone())).collect();
                    shut.push((near, order, PlanDenial { plan, name, more_info, paid, trial, reason, plan_names }));
                }
            }
        }
        let until = ends.into_iter().find(|&end| end > at).map_or(End::Never, End::At);
        open.sort_by_key(|&(basis, is_user, order, ..)| (basis, is_user, order));
        shut.sort_by_key(|&(near, order, _)| (near, order));
        match open.first() {
            Some(&(basis, _, _, plan, place)) => {
                let warnings = self.warnings(&plan.id, place, at);
                Opinion::Allowed { plan: Some(plan.id.clone()), basis, warnings, until }
            }
            None => Opinion::Denied { misses: shut.into_iter().map(|(_, _, miss)| miss).collect(), until },
        }
    }
}

/// Returns whether two plans exclude each other, whichever declares it (C5).
#[must_use]
pub fn excludes(one: &Plan, other: &Plan) -> bool {
    one.excludes.contains(&other.id) || other.excludes.contains(&one.id)
}
