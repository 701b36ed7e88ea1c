//! Remedies and their steps, with their wording (K4).

use alloc::vec::Vec;
use core::fmt;
use core::num::NonZeroU32;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::id::PlanId;
use crate::license::checkpoint::Checkpoint;
use crate::message::Message;
use crate::message::or_list::OrList;
use crate::tenant::command::{Assignee, Assignment, Command, Membership, TrialName, Unassignment};
use crate::time::{Written, instant};

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
    /// Buy more units of a plan, in an additional paid grant.
    Buy {
        /// The plan.
        plan: PlanId,
        /// The least number of additional units.
        units: NonZeroU32,
    },
    /// Buy a plan again whose paid grants are all suspended, ended or revoked.
    Renew {
        /// The plan.
        plan: PlanId,
        /// The least number of units.
        units: NonZeroU32,
    },
    /// Install a revocation list that the publisher issues now or later, which a license requires
    /// (X5).
    TakeList,
    /// Compare the host's clock with another one. If it is right, ask the publisher for a time ticket
    /// that is anchored at this checkpoint, and install it (X6, K10).
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

impl Step {
    /// Returns a stable name for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Do(command) => code_of(command),
            Self::Free { .. } => "remedy.free",
            Self::Buy { .. } => "remedy.buy",
            Self::Renew { .. } => "remedy.renew",
            Self::TakeList => "remedy.take-list",
            Self::CompareClock { .. } => "remedy.compare-clock",
            Self::Wait { .. } => "remedy.wait",
        }
    }
}

fn code_of(command: &Command) -> &'static str {
    match command {
        Command::Assign(assignment) => match assignment.to {
            Assignee::User(_) => "remedy.assign",
            Assignee::Group(_) => "remedy.assign-group",
        },
        Command::Unassign(unassignment) => match unassignment.from {
            Assignee::User(_) => "remedy.unassign",
            Assignee::Group(_) => "remedy.unassign-group",
        },
        Command::Join(_) => "remedy.join",
        Command::Leave(_) => "remedy.leave",
        Command::StartTrial(_) => "remedy.start-trial",
        Command::ExtendTrial(_) => "remedy.extend-trial",
        Command::SignUp(_) => "remedy.sign-up",
        Command::SetSignUps(_) => "remedy.allow-sign-ups",
        Command::ClaimSeat(_) => "remedy.claim-seat",
        // Commands that no remedy contains.
        Command::Install(_)
        | Command::RemoveUser(_)
        | Command::RemoveGroup(_)
        | Command::SetClaimOnFirstUse(_)
        | Command::Consume(_)
        | Command::InstallRevocationList(_)
        | Command::CorrectTime(_)
        | Command::RecordTime => "remedy.command",
    }
}

impl Step {
    /// Returns the message of this step. Its code is that of the step, with `-one` appended where
    /// the number is 1, and `-except` where apps stay off.
    #[must_use]
    pub fn message(&self) -> Message {
        let message = |english| Message::new(self.code(), english);
        match self {
            Self::Do(command) => command_message(command, message),
            Self::Free { plan, seats } => match seats.get() {
                1 => Message::new("remedy.free-one", "free 1 seat of `{plan}`").with("plan", plan),
                seats => message("free {seats} seats of `{plan}`").with("plan", plan).with("seats", seats),
            },
            Self::Buy { plan, units } => match units.get() {
                1 => Message::new("remedy.buy-one", "buy 1 unit of `{plan}`").with("plan", plan),
                units => message("buy {units} units of `{plan}`").with("plan", plan).with("units", units),
            },
            Self::Renew { plan, units } => match units.get() {
                1 => Message::new("remedy.renew-one", "renew `{plan}` with at least 1 unit").with("plan", plan),
                units => message("renew `{plan}` with at least {units} units").with("plan", plan).with("units", units),
            },
            Self::TakeList => message("install a recent revocation list of the publisher"),
            Self::CompareClock { now, floor, checkpoint } => message(
                "compare the clock, which shows {now}, with another one: the record was written until {floor}. If the \
                 clock is right, ask the publisher for a time ticket with the anchor {checkpoint}",
            )
            .with("now", Written(*now))
            .with("floor", Written(*floor))
            .with("checkpoint", checkpoint),
            Self::Wait { until } => message("wait until {until}").with("until", Written(*until)),
        }
    }
}

fn command_message(command: &Command, message: impl Fn(&'static str) -> Message) -> Message {
    match command {
        Command::Assign(assignment) => assignment_message(assignment, message),
        Command::Unassign(Unassignment { from, plan }) => {
            let english = match from {
                Assignee::User(_) => "unassign `{plan}` from `{from}`",
                Assignee::Group(_) => "unassign `{plan}` from the group `{from}`",
            };
            message(english).with("plan", plan).with("from", from)
        }
        Command::Join(Membership { user, group }) => {
            message("add `{user}` to the group `{group}`").with("user", user).with("group", group)
        }
        Command::Leave(Membership { user, group }) => {
            message("remove `{user}` from the group `{group}`").with("user", user).with("group", group)
        }
        Command::StartTrial(name) => of_trial(message("start the trial of `{plan}` in the license {license}"), name),
        Command::ExtendTrial(name) => of_trial(message("extend the trial of `{plan}` in the license {license}"), name),
        Command::SignUp(name) => {
            of_trial(message("have the user sign up for the trial of `{plan}` in the license {license}"), name)
        }
        Command::SetSignUps(_) => message("allow users to sign up for trials"),
        Command::ClaimSeat(plan) => message("have the user claim a free seat of `{plan}`").with("plan", plan),
        // Commands that no remedy contains.
        _ => message("give a command"),
    }
}

fn assignment_message(
    Assignment { to, plan, except }: &Assignment,
    message: impl Fn(&'static str) -> Message,
) -> Message {
    let assignment = match (to, except.as_slice()) {
        (Assignee::User(_), []) => message("assign `{plan}` to `{to}`"),
        (Assignee::Group(_), []) => message("assign `{plan}` to the group `{to}`"),
        (Assignee::User(_), _) => Message::new("remedy.assign-except", "assign `{plan}` to `{to}` without {except}"),
        (Assignee::Group(_), _) => {
            Message::new("remedy.assign-group-except", "assign `{plan}` to the group `{to}` without {except}")
        }
    };
    let assignment = assignment.with("plan", plan).with("to", to);
    if except.is_empty() { assignment } else { assignment.with("except", OrList::quoted(except)) }
}

fn of_trial(message: Message, name: &TrialName) -> Message {
    message.with("plan", &name.plan).with("license", name.license)
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.steps.iter().enumerate().try_for_each(|(index, step)| {
            f.write_str(if index == 0 { "" } else { ", then " })?;
            step.fmt(f)
        })
    }
}
