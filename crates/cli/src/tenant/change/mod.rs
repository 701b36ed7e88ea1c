//! Commands that change a tenant: each is decided, stored and applied.

mod amount;
mod people_file;

mod people;

mod trial;

mod commands;

mod done_before;

mod bulk;
mod planned;

pub(super) use commands::Switch;

use std::path::PathBuf;

use clap::Subcommand;
use entitle::chrono::{DateTime, Utc};
use entitle::limits::MAX_COMMANDS;
use entitle::quantity::Amount;
use entitle::{AppId, Command, ConsumerId, ConsumptionId, Entry, GroupId, PlanId, UserId};
use serde_json::{Value, json};

use super::done_text::{already_lines, done_lines};
use super::earlier::dating_notes;
use super::freed_seats::freed_seats;
use super::gives_nothing;
use super::ineffective_entries::ineffective_entries;
use super::install::Install;
use super::options::{TenantOptions, WriteOptions};
use super::record::{Record, Submitted};
use super::suggestions::for_new_names;
use crate::answer::Answer;
use crate::exit::Failure;
use done_before::is_done;
use people::{Members, PlanAssignees};
use trial::Trial;

/// A command that changes a tenant.
#[derive(Debug, Subcommand)]
pub(crate) enum Change {
    /// Install what is new of licenses and other documents.
    #[command(after_help = "Example:\n  entitle tenant install contoso.license ended.list")]
    Install(Install),
    #[command(flatten)]
    Commands(CommandLine),
}

/// A command line that stands for commands to a tenant.
#[derive(Debug, Subcommand)]
pub(crate) enum CommandLine {
    /// Assign a plan to users and groups: to all, or to none.
    #[command(after_help = "Example:\n  entitle tenant assign gold ada bo --group auditors --except f365/audit")]
    Assign {
        #[command(flatten)]
        to: PlanAssignees,
        /// An app of the plan to turn off. Can be repeated.
        #[arg(long, value_name = "APP")]
        except: Vec<AppId>,
    },
    /// Unassign a plan from users and groups.
    #[command(after_help = "Example:\n  entitle tenant unassign gold ada --group auditors")]
    Unassign(PlanAssignees),
    /// Make users members of a group.
    #[command(after_help = "Example:\n  entitle tenant join auditors ada bo")]
    Join(Members),
    /// Remove users from a group.
    #[command(after_help = "Example:\n  entitle tenant leave auditors bo")]
    Leave(Members),
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
    /// Consume units of a capacity plan, by calendar month.
    #[command(after_help = "Example:\n  entitle tenant consume sessions help-bot 2.5 --id 2026-03-02/17")]
    Consume {
        /// The capacity plan: up to 25 percent over its units, or its overage.
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

impl Change {
    pub(crate) fn run(
        &self,
        options: &TenantOptions,
        write: &WriteOptions,
        now: DateTime<Utc>,
    ) -> Result<Answer, Failure> {
        match self {
            Self::Install(install) => install.run(options, write, now),
            Self::Commands(line) => line.run(options, write, now),
        }
    }

    /// Returns the files of documents to be installed.
    pub(super) fn files(&self) -> &[PathBuf] {
        match self {
            Self::Install(install) => &install.files,
            Self::Commands(_) => &[],
        }
    }
}

impl CommandLine {
    /// Returns whether commands may be more than one entry of the record holds, each about one user.
    pub(super) fn is_bulk(&self, commands: &[Command]) -> bool {
        let from_file = match self {
            Self::Assign { to, .. } | Self::Unassign(to) => &to.users_from,
            Self::Join(members) | Self::Leave(members) => &members.users_from,
            _ => return false,
        };
        from_file.is_some() || commands.len() > MAX_COMMANDS
    }

    fn run(&self, options: &TenantOptions, write: &WriteOptions, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let mut record = Record::write(options, write)?;
        let commands = self.commands(record.tenant(), now)?;
        if self.is_bulk(&commands) {
            return bulk::run(&commands, record, options, write, now);
        }
        let questions = for_new_names(record.tenant(), &commands);
        let Submitted { before, entries } = record.submit(&commands, options, write, now)?;
        let done: Vec<&Command> = entries.iter().flat_map(|entry| &entry.event().commands).collect();
        let verifier = record.verifier();
        let warnings: Vec<String> =
            done.iter().flat_map(|command| ineffective_entries(&verifier, command).warnings()).collect();
        let event = entries.first().map(Entry::event);
        let freed = freed_seats(&before, record.tenant(), &done, now);
        let freed_json: Vec<&Value> = freed.iter().map(|freed| &freed.json).collect();
        let (already, new): (Vec<&Command>, Vec<&Command>) =
            done.iter().copied().partition(|command| is_done(&before, command, now));
        let json = json!({ "event": event, "warnings": warnings, "freed": freed_json, "done_before": already.len() });
        let answer = Answer::new(json).recorded().notes(record.notes()).notes(questions).notes(warnings);
        let in_vain = gives_nothing::notes(record.tenant(), &verifier, done.iter().copied(), now);
        let answer = answer.notes(dating_notes(&entries, now)).notes(in_vain);
        let lines = already_lines(record.tenant(), &already, now);
        let lines = lines.into_iter().chain(done_lines(record.tenant(), &verifier, &new, now));
        let answer = lines.fold(answer, Answer::escaped_line);
        Ok(freed.into_iter().filter_map(|freed| freed.line).fold(answer, Answer::escaped_line))
    }
}
