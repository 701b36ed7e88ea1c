//! What would help: the smallest sets of steps after which a denied user may open the app (K4).

use alloc::vec::Vec;
use core::fmt;
use core::num::NonZeroU32;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub(crate) mod cures;
pub(crate) mod scene;
pub(crate) mod search;

use crate::decision::Denial;
use crate::id::PlanId;
use crate::tenant::command::{Assignee, Command};
use crate::time::{Written, instant};
use search::Search;

/// A smallest set of steps after which the check allows, in the order in which they are to be done: one step or two, and
/// none of them can be left out (K4).
///
/// Commands that stand next to each other are one list (S6), to be decided by somebody with the roles they take; but a
/// sign-up is a list of its own, which the user gives themself (T3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Remedy {
    steps: Vec<Step>,
}

impl Remedy {
    /// The steps in their order.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }
}

/// One step of a remedy. It names plans, groups and numbers, and nobody but the user who was denied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Step {
    /// Give a command, ready for [`Tenant::decide`](crate::Tenant::decide).
    Do(Command),
    /// Let some who are ahead in the line of a plan give up their seats, or their places.
    Free {
        /// The plan.
        plan: PlanId,
        /// How many have to, at least.
        seats: NonZeroU32,
    },
    /// Buy more of a plan: a paid grant beside those there are.
    Buy {
        /// The plan.
        plan: PlanId,
        /// How many units more, at least.
        units: NonZeroU32,
    },
    /// Buy a plan again of which all that was bought is suspended or over.
    Renew {
        /// The plan.
        plan: PlanId,
        /// How many units, at least.
        units: NonZeroU32,
    },
    /// Take in a revocation list that the publisher issues now or later, for which a license asks (X5).
    TakeList,
    /// Wait: from this instant on it helps, should nothing else happen.
    Wait {
        /// The first such instant.
        #[serde(with = "instant")]
        until: DateTime<Utc>,
    },
}

impl Step {
    /// A stable name for programs and translations.
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
        Command::RemoveUser(_) => "remedy.remove-user",
        Command::StartTrial(_) => "remedy.start-trial",
        Command::ExtendTrial(_) => "remedy.extend-trial",
        Command::SignUp(_) => "remedy.sign-up",
        Command::SetSignUps(_) => "remedy.allow-sign-ups",
        // What no remedy is made of.
        Command::Install(_)
        | Command::RemoveGroup(_)
        | Command::Draw(_)
        | Command::Revoke(_)
        | Command::CorrectTime(_)
        | Command::Mark => "remedy.command",
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Do(command) => say(command, f),
            Self::Free { plan, seats } => write!(f, "free {} of `{plan}`", Number(*seats, "seat")),
            Self::Buy { plan, units } => write!(f, "buy {} of `{plan}`", Number(*units, "unit")),
            Self::Renew { plan, units } => write!(f, "renew `{plan}` with {}", Number(*units, "unit")),
            Self::TakeList => f.write_str("take in a recent revocation list of the publisher"),
            Self::Wait { until } => write!(f, "wait until {}", Written(*until)),
        }
    }
}

fn say(command: &Command, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match command {
        Command::Assign(assignment) => {
            write!(f, "assign `{}` to `{}`", assignment.plan, assignment.to)?;
            assignment.except.iter().enumerate().try_for_each(|(index, app)| {
                let before = if index == 0 { " without" } else { "," };
                write!(f, "{before} `{app}`")
            })
        }
        Command::Unassign(unassignment) => write!(f, "take `{}` from `{}`", unassignment.plan, unassignment.from),
        Command::Join(membership) => write!(f, "add `{}` to `{}`", membership.user, membership.group),
        Command::Leave(membership) => write!(f, "take `{}` out of `{}`", membership.user, membership.group),
        Command::RemoveUser(user) => write!(f, "remove `{user}` with all they have"),
        Command::StartTrial(name) => write!(f, "start the trial of `{}` in the license {}", name.plan, name.license),
        Command::ExtendTrial(name) => write!(f, "extend the trial of `{}` in the license {}", name.plan, name.license),
        Command::SignUp(name) => {
            write!(f, "let the user sign up for the trial of `{}` in the license {}", name.plan, name.license)
        }
        Command::SetSignUps(_) => f.write_str("let users sign up for trials by themselves"),
        other => write!(f, "{other:?}"),
    }
}

/// So many of something.
struct Number(NonZeroU32, &'static str);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(number, thing) = self;
        write!(f, "{number} {thing}{}", if number.get() == 1 { "" } else { "s" })
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

/// The remedies of a denial, found one by one as they are asked for: those of one step first, of the nearest plan first.
#[derive(Debug)]
pub struct Remedies<'a>(Search<'a>);

impl Iterator for Remedies<'_> {
    type Item = Remedy;

    fn next(&mut self) -> Option<Remedy> {
        self.0.next()
    }
}

impl<'a> Denial<'a> {
    /// What would help: every smallest set of one step or two after which the check allows (K4). None for an unknown app.
    ///
    /// The steps are all commands about the user and about groups, one purchase and one freeing of seats for a plan, a recent
    /// revocation list, and waiting for the first date that helps. Each remedy was tried on a copy of the tenant before it is
    /// given, so finding one costs a few times what deciding and applying it does; to find all of two steps takes some
    /// such trials for each pair of steps that could help. Take as many as you can use.
    #[must_use]
    pub fn remedies(&self) -> Remedies<'a> {
        Remedies(Search::new(self))
    }
}
