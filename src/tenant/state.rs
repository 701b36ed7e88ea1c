//! What a tenant is after its events: documents, pools, lines, the claims of each user, and groups.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::catalog::Catalog;
use crate::deal::Freshness;
use crate::grant::{Grant, Terms};
use crate::id::{AppId, GroupId, PlanId, UserId};
use crate::life::{Life, TrialRun};
use crate::pool::{Schedule, Share};
use crate::tenant::command::{Assignee, SignUps, TrialName};
use crate::tenant::documents::Documents;
use crate::tenant::draws::Draws;
use crate::tenant::line::{Line, Turn};
use crate::tenant::map::Map;
use crate::tenant::timeline::{Moment, Timeline};
use crate::time::End;
use crate::token::license::License;

/// Cheap to clone: a clone shares what neither changes.
#[derive(Debug, Clone)]
pub(crate) struct State {
    /// How many events have been applied.
    pub(crate) position: u64,
    /// The times of the events.
    pub(crate) timeline: Timeline,
    pub(crate) documents: Documents,
    pub(crate) sign_ups: SignUps,
    /// What the record says of trials.
    pub(crate) trials: Arc<BTreeMap<TrialName, Recorded>>,
    /// The plans that were ever named, by their numbers here; those of the catalog first, then strangers (C11).
    plans: Vec<Arc<PlanState>>,
    numbers: Arc<BTreeMap<PlanId, usize>>,
    /// The numbers here of the catalog's plans, by their numbers there.
    of_catalog: Arc<[usize]>,
    /// The users who have a claim or a membership.
    pub(crate) users: Map<UserId, User>,
    /// The groups that have a member or a plan.
    pub(crate) groups: Map<GroupId, Group>,
}

/// When a trial was started and extended, as recorded.
#[derive(Debug, Clone)]
pub(crate) struct Recorded {
    pub(crate) started: Stamp,
    pub(crate) extended: Vec<Stamp>,
}

/// When something was recorded: an event from before the floor counts as recorded at it (X6), and both the floor and what
/// tickets correct depend on which documents give something, so that all parts are kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stamp {
    moment: Moment,
    /// How many documents were in the record by then.
    documents: usize,
}

/// A plan in a tenant.
#[derive(Debug, Clone)]
pub(crate) struct PlanState {
    pub(crate) id: PlanId,
    pub(crate) line: Line,
    pub(crate) schedule: Schedule,
    pub(crate) draws: Draws,
}

/// A user in a tenant.
#[derive(Debug, Clone, Default)]
pub(crate) struct User {
    claims: Claims,
    /// Sorted; nothing for most.
    groups: Option<Arc<[GroupId]>>,
}

/// The claims of a user, sorted by plan. Most have one, which lies beside the user's id.
#[derive(Debug, Clone, Default)]
enum Claims {
    #[default]
    None,
    One(Claim),
    Many(Arc<[Claim]>),
}

/// A user's claim on a plan.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    pub(crate) plan: usize,
    pub(crate) turn: Turn,
    direct: Direct,
    /// What is denied; nothing for most.
    denied: Option<Arc<Denied>>,
}

/// Whether a user has a claim from an assignment to themself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direct {
    Yes,
    /// From groups alone.
    No,
}

/// The deny lists of a claim.
#[derive(Debug)]
struct Denied {
    /// That of the direct source, if there is one.
    direct: DenyList,
    /// The apps that every source denies (S3).
    off: DenyList,
}

/// Apps of a plan that are off, sorted.
pub(crate) type DenyList = Arc<[AppId]>;

/// A group in a tenant.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) members: Map<UserId, ()>,
    /// The plans assigned to it, with their deny lists.
    pub(crate) plans: Arc<BTreeMap<usize, DenyList>>,
}

impl Group {
    pub(crate) fn new() -> Self {
        Self { members: Map::new(), plans: Arc::default() }
    }
}

impl User {
    /// Claims sorted by plan, and groups sorted.
    pub(crate) fn new(claims: Vec<Claim>, groups: Vec<GroupId>) -> Self {
        let groups = (!groups.is_empty()).then(|| groups.into());
        let claims = match <[Claim; 1]>::try_from(claims) {
            Ok([one]) => Claims::One(one),
            Err(none) if none.is_empty() => Claims::None,
            Err(many) => Claims::Many(many.into()),
        };
        Self { claims, groups }
    }

