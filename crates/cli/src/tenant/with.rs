//! Commands of which each has some more options: only where they act, and after the name of the
//! command.

use clap::{ArgMatches, Args, Command, Error, FromArgMatches, Subcommand};

/// Options that several commands have.
pub(super) trait Common: Args {
    /// What the examples of the commands begin with instead of `entitle tenant`.
    const BEGINNING: &str = "entitle tenant";
}

/// One of the commands `C`, with the options `O` that all of them have.
#[derive(Debug)]
pub(super) struct With<O, C> {
    pub(super) options: O,
    pub(super) command: C,
}

impl<O: Common, C: Subcommand> Subcommand for With<O, C> {
    fn augment_subcommands(command: Command) -> Command {
        let commands = C::augment_subcommands(Command::new("commands"));
        // They are listed after those that are there.
        let first = command.get_subcommands().count();
        let commands = (first..).zip(commands.get_subcommands().cloned());
        commands.map(|(order, command)| with::<O>(command).display_order(order)).fold(command, Command::subcommand)
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        C::has_subcommand(name)
    }
}

impl<O: Common, C: Subcommand> FromArgMatches for With<O, C> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let options = match matches.subcommand() {
            Some((_, of_command)) => O::from_arg_matches(of_command)?,
            None => O::from_arg_matches(matches)?,
        };
        Ok(Self { options, command: C::from_arg_matches(matches)? })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Returns a command with the options, whose own description is not the command's.
fn with<O: Common>(command: Command) -> Command {
    let (about, after) = (command.get_about().cloned(), command.get_after_help().map(|help| help.ansi().to_string()));
    let after = after.unwrap_or_default().replace("entitle tenant", O::BEGINNING);
    O::augment_args(command).about(about.unwrap_or_default()).after_help(after)
}
