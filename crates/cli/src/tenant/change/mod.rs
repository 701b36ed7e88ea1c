//! Commands that change a tenant: each is decided, stored and applied.

mod amount;
mod people_file;

mod commands;

mod done_before;

mod bulk;

pub(super) use commands::Switch;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use entitle::chrono::{DateTime, Utc};
use entitle::limits::MAX_COMMANDS;
use entitle::quantity::Amount;
use entitle::{AppId, Command, ConsumerId, ConsumptionId, Entry, GroupId, LicenseId, PlanId, UserId};
use serde_json::json;

use super::done_text::done_lines;
use super::earlier::dating_notes;
use super::ineffective_entries::ineffective_entries;
use super::install;
use super::options::{TenantOptions, WriteOptions};
use super::record::Record;
use super::suggestions::for_new_names;
use crate::answer::Answer;
use crate::exit::Failure;

/// A command that changes a tenant.
#[derive(Debug, Subcommand)]
pub(crate) enum Change {
    /// Install what is new of licenses and other documents.
    #[command(after_help = "Example:\n  entitle tenant install contoso.license ended.list")]
    Install {
        /// Files with licenses, revocation lists, time tickets or certificates.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Assign a plan to users and groups: to all, or to none.
    #[command(after_help = "Examples:\n  entitle tenant assign gold ada bo --except f365/audit\n  \
        entitle tenant assign gold --group auditors --users-from people.csv")]
    Assign {
        /// The plan.
        plan: PlanId,
        /// The users.
        #[arg(value_name = "USER", required_unless_present_any = ["groups", "users_from"])]
        users: Vec<UserId>,
        /// A file with more users, one a line or as CSV.
        #[arg(long, value_name = "FILE")]
        users_from: Option<PathBuf>,
        /// A group. Can be repeated.
        #[arg(long = "group", value_name = "GROUP")]
        groups: Vec<GroupId>,
        /// An app of the plan to turn off. Can be repeated.
        #[arg(long, value_name = "APP")]
        except: Vec<AppId>,
    },
    /// Unassign a plan from users and groups.
    #[command(after_help = "Example:\n  entitle tenant unassign gold ada --group auditors")]
    Unassign {
        /// The plan.
        plan: PlanId,
        /// The users.
        #[arg(value_name = "USER", required_unless_present_any = ["groups", "users_from"])]
        users: Vec<UserId>,
        /// A file with more users, one a line or as CSV.
        #[arg(long, value_name = "FILE")]
        users_from: Option<PathBuf>,
        /// A group. Can be repeated.
        #[arg(long = "group", value_name = "GROUP")]
        groups: Vec<GroupId>,
    },
    /// Make users members of a group.
    #[command(after_help = "Example:\n  entitle tenant join auditors ada bo")]
    Join {
        /// The group. The first member makes it.
        group: GroupId,
        /// The users.
        #[arg(value_name = "USER", required_unless_present = "users_from")]
        users: Vec<UserId>,
        /// A file with more users, one a line or as CSV.
        #[arg(long, value_name = "FILE")]
        users_from: Option<PathBuf>,
    },
    /// Remove users from a group.
    #[command(after_help = "Example:\n  entitle tenant leave auditors bo")]
    Leave {
        /// The group.
        group: GroupId,
        /// The users.
        #[arg(value_name = "USER", required_unless_present = "users_from")]
        users: Vec<UserId>,
        /// A file with more users, one a line or as CSV.
        #[arg(long, value_name = "FILE")]
        users_from: Option<PathBuf>,
    },
    /// Remove a user with all assignments and memberships.
    #[command(after_help = "Example:\n  entitle tenant remove-user bo")]
    RemoveUser {
        /// The user.
        user: UserId,
    },
    /// Remove a group that has no plans.
    #[command(after_help = "Example:\n  entitle tenant remove-group auditors")]
    RemoveGroup {
        /// The group.
        group: GroupId,
    },
    /// Start the trial of a plan for the organisation.
    #[command(after_help = "Example:\n  entitle tenant start-trial gold")]
    StartTrial(Trial),
    /// Extend the running trial of a plan.
    #[command(after_help = "Example:\n  entitle tenant extend-trial gold")]
    ExtendTrial(Trial),
    /// Sign the user of --as up for the trial of a plan.
    #[command(after_help = "Example:\n  entitle tenant sign-up gold --as bo --role none")]
    SignUp(Trial),
    /// Claim a free seat of a plan for the user of --as.
    #[command(after_help = "Example:\n  entitle tenant claim gold --as bo --role none")]
    Claim {
        /// The plan.
        plan: PlanId,
    },
    /// Set whether users may sign up for trials themselves.
    #[command(after_help = "Example:\n  entitle tenant sign-ups off")]
    SignUps {
        /// Whether they may. Off takes nothing from those who did.
        #[arg(value_name = "on|off", hide_possible_values = true)]
        setting: Switch,
    },
    /// Set whether users may claim seats of a plan themselves.
    #[command(after_help = "Example:\n  entitle tenant claim-on-first-use gold on")]
    ClaimOnFirstUse {
        /// The plan.
        plan: PlanId,
        /// Whether they may. Off takes nothing from those who did.
        #[arg(value_name = "on|off", hide_possible_values = true)]
        setting: Switch,
    },
    /// Consume units of a capacity plan.
    #[command(after_help = "Example:\n  entitle tenant consume sessions help-bot 2.5 --id 2026-03-02/17")]
    Consume {
        /// The capacity plan.
        plan: PlanId,
        /// Who consumes: a bot, a service, a department.
        consumer: ConsumerId,
        /// The number of units, to the millionth.
        #[arg(value_parser = amount::parse, default_value = "1")]
        units: Amount,
        /// What is consumed. Recorded twice, it counts once [default: random].
        #[arg(long)]
        id: Option<ConsumptionId>,
    },
    /// Record the time, which is never turned back.
    #[command(after_help = "Example:\n  entitle tenant record-time")]
    RecordTime,
    /// Run the commands in a JSON file: all, or none.
    #[command(after_help = "Example:\n  echo '[{\"remove_user\": \"bo\"}, \"record_time\"]' | entitle tenant do -")]
    Do {
        /// The file, as `entitle tenant log --json` shows commands; `-` for stdin.
        file: PathBuf,
    },
}

/// The trial of a plan.
#[derive(Debug, Args)]
pub(crate) struct Trial {
    /// The plan.
    plan: PlanId,
    /// The license with the trial, if several have one.
    license: Option<LicenseId>,
}

impl Change {
    /// Returns whether the command may name more users than one entry of the record holds.
    fn is_from_file(&self) -> bool {
        match self {
            Self::Assign { users_from, .. }
            | Self::Unassign { users_from, .. }
            | Self::Join { users_from, .. }
            | Self::Leave { users_from, .. } => users_from.is_some(),
            _ => false,
        }
    }

