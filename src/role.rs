//! Who may do what (A1).

use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::strict_serde::one_reading;
use crate::user_id::UserId;

/// What a person may do for their organisation (A1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Role {
    /// Everything the other people may.
    GlobalAdministrator,
    /// Installs licenses, starts and extends trials.
    BillingAdministrator,
    /// Assigns and unassigns plans.
    LicenseAdministrator,
    /// Assigns and unassigns plans, adds and removes members, removes users and groups.
    UserAdministrator,
    /// Not a person but the application itself: records draws, marks of time, time tickets and revocation lists.
    Host,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::GlobalAdministrator => "global administrator",
            Self::BillingAdministrator => "billing administrator",
            Self::LicenseAdministrator => "license administrator",
            Self::UserAdministrator => "user administrator",
            Self::Host => "host",
        })
    }
}

/// Who gives a command, with the roles the host says they have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
#[non_exhaustive]
pub struct Actor {
    /// The person.
    pub user: UserId,
    /// Their roles, as the host vouches for them.
    pub roles: Vec<Role>,
}

impl Actor {
    /// A person without a role.
    #[must_use]
    pub fn new(user: UserId) -> Self {
        Self { user, roles: Vec::new() }
    }

    /// The person with one role more.
    #[must_use]
    pub fn with(mut self, role: Role) -> Self {
        self.roles.push(role);
        self
    }
}

one_reading!(Role, Actor);
