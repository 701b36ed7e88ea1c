//! What shells complete: the commands with the options that their help shows.

use clap::{Arg, Command};

/// Returns a program that is built, without what is hidden from its help: some commands have an option only to
/// refuse it. It completes words, and reads none.
pub(super) fn without_hidden(program: &Command) -> Command {
    let shown = |option: &&Arg| !option.is_hide_set();
    // Each command has those of all commands already, or refuses them.
    let options = program.get_arguments().filter(shown).map(|option| option.clone().global(false));
    let below = program.get_subcommands().filter(|command| !command.is_hide_set()).map(without_hidden);
    let command = Command::new(program.get_name().to_string()).args(options).subcommands(below);
    let command = program.get_about().cloned().into_iter().fold(command, Command::about);
    let command = program.get_version().map(ToString::to_string).into_iter().fold(command, Command::version);
    let aliases: Vec<String> = program.get_visible_aliases().map(ToString::to_string).collect();
    command.visible_aliases(aliases).disable_help_flag(true).disable_help_subcommand(true).disable_version_flag(true)
}
