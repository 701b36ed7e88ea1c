//! Applying: what an event does to a state. Nothing is judged here, so an event that was forged does what it can.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::id::{GroupId, PlanId, UserId};
use crate::tenant::base::Base;
use crate::tenant::command::{Assignee, Assignment, Command, Membership, TrialName, Unassignment};
use crate::tenant::documents::{Arrival, InForce};
use crate::tenant::draws::Draw;
use crate::tenant::line::Turn;
use crate::tenant::state::{Claim, DenyList, Group, Recorded, State, User, claim_on};
use crate::token::Token;

/// A state in the middle of an event: commands are performed in their order, claims get their turns at its end.
#[derive(Debug)]
pub(crate) struct Step<'a> {
    pub(crate) base: &'a Base,
    pub(crate) state: &'a mut State,
    /// Who gives the commands.
    actor: &'a UserId,
    /// The users whose claims the event touches, by the bytes of their ids.
    touched: BTreeMap<UserId, Touched>,
    /// The plans whose pools are to be added up again at the end.
    changed: BTreeSet<PlanId>,
}

/// A user in the middle of an event.
#[derive(Debug, Default)]
struct Touched {
    /// The turns of claims from before the event: a source before and after keeps the place (S6).
    kept: BTreeMap<usize, Turn>,
    /// The plans assigned directly, with their deny lists.
    direct: BTreeMap<usize, DenyList>,
    groups: BTreeSet<GroupId>,
}

impl Touched {
    fn new(user: Option<&User>) -> Self {
        let Some(user) = user else { return Self::default() };
        let direct = user.claims().iter().filter_map(|claim| Some((claim.plan, claim.denied_directly()?)));
        Self {
            kept: user.claims().iter().map(|claim| (claim.plan, claim.turn)).collect(),
            direct: direct.collect(),
            groups: user.groups().iter().cloned().collect(),
        }
    }
}

impl<'a> Step<'a> {
    /// Begins the next event.
    pub(crate) fn begin(base: &'a Base, state: &'a mut State, actor: &'a UserId, at: DateTime<Utc>) -> Self {
        state.position = state.position.saturating_add(1);
        state.timeline.record(at);
        Self { base, state, actor, touched: BTreeMap::new(), changed: BTreeSet::new() }
    }

    pub(crate) fn perform(&mut self, command: &Command) {
        match command {
            Command::Install(token) => self.install(token),
            Command::Revoke(token) => self.revoke(token),
            Command::CorrectTime(token) => self.correct_time(token),
            Command::Assign(assignment) => self.assign(assignment),
            Command::Unassign(unassignment) => self.unassign(unassignment),
            Command::Join(membership) => self.join(membership),
            Command::Leave(membership) => self.leave(membership),
            Command::RemoveUser(user) => self.remove_user(user),
            Command::RemoveGroup(group) => self.remove_group(group),
            Command::StartTrial(name) => self.start(name),
            Command::ExtendTrial(name) => self.extend(name),
            Command::SignUp(name) => self.sign_up(name),
            Command::SetSignUps(sign_ups) => self.state.sign_ups = *sign_ups,
            Command::Draw(draw) => self.draw(draw),
            // Its event has a time, which is all it says.
            Command::Mark => {}
        }
    }

    /// Whether the plan is assigned to the user directly at this point of the event.
    pub(crate) fn has_direct(&self, user: &UserId, plan: usize) -> bool {
        match self.touched.get(user) {
            Some(touched) => touched.direct.contains_key(&plan),
            None => claim_on(self.state.claims(user), plan).is_some_and(Claim::is_direct),
        }
    }

    /// The groups of the user at this point of the event.
    pub(crate) fn groups_of(&self, user: &UserId) -> Vec<GroupId> {
        match self.touched.get(user) {
            Some(touched) => touched.groups.iter().cloned().collect(),
            None => self.state.users.get(user).map_or(Vec::new(), |user| user.groups().to_vec()),
        }
    }

    /// Whether anybody has named the user, at this point of the event.
    pub(crate) fn knows(&self, user: &UserId) -> bool {
        match self.touched.get(user) {
            Some(touched) => !touched.direct.is_empty() || !touched.groups.is_empty(),
            None => self.state.users.get(user).is_some(),
        }
    }

    fn touch(&mut self, user: &UserId) -> &mut Touched {
        let users = &self.state.users;
        self.touched.entry(user.clone()).or_insert_with(|| Touched::new(users.get(user)))
    }

    fn touch_members(&mut self, group: &Group) {
        for (member, ()) in group.members.iter() {
            self.touch(member);
        }
    }

    fn install(&mut self, token: &Token) {
        let read = self.base.license(token);
        let Some(Arrival { license, replaced }) = self.state.documents.keep(token, read) else { return };
        let grants =
            [Some(&license), replaced.as_ref()].into_iter().flatten().flat_map(|license| &license.deal().grants);
        self.changed.extend(grants.map(|grant| grant.plan.clone()));
    }

    fn revoke(&mut self, token: &Token) {
        let read = self.base.list(token);
        if self.state.documents.keep_list(token, read) == InForce::Yes {
            self.changed.extend(self.state.granted());
        }
    }

    fn correct_time(&mut self, token: &Token) {
        let turn = self.state.documents.keep_ticket(token, self.base.ticket(token));
        self.state.timeline.close(turn);
        if turn.is_some() {
            self.changed.extend(self.state.granted());
        }
    }

    fn assign(&mut self, assignment: &Assignment) {
        let plan = self.state.number_or_next(&assignment.plan);
        let mut except = assignment.except.clone();
        except.sort_unstable();
        except.dedup();
        let except = Arc::from(except);
        match &assignment.to {
            Assignee::User(user) => {
                self.touch(user).direct.insert(plan, except);
            }
            Assignee::Group(id) => {
                let mut group = self.group(id);
                Arc::make_mut(&mut group.plans).insert(plan, except);
                self.touch_members(&group);
                self.put(id, group);
            }
        }
    }

