//! Graph's enumerations. Unknown values are kept as text, and grant nothing.

use alloc::string::String;
use core::fmt;

use entitle::time::Phase;
use serde::{Deserialize, Deserializer};

use crate::graph::texts::text;

macro_rules! graph_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$of])* $variant,)+
            /// An unknown value, as text. It grants nothing.
            Unknown(String),
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(match self {
                    $(Self::$variant => $text,)+
                    Self::Unknown(word) => word,
                })
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = text(deserializer)?;
                Ok(match word.as_str() {
                    $($text => Self::$variant,)+
                    _ => Self::Unknown(word),
                })
            }
        }
    };
}

graph_enum! {
    /// The state of a subscription, and of a SKU: the best state of its subscriptions.
    Status {
        /// At least one unit is enabled.
        Enabled = "Enabled",
        /// Expired, and still in the time in which the customer can renew it.
        Warning = "Warning",
        /// Canceled: nothing can be assigned, but it can be reactivated.
        Suspended = "Suspended",
        /// Deleted.
        Deleted = "Deleted",
        /// Locked out, since the customer canceled it.
        LockedOut = "LockedOut",
    }
}

impl Status {
    /// Returns the phase of this state (L5, L7): enabled is active, warning is in grace, suspended
    /// is suspended, and so is locked out, which Microsoft defines as canceled by the customer;
    /// deleted is ended. Returns `None` for an unknown state.
    #[must_use]
    pub fn phase(&self) -> Option<Phase> {
        match self {
            Self::Enabled => Some(Phase::Active),
            Self::Warning => Some(Phase::Grace),
            Self::Suspended | Self::LockedOut => Some(Phase::Suspended),
            Self::Deleted => Some(Phase::Ended),
            Self::Unknown(_) => None,
        }
    }
}

graph_enum! {
    /// The provisioning status of a service plan. Only `Success` grants it.
    Provisioning {
        /// It is provisioned.
        Success = "Success",
        /// It is turned off.
        Disabled = "Disabled",
        /// It is not provisioned because of an error.
        Error = "Error",
        /// It is not provisioned: the service has not confirmed it.
        PendingInput = "PendingInput",
        /// It is provisioned, but an administrator has to activate it.
        PendingActivation = "PendingActivation",
        /// Microsoft added it to the product, but it is not activated in the tenant.
        PendingProvisioning = "PendingProvisioning",
    }
}

graph_enum! {
    /// Who a SKU or a service plan is for.
    AppliesTo {
        /// Users to whom it is assigned.
        User = "User",
        /// The whole tenant; it is never assigned.
        Company = "Company",
    }
}

graph_enum! {
    /// The state of an assignment.
    AssignmentState {
        /// It is active.
        Active = "Active",
        /// It is active, but a part of it does not work.
        ActiveWithError = "ActiveWithError",
        /// It is not active.
        Disabled = "Disabled",
        /// It failed.
        Error = "Error",
    }
}

graph_enum! {
    /// Why an assignment is in error.
    AssignmentError {
        /// There are too few units.
        CountViolation = "CountViolation",
        /// Another product of the user has a service plan that excludes one of this product.
        MutuallyExclusive = "MutuallyExclusiveViolation",
        /// A service plan of this product requires another that the user does not have.
        Dependency = "DependencyViolation",
        /// A service of this product is not offered where the user is.
        ProhibitedInUsageLocation = "ProhibitedInUsageLocationViolation",
        /// Something of the user that has to be unique is not.
        Uniqueness = "UniquenessViolation",
        /// Graph says no more.
        Other = "Other",
    }
}
