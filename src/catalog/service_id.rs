//! Service ids of plans: `publisher.offer.plan` (C9).

use alloc::string::{String, ToString};

use thiserror::Error;

use crate::id::{OfferId, PlanId, PublisherId};
use crate::message::messages;

/// The longest id that can be part of a service id (C9).
pub(crate) const MAX_SERVICE_ID_PART: usize = 50;

/// Why a plan has no service id (C9).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ServiceIdError {
    /// No plan of this catalog has the id.
    UnknownPlan {
        /// The requested id.
        plan: PlanId,
    },
    /// An id that cannot be part of a service id.
    NotOfTheForm {
        /// The publisher, offer or plan id.
        id: String,
    },
}

messages! {
    ServiceIdError;
    Self::UnknownPlan { plan } => "service-id.unknown-plan", "no plan of this catalog has the id {plan}", plan;
    Self::NotOfTheForm { id } => "service-id.not-of-the-form",
        "{id} cannot be part of a service id: at most {max} characters of a-z 0-9 - _", id, max = MAX_SERVICE_ID_PART;
}

/// Returns the service id of a plan (C9).
pub(crate) fn service_id(publisher: &PublisherId, offer: &OfferId, plan: &PlanId) -> Result<String, ServiceIdError> {
    let parts = [publisher.as_str(), offer.as_str(), plan.as_str()];
    let allowed = |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_');
    match parts.into_iter().find(|id| id.len() > MAX_SERVICE_ID_PART || !id.bytes().all(allowed)) {
        Some(id) => Err(ServiceIdError::NotOfTheForm { id: id.to_string() }),
        None => Ok(parts.join(".")),
    }
}
