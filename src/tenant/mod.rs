//! The tenant: answers what one customer organisation was granted and who holds its seats, as a
//! value.
//!
//! Takes a catalog, a key ring, the tenant's id and events; every method that depends on time takes
//! the time. It must not know where records are stored, what time it is, or what answers look like
//! as text.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

pub(crate) mod limits;
pub(crate) mod role;

pub(crate) mod pool;

pub(crate) mod consumption;

pub(crate) mod command;
pub(crate) mod document_issue;

pub(crate) mod entry;
pub(crate) mod source;

pub(crate) mod inclusion;
pub(crate) mod no_units;

pub(crate) mod refusal_reason;

pub(crate) mod refusal;

pub(crate) mod state;

pub(crate) mod grant_state;

pub(crate) mod evaluation;

mod reread;

pub(crate) mod transition;

pub(crate) mod snapshot;

use crate::catalog::Catalog;
use crate::catalog::offer::Scope;
use crate::id::user::UserRef;
use crate::id::{GroupId, PlanId, RecordId, TenantId};
use crate::license::checkpoint::Checkpoint;
use crate::license::grant::GrantKind;
use crate::license::head::{EntryHash, Head};
use crate::quantity::place::Place;
use crate::quantity::units::Total;
use crate::tenant::pool::schedule::Segments;
use crate::tenant::pool::{Pool, by_phase};
use crate::time::{End, whole_second};
use crate::token::ring::KeyRing;
use command::{ClaimPolicy, Event, SignUpPolicy};
use entry::{ApplyError, Beginning, Entry};
use state::config::TenantConfig;
use state::document::Document;
use state::hypothesis::Hypothesis;
use state::timeline::{PlacedCorrection, Timeline};
use state::view::View;
use state::{RecordState, State};
use transition::apply::EventTransaction;
use transition::touched_user::Change;

/// One customer organisation: what it was granted, and what its administrators did with it.
///
/// A tenant is a value without IO, clock or lock. A clone shares what neither changes, so it is
/// cheap at any size: a dry run, a transaction and publishing to readers are all "clone, apply".
#[derive(Debug, Clone)]
pub struct Tenant {
    base: Arc<TenantConfig>,
    state: Arc<State>,
    /// The floor of the state, cached for every check.
    floor: DateTime<Utc>,
    /// The hash of the latest entry.
    hash: EntryHash,
}

impl Tenant {
    /// Returns the tenant of a record that was only begun.
    ///
    /// The host decides which tenant this is (L1), for example by its sign-in, and reads or makes
    /// the [`Beginning`] for it. A host that takes the id from a license file lets every customer's
    /// file work everywhere. Seats are counted in one record (S17): if every installation has its
    /// own record, let the tenant be the installation or the person, and sell tenant plans.
    #[must_use]
    pub fn new(catalog: &Catalog, ring: &KeyRing, beginning: &Beginning) -> Self {
        let (tenant, record) = (beginning.tenant().clone(), beginning.record());
        let (catalog, ring) = (catalog.clone(), ring.clone());
        let state = State::new(&catalog);
        Self::of(
            TenantConfig { catalog, ring, tenant, record, contained: BTreeMap::new() },
            state,
            beginning.head().hash(),
        )
    }

    /// Applies an entry that continues this tenant's record (X7).
    ///
    /// Any entry that continues it is applied, a forged one too: its licenses are verified again,
    /// and its users and seats give no more than the licenses do.
    ///
    /// A command about one user costs `O(log n)` in the queues of the user's plans, and `O(n)` in
    /// the user's claims and groups with their plans, of which there are at most
    /// [`MAX_GROUPS`](crate::limits::MAX_GROUPS) and, of each, [`MAX_ASSIGNED`](crate::limits::MAX_ASSIGNED). A
    /// command about a group costs that for each of its members, once in an event however many of
    /// its commands are about the group; an assignment that changes nothing touches nobody. A
    /// document costs `O(n log n)` in the grants of the tenant. Once a phase has ended since the
    /// last event, an event costs `O(n)` in the plans.
    ///
    /// So a record in which a group of many members gets plans over and over, one event each, costs
    /// the product of both: the time for a hostile record of `n` bytes is bounded by the square of
    /// `n`, not by `n`.
    ///
    /// # Errors
    ///
    /// [`ApplyError`] for an entry whose number is not [`position`](Tenant::position) + 1, and for
    /// one that continues another entry than this tenant's latest; nothing changes then.
    pub fn apply(&mut self, entry: &Entry) -> Result<(), ApplyError> {
        self.head().continued_by(entry)?;
        self.perform(entry.event());
        self.hash = entry.head().hash();
        Ok(())
    }

