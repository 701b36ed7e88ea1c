//! The failures for arguments that a command does not take.

use std::ffi::OsString;

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::exit::Failure;
use crate::near;
use crate::timeless;

/// How many letters of an option are an abbreviation of it.
const ABBREVIATION: usize = 3;

/// Returns the failure for arguments that are not those of a command.
pub(crate) fn failure(mut error: clap::Error, mut program: Command, arguments: &[OsString]) -> Failure {
    // Only a program that is built has the names of all commands, and the options of all in each.
    program.build();
    let command = command_of(&program, arguments);
    if timeless::is_refusal(&error, command) {
        return timeless::refusal(command);
    }
    if matches!(error.kind(), ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand) {
        let path = command.get_bin_name().unwrap_or_else(|| command.get_name());
        let help = command.clone().render_help();
        let lines = format!("a command is missing after `{path}`\n\n{}", help.to_string().trim_end());
        return Failure::usage("cli.usage", "").with_lines(&lines);
    }
    // The usage that an error brings names options from the environment as if they had to be given.
    let usage = command.clone().render_usage();
    if let Some(option) = unknown_option(&error) {
        let failure = not_taken(command, option);
        let lines = format!("{}\n\n{usage}\n\nFor more information, try '--help'.", failure.message);
        return failure.with_lines(&lines);
    }
    if error.get(ContextKind::Usage).is_some() {
        error.insert(ContextKind::Usage, ContextValue::StyledStr(usage));
    }
    let message = error.to_string();
    let message = message.trim_end();
    // A failure already begins with `error: `.
    Failure::usage("cli.usage", "").with_lines(message.strip_prefix("error: ").unwrap_or(message))
}

/// Returns the command that arguments name.
fn command_of<'p>(program: &'p Command, arguments: &[OsString]) -> &'p Command {
    let words = arguments.iter().skip(1).filter_map(|word| word.to_str());
    words.fold(program, |command, word| command.find_subcommand(word).unwrap_or(command))
}

/// Returns the name of an option that is unknown where it was given.
fn unknown_option(error: &clap::Error) -> Option<&str> {
    match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(argument)) if error.kind() == ErrorKind::UnknownArgument => {
            argument.strip_prefix("--")
        }
        _ => None,
    }
}

/// Returns the failure for an option that a command does not take, or only after its name.
///
/// The options that are suggested are near it and are those of this command: for clap `--catalog` is like
/// `--at`, and `--at` is an option of commands that refuse it too.
fn not_taken(command: &Command, option: &str) -> Failure {
    let path = command.get_bin_name().unwrap_or_else(|| command.get_name());
    let shown = command.get_arguments().filter(|argument| !argument.is_hide_set());
    let known: Vec<&str> = shown.filter_map(clap::Arg::get_long).collect();
    if known.contains(&option) {
        let message = format!("`--{option}` is an option of `{path}`: it comes after these words");
        return Failure::usage("cli.usage", message);
    }
    let failure = Failure::usage("cli.usage", format!("`{path}` takes no `--{option}`"));
    match near::question(meant(option, &known).into_iter().map(|name| format!("--{name}"))) {
        Some(question) => failure.help(question),
        None => failure,
    }
}

/// Returns the known options that an unknown one abbreviates, or else those of the fewest edits from it.
fn meant<'a>(option: &str, known: &[&'a str]) -> Vec<&'a str> {
    let is_longer = |name: &&&str| option.len() >= ABBREVIATION && name.starts_with(option);
    let longer: Vec<&str> = known.iter().filter(is_longer).copied().collect();
    if longer.is_empty() { near::nearest(option, known.iter().copied()) } else { longer }
}
