//! Refusals: why a list of commands may not be done.

use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::Serialize;
use thiserror::Error;

use crate::catalog::offer::Scope;
use crate::id::user::UserId;
use crate::id::{AppId, ConsumptionId, GroupId, LicenseId, PlanId};
use crate::message::or_list::OrList;
use crate::quantity::amount::{Capacity, Quantity};
use crate::quantity::units::Total;
use crate::tenant::command::{Assignee, MAX_COMMANDS};
use crate::tenant::consumption::MAX_CONSUMPTIONS;
use crate::tenant::document_issue::DocumentIssue;
use crate::tenant::entry::EntryError;
use crate::tenant::limits::{MAX_ASSIGNED, MAX_GROUPS};
use crate::tenant::refusal_text::{MoreFrom, Waiting, WithSources};
use crate::tenant::role::Role;
use crate::time::instant;
use crate::time::month::Month;
use crate::time::{Phase, Window, Written};

/// The most licenses and time tickets that a tenant installs: decades of renewals. Revocation lists
/// do not count.
pub const MAX_DOCUMENTS: usize = 1_000;

/// The refusal of a list of commands; nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize)]
#[error("command {command} was refused: {reason}")]
#[non_exhaustive]
pub struct Refusal {
    /// The index of the refused command, from 0.
    pub command: usize,
    /// Why the command was refused.
    pub reason: RefusalReason,
}

impl Refusal {
    /// Returns the stable name of the reason for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.reason.code()
    }
}

