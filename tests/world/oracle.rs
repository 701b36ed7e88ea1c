//! What the rules say a check answers, done in the simplest way: replay everything, then walk from boundary to boundary.

use chrono::{DateTime, TimeDelta, Utc};
use core::cmp::Reverse;
use entitle::{
    Access, AppId, Assignee, Basis, Command, Deal, EARLIEST, End, Event, Grant, Holder, LicenseId, Management, Phase,
    Plan, PlanId, Reason, Scope, Terms, Total, Trial, TrialName, Units, UserId, Warning,
};
use std::collections::{BTreeMap, BTreeSet};

use super::answers::Answer;
use super::lives::{Life, extensions_left, tolerated};
use super::{Paper, World, our_tenant};

/// A claim: the event that made it, which with the user is its place in line (S10), and what it denies.
#[derive(Debug, Clone)]
struct Claim {
    event: u64,
    except: Vec<AppId>,
}

/// What the rules make of a record.
#[derive(Debug)]
pub(crate) struct Oracle<'a> {
    world: &'a World,
    pub(crate) floor: DateTime<Utc>,
    in_force: BTreeMap<LicenseId, &'a Deal>,
    starts: BTreeMap<TrialName, DateTime<Utc>>,
    extensions: BTreeMap<TrialName, Vec<DateTime<Utc>>>,
    claims: BTreeMap<(UserId, PlanId), Claim>,
    grants: BTreeMap<PlanId, Vec<(&'a Grant, Life)>>,
}

impl<'a> Oracle<'a> {
    pub(crate) fn read(world: &'a World, record: &[Event]) -> Self {
        let mut oracle = Self {
            world,
            floor: EARLIEST,
            in_force: BTreeMap::new(),
            starts: BTreeMap::new(),
            extensions: BTreeMap::new(),
            claims: BTreeMap::new(),
            grants: BTreeMap::new(),
        };
        for event in record {
            oracle.event(event);
        }
        oracle.grants = oracle.lives();
        oracle
    }

    fn event(&mut self, event: &Event) {
        self.floor = self.floor.max(event.at);
        let before = self.claims.clone();
        let mut removed = BTreeSet::new();
        for command in &event.commands {
            match command {
                Command::Install(token) => {
                    let paper = self.world.papers.iter().find(|paper| paper.token == *token);
                    if let Some(Paper { deal, .. }) = paper.filter(|paper| self.takes(paper)) {
                        self.in_force.insert(deal.id, deal);
                        self.floor = self.floor.max(deal.issued);
                    }
                }
                Command::StartTrial(name) => {
                    self.starts.entry(name.clone()).or_insert(self.floor);
                }
                // What is not started yet is not active, whatever its start will count as (T4).
                Command::ExtendTrial(name) if !self.starts.contains_key(name) => {}
                Command::ExtendTrial(name) => self.extensions.entry(name.clone()).or_default().push(self.floor),
                Command::Assign(to) => {
                    let Assignee::User(user) = &to.to else { panic!("no groups yet: {to:?}") };
                    let key = (user.clone(), to.plan.clone());
                    let kept = before.get(&key).filter(|_| !removed.contains(user)).map(|claim| claim.event);
                    let kept = self.claims.get(&key).map(|claim| claim.event).or(kept);
                    let claim = Claim { event: kept.unwrap_or(event.number), except: to.except.clone() };
                    self.claims.insert(key, claim);
                }
                Command::Unassign(from) => {
                    let Assignee::User(user) = &from.from else { panic!("no groups yet: {from:?}") };
                    self.claims.remove(&(user.clone(), from.plan.clone()));
                }
                Command::RemoveUser(user) => {
                    self.claims.retain(|(claimant, _), _| claimant != user);
                    removed.insert(user.clone());
                }
                other => panic!("the oracle does not know {other:?}"),
            }
        }
    }

    /// Whether a document is not for this offer, or neither for this tenant nor for anyone (L1), or not to be trusted.
    pub(crate) fn is_foreign(&self, paper: &Paper) -> bool {
        let (offer, deal) = (&self.world.offer, &paper.deal);
        let is_ours = match &deal.holder {
            Holder::Anyone => true,
            Holder::Tenant(customer) => customer.id == our_tenant(),
        };
        !paper.verifies || !is_ours || (&deal.publisher, &deal.offer) != (&offer.publisher, &offer.offer)
    }

    /// Whether a document counts if it is installed now: a higher revision than the one there (L3).
    pub(crate) fn takes(&self, paper: &Paper) -> bool {
        let in_force = self.in_force.get(&paper.deal.id);
        !self.is_foreign(paper) && in_force.is_none_or(|there| there.revision < paper.deal.revision)
    }

    pub(crate) fn in_force(&self, id: LicenseId) -> Option<&Deal> {
        self.in_force.get(&id).copied()
    }

    pub(crate) fn is_started(&self, name: &TrialName) -> bool {
        self.starts.contains_key(name)
    }

