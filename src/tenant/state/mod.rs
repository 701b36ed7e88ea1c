//! Answers what the record contains: documents, pools, queues, the claims of each user, and groups.
//! It takes changes of events in progress.
//! It must not judge whether a change is allowed.

use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

pub(crate) mod claim_number;

pub(crate) mod user;

pub(crate) mod bucket;

pub(crate) mod seat_queue;
pub(crate) mod users;

pub(crate) mod plan;

pub(crate) mod plans;

pub(crate) mod timeline;

pub(crate) mod recorded_trial;
pub(crate) mod stored_document;

pub(crate) mod document;

pub(crate) mod documents;

pub(crate) mod hypothesis;

pub(crate) mod view;

mod rebuild;

pub(crate) mod config;
pub(crate) mod sources;
pub(crate) mod trial_record;

use crate::catalog::Catalog;
use crate::catalog::index::{PlanIndex, PlanNumber};
use crate::catalog::numbering::Numbering;
use crate::catalog::release::Release;
use crate::collections::shared_hash_map::SharedHashMap;
use crate::collections::sorted_map::Table;
use crate::id::user::UserId;
use crate::id::{GroupId, PlanId};
use crate::license::deal::Freshness;
use crate::license::grant::{Grant, GrantKind};
use crate::license::phases::PhaseTimeline;
use crate::tenant::command::{Assignee, ClaimPolicy, SignUpPolicy, TrialName};
use crate::tenant::consumption::ConsumptionHistory;
use crate::tenant::pool::GrantInstance;
use crate::tenant::pool::schedule::Segments;
use crate::tenant::state::bucket::{Entry, Key};
use crate::tenant::state::documents::{AnchorPoint, Documents};
use crate::tenant::state::hypothesis::Hypothesis;
use crate::tenant::state::plan::PlanState;
use crate::tenant::state::plans::Plans;
use crate::tenant::state::recorded_trial::RecordedTrial;
use crate::tenant::state::timeline::Timeline;
use crate::tenant::state::user::{Claim, Claims, DenyList, UserEntitlements};
use crate::tenant::state::users::Users;
use crate::time::{EARLIEST, End};
use crate::token::license::License;

/// The state of a tenant. A clone shares what neither changes.
#[derive(Debug, Clone)]
pub(crate) struct State {
    /// The users who have a claim or a membership.
    pub(crate) users: Users,
    pub(crate) core: RecordState,
}

/// The state of a tenant apart from its users.
#[derive(Debug, Clone)]
pub(crate) struct RecordState {
    /// The number of events applied.
    pub(crate) position: u64,
    /// The release of the application that reads the record.
    release: Release,
    /// The numbers of plans; shared with the catalog until the record names other plans.
    numbering: Arc<Numbering>,
    /// The plans that are granted, claimed or consumed.
    plans: Arc<Plans>,
    /// The cached coverage of every plan is valid until here.
    known_until: DateTime<Utc>,
    /// The times of the events.
    pub(crate) timeline: Timeline,
    pub(crate) documents: Arc<Documents>,
    pub(crate) sign_ups: SignUpPolicy,
    /// What the record says of trials; `None` if no trial was started.
    pub(crate) trials: Option<Arc<SharedHashMap<TrialName, RecordedTrial>>>,
    /// The groups that have a member or a plan.
    pub(crate) groups: SharedHashMap<GroupId, Group>,
    /// What is assumed although the record does not say it; `None` in every tenant that a host
    /// sees.
    hypothesis: Option<Arc<Hypothesis>>,
}

/// Whether an operation changed something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    Changed,
    Unchanged,
}

/// A group in a tenant.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// The number of members at this point of an event.
    pub(crate) size: usize,
    /// The members before the event.
    pub(crate) members: SharedHashMap<Key, ()>,
    /// The plans assigned to the group, with their deny lists.
    pub(crate) plans: Arc<Table<PlanNumber, DenyList>>,
}

