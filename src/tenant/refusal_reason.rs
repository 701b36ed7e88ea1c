//! Why a command may not be done.

use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::Serialize;
use thiserror::Error;

use crate::catalog::offer::Scope;
use crate::id::user::UserId;
use crate::id::{AppId, ConsumptionId, GroupId, LicenseId, PlanId};
use crate::message::{Value, messages};
use crate::quantity::amount::{Amount, Capacity, Quantity};
use crate::quantity::units::Total;
use crate::tenant::command::{Assignee, MAX_COMMANDS};
use crate::tenant::consumption::MAX_CONSUMPTIONS;
use crate::tenant::document_issue::DocumentIssue;
use crate::tenant::entry::EntryError;
use crate::tenant::limits::{MAX_ASSIGNED, MAX_GROUPS};
use crate::tenant::no_units::NoUnits;
use crate::tenant::role::Role;
use crate::tenant::source::source;
use crate::time::instant;
use crate::time::month::Month;
use crate::time::{Phase, Window};

/// The most licenses and time tickets that a tenant installs: decades of renewals. Revocation lists
/// do not count.
pub const MAX_DOCUMENTS: usize = 1_000;

/// Why a command was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RefusalReason {
    /// The list has no command.
    Nothing,
    /// The list has more than [`MAX_COMMANDS`] commands.
    TooMany {
        /// The number of commands.
        found: usize,
    },
    /// The commands do not fit into one entry of the record.
    Entry(#[from] EntryError),
    /// A time ticket is in a list with other commands, which would be evaluated at its issue date
    /// (X6).
    TicketNotAlone {
        /// The number of commands.
        found: usize,
    },
    /// The actor has none of the roles that the command needs (A1).
    Forbidden {
        /// Who gave the command.
        actor: UserId,
        /// The roles of which one would suffice.
        needed: &'static [Role],
    },
    /// The license, revocation list or time ticket cannot be installed (L1, L3, X1 to X7).
    Unusable(#[from] DocumentIssue),
    /// The tenant has installed [`MAX_DOCUMENTS`] licenses and time tickets already.
    TooManyDocuments,
    /// The catalog has no such plan; existing assignments of it can only be removed (C11).
    UnknownPlan {
        /// The plan that was named.
        plan: PlanId,
    },
    /// Only user plans are assigned (S1).
    NotAssignable {
        /// The plan that was named.
        plan: PlanId,
        /// Its scope.
        scope: Scope,
    },
    /// A deny list names an app that the plan does not have (C10).
    NotAnAppOfIt {
        /// The plan that was named.
        plan: PlanId,
        /// The app that was named.
        app: AppId,
    },
    /// The plan has no usable units, so that nobody can have a seat or consume (S2, M2).
    NoUsableUnits {
        /// The plan that was named.
        plan: PlanId,
        /// Why it has none.
        why: NoUnits,
    },
    /// No unit is free (S2).
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
    NoSuchAssignment {
        /// The user or group that was named.
        from: Assignee,
        /// The plan that was named.
        plan: PlanId,
    },
    /// The user has the plan only from groups, which an administrator has to change instead (S4).
    Inherited {
        /// The user that was named.
        user: UserId,
        /// The plan that was named.
        plan: PlanId,
        /// The groups that have the plan.
        groups: Vec<GroupId>,
    },
    /// What the plan requires would not be in effect for the user (S7).
    RequirementNotMet {
        /// The user that was named.
        user: UserId,
        /// The plan that was named.
        plan: PlanId,
        /// The plans of which any one would suffice.
        any_of: Vec<PlanId>,
    },
    /// The user has a claim on a plan that this one excludes, or would have it by the same list (S8).
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
    StillRequired {
        /// The user that was named.
        user: UserId,
        /// The plan that was named.
        plan: PlanId,
        /// The plan that requires it.
        by: PlanId,
    },
    /// The user is not in the group (G2).
    NoSuchMember {
        /// The user that was named.
        user: UserId,
        /// The group that was named.
        group: GroupId,
    },
    /// The user is in [`MAX_GROUPS`] groups already.
    TooManyGroups {
        /// The user that was named.
        user: UserId,
    },
    /// The user or group has [`MAX_ASSIGNED`] plans already.
    TooManyPlans {
        /// The user or group that was named.
        to: Assignee,
    },
    /// The group has neither members nor plans.
    NoSuchGroup {
        /// The group that was named.
        group: GroupId,
    },
    /// The group still has plans (G5).
    GroupHasPlans {
        /// The group that was named.
        group: GroupId,
        /// The plans of the group.
        plans: Vec<PlanId>,
    },
    /// The user has neither assignments nor memberships (S13).
    NoSuchUser {
        /// The user that was named.
        user: UserId,
    },
    /// No license in force contains such a trial (T1).
    NoSuchTrial {
        /// The license that was named.
        license: LicenseId,
        /// The plan that was named.
        plan: PlanId,
    },
    /// The trial was started before; a trial starts once (T1).
    TrialUsed {
        /// The plan that was named.
        plan: PlanId,
        /// When it was started.
        #[serde(serialize_with = "instant::serialize")]
        started: DateTime<Utc>,
    },
    /// The trial cannot be started now (T1).
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
    TrialEnded {
        /// The plan that was named.
        plan: PlanId,
    },
    /// Only a trial that is active is extended (T4).
    TrialNotActive {
        /// The plan that was named.
        plan: PlanId,
        /// The phase of the trial.
        phase: Phase,
    },
    /// The trial was extended as often as its grant allows (T4).
    NoExtensionLeft {
        /// The plan that was named.
        plan: PlanId,
    },
    /// The plan was bought, so its trial can no longer be extended or signed up for (L10, T2).
    Bought {
        /// The plan that was named.
        plan: PlanId,
    },
    /// The tenant's administrators have switched sign-ups off (T2).
    SignUpsOff,
    /// Users may not claim seats of the plan by themselves (S18).
    ClaimsOff {
        /// The plan that was named.
        plan: PlanId,
    },
    /// The user who signs up or claims a seat has the plan already, directly or from a group (T2,
    /// S18).
    HasItAlready {
        /// The user who gives the command.
        user: UserId,
        /// The plan that was named.
        plan: PlanId,
    },
    /// Only capacity plans have units to consume.
    NotConsumable {
        /// The plan that was named.
        plan: PlanId,
        /// Its scope.
        scope: Scope,
    },
    /// The consumption is for a month that has ended, or has not begun (M5).
    OtherMonth {
        /// The month of the consumption.
        month: Month,
        /// The month of the reading.
        now: Month,
    },
    /// The consumption was recorded before: it counts once (M5).
    AlreadyRecorded {
        /// The id of the consumption.
        consumption: ConsumptionId,
        /// The month of the consumption.
        month: Month,
    },
    /// [`MAX_CONSUMPTIONS`] consumptions of the plan were recorded this month.
    TooManyConsumptions {
        /// The plan that was named.
        plan: PlanId,
        /// The month.
        month: Month,
    },
    /// The consumption of the month would exceed the usable units and the overage (M3).
    NoCapacity {
        /// The plan that was named.
        plan: PlanId,
        /// The month.
        month: Month,
        /// The amount that was to be consumed.
        amount: Amount,
        /// The quantity consumed before, by earlier commands of the list too.
        consumed: Quantity,
        /// The quantity that may be consumed, overage included.
        limit: Capacity,
        /// When more units begin, if some are pending.
        #[serde(serialize_with = "instant::serialize_known")]
        more_from: Option<DateTime<Utc>>,
    },
    /// The trial was started and is no longer active (T2).
    TrialOver {
        /// The plan that was named.
        plan: PlanId,
        /// The phase of the trial.
        phase: Phase,
    },
}

messages! {
    RefusalReason
        as Self::Entry(error) => error
        as Self::Unusable(error) => error;
    Self::Nothing => "refusal.nothing", "there is nothing to do: the list of commands is empty";
    Self::TooMany { found } => "refusal.too-many", "a list holds at most {max} commands, this one has {found}",
        max = MAX_COMMANDS, found;
    Self::TicketNotAlone { found } => "refusal.ticket-not-alone",
        "a time ticket must be the only command of its list, this one has {found} commands", found;
    Self::Forbidden { actor, needed: [role] } => ("refusal.forbidden")
        "refusal.forbidden-one", "this takes the role {role}, which {actor} does not have", actor, role;
    Self::Forbidden { actor, needed } => "refusal.forbidden", "this takes one of these roles, and {actor} has none of them: {needed}",
        actor, needed = Value::any_of(*needed);
    Self::TooManyDocuments => "refusal.too-many-documents",
        "a tenant takes in at most {max} licenses and time tickets, this one has them all", max = MAX_DOCUMENTS;
    Self::UnknownPlan { plan } => "refusal.unknown-plan", "no plan of this catalog has the id {plan}", plan;
    Self::NotAssignable { plan, scope } => "refusal.not-assignable",
        "the plan {plan} ({scope}) cannot be assigned: only user plans are assigned to users", plan, scope;
    Self::NotAnAppOfIt { plan, app } => "refusal.not-an-app-of-it",
        "the plan {plan} has no app {app} that could be turned off", plan, app;
    Self::NoUsableUnits { plan, why } => "refusal.no-usable-units", "{plan} has no usable units: {why}", plan, why;
    Self::NoFreeUnit { plan, units, taken, waiting: 0, more_from: None } => "refusal.no-free-unit",
        "no seat of {plan} is free, taken: {taken} of {units}", plan, taken, units;
    Self::NoFreeUnit { plan, units, taken, waiting, more_from: None } => ("refusal.no-free-unit")
        "refusal.no-free-unit-waiting", "no seat of {plan} is free, taken: {taken} of {units}, waiting: {waiting}",
        plan, taken, units, waiting;
    Self::NoFreeUnit { plan, units, taken, waiting: 0, more_from: Some(from) } => ("refusal.no-free-unit")
        "refusal.no-free-unit-before", "no seat of {plan} is free, taken: {taken} of {units}, more from {from}",
        plan, taken, units, from;
    Self::NoFreeUnit { plan, units, taken, waiting, more_from: Some(from) } => ("refusal.no-free-unit")
        "refusal.no-free-unit-waiting-before",
        "no seat of {plan} is free, taken: {taken} of {units}, waiting: {waiting}, more from {from}",
        plan, taken, units, waiting, from;
    Self::NoSuchAssignment { from: Assignee::User(from), plan } => "refusal.no-such-assignment",
        "no such assignment: {from} does not have {plan}", from, plan;
    Self::NoSuchAssignment { from: Assignee::Group(from), plan } => ("refusal.no-such-assignment")
        "refusal.no-such-assignment-group", "no such assignment: the group {from} does not have {plan}", from, plan;
    Self::Inherited { user, plan, groups } => "refusal.inherited",
        "{user} has {plan} from {groups}: unassign the plan from the group, or remove the user from the group",
        user, plan, groups = Value::all(groups);
    Self::RequirementNotMet { user, plan, any_of } => "refusal.requirement-not-met",
        "{plan} requires {any_of} for {user}", plan, any_of = Value::any_of(any_of), user;
    Self::Excluded { user, plan, by, sources } => "refusal.excluded",
        "{user} cannot have both {plan} and {by} ({sources}), which exclude each other: remove one first, or leave it out",
        user, plan, by, sources = Value::all(sources.iter().map(source));
    Self::StillRequired { user, plan, by } => "refusal.still-required",
        "{user} needs {plan} for {by}: unassign {by} as well", user, plan, by;
    Self::NoSuchMember { user, group } => "refusal.no-such-member", "{user} is not a member of {group}", user, group;
    Self::TooManyGroups { user } => "refusal.too-many-groups", "{user} is in {max} groups already: nobody is in more",
        user, max = MAX_GROUPS;
    Self::TooManyPlans { to } => "refusal.too-many-plans", "{to} has {max} plans already: nobody is assigned more",
        to, max = MAX_ASSIGNED;
    Self::NoSuchGroup { group } => "refusal.no-such-group", "no such group: {group} has neither members nor plans",
        group;
    Self::GroupHasPlans { group, plans } => "refusal.group-has-plans", "{group} still has {plans}: unassign them first",
        group, plans = Value::all(plans);
    Self::NoSuchUser { user } => "refusal.no-such-user",
        "no such user: {user} has neither an assignment nor a membership", user;
    Self::NoSuchTrial { license, plan } => "refusal.no-such-trial",
        "no license in force with the id {license} holds a trial of {plan}", license, plan;
    Self::TrialUsed { plan, started } => "refusal.trial-used",
        "the trial of {plan} was started on {started}: a trial starts once", plan, started;
    Self::OutsideTheWindow { plan, window, at } => "refusal.outside-the-window",
        "the trial of {plan} may be started from {opens} until {closes}, it is {at}",
        plan, opens = window.opens(), closes = window.closes(), at;
    Self::TrialEnded { plan } => "refusal.trial-ended", "the trial of {plan} was ended by its publisher", plan;
    Self::TrialNotActive { plan, phase } => "refusal.trial-not-active",
        "only an active trial is extended, that of {plan} is: {phase}", plan, phase;
    Self::NoExtensionLeft { plan } => "refusal.no-extension-left", "the trial of {plan} has no extension left", plan;
    Self::Bought { plan } => "refusal.bought", "{plan} was bought: its trial is over", plan;
    Self::SignUpsOff => "refusal.sign-ups-off",
        "signing up for trials is switched off here: contact an administrator for a license";
    Self::ClaimsOff { plan } => "refusal.claims-off",
        "users do not claim seats of {plan} by themselves here: contact an administrator for a license", plan;
    Self::HasItAlready { user, plan } => "refusal.has-it-already", "{user} has {plan} already", user, plan;
    Self::NotConsumable { plan, scope } => "refusal.not-consumable",
        "the plan {plan} ({scope}) cannot be consumed: only capacity plans can", plan, scope;
    Self::OtherMonth { month, now } => "refusal.other-month",
        "the consumption is for {month}, but the current month is {now}", month, now;
    Self::AlreadyRecorded { consumption, month } => "refusal.already-recorded",
        "the consumption {consumption} of {month} was recorded before: it counts once", consumption, month;
    Self::TooManyConsumptions { plan, month } => "refusal.too-many-consumptions",
        "at most {max} consumptions of {plan} are recorded in a month, {month} has them all",
        max = MAX_CONSUMPTIONS, plan, month;
    Self::NoCapacity { plan, month, amount, consumed, limit, more_from: Some(from) } => ("refusal.no-capacity")
        "refusal.no-capacity-before",
        "{plan} does not cover {amount} more: {consumed} of {limit} are consumed in {month}, more from {from}",
        plan, amount, consumed, limit, month, from;
    Self::NoCapacity { plan, month, amount, consumed, limit, more_from: None } => "refusal.no-capacity",
        "{plan} does not cover {amount} more: {consumed} of {limit} are consumed in {month}",
        plan, amount, consumed, limit, month;
    Self::TrialOver { plan, phase } => "refusal.trial-over",
        "nobody signs up for the trial of {plan} any more, it is: {phase}", plan, phase;
}
