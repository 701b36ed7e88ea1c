//! What a record says, command by command: documents in force, trials, and who has which plan from where.

use chrono::{DateTime, Utc};
use entitle::{
    AppId, Assignee, Command, Deal, EARLIEST, Event, Grant, GroupId, Holder, LicenseId, PlanId, Terms, TicketId, Trial,
    TrialName, UserId,
};
use std::collections::{BTreeMap, BTreeSet};

use super::clocks::{Clock, Moment};
use super::lives::{Life, extensions_left};
use super::papers::Signer;
use super::sheets::{Sheet, wants};
use super::slips::Slip;
use super::{Paper, World, our_tenant};

/// What the rules make of a record, whatever the time is.
#[derive(Debug, Clone)]
pub(crate) struct Facts<'a> {
    pub(crate) world: &'a World,
    pub(crate) floor: DateTime<Utc>,
    clock: Clock,
    /// The time tickets that were used (X6).
    used: BTreeSet<TicketId>,
    in_force: BTreeMap<LicenseId, &'a Paper>,
    /// Of each key the revocation list that counts (X5).
    lists: BTreeMap<Signer, &'a Sheet>,
    starts: BTreeMap<TrialName, Moment>,
    extensions: BTreeMap<TrialName, Vec<Moment>>,
    /// Assignments to users and to groups, each with what it denies.
    assigned: BTreeMap<(Assignee, PlanId), Vec<AppId>>,
    members: BTreeSet<(GroupId, UserId)>,
    /// The claims, each with the event that made it, which with the user is its place in line (S10).
    claims: BTreeMap<(UserId, PlanId), u64>,
    /// Who was removed in the event that goes on.
    removed: BTreeSet<UserId>,
}

impl<'a> Facts<'a> {
    pub(crate) fn none(world: &'a World) -> Self {
        Self {
            world,
            floor: EARLIEST,
            clock: Clock::default(),
            used: BTreeSet::new(),
            in_force: BTreeMap::new(),
            lists: BTreeMap::new(),
            starts: BTreeMap::new(),
            extensions: BTreeMap::new(),
            assigned: BTreeMap::new(),
            members: BTreeSet::new(),
            claims: BTreeMap::new(),
            removed: BTreeSet::new(),
        }
    }

    pub(crate) fn event(&mut self, event: &Event) {
        self.begin(event.at);
        for command in &event.commands {
            self.perform(command);
        }
        self.finish(event.number);
    }

    pub(crate) fn begin(&mut self, at: DateTime<Utc>) {
        self.clock.event(at);
        self.floor = self.clock.at(self.clock.now());
    }

    pub(crate) fn perform(&mut self, command: &Command) {
        match command {
            Command::Install(token) => {
                let paper = self.world.papers.iter().find(|paper| paper.token == *token);
                if let Some(paper) = paper.filter(|paper| self.takes(paper)) {
                    self.in_force.insert(paper.deal.id, paper);
                    self.clock.issued(paper.deal.issued);
                }
            }
            Command::Revoke(token) => {
                let sheet = self.world.sheets.iter().find(|sheet| sheet.token == *token);
                if let Some(sheet) = sheet.filter(|sheet| self.takes_list(sheet)) {
                    self.lists.insert(sheet.signer, sheet);
                    self.clock.issued(sheet.issued);
                }
            }
            Command::CorrectTime(token) => {
                let slip = self.world.slips.iter().find(|slip| slip.token == *token);
                if let Some(slip) = slip.filter(|slip| self.takes_ticket(slip)) {
                    self.used.insert(slip.said.id);
                    self.clock.correct(slip.said.issued, slip.anchored());
                }
            }
            Command::StartTrial(name) => {
                self.starts.entry(name.clone()).or_insert(self.clock.now());
            }
            // What is not started yet is not active, whatever its start will count as (T4).
            Command::ExtendTrial(name) if !self.starts.contains_key(name) => {}
            Command::ExtendTrial(name) => self.extensions.entry(name.clone()).or_default().push(self.clock.now()),
            Command::Assign(to) => {
                self.assigned.insert((to.to.clone(), to.plan.clone()), to.except.clone());
            }
            Command::Unassign(from) => {
                self.assigned.remove(&(from.from.clone(), from.plan.clone()));
            }
            Command::Join(who) => {
                self.members.insert((who.group.clone(), who.user.clone()));
            }
            Command::Leave(who) => {
                self.members.remove(&(who.group.clone(), who.user.clone()));
            }
            Command::RemoveUser(user) => {
                self.assigned.retain(|(to, _), _| *to != Assignee::User(user.clone()));
                self.members.retain(|(_, member)| member != user);
                self.removed.insert(user.clone());
            }
            Command::RemoveGroup(group) => {
                self.assigned.retain(|(to, _), _| *to != Assignee::Group(group.clone()));
                self.members.retain(|(other, _)| other != group);
            }
            Command::Mark => {}
            other => panic!("the oracle does not know {other:?}"),
        }
        self.floor = self.clock.at(self.clock.now());
    }