    /// A trial of a license in force.
    pub(crate) fn trial(&self, name: &TrialName) -> Option<(&'a Trial, Life)> {
        let (start, extended) = self.recorded(name);
        let grants = &self.in_force.get(&name.license)?.grants;
        grants.iter().filter(|grant| grant.plan == name.plan).find_map(|grant| match &grant.terms {
            Terms::Trial(trial) => Some((trial, Life::of_trial(trial, start, &extended))),
            Terms::Paid(_) => None,
        })
    }

    fn recorded(&self, name: &TrialName) -> (Option<DateTime<Utc>>, Vec<DateTime<Utc>>) {
        (self.starts.get(name).copied(), self.extensions.get(name).cloned().unwrap_or_default())
    }

    pub(crate) fn extensions_left(&self, name: &TrialName) -> u32 {
        let (start, extended) = self.recorded(name);
        self.trial(name).map_or(0, |(trial, _)| extensions_left(trial, start, &extended))
    }

    /// The grants of each plan, by the revisions in force at the end of the record.
    fn lives(&self) -> BTreeMap<PlanId, Vec<(&'a Grant, Life)>> {
        let mut lives: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for deal in self.in_force.values() {
            for grant in &deal.grants {
                let life = match &grant.terms {
                    Terms::Paid(paid) => Life::of_paid(paid),
                    Terms::Trial(_) => self.trial(&TrialName::new(deal.id, grant.plan.clone())).unwrap().1,
                };
                lives.entry(grant.plan.clone()).or_default().push((grant, life));
            }
        }
        lives
    }

