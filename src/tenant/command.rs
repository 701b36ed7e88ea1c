//! Commands and events: what can be asked of a tenant, and what was done.

use alloc::vec::Vec;
use core::fmt;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::document::{FromDocument, ReadError, ValueReader, Want, choice, object};
use crate::id::user::UserId;
use crate::id::{AppId, GroupId, LicenseId, PlanId};
use crate::tenant::consumption::Consumption;
use crate::tenant::role::{Actor, Role};
use crate::time::instant::{self, Instant};
use crate::token::Token;
use crate::token::footer::Kind;

/// The most commands of one event: enough for a department at once, and few enough to undo by hand.
pub const MAX_COMMANDS: usize = 1_000;

/// The most events of a record: the largest number that every JSON reader represents exactly (X4).
pub(crate) const MAX_EVENTS: u64 = (1 << 53) - 1;

/// A change of a tenant that an administrator, the host or a user requests (A1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Command {
    /// Install a license, which accepts the deal (A2).
    Install(Token),
    /// Assign a user plan to a user or a group, or replace the deny list of an assignment (S2, S5,
    /// G1).
    Assign(Assignment),
    /// Take a user plan from a user or a group (S4).
    Unassign(Unassignment),
    /// Make a user a member of a group; the group need not exist before (G2).
    Join(Membership),
    /// Take a user out of a group (G2).
    Leave(Membership),
    /// Remove a user with all their claims and memberships (S13).
    RemoveUser(UserId),
    /// Remove a group that has no plans, with its memberships (G5).
    RemoveGroup(GroupId),
    /// Start a trial of an installed license (T1).
    StartTrial(TrialName),
    /// Extend an active trial (T4).
    ExtendTrial(TrialName),
    /// Sign up for a trial: start it if nobody has, and assign the actor one of its seats (T2, T3).
    SignUp(TrialName),
    /// Set whether users may sign up for trials by themselves (T2).
    SetSignUps(SignUpPolicy),
    /// Claim a free seat of a user plan for the actor, who has no claim on it (S18).
    ClaimSeat(PlanId),
    /// Set whether users may claim seats of a plan by themselves (S18).
    SetClaimOnFirstUse(ClaimOnFirstUse),
    /// Consume units of a capacity plan, all of them or none (M3).
    Consume(Consumption),
    /// Install a revocation list (X5).
    InstallRevocationList(Token),
    /// Install a time ticket, which corrects the times of a record after a clock was once ahead
    /// (X6).
    CorrectTime(Token),
    /// Install a certificate: licenses of the key that it names count, within what it says (X10).
    InstallCertificate(Token),
    /// Record the time and nothing else: from now on the tenant is never read at an earlier
    /// instant, unless a time ticket corrects it (X6).
    ///
    /// An application that may run for weeks without another event does this from time to time, for
    /// example when it starts.
    RecordTime,
}

/// Whether users may sign up for trials by themselves (T2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SignUpPolicy {
    /// Users may sign up; this is the default.
    Allowed,
    /// Users may not sign up. Those who did keep what they have.
    Off,
}

/// Whether users may claim free seats of a plan by themselves when they first need one (S18).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimPolicy {
    /// Users may claim seats.
    Allowed,
    /// Users may not claim seats; this is the default. Those who did keep what they have.
    Off,
}

/// The setting of a plan on whether users may claim its seats by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ClaimOnFirstUse {
    /// The plan.
    pub plan: PlanId,
    /// Whether users may claim its seats.
    pub policy: ClaimPolicy,
}

/// The user or group to which a plan is assigned.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Assignee {
    /// One user, directly.
    User(UserId),
    /// Every member of a group.
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

/// A user plan for a user or a group, with a deny list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Assignment {
    /// Who gets the plan.
    pub to: Assignee,
    /// The plan.
    pub plan: PlanId,
    /// The apps of the plan that stay off. Apps that later catalogs add to the plan are on (C10).
    pub except: Vec<AppId>,
}

/// The removal of a user plan from a user or a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Unassignment {
    /// Who loses the plan.
    pub from: Assignee,
    /// The plan.
    pub plan: PlanId,
}

/// The membership of a user in a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Membership {
    /// The user.
    pub user: UserId,
    /// The group.
    pub group: GroupId,
}

/// The identity of a trial: a license contains at most one per plan (L2).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[non_exhaustive]
pub struct TrialName {
    /// The license.
    pub license: LicenseId,
    /// The plan.
    pub plan: PlanId,
}

