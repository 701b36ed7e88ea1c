//! Whether a service plan is enabled: what the SKU, the assignment and the provisioning say. Each must say so.

use entitle::time::Phase;

use crate::graph::enums::{AssignmentState, Provisioning, Status};
use crate::graph::finding::{Obstacle, Verdict};
use crate::graph::missing_data::MissingData;
use crate::graph::skus::{ServicePlanInfo, Sku};
use crate::graph::users::{Assignment, Details};
use crate::guid::Guid;

/// Why not, or why it is not known.
type NotMet = Verdict;

/// The phase in which a SKU gives something.
pub(crate) fn sku_phase(sku: &Sku) -> Result<Phase, NotMet> {
    const PROPERTY: &str = "capabilityStatus";
    let phase = match &sku.capability_status {
        None => return Err(Verdict::NotKnown(MissingData::PropertyMissing { property: PROPERTY })),
        Some(Status::Unknown(word)) => {
            return Err(Verdict::NotKnown(MissingData::UnknownValue { property: PROPERTY, value: word.clone() }));
        }
        Some(status) => match status.phase().filter(|phase| phase.is_usable()) {
            Some(phase) => phase,
            None => return Err(Verdict::NotEnabled(Obstacle::Sku(status.clone()))),
        },
    };
    match sku.prepaid_units {
        None => Err(Verdict::NotKnown(MissingData::PropertyMissing { property: "prepaidUnits" })),
        Some(units) if units.usable() == 0 => Err(Verdict::NotEnabled(Obstacle::NoUsableUnits)),
        Some(_) => Ok(phase),
    }
}

/// How far an assignment reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Assigned {
    /// It holds.
    Fully,
    /// Something in it does not work: what does, only the license details say.
    WithError,
}

/// What was read about a user: at least one of the two.
#[derive(Clone, Copy)]
pub(crate) struct Evidence<'a> {
    pub(crate) states: Option<&'a [Assignment]>,
    pub(crate) details: Option<&'a Details>,
}

impl<'a> Evidence<'a> {
    /// Whether a SKU is assigned to the user with a service plan turned on: what was read must agree.
    pub(crate) fn assigned(self, sku: Guid, service_plan: Guid) -> Result<Assigned, NotMet> {
        let by_states = self.states.map(|states| {
            let sources = states.iter().filter(|each| each.sku_id == sku).map(|each| source(each, service_plan));
            sources.reduce(better).unwrap_or(Err(Verdict::NotEnabled(Obstacle::NotAssigned)))
        });
        let by_details = self.details.and_then(|details| match details.sku(sku) {
            Some(_) => Some(Ok(Assigned::Fully)),
            None if details.extent().is_whole() => Some(Err(Verdict::NotEnabled(Obstacle::NotAssigned))),
            None => None,
        });
        match (by_states, by_details) {
            (Some(states), Some(details)) => details.and(states),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => Err(Verdict::NotKnown(MissingData::ListIncomplete { list: "licenseDetails" })),
        }
    }

    /// The service plan as it stands for the user.
    pub(crate) fn plan(self, sku: Guid, service_plan: Guid) -> Option<&'a ServicePlanInfo> {
        plan_in(self.details?.sku(sku)?.service_plans.as_deref(), service_plan)
    }
}

/// What one source of an assignment gives: an app is off only if every source turns it off (S3).
fn source(assignment: &Assignment, service_plan: Guid) -> Result<Assigned, NotMet> {
    let assigned = match &assignment.state {
        None => return Err(Verdict::NotKnown(MissingData::PropertyMissing { property: "state" })),
        Some(AssignmentState::Unknown(word)) => {
            return Err(Verdict::NotKnown(MissingData::UnknownValue { property: "state", value: word.clone() }));
        }
        Some(AssignmentState::Disabled) => return Err(Verdict::NotEnabled(Obstacle::AssignmentDisabled)),
        Some(AssignmentState::Error) => {
            return Err(Verdict::NotEnabled(Obstacle::AssignmentInError(assignment.error.clone())));
        }
        Some(AssignmentState::ActiveWithError) => Assigned::WithError,
        // An error beside it is a contradiction: the reading that gives less.
        Some(AssignmentState::Active) if assignment.error.is_some() => Assigned::WithError,
        Some(AssignmentState::Active) => Assigned::Fully,
    };
    match &assignment.disabled_plans {
        None => Err(Verdict::NotKnown(MissingData::PropertyMissing { property: "disabledPlans" })),
        Some(disabled) if disabled.contains(&service_plan) => Err(Verdict::NotEnabled(Obstacle::TurnedOff)),
        Some(_) => Ok(assigned),
    }
}

/// The better of two sources.
fn better(one: Result<Assigned, NotMet>, other: Result<Assigned, NotMet>) -> Result<Assigned, NotMet> {
    match (one, other) {
        (Ok(Assigned::Fully), _) | (_, Ok(Assigned::Fully)) => Ok(Assigned::Fully),
        (Ok(one), _) | (_, Ok(one)) => Ok(one),
        (Err(one), Err(other)) => Err(one.or(other)),
    }
}

/// The service plan of that id; of several, one that is not provisioned.
pub(crate) fn plan_in(plans: Option<&[ServicePlanInfo]>, id: Guid) -> Option<&ServicePlanInfo> {
    let same = plans?.iter().filter(|plan| plan.service_plan_id == id);
    same.min_by_key(|plan| plan.provisioning_status == Some(Provisioning::Success))
}

/// Whether a service plan is provisioned: in the tenant and for the user, as far as either is said, and at least one is. Where
/// something in the assignment does not work, the user's must be.
pub(crate) fn provisioned(
    tenant: Option<&ServicePlanInfo>,
    user: Option<&ServicePlanInfo>,
    assigned: Assigned,
) -> Result<(), NotMet> {
    if user.is_none() && (assigned == Assigned::WithError || tenant.is_none()) {
        return Err(Verdict::NotKnown(MissingData::PropertyMissing { property: "licenseDetails" }));
    }
    for plan in [user, tenant].into_iter().flatten() {
        const PROPERTY: &str = "provisioningStatus";
        match &plan.provisioning_status {
            Some(Provisioning::Success) => {}
            None => return Err(Verdict::NotKnown(MissingData::PropertyMissing { property: PROPERTY })),
            Some(Provisioning::Unknown(word)) => {
                return Err(Verdict::NotKnown(MissingData::UnknownValue { property: PROPERTY, value: word.clone() }));
            }
            Some(status) => return Err(Verdict::NotEnabled(Obstacle::Provisioning(status.clone()))),
        }
    }
    Ok(())
}
