//! Applying: what an event does to a state. Nothing is judged here, so an event that was forged does what it can.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::catalog::Catalog;
use crate::id::{AppId, PlanId, TenantId, UserId};
use crate::life::TrialRun;
use crate::tenant::command::{Assignment, Command, TrialName, Unassignment};
use crate::tenant::documents::{self, Arrival};
use crate::tenant::line::Turn;
use crate::tenant::state::{Claim, State, claim_on};
use crate::token::Token;
use crate::token::ring::KeyRing;

/// What does not change with events.
#[derive(Debug)]
pub(crate) struct Base {
    pub(crate) catalog: Catalog,
    pub(crate) ring: KeyRing,
    pub(crate) tenant: TenantId,
}

/// A state in the middle of an event: commands are performed in their order, claims get their turns at its end.
#[derive(Debug)]
pub(crate) struct Step<'a> {
    pub(crate) base: &'a Base,
    pub(crate) state: &'a mut State,
    /// The users whose claims the event touches, by the bytes of their ids.
    touched: BTreeMap<UserId, Touched>,
}

/// A user's claims in the middle of an event.
#[derive(Debug, Default)]
struct Touched {
    /// The turns of claims from before the event: a source before and after keeps the place (S6).
    kept: BTreeMap<usize, Turn>,
    /// The plans claimed now, with the apps that are off.
    claims: BTreeMap<usize, Arc<[AppId]>>,
}

impl<'a> Step<'a> {
    /// Begins the next event; one recorded before the floor counts as recorded at it (X6).
    pub(crate) fn begin(base: &'a Base, state: &'a mut State, at: DateTime<Utc>) -> Self {
        state.position = state.position.saturating_add(1);
        state.floor = state.floor.max(at);
        Self { base, state, touched: BTreeMap::new() }
    }

    pub(crate) fn perform(&mut self, command: &Command) {
        match command {
            Command::Install(token) => self.install(token),
            Command::Assign(assignment) => self.assign(assignment),
            Command::Unassign(unassignment) => self.unassign(unassignment),
            Command::RemoveUser(user) => *self.touch(user) = Touched::default(),
            Command::StartTrial(name) => self.start(name),
            Command::ExtendTrial(name) => self.extend(name),
        }
    }

    /// Whether the user claims the plan at this point of the event.
    pub(crate) fn has_claim(&self, user: &UserId, plan: usize) -> bool {
        match self.touched.get(user) {
            Some(touched) => touched.claims.contains_key(&plan),
            None => claim_on(self.state.claims(user), plan).is_some(),
        }
    }

    /// Whether the user claims anything at this point of the event.
    pub(crate) fn has_claims(&self, user: &UserId) -> bool {
        match self.touched.get(user) {
            Some(touched) => !touched.claims.is_empty(),
            None => !self.state.claims(user).is_empty(),
        }
    }

    fn touch(&mut self, user: &UserId) -> &mut Touched {
        let state = &self.state;
        self.touched.entry(user.clone()).or_insert_with(|| {
            let before = state.claims(user);
            Touched {
                kept: before.iter().map(|claim| (claim.plan, claim.turn)).collect(),
                claims: before.iter().map(|claim| (claim.plan, Arc::clone(&claim.except))).collect(),
            }
        })
    }

    fn install(&mut self, token: &Token) {
        let Base { catalog, ring, tenant } = self.base;
        let read = documents::read(token, catalog, ring, tenant);
        let Some(Arrival { license, replaced }) = self.state.documents.keep(token, read) else { return };
        self.state.floor = self.state.floor.max(license.deal().issued);
        let grants =
            [Some(&license), replaced.as_ref()].into_iter().flatten().flat_map(|license| &license.deal().grants);
        let mut changed: Vec<PlanId> = grants.map(|grant| grant.plan.clone()).collect();
        changed.sort_unstable();
        changed.dedup();
        for plan in &changed {
            self.state.reckon(catalog, plan);
        }
    }

    fn assign(&mut self, assignment: &Assignment) {
        let plan = self.state.number_or_next(&self.base.catalog, &assignment.plan);
        let mut except = assignment.except.clone();
        except.sort_unstable();
        except.dedup();
        self.touch(&assignment.user).claims.insert(plan, Arc::from(except));
    }

    fn unassign(&mut self, unassignment: &Unassignment) {
        if let Some(plan) = self.plan(&unassignment.plan) {
            self.touch(&unassignment.user).claims.remove(&plan);
        }
    }

    pub(crate) fn plan(&self, plan: &PlanId) -> Option<usize> {
        self.state.number(&self.base.catalog, plan)
    }

    /// A trial starts once for a license and a plan, whatever is recorded later (T1).
    fn start(&mut self, name: &TrialName) {
        if !self.state.runs.contains_key(name) {
            let run = TrialRun { started: self.state.floor, extended: Vec::new() };
            Arc::make_mut(&mut self.state.runs).insert(name.clone(), run);
            self.state.reckon(&self.base.catalog, &name.plan);
        }
    }

    fn extend(&mut self, name: &TrialName) {
        if self.state.runs.contains_key(name) {
            let at = self.state.floor;
            if let Some(run) = Arc::make_mut(&mut self.state.runs).get_mut(name) {
                run.extended.push(at);
            }
            self.state.reckon(&self.base.catalog, &name.plan);
        }
    }

    /// Ends the event: claims that went leave their lines, new ones get in line in the order of their users' ids (S10).
    pub(crate) fn finish(self) {
        let event = self.state.position;
        let mut newcomers: usize = 0;
        for (user, touched) in self.touched {
            let rank = newcomers;
            let mut claims = Vec::with_capacity(touched.claims.len());
            for (plan, except) in touched.claims {
                let turn = touched.kept.get(&plan).copied().unwrap_or(Turn { event, rank });
                claims.push(Claim { plan, turn, except });
            }
            if claims.iter().any(|claim| claim.turn.event == event) {
                newcomers = newcomers.saturating_add(1);
            }
            self.state.settle(user, claims);
        }
    }
}

impl State {
    /// Puts a user's claims, sorted by plan, in the place of those they had.
    fn settle(&mut self, user: UserId, claims: Vec<Claim>) {
        let before = self.users.get(&user).cloned().unwrap_or_default();
        let turn_of = |claims: &[Claim], plan| claim_on(claims, plan).map(|claim| claim.turn);
        for claim in before.iter().filter(|claim| turn_of(&claims, claim.plan) != Some(claim.turn)) {
            if let Some(plan) = self.plan_mut(claim.plan) {
                plan.line.remove(claim.turn);
            }
        }
        for claim in claims.iter().filter(|claim| turn_of(&before, claim.plan) != Some(claim.turn)) {
            if let Some(plan) = self.plan_mut(claim.plan) {
                plan.line.insert(claim.turn, user.clone());
            }
        }
        if claims.is_empty() {
            self.users.remove(&user);
        } else {
            self.users.insert(user, Arc::from(claims));
        }
    }
}
