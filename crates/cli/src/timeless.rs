//! The option `--at` of commands that do not depend on the time: none of them takes it.

use clap::{Args, Command};

use crate::instant::Instant;

// In the place of the option that all commands have.
#[derive(Debug, Args)]
pub(crate) struct Timeless {
    #[arg(id = "at", long = "at", value_name = "INSTANT", hide = true, value_parser = refuse)]
    #[allow(dead_code, reason = "it has no values")]
    at: Option<Instant>,
}

/// Why the option is refused.
pub(crate) const REFUSED: &str = "this command does not depend on the time: leave out --at";

fn refuse(_: &str) -> Result<Instant, &'static str> {
    Err(REFUSED)
}

/// Returns a command whose groups of commands that do not depend on the time have no option `--at` either.
pub(crate) fn hide_from_groups(command: Command) -> Command {
    let command = command.mut_subcommands(hide_from_groups);
    let is_timeless = |command: &Command| command.get_arguments().any(|option| option.get_id() == "at");
    let is_group = command.has_subcommands() && command.get_subcommands().all(is_timeless);
    if is_group && !is_timeless(&command) { Timeless::augment_args(command) } else { command }
}
