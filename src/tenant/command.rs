//! What can be asked of a tenant, and what was done.

use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::id::{AppId, LicenseId, PlanId, UserId};
use crate::role::{Actor, Role};
use crate::time::instant;
use crate::token::Token;
use crate::wire::one_reading;

/// The most commands one event holds: a department at once, and still little to undo by hand.
pub const MAX_COMMANDS: usize = 1_000;

/// Something an administrator wants done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Command {
    /// Install a license, which accepts the deal (A2).
    Install(Token),
    /// Assign a user plan to a user, or replace the deny list of an assignment (S2, S5).
    Assign(Assignment),
    /// Take a user plan from a user (S4).
    Unassign(Unassignment),
    /// Remove a user with all their claims (S13).
    RemoveUser(UserId),
    /// Start a trial that an installed license holds (T1).
    StartTrial(TrialName),
    /// Extend a trial that runs (T4).
    ExtendTrial(TrialName),
}

/// A user plan for a user, but for some of its apps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
#[non_exhaustive]
pub struct Assignment {
    /// Who gets the plan.
    pub user: UserId,
    /// The plan.
    pub plan: PlanId,
    /// The apps of the plan that stay off for this user; apps that come later are on (C10).
    pub except: Vec<AppId>,
}

/// A user plan to be taken from a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
#[non_exhaustive]
pub struct Unassignment {
    /// Who loses the plan.
    pub user: UserId,
    /// The plan.
    pub plan: PlanId,
}

/// Which trial is meant: a license holds at most one of a plan (L2).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
#[non_exhaustive]
pub struct TrialName {
    /// The license.
    pub license: LicenseId,
    /// The plan.
    pub plan: PlanId,
}

impl TrialName {
    /// The trial of `plan` that `license` holds.
    #[must_use]
    pub fn new(license: LicenseId, plan: PlanId) -> Self {
        Self { license, plan }
    }
}

impl Command {
    /// Assign a plan to a user, with all its apps.
    #[must_use]
    pub fn assign(user: UserId, plan: PlanId) -> Self {
        Self::assign_except(user, plan, Vec::new())
    }

    /// Assign a plan to a user, but for some of its apps.
    #[must_use]
    pub fn assign_except(user: UserId, plan: PlanId, except: Vec<AppId>) -> Self {
        Self::Assign(Assignment { user, plan, except })
    }

    /// Take a plan from a user.
    #[must_use]
    pub fn unassign(user: UserId, plan: PlanId) -> Self {
        Self::Unassign(Unassignment { user, plan })
    }

    /// The roles that may give this command (A1).
    pub(crate) fn roles(&self) -> &'static [Role] {
        use Role::{BillingAdministrator, GlobalAdministrator, LicenseAdministrator, UserAdministrator};
        match self {
            Self::Install(_) | Self::StartTrial(_) | Self::ExtendTrial(_) => {
                &[BillingAdministrator, GlobalAdministrator]
            }
            Self::Assign(_) | Self::Unassign(_) => &[LicenseAdministrator, UserAdministrator, GlobalAdministrator],
            Self::RemoveUser(_) => &[UserAdministrator, GlobalAdministrator],
        }
    }
}

/// What was done: the commands that were accepted together, who gave them, and when.
///
/// The events of a tenant in their order are its record. They are the host's to keep, as JSON or otherwise; read back and
/// applied they give the same state again. A forged record gives no more than the documents in it do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
#[non_exhaustive]
pub struct Event {
    /// Its place in the record, counted from 1.
    pub number: u64,
    /// When it was decided, floored to the second; never before the event ahead of it (X6).
    #[serde(with = "instant")]
    pub at: DateTime<Utc>,
    /// Who gave the commands.
    pub actor: Actor,
    /// The commands, in the order in which they were given.
    pub commands: Vec<Command>,
}

impl Event {
    /// An event as a record claims it; nothing in it is trusted.
    #[must_use]
    pub fn new(number: u64, at: DateTime<Utc>, actor: Actor, commands: Vec<Command>) -> Self {
        Self { number, at: crate::time::whole_second(at), actor, commands }
    }
}

one_reading!(Command, Assignment, Unassignment, TrialName, Event);