impl TrialName {
    /// Returns the name of the trial of `plan` in `license`.
    #[must_use]
    pub fn new(license: LicenseId, plan: PlanId) -> Self {
        Self { license, plan }
    }
}

impl Command {
    /// Returns the command that installs a document, by the kind that it claims to be; a token of
    /// another product, or of a later format, as a license. Deciding verifies it.
    #[must_use]
    pub fn install_any(token: Token) -> Self {
        match token.claimed_kind() {
            Ok(Kind::RevocationList) => Self::InstallRevocationList(token),
            Ok(Kind::TimeTicket) => Self::CorrectTime(token),
            Ok(Kind::KeyCertificate) => Self::InstallCertificate(token),
            Ok(Kind::License) | Err(_) => Self::Install(token),
        }
    }

    /// Returns the commands that install documents as one list, such as a license with the certificate
    /// of its key from one file: certificates first, since what they admit may be beside them, and then
    /// the others in their order (X10). The list is refused as a whole where one of them is installed
    /// already: a host asks [`install_state`](crate::Tenant::install_state) before, or gives each in a
    /// list of its own.
    #[must_use]
    pub fn install_all(tokens: impl IntoIterator<Item = Token>) -> Vec<Self> {
        let mut commands: Vec<Self> = tokens.into_iter().map(Self::install_any).collect();
        // The sort is stable.
        commands.sort_by_key(|command| !matches!(command, Self::InstallCertificate(_)));
        commands
    }

    /// Returns the consumption that the command records, if it records one.
    pub(crate) fn as_consumption(&self) -> Option<&Consumption> {
        match self {
            Self::Consume(consumption) => Some(consumption),
            _ => None,
        }
    }

    /// Returns a command that assigns a plan to a user, with all its apps.
    #[must_use]
    pub fn assign(user: UserId, plan: PlanId) -> Self {
        Self::assign_except(user.into(), plan, Vec::new())
    }

    /// Returns a command that assigns a plan to every member of a group, with all its apps.
    #[must_use]
    pub fn assign_group(group: GroupId, plan: PlanId) -> Self {
        Self::assign_except(group.into(), plan, Vec::new())
    }

    /// Returns a command that assigns a plan except for some of its apps.
    #[must_use]
    pub fn assign_except(to: Assignee, plan: PlanId, except: Vec<AppId>) -> Self {
        Self::Assign(Assignment { to, plan, except })
    }

    /// Returns a command that takes a plan from a user.
    #[must_use]
    pub fn unassign(user: UserId, plan: PlanId) -> Self {
        Self::Unassign(Unassignment { from: user.into(), plan })
    }

    /// Returns a command that takes a plan from a group.
    #[must_use]
    pub fn unassign_group(group: GroupId, plan: PlanId) -> Self {
        Self::Unassign(Unassignment { from: group.into(), plan })
    }

    /// Returns a command that makes a user a member of a group.
    #[must_use]
    pub fn join(user: UserId, group: GroupId) -> Self {
        Self::Join(Membership { user, group })
    }

    /// Returns a command that takes a user out of a group.
    #[must_use]
    pub fn leave(user: UserId, group: GroupId) -> Self {
        Self::Leave(Membership { user, group })
    }

    /// Returns a command that sets whether users may claim seats of a plan by themselves.
    #[must_use]
    pub fn set_claim_on_first_use(plan: PlanId, policy: ClaimPolicy) -> Self {
        Self::SetClaimOnFirstUse(ClaimOnFirstUse { plan, policy })
    }

    /// Returns whether a user without a role gives this command, for themself only (T3, S18).
    #[cfg(feature = "answers")]
    pub(crate) fn is_by_the_user(&self) -> bool {
        matches!(self.takes(), Takes::NoRole)
    }

