//! The output of a command: text for people, or one JSON value for programs.

use core::fmt::{self, Write as _};
use std::io::{self, Write as _};

use serde_json::Value;

use crate::exit::{Exit, Failure};
use crate::text::{self, lines, one_line};

/// The output of a command, as text and as JSON.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) exit: Exit,
    text: String,
    json: Value,
    notes: Vec<String>,
    /// Whether something is recorded, whatever becomes of the output.
    is_recorded: bool,
}

impl Answer {
    /// Returns an answer with this JSON and no text.
    pub(crate) fn new(json: Value) -> Self {
        Self { exit: Exit::Done, text: String::new(), json, notes: Vec::new(), is_recorded: false }
    }

    /// Adds a field to the JSON, which is an object.
    pub(crate) fn with_field(mut self, name: &str, value: Value) -> Self {
        if let Some(fields) = self.json.as_object_mut() {
            fields.insert(name.to_string(), value);
        }
        self
    }

    /// Appends one line; line ends and control characters in it are escaped.
    pub(crate) fn escaped_line(self, line: impl fmt::Display) -> Self {
        self.line(one_line(&line.to_string()))
    }

    /// Appends one line or several, whose line ends are kept.
    pub(crate) fn line(mut self, line: impl fmt::Display) -> Self {
        // Writing to a string does not fail.
        _ = writeln!(self.text, "{line}");
        self
    }

    /// Appends a text unchanged.
    pub(crate) fn raw(mut self, text: &str) -> Self {
        self.text.push_str(text);
        self
    }

    /// Appends a note, which is printed to stderr for people only.
    pub(crate) fn note(mut self, note: impl fmt::Display) -> Self {
        self.notes.push(note.to_string());
        self
    }

    pub(crate) fn notes(mut self, notes: Vec<String>) -> Self {
        self.notes.extend(notes);
        self
    }

    /// Marks the answer of a command that has recorded something: an output that cannot be written is
    /// no failure then.
    pub(crate) fn recorded(self) -> Self {
        Self { is_recorded: true, ..self }
    }

    pub(crate) fn with_exit(self, exit: Exit) -> Self {
        Self { exit, ..self }
    }
}

/// The audience of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    People,
    Programs,
}

/// Prints a result and returns the exit code. The output contains no control characters and no
/// secret keys, whatever the documents contain.
pub(crate) fn print(result: Result<Answer, Failure>, audience: Audience) -> u8 {
    let (exit, is_recorded, written) = match (result, audience) {
        (Ok(answer), Audience::People) => {
            answer.notes.iter().for_each(|note| print_to_stderr(&format!("note: {}", one_line(note))));
            (answer.exit, answer.is_recorded, print_to_stdout(&lines(&answer.text)))
        }
        (Ok(answer), Audience::Programs) => {
            (answer.exit, answer.is_recorded, print_to_stdout(&json_text(&answer.json)))
        }
        (Err(failure), Audience::People) => {
            print_to_stderr(&failure.to_string());
            (failure.exit, false, Ok(()))
        }
        (Err(failure), Audience::Programs) => (failure.exit, false, print_to_stdout(&json_text(&failure.json()))),
    };
    match written {
        Err(error) if is_recorded => {
            print_to_stderr(&format!("warning: it is recorded, but stdout cannot be written: {error} [cli.stdout]"));
            exit as u8
        }
        // The reader of the pipe has closed it, which is no error.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            print_to_stderr(&format!("error: stdout cannot be written: {error} [cli.stdout]"));
            Exit::Unwritten as u8
        }
        _ => exit as u8,
    }
}

fn json_text(value: &Value) -> String {
    text::json(&format!("{value:#}\n")).into_owned()
}

/// Prints a line to stderr.
pub(crate) fn print_to_stderr(line: &str) {
    _ = writeln!(io::stderr(), "{}", text::without_secrets(&lines(line)));
}

fn print_to_stdout(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text::without_secrets(text).as_bytes())?;
    stdout.flush()
}