    pub(crate) fn grants(&self, plan: &PlanId) -> &[(&'a Grant, Life)] {
        self.grants.get(plan).map_or(&[], Vec::as_slice)
    }

    /// Everyone who claims a plan, in the order of its line (S10).
    pub(crate) fn line(&self, plan: &PlanId) -> Vec<UserId> {
        let claims = self.claims.iter().filter(|((_, claimed), _)| claimed == plan);
        let mut line: Vec<_> = claims.map(|((user, _), claim)| (claim.event, user.clone())).collect();
        line.sort();
        line.into_iter().map(|(_, user)| user).collect()
    }

    /// The users and plans of all claims.
    pub(crate) fn claims(&self) -> impl Iterator<Item = &(UserId, PlanId)> {
        self.claims.keys()
    }

    /// The plans that list an app, in the catalog's order.
    fn listing(&self, app: &AppId) -> Vec<(usize, &'a Plan)> {
        self.world.offer.plans.iter().enumerate().filter(|(_, plan)| plan.apps.contains(app)).collect()
    }

    /// Every instant at which a grant of a plan enters another phase or loses its tolerance (K5).
    pub(crate) fn boundaries(&self, plan: &PlanId) -> BTreeSet<DateTime<Utc>> {
        let grants = self.grants(plan);
        grants
            .iter()
            .flat_map(|(grant, life)| life.changes().into_iter().chain(life.tolerance_ends(grant.tolerance)))
            .collect()
    }

    /// Whether a plan gives the app to the user, and as the claim in which place (a tenant plan: one); else why not.
    fn opens(&self, plan: &Plan, user: &UserId, app: &AppId, at: DateTime<Utc>) -> Result<u64, Reason> {
        let grants = self.grants(&plan.id);
        let phases = [Phase::Ended, Phase::Suspended, Phase::NotStarted, Phase::Pending, Phase::Grace, Phase::Active];
        let best = phases.into_iter().rev().find(|&phase| grants.iter().any(|(_, life)| life.phase(at) == phase));
        let lives = || grants.iter().map(|(_, life)| life).filter(|life| Some(life.phase(at)) == best);
        let since = || lives().map(|life| life.since(at)).max().unwrap();
        let until = || lives().map(|life| life.until(at)).max().unwrap();
        match best {
            None => return Err(Reason::NoGrant),
            Some(Phase::Ended) => return Err(Reason::Ended { since: since() }),
            Some(Phase::Suspended) => return Err(Reason::Suspended { since: since(), until: until() }),
            Some(Phase::NotStarted) => return Err(Reason::TrialNotStarted { until: until() }),
            Some(Phase::Pending) => {
                return Err(Reason::Pending { from: lives().map(|life| life.until(at)).min().unwrap() });
            }
            Some(Phase::Grace | Phase::Active) => {}
        }
        if plan.scope == Scope::Tenant {
            return Ok(1);
        }
        let Some(claim) = self.claims.get(&(user.clone(), plan.id.clone())) else { return Err(Reason::NotAssigned) };
        let ahead = self.line(&plan.id).iter().take_while(|other| *other != user).count();
        let place = u64::try_from(ahead).unwrap() + 1;
        let limit = self.reach(&plan.id, Basis::Tolerance, at);
        match () {
            () if !limit.reaches(place) => Err(Reason::Waiting { place, limit }),
            () if claim.except.contains(app) => Err(Reason::TurnedOff),
            () => Ok(place),
        }
    }

    /// How many claims rest on a basis or on one before it: the larger of what is paid and what is on trial (K7, L10).
    pub(crate) fn reach(&self, plan: &PlanId, basis: Basis, at: DateTime<Utc>) -> Total {
        let grants = self.grants(plan);
        let sum = |paid: bool| {
            let mut sum = Some(0_u64);
            for (grant, life) in grants {
                let counts = match basis {
                    Basis::Paid => paid && life.phase(at) == Phase::Active,
                    Basis::Trial => life.phase(at) == Phase::Active,
                    _ => life.phase(at).is_usable(),
                };
                let units =
                    if basis == Basis::Tolerance { tolerated(grant.units, grant.tolerance, at) } else { grant.units };
                if counts && paid == matches!(grant.terms, Terms::Paid(_)) {
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

    fn basis(&self, plan: &PlanId, place: u64, at: DateTime<Utc>) -> Option<Basis> {
        let order = [Basis::Paid, Basis::Trial, Basis::Grace, Basis::Tolerance];
        order.into_iter().find(|&basis| self.reach(plan, basis, at).reaches(place))
    }

    /// The first instant after another at which something is so.
    fn first(
        &self,
        plan: &PlanId,
        after: DateTime<Utc>,
        is_so: impl Fn(DateTime<Utc>) -> bool,
    ) -> Option<DateTime<Utc>> {
        self.boundaries(plan).into_iter().find(|&at| at > after && is_so(at))
    }

    /// When the active units no longer reach a claim that they reach now.
    fn expires(&self, plan: &PlanId, place: u64, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let active = |at| self.reach(plan, Basis::Trial, at).reaches(place);
        if active(at) { self.first(plan, at, |then| !active(then)) } else { None }
    }

    fn notice(&self) -> TimeDelta {
        TimeDelta::days(self.world.offer.notice.get().into())
    }

    fn warnings(&self, plan: &PlanId, place: u64, at: DateTime<Utc>) -> Vec<Warning> {
        let basis = self.basis(plan, place, at);
        let other = self.first(plan, at, |then| self.basis(plan, place, then) != basis);
        let until = other.map_or(End::Never, End::At);
        let soon = self.expires(plan, place, at).filter(|&end| end - at <= self.notice());
        match basis {
            Some(Basis::Grace) => vec![Warning::InGrace { until }],
            Some(Basis::Tolerance) => vec![Warning::OverAssigned { until }],
            _ => soon.map(|at| Warning::ExpiringSoon { at }).into_iter().collect(),
        }
    }

    /// The answer (C1 to C3, K1 to K7).
    pub(crate) fn check(&self, user: &UserId, app: &AppId, now: DateTime<Utc>) -> Answer {
        let offer = &self.world.offer;
        let open = |basis| Answer::Allowed { plan: None, basis, warnings: Vec::new(), until: None };
        if offer.management == Management::Unmanaged {
            return open(Basis::Unmanaged);
        }
        if offer.apps.iter().any(|entry| entry.id == *app && entry.access == Access::Free) {
            return open(Basis::Free);
        }
        let at = now.max(self.floor);
        let mut ends: BTreeSet<DateTime<Utc>> = BTreeSet::new();
        let (mut open, mut shut) = (Vec::new(), Vec::new());
        for (order, plan) in self.listing(app) {
            ends.extend(self.boundaries(&plan.id));
            match self.opens(plan, user, app, at) {
                Ok(place) => {
                    ends.extend(self.expires(&plan.id, place, at).map(|end| end - self.notice()));
                    let basis = self.basis(&plan.id, place, at).unwrap();
                    open.push((basis, plan.scope == Scope::User, order, plan, place));
                }
                Err(reason) => shut.push((Reverse(nearness(&reason)), order, (plan.id.clone(), reason))),
            }
        }
        let until = ends.into_iter().find(|&end| end > at);
        open.sort_by_key(|&(basis, is_user, order, ..)| (basis, is_user, order));
        shut.sort_by_key(|&(near, order, _)| (near, order));
        match open.first() {
            Some(&(basis, _, _, plan, place)) => {
                let warnings = self.warnings(&plan.id, place, at);
                Answer::Allowed { plan: Some(plan.id.clone()), basis, warnings, until }
            }
            None => Answer::Denied { reasons: shut.into_iter().map(|(_, _, miss)| miss).collect(), until },
        }
    }
}

/// The order of K3.
fn nearness(reason: &Reason) -> usize {
    let order = [
        "reason.no-grant",
        "reason.ended",
        "reason.suspended",
        "reason.trial-not-started",
        "reason.pending",
        "reason.not-assigned",
        "reason.waiting",
        "reason.turned-off",
    ];
    order.iter().position(|code| *code == reason.code()).unwrap()
}