    /// Returns who may give this command (A1).
    pub(crate) fn takes(&self) -> Takes {
        use Role::{BillingAdministrator, GlobalAdministrator, Host, LicenseAdministrator, UserAdministrator};
        Takes::OneOf(match self {
            Self::SignUp(_) | Self::ClaimSeat(_) => return Takes::NoRole,
            Self::SetSignUps(_) => &[GlobalAdministrator],
            Self::Install(_) | Self::StartTrial(_) | Self::ExtendTrial(_) => {
                &[BillingAdministrator, GlobalAdministrator]
            }
            Self::InstallCertificate(_) => &[Host, BillingAdministrator, GlobalAdministrator],
            Self::SetClaimOnFirstUse(_) => &[LicenseAdministrator, GlobalAdministrator],
            Self::Assign(_) | Self::Unassign(_) => &[LicenseAdministrator, UserAdministrator, GlobalAdministrator],
            Self::Join(_) | Self::Leave(_) | Self::RemoveUser(_) | Self::RemoveGroup(_) => {
                &[UserAdministrator, GlobalAdministrator]
            }
            Self::Consume(_) | Self::InstallRevocationList(_) | Self::CorrectTime(_) | Self::RecordTime => &[Host],
        })
    }
}

/// Who may give a command (A1).
pub(crate) enum Takes {
    /// Anybody.
    NoRole,
    /// An actor who has one of these roles.
    OneOf(&'static [Role]),
}

/// What was done: the commands that were accepted together, their actor, and their time.
///
/// The events of a tenant, in order, are its record. The host stores them, as JSON or otherwise;
/// applied again, they produce the same state. A forged record gives no more than the documents in
/// it do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Event {
    /// The position in the record, counted from 1.
    pub number: u64,
    /// When the event was decided, floored to the second; never before the previous event (X6).
    #[serde(with = "instant")]
    pub at: DateTime<Utc>,
    /// Who gave the commands.
    pub actor: Actor,
    /// The commands, in the order in which they were given; an event with more than
    /// [`MAX_COMMANDS`] is not read.
    pub commands: Vec<Command>,
}

/// A list of at most [`MAX_COMMANDS`] commands.
struct Commands(Vec<Command>);

impl From<Commands> for Vec<Command> {
    fn from(Commands(commands): Commands) -> Self {
        commands
    }
}

/// What is expected of a list of commands.
struct NotTooMany;

impl fmt::Display for NotTooMany {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at most {MAX_COMMANDS} commands")
    }
}

impl FromDocument for Commands {
    /// Stops at the first command too many.
    fn read(value: &mut dyn ValueReader) -> Result<Self, ReadError> {
        let mut commands = Vec::new();
        let mut take = |command: &mut dyn ValueReader| {
            commands.push(Command::read(command)?);
            match commands.len() {
                0..=MAX_COMMANDS => Ok(()),
                found => Err(ReadError::of(format_args!("invalid length {found}, expected {NotTooMany}"))),
            }
        };
        value.read(Want::List { expected: &NotTooMany, take: &mut take })?;
        Ok(Self(commands))
    }
}

impl Event {
    /// Returns an event as a record states it; nothing in it is trusted.
    #[must_use]
    pub fn new(number: u64, at: DateTime<Utc>, actor: Actor, commands: Vec<Command>) -> Self {
        Self { number, at: crate::time::whole_second(at), actor, commands }
    }
}

choice! {
    Command {
        "install" => Install(Token),
        "assign" => Assign(Assignment),
        "unassign" => Unassign(Unassignment),
        "join" => Join(Membership),
        "leave" => Leave(Membership),
        "remove_user" => RemoveUser(UserId),
        "remove_group" => RemoveGroup(GroupId),
        "start_trial" => StartTrial(TrialName),
        "extend_trial" => ExtendTrial(TrialName),
        "sign_up" => SignUp(TrialName),
        "set_sign_ups" => SetSignUps(SignUpPolicy),
        "claim_seat" => ClaimSeat(PlanId),
        "set_claim_on_first_use" => SetClaimOnFirstUse(ClaimOnFirstUse),
        "consume" => Consume(Consumption),
        "install_revocation_list" => InstallRevocationList(Token),
        "correct_time" => CorrectTime(Token),
        "install_certificate" => InstallCertificate(Token),
        "record_time" => RecordTime,
    }
}
choice! { SignUpPolicy { "allowed" => Allowed, "off" => Off } }
choice! { ClaimPolicy { "allowed" => Allowed, "off" => Off } }
object! { ClaimOnFirstUse { plan, policy } }
choice! { Assignee { "user" => User(UserId), "group" => Group(GroupId) } }
object! { Assignment { to, plan, except } }
object! { Unassignment { from, plan } }
object! { Membership { user, group } }
object! { TrialName { license, plan } }
object! {
    Event { number, at: Instant, actor, commands: Commands }
}
