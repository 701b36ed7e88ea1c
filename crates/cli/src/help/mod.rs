//! `entitle help`: the help of a command, and what is about all of them.

mod completed;
mod man;
mod screen;

pub(crate) use screen::complete;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use clap_complete::Shell;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::exit::{self, Failure};
use crate::near::did_you_mean;
use crate::timeless::Timeless;

/// Show the help of a command, exit codes, man pages, completions.
///
/// The help of a command: `entitle help deal new`, the same as `entitle deal new --help`.
#[derive(Debug, Args)]
pub(crate) struct Help {
    #[command(flatten)]
    time: Timeless,
    #[command(subcommand)]
    topic: Option<Topic>,
}

#[derive(Debug, Subcommand)]
enum Topic {
    /// List the exit codes of all commands.
    ///
    /// `entitle help exit-codes`
    ExitCodes,
    /// Write the man pages of all commands to a folder.
    ///
    /// `entitle help man ~/.local/share/man/man1`
    Man {
        /// The folder, which is made if it does not exist. Man pages of these commands in it
        /// are replaced.
        folder: PathBuf,
    },
    /// Write the completions of a shell to stdout.
    ///
    /// `entitle help completions bash > ~/.local/share/bash-completion/completions/entitle`
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// The words of a command.
    #[command(external_subcommand)]
    Command(Vec<OsString>),
}

impl Help {
    /// Answers from the arguments of the whole program.
    pub(crate) fn run(&self, program: clap::Command) -> Result<Answer, Failure> {
        match &self.topic {
            None => command_help(program, &[]),
            Some(Topic::Command(words)) => {
                let words = words.iter().map(|word| word.to_string_lossy().into_owned());
                // The option of the whole program may follow them, and the one for the same help.
                let options = ["--json", "--help", "-h"];
                let words: Vec<String> = words.filter(|word| !options.contains(&word.as_str())).collect();
                command_help(program, &words)
            }
            Some(Topic::ExitCodes) => Ok(exit_codes()),
            Some(Topic::Man { folder }) => man::write(program, folder),
            Some(Topic::Completions { shell }) => Ok(completions(program, *shell)),
        }
    }
}

/// Returns the help of the command of these words, as its `--help` shows it.
fn command_help(program: clap::Command, words: &[String]) -> Result<Answer, Failure> {
    let mut command = &program;
    for word in words {
        let names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
        let Some(found) = command.find_subcommand(word) else {
            let name = command.get_name();
            let failure = Failure::usage("cli.unknown-command", format!("`{name}` has no command `{word}`"));
            let list = names.join(", ");
            return Err(match did_you_mean(word, names) {
                Some(question) => failure.help(question),
                None if list.is_empty() => failure,
                None => failure.help(format_args!("its commands are {list}")),
            });
        };
        command = found;
    }
    let words: Vec<&str> = core::iter::once("entitle").chain(words.iter().map(String::as_str)).collect();
    let asked = program.try_get_matches_from(words.iter().copied().chain(["--help"]));
    let text = asked.map_or_else(|help| help.to_string(), |_| String::new());
    Ok(Answer::new(json!({ "command": words.join(" "), "help": text })).line(text.trim_end()))
}

fn exit_codes() -> Answer {
    let codes: Vec<Value> =
        exit::EXIT_CODES.iter().map(|(code, meaning)| json!({ "code": *code as u8, "meaning": meaning })).collect();
    let answer = Answer::new(json!({ "exit_codes": codes }));
    let answer = exit::EXIT_CODES
        .iter()
        .fold(answer, |answer, (code, meaning)| answer.line(format_args!("{}  {meaning}", *code as u8)));
    answer.line(format_args!("\n{}", exit::OUTPUT))
}

fn completions(mut program: clap::Command, shell: Shell) -> Answer {
    // Only a program that is built has the options of all commands in each.
    program.build();
    let mut program = completed::without_hidden(&program);
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut program, "entitle", &mut script);
    let script = String::from_utf8_lossy(&script);
    Answer::new(json!({ "shell": shell.to_string(), "script": script })).raw(&script)
}