    /// Ends an event: who has a source before and after keeps the place, unless removed between (S6); others get in line.
    pub(crate) fn finish(&mut self, number: u64) {
        let before = core::mem::take(&mut self.claims);
        let removed = core::mem::take(&mut self.removed);
        let users = self.assigned.keys().filter_map(|(to, _)| match to {
            Assignee::User(user) => Some(user),
            Assignee::Group(_) => None,
        });
        let users: BTreeSet<UserId> = users.chain(self.members.iter().map(|(_, member)| member)).cloned().collect();
        let plans: BTreeSet<PlanId> = self.assigned.keys().map(|(_, plan)| plan.clone()).collect();
        let all = users.iter().flat_map(|user| plans.iter().map(move |plan| (user.clone(), plan.clone())));
        let claims = all.filter(|(user, plan)| !self.sources(user, plan).is_empty()).map(|claim| {
            let kept = before.get(&claim).filter(|_| !removed.contains(&claim.0));
            (claim, kept.copied().unwrap_or(number))
        });
        self.claims = claims.collect();
    }

    /// From where a user has a plan.
    pub(crate) fn sources(&self, user: &UserId, plan: &PlanId) -> Vec<Assignee> {
        let groups = self.groups_of(user).into_iter().map(Assignee::Group);
        let all = core::iter::once(Assignee::User(user.clone())).chain(groups);
        all.filter(|source| self.has(source, plan)).collect()
    }

    /// Whether an app is off: only if every source denies it (S3).
    pub(crate) fn is_off(&self, user: &UserId, plan: &PlanId, app: &AppId) -> bool {
        self.sources(user, plan).into_iter().all(|source| self.assigned[&(source, plan.clone())].contains(app))
    }

    pub(crate) fn has(&self, assignee: &Assignee, plan: &PlanId) -> bool {
        self.assigned.contains_key(&(assignee.clone(), plan.clone()))
    }

    pub(crate) fn assigned(&self) -> impl Iterator<Item = &(Assignee, PlanId)> {
        self.assigned.keys()
    }

    pub(crate) fn members(&self) -> impl Iterator<Item = &(GroupId, UserId)> {
        self.members.iter()
    }

    pub(crate) fn groups_of(&self, user: &UserId) -> Vec<GroupId> {
        self.members.iter().filter(|(_, member)| member == user).map(|(group, _)| group.clone()).collect()
    }

    /// The users and plans of all claims.
    pub(crate) fn claims(&self) -> impl Iterator<Item = &(UserId, PlanId)> {
        self.claims.keys()
    }

    /// The event that made a claim.
    pub(crate) fn claimed(&self, user: &UserId, plan: &PlanId) -> Option<u64> {
        self.claims.get(&(user.clone(), plan.clone())).copied()
    }

    /// Everyone who claims a plan, in the order of its line (S10).
    pub(crate) fn line(&self, plan: &PlanId) -> Vec<UserId> {
        let claims = self.claims.iter().filter(|((_, claimed), _)| claimed == plan);
        let mut line: Vec<_> = claims.map(|((user, _), event)| (*event, user.clone())).collect();
        line.sort();
        line.into_iter().map(|(_, user)| user).collect()
    }

    /// Whether a document is not for this offer, or neither for this tenant nor for anyone (L1), or not to be trusted, or
    /// for another record (X7).
    pub(crate) fn is_foreign(&self, paper: &Paper) -> bool {
        !paper.verifies || !self.world.is_contained(&paper.deal.anchor) || !self.is_addressed(paper)
    }

    /// Whether a document is for this offer and for this tenant or for anyone (L1).
    pub(crate) fn is_addressed(&self, paper: &Paper) -> bool {
        let (offer, deal) = (&self.world.offer, &paper.deal);
        let is_ours = match &deal.holder {
            Holder::Anyone => true,
            Holder::Tenant(customer) => customer.id == our_tenant(),
        };
        is_ours && (&deal.publisher, &deal.offer) == (&offer.publisher, &offer.offer)
    }

