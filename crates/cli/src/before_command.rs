//! Options that clap accepts where they would do nothing: those of all commands before the name of a command
//! that refuses them after it, and those about the deal book without a book.

use std::ffi::OsString;

use clap::parser::ValueSource;
use clap::{ArgMatches, Command};

use crate::exit::Failure;
use crate::timeless;

/// The options of commands that sign, which are about the deal book alone.
const OF_BOOK: [&str; 2] = ["name", "wait"];

/// The option to sign what a list of the book revokes.
const DESPITE_LISTS: &str = "yes";

/// Fails for `--at` before a command that does not depend on the time, for `--json` before a command with an
/// option that excludes it, and for `--as`, `--wait` and `--yes` of a command that signs without a deal book. The
/// program is built.
pub(crate) fn check(program: &Command, matches: &ArgMatches) -> Result<(), Failure> {
    let (mut command, mut of_command) = (program, matches);
    while let Some((name, next)) = of_command.subcommand() {
        // The words after `help` are no commands of its own.
        let Some(found) = command.find_subcommand(name) else { break };
        (command, of_command) = (found, next);
    }
    let is_given = |matches: &ArgMatches, id: &str| matches.value_source(id) == Some(ValueSource::CommandLine);
    if timeless::is_timeless(command) && is_given(matches, "at") {
        return Err(timeless::refusal(command));
    }
    require_book(command, of_command)?;
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

/// Fails if an option about the deal book is given to a command that signs without one.
fn require_book(command: &Command, matches: &ArgMatches) -> Result<(), Failure> {
    let has = |id: &str| command.get_arguments().any(|option| option.get_id() == id);
    if !has("book") || !OF_BOOK.into_iter().all(has) {
        return Ok(());
    }
    // An empty variable is no book.
    let book = matches.get_one::<OsString>("book").filter(|book| !book.is_empty());
    let given = |id: &&str| matches.value_source(id) == Some(ValueSource::CommandLine);
    let despite = [DESPITE_LISTS].into_iter().filter(|id| has(id));
    let id = OF_BOOK.into_iter().chain(despite).find(given);
    let option = id.and_then(|id| command.get_arguments().find(|option| option.get_id() == id));
    match option.and_then(clap::Arg::get_long).filter(|_| book.is_none()) {
        Some(name) => {
            let message = format!("--{name} has no effect here: it is about the deal book, and no book is named");
            Err(Failure::usage("cli.no-effect", message)
                .help("name the book by --book or ENTITLE_BOOK, or leave it out"))
        }
        None => Ok(()),
    }
}
