//! Exit codes and errors.

use core::fmt;
use std::path::Path;

use serde_json::{Value, json};

use crate::text::{self, lines, one_line};

/// The exit codes of all commands, and what they mean.
pub(crate) const EXIT_CODES: [(Exit, &str); 6] = [
    (Exit::Done, "done, or allowed"),
    (Exit::Refused, "denied, refused, or a law that is broken"),
    (Exit::Usage, "the command line is wrong: an option, an id or an instant"),
    (Exit::Unreadable, "something cannot be read or verified: a file, a signature, a catalog, a ledger"),
    (Exit::Locked, "a ledger, a book or settings are locked by another command that writes"),
    (Exit::Unwritten, "something cannot be written, or already exists"),
];

/// Where answers and errors go.
pub(crate) const OUTPUT: &str = "Errors go to stderr. With --json, a command prints one JSON value to stdout, also for errors. A terminal shows colours unless NO_COLOR is set; CLICOLOR_FORCE=1 has them everywhere.";

/// The exit code of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    Done = 0,
    Refused = 1,
    Usage = 2,
    Unreadable = 3,
    Locked = 4,
    Unwritten = 5,
}

/// Why a command failed, and what to do.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

impl Failure {
    fn new(exit: Exit, code: &'static str, message: impl fmt::Display) -> Self {
        // One line: text from a file or the command line must not look like a message of this
        // program.
        Self { exit, code, message: one_line(&message.to_string()).into_owned(), help: None }
    }

    /// Sets a message of several lines, which this program wrote.
    pub(crate) fn with_lines(self, message: &str) -> Self {
        Self { message: lines(message).into_owned(), ..self }
    }

    pub(crate) fn refused(code: &'static str, message: impl fmt::Display) -> Self {
        Self::new(Exit::Refused, code, message)
    }

    pub(crate) fn usage(code: &'static str, message: impl fmt::Display) -> Self {
        Self::new(Exit::Usage, code, message)
    }

    pub(crate) fn unreadable(code: &'static str, message: impl fmt::Display) -> Self {
        Self::new(Exit::Unreadable, code, message)
    }

    pub(crate) fn locked(message: impl fmt::Display) -> Self {
        Self::new(Exit::Locked, "cli.locked", message)
    }

    pub(crate) fn unwritten(code: &'static str, message: impl fmt::Display) -> Self {
        Self::new(Exit::Unwritten, code, message)
    }

    /// Adds the file of which several were given, and that nothing was done.
    pub(crate) fn of_file(self, path: &Path) -> Self {
        let message = format!("{}: {}. Nothing was done", text::name(path), self.message);
        Self { message: one_line(&message).into_owned(), ..self }
    }

    /// Adds what to do.
    pub(crate) fn help(self, help: impl fmt::Display) -> Self {
        Self { help: Some(one_line(&help.to_string()).into_owned()), ..self }
    }

    pub(crate) fn json(&self) -> Value {
        json!({ "error": { "code": self.code, "message": self.message, "help": self.help } })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.exit == Exit::Refused { "refused" } else { "error" };
        write!(f, "{word}: {} [{}]", self.message, self.code)?;
        self.help.iter().try_for_each(|help| write!(f, "\n  help: {help}"))
    }
}
