//! Roles, and the actor of a command (A1).

use alloc::vec::Vec;

use serde::Serialize;

use crate::document::{choice, object};
use crate::id::user::UserId;
use crate::message::messages;

/// A role of an actor in a tenant (A1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Role {
    /// Gives every command that the other administrators give.
    GlobalAdministrator,
    /// Installs licenses and certificates, starts and extends trials.
    BillingAdministrator,
    /// Assigns and unassigns plans, and sets whether users may claim seats by themselves.
    LicenseAdministrator,
    /// Assigns and unassigns plans, adds and removes members, removes users and groups.
    UserAdministrator,
    /// The application itself, not a person: records consumption and time, and installs time
    /// tickets, revocation lists and certificates.
    Host,
}

messages! {
    Role;
    Self::GlobalAdministrator => "role.global-administrator", "global administrator";
    Self::BillingAdministrator => "role.billing-administrator", "billing administrator";
    Self::LicenseAdministrator => "role.license-administrator", "license administrator";
    Self::UserAdministrator => "role.user-administrator", "user administrator";
    Self::Host => "role.host", "host";
}

/// Who gives a command, with the roles that the host asserts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Actor {
    /// The user who gives the command.
    pub user: UserId,
    /// The user's roles. The host is responsible for them.
    pub roles: Vec<Role>,
}

impl Actor {
    /// Returns an actor without roles.
    #[must_use]
    pub fn new(user: UserId) -> Self {
        Self { user, roles: Vec::new() }
    }

    /// Returns the actor with one more role.
    #[must_use]
    pub fn with(mut self, role: Role) -> Self {
        self.roles.push(role);
        self
    }
}

choice! {
    Role {
        "global_administrator" => GlobalAdministrator,
        "billing_administrator" => BillingAdministrator,
        "license_administrator" => LicenseAdministrator,
        "user_administrator" => UserAdministrator,
        "host" => Host,
    }
}
object! { Actor { user, roles } }
