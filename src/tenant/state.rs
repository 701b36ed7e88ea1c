//! What a tenant is after its events: documents, pools, lines and the claims of each user.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::catalog::Catalog;
use crate::deal::Grant;
use crate::id::{AppId, PlanId, UserId};
use crate::life::{Life, TrialRun};
use crate::pool::Schedule;
use crate::tenant::command::TrialName;
use crate::tenant::documents::Documents;
use crate::tenant::line::{Line, Turn};
use crate::tenant::map::Map;
use crate::time::EARLIEST;
use crate::token::license::License;

/// Cheap to clone: a clone shares what neither changes.
#[derive(Debug, Clone)]
pub(crate) struct State {
    /// How many events have been applied.
    pub(crate) position: u64,
    /// The latest instant of which there is evidence (X6).
    pub(crate) floor: DateTime<Utc>,
    pub(crate) documents: Documents,
    /// What the record says of trials.
    pub(crate) runs: Arc<BTreeMap<TrialName, TrialRun>>,
    /// The catalog's plans by their numbers, then plans that it does not know, as they were named (C11).
    plans: Vec<Arc<PlanState>>,
    /// The numbers of the plans that the catalog does not know.
    strangers: Arc<BTreeMap<PlanId, usize>>,
    /// The claims of the users that have any, sorted by plan.
    pub(crate) users: Map<UserId, Arc<[Claim]>>,
}

/// A plan in a tenant.
#[derive(Debug, Clone)]
pub(crate) struct PlanState {
    pub(crate) id: PlanId,
    pub(crate) line: Line,
    pub(crate) schedule: Schedule,
}

/// A user's claim on a plan.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    pub(crate) plan: usize,
    pub(crate) turn: Turn,
    /// The apps of the plan that are off for the user, sorted.
    pub(crate) except: Arc<[AppId]>,
}

impl Claim {
    /// Whether the app is not turned off; that the plan lists it is known elsewhere.
    pub(crate) fn opens(&self, app: &AppId) -> bool {
        self.except.binary_search(app).is_err()
    }
}

/// A user's claim on a plan; claims are sorted by plan.
pub(crate) fn claim_on(claims: &[Claim], plan: usize) -> Option<&Claim> {
    claims.binary_search_by_key(&plan, |claim| claim.plan).ok().and_then(|at| claims.get(at))
}

impl PlanState {
    fn new(id: PlanId) -> Arc<Self> {
        Arc::new(Self { id, line: Line::default(), schedule: Schedule::without_grants() })
    }
}

impl State {
    pub(crate) fn new(catalog: &Catalog) -> Self {
        Self {
            position: 0,
            floor: EARLIEST,
            documents: Documents::default(),
            runs: Arc::default(),
            plans: catalog.offer().plans.iter().map(|plan| PlanState::new(plan.id.clone())).collect(),
            strangers: Arc::default(),
            users: Map::new(),
        }
    }

    pub(crate) fn plan(&self, number: usize) -> Option<&PlanState> {
        self.plans.get(number).map(|plan| &**plan)
    }

    pub(crate) fn plan_mut(&mut self, number: usize) -> Option<&mut PlanState> {
        self.plans.get_mut(number).map(Arc::make_mut)
    }

    /// The number of a plan, known to the catalog or named before.
    pub(crate) fn number(&self, catalog: &Catalog, plan: &PlanId) -> Option<usize> {
        catalog.plan_index(plan).or_else(|| self.strangers.get(plan).copied())
    }

    /// The number of a plan; one that nobody named before gets the next.
    pub(crate) fn number_or_next(&mut self, catalog: &Catalog, plan: &PlanId) -> usize {
        self.number(catalog, plan).unwrap_or_else(|| {
            let next = self.plans.len();
            self.plans.push(PlanState::new(plan.clone()));
            Arc::make_mut(&mut self.strangers).insert(plan.clone(), next);
            next
        })
    }

    /// The claims of a user, sorted by plan; of a user whom nobody named, none (S15).
    pub(crate) fn claims(&self, user: &UserId) -> &[Claim] {
        self.users.get(user).map_or(&[], |claims| claims)
    }

    /// The life of a grant in a license, by what the record says of it.
    pub(crate) fn life(&self, license: &License, grant: &Grant) -> Life {
        let name = TrialName::new(license.deal().id, grant.plan.clone());
        Life::of(&grant.terms, self.runs.get(&name))
    }

    /// All grants of a plan in the documents in force, with their lives. Linear in the grants of the tenant.
    pub(crate) fn grants<'a>(&'a self, plan: &'a PlanId) -> impl Iterator<Item = (&'a Grant, Life)> {
        self.documents.in_force().flat_map(move |license| {
            let grants = license.deal().grants.iter().filter(move |grant| grant.plan == *plan);
            grants.map(move |grant| (grant, self.life(license, grant)))
        })
    }

    /// Adds up the pool of a plan again, once its grants or their lives have changed.
    pub(crate) fn reckon(&mut self, catalog: &Catalog, plan: &PlanId) {
        let number = self.number_or_next(catalog, plan);
        let schedule = Schedule::of(&self.grants(plan).collect::<Vec<_>>());
        if let Some(plan) = self.plan_mut(number) {
            plan.schedule = schedule;
        }
    }
}
