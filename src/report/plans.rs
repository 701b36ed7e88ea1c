//! The plans of a tenant, as reports count them.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::catalog::index::PlanNumber;
use crate::catalog::offer::{Plan, Scope};
use crate::catalog::release::Release;
use crate::id::{Label, PlanId};
use crate::license::deal::{Customer, Licensee};
use crate::license::grant::Fallback;
use crate::quantity::units::Total;
use crate::tenant::Tenant;
use crate::tenant::pool::Segment;
use crate::tenant::pool::schedule::Schedule;
use crate::tenant::state::RecordState;
use crate::tenant::state::plan::PlanState;
use crate::time::Phase;

/// A plan that a license in force grants to a tenant, at an instant.
pub(crate) struct Granted<'a> {
    pub(crate) id: &'a PlanId,
    /// The plan in the catalog; `None` if the catalog does not know it (C11).
    pub(crate) plan: Option<&'a Plan>,
    /// The usable units.
    pub(crate) provisioned: Total,
    /// The seats held. Tenant plans and capacity plans have none, whatever the record contains
    /// (S1).
    pub(crate) assigned: u64,
    /// The best phase of the grants.
    pub(crate) state: Phase,
}

impl<'a> Granted<'a> {
    fn of(id: &'a PlanId, plan: Option<&'a Plan>, state: &PlanState, segment: Segment) -> Option<Self> {
        let claims = state.queue.len();
        let assigned = match (plan.map(|plan| plan.scope), segment.coverage.limit) {
            (Some(Scope::Tenant | Scope::Capacity), _) => 0,
            (Some(Scope::User) | None, Total::Limited(limit)) => claims.min(limit),
            (Some(Scope::User) | None, Total::Unlimited) => claims,
        };
        Some(Self { id, plan, provisioned: segment.coverage.usable, assigned, state: segment.nearest? })
    }

    /// Returns the display name, or the id if the catalog does not know the plan.
    pub(crate) fn name(&self) -> Label {
        self.plan.map_or_else(|| self.id.as_label(), |plan| plan.name.clone())
    }
}

/// Returns the plans that the licenses in force grant: in the catalog's order, then unknown plans
/// by id. `O(n log n)` in the plans.
pub(crate) fn granted(tenant: &Tenant, at: DateTime<Utc>) -> Vec<Granted<'_>> {
    let (core, catalog) = (tenant.core(), tenant.catalog());
    let with_fallback = with_fallback(core);
    let granted = |id, plan, state: &PlanState| {
        let has_fallback = with_fallback.binary_search(&id).is_ok();
        let segment = if has_fallback { in_any_release(core, id, at) } else { state.segments(at).first() };
        Granted::of(id, plan, state, segment?)
    };
    let known = catalog.indexed_plans();
    let known = known.filter_map(|(index, plan)| granted(&plan.id, Some(plan), core.catalog_plan(index)?));
    let numbering = core.numbering();
    let unknown = numbering.all().filter(|&number| numbering.in_catalog(number).is_none());
    let unknown = unknown.filter_map(|number| Some((numbering.id(number)?, number)));
    let mut unknown: Vec<(&PlanId, PlanNumber)> = unknown.collect();
    unknown.sort_unstable();
    let unknown = unknown.into_iter();
    known.chain(unknown.filter_map(|(id, number)| granted(id, None, core.plan(number)?))).collect()
}

/// Returns the plans that have a grant with a fallback, sorted.
fn with_fallback(core: &RecordState) -> Vec<&PlanId> {
    let grants = core.documents.in_force().flat_map(|license| &license.deal().grants);
    let mut plans: Vec<&PlanId> =
        grants.filter(|grant| grant.kind.fallback() != Fallback::None).map(|grant| &grant.plan).collect();
    plans.sort_unstable();
    plans.dedup();
    plans
}

/// Returns the segment of a plan at an instant, with its grants counted whatever releases of the
/// application they cover (P1). `O(n log n)` in the grants.
fn in_any_release(core: &RecordState, id: &PlanId, at: DateTime<Utc>) -> Option<Segment> {
    let instances = core
        .documents
        .in_force()
        .flat_map(|license| core.grant_instances_in(Release::EARLIEST, license, |plan| plan == id));
    Schedule::of(&instances.collect::<Vec<_>>()).from(at).first()
}

/// Returns the customer in the license in force with the latest issue date; `None` if all licenses
/// are for anyone.
pub(crate) fn customer(tenant: &Tenant) -> Option<&Customer> {
    let licenses = tenant.core().documents.in_force().map(crate::token::license::License::deal);
    let named = licenses.filter_map(|deal| match &deal.licensee {
        Licensee::Tenant(customer) => Some((deal.issued, customer)),
        Licensee::Anyone => None,
    });
    named.max_by_key(|&(issued, _)| issued).map(|(_, customer)| customer)
}

/// Returns the earliest start of the grants of each plan.
pub(crate) fn starts(tenant: &Tenant) -> BTreeMap<&PlanId, DateTime<Utc>> {
    let mut starts = BTreeMap::new();
    for license in tenant.core().documents.in_force() {
        for instance in tenant.core().grant_instances(license, |_| true) {
            if let Some(at) = instance.timeline.starts() {
                let earliest = starts.entry(&instance.grant.plan).or_insert(at);
                *earliest = at.min(*earliest);
            }
        }
    }
    starts
}