    /// Returns whether the command names users, each of whom is changed alone.
    fn is_about_users(&self) -> bool {
        matches!(self, Self::Assign { .. } | Self::Unassign { .. } | Self::Join { .. } | Self::Leave { .. })
    }

    pub(crate) fn run(
        &self,
        options: &TenantOptions,
        write: &WriteOptions,
        now: DateTime<Utc>,
    ) -> Result<Answer, Failure> {
        if let Self::Install { files } = self {
            return install::install(files, options, write, now);
        }
        let mut record = Record::write(options, write)?;
        let commands = self.commands(record.tenant(), now)?;
        if self.is_from_file() || self.is_about_users() && commands.len() > MAX_COMMANDS {
            return bulk::run(&commands, record, options, write, now);
        }
        let questions = for_new_names(record.tenant(), &commands);
        let entries = record.submit(&commands, options, write, now)?;
        let done: Vec<&Command> = entries.iter().flat_map(|entry| &entry.event().commands).collect();
        let verifier = record.verifier();
        let warnings: Vec<String> =
            done.iter().flat_map(|command| ineffective_entries(&verifier, command).warnings()).collect();
        let event = entries.first().map(Entry::event);
        let json = json!({ "event": event, "warnings": warnings });
        let answer = Answer::new(json).recorded().notes(record.notes()).notes(questions).notes(warnings);
        let answer = answer.notes(dating_notes(&entries, now));
        Ok(done_lines(record.tenant(), &verifier, &done, now).into_iter().fold(answer, Answer::escaped_line))
    }
}