impl Group {
    pub(crate) fn new() -> Self {
        Self { size: 0, members: SharedHashMap::new(), plans: Arc::default() }
    }

    /// Returns whether the group has neither members nor plans, and so is not kept.
    pub(crate) fn is_empty(&self) -> bool {
        self.size == 0 && self.plans.is_empty()
    }
}

impl State {
    pub(crate) fn new(catalog: &Catalog) -> Self {
        let core = RecordState {
            position: 0,
            release: catalog.offer().release,
            numbering: Arc::clone(catalog.numbering()),
            plans: Arc::default(),
            known_until: EARLIEST,
            timeline: Timeline::new(),
            documents: Arc::default(),
            sign_ups: SignUpPolicy::Allowed,
            trials: None,
            groups: SharedHashMap::new(),
            hypothesis: None,
        };
        Self { users: Users::new(), core }
    }

    /// Returns the claims of a user; an unknown user has no claims (S15).
    #[inline]
    pub(crate) fn claims(&self, user: &UserId) -> Claims<'_> {
        self.users.held(user).map_or(Claims::NONE, UserEntitlements::claims)
    }

    /// Returns the users of a plan's queue, in queue order.
    pub(crate) fn queue_users<'a>(&'a self, plan: &'a PlanState) -> impl Iterator<Item = Entry<'a>> {
        plan.queue.users().filter_map(|user| self.users.entry(user))
    }
}

impl RecordState {
    /// Takes the release of a catalog, and renumbers the plans so that its plans are found by their
    /// numbers there. Uses the catalog's own numbering if that keeps the numbers in use. `O(n)` in
    /// the plans. Pools have to be rebuilt after it.
    pub(crate) fn rebind_catalog(&mut self, catalog: &Catalog) {
        self.release = catalog.offer().release;
        if catalog.numbering().begins_with(&self.numbering) {
            self.numbering = Arc::clone(catalog.numbering());
            return;
        }
        let numbering = Numbering::clone(&self.numbering);
        self.numbering = Arc::new(numbering.rebind_catalog(catalog.offer().plans.iter().map(|plan| &plan.id)));
    }

    /// Returns the numbers of the plans.
    pub(crate) fn numbering(&self) -> &Numbering {
        &self.numbering
    }

    /// Returns the number here of a plan of the catalog, given its index there.
    #[inline]
    pub(crate) fn of_catalog(&self, index: PlanIndex) -> Option<PlanNumber> {
        self.numbering.of_catalog(index)
    }

    /// Returns a plan of the catalog, given its index there; `None` if the record does not mention
    /// it.
    #[inline]
    pub(crate) fn catalog_plan(&self, index: PlanIndex) -> Option<&PlanState> {
        self.plan(self.of_catalog(index)?)
    }

