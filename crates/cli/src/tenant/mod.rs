//! `entitle tenant`: a tenant to try, with its record in a ledger on disk.

pub(crate) mod settings;
mod snapshot_key;

mod host_failure;

mod verifier;

mod ineffective_entries;

mod command_text;

mod suggestions;

mod refusal_failure;

pub(crate) mod record;

mod install;

mod change;

mod check;
mod clock;
mod init;
mod log;
mod report;
mod statement;
mod whatif;

pub(crate) mod customer_record;

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use entitle::chrono::{DateTime, Utc};
use entitle::{Actor, Role, UserId};

use crate::answer::Answer;
use crate::exit::Failure;

/// Try a tenant: install, assign, check, explain.
///
/// The record is a ledger, which survives a kill at any time: a command that reports success is on
/// disk, as one line. One command writes at a time; commands that only read do not wait. The lock
/// is a file next to the ledger, whose name ends in `.lock`.
///
/// An application has its catalog and public keys compiled in. Here they are in a settings file
/// next to the ledger, which `init` writes: everyone who can edit it can open everything.
#[derive(Debug, Args)]
pub(crate) struct TenantArgs {
    #[command(flatten)]
    options: TenantOptions,
    #[command(subcommand)]
    command: TenantCommand,
}

/// The ledger of the tenant, and the actor.
#[derive(Debug, Args)]
pub(crate) struct TenantOptions {
    /// The ledger of the tenant.
    #[arg(short, long, global = true, value_name = "FILE", env = "ENTITLE_LEDGER", hide_env_values = true)]
    ledger: Option<PathBuf>,
    /// The user who gives the command.
    #[arg(
        long = "as",
        global = true,
        value_name = "USER",
        env = "ENTITLE_AS",
        hide_env_values = true,
        default_value = "admin"
    )]
    actor: UserId,
    /// A role of that user. Can be repeated, or several separated by commas [default: global
    /// administrator and host, which together may give every command].
    #[arg(
        long = "role",
        global = true,
        value_enum,
        value_name = "ROLE",
        value_delimiter = ',',
        env = "ENTITLE_ROLE",
        hide_env_values = true
    )]
    roles: Vec<RoleName>,
    /// Seconds to wait for another command that writes.
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 2)]
    wait: u32,
    /// A command that writes stores a snapshot next to the ledger once it had to replay this many
    /// bytes. Later commands start from it. It can be deleted: the ledger is authoritative. It is
    /// used only for the user who made it, by a key in that user's state folder, and never if the
    /// ledger has a revocation list, a time ticket or an anchor.
    #[arg(
        long,
        global = true,
        value_name = "BYTES",
        env = "ENTITLE_SNAPSHOT_EVERY",
        hide_env_values = true,
        default_value_t = 1024 * 1024
    )]
    snapshot_every: usize,
}

/// A role, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RoleName {
    GlobalAdministrator,
    BillingAdministrator,
    LicenseAdministrator,
    UserAdministrator,
    Host,
    /// No role at all.
    None,
}

impl TenantOptions {
    /// Returns the path of the ledger.
    fn ledger(&self) -> Result<&PathBuf, Failure> {
        self.ledger.as_ref().ok_or_else(|| {
            Failure::usage("cli.missing", "--ledger is missing")
                .help("say which ledger, once for all commands by `export ENTITLE_LEDGER=FILE`")
        })
    }

    /// Returns the actor of the commands.
    fn actor(&self) -> Actor {
        let usual = [RoleName::GlobalAdministrator, RoleName::Host];
        let roles = if self.roles.is_empty() { &usual[..] } else { &self.roles };
        let role = |name: &RoleName| match name {
            RoleName::GlobalAdministrator => Some(Role::GlobalAdministrator),
            RoleName::BillingAdministrator => Some(Role::BillingAdministrator),
            RoleName::LicenseAdministrator => Some(Role::LicenseAdministrator),
            RoleName::UserAdministrator => Some(Role::UserAdministrator),
            RoleName::Host => Some(Role::Host),
            RoleName::None => None,
        };
        roles.iter().filter_map(role).fold(Actor::new(self.actor.clone()), Actor::with)
    }
}

#[derive(Debug, Subcommand)]
enum TenantCommand {
    /// Create the record of a tenant.
    Init(init::Init),
    #[command(flatten)]
    Change(change::Change),
    /// Check whether a user may open an app. Exit code 0 if allowed, 1 if denied.
    Check(check::Question),
    /// Explain a decision, and what would change it.
    Why(check::Why),
    /// Show what a command would change, for whom and when, without doing it.
    Whatif(whatif::WhatIf),
    /// Report what is provisioned, assigned and consumed.
    Report(report::Report),
    /// Write a usage statement for the publisher.
    Statement(statement::Statement),
    /// List the events of the record.
    Log(log::Log),
    /// Compare the clock with the record, and show what to ask the publisher for if it is behind.
    Clock,
}

impl TenantArgs {
    pub(crate) fn run(&self, now: DateTime<Utc>) -> Result<Answer, Failure> {
        match &self.command {
            TenantCommand::Init(init) => init.run(&self.options),
            TenantCommand::Change(change) => change.run(&self.options, now),
            TenantCommand::Check(question) => question.check(&self.options, now),
            TenantCommand::Why(why) => why.run(&self.options, now),
            TenantCommand::Whatif(whatif) => whatif.run(&self.options, now),
            TenantCommand::Report(report) => report.run(&self.options, now),
            TenantCommand::Statement(statement) => statement.run(&self.options, now),
            TenantCommand::Log(log) => log.run(&self.options),
            TenantCommand::Clock => clock::run(&self.options, now),
        }
    }
}
