//! Remedies and their steps, with their wording (K4).

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::num::NonZeroU32;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::catalog::release::Release;
use crate::id::PlanId;
use crate::license::checkpoint::Checkpoint;
use crate::message::{Language, Value, messages};
use crate::tenant::command::{Assignee, Assignment, Command, Membership, TrialName, Unassignment};
use crate::time::instant;

/// A smallest set of steps after which the check allows, in the order in which they must be done.
/// No step can be left out (K4).
///
/// Consecutive commands are one list (S6), for an actor with the roles that they need. A sign-up,
/// and a claim of a seat, is always a list of its own, which the user gives (T3, S18). A
/// deserialized remedy is not tried again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Remedy {
    pub(super) steps: Vec<Step>,
}

impl Remedy {
    /// Returns the steps in order.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Returns whether a step [affects others](Step::affects_others).
    #[must_use]
    pub fn affects_others(&self) -> bool {
        self.steps.iter().any(Step::affects_others)
    }
}

/// One step of a remedy. It names plans, groups and numbers, and no user except the one who is
/// denied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Step {
    /// Give a command to [`Tenant::decide`](crate::Tenant::decide).
    Do(Command),
    /// Let users with earlier places in the queue of a plan give up their claims.
    Free {
        /// The plan.
        plan: PlanId,
        /// The least number of claims.
        seats: NonZeroU32,
    },
    /// Buy units of a plan.
    Buy {
        /// The plan.
        plan: PlanId,
        /// The least number of units.
        units: NonZeroU32,
        /// What the purchase is beside those before it.
        kind: PurchaseKind,
    },
    /// Use a release of the application from before an instant, which the license covers. If the one
    /// in use has no date, ask its publisher for one that has (V2).
    UseRelease {
        /// The release in use.
        current: Release,
        /// The first instant at which a release is not covered.
        #[serde(with = "instant")]
        before: DateTime<Utc>,
    },
    /// Install a revocation list that the publisher issues now or later, which a license requires
    /// (X5); only where the key ring [accepts](crate::KeyRing::accepts) lists.
    TakeList,
    /// Compare the host's clock with another one. If it is right, ask the publisher for a time ticket
    /// that is anchored at this checkpoint, and install it (X6, K10); only where the key ring
    /// [accepts](crate::KeyRing::accepts) tickets.
    CompareClock {
        /// The instant that the clock shows.
        #[serde(with = "instant")]
        now: DateTime<Utc>,
        /// The record's floor: the latest instant of which it has evidence.
        #[serde(with = "instant")]
        floor: DateTime<Utc>,
        /// The head of the record, for the anchor of the ticket.
        checkpoint: Checkpoint,
    },
    /// Wait until an instant from which the check allows if nothing else happens.
    Wait {
        /// The first such instant.
        #[serde(with = "instant")]
        until: DateTime<Utc>,
    },
}

/// What a purchase is beside those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PurchaseKind {
    /// More units, in an additional paid grant.
    Additional,
    /// A renewal: the paid grants of the plan are all suspended or ended.
    Renewal,
    /// The plan bought once more after its publisher took it back: its paid grants are all over, and the
    /// last of them was revoked or withdrawn.
    Again,
}

impl Step {
    /// Returns whether other users than the one who is denied give something up or are commanded too:
    /// seats are freed, or a whole group is assigned a plan or loses one. After other steps nobody else
    /// can do less. [`Tenant::preview`](crate::Tenant::preview) says who would.
    #[must_use]
    pub fn affects_others(&self) -> bool {
        match self {
            Self::Free { .. } => true,
            Self::Do(
                Command::Assign(Assignment { to: whom, .. }) | Command::Unassign(Unassignment { from: whom, .. }),
            ) => {
                matches!(whom, Assignee::Group(_))
            }
            _ => false,
        }
    }
}