/// Why a command was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RefusalReason {
    /// The list has no command.
    #[error("there is nothing to do: the list of commands is empty")]
    Nothing,
    /// The list has more than [`MAX_COMMANDS`] commands.
    #[error("a list holds at most {MAX_COMMANDS} commands, this one has {found}")]
    TooMany {
        /// The number of commands.
        found: usize,
    },
    /// The commands do not fit into one entry of the record.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// A time ticket is in a list with other commands, which would be evaluated at its issue date
    /// (X6).
    #[error("a time ticket is used by a list of its own: this one has {found} commands")]
    TicketNotAlone {
        /// The number of commands.
        found: usize,
    },
    /// The actor has none of the roles that the command needs (A1).
    #[error("`{actor}` has none of the roles this takes: {}", OrList::of(needed))]
    Forbidden {
        /// Who gave the command.
        actor: UserId,
        /// The roles of which one would suffice.
        needed: &'static [Role],
    },
    /// The license, revocation list or time ticket cannot be installed (L1, L3, X1 to X7).
    #[error(transparent)]
    Unusable(#[from] DocumentIssue),
    /// The tenant has installed [`MAX_DOCUMENTS`] licenses and time tickets already.
    #[error("a tenant takes in at most {MAX_DOCUMENTS} licenses and time tickets, this one has them all")]
    TooManyDocuments,
    /// The catalog has no such plan; existing assignments of it can only be removed (C11).
    #[error("no plan of this catalog has the id `{plan}`")]
    UnknownPlan {
        /// The plan that was named.
        plan: PlanId,
    },
    /// Only user plans are assigned (S1).
    #[error("`{plan}` is a {scope} plan: only user plans are assigned to users")]
    NotAssignable {
        /// The plan that was named.
        plan: PlanId,
        /// Its scope.
        scope: Scope,
    },
    /// A deny list names an app that the plan does not have (C10).
    #[error("the plan `{plan}` has no app `{app}` that could be turned off")]
    NotAnAppOfIt {
        /// The plan that was named.
        plan: PlanId,
        /// The app that was named.
        app: AppId,
    },
    /// No unit is free (S2).
    #[error("no seat of `{plan}` is free: {taken} of {units} are taken{}{}", Waiting(*waiting), MoreFrom(*more_from))]
    NoFreeUnit {
        /// The plan that was named.
        plan: PlanId,
        /// The usable units of the plan.
        units: Total,
        /// How many units are taken.
        taken: u64,
        /// How many claims wait before this one.
        waiting: u64,
        /// When more units begin, if some are pending.
        #[serde(serialize_with = "instant::serialize_known")]
        more_from: Option<DateTime<Utc>>,
    },
    /// The user or group has no such assignment (S4).
    #[error("no such assignment: `{from}` does not have `{plan}`")]
    NoSuchAssignment {
        /// The user or group that was named.
        from: Assignee,
        /// The plan that was named.
        plan: PlanId,
    },
    /// The user has the plan only from groups, which an administrator has to change instead (S4).
    #[error("`{user}` has `{plan}` from {}: take it from there, or the user out of there", OrList::quoted(groups))]
    Inherited {
        /// The user that was named.
        user: UserId,
        /// The plan that was named.
        plan: PlanId,
        /// The groups that have the plan.
        groups: Vec<GroupId>,
    },
    /// What the plan requires would not be in effect for the user (S7).
    #[error("`{plan}` requires {} for `{user}`", OrList::quoted(any_of))]
    RequirementNotMet {
        /// The user that was named.
        user: UserId,
        /// The plan that was named.
        plan: PlanId,
        /// The plans of which any one would suffice.
        any_of: Vec<PlanId>,
    },
    /// The user has a claim on a plan that this one excludes (S8).
    #[error("`{plan}` excludes `{by}`, which `{user}` has {}: take that first", WithSources(sources))]
    Excluded {
        /// The user that was named.
        user: UserId,
        /// The plan that was named.
        plan: PlanId,
        /// The plan that excludes it, or that it excludes.
        by: PlanId,
        /// The sources of the user's claim on that plan; the user themself means a direct
        /// assignment.
        sources: Vec<Assignee>,
    },
    /// Another plan of the user requires this one, and would no longer be in effect (S7).
    #[error("`{user}` needs `{plan}` for `{by}`: take `{by}` as well")]
    StillRequired {
        /// The user that was named.
        user: UserId,
        /// The plan that was named.
        plan: PlanId,
        /// The plan that requires it.
        by: PlanId,
    },
    /// The user is not in the group (G2).
    #[error("`{user}` is not a member of `{group}`")]
    NoSuchMember {
        /// The user that was named.
        user: UserId,
        /// The group that was named.
        group: GroupId,
    },
    /// The user is in [`MAX_GROUPS`] groups already.
    #[error("`{user}` is in {MAX_GROUPS} groups already: nobody is in more")]
    TooManyGroups {
        /// The user that was named.
        user: UserId,
    },
    /// The user or group has [`MAX_ASSIGNED`] plans already.
    #[error("`{to}` has {MAX_ASSIGNED} plans already: nobody is assigned more")]
    TooManyPlans {
        /// The user or group that was named.
        to: Assignee,
    },
    /// The group has neither members nor plans.
    #[error("no such group: `{group}` has neither members nor plans")]
    NoSuchGroup {
        /// The group that was named.
        group: GroupId,
    },
    /// The group still has plans (G5).
    #[error("`{group}` still has {}: take them first", OrList::quoted(plans))]
    GroupHasPlans {
        /// The group that was named.
        group: GroupId,
        /// The plans of the group.
        plans: Vec<PlanId>,
    },
    /// The user has neither assignments nor memberships (S13).
    #[error("no such user: `{user}` has neither an assignment nor a membership")]
    NoSuchUser {
        /// The user that was named.
        user: UserId,
    },
    /// No license in force contains such a trial (T1).
    #[error("no license in force with the id {license} holds a trial of `{plan}`")]
    NoSuchTrial {
        /// The license that was named.
        license: LicenseId,
        /// The plan that was named.
        plan: PlanId,
    },
    /// The trial was started before; a trial starts once (T1).
    #[error("the trial of `{plan}` was started {}: a trial starts once", Written(*started))]
    TrialUsed {
        /// The plan that was named.
        plan: PlanId,
        /// When it was started.
        #[serde(serialize_with = "instant::serialize")]
        started: DateTime<Utc>,
    },
    /// The trial cannot be started now (T1).
    #[error("the trial of `{plan}` may be started from {window}, it is {}", Written(*at))]
    OutsideTheWindow {
        /// The plan that was named.
        plan: PlanId,
        /// When it may be started.
        window: Window,
        /// The reading at which the command was decided.
        #[serde(serialize_with = "instant::serialize")]
        at: DateTime<Utc>,
    },
    /// The publisher has ended the trial (L7).
    #[error("the trial of `{plan}` was ended by its publisher")]
    TrialEnded {
        /// The plan that was named.
        plan: PlanId,
    },
    /// Only a trial that is active is extended (T4).
    #[error("the trial of `{plan}` is not active but {phase}: only an active trial is extended")]
    TrialNotActive {
        /// The plan that was named.
        plan: PlanId,
        /// The phase of the trial.
        phase: Phase,
    },
    /// The trial was extended as often as its grant allows (T4).
    #[error("the trial of `{plan}` has no extension left")]
    NoExtensionLeft {
        /// The plan that was named.
        plan: PlanId,
    },
    /// The plan was bought, so its trial can no longer be extended or signed up for (L10, T2).
    #[error("`{plan}` was bought: its trial is over")]
    Bought {
        /// The plan that was named.
        plan: PlanId,
    },
    /// The tenant's administrators have switched sign-ups off (T2).
    #[error("signing up for trials is switched off here: contact an administrator for a license")]
    SignUpsOff,
    /// Users may not claim seats of the plan by themselves (S18).
    #[error("users do not claim seats of `{plan}` by themselves here: contact an administrator for a license")]
    ClaimsOff {
        /// The plan that was named.
        plan: PlanId,
    },
    /// The user who signs up or claims a seat has the plan already, directly or from a group (T2,
    /// S18).
    #[error("`{user}` has `{plan}` already")]
    HasItAlready {
        /// The user who gives the command.
        user: UserId,
        /// The plan that was named.
        plan: PlanId,
    },
    /// Only capacity plans have units to consume.
    #[error("`{plan}` is a {scope} plan: only capacity plans can be consumed")]
    NotConsumable {
        /// The plan that was named.
        plan: PlanId,
        /// Its scope.
        scope: Scope,
    },
    /// The consumption is for a month that has ended, or has not begun (M5).
    #[error("the consumption is for {month}, but the current month is {now}")]
    OtherMonth {
        /// The month of the consumption.
        month: Month,
        /// The month of the reading.
        now: Month,
    },
    /// The consumption was recorded before: it counts once (M5).
    #[error("the consumption `{consumption}` of {month} was recorded before: it counts once")]
    AlreadyRecorded {
        /// The id of the consumption.
        consumption: ConsumptionId,
        /// The month of the consumption.
        month: Month,
    },
    /// [`MAX_CONSUMPTIONS`] consumptions of the plan were recorded this month.
    #[error("at most {MAX_CONSUMPTIONS} consumptions of `{plan}` are recorded in a month, {month} has them all")]
    TooManyConsumptions {
        /// The plan that was named.
        plan: PlanId,
        /// The month.
        month: Month,
    },
    /// The consumption of the month would exceed the usable units and the overage (M3).
    #[error("`{plan}` does not cover it: {consumed} of {limit} are consumed in {month}{}", MoreFrom(*more_from))]
    NoCapacity {
        /// The plan that was named.
        plan: PlanId,
        /// The month.
        month: Month,
        /// The quantity consumed before.
        consumed: Quantity,
        /// The quantity that may be consumed, overage included.
        limit: Capacity,
        /// When more units begin, if some are pending.
        #[serde(serialize_with = "instant::serialize_known")]
        more_from: Option<DateTime<Utc>>,
    },
    /// The trial was started and is no longer active (T2).
    #[error("the trial of `{plan}` is not active but {phase}: nobody signs up for it any more")]
    TrialOver {
        /// The plan that was named.
        plan: PlanId,
        /// The phase of the trial.
        phase: Phase,
    },
}

