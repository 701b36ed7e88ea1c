//! Performs an event without judging it. A forged event may move seats or end things early; it
//! never gives more than its documents (S16).

use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use smallvec::SmallVec;

use crate::catalog::index::PlanNumber;
use crate::collections::sorted::distinct;
use crate::id::user::UserId;
use crate::id::{AppId, GroupId, PlanId};
use crate::tenant::command::{
    Assignee, Assignment, ClaimOnFirstUse, ClaimPolicy, Command, Membership, TrialName, Unassignment,
};
use crate::tenant::consumption::Consumption;
use crate::tenant::limits::MAX_ASSIGNED;
use crate::tenant::state::config::TenantConfig;
use crate::tenant::state::documents::{Acceptance, Arrival, PlacedToken};
use crate::tenant::state::sources::Sources;
use crate::tenant::state::user::{Claim, Claims, DenyList, Memberships, UserEntitlements, claim_on};
use crate::tenant::state::users::Users;
use crate::tenant::state::{Effect, Group, RecordState};
use crate::tenant::transition::touched_user::Touched;
use crate::tenant::transition::touched_users::TouchedUsers;
use crate::token::Token;
use crate::token::certificate::KeyCertificate;

/// An event in progress on a state: commands are performed in order; users, claims and queues
/// change at its end.
#[derive(Debug)]
pub(crate) struct EventTransaction<'a, 'c> {
    pub(crate) base: &'a TenantConfig,
    /// The users before the event.
    pub(crate) users: &'a Users,
    pub(crate) core: &'c mut RecordState,
    /// The actor who gave the commands.
    actor: &'a UserId,
    /// The users whose claims the event may change.
    pub(crate) touched: TouchedUsers<'a>,
    /// The groups all of whose members are among `touched`; sorted.
    expanded_groups: Vec<&'a GroupId>,
    /// The memberships that this event added.
    joined: SmallVec<[&'a Membership; 1]>,
    /// The plans whose pools are rebuilt at the end; none for most events.
    pub(crate) changed: Vec<PlanId>,
}

impl<'a, 'c> EventTransaction<'a, 'c> {
    /// Begins the next event.
    pub(crate) fn begin(
        base: &'a TenantConfig,
        users: &'a Users,
        core: &'c mut RecordState,
        actor: &'a UserId,
        at: DateTime<Utc>,
    ) -> Self {
        core.position = core.position.saturating_add(1);
        core.timeline.record(at);
        let (expanded_groups, joined, changed) = (Vec::new(), SmallVec::new(), Vec::new());
        Self { base, users, core, actor, touched: TouchedUsers::default(), expanded_groups, joined, changed }
    }

    pub(crate) fn perform(&mut self, command: &'a Command) {
        match command {
            Command::Install(token) => self.install(token),
            Command::InstallRevocationList(token) => self.revoke(token),
            Command::CorrectTime(token) => self.correct_time(token),
            Command::InstallCertificate(token) => self.certify(token),
            Command::Assign(assignment) => self.assign(assignment),
            Command::Unassign(unassignment) => self.unassign(unassignment),
            Command::Join(membership) => self.join(membership),
            Command::Leave(membership) => self.leave(membership),
            Command::RemoveUser(user) => self.remove_user(user),
            Command::RemoveGroup(group) => self.remove_group(group),
            Command::StartTrial(name) => self.start(name),
            Command::ExtendTrial(name) => self.extend(name),
            Command::SignUp(name) => self.sign_up(name),
            Command::SetSignUps(sign_ups) => self.core.sign_ups = *sign_ups,
            Command::ClaimSeat(plan) => self.claim_seat(plan),
            Command::SetClaimOnFirstUse(setting) => self.set_claim_on_first_use(setting),
            Command::Consume(consumption) => self.consume(consumption),
            // The time of the event is all that it records.
            Command::RecordTime => {}
        }
    }

    /// Returns whether the plan is assigned to the user directly, at this point of the event.
    pub(crate) fn has_direct(&self, user: &UserId, plan: PlanNumber) -> bool {
        if let Some(touched) = self.touched.get(user.as_str()) {
            return touched.sources.has_direct(plan);
        }
        let claims = self.users.held(user).map_or(Claims::NONE, UserEntitlements::claims);
        claim_on(claims.as_slice(), plan).is_some_and(Claim::is_direct)
    }

    /// Returns how many plans are assigned to the user directly, at this point of the event.
    pub(crate) fn count_direct(&self, user: &UserId) -> usize {
        if let Some(touched) = self.touched.get(user.as_str()) {
            return touched.sources.count_direct();
        }
        let claims = self.users.held(user).map_or(Claims::NONE, UserEntitlements::claims);
        claims.as_slice().iter().filter(|claim| claim.is_direct()).count()
    }

    /// Returns the groups of the user, at this point of the event.
    pub(crate) fn groups_of(&self, user: &UserId) -> &[GroupId] {
        match self.touched.get(user.as_str()) {
            Some(touched) => touched.sources.groups(),
            None => self.users.held(user).map_or(&[], UserEntitlements::groups),
        }
    }

