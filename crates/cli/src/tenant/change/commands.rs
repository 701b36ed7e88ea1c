//! The commands of a command line.

use clap::ValueEnum;
use entitle::capacity::Consumption;
use entitle::chrono::{DateTime, Utc};
use entitle::command::{Assignee, ClaimPolicy, SignUpPolicy};
use entitle::time::Month;
use entitle::{Command, ConsumptionId, RequestId, Tenant};

use super::CommandLine;
use crate::exit::Failure;
use crate::tenant::once::require_once;
use crate::text::{json_error, name};

/// Whether something is switched on.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Switch {
    On,
    Off,
}

impl CommandLine {
    /// Returns the commands, for a tenant as it is.
    pub(crate) fn commands(&self, tenant: &Tenant, now: DateTime<Utc>) -> Result<Vec<Command>, Failure> {
        Ok(match self {
            Self::Assign { to, except } => {
                require_once("app", except)?;
                let all = to.all(tenant)?.into_iter();
                all.map(|assignee| Command::assign_except(assignee, to.plan.clone(), except.clone())).collect()
            }
            Self::Unassign(from) => {
                let unassign = |assignee| match assignee {
                    Assignee::User(user) => Command::unassign(user, from.plan.clone()),
                    Assignee::Group(group) => Command::unassign_group(group, from.plan.clone()),
                };
                from.all(tenant)?.into_iter().map(unassign).collect()
            }
            Self::Join(members) => {
                members.all(tenant)?.into_iter().map(|user| Command::join(user, members.group.clone())).collect()
            }
            Self::Leave(members) => {
                members.all(tenant)?.into_iter().map(|user| Command::leave(user, members.group.clone())).collect()
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
                let message = format!("{} is not a list of commands: {}", name(file), json_error(&error));
                Failure::unreadable("cli.not-commands", message)
                    .help("`entitle tenant log --json` shows commands as they are written")
            })?,
        })
    }
}

fn random_consumption() -> Result<ConsumptionId, Failure> {
    // The text of 16 random bytes.
    let text = RequestId::from_random(crate::random::id()?).to_string();
    text.parse().map_err(|error| Failure::unreadable("cli.random", error))
}