    #[inline]
    pub(crate) fn claims(&self) -> &[Claim] {
        match &self.claims {
            Claims::None => &[],
            Claims::One(claim) => core::slice::from_ref(claim),
            Claims::Many(claims) => claims,
        }
    }

    pub(crate) fn groups(&self) -> &[GroupId] {
        self.groups.as_deref().unwrap_or_default()
    }
}

impl Claim {
    /// With the deny list of the direct source, if there is that source, and the apps that every source denies.
    pub(crate) fn new(plan: usize, turn: Turn, direct: Option<DenyList>, off: DenyList) -> Self {
        let is_direct = if direct.is_some() { Direct::Yes } else { Direct::No };
        let direct = direct.unwrap_or_default();
        let denied = !(direct.is_empty() && off.is_empty());
        let denied = denied.then(|| Arc::new(Denied { direct, off }));
        Self { plan, turn, direct: is_direct, denied }
    }

    /// Whether the user has it from an assignment to themself.
    pub(crate) fn is_direct(&self) -> bool {
        self.direct == Direct::Yes
    }

    /// The deny list of the direct source, if there is that source.
    pub(crate) fn denied_directly(&self) -> Option<DenyList> {
        let list = || self.denied.as_ref().map_or_else(DenyList::default, |denied| Arc::clone(&denied.direct));
        self.is_direct().then(list)
    }

    /// Whether the app is not turned off; that the plan lists it is known elsewhere.
    #[inline]
    pub(crate) fn opens(&self, app: &AppId) -> bool {
        self.denied.as_ref().is_none_or(|denied| denied.off.binary_search(app).is_err())
    }
}

/// A user's claim on a plan; claims are sorted by plan.
pub(crate) fn claim_on(claims: &[Claim], plan: usize) -> Option<&Claim> {
    claims.binary_search_by_key(&plan, |claim| claim.plan).ok().and_then(|at| claims.get(at))
}

impl State {
    pub(crate) fn new(catalog: &Catalog) -> Self {
        let mut state = Self {
            position: 0,
            timeline: Timeline::new(),
            documents: Documents::default(),
            sign_ups: SignUps::Allowed,
            trials: Arc::default(),
            plans: Vec::new(),
            numbers: Arc::default(),
            of_catalog: Arc::default(),
            users: Map::new(),
            groups: Map::new(),
        };
        state.read_by(catalog);
        state
    }

    /// Numbers the plans of a catalog, so that they are found by their numbers there. Linear in its plans.
    pub(crate) fn read_by(&mut self, catalog: &Catalog) {
        self.of_catalog = catalog.offer().plans.iter().map(|plan| self.number_or_next(&plan.id)).collect();
    }

    /// A plan of the catalog, by its number there, with its number here.
    #[inline]
    pub(crate) fn catalog_plan(&self, index: usize) -> Option<(usize, &PlanState)> {
        let number = *self.of_catalog.get(index)?;
        self.plan(number).map(|plan| (number, plan))
    }

    #[inline]
    pub(crate) fn plan(&self, number: usize) -> Option<&PlanState> {
        self.plans.get(number).map(|plan| &**plan)
    }

    pub(crate) fn plan_mut(&mut self, number: usize) -> Option<&mut PlanState> {
        self.plans.get_mut(number).map(Arc::make_mut)
    }

    /// The number of a plan that was named before.
    pub(crate) fn number(&self, plan: &PlanId) -> Option<usize> {
        self.numbers.get(plan).copied()
    }

    /// The number of a plan; one that nobody named before gets the next.
    pub(crate) fn number_or_next(&mut self, plan: &PlanId) -> usize {
        self.number(plan).unwrap_or_else(|| {
            let next = self.plans.len();
            let (line, schedule) = (Line::default(), Schedule::without_grants());
            self.plans.push(Arc::new(PlanState { id: plan.clone(), line, schedule, draws: Draws::default() }));
            Arc::make_mut(&mut self.numbers).insert(plan.clone(), next);
            next
        })
    }

    /// The claims of a user, sorted by plan; of a user whom nobody named, none (S15).
    #[inline]
    pub(crate) fn claims(&self, user: &UserId) -> &[Claim] {
        self.users.get(user).map_or(&[], User::claims)
    }

    /// Whence a user has a claim: directly, or from which groups.
    pub(crate) fn sources(&self, user: &UserId, claim: &Claim) -> Vec<Assignee> {
        let groups = self.users.get(user).map_or(&[][..], User::groups);
        let has_plan = |id: &&GroupId| self.groups.get(*id).is_some_and(|group| group.plans.contains_key(&claim.plan));
        let direct = claim.is_direct().then(|| Assignee::User(user.clone()));
        direct.into_iter().chain(groups.iter().filter(has_plan).cloned().map(Assignee::Group)).collect()
    }

