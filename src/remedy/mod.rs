//! Answers what would help a denied user: the smallest sets of steps after which the check allows
//! (K4).
//! It takes a denial and an effort, and tries steps on copies of the tenant.
//! It must not know how commands are decided or plans evaluated: it asks the tenant.

use alloc::vec::Vec;
use core::fmt;
use core::num::NonZeroU32;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub(crate) mod candidates;
pub(crate) mod effort;
pub(crate) mod longer;
pub(crate) mod search;
pub(crate) mod simulation;

use crate::decision::Denial;
use crate::id::PlanId;
use crate::message::Message;
use crate::message::or_list::OrList;
use crate::tenant::command::{Assignee, Assignment, Command, Membership, TrialName, Unassignment};
use crate::time::{Written, instant};
use effort::{Effort, SearchStatus};
use search::Search;

/// A smallest set of steps after which the check allows, in the order in which they must be done.
/// No step can be left out (K4).
///
/// Consecutive commands are one list (S6), for an actor with the roles that they need. A sign-up is
/// always a list of its own, which the user gives (T3). A deserialized remedy is not tried again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Remedy {
    steps: Vec<Step>,
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
        // Commands that no remedy contains.
        Command::Install(_)
        | Command::RemoveUser(_)
        | Command::RemoveGroup(_)
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
    pub fn sentence(&self) -> Message {
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
        self.sentence().fmt(f)
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

/// An iterator of the remedies of a denial, found on demand: those of one step first, the nearest
/// miss first.
#[derive(Debug)]
pub struct Remedies<'a>(Search<'a>);

impl Iterator for Remedies<'_> {
    type Item = Remedy;

    fn next(&mut self) -> Option<Remedy> {
        self.0.next()
    }
}

impl Remedies<'_> {
    /// Returns how complete the search is. If it was cut short, there may be more remedies.
    #[must_use]
    pub fn status(&self) -> SearchStatus {
        self.0.status()
    }

    /// Returns only the remedies of one step that the user can do alone.
    pub(crate) fn by_the_user(self) -> Self {
        Self(self.0.by_the_user())
    }
}

impl<'a> Denial<'a> {
    /// Returns the remedies of the denial: every smallest set of one or two steps after which the
    /// check allows. If there is none, one set of more steps if the search finds one; an empty
    /// result does not prove that nothing helps (K4). An unknown app has no remedies.
    ///
    /// The steps are all commands about the user and about groups, except removing the user; one
    /// purchase and one freeing of seats for each plan; a recent revocation list; and waiting for
    /// the first date that helps. Steps that need nothing from others come first. A user who gives
    /// up a place by leaving a group gives up everything else from that group, which frees more
    /// than is counted here. A set that frees seats of a plan neither assigns the plan to a group
    /// nor unassigns it from one. Each remedy is tried on a copy of the tenant before it is
    /// returned, so one remedy costs a few times what deciding and applying it does, and all
    /// remedies of two steps take some trials for each pair of steps that could help. Take only as
    /// many as you need.
    ///
    /// The search stops after [`Effort::DEFAULT`]. [`Denial::remedies_within`] takes another limit.
    #[must_use]
    pub fn remedies(&self) -> Remedies<'a> {
        self.remedies_within(Effort::DEFAULT)
    }

    /// Returns the remedies that a limited effort finds, as [`Denial::remedies`] (X8).
    ///
    /// Trials that cost more than the remaining effort are left out: first commands about groups
    /// with very many members, then pairs of steps. At most 1,000 groups that the user is not in
    /// are considered, groups with a plan that lists the app first. [`Remedies::status`] returns
    /// whether anything was left out. A quarter of the effort is reserved for one remedy of more
    /// steps, if there is no other.
    ///
    /// In addition, it costs as much as [`Denial::explain`], and `O(n)` in the groups of the tenant
    /// with their plans, and in its grants.
    #[must_use]
    pub fn remedies_within(&self, effort: Effort) -> Remedies<'a> {
        Remedies(Search::new(self, effort))
    }
}