    /// Returns whether the user has an assignment or a membership, at this point of the event.
    pub(crate) fn knows(&self, user: &UserId) -> bool {
        match self.touched.get(user.as_str()) {
            Some(touched) => !touched.sources.is_nobody(),
            None => self.users.held(user).is_some(),
        }
    }

    /// Adds a user to `touched` and changes their sources.
    fn touch(&mut self, user: &'a UserId, change: impl FnOnce(&mut Sources<'a>)) {
        let users = self.users;
        if let Some(touched) = self.touched.get_or_add(user.as_str(), || Touched::by_id(user, users)) {
            change(&mut touched.sources);
        }
    }

    /// Adds the members of a group to `touched`, once in an event. Users who join in this event are
    /// already among `touched`.
    fn touch_members(&mut self, id: &'a GroupId, group: &Group) {
        match self.expanded_groups.binary_search(&id) {
            Ok(_) => return,
            Err(at) => self.expanded_groups.insert(at, id),
        }
        let members = group.members.iter().filter_map(|(member, ())| self.users.entry(*member));
        for entry in members {
            self.touched.get_or_add(entry.id.as_str(), || Touched::by_entry(entry));
        }
    }

    fn install(&mut self, token: &Token) {
        let (entry, read) = (self.placed(token), self.base.license(&self.core.documents, token));
        let RecordState { documents, timeline, .. } = &mut *self.core;
        let Some(Arrival { license, replaced }) = Arc::make_mut(documents).keep(entry, read, timeline) else {
            return;
        };
        let grants =
            [Some(&license), replaced.as_ref()].into_iter().flatten().flat_map(|license| &license.deal().grants);
        self.changed.extend(grants.map(|grant| grant.plan.clone()));
    }

    fn revoke(&mut self, token: &Token) {
        let (entry, read) = (self.placed(token), self.base.list(&self.core.documents, token));
        let RecordState { documents, timeline, .. } = &mut *self.core;
        let is_next = read.as_ref().is_ok_and(|list| documents.accept_list(list).is_ok());
        let ends = is_next.then(|| documents.ends_of_signers());
        if Arc::make_mut(documents).keep_list(entry, read, timeline) == Acceptance::NotInForce {
            return;
        }
        // It may end the key of a list or a ticket that is in force, or no longer end it (X5, X10). Most lists
        // end no such key, and then no document is verified again.
        if ends != Some(documents.ends_of_signers()) {
            self.read_again();
        }
        self.change_all();
    }

    fn correct_time(&mut self, token: &Token) {
        let (entry, read) = (self.placed(token), self.base.ticket(&self.core.documents, token));
        let RecordState { documents, timeline, .. } = &mut *self.core;
        if Arc::make_mut(documents).keep_ticket(entry, read, timeline) == Acceptance::InForce {
            self.change_all();
        }
    }

    /// Adds a certificate. Documents of its key that were recorded before it are read again, and count
    /// where they stand (X10).
    fn certify(&mut self, token: &Token) {
        let read = self.base.certificate(&self.core.documents, token);
        let (entry, key) = (self.placed(token), read.as_ref().ok().map(KeyCertificate::key));
        let RecordState { documents, timeline, .. } = &mut *self.core;
        let is_in_force = Arc::make_mut(documents).keep_certificate(entry, read, timeline) == Acceptance::InForce;
        if is_in_force && key.is_some_and(|key| documents.has_signed(key)) {
            self.read_again();
            self.change_all();
        }
    }

    /// Reads all documents again. What they grant no longer changes as well.
    fn read_again(&mut self) {
        self.changed.extend(self.core.granted().cloned());
        self.core.read_again(self.base);
    }

