//! What would help: the smallest sets of steps after which a denied user may open the app (K4).

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
use crate::or_list::OrList;
use crate::tenant::command::{Assignee, Assignment, Command, Membership, TrialName, Unassignment};
use crate::time::{Written, instant};
use effort::{Effort, SearchStatus};
use search::Search;

/// A smallest set of steps after which the check allows, in the order in which they are to be done; none of them can be left
/// out (K4).
///
/// Commands that stand next to each other are one list (S6), to be decided by somebody with the roles they take; but a
/// sign-up is a list of its own, which the user gives themself (T3). One that is read back from data was not tried.
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
    /// Buy a plan again of which all that was bought is suspended, over or revoked.
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
        Command::StartTrial(_) => "remedy.start-trial",
        Command::ExtendTrial(_) => "remedy.extend-trial",
        Command::SignUp(_) => "remedy.sign-up",
        Command::SetSignUps(_) => "remedy.allow-sign-ups",
        // What no remedy is made of.
        Command::Install(_)
        | Command::RemoveUser(_)
        | Command::RemoveGroup(_)
        | Command::Draw(_)
        | Command::Revoke(_)
        | Command::CorrectTime(_)
        | Command::Mark => "remedy.command",
    }
}

impl Step {
    /// What it says. Its code is that of the step; `-one` behind it where one of something is spoken of, and `-except` where
    /// apps stay off.
    #[must_use]
    pub fn sentence(&self) -> Message {
        let say = |english| Message::new(self.code(), english);
        match self {
            Self::Do(command) => say_command(command, say),
            Self::Free { plan, seats } => match seats.get() {
                1 => Message::new("remedy.free-one", "free 1 seat of `{plan}`").with("plan", plan),
                seats => say("free {seats} seats of `{plan}`").with("plan", plan).with("seats", seats),
            },
            Self::Buy { plan, units } => match units.get() {
                1 => Message::new("remedy.buy-one", "buy 1 unit of `{plan}`").with("plan", plan),
                units => say("buy {units} units of `{plan}`").with("plan", plan).with("units", units),
            },
            Self::Renew { plan, units } => match units.get() {
                1 => Message::new("remedy.renew-one", "renew `{plan}` with at least 1 unit").with("plan", plan),
                units => say("renew `{plan}` with at least {units} units").with("plan", plan).with("units", units),
            },
            Self::TakeList => say("take in a recent revocation list of the publisher"),
            Self::Wait { until } => say("wait until {until}").with("until", Written(*until)),
        }
    }
}

fn say_command(command: &Command, say: impl Fn(&'static str) -> Message) -> Message {
    match command {
        Command::Assign(assignment) => say_assignment(assignment, say),
        Command::Unassign(Unassignment { from, plan }) => {
            let words = match from {
                Assignee::User(_) => "take `{plan}` from `{from}`",
                Assignee::Group(_) => "take `{plan}` from the group `{from}`",
            };
            say(words).with("plan", plan).with("from", from)
        }
        Command::Join(Membership { user, group }) => {
            say("add `{user}` to the group `{group}`").with("user", user).with("group", group)
        }
        Command::Leave(Membership { user, group }) => {
            say("take `{user}` out of the group `{group}`").with("user", user).with("group", group)
        }
        Command::StartTrial(name) => of_trial(say("start the trial of `{plan}` in the license {license}"), name),
        Command::ExtendTrial(name) => of_trial(say("extend the trial of `{plan}` in the license {license}"), name),
        Command::SignUp(name) => {
            of_trial(say("have the user sign up for the trial of `{plan}` in the license {license}"), name)
        }
        Command::SetSignUps(_) => say("let users sign up for trials by themselves"),
        // What no remedy is made of.
        _ => say("give a command"),
    }
}

fn say_assignment(Assignment { to, plan, except }: &Assignment, say: impl Fn(&'static str) -> Message) -> Message {
    let sentence = match (to, except.as_slice()) {
        (Assignee::User(_), []) => say("assign `{plan}` to `{to}`"),
        (Assignee::Group(_), []) => say("assign `{plan}` to the group `{to}`"),
        (Assignee::User(_), _) => Message::new("remedy.assign-except", "assign `{plan}` to `{to}` without {except}"),
        (Assignee::Group(_), _) => {
            Message::new("remedy.assign-group-except", "assign `{plan}` to the group `{to}` without {except}")
        }
    };
    let sentence = sentence.with("plan", plan).with("to", to);
    if except.is_empty() { sentence } else { sentence.with("except", OrList::quoted(except)) }
}

fn of_trial(sentence: Message, name: &TrialName) -> Message {
    sentence.with("plan", &name.plan).with("license", name.license)
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

/// The remedies of a denial, found one by one as they are asked for: those of one step first, the nearest miss first.
#[derive(Debug)]
pub struct Remedies<'a>(Search<'a>);

impl Iterator for Remedies<'_> {
    type Item = Remedy;

    fn next(&mut self) -> Option<Remedy> {
        self.0.next()
    }
}

impl Remedies<'_> {
    /// How far the search has come: where it was cut short, more may help than it gave.
    #[must_use]
    pub fn status(&self) -> SearchStatus {
        self.0.status()
    }

    /// Those of one step that the user can do themself.
    pub(crate) fn by_the_user(self) -> Self {
        Self(self.0.by_the_user())
    }
}

impl<'a> Denial<'a> {
    /// What would help: every smallest set of one step or two after which the check allows; where there is none, one of more steps, if
    /// one is found: none is no proof that nothing helps (K4). None for an unknown app.
    ///
    /// The steps are all commands about the user and about groups, but to remove the user; one purchase and one freeing of seats
    /// for a plan, a recent revocation list, and waiting for the first date that helps. What asks nothing of others comes first. Who gives up a place by leaving a group gives up what else
    /// they have from it, which frees more than is counted on here; and a plan whose seats are freed is neither given to a
    /// group nor taken from one beside. Each remedy was tried on a copy of the tenant before it is
    /// given, so finding one costs a few times what deciding and applying it does; to find all of two steps takes some
    /// such trials for each pair of steps that could help. Take as many as you can use.
    ///
    /// The search gives up after [`Effort::DEFAULT`], as [`Denial::remedies_within`] does after what it is given.
    #[must_use]
    pub fn remedies(&self) -> Remedies<'a> {
        self.remedies_within(Effort::DEFAULT)
    }

    /// [`Denial::remedies`], found with no more than so much effort (X8).
    ///
    /// What costs more than is left is left out: a command about a group of very many members, then pairs of steps. Of the
    /// groups of the tenant that the user is not in, no more than 1,000 are looked at, those first that have a plan which
    /// opens the app. [`Remedies::status`] says whether anything was left out. A quarter of the effort is kept for one remedy
    /// of more steps, should nothing else be found.
    ///
    /// Besides, it costs what [`Denial::explain`] does, and is linear in the groups of the tenant, with their plans, and in
    /// its grants.
    #[must_use]
    pub fn remedies_within(&self, effort: Effort) -> Remedies<'a> {
        Remedies(Search::new(self, effort))
    }
}
