//! The conditions for a service plan to be enabled: the SKU, the assignment and the provisioning.

use entitle::time::Phase;

use crate::graph::enums::{AssignmentState, Provisioning, Status};
use crate::graph::finding::{Obstacle, Verdict};
use crate::graph::missing_data::MissingData;
use crate::graph::skus::{ServicePlanInfo, Sku};
use crate::graph::users::{Assignment, Details};
use crate::guid::Guid;

/// Why a condition is not met, or not known.
type NotMet = Verdict;

/// Returns the phase in which a SKU grants its service plans.
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

/// The state of an assignment that grants something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Assigned {
    /// It works in full.
    Fully,
    /// A part of it does not work; only the license details tell which.
    WithError,
}

/// The data about a user: at least one of the two.
#[derive(Clone, Copy)]
pub(crate) struct Evidence<'a> {
    pub(crate) states: Option<&'a [Assignment]>,
    pub(crate) details: Option<&'a Details>,
}

impl<'a> Evidence<'a> {
    /// Returns how a SKU with this service plan turned on is assigned to the user. Assignment
    /// states and license details have to agree.
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

    /// Returns the service plan in the user's license details.
    pub(crate) fn plan(self, sku: Guid, service_plan: Guid) -> Option<&'a ServicePlanInfo> {
        plan_in(self.details?.sku(sku)?.service_plans.as_deref(), service_plan)
    }
}

/// Evaluates one source of an assignment. An app is off only if every source turns it off (S3).
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
        // `Active` with an error is a contradiction: the smaller grant counts.
        Some(AssignmentState::Active) if assignment.error.is_some() => Assigned::WithError,
        Some(AssignmentState::Active) => Assigned::Fully,
    };
    match &assignment.disabled_plans {
        None => Err(Verdict::NotKnown(MissingData::PropertyMissing { property: "disabledPlans" })),
        Some(disabled) if disabled.contains(&service_plan) => Err(Verdict::NotEnabled(Obstacle::TurnedOff)),
        Some(_) => Ok(assigned),
    }
}

/// Returns the better of two sources.
fn better(one: Result<Assigned, NotMet>, other: Result<Assigned, NotMet>) -> Result<Assigned, NotMet> {
    match (one, other) {
        (Ok(Assigned::Fully), _) | (_, Ok(Assigned::Fully)) => Ok(Assigned::Fully),
        (Ok(one), _) | (_, Ok(one)) => Ok(one),
        (Err(one), Err(other)) => Err(one.or(other)),
    }
}

/// Returns the service plan of an id; of several, one that is not provisioned.
pub(crate) fn plan_in(plans: Option<&[ServicePlanInfo]>, id: Guid) -> Option<&ServicePlanInfo> {
    let same = plans?.iter().filter(|plan| plan.service_plan_id == id);
    same.min_by_key(|plan| plan.provisioning_status == Some(Provisioning::Success))
}

/// Checks that a service plan is provisioned in the tenant and for the user, as far as each was
/// read; at least one has to be. Where an assignment works in part only, the user's status is
/// required.
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