    /// Returns the segment of a plan of the catalog that contains `at`, and those after it.
    pub(crate) fn segments(&self, index: PlanIndex, at: DateTime<Utc>) -> Segments<'_> {
        self.catalog_plan(index).map_or(Segments::WITHOUT_GRANTS, |plan| plan.segments(at))
    }

    #[inline]
    pub(crate) fn plan(&self, number: PlanNumber) -> Option<&PlanState> {
        self.plans.get(number)
    }

    /// Returns the plans that are granted, claimed or consumed.
    pub(crate) fn plan_states(&self) -> impl Iterator<Item = &PlanState> {
        self.plans.iter()
    }

    /// Returns the plans of which users may claim seats by themselves, in no defined order.
    pub(crate) fn claimable(&self) -> impl Iterator<Item = &PlanId> {
        let claimable = self.plans.numbered().filter(|(_, plan)| plan.claim_policy == ClaimPolicy::Allowed);
        claimable.filter_map(|(number, _)| self.numbering.id(number))
    }

    /// Returns the consumption of the plans that were consumed, in no defined order.
    pub(crate) fn consumption(&self) -> impl Iterator<Item = (&PlanId, &ConsumptionHistory)> {
        let consumed = self.plans.numbered().filter(|(_, plan)| !plan.consumption.is_empty());
        consumed.filter_map(|(number, plan)| Some((self.numbering.id(number)?, &plan.consumption)))
    }

    /// Returns a plan by its number to change; adds the plan if it is absent.
    pub(crate) fn plan_mut(&mut self, number: PlanNumber) -> Option<&mut PlanState> {
        if number >= self.numbering.next() {
            return None;
        }
        Arc::make_mut(&mut self.plans).get_or_add(number)
    }

    /// Returns the number of a plan that was named before.
    pub(crate) fn number(&self, plan: &PlanId) -> Option<PlanNumber> {
        self.numbering.number(plan)
    }

    /// Returns the number of a plan; a plan that was not named before gets the next number.
    pub(crate) fn number_or_next(&mut self, plan: &PlanId) -> PlanNumber {
        self.number(plan).unwrap_or_else(|| Arc::make_mut(&mut self.numbering).number_or_next(plan))
    }

    /// Updates the cached coverage at `at` of the changed plans, and of all plans if the cache of
    /// one has expired.
    pub(crate) fn cache_coverages(&mut self, at: DateTime<Utc>, changed: impl Iterator<Item = PlanNumber>) {
        if at >= self.known_until {
            let plans = Arc::make_mut(&mut self.plans);
            plans.iter_mut().for_each(|plan| plan.cache_coverage(at));
            let ends = plans.iter().map(PlanState::known_until);
            self.known_until = ends.min().unwrap_or(DateTime::<Utc>::MAX_UTC);
            return;
        }
        for number in changed {
            if let Some(plan) = self.plan_mut(number) {
                plan.cache_coverage(at);
                let until = plan.known_until();
                self.known_until = self.known_until.min(until);
            }
        }
    }

    /// Returns a copy with cached coverage at `at` of some plans, for many questions about one
    /// instant. `O(log n)` in the queue and grants of each.
    pub(crate) fn with_coverage_at(&self, at: DateTime<Utc>, plans: impl Iterator<Item = PlanNumber>) -> Self {
        let mut core = self.clone();
        for number in plans {
            // A plan that the record does not mention must not be added.
            if core.plan(number).is_none() {
                continue;
            }
            if let Some(plan) = core.plan_mut(number) {
                plan.cache_coverage(at);
            }
        }
        core
    }

    /// Returns the sources of a claim of a user with these groups: the user for a direct
    /// assignment, and the groups that have the plan.
    pub(crate) fn sources(&self, user: &UserId, groups: &[GroupId], claim: &Claim) -> Vec<Assignee> {
        let has_plan = |id: &&GroupId| self.groups.get(*id).is_some_and(|group| group.plans.contains(&claim.plan));
        let direct = claim.is_direct().then(|| Assignee::User(user.clone()));
        direct.into_iter().chain(groups.iter().filter(has_plan).cloned().map(Assignee::Group)).collect()
    }

    /// Corrects the times as the next event would with a time ticket that was issued at `issued` and
    /// is anchored at the head (X6).
    pub(crate) fn correct_times(&mut self, issued: DateTime<Utc>) {
        let anchor = AnchorPoint { position: self.position, latest_event: self.timeline.open() };
        self.timeline.record(self.floor());
        self.position = self.position.saturating_add(1);
        Arc::make_mut(&mut self.documents).correct_times(Some(anchor), self.position, issued, &mut self.timeline);
        self.rebuild_all_pools();
    }

    /// Returns the latest instant of which the record has evidence: its events, as time tickets
    /// correct them, and the issue dates of its documents (X6).
    pub(crate) fn floor(&self) -> DateTime<Utc> {
        self.timeline.latest().max(self.documents.evidence(self.documents.len()))
    }

    /// Returns from when on a license is warned about for lack of a recent revocation list, and
    /// from when on it gives nothing (X5).
    fn freshness(&self, license: &License) -> (End, End) {
        match license.deal().freshness {
            Freshness::NotAsked => (End::Never, End::Never),
            Freshness::Asked(limit) => {
                let from = self.documents.fresh_from(license, &self.timeline).max(self.hypothesis().list);
                (End::after(from, limit.warn_after), End::after(from, limit.deny_after))
            }
        }
    }

    /// Returns the grants of some plans in a license, each with its phases under the record and the
    /// revocation lists.
    pub(crate) fn grant_instances<'a>(
        &'a self,
        license: &'a License,
        wanted: impl Fn(&PlanId) -> bool + 'a,
    ) -> impl Iterator<Item = GrantInstance<'a>> {
        self.grant_instances_in(self.release(), license, wanted)
    }

    /// Returns the same in another release of the application.
    pub(crate) fn grant_instances_in<'a>(
        &'a self,
        release: Release,
        license: &'a License,
        wanted: impl Fn(&PlanId) -> bool + 'a,
    ) -> impl Iterator<Item = GrantInstance<'a>> {
        let (freshness, revoked) = (self.freshness(license), self.documents.revoked_from(license));
        license.deal().grants.iter().filter(move |grant| wanted(&grant.plan)).map(move |grant| {
            let run = match &grant.kind {
                GrantKind::Trial(_) => self.run(&TrialName::new(license.deal().id, grant.plan.clone())),
                GrantKind::Paid(_) => None,
            };
            let phases = PhaseTimeline::of(&grant.kind, run.as_ref(), release).not_fresh(freshness.1).revoked(revoked);
            GrantInstance { grant, timeline: phases, freshness }
        })
    }

    /// Returns all grants of a plan in the documents in force, with their phases. `O(n)` in the
    /// grants of the tenant.
    pub(crate) fn grants<'a>(&'a self, plan: &'a PlanId) -> impl Iterator<Item = (&'a Grant, PhaseTimeline)> {
        let grant_instances =
            self.documents.in_force().flat_map(move |license| self.grant_instances(license, move |each| each == plan));
        let grant_instances = grant_instances.chain(
            self.hypothesis().grant_instances(self.release()).filter(move |instance| instance.grant.plan == *plan),
        );
        grant_instances.map(|instance| (instance.grant, instance.timeline))
    }

    /// Returns whether a plan has usable paid units (L10, T2). `O(n)` in the grants of the tenant.
    pub(crate) fn is_bought(&self, plan: &PlanId, at: DateTime<Utc>) -> bool {
        self.grants(plan)
            .any(|(grant, phases)| matches!(grant.kind, GrantKind::Paid(_)) && phases.phase(at).is_usable())
    }

    /// Returns the release of the application in which grants are read (V1).
    pub(crate) fn release(&self) -> Release {
        self.hypothesis().release.unwrap_or(self.release)
    }

    /// Returns what is assumed although the record does not say it.
    pub(crate) fn hypothesis(&self) -> &Hypothesis {
        self.hypothesis.as_deref().unwrap_or(Hypothesis::NOTHING)
    }

    /// Changes what is assumed, and rebuilds the pools that it may change.
    pub(crate) fn suppose(&mut self, suppose: impl FnOnce(&mut Hypothesis)) {
        suppose(Arc::make_mut(self.hypothesis.get_or_insert_with(|| Arc::new(Hypothesis::NOTHING.clone()))));
        let changed = self.granted().chain(self.hypothesis().plans());
        self.rebuild_pools(changed.cloned().collect());
    }

    /// Returns the plans that the licenses in force grant, once per grant.
    pub(crate) fn granted(&self) -> impl Iterator<Item = &PlanId> {
        self.documents.in_force().flat_map(|license| &license.deal().grants).map(|grant| &grant.plan)
    }
}
