//! What can be asked of a tenant, and what was done.

use alloc::vec::Vec;
use core::fmt;

use chrono::{DateTime, Utc};
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::id::{AppId, GroupId, LicenseId, PlanId};
use crate::role::{Actor, Role};
use crate::strict_serde::one_reading;
use crate::tenant::consumption::Consumption;
use crate::time::instant;
use crate::token::Token;
use crate::user_id::UserId;

/// The most commands one event holds: a department at once, and still little to undo by hand.
pub const MAX_COMMANDS: usize = 1_000;

/// The most events a record has: the largest number that every JSON reader takes exactly (X4).
pub(crate) const MAX_EVENTS: u64 = (1 << 53) - 1;

/// Something an administrator wants done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Command {
    /// Install a license, which accepts the deal (A2).
    Install(Token),
    /// Assign a user plan to a user or a group, or replace the deny list of an assignment (S2, S5, G1).
    Assign(Assignment),
    /// Take a user plan from a user or a group (S4).
    Unassign(Unassignment),
    /// Make a user a member of a group, which need not have been named before (G2).
    Join(Membership),
    /// Take a user out of a group (G2).
    Leave(Membership),
    /// Remove a user with all their claims and memberships (S13).
    RemoveUser(UserId),
    /// Remove a group that has no plans any more, with its memberships (G5).
    RemoveGroup(GroupId),
    /// Start a trial that an installed license holds (T1).
    StartTrial(TrialName),
    /// Extend a trial that runs (T4).
    ExtendTrial(TrialName),
    /// Sign up for a trial, which starts it if nobody has, and assigns the actor one of its seats (T2, T3).
    SignUp(TrialName),
    /// Say whether users may sign up for trials by themselves (T2).
    SetSignUps(SignUpPolicy),
    /// Draw from a capacity plan, as a whole or not at all (M3).
    Draw(Consumption),
    /// Take in a revocation list (X5).
    Revoke(Token),
    /// Take in a time ticket, which mends the time of a record that a clock once ahead has left in the future (X6).
    CorrectTime(Token),
    /// Record nothing but the time, so that from now on the tenant is read at no earlier instant (X6).
    ///
    /// An application that may run for weeks without another event does so now and then, at its start say.
    Mark,
}

/// Whether users may sign up for trials by themselves (T2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum SignUpPolicy {
    /// They may; so it is until something else is said.
    Allowed,
    /// They may not. Who has signed up before keeps what they have.
    Off,
}

/// To whom a plan is assigned.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum Assignee {
    /// To one user, directly.
    User(UserId),
    /// To every member of a group.
    Group(GroupId),
}

impl fmt::Display for Assignee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(user) => user.fmt(f),
            Self::Group(group) => group.fmt(f),
        }
    }
}

impl From<UserId> for Assignee {
    fn from(user: UserId) -> Self {
        Self::User(user)
    }
}

impl From<GroupId> for Assignee {
    fn from(group: GroupId) -> Self {
        Self::Group(group)
    }
}

/// A user plan for a user or a group, but for some of its apps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
#[non_exhaustive]
pub struct Assignment {
    /// Who gets the plan.
    pub to: Assignee,
    /// The plan.
    pub plan: PlanId,
    /// The apps of the plan that stay off; apps that come later are on (C10).
    pub except: Vec<AppId>,
}

/// A user plan to be taken from a user or a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
#[non_exhaustive]
pub struct Unassignment {
    /// Who loses the plan.
    pub from: Assignee,
    /// The plan.
    pub plan: PlanId,
}

/// A user in a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
#[non_exhaustive]
pub struct Membership {
    /// The user.
    pub user: UserId,
    /// The group.
    pub group: GroupId,
}

/// Which trial is meant: a license holds at most one of a plan (L2).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
        Self::assign_except(user.into(), plan, Vec::new())
    }

    /// Assign a plan to every member of a group, with all its apps.
    #[must_use]
    pub fn assign_group(group: GroupId, plan: PlanId) -> Self {
        Self::assign_except(group.into(), plan, Vec::new())
    }

    /// Assign a plan, but for some of its apps.
    #[must_use]
    pub fn assign_except(to: Assignee, plan: PlanId, except: Vec<AppId>) -> Self {
        Self::Assign(Assignment { to, plan, except })
    }

    /// Take a plan from a user.
    #[must_use]
    pub fn unassign(user: UserId, plan: PlanId) -> Self {
        Self::Unassign(Unassignment { from: user.into(), plan })
    }

    /// Take a plan from a group.
    #[must_use]
    pub fn unassign_group(group: GroupId, plan: PlanId) -> Self {
        Self::Unassign(Unassignment { from: group.into(), plan })
    }

    /// Make a user a member of a group.
    #[must_use]
    pub fn join(user: UserId, group: GroupId) -> Self {
        Self::Join(Membership { user, group })
    }

    /// Take a user out of a group.
    #[must_use]
    pub fn leave(user: UserId, group: GroupId) -> Self {
        Self::Leave(Membership { user, group })
    }

    /// Who may give this command (A1).
    pub(crate) fn takes(&self) -> Takes {
        use Role::{BillingAdministrator, GlobalAdministrator, Host, LicenseAdministrator, UserAdministrator};
        Takes::OneOf(match self {
            Self::SignUp(_) => return Takes::NoRole,
            Self::SetSignUps(_) => &[GlobalAdministrator],
            Self::Install(_) | Self::StartTrial(_) | Self::ExtendTrial(_) => {
                &[BillingAdministrator, GlobalAdministrator]
            }
            Self::Assign(_) | Self::Unassign(_) => &[LicenseAdministrator, UserAdministrator, GlobalAdministrator],
            Self::Join(_) | Self::Leave(_) | Self::RemoveUser(_) | Self::RemoveGroup(_) => {
                &[UserAdministrator, GlobalAdministrator]
            }
            Self::Draw(_) | Self::Revoke(_) | Self::CorrectTime(_) | Self::Mark => &[Host],
        })
    }
}

/// Who may give a command (A1).
pub(crate) enum Takes {
    /// Anybody.
    NoRole,
    /// Who has one of these roles.
    OneOf(&'static [Role]),
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
    /// The commands, in the order in which they were given; more than [`MAX_COMMANDS`] are not read.
    #[serde(deserialize_with = "few")]
    pub commands: Vec<Command>,
}

fn few<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Command>, D::Error> {
    deserializer.deserialize_seq(Few)
}

/// Reads no more than [`MAX_COMMANDS`].
struct Few;

impl<'de> Visitor<'de> for Few {
    type Value = Vec<Command>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at most {MAX_COMMANDS} commands")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut given: A) -> Result<Vec<Command>, A::Error> {
        let mut commands = Vec::new();
        while let Some(command) = given.next_element()? {
            if commands.len() >= MAX_COMMANDS {
                return Err(de::Error::invalid_length(commands.len().saturating_add(1), &self));
            }
            commands.push(command);
        }
        Ok(commands)
    }
}

impl Event {
    /// An event as a record claims it; nothing in it is trusted.
    #[must_use]
    pub fn new(number: u64, at: DateTime<Utc>, actor: Actor, commands: Vec<Command>) -> Self {
        Self { number, at: crate::time::whole_second(at), actor, commands }
    }
}

one_reading!(Command, SignUpPolicy, Assignee, Assignment, Unassignment, Membership, TrialName, Event);
