//! The command line of `entitle`: the publisher's tools, and a tenant to try them on.
//!
//! It is a host of the library: it reads files and the clock, stores a ledger on disk, and prints
//! text. Each command returns an [`Answer`](answer::Answer), as text and as JSON, or a
//! [`Failure`](exit::Failure) with what to do.

mod exit;

mod answer;
mod certify;
mod country;
mod draft;
mod files;

mod file_lock;
mod instant;
mod instant_hint;
mod near;
mod number;
mod prompt;
mod random;
mod source_snippet;
mod spreadsheet;
mod style;
mod table;
mod text;
mod timeless;

mod before_command;
mod usage;

mod application;
mod key;
mod named_keys;
#[cfg(all(test, target_os = "linux"))]
mod secret_memory;
mod signer;
mod trust;

mod book;

mod deal;
mod inspect;
mod revoke;
mod seal;
mod summary;
mod ticket;

mod catalog;

mod microsoft;

mod tenant;

mod help;
mod report;

#[cfg(test)]
mod option_table;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use answer::{Answer, Audience};
use exit::Failure;
use instant::Instant;

/// The environment variables that replace options.
const ENVIRONMENT_OPTIONS: [&str; 7] = [
    "ENTITLE_AS",
    "ENTITLE_AT",
    book::options::BOOK,
    "ENTITLE_LEDGER",
    "ENTITLE_ROLE",
    "ENTITLE_SNAPSHOT_EVERY",
    deal::TRUST,
];

/// The end of the help of all commands: what comes first.
const FIRST_STEPS: &str = "\
First steps, in this order:
  publisher:      catalog new, key new, book new, deal new, seal
  administrator:  tenant init, tenant install, tenant assign
Sign licenses with one key, and revocation lists with another (`key new --help`).
A date is its first second, in UTC: `--at 2026-03-02` is before all of that day.";

/// Sell, sign and enforce licenses offline: the publisher's tools, and a tenant to try them on.
#[derive(Debug, Parser)]
#[command(name = "entitle", version, max_term_width = 80, disable_help_subcommand = true, after_help = FIRST_STEPS)]
struct Cli {
    /// Print JSON, for programs.
    #[arg(long, global = true, display_order = 903)]
    json: bool,

    /// Date or instant [default: now].
    #[arg(
        long,
        global = true,
        display_order = 902,
        value_name = "INSTANT",
        env = "ENTITLE_AT",
        hide_env_values = true
    )]
    at: Option<Instant>,

    #[command(subcommand)]
    command: Command,
}

// A command without a comment here has that of its own type, with an example.
#[derive(Debug, Subcommand)]
enum Command {
    /// Make key pairs, and show public keys.
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Write deals, and look them up in the deal book.
    #[command(subcommand)]
    Deal(deal::DealCommand),
    Seal(seal::Seal),
    #[command(subcommand)]
    Book(book::BookCommand),
    Inspect(inspect::Inspect),
    Revise(deal::revise::Revise),
    Revoke(revoke::Revoke),
    Ticket(ticket::Ticket),
    /// Write, show and check a catalog, and check its laws.
    #[command(subcommand)]
    Catalog(catalog::CatalogCommand),
    /// Read Microsoft's licensing files: an ISV's plans, the Microsoft 365 catalogue, Graph's
    /// answers about a tenant.
    ///
    /// Files are recognised by their content, not by their name. What Microsoft's formats do not
    /// express is not guessed: each command lists its assumptions.
    #[command(subcommand)]
    Microsoft(microsoft::MicrosoftCommand),
    /// Administer a tenant: see, assign, check, explain.
    Tenant(tenant::TenantArgs),
    Report(report::Report),
    Help(help::Help),
}

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    let audience = if arguments.iter().any(|word| word == "--json") { Audience::Programs } else { Audience::People };
    if let Err(failure) = check_arguments(&arguments).and_then(|()| seed_hashes()) {
        return answer::print(Err(failure), audience).into();
    }
    let mut program = program();
    let parsed = program.try_get_matches_from_mut(&arguments);
    let parsed = parsed.and_then(|matches| Ok((Cli::from_arg_matches(&matches)?, matches)));
    let result = match parsed {
        Ok((cli, matches)) => before_command::check(&program, &matches).and_then(|()| run(&cli)),
        // Help and the version are not errors.
        Err(error) if !error.use_stderr() => return answer::print_help(&error).into(),
        Err(error) => Err(usage::failure(error, self::program(), &arguments)),
    };
    answer::print(result, audience).into()
}

/// Seeds the hashes of ids before the first id is hashed: the author of a ledger chooses the ids in
/// it.
fn seed_hashes() -> Result<(), Failure> {
    entitle::seed_hashes(random::id()?).map_err(|error| Failure::unreadable(error.code(), error))
}

/// Fails if an argument or an environment variable contains what no message may repeat.
fn check_arguments(arguments: &[OsString]) -> Result<(), Failure> {
    let settings = ENVIRONMENT_OPTIONS.into_iter().filter_map(std::env::var_os);
    if arguments.iter().any(|word| word.to_string_lossy().to_ascii_lowercase().contains(key::SECRET)) {
        return Err(key::secret_on_command_line());
    }
    let settings: Vec<_> = settings.collect();
    if settings.iter().any(|word| word.to_string_lossy().to_ascii_lowercase().contains(key::SECRET)) {
        return Err(key::secret_in_environment());
    }
    // A line feed in an argument could make one error look like two.
    match arguments.iter().chain(&settings).find(|word| word.to_string_lossy().contains(char::is_control)) {
        Some(word) => {
            let message = format!("`{}` has a control character", word.to_string_lossy());
            Err(Failure::usage("cli.control-character", message))
        }
        None => Ok(()),
    }
}

/// Returns the arguments of all commands; the help of each ends with where the exit codes are.
fn program() -> clap::Command {
    timeless::hide_from_groups(help::complete(Cli::command()))
}

fn run(cli: &Cli) -> Result<Answer, Failure> {
    let now = cli.at.map_or_else(instant::system_clock, |at| at.0);
    match &cli.command {
        Command::Key(command) => command.run(now),
        Command::Deal(command) => command.run(now),
        Command::Seal(command) => command.run(now),
        Command::Book(command) => command.run(),
        Command::Inspect(command) => command.run(now),
        Command::Revise(command) => command.run(now),
        Command::Revoke(command) => command.run(now),
        Command::Ticket(command) => command.run(now),
        Command::Catalog(command) => command.run(),
        Command::Microsoft(command) => command.run(now),
        Command::Tenant(command) => command.run(cli.at),
        Command::Report(report) => report.run(cli.at),
        Command::Help(help) => help.run(program()),
    }
}
