//! `entitle tenant`: the desk of a tenant's administrator, with the record in a ledger on disk.

mod words;

mod closes;

mod once;
mod with;

mod options;

pub(crate) mod settings;
mod snapshot_key;

mod host_failure;

mod verifier;

mod ineffective_entries;

mod command_text;
mod next_change;

mod done_text;
mod freed_seats;
mod suggestions;

mod refusal_failure;
mod remedy_commands;

mod earlier;

mod gives_nothing;
mod lists;
mod revoked;

pub(crate) mod record;

mod revocation_effects;

mod install;

mod change;

mod reconcile;

mod check;
mod clock;
mod init;
mod log;
mod report;
mod statement;
mod trust;
mod whatif;

mod desk;

pub(crate) mod customer_record;

use clap::{Args, Subcommand};
use entitle::chrono::{DateTime, Utc};

use crate::answer::Answer;
use crate::exit::Failure;
use crate::instant::{self, Instant};
use change::Change;
use options::{TenantOptions, WriteOptions};
use with::With;

/// Administer a tenant: see, assign, check, explain.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct TenantArgs {
    #[command(flatten)]
    options: TenantOptions,
    #[command(subcommand)]
    command: TenantCommand,
}

/// The end of the help of `entitle tenant`.
const AFTER_HELP: &str = "\
Examples:
  export ENTITLE_LEDGER=contoso.ledger ENTITLE_AS=lin
  entitle tenant init contoso --catalog f365.json \\
    --trust fabrikam.pub --trust lists.pub=lists  # lists can revoke other keys
  entitle tenant install contoso.license
  entitle tenant assign gold ada bo

The record is a file, the ledger; what is recorded survives a kill. The settings
file next to it is what an application has compiled in: who edits it opens all.";

#[derive(Debug, Subcommand)]
enum TenantCommand {
    #[command(flatten)]
    Question(desk::Question),
    /// Check whether a user may open an app.
    #[command(after_help = "Example:\n  entitle tenant check bo f365/audit")]
    Check(check::Question),
    /// Explain a decision, and what would change it.
    #[command(after_help = "Example:\n  entitle tenant why bo f365/audit --reader user")]
    Why(check::Why),
    /// Show what a command would change, for whom and when.
    #[command(after_help = "Example:\n  entitle tenant whatif install renewal.license")]
    Whatif(whatif::WhatIf),
    #[command(flatten)]
    Write(With<WriteOptions, Write>),
    /// Report what is provisioned, assigned and consumed.
    #[command(after_help = "Example:\n  entitle tenant report --csv > report.csv")]
    Report(report::Report),
    /// Write a usage statement for the publisher.
    #[command(after_help = "Example:\n  entitle tenant statement --months 2026-01..2026-12 -o 2026.json")]
    Statement(statement::Statement),
    /// List the events of the record: when, who, what.
    #[command(after_help = "Example:\n  entitle tenant log --last 20 --user bo")]
    Log(log::Log),
    /// Compare the clock with the record.
    #[command(after_help = "Example:\n  entitle tenant clock")]
    Clock,
    /// Create the record of a tenant.
    #[command(
        after_help = "Example:\n  entitle tenant init contoso -l contoso.ledger --catalog f365.json \\\n    --trust fabrikam.pub --trust fabrikam-lists.pub=lists"
    )]
    Init(init::Init),
    /// Trust public keys for more purposes, in the settings file.
    #[command(after_help = "Example:\n  entitle tenant trust fabrikam.pub=lists")]
    Trust(trust::Trust),
}

/// A command that writes to the record.
#[derive(Debug, Subcommand)]
enum Write {
    #[command(flatten)]
    Change(Change),
    /// Make users, groups and members those of a directory.
    #[command(after_help = "Example:\n  entitle tenant reconcile directory.csv --yes")]
    Reconcile(reconcile::Reconcile),
}

impl Write {
    fn run(&self, options: &TenantOptions, write: &WriteOptions, now: DateTime<Utc>) -> Result<Answer, Failure> {
        match self {
            Self::Change(change) => change.run(options, write, now),
            Self::Reconcile(reconcile) => reconcile.run(options, write, now),
        }
    }
}

impl TenantArgs {
    /// Runs the command at an instant that was chosen, or at the time of the clock.
    pub(crate) fn run(&self, at: Option<Instant>) -> Result<Answer, Failure> {
        let now = at.map_or_else(instant::system_clock, |at| at.0);
        let options = &self.options.at(at.map(|at| at.0));
        match &self.command {
            TenantCommand::Question(question) => question.run(options, now),
            TenantCommand::Check(question) => question.check(options, now),
            TenantCommand::Why(why) => why.run(options, now),
            TenantCommand::Whatif(whatif) => whatif.run(options, now),
            TenantCommand::Write(With { options: write, command }) => command.run(options, write, now),
            TenantCommand::Report(report) => report.run(options, now),
            TenantCommand::Statement(statement) => statement.run(options, now),
            TenantCommand::Log(log) => log.run(options),
            TenantCommand::Clock => clock::run(options, now),
            TenantCommand::Init(init) => init.run(options),
            TenantCommand::Trust(trust) => trust.run(options),
        }
    }
}
