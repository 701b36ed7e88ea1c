//! Graph's enumerations. A word that is not known here is kept as it is, and gives nothing.

use alloc::string::String;
use core::fmt;

use entitle::time::Phase;
use serde::{Deserialize, Deserializer};

macro_rules! graph_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$of])* $variant,)+
            /// A word that is not known here, as it is: it gives nothing.
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
                let word = String::deserialize(deserializer)?;
                Ok(match word.as_str() {
                    $($text => Self::$variant,)+
                    _ => Self::Unknown(word),
                })
            }
        }
    };
}

graph_enum! {
    /// The state of a subscription, and of a SKU: the best of its subscriptions.
    Status {
        /// At least one unit is enabled.
        Enabled = "Enabled",
        /// Expired, within the customer's time to renew it.
        Warning = "Warning",
        /// Canceled: nothing can be assigned, and it can still be reactivated.
        Suspended = "Suspended",
        /// Gone.
        Deleted = "Deleted",
        /// Locked out, since the customer canceled it.
        LockedOut = "LockedOut",
    }
}

impl Status {
    /// The same in our words (L5, L7): enabled is active, warning is in grace; suspended is suspended, and so is locked out,
    /// which by Microsoft's words is canceled by the customer; deleted is ended. Nothing for a word that is not known.
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
    /// Whether a service plan is ready for use. Only *success* gives something.
    Provisioning {
        /// It is provisioned.
        Success = "Success",
        /// It is turned off.
        Disabled = "Disabled",
        /// It is not provisioned, and something went wrong.
        Error = "Error",
        /// It is not provisioned: the service has not confirmed it.
        PendingInput = "PendingInput",
        /// It is provisioned, and an administrator has to activate it.
        PendingActivation = "PendingActivation",
        /// Microsoft added it to the product, and it is not activated in the tenant.
        PendingProvisioning = "PendingProvisioning",
    }
}

graph_enum! {
    /// For whom a SKU or a service plan is.
    AppliesTo {
        /// For a user to whom it is assigned.
        User = "User",
        /// For the whole tenant; never assigned.
        Company = "Company",
    }
}

graph_enum! {
    /// How an assignment stands.
    AssignmentState {
        /// It holds.
        Active = "Active",
        /// It holds, and something in it does not work.
        ActiveWithError = "ActiveWithError",
        /// It does not hold.
        Disabled = "Disabled",
        /// It could not be made.
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