    /// The latest instant of which the record has evidence: its events, as time tickets correct them, and the issue dates
    /// of its documents (X6).
    pub(crate) fn floor(&self) -> DateTime<Utc> {
        self.timeline.latest().max(self.documents.evidence(self.documents.len()))
    }

    /// The time of something that is recorded now.
    pub(crate) fn stamp(&self) -> Stamp {
        Stamp { moment: self.timeline.moment(), documents: self.documents.len() }
    }

    fn at(&self, stamp: Stamp) -> DateTime<Utc> {
        self.timeline.at(stamp.moment).max(self.documents.evidence(stamp.documents))
    }

    /// What the record says of a trial, as it counts under the documents that give something.
    pub(crate) fn run(&self, name: &TrialName) -> Option<TrialRun> {
        let recorded = self.trials.get(name)?;
        let extended = recorded.extended.iter().map(|&stamp| self.at(stamp)).collect();
        Some(TrialRun { started: self.at(recorded.started), extended })
    }

    /// From when on a license is warned of for want of a recent revocation list, and from when on it gives nothing (X5).
    fn freshness(&self, license: &License) -> (End, End) {
        match license.deal().freshness {
            Freshness::NotAsked => (End::Never, End::Never),
            Freshness::Asked(limit) => {
                let from = self.documents.fresh_from(license);
                (End::after(from, limit.warn_after), End::after(from, limit.deny_after))
            }
        }
    }

    /// The grants of some plans in a license, with their lives by what the record and the lists say of them.
    pub(crate) fn shares<'a>(
        &'a self,
        license: &'a License,
        wanted: impl Fn(&PlanId) -> bool + 'a,
    ) -> impl Iterator<Item = Share<'a>> {
        let (freshness, revoked) = (self.freshness(license), self.documents.revoked_from(license));
        license.deal().grants.iter().filter(move |grant| wanted(&grant.plan)).map(move |grant| {
            let run = match &grant.terms {
                Terms::Trial(_) => self.run(&TrialName::new(license.deal().id, grant.plan.clone())),
                Terms::Paid(_) => None,
            };
            let life = Life::of(&grant.terms, run.as_ref()).not_fresh(freshness.1).revoked(revoked);
            Share { grant, life, freshness }
        })
    }

    /// All grants of a plan in the documents in force, with their lives. Linear in the grants of the tenant.
    pub(crate) fn grants<'a>(&'a self, plan: &'a PlanId) -> impl Iterator<Item = (&'a Grant, Life)> {
        let shares = self.documents.in_force().flat_map(move |license| self.shares(license, move |each| each == plan));
        shares.map(|share| (share.grant, share.life))
    }

    /// Adds up the pools of plans again, once their grants or the lives of these have changed. Linear in the grants of the
    /// tenant, but for sorting the phases of those that are asked for; nothing, if none is.
    pub(crate) fn reckon(&mut self, plans: &BTreeSet<PlanId>) {
        if plans.is_empty() {
            return;
        }
        let mut shares: BTreeMap<&PlanId, Vec<Share<'_>>> = plans.iter().map(|plan| (plan, Vec::new())).collect();
        for license in self.documents.in_force() {
            for share in self.shares(license, |plan| plans.contains(plan)) {
                if let Some(of_plan) = shares.get_mut(&share.grant.plan) {
                    of_plan.push(share);
                }
            }
        }
        let schedules: Vec<_> = shares.into_iter().map(|(plan, shares)| (plan, Schedule::of(&shares))).collect();
        for (plan, schedule) in schedules {
            let number = self.number_or_next(plan);
            if let Some(plan) = self.plan_mut(number) {
                plan.schedule = schedule;
            }
        }
    }

    /// Adds up all pools again: those of plans that are granted, and those of plans that were.
    pub(crate) fn reckon_afresh(&mut self) {
        for plan in &mut self.plans {
            Arc::make_mut(plan).schedule = Schedule::without_grants();
        }
        let granted = self.granted();
        self.reckon(&granted);
    }

    /// The plans that the licenses in force grant.
    pub(crate) fn granted(&self) -> BTreeSet<PlanId> {
        let grants = self.documents.in_force().flat_map(|license| &license.deal().grants);
        grants.map(|grant| grant.plan.clone()).collect()
    }
}
