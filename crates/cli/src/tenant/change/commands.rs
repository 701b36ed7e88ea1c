//! The commands of a command line.

use std::path::PathBuf;

use clap::ValueEnum;
use entitle::capacity::Consumption;
use entitle::chrono::{DateTime, Utc};
use entitle::command::{Assignee, ClaimPolicy, SignUpPolicy, TrialName};
use entitle::time::{EARLIEST, Month};
use entitle::{Command, ConsumptionId, GroupId, LicenseId, RequestId, Tenant, UserId};

use super::{Change, Trial, people_file};
use crate::exit::Failure;
use crate::tenant::install;
use crate::tenant::once::require_once;
use crate::tenant::words::id;

/// Whether something is switched on.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Switch {
    On,
    Off,
}

impl Change {
    /// Returns the commands, for a tenant as it is.
    pub(crate) fn commands(&self, tenant: &Tenant, now: DateTime<Utc>) -> Result<Vec<Command>, Failure> {
        Ok(match self {
            Self::Install { files } => install::commands(files)?,
            Self::Assign { plan, users, users_from, groups, except } => {
                require_once("app", except)?;
                let all = assignees(tenant, users, users_from.as_ref(), groups)?.into_iter();
                all.map(|to| Command::assign_except(to, plan.clone(), except.clone())).collect()
            }
            Self::Unassign { plan, users, users_from, groups } => {
                let all = assignees(tenant, users, users_from.as_ref(), groups)?.into_iter();
                let unassign = |from| match from {
                    Assignee::User(user) => Command::unassign(user, plan.clone()),
                    Assignee::Group(group) => Command::unassign_group(group, plan.clone()),
                };
                all.map(unassign).collect()
            }
            Self::Join { group, users, users_from } => {
                let users = people(tenant, users, users_from.as_ref())?.into_iter();
                users.map(|user| Command::join(user, group.clone())).collect()
            }
            Self::Leave { group, users, users_from } => {
                let users = people(tenant, users, users_from.as_ref())?.into_iter();
                users.map(|user| Command::leave(user, group.clone())).collect()
            }
            Self::RemoveUser { user } => vec![Command::RemoveUser(user.clone())],
            Self::RemoveGroup { group } => vec![Command::RemoveGroup(group.clone())],
            Self::StartTrial(trial) => vec![Command::StartTrial(trial.name(tenant, now)?)],
            Self::ExtendTrial(trial) => vec![Command::ExtendTrial(trial.name(tenant, now)?)],
            Self::SignUp(trial) => vec![Command::SignUp(trial.name(tenant, now)?)],
            Self::Claim { plan } => vec![Command::ClaimSeat(plan.clone())],
            Self::SignUps { setting } => vec![Command::SetSignUps(match setting {
                Switch::On => SignUpPolicy::Allowed,
                Switch::Off => SignUpPolicy::Off,
            })],
            Self::ClaimOnFirstUse { plan, setting } => {
                let policy = match setting {
                    Switch::On => ClaimPolicy::Allowed,
                    Switch::Off => ClaimPolicy::Off,
                };
                vec![Command::set_claim_on_first_use(plan.clone(), policy)]
            }
            Self::Consume { plan, consumer, units, id } => {
                let id = id.clone().map_or_else(random_consumption, Ok)?;
                let month = Month::of(tenant.reading(now));
                vec![Command::Consume(Consumption::new(plan.clone(), id, consumer.clone(), month, *units))]
            }
            Self::RecordTime => vec![Command::RecordTime],
            Self::Do { file } => serde_json::from_str(&crate::files::read(file)?).map_err(|error| {
                let message = format!("{} is not a list of commands: {error}", crate::text::name(file));
                Failure::unreadable("cli.not-commands", message)
                    .help("`entitle tenant log --json` shows commands as they are written")
            })?,
        })
    }
}

impl Trial {
    /// Returns the trial of the license that is named, or the only one of the plan.
    fn name(&self, tenant: &Tenant, now: DateTime<Utc>) -> Result<TrialName, Failure> {
        if let Some(license) = self.license {
            return Ok(TrialName::new(license, self.plan.clone()));
        }
        let licenses: Vec<LicenseId> =
            tenant.trials(now).filter(|trial| trial.name.plan == self.plan).map(|trial| trial.name.license).collect();
        match licenses.as_slice() {
            [license] => Ok(TrialName::new(*license, self.plan.clone())),
            [] => {
                Err(Failure::refused("refusal.no-such-trial", format!("no license has a trial of {}", id(&self.plan)))
                    .help("`entitle tenant licenses` lists the licenses; nothing was done"))
            }
            several => {
                let several: Vec<String> = several.iter().map(ToString::to_string).collect();
                let message = format!("{} licenses have a trial of {}", several.len(), id(&self.plan));
                Err(Failure::usage("cli.several-trials", message)
                    .help(format!("name the license after the plan: {}", several.join(", "))))
            }
        }
    }
}

/// Returns the users and groups, each once.
fn assignees(
    tenant: &Tenant,
    users: &[UserId],
    from: Option<&PathBuf>,
    groups: &[GroupId],
) -> Result<Vec<Assignee>, Failure> {
    require_once("group", groups)?;
    let users = people(tenant, users, from)?.into_iter().map(Assignee::User);
    Ok(users.chain(groups.iter().cloned().map(Assignee::Group)).collect())
}

/// Returns the users of a command line and of a file, each once. A group in the place of a user
/// would become a user of that name, with a seat (S15).
fn people(tenant: &Tenant, users: &[UserId], from: Option<&PathBuf>) -> Result<Vec<UserId>, Failure> {
    let mut all = users.to_vec();
    if let Some(file) = from {
        all.extend(people_file::read(file)?);
    }
    require_once("user", &all)?;
    let is_group = |user: &&UserId| {
        let group = user.as_str().parse::<GroupId>().ok().and_then(|group| tenant.group(&group));
        group.is_some() && tenant.groups_of(user).is_empty() && tenant.claims_of(user, EARLIEST).is_empty()
    };
    match all.iter().find(is_group) {
        Some(group) => {
            Err(Failure::usage("cli.is-a-group", format!("{} is a group, and no user has that id", id(group)))
                .help("name a group with --group, or first after `join` and `leave`; nothing was done"))
        }
        None => Ok(all),
    }
}

fn random_consumption() -> Result<ConsumptionId, Failure> {
    // The text of 16 random bytes.
    let text = RequestId::from_random(crate::random::id()?).to_string();
    text.parse().map_err(|error| Failure::unreadable("cli.random", error))
}
