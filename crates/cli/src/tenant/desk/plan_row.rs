//! A plan of a tenant: its units, its seats, its state.

use entitle::catalog::{Plan, Scope};
use entitle::chrono::{DateTime, Utc};
use entitle::command::ClaimPolicy;
use entitle::quantity::{Capacity, Quantity, Total};
use entitle::query::Pool;
use entitle::time::Phase;
use entitle::{PlanId, Tenant};
use serde_json::{Value, json};

use crate::exit::Failure;
use crate::near::did_you_mean_or_list;
use crate::tenant::next_change::NextChange;
use crate::tenant::words::{count, id, is_over, units};

/// A plan of the catalog, or one of a license that the catalog does not know (C11).
#[derive(Debug)]
pub(super) struct PlanRow<'a> {
    pub(super) id: &'a PlanId,
    pub(super) plan: Option<&'a Plan>,
    pub(super) pool: Pool,
    /// The phase of its grant that is nearest to being usable; none if no license grants it.
    pub(super) phase: Option<Phase>,
    /// The consumption of a capacity plan in the month, and its allowance.
    pub(super) usage: Option<(Quantity, Capacity)>,
    /// Whether users may claim seats of it themselves.
    pub(super) claims: ClaimPolicy,
    /// The next change of its state or its units by time alone.
    pub(super) next: Option<NextChange>,
}

/// The headings of [`PlanRow::cells`].
pub(super) const HEADING: [&str; 9] =
    ["PLAN", "FOR", "STATE", "UNITS", "USED", "FREE", "WAITING", "NEXT CHANGE", "THEN"];

impl<'a> PlanRow<'a> {
    fn new(tenant: &'a Tenant, id: &'a PlanId, now: DateTime<Utc>) -> Self {
        let usage = tenant.usage(id, now).map(|usage| (usage.consumed, usage.allowance));
        let phase = phase(tenant, id, now);
        let (pool, claims) = (tenant.pool(id, now), tenant.claim_on_first_use(id));
        let next = NextChange::first(pool.until, |at| {
            let later = tenant.pool(id, at);
            (difference((phase, &pool), (self::phase(tenant, id, at), &later)), later.until)
        });
        Self { id, plan: tenant.catalog().plan(id), pool, phase, usage, claims, next }
    }

    /// Returns whether a license grants the plan, or somebody claims it.
    pub(super) fn is_owned(&self) -> bool {
        self.phase.is_some() || self.pool.seated > 0 || self.pool.waiting > 0
    }

    /// Returns the cells of the row.
    pub(super) fn cells(&self) -> Vec<String> {
        let seats = |number: u64| self.is_assigned().then(|| number.to_string());
        let (used, free) = match self.usage {
            Some((consumed, allowance)) => (Some(consumed.to_string()), Some(left(consumed, allowance))),
            None => (seats(self.pool.seated), self.is_assigned().then(|| self.pool.free().to_string())),
        };
        let dash = |cell: Option<String>| cell.unwrap_or_else(|| "-".to_string());
        let row = [
            id(self.id),
            self.plan.map_or_else(|| "unknown".to_string(), |plan| plan.scope.to_string()),
            self.phase.map_or_else(|| "not bought".to_string(), |phase| phase.to_string()),
            self.pool.usable.to_string(),
            dash(used),
            dash(free),
            // Nobody waits for a plan that gives nothing more.
            dash(seats(self.pool.waiting).filter(|_| !is_over(self.phase))),
        ];
        row.into_iter().chain(NextChange::cells(self.next.as_ref())).collect()
    }

    fn is_assigned(&self) -> bool {
        self.plan.is_none_or(|plan| plan.scope == Scope::User)
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "plan": self.id,
            "name": self.plan.map(|plan| &plan.name),
            "scope": self.plan.map(|plan| plan.scope),
            "state": self.phase,
            "pool": self.pool,
            "free": self.pool.free(),
            "consumed": self.usage.map(|(consumed, _)| consumed.to_string()),
            "allowance": self.usage.map(|(_, allowance)| allowance.to_string()),
            "left": self.usage.map(|(consumed, allowance)| left(consumed, allowance)),
            "claim_on_first_use": self.claims,
            "next_change": NextChange::json(self.next.as_ref()),
        })
    }
}

/// Returns the phase of the grant of a plan that is nearest to being usable.
fn phase(tenant: &Tenant, id: &PlanId, at: DateTime<Utc>) -> Option<Phase> {
    tenant.grants(at).filter(|grant| grant.grant.plan == *id).map(|grant| grant.phase).max()
}

/// Returns what is different in a later state and pool of a plan: the state, or the units.
fn difference(before: (Option<Phase>, &Pool), after: (Option<Phase>, &Pool)) -> Option<String> {
    let ((old, before), (new, after)) = (before, after);
    let (usable, seated) = (units(&after.usable), after.seated);
    match new.filter(|_| new != old) {
        Some(phase) => Some(phase.to_string()),
        None if before.usable != after.usable => Some(usable),
        None if before.limit != after.limit => {
            Some("tolerance ends".to_string()).filter(|_| after.limit < before.limit)
        }
        None => (before.seated != seated).then(|| count(seated, "seat")),
    }
}

/// Returns what is left of an allowance.
fn left(consumed: Quantity, allowance: Capacity) -> String {
    match allowance {
        Capacity::Limited(units) => {
            let left = units.in_millionths().saturating_sub(consumed.in_millionths());
            Quantity::of_millionths(left).to_string()
        }
        Capacity::Unlimited => Total::Unlimited.to_string(),
    }
}

/// Returns the plans of the catalog in its order, then the others that licenses grant, by id.
pub(super) fn plan_rows(tenant: &Tenant, now: DateTime<Utc>) -> Vec<PlanRow<'_>> {
    let catalog = tenant.catalog();
    let mut others: Vec<&PlanId> =
        tenant.grants(now).map(|grant| &grant.grant.plan).filter(|plan| catalog.plan(plan).is_none()).collect();
    others.sort_unstable();
    others.dedup();
    let known = catalog.offer().plans.iter().map(|plan| &plan.id);
    known.chain(others).map(|id| PlanRow::new(tenant, id, now)).collect()
}

/// Returns the row of one plan.
///
/// # Errors
///
/// A failure of the command line for a plan that neither the catalog nor the tenant has.
pub(super) fn plan_row<'a>(tenant: &'a Tenant, plan: &'a PlanId, now: DateTime<Utc>) -> Result<PlanRow<'a>, Failure> {
    let row = PlanRow::new(tenant, plan, now);
    if row.plan.is_some() || row.is_owned() {
        return Ok(row);
    }
    let plans: Vec<&str> = tenant.catalog().offer().plans.iter().map(|plan| plan.id.as_str()).collect();
    Err(Failure::usage("cli.unknown-plan", format!("no plan has the id {}", id(plan))).help(did_you_mean_or_list(
        "the plans are",
        plan.as_str(),
        plans,
    )))
}