    /// Whether a document counts if it is installed now: a higher revision than the one there (L3).
    pub(crate) fn takes(&self, paper: &Paper) -> bool {
        let in_force = self.in_force.get(&paper.deal.id);
        !self.is_foreign(paper) && in_force.is_none_or(|there| there.deal.revision < paper.deal.revision)
    }

    /// Whether a revocation list counts if it is taken in now: of a later sequence than the one of its key (X5).
    pub(crate) fn takes_list(&self, sheet: &Sheet) -> bool {
        sheet.counts() && self.lists.get(&sheet.signer).is_none_or(|there| there.sequence < sheet.sequence)
    }

    /// Whether a time ticket counts if it is taken in now: for the first time (X6).
    pub(crate) fn takes_ticket(&self, slip: &Slip) -> bool {
        slip.counts(self.world) && !self.used.contains(&slip.said.id)
    }

    /// Whether a ticket of this id was used.
    pub(crate) fn is_used(&self, ticket: TicketId) -> bool {
        self.used.contains(&ticket)
    }

    /// How many recorded times the tickets have mended.
    pub(crate) fn mended(&self) -> usize {
        self.clock.mended
    }

    /// How many recorded times later than its issue an anchored ticket has left alone.
    pub(crate) fn spared(&self) -> usize {
        self.clock.spared
    }

    /// The revocation list of a key that counts.
    pub(crate) fn list(&self, signer: Signer) -> Option<&Sheet> {
        self.lists.get(&signer).copied()
    }

    /// The licenses and the revocation lists that count, each with each.
    pub(crate) fn under_each_list(&self) -> impl Iterator<Item = (&Paper, &Sheet)> {
        self.in_force.values().flat_map(|&paper| self.lists.values().map(move |&sheet| (paper, sheet)))
    }

    /// A life of a grant of a license with what the lists take from it (X5).
    fn under_lists(&self, life: &Life, paper: &Paper) -> Life {
        let ends = self.lists.values().filter_map(|sheet| sheet.ends(self.world, paper)).min();
        let last = self.lists.values().map(|sheet| sheet.issued).max();
        life.under(ends, wants(&paper.deal, last))
    }

    pub(crate) fn in_force(&self, id: LicenseId) -> Option<&Deal> {
        self.in_force.get(&id).map(|paper| &paper.deal)
    }

    pub(crate) fn is_started(&self, name: &TrialName) -> bool {
        self.starts.contains_key(name)
    }

    /// A trial of a license in force.
    pub(crate) fn trial(&self, name: &TrialName) -> Option<(&'a Trial, Life)> {
        let (start, extended) = self.recorded(name);
        let paper = *self.in_force.get(&name.license)?;
        let grants = &paper.deal.grants;
        grants.iter().filter(|grant| grant.plan == name.plan).find_map(|grant| match &grant.terms {
            Terms::Trial(trial) => Some((trial, self.under_lists(&Life::of_trial(trial, start, &extended), paper))),
            Terms::Paid(_) => None,
        })
    }

    fn recorded(&self, name: &TrialName) -> (Option<DateTime<Utc>>, Vec<DateTime<Utc>>) {
        let at = |moment: &Moment| self.clock.at(*moment);
        let extended = self.extensions.get(name).into_iter().flatten().map(at).collect();
        (self.starts.get(name).map(at), extended)
    }

    pub(crate) fn extensions_left(&self, name: &TrialName) -> u32 {
        let (start, extended) = self.recorded(name);
        self.trial(name).map_or(0, |(trial, _)| extensions_left(trial, start, &extended))
    }

    /// The grants of each plan, by the revisions in force.
    pub(crate) fn lives(&self) -> BTreeMap<PlanId, Vec<(&'a Grant, Life)>> {
        let mut lives: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for &paper in self.in_force.values() {
            for grant in &paper.deal.grants {
                let life = match &grant.terms {
                    Terms::Paid(paid) => self.under_lists(&Life::of_paid(paid), paper),
                    Terms::Trial(_) => self.trial(&TrialName::new(paper.deal.id, grant.plan.clone())).unwrap().1,
                };
                lives.entry(grant.plan.clone()).or_default().push((grant, life));
            }
        }
        lives
    }
}
