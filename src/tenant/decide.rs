//! Deciding: whether a list of commands may be done. It changes nothing.

use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use thiserror::Error;

use crate::catalog::offer::{Plan, Scope};
use crate::deal::{Grant, Terms, Trial};
use crate::id::{AppId, LicenseId, PlanId, UserId};
use crate::life::Life;
use crate::role::{Actor, Role};
use crate::tenant::Tenant;
use crate::tenant::apply::Step;
use crate::tenant::command::{Assignment, Command, Event, MAX_COMMANDS, TrialName};
use crate::tenant::documents::{self, Unusable};
use crate::tenant::state::{State, claim_on};
use crate::time::{Phase, Window, Written};
use crate::units::Total;

/// The most documents a tenant holds by its own commands: decades of renewals.
pub const MAX_DOCUMENTS: usize = 1_000;

/// A list of commands was refused; nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("command {command} was refused: {why}")]
#[non_exhaustive]
pub struct Refusal {
    /// Which of the commands, counted from 0.
    pub command: usize,
    /// Why.
    pub why: Why,
}

/// Why a command was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Why {
    /// The list had no command.
    #[error("there is nothing to do: the list of commands is empty")]
    Nothing,
    /// The list had more than [`MAX_COMMANDS`] commands.
    #[error("a list holds at most {MAX_COMMANDS} commands, this one has {found}")]
    TooMany {
        /// How many there were.
        found: usize,
    },
    /// The actor has none of the roles that it takes (A1).
    #[error("`{actor}` has none of the roles this takes: {}", Or(needed))]
    Forbidden {
        /// Who gave the command.
        actor: UserId,
        /// The roles of which one would do.
        needed: &'static [Role],
    },
    /// The license cannot be installed (L1, L3, X1 to X4).
    #[error(transparent)]
    Unusable(#[from] Unusable),
    /// The tenant has [`MAX_DOCUMENTS`] documents already.
    #[error("a tenant holds at most {MAX_DOCUMENTS} documents, this one has them all")]
    TooManyDocuments,
    /// The catalog has no such plan; what is there of it can only be removed (C11).
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
    #[error("no seat of `{plan}` is free: {taken} of {units} are taken{}", From(*more_from))]
    NoFreeUnit {
        /// The plan that was named.
        plan: PlanId,
        /// Its usable units.
        units: Total,
        /// How many claims are ahead.
        taken: u64,
        /// When the next units begin, if there are pending ones.
        more_from: Option<DateTime<Utc>>,
    },
    /// The user has no such assignment (S4).
    #[error("no such assignment: `{user}` does not have `{plan}`")]
    NoSuchAssignment {
        /// The user that was named.
        user: UserId,
        /// The plan that was named.
        plan: PlanId,
    },
    /// Nobody has named the user, or they were removed (S13).
    #[error("no such user: `{user}` has no assignment that could be removed")]
    NoSuchUser {
        /// The user that was named.
        user: UserId,
    },
    /// No license in force holds such a trial (T1).
    #[error("no license in force with the id {license} holds a trial of `{plan}`")]
    NoSuchTrial {
        /// The license that was named.
        license: LicenseId,
        /// The plan that was named.
        plan: PlanId,
    },
    /// The trial was started before; it starts once (T1).
    #[error("the trial of `{plan}` was started {}: a trial starts once", Written(*started))]
    TrialUsed {
        /// The plan that was named.
        plan: PlanId,
        /// When it was started.
        started: DateTime<Utc>,
    },
    /// The trial cannot be started now (T1).
    #[error("the trial of `{plan}` may be started from {window}, it is {}", Written(*at))]
    OutsideTheWindow {
        /// The plan that was named.
        plan: PlanId,
        /// When it may be started.
        window: Window,
        /// The reading.
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
        /// Where it stands.
        phase: Phase,
    },
    /// The trial was extended as often as its grant says (T4).
    #[error("the trial of `{plan}` has no extension left")]
    NoExtensionLeft {
        /// The plan that was named.
        plan: PlanId,
    },
    /// The plan was bought, so its trial is not extended any more (L10).
    #[error("`{plan}` was bought: its trial is not extended any more")]
    Bought {
        /// The plan that was named.
        plan: PlanId,
    },
}

