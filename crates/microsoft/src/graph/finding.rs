//! Findings about a user and a service plan: evidence of another authority, and never an
//! [`Allow`](entitle::Allow).

use alloc::string::String;
use core::fmt;

use entitle::chrono::{DateTime, Utc};
use entitle::time::Phase;

use crate::graph::enums::{AssignmentError, Provisioning, Status};
use crate::graph::missing_data::MissingData;
use crate::guid::Guid;

/// What Graph's answers say about a service plan in a SKU.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub struct Finding {
    /// The service plan.
    pub service_plan: Guid,
    /// Its technical name, as Graph reports it.
    pub service_plan_name: Option<String>,
    /// The SKU.
    pub sku: Guid,
    /// Its string id, as Graph reports it.
    pub sku_part_number: Option<String>,
    /// Whether it is enabled.
    pub verdict: Verdict,
    /// The first instant after the query at which a subscription of the SKU enters another state,
    /// if Graph reported one.
    pub until: Option<DateTime<Utc>>,
}

/// Whether a service plan is enabled according to Graph. A finding grants nothing by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Verdict {
    /// It is enabled.
    Enabled {
        /// The phase: active or in grace.
        phase: Phase,
    },
    /// It is not enabled.
    NotEnabled(Obstacle),
    /// The answers do not tell. This is never treated as enabled.
    NotKnown(MissingData),
}

/// Why a service plan is not enabled: the first reason that applies in the order `NotSubscribed` to
/// `Provisioning`. Among several SKUs or assignments, the one closest to enabled is reported, which
/// is the latest in this list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Obstacle {
    /// No SKU of the tenant contains it.
    InNoSku,
    /// The tenant does not have the SKU.
    NotSubscribed,
    /// The SKU is neither enabled nor in warning.
    Sku(Status),
    /// The SKU has no usable unit.
    NoUsableUnits,
    /// The SKU is not assigned to the user.
    NotAssigned,
    /// The assignment is disabled.
    AssignmentDisabled,
    /// The assignment is in error.
    AssignmentInError(Option<AssignmentError>),
    /// It is turned off in every assignment of the SKU to the user.
    TurnedOff,
    /// It is not provisioned.
    Provisioning(Provisioning),
}

impl Verdict {
    /// Returns whether it is enabled.
    #[must_use]
    pub fn is_enabled(&self) -> bool {
        matches!(self, Self::Enabled { .. })
    }

    /// Returns a stable name for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Enabled { .. } => "finding.enabled",
            Self::NotEnabled(obstacle) => obstacle.code(),
            Self::NotKnown(missing) => missing.code(),
        }
    }

    /// Returns the better of two verdicts: enabled, then not known, then not enabled; of two that
    /// are not enabled the one closer to enabled, and of equals the first.
    pub(crate) fn or(self, other: Self) -> Self {
        if self.weight() >= other.weight() { self } else { other }
    }

    fn weight(&self) -> u8 {
        match self {
            Self::NotEnabled(obstacle) => obstacle.nearness(),
            Self::NotKnown(_) => 10,
            Self::Enabled { phase: Phase::Active } => 12,
            Self::Enabled { .. } => 11,
        }
    }
}

impl Obstacle {
    fn nearness(&self) -> u8 {
        match self {
            Self::InNoSku => 0,
            Self::NotSubscribed => 1,
            Self::Sku(_) => 2,
            Self::NoUsableUnits => 3,
            Self::NotAssigned => 4,
            Self::AssignmentDisabled => 5,
            Self::AssignmentInError(_) => 6,
            Self::TurnedOff => 7,
            Self::Provisioning(_) => 8,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::InNoSku => "finding.in-no-sku",
            Self::NotSubscribed => "finding.not-subscribed",
            Self::Sku(_) => "finding.sku-state",
            Self::NoUsableUnits => "finding.no-usable-units",
            Self::NotAssigned => "finding.not-assigned",
            Self::AssignmentDisabled => "finding.assignment-disabled",
            Self::AssignmentInError(_) => "finding.assignment-in-error",
            Self::TurnedOff => "finding.turned-off",
            Self::Provisioning(_) => "finding.provisioning",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Enabled { phase } => write!(f, "enabled, {phase}"),
            Self::NotEnabled(obstacle) => write!(f, "not enabled: {obstacle}"),
            Self::NotKnown(missing) => write!(f, "not known: {missing}"),
        }
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InNoSku => f.write_str("no SKU of the tenant contains it"),
            Self::NotSubscribed => f.write_str("the tenant does not have the SKU"),
            Self::Sku(status) => write!(f, "the SKU is in state {status}"),
            Self::NoUsableUnits => f.write_str("the SKU has no usable unit"),
            Self::NotAssigned => f.write_str("the SKU is not assigned to the user"),
            Self::AssignmentDisabled => f.write_str("the assignment is disabled"),
            Self::AssignmentInError(Some(error)) => write!(f, "the assignment is in error: {error}"),
            Self::AssignmentInError(None) => f.write_str("the assignment is in error"),
            Self::TurnedOff => f.write_str("it is turned off in the assignment"),
            Self::Provisioning(status) => write!(f, "its provisioning status is {status}"),
        }
    }
}