    /// Returns a document of this event.
    fn placed<'t>(&self, token: &'t Token) -> PlacedToken<'t> {
        PlacedToken { token, position: self.core.position }
    }

    /// Has the pools of all granted plans rebuilt. Each plan is listed once, however many documents
    /// the event has.
    fn change_all(&mut self) {
        self.changed = distinct(self.changed.drain(..).chain(self.core.granted().cloned()));
    }

    fn assign(&mut self, assignment: &'a Assignment) {
        let plan = self.core.number_or_next(&assignment.plan);
        let except = deny_list(&assignment.except);
        match &assignment.to {
            Assignee::User(user) => self.touch(user, |user| user.assign(plan, except)),
            Assignee::Group(id) => {
                let mut group = self.group(id);
                // The members have what the group has already.
                let there = group.plans.get(&plan);
                if there == Some(&except) || (there.is_none() && group.plans.len() >= MAX_ASSIGNED) {
                    return;
                }
                Arc::make_mut(&mut group.plans).insert(plan, except);
                self.touch_members(id, &group);
                self.store(id, group);
            }
        }
    }

    fn unassign(&mut self, unassignment: &'a Unassignment) {
        let Some(plan) = self.core.number(&unassignment.plan) else { return };
        match &unassignment.from {
            Assignee::User(user) => self.touch(user, |user| user.unassign(plan)),
            Assignee::Group(id) => {
                let mut group = self.group(id);
                if !group.plans.contains(&plan) {
                    return;
                }
                self.touch_members(id, &group);
                Arc::make_mut(&mut group.plans).remove(&plan);
                self.store(id, group);
            }
        }
    }

    fn join(&mut self, membership: &'a Membership) {
        let Membership { user, group: id } = membership;
        let mut joined = Effect::Unchanged;
        self.touch(user, |user| joined = user.join(id));
        if joined == Effect::Changed {
            self.joined.push(membership);
            self.count_arrival(id);
        }
    }

    fn leave(&mut self, Membership { user, group: id }: &'a Membership) {
        let mut left = Effect::Unchanged;
        self.touch(user, |user| left = user.leave(id));
        if left == Effect::Changed {
            self.count_departure(id);
        }
    }

    /// Records that one member joined the group.
    fn count_arrival(&mut self, id: &GroupId) {
        match self.core.groups.get_mut(id) {
            Some(group) => group.size = group.size.saturating_add(1),
            None => self.store(id, Group { size: 1, ..Group::new() }),
        }
    }

    /// Records that one member left the group.
    fn count_departure(&mut self, id: &GroupId) {
        let mut group = self.group(id);
        group.size = group.size.saturating_sub(1);
        self.store(id, group);
    }

    fn remove_user(&mut self, user: &'a UserId) {
        let mut left = Memberships::new();
        self.touch(user, |user| left = user.remove());
        for id in left {
            self.count_departure(&id);
        }
    }

    /// Removes a group from its members: those from before the event, and those who joined in it.
    fn remove_group(&mut self, id: &'a GroupId) {
        let Some(group) = self.core.groups.get(id).cloned() else { return };
        self.core.groups.remove(id);
        for entry in group.members.iter().filter_map(|(member, ())| self.users.entry(*member)) {
            if let Some(touched) = self.touched.get_or_add(entry.id.as_str(), || Touched::by_entry(entry)) {
                touched.sources.leave(id);
            }
        }
        for Membership { user, .. } in self.joined.clone().into_iter().filter(|joined| joined.group == *id) {
            self.touch(user, |user| _ = user.leave(id));
        }
    }

    fn group(&self, id: &GroupId) -> Group {
        self.core.groups.get(id).cloned().unwrap_or_else(Group::new)
    }

    /// Stores a group; removes it if it has neither members nor plans.
    fn store(&mut self, id: &GroupId, group: Group) {
        if group.is_empty() {
            self.core.groups.remove(id);
        } else {
            self.core.groups.insert(id.clone(), group);
        }
    }

    /// Starts a trial; only the first start of a trial of a license and plan counts (T1).
    fn start(&mut self, name: &TrialName) {
        if self.core.start_trial(name) == Effect::Changed {
            self.change_trial(name);
        }
    }

    /// Has the pool of a trial's plan rebuilt, if a license in force contains the trial; a license
    /// installed later does it itself.
    fn change_trial(&mut self, name: &TrialName) {
        if self.core.documents.license(name.license).is_some() {
            self.changed.push(name.plan.clone());
        }
    }

    /// Starts the trial if nobody has, and assigns it to the actor. A deny list that the actor has
    /// stays.
    fn sign_up(&mut self, name: &TrialName) {
        self.start(name);
        self.claim_seat(&name.plan);
    }

    /// Assigns a plan to the actor. A deny list that the actor has stays.
    fn claim_seat(&mut self, plan: &PlanId) {
        let plan = self.core.number_or_next(plan);
        self.touch(self.actor, |actor| actor.assign_if_missing(plan));
    }

    /// Sets whether users may claim seats of a plan. A plan that was never named is off.
    fn set_claim_on_first_use(&mut self, ClaimOnFirstUse { plan, policy }: &ClaimOnFirstUse) {
        let number = match policy {
            ClaimPolicy::Allowed => Some(self.core.number_or_next(plan)),
            ClaimPolicy::Off => self.core.number(plan).filter(|&number| self.core.plan(number).is_some()),
        };
        if let Some(plan) = number.and_then(|number| self.core.plan_mut(number)) {
            plan.claim_policy = *policy;
        }
    }

    fn consume(&mut self, consumption: &Consumption) {
        let number = self.core.number_or_next(&consumption.plan);
        if let Some(plan) = self.core.plan_mut(number) {
            plan.consumption.count(consumption);
        }
    }

    fn extend(&mut self, name: &TrialName) {
        if self.core.extend_trial(name) == Effect::Changed {
            self.change_trial(name);
        }
    }
}

fn deny_list(apps: &[AppId]) -> DenyList {
    if apps.is_empty() {
        return DenyList::default();
    }
    distinct(apps.iter().cloned()).into()
}