impl RefusalReason {
    /// Returns a stable name for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Nothing => "refusal.nothing",
            Self::TooMany { .. } => "refusal.too-many",
            Self::Entry(error) => error.code(),
            Self::TicketNotAlone { .. } => "refusal.ticket-not-alone",
            Self::Forbidden { .. } => "refusal.forbidden",
            Self::Unusable(issue) => issue.code(),
            Self::TooManyDocuments => "refusal.too-many-documents",
            Self::UnknownPlan { .. } => "refusal.unknown-plan",
            Self::NotAssignable { .. } => "refusal.not-assignable",
            Self::NotAnAppOfIt { .. } => "refusal.not-an-app-of-it",
            Self::NoFreeUnit { .. } => "refusal.no-free-unit",
            Self::NoSuchAssignment { .. } => "refusal.no-such-assignment",
            Self::Inherited { .. } => "refusal.inherited",
            Self::RequirementNotMet { .. } => "refusal.requirement-not-met",
            Self::Excluded { .. } => "refusal.excluded",
            Self::StillRequired { .. } => "refusal.still-required",
            Self::NoSuchMember { .. } => "refusal.no-such-member",
            Self::TooManyGroups { .. } => "refusal.too-many-groups",
            Self::TooManyPlans { .. } => "refusal.too-many-plans",
            Self::NoSuchGroup { .. } => "refusal.no-such-group",
            Self::GroupHasPlans { .. } => "refusal.group-has-plans",
            Self::NoSuchUser { .. } => "refusal.no-such-user",
            Self::NoSuchTrial { .. } => "refusal.no-such-trial",
            Self::TrialUsed { .. } => "refusal.trial-used",
            Self::OutsideTheWindow { .. } => "refusal.outside-the-window",
            Self::TrialEnded { .. } => "refusal.trial-ended",
            Self::TrialNotActive { .. } => "refusal.trial-not-active",
            Self::NoExtensionLeft { .. } => "refusal.no-extension-left",
            Self::Bought { .. } => "refusal.bought",
            Self::SignUpsOff => "refusal.sign-ups-off",
            Self::ClaimsOff { .. } => "refusal.claims-off",
            Self::HasItAlready { .. } => "refusal.has-it-already",
            Self::TrialOver { .. } => "refusal.trial-over",
            Self::NotConsumable { .. } => "refusal.not-consumable",
            Self::OtherMonth { .. } => "refusal.other-month",
            Self::AlreadyRecorded { .. } => "refusal.already-recorded",
            Self::TooManyConsumptions { .. } => "refusal.too-many-consumptions",
            Self::NoCapacity { .. } => "refusal.no-capacity",
        }
    }
}
