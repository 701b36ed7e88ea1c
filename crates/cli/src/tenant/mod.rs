//! `entitle tenant`: a tenant to be tried, its record in a ledger on disk.

mod disk;
mod replay;
mod settings;
mod snapshot_key;
mod store;

mod snapshot;

mod record;

mod ineffective_entries;

mod change;
mod command_text;

mod check;
mod clock;
mod init;
mod log;
mod report;
mod whatif;

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use entitle::chrono::{DateTime, Utc};
use entitle::{Actor, Role, UserId};

use crate::answer::Answer;
use crate::exit::Failure;

/// Try a tenant: install, assign, check, ask why.
///
/// Its record is a ledger, which survives a kill at any instant: a command that says it is done is on the disk, as one line.
/// One command writes at a time; those that only read wait for nobody.
///
/// An application has its catalog and its public keys compiled in. Here they lie beside the ledger, in a file that `init`
/// writes: whoever can edit that can open everything.
#[derive(Debug, Args)]
pub(crate) struct TenantArgs {
    #[command(flatten)]
    options: TenantOptions,
    #[command(subcommand)]
    command: TenantCommand,
}

/// Which tenant, and who asks.
#[derive(Debug, Args)]
pub(crate) struct TenantOptions {
    /// The ledger of the tenant.
    #[arg(short, long, global = true, value_name = "FILE", env = "ENTITLE_LEDGER", hide_env_values = true)]
    ledger: Option<PathBuf>,
    /// Who gives the command.
    #[arg(long = "as", global = true, value_name = "USER", default_value = "admin")]
    actor: UserId,
    /// A role that they have; again for more. If none is given, global administrator and host: what a person may do for the
    /// organisation, and what its application does by itself.
    #[arg(long = "role", global = true, value_enum, value_name = "ROLE")]
    roles: Vec<RoleName>,
    /// How many seconds to wait for another command that writes.
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 2)]
    wait: u32,
    /// How many bytes of the ledger a command that writes may have to replay before it keeps a snapshot beside the ledger, from
    /// which the next commands start. It can be thrown away: the ledger is the truth. It counts only for the user who made it,
    /// by a key in that user's folder of state, and never where the ledger has a revocation list, a time ticket or an anchor.
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

/// A role, or that there is none.
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
    /// Which ledger.
    fn ledger(&self) -> Result<&PathBuf, Failure> {
        self.ledger.as_ref().ok_or_else(|| {
            Failure::usage("cli.missing", "--ledger is missing")
                .help("say which ledger, once for all commands by `export ENTITLE_LEDGER=FILE`")
        })
    }

    /// Who gives the commands.
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
    /// Begin the record of a tenant.
    Init(init::Init),
    #[command(flatten)]
    Change(change::Change),
    /// May this user open this app? Exit code 0 if they may, 1 if not.
    Check(check::Question),
    /// Why, or why not, and what would help.
    Why(check::Why),
    /// What a command would change, for whom, from when until when; nothing is done.
    Whatif(whatif::WhatIf),
    /// The License report: what is provisioned and assigned of each plan.
    Report(report::Report),
    /// What was done, when and by whom.
    Log(log::Log),
    /// Whether the clock fits the record, and what to ask the publisher for if not.
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
            TenantCommand::Log(log) => log.run(&self.options),
            TenantCommand::Clock => clock::run(&self.options, now),
        }
    }
}