// The code of a step is that of its message, except where the number is 1 or apps stay off.
messages! {
    Step;
    Self::Do(Command::Assign(Assignment { to: Assignee::User(to), plan, except })) if except.is_empty() => "remedy.assign",
        "assign {plan} to {to}", plan, to;
    Self::Do(Command::Assign(Assignment { to: Assignee::User(to), plan, except })) => ("remedy.assign")
        "remedy.assign-except", "assign {plan} to {to} without {except}", plan, to, except = Value::all(except);
    Self::Do(Command::Assign(Assignment { to: Assignee::Group(to), plan, except })) if except.is_empty() =>
        "remedy.assign-group", "assign {plan} to the group {to}", plan, to;
    Self::Do(Command::Assign(Assignment { to: Assignee::Group(to), plan, except })) => ("remedy.assign-group")
        "remedy.assign-group-except", "assign {plan} to the group {to} without {except}",
        plan, to, except = Value::all(except);
    Self::Do(Command::Unassign(Unassignment { from: Assignee::User(from), plan })) => "remedy.unassign",
        "unassign {plan} from {from}", plan, from;
    Self::Do(Command::Unassign(Unassignment { from: Assignee::Group(from), plan })) => "remedy.unassign-group",
        "unassign {plan} from the whole group {from}, which takes it from all who have it only through the group", plan, from;
    Self::Do(Command::Join(Membership { user, group })) => "remedy.join",
        "add {user} to the group {group}", user, group;
    Self::Do(Command::Leave(Membership { user, group })) => "remedy.leave",
        "remove {user} from the group {group}", user, group;
    Self::Do(Command::StartTrial(TrialName { license, plan })) => "remedy.start-trial",
        "start the trial of {plan} in the license {license}", plan, license;
    Self::Do(Command::ExtendTrial(TrialName { license, plan })) => "remedy.extend-trial",
        "extend the trial of {plan} in the license {license}", plan, license;
    Self::Do(Command::SignUp(TrialName { license, plan })) => "remedy.sign-up",
        "have the user sign up for the trial of {plan} in the license {license}", plan, license;
    Self::Do(Command::SetSignUps(_)) => "remedy.allow-sign-ups", "allow users to sign up for trials";
    Self::Do(Command::ClaimSeat(plan)) => "remedy.claim-seat", "have the user claim a free seat of {plan}", plan;
    // Commands that no remedy contains.
    Self::Do(_) => "remedy.command", "give a command";
    Self::Free { plan, seats: NonZeroU32::MIN } => ("remedy.free") "remedy.free-one", "free 1 seat of {plan}", plan;
    Self::Free { plan, seats } => "remedy.free", "free {seats} seats of {plan}", seats, plan;
    Self::Buy { plan, units: NonZeroU32::MIN, kind: PurchaseKind::Additional } => ("remedy.buy")
        "remedy.buy-one", "buy 1 unit of {plan}", plan;
    Self::Buy { plan, units, kind: PurchaseKind::Additional } => "remedy.buy", "buy {units} units of {plan}", units, plan;
    Self::Buy { plan, units: NonZeroU32::MIN, kind: PurchaseKind::Renewal } => ("remedy.renew")
        "remedy.renew-one", "renew {plan} with at least 1 unit", plan;
    Self::Buy { plan, units, kind: PurchaseKind::Renewal } => "remedy.renew",
        "renew {plan} with at least {units} units", plan, units;
    Self::Buy { plan, units: NonZeroU32::MIN, kind: PurchaseKind::Again } => ("remedy.buy-again")
        "remedy.buy-again-one", "buy {plan} again, at least 1 unit", plan;
    Self::Buy { plan, units, kind: PurchaseKind::Again } => "remedy.buy-again",
        "buy {plan} again, at least {units} units", plan, units;
    Self::UseRelease { current: Release::Dated(_), before } => "remedy.use-release",
        "use a release of the application from before {fallback}", fallback = before;
    Self::UseRelease { current: Release::Undated, before } => ("remedy.use-release") "remedy.use-dated-release",
        "ask the publisher for a release of the application that names its date, from before {fallback}: this one has none",
        fallback = before;
    Self::TakeList => "remedy.take-list", "ask the publisher for its latest revocation list, and install it";
    Self::CompareClock { now, floor, checkpoint } => "remedy.compare-clock",
        "compare the clock of the machine that checks the license, which shows {now}, with another one: the record was last \
         written at {floor}. If the clock is right, ask the publisher for a time ticket with the anchor {checkpoint}", now, floor, checkpoint;
    Self::Wait { until } => "remedy.wait", "wait until {until}", until;
}

impl Remedy {
    /// Returns the steps in a language, one after the other. `O(n)` in its length.
    #[must_use]
    pub fn in_language(&self, language: &Language<'_>) -> String {
        language.in_order(&self.steps.iter().map(Step::message).collect::<Vec<_>>())
    }
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_language(&Language::ENGLISH))
    }
}
