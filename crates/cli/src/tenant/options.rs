//! The options of the tenant's commands: the ledger, who acts, and how the ledger is written.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use entitle::chrono::{DateTime, Utc};
use entitle::{Actor, Role, UserId};

use super::once::require_once;
use super::with::Common;
use crate::exit::Failure;
use crate::number;

/// The ledger of the tenant, and the instant of the command.
#[derive(Debug, Clone, Args)]
pub(crate) struct TenantOptions {
    /// The ledger of the tenant.
    #[arg(
        short,
        long,
        global = true,
        display_order = 901,
        value_name = "FILE",
        env = "ENTITLE_LEDGER",
        hide_env_values = true
    )]
    ledger: Option<PathBuf>,
    /// The instant of `--at`; none if the command runs at the time of the clock.
    #[arg(skip)]
    pub(crate) chosen: Option<DateTime<Utc>>,
}

impl TenantOptions {
    /// Returns the options for a ledger at the time of the clock.
    pub(crate) fn of(ledger: &Path) -> Self {
        Self { ledger: Some(ledger.to_path_buf()), chosen: None }
    }

    /// Returns the options for a command at an instant that was chosen, or at the time of the clock.
    pub(crate) fn at(&self, chosen: Option<DateTime<Utc>>) -> Self {
        Self { chosen, ..self.clone() }
    }

    /// Returns the path of the ledger.
    pub(crate) fn ledger(&self) -> Result<&PathBuf, Failure> {
        self.ledger.as_ref().ok_or_else(|| {
            Failure::usage("cli.missing", "--ledger is missing")
                .help("say which ledger, once for all commands by `export ENTITLE_LEDGER=FILE`")
        })
    }
}

/// Who gives the commands.
#[derive(Debug, Clone, Args)]
pub(crate) struct ActorOptions {
    /// Who does it.
    #[arg(long = "as", value_name = "USER", env = "ENTITLE_AS", hide_env_values = true, default_value = "admin")]
    actor: UserId,
    /// A role, such as license-administrator [default: all].
    #[arg(
        long = "role",
        value_enum,
        value_name = "ROLE",
        env = "ENTITLE_ROLE",
        hide_env = true,
        hide_possible_values = true,
        value_delimiter = ','
    )]
    roles: Vec<RoleName>,
}

/// A role, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RoleName {
    GlobalAdministrator,
    BillingAdministrator,
    LicenseAdministrator,
    UserAdministrator,
    Host,
    None,
}

impl ActorOptions {
    /// Returns the actor of the commands.
    pub(crate) fn actor(&self) -> Result<Actor, Failure> {
        let names: Vec<&str> = self.roles.iter().map(|role| role.name()).collect();
        require_once("role", &names)?;
        if self.roles.len() > 1 && self.roles.contains(&RoleName::None) {
            return Err(Failure::usage("cli.roles", "the role `none` is given together with others")
                .help("leave out `none`, or the others"));
        }
        let usual = [RoleName::GlobalAdministrator, RoleName::Host];
        let roles = if self.roles.is_empty() { &usual[..] } else { &self.roles };
        Ok(roles.iter().filter_map(|role| role.role()).fold(Actor::new(self.actor.clone()), Actor::with))
    }
}

impl RoleName {
    fn role(self) -> Option<Role> {
        match self {
            Self::GlobalAdministrator => Some(Role::GlobalAdministrator),
            Self::BillingAdministrator => Some(Role::BillingAdministrator),
            Self::LicenseAdministrator => Some(Role::LicenseAdministrator),
            Self::UserAdministrator => Some(Role::UserAdministrator),
            Self::Host => Some(Role::Host),
            Self::None => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::GlobalAdministrator => "global-administrator",
            Self::BillingAdministrator => "billing-administrator",
            Self::LicenseAdministrator => "license-administrator",
            Self::UserAdministrator => "user-administrator",
            Self::Host => "host",
            Self::None => "none",
        }
    }
}

/// How long a command waits for another one that writes.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct WaitOptions {
    /// Seconds to wait for another command [default: 2].
    #[arg(long, value_name = "SECONDS", value_parser = number::parse::<u32>)]
    wait: Option<u32>,
}

impl WaitOptions {
    /// Returns the seconds to wait.
    pub(crate) fn seconds(self) -> u32 {
        const DEFAULT: u32 = 2;
        self.wait.unwrap_or(DEFAULT)
    }

    /// Fails if the seconds were chosen for a command that does not wait.
    pub(crate) fn require_default(self, why: &str) -> Result<(), Failure> {
        match self.wait {
            Some(_) => Err(Failure::usage("cli.no-effect", format!("--wait has no effect here: {why}"))),
            None => Ok(()),
        }
    }
}

/// Who changes the tenant, and how the ledger is written.
#[derive(Debug, Clone, Args)]
pub(crate) struct WriteOptions {
    #[command(flatten)]
    pub(crate) by: ActorOptions,
    #[command(flatten)]
    pub(crate) wait: WaitOptions,
    /// Store a snapshot after replaying this many bytes.
    #[arg(
        long,
        hide = true,
        value_name = "BYTES",
        env = "ENTITLE_SNAPSHOT_EVERY",
        hide_env_values = true,
        default_value_t = SNAPSHOT_EVERY
    )]
    pub(crate) snapshot_every: usize,
}

impl Common for WriteOptions {}

/// The number of bytes of a ledger that are replayed before a snapshot is stored, if not chosen.
pub(crate) const SNAPSHOT_EVERY: usize = 1024 * 1024;