    /// Performs an event as the next one, whatever its number. The hash of the tenant stays that of
    /// the latest entry, so only copies that no host sees may perform events without entries.
    pub(crate) fn perform(&mut self, event: &Event) {
        let state = Arc::make_mut(&mut self.state);
        let State { users, core } = &mut *state;
        let mut transaction =
            EventTransaction::begin(&self.base, users, core, &event.actor.user, whole_second(event.at));
        for command in &event.commands {
            transaction.perform(command);
        }
        let changes = transaction.settle(Change::of);
        self.floor = state.commit(&changes);
    }

    /// Returns the id of the tenant.
    #[must_use]
    pub fn id(&self) -> &TenantId {
        &self.base.tenant
    }

    /// Returns what the tenant's application offers.
    #[must_use]
    pub fn catalog(&self) -> &Catalog {
        &self.base.catalog
    }

    /// Returns the id of the tenant's record.
    #[must_use]
    pub fn record(&self) -> RecordId {
        self.base.record
    }

    /// Returns the head of the tenant's record: the number and the hash of the latest entry.
    #[must_use]
    pub fn head(&self) -> Head {
        Head::new(self.position(), self.hash)
    }

    /// Returns the checkpoint at the head of the tenant's record. Keep it where nobody who can
    /// change the record can change it.
    #[must_use]
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint::new(self.record(), self.head())
    }

    /// Returns how many entries have been applied. A decision is valid while this number does not
    /// change.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.core().position
    }

    /// Returns the instant at which the tenant is read when the host's clock reads `now`: never
    /// before the latest instant of which the record has evidence, which are its events, as time
    /// tickets correct them, and the issue dates of its documents (X6).
    #[must_use]
    pub fn reading(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        whole_second(now).max(self.floor)
    }

    /// Returns every document in the record, in its order, with what it gives. `O(n log n)` in the
    /// documents taken from the iterator.
    pub fn documents(&self) -> impl Iterator<Item = Document<'_>> {
        self.core().documents.all()
    }

    /// Returns the same tenant before the first entry of its record, which continues `hash`. All
    /// tickets of the record correct its times from the start (P2).
    pub(crate) fn before_first_entry(&self, hash: EntryHash, corrections: Vec<PlacedCorrection>) -> Self {
        let mut state = State::new(self.catalog());
        state.core.timeline = Timeline::corrected_by(corrections);
        let floor = state.core.floor();
        Self { base: Arc::clone(&self.base), state: Arc::new(state), floor, hash }
    }

    fn of(base: TenantConfig, state: State, hash: EntryHash) -> Self {
        let floor = state.core.floor();
        Self { base: Arc::new(base), state: Arc::new(state), floor, hash }
    }

    /// Returns the reading, not floored to the whole second. It compares as the floored one does,
    /// since everything happens at whole seconds.
    pub(crate) fn raw_reading(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now.max(self.floor)
    }

    /// Returns whether users may sign up for trials by themselves (T2).
    #[must_use]
    pub fn sign_ups(&self) -> SignUpPolicy {
        self.core().sign_ups
    }

    /// Returns whether users may claim seats of a plan by themselves (S18).
    #[must_use]
    pub fn claim_on_first_use(&self, plan: &PlanId) -> ClaimPolicy {
        let plan = self.core().number(plan).and_then(|number| self.core().plan(number));
        plan.map_or(ClaimPolicy::Off, |plan| plan.claim_policy)
    }

    /// Returns how many users have a claim or a membership.
    #[must_use]
    pub fn user_count(&self) -> usize {
        self.state.users.len()
    }

    /// Returns the users who claim a plan, in queue order (S10): the first [`Pool::seated`] hold
    /// its seats. `O(n)` in the users taken from the iterator.
    pub fn queue<'a>(&'a self, plan: &PlanId) -> impl Iterator<Item = UserRef<'a>> + use<'a> {
        let plan = self.core().number(plan).and_then(|number| self.core().plan(number));
        plan.into_iter().flat_map(|plan| self.state.queue_users(plan)).map(|user| user.id)
    }

    /// Returns the users who claim a plan from a place of its queue on, each with their place: for
    /// pages of a long queue. `O(log n)` in the queue, and `O(1)` for each user taken from the
    /// iterator.
    pub fn queue_from<'a>(
        &'a self,
        plan: &PlanId,
        first: Place,
    ) -> impl Iterator<Item = (Place, UserRef<'a>)> + use<'a> {
        let plan = self.core().number(plan).and_then(|number| self.core().plan(number));
        let keys = plan.into_iter().flat_map(move |plan| plan.queue.users_from(first.ahead()));
        let users = keys.filter_map(|key| self.state.users.entry(key)).map(|user| user.id);
        (first.ahead()..).map(Place::behind).zip(users)
    }

    /// Returns the members of a group, in no defined order. `O(n)` in the members taken from the
    /// iterator.
    pub fn members(&self, group: &GroupId) -> impl Iterator<Item = UserRef<'_>> {
        let members = self.core().groups.get(group).into_iter().flat_map(|group| group.members.iter());
        members.filter_map(|(member, ())| self.state.users.entry(*member)).map(|user| user.id)
    }

    /// Returns the pool of a plan (L9); an empty pool for a plan that no document grants and nobody
    /// claims.
    ///
    /// `O(n)` in the grants of the tenant.
    #[must_use]
    pub fn pool(&self, plan: &PlanId, now: DateTime<Utc>) -> Pool {
        let at = self.reading(now);
        let of = |paid: bool| {
            let grants =
                self.core().grants(plan).filter(move |(grant, _)| matches!(grant.kind, GrantKind::Paid(_)) == paid);
            by_phase(grants.map(|(grant, phases)| (grant, phases.phase(at))))
        };
        let state = self.core().number(plan).and_then(|number| self.core().plan(number));
        let segments = state.map_or(Segments::WITHOUT_GRANTS, |plan| plan.segments(at));
        let coverage = segments.first().map(|segment| segment.coverage);
        // A capacity pool has no tolerance: it shrinks at once (S11).
        let is_capacity = self.catalog().plan(plan).is_some_and(|plan| plan.scope == Scope::Capacity);
        let limit = coverage.map_or(Total::ZERO, |coverage| if is_capacity { coverage.usable } else { coverage.limit });
        let claims = state.map_or(0, |plan| plan.queue.len());
        let seated = match limit {
            Total::Limited(limit) => claims.min(limit),
            Total::Unlimited => claims,
        };
        Pool {
            paid: of(true),
            trial: of(false),
            usable: coverage.map_or(Total::ZERO, |coverage| coverage.usable),
            limit,
            seated,
            waiting: claims.saturating_sub(seated),
            until: segments.get(1).map_or(End::Never, |segment| End::At(segment.from)),
        }
    }

    /// Assumes something that no record says; only for internal copies of a tenant.
    pub(crate) fn suppose(&mut self, suppose: impl FnOnce(&mut Hypothesis)) {
        Arc::make_mut(&mut self.state).core.suppose(suppose);
    }

    pub(crate) fn base(&self) -> &TenantConfig {
        &self.base
    }

    #[inline]
    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    #[inline]
    pub(crate) fn core(&self) -> &RecordState {
        &self.state.core
    }

    #[inline]
    pub(crate) fn view(&self) -> View<'_> {
        self.state.view()
    }
}
