//! Commands that change a tenant: each is decided, stored and applied.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use entitle::chrono::{DateTime, Utc};
use entitle::command::{Assignee, ClaimPolicy, TrialName};
use entitle::{AppId, Command, Entry, GroupId, LicenseId, PlanId, UserId};
use serde_json::json;

use super::TenantOptions;
use super::command_text::describe_done;
use super::ineffective_entries::ineffective_entries;
use super::install;
use super::record::Record;
use super::suggestions;
use crate::answer::Answer;
use crate::exit::Failure;

/// A command that changes a tenant.
#[derive(Debug, Subcommand)]
pub(crate) enum Change {
    /// Install licenses, revocation lists and time tickets, as far as they are new.
    Install {
        /// A file with documents, armored or plain. Can be repeated.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Assign a plan to users and groups: to all of them, or to none.
    Assign {
        /// The plan.
        plan: PlanId,
        /// The users.
        #[arg(required_unless_present = "groups")]
        users: Vec<UserId>,
        /// A group. Can be repeated.
        #[arg(long = "group", value_name = "GROUP")]
        groups: Vec<GroupId>,
        /// An app of the plan to turn off. Can be repeated.
        #[arg(long, value_name = "APP")]
        except: Vec<AppId>,
    },
    /// Unassign a plan from users and groups.
    Unassign {
        /// The plan.
        plan: PlanId,
        /// The users.
        #[arg(required_unless_present = "groups")]
        users: Vec<UserId>,
        /// A group. Can be repeated.
        #[arg(long = "group", value_name = "GROUP")]
        groups: Vec<GroupId>,
    },
    /// Make users members of a group.
    Join {
        /// The group.
        group: GroupId,
        /// The users.
        #[arg(required = true)]
        users: Vec<UserId>,
    },
    /// Remove users from a group.
    Leave {
        /// The group.
        group: GroupId,
        /// The users.
        #[arg(required = true)]
        users: Vec<UserId>,
    },
    /// Remove a user with all assignments and memberships.
    RemoveUser {
        /// The user.
        user: UserId,
    },
    /// Remove a group that has no plans.
    RemoveGroup {
        /// The group.
        group: GroupId,
    },
    /// Start a trial of an installed license.
    StartTrial(Trial),
    /// Extend a running trial.
    ExtendTrial(Trial),
    /// Sign up for a trial as the user of --as, who gets a seat.
    SignUp(Trial),
    /// Claim a free seat of a plan for the user of --as.
    Claim {
        /// The plan.
        plan: PlanId,
    },
    /// Set whether users may claim free seats of a plan by themselves.
    ClaimOnFirstUse {
        /// The plan.
        plan: PlanId,
        /// Whether they may.
        setting: Switch,
    },
    /// Record the time, so that the record is never read at an earlier one.
    Mark,
    /// Run a list of commands in a JSON file, in the format of events: all of them, or none.
    Do {
        /// The file, e.g. `[{"remove_user": "bo"}, "record_time"]`; `-` for stdin.
        file: PathBuf,
    },
}

/// Whether something is switched on.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Switch {
    /// Switched on.
    On,
    /// Switched off.
    Off,
}

/// The license and the plan of a trial; `why` shows both.
#[derive(Debug, Args)]
pub(crate) struct Trial {
    /// The plan.
    plan: PlanId,
    /// The id of the license that contains it.
    license: LicenseId,
}

impl Trial {
    fn name(&self) -> TrialName {
        TrialName::new(self.license, self.plan.clone())
    }
}

impl Change {
    /// Returns the commands.
    pub(crate) fn commands(&self) -> Result<Vec<Command>, Failure> {
        let assignees = |users: &[UserId], groups: &[GroupId]| {
            let users = users.iter().cloned().map(Assignee::User);
            users.chain(groups.iter().cloned().map(Assignee::Group)).collect::<Vec<_>>()
        };
        Ok(match self {
            Self::Install { files } => install::commands(files)?,
            Self::Assign { plan, users, groups, except } => {
                let all = assignees(users, groups).into_iter();
                all.map(|to| Command::assign_except(to, plan.clone(), except.clone())).collect()
            }
            Self::Unassign { plan, users, groups } => {
                let users = users.iter().map(|user| Command::unassign(user.clone(), plan.clone()));
                users.chain(groups.iter().map(|group| Command::unassign_group(group.clone(), plan.clone()))).collect()
            }
            Self::Join { group, users } => {
                users.iter().map(|user| Command::join(user.clone(), group.clone())).collect()
            }
            Self::Leave { group, users } => {
                users.iter().map(|user| Command::leave(user.clone(), group.clone())).collect()
            }
            Self::RemoveUser { user } => vec![Command::RemoveUser(user.clone())],
            Self::RemoveGroup { group } => vec![Command::RemoveGroup(group.clone())],
            Self::StartTrial(trial) => vec![Command::StartTrial(trial.name())],
            Self::ExtendTrial(trial) => vec![Command::ExtendTrial(trial.name())],
            Self::SignUp(trial) => vec![Command::SignUp(trial.name())],
            Self::Claim { plan } => vec![Command::ClaimSeat(plan.clone())],
            Self::ClaimOnFirstUse { plan, setting } => {
                let policy = match setting {
                    Switch::On => ClaimPolicy::Allowed,
                    Switch::Off => ClaimPolicy::Off,
                };
                vec![Command::set_claim_on_first_use(plan.clone(), policy)]
            }
            Self::Mark => vec![Command::RecordTime],
            Self::Do { file } => serde_json::from_str(&crate::files::read(file)?).map_err(|error| {
                let message = format!("{} is not a list of commands: {error}", crate::text::name(file));
                Failure::unreadable("cli.not-commands", message)
                    .help("`entitle tenant log --json` shows commands as they are written")
            })?,
        })
    }

    pub(crate) fn run(&self, options: &TenantOptions, now: DateTime<Utc>) -> Result<Answer, Failure> {
        if let Self::Install { files } = self {
            return install::install(files, options, now);
        }
        let commands = self.commands()?;
        let mut record = Record::write(options)?;
        let questions = suggestions::for_new_names(record.tenant(), &commands);
        let entries = record.submit(&commands, options, now)?;
        let done: Vec<&Command> = entries.iter().flat_map(|entry| &entry.event().commands).collect();
        let verifier = record.verifier();
        let warnings: Vec<String> =
            done.iter().flat_map(|command| ineffective_entries(&verifier, command).warnings()).collect();
        let event = entries.first().map(Entry::event);
        let json = json!({ "event": event, "warnings": warnings });
        let answer = Answer::new(json).notes(record.notes()).notes(questions).notes(warnings);
        let text = |command: &Command| describe_done(record.tenant(), &verifier, command, now);
        Ok(done.into_iter().fold(answer, |answer, command| answer.line(text(command))))
    }
}