impl Why {
    /// A stable name for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Nothing => "refusal.nothing",
            Self::TooMany { .. } => "refusal.too-many",
            Self::Forbidden { .. } => "refusal.forbidden",
            Self::Unusable(unusable) => unusable.code(),
            Self::TooManyDocuments => "refusal.too-many-documents",
            Self::UnknownPlan { .. } => "refusal.unknown-plan",
            Self::NotAssignable { .. } => "refusal.not-assignable",
            Self::NotAnAppOfIt { .. } => "refusal.not-an-app-of-it",
            Self::NoFreeUnit { .. } => "refusal.no-free-unit",
            Self::NoSuchAssignment { .. } => "refusal.no-such-assignment",
            Self::NoSuchUser { .. } => "refusal.no-such-user",
            Self::NoSuchTrial { .. } => "refusal.no-such-trial",
            Self::TrialUsed { .. } => "refusal.trial-used",
            Self::OutsideTheWindow { .. } => "refusal.outside-the-window",
            Self::TrialEnded { .. } => "refusal.trial-ended",
            Self::TrialNotActive { .. } => "refusal.trial-not-active",
            Self::NoExtensionLeft { .. } => "refusal.no-extension-left",
            Self::Bought { .. } => "refusal.bought",
        }
    }
}

/// Roles for people: "a, b or c".
struct Or<'a>(&'a [Role]);

impl core::fmt::Display for Or<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let last = self.0.len().saturating_sub(1);
        self.0.iter().enumerate().try_for_each(|(index, role)| {
            let before = if index == 0 {
                ""
            } else if index == last {
                " or "
            } else {
                ", "
            };
            write!(f, "{before}{role}")
        })
    }
}

/// When more comes, if it does.
struct From(Option<DateTime<Utc>>);

impl core::fmt::Display for From {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.map_or(Ok(()), |from| write!(f, ", more from {}", Written(from)))
    }
}

impl Tenant {
    /// Whether these commands may be done now, all or none, and the event to record and [`apply`](Tenant::apply).
    ///
    /// The list is judged by the state it leads to: what must or must not be there is asked command by command, whether a
    /// seat is free after the last (S6). Deciding changes nothing.
    ///
    /// # Errors
    ///
    /// [`Refusal`], with the first command that may not be done and why.
    pub fn decide(&self, actor: &Actor, commands: &[Command], now: DateTime<Utc>) -> Result<Event, Refusal> {
        let refuse = |command, why| Err(Refusal { command, why });
        match commands.len() {
            0 => return refuse(0, Why::Nothing),
            found if found > MAX_COMMANDS => return refuse(MAX_COMMANDS, Why::TooMany { found }),
            _ => {}
        }
        let at = self.reading(now);
        let mut after = self.state().clone();
        let mut step = Step::begin(self.base(), &mut after, at);
        let mut claimed: Vec<(usize, &Assignment)> = Vec::new();
        for (index, command) in commands.iter().enumerate() {
            let may = command.roles();
            if !actor.roles.iter().any(|role| may.contains(role)) {
                return refuse(index, Why::Forbidden { actor: actor.user.clone(), needed: may });
            }
            if let Err(why) = step.admits(command) {
                return refuse(index, why);
            }
            if let Command::Assign(assignment) = command {
                claimed.push((index, assignment));
            }
            step.perform(command);
        }
        step.finish();
        for (index, assignment) in claimed {
            if let Err(why) = self.has_free_unit(&after, assignment) {
                return refuse(index, why);
            }
        }
        Ok(Event::new(after.position, at, actor.clone(), commands.to_vec()))
    }

    /// A direct assignment that is new needs a place within the usable units of the state it leads to (S2).
    fn has_free_unit(&self, after: &State, assignment: &Assignment) -> Result<(), Why> {
        let Assignment { user, plan, .. } = assignment;
        let Some(number) = self.catalog().plan_index(plan) else { return Ok(()) };
        let claim = |state: &State| claim_on(state.claims(user), number).map(|claim| claim.turn);
        let (Some(turn), Some(pool)) = (claim(after), after.plan(number)) else { return Ok(()) };
        if claim(self.state()) == Some(turn) {
            return Ok(());
        }
        let place = pool.line.place(turn);
        let segments = pool.schedule.from(after.floor);
        let units = segments.first().map_or(Total::ZERO, |segment| segment.reach.usable);
        if units.reaches(place) {
            return Ok(());
        }
        let more_from = segments.iter().skip(1).find(|later| later.reach.usable > units).map(|later| later.from);
        Err(Why::NoFreeUnit { plan: plan.clone(), units, taken: place.saturating_sub(1), more_from })
    }
}

