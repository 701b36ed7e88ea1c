//! The option `--at` of commands that do not depend on the time: none of them takes it.

use core::error::Error as _;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, Command};

use crate::exit::Failure;
use crate::instant::Instant;

// In the place of the option that all commands have. It is hidden: its help is why the command refuses it, if that
// is another reason than the common one.
#[derive(Debug, Args)]
pub(crate) struct Timeless {
    #[arg(id = "at", long = "at", value_name = "INSTANT", hide = true, value_parser = refuse)]
    #[allow(dead_code, reason = "it has no values")]
    at: Option<Instant>,
}

/// Why the option is refused, where a command gives no reason of its own.
pub(crate) const REFUSED: &str = "this command does not depend on the time: leave out --at";

/// Returns whether a command has the option only to refuse it, or not at all.
pub(crate) fn is_timeless(command: &Command) -> bool {
    command.get_arguments().all(|option| option.get_id() != "at" || option.is_hide_set())
}

/// Returns whether an error of a command is that it refuses the option, whatever its value, or without one.
pub(crate) fn is_refusal(error: &clap::Error, command: &Command) -> bool {
    let of = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.as_str(),
        _ => "",
    };
    let is_without_value = is_timeless(command)
        && error.kind() == ErrorKind::InvalidValue
        && of(ContextKind::InvalidValue).is_empty()
        && of(ContextKind::InvalidArg).starts_with("--at ");
    is_without_value || error.source().is_some_and(|source| source.to_string() == REFUSED)
}

/// Returns the failure for the option of a command that refuses it.
pub(crate) fn refusal(command: &Command) -> Failure {
    let option = command.get_arguments().find(|option| option.get_id() == "at" && option.is_hide_set());
    let why = option.and_then(clap::Arg::get_help).map_or_else(|| REFUSED.to_string(), ToString::to_string);
    Failure::usage("cli.usage", why)
}

fn refuse(_: &str) -> Result<Instant, &'static str> {
    Err(REFUSED)
}

/// Returns a command whose groups of commands that do not depend on the time have no option `--at` either.
pub(crate) fn hide_from_groups(command: Command) -> Command {
    let command = command.mut_subcommands(hide_from_groups);
    let has_own = |command: &Command| command.get_arguments().any(|option| option.get_id() == "at");
    let is_group = command.has_subcommands() && command.get_subcommands().all(has_own);
    if is_group && !has_own(&command) { Timeless::augment_args(command) } else { command }
}