    fn unassign(&mut self, unassignment: &Unassignment) {
        let Some(plan) = self.state.number(&unassignment.plan) else { return };
        match &unassignment.from {
            Assignee::User(user) => {
                self.touch(user).direct.remove(&plan);
            }
            Assignee::Group(id) => {
                let mut group = self.group(id);
                self.touch_members(&group);
                Arc::make_mut(&mut group.plans).remove(&plan);
                self.put(id, group);
            }
        }
    }

    fn join(&mut self, Membership { user, group: id }: &Membership) {
        let mut group = self.group(id);
        group.members.insert(user.clone(), ());
        self.put(id, group);
        self.touch(user).groups.insert(id.clone());
    }

    fn leave(&mut self, Membership { user, group: id }: &Membership) {
        let mut group = self.group(id);
        group.members.remove(user);
        self.put(id, group);
        self.touch(user).groups.remove(id);
    }

    fn remove_user(&mut self, user: &UserId) {
        for id in self.groups_of(user) {
            let mut group = self.group(&id);
            group.members.remove(user);
            self.put(&id, group);
        }
        *self.touch(user) = Touched::default();
    }

    fn remove_group(&mut self, id: &GroupId) {
        let group = self.group(id);
        for (member, ()) in group.members.iter() {
            self.touch(member).groups.remove(id);
        }
        self.state.groups.remove(id);
    }

    fn group(&self, id: &GroupId) -> Group {
        self.state.groups.get(id).cloned().unwrap_or_else(Group::new)
    }

    /// Puts a group back; one without members and plans is none.
    fn put(&mut self, id: &GroupId, group: Group) {
        if group.members.len() == 0 && group.plans.is_empty() {
            self.state.groups.remove(id);
        } else {
            self.state.groups.insert(id.clone(), group);
        }
    }

    /// A trial starts once for a license and a plan, whatever is recorded later (T1).
    fn start(&mut self, name: &TrialName) {
        if !self.state.trials.contains_key(name) {
            let recorded = Recorded { started: self.state.stamp(), extended: Vec::new() };
            Arc::make_mut(&mut self.state.trials).insert(name.clone(), recorded);
            self.changed.insert(name.plan.clone());
        }
    }

    /// Starts the trial if nobody has, and assigns it to the actor; whose apps are off already, they stay off.
    fn sign_up(&mut self, name: &TrialName) {
        self.start(name);
        let plan = self.state.number_or_next(&name.plan);
        self.touch(self.actor).direct.entry(plan).or_default();
    }

    fn draw(&mut self, draw: &Draw) {
        let number = self.state.number_or_next(&draw.plan);
        if let Some(plan) = self.state.plan_mut(number) {
            plan.draws.count(draw);
        }
    }

    fn extend(&mut self, name: &TrialName) {
        let stamp = self.state.stamp();
        if self.state.trials.contains_key(name) {
            if let Some(recorded) = Arc::make_mut(&mut self.state.trials).get_mut(name) {
                recorded.extended.push(stamp);
            }
            self.changed.insert(name.plan.clone());
        }
    }

    /// Ends the event: claims that went leave their lines, new ones get in line in the order of their users' ids (S10).
    ///
    /// Linear in the users the event touches, their plans and groups, but for logarithms.
    pub(crate) fn finish(self) {
        self.state.reckon(&self.changed);
        let event = self.state.position;
        let mut newcomers: usize = 0;
        for (id, touched) in self.touched {
            let turn = Turn { event, rank: newcomers };
            let user = self.state.settled(&touched, turn);
            if user.claims().iter().any(|claim| claim.turn == turn) {
                newcomers = newcomers.saturating_add(1);
            }
            self.state.settle(id, user);
        }
    }
}

impl State {
    /// The claims that follow from a user's sources; new ones get `turn`.
    fn settled(&self, touched: &Touched, turn: Turn) -> User {
        let groups: Vec<&Group> = touched.groups.iter().filter_map(|id| self.groups.get(id)).collect();
        let inherited = groups.iter().flat_map(|group| group.plans.keys());
        let plans: BTreeSet<usize> = touched.direct.keys().chain(inherited).copied().collect();
        let claim = |plan: usize| {
            let direct = touched.direct.get(&plan).cloned();
            let sources = direct.iter().chain(groups.iter().filter_map(|group| group.plans.get(&plan)));
            let off = sources.cloned().reduce(|one, two| denied_by_both(&one, &two)).unwrap_or_default();
            Claim::new(plan, touched.kept.get(&plan).copied().unwrap_or(turn), direct, off)
        };
        User::new(plans.into_iter().map(claim).collect(), touched.groups.iter().cloned().collect())
    }

    /// Puts a user in the place of what they were.
    fn settle(&mut self, id: UserId, user: User) {
        let before = self.users.get(&id).cloned().unwrap_or_default();
        let turn_of = |user: &User, plan| claim_on(user.claims(), plan).map(|claim| claim.turn);
        for claim in before.claims().iter().filter(|claim| turn_of(&user, claim.plan) != Some(claim.turn)) {
            if let Some(plan) = self.plan_mut(claim.plan) {
                plan.line.remove(claim.turn);
            }
        }
        for claim in user.claims().iter().filter(|claim| turn_of(&before, claim.plan) != Some(claim.turn)) {
            if let Some(plan) = self.plan_mut(claim.plan) {
                plan.line.insert(claim.turn, id.clone());
            }
        }
        if user.claims().is_empty() && user.groups().is_empty() {
            self.users.remove(&id);
        } else {
            self.users.insert(id, user);
        }
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