impl Step<'_> {
    /// Whether a command may be done at this point of the event, but for whether a unit is free.
    fn admits(&self, command: &Command) -> Result<(), Why> {
        match command {
            Command::Install(token) => {
                let license = documents::read(token, &self.base.catalog, &self.base.ring, &self.base.tenant)?;
                self.state.documents.accept(&license)?;
                if self.state.documents.len() >= MAX_DOCUMENTS {
                    return Err(Why::TooManyDocuments);
                }
                Ok(())
            }
            Command::Assign(assignment) => self.is_assignable(assignment),
            Command::Unassign(gone) => {
                let claimed = self.plan(&gone.plan).is_some_and(|plan| self.has_claim(&gone.user, plan));
                let (user, plan) = (gone.user.clone(), gone.plan.clone());
                if claimed { Ok(()) } else { Err(Why::NoSuchAssignment { user, plan }) }
            }
            Command::RemoveUser(user) if self.has_claims(user) => Ok(()),
            Command::RemoveUser(user) => Err(Why::NoSuchUser { user: user.clone() }),
            Command::StartTrial(name) => self.may_start(name),
            Command::ExtendTrial(name) => self.may_extend(name),
        }
    }

    fn is_assignable(&self, assignment: &Assignment) -> Result<(), Why> {
        let plan: &Plan = self
            .base
            .catalog
            .plan(&assignment.plan)
            .ok_or_else(|| Why::UnknownPlan { plan: assignment.plan.clone() })?;
        if plan.scope != Scope::User {
            return Err(Why::NotAssignable { plan: plan.id.clone(), scope: plan.scope });
        }
        match assignment.except.iter().find(|app| !plan.apps.contains(app)) {
            Some(app) => Err(Why::NotAnAppOfIt { plan: plan.id.clone(), app: app.clone() }),
            None => Ok(()),
        }
    }

    /// The trial that a command names, and where it stands.
    fn trial(&self, name: &TrialName) -> Result<(&Trial, Life), Why> {
        let license = self.state.documents.license(name.license);
        let trials = license.into_iter().flat_map(|license| {
            license.deal().grants.iter().filter_map(move |grant| match &grant.terms {
                Terms::Trial(trial) if grant.plan == name.plan => Some((trial, self.state.life(license, grant))),
                Terms::Trial(_) | Terms::Paid(_) => None,
            })
        });
        let (license, plan) = (name.license, name.plan.clone());
        trials.last().ok_or(Why::NoSuchTrial { license, plan })
    }

    fn may_start(&self, name: &TrialName) -> Result<(), Why> {
        let (trial, life) = self.trial(name)?;
        let (at, plan, window) = (self.state.floor, name.plan.clone(), trial.may_start);
        if let Some(run) = self.state.runs.get(name) {
            return Err(Why::TrialUsed { plan, started: run.started });
        }
        if at < window.opens() || at >= window.closes() {
            return Err(Why::OutsideTheWindow { plan, window, at });
        }
        if life.phase(at) == Phase::NotStarted { Ok(()) } else { Err(Why::TrialEnded { plan }) }
    }

    fn may_extend(&self, name: &TrialName) -> Result<(), Why> {
        let (trial, life) = self.trial(name)?;
        let (at, plan) = (self.state.floor, name.plan.clone());
        let phase = life.phase(at);
        if phase != Phase::Active {
            return Err(Why::TrialNotActive { plan, phase });
        }
        let bought = |grant: &Grant, life: &Life| matches!(grant.terms, Terms::Paid(_)) && life.phase(at).is_usable();
        if self.state.grants(&name.plan).any(|(grant, life)| bought(grant, &life)) {
            return Err(Why::Bought { plan });
        }
        let longer = self.state.runs.get(name).map(|run| {
            let mut run = run.clone();
            run.extended.push(at);
            Life::trial(trial, &run)
        });
        if longer == Some(life) { Err(Why::NoExtensionLeft { plan }) } else { Ok(()) }
    }
}
