//! Options of all commands that are given before the name of the command: they are refused where the same
//! option after it is.

use clap::parser::ValueSource;
use clap::{ArgMatches, Command};

use crate::exit::Failure;
use crate::timeless;

/// Fails for `--at` before a command that does not depend on the time, and for `--json` before a command with
/// an option that excludes it. The program is built.
pub(crate) fn check(program: &Command, matches: &ArgMatches) -> Result<(), Failure> {
    let (mut command, mut of_command) = (program, matches);
    while let Some((name, next)) = of_command.subcommand() {
        let Some(found) = command.find_subcommand(name) else { return Ok(()) };
        (command, of_command) = (found, next);
    }
    let is_given = |matches: &ArgMatches, id: &str| matches.value_source(id) == Some(ValueSource::CommandLine);
    // The option of all commands is shown, that of commands that refuse it is not.
    let is_timeless = command.get_arguments().any(|option| option.get_id() == "at" && option.is_hide_set());
    if is_timeless && is_given(matches, "at") {
        return Err(Failure::usage("cli.usage", timeless::REFUSED));
    }
    if !is_given(matches, "json") {
        return Ok(());
    }
    let excludes = |option: &&clap::Arg| {
        let others = command.get_arg_conflicts_with(option);
        is_given(of_command, option.get_id().as_str()) && others.iter().any(|other| other.get_id() == "json")
    };
    match command.get_arguments().find(excludes) {
        Some(option) => {
            let name = option.get_long().unwrap_or_default();
            Err(Failure::usage("cli.usage", format!("the argument '--{name}' cannot be used with '--json'")))
        }
        None => Ok(()),
    }
}
