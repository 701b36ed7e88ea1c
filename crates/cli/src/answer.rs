//! What a command says: text for people, or one JSON object for programs.

use core::fmt::{self, Write as _};
use std::io::{self, Write as _};

use serde_json::Value;

use crate::exit::{Exit, Failure};
use crate::text::{self, lines, one_line};

/// What a command says, in both ways.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) exit: Exit,
    text: String,
    json: Value,
    notes: Vec<String>,
}

impl Answer {
    /// An answer in JSON, as yet without text.
    pub(crate) fn new(json: Value) -> Self {
        Self { exit: Exit::Done, text: String::new(), json, notes: Vec::new() }
    }

    /// The same with one line more, whatever is repeated in it.
    pub(crate) fn escaped_line(self, line: impl fmt::Display) -> Self {
        self.line(one_line(&line.to_string()))
    }

    /// The same with one line more, or several, of which those repeat nothing that could have line feeds of its own.
    pub(crate) fn line(mut self, line: impl fmt::Display) -> Self {
        // Writing into a text does not fail.
        _ = writeln!(self.text, "{line}");
        self
    }

    /// The same with a text as it is.
    pub(crate) fn raw(mut self, text: &str) -> Self {
        self.text.push_str(text);
        self
    }

    /// The same, said beside: on stderr, for people only.
    pub(crate) fn note(mut self, note: impl fmt::Display) -> Self {
        self.notes.push(note.to_string());
        self
    }

    pub(crate) fn notes(mut self, notes: Vec<String>) -> Self {
        self.notes.extend(notes);
        self
    }

    pub(crate) fn with_exit(self, exit: Exit) -> Self {
        Self { exit, ..self }
    }
}

/// For whom the output is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    People,
    Programs,
}

/// Says it, and tells the exit code. Nothing that a terminal obeys and no secret key is in the output, whatever the words
/// are: documents are other people's.
pub(crate) fn print(result: Result<Answer, Failure>, audience: Audience) -> u8 {
    let (exit, written) = match (result, audience) {
        (Ok(answer), Audience::People) => {
            answer.notes.iter().for_each(|note| print_to_stderr(&format!("note: {}", one_line(note))));
            (answer.exit, print_to_stdout(&lines(&answer.text)))
        }
        (Ok(answer), Audience::Programs) => (answer.exit, print_to_stdout(&json_text(&answer.json))),
        (Err(failure), Audience::People) => {
            print_to_stderr(&failure.to_string());
            (failure.exit, Ok(()))
        }
        (Err(failure), Audience::Programs) => (failure.exit, print_to_stdout(&json_text(&failure.json()))),
    };
    match written {
        // Whoever read has heard enough.
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

/// Says a line on stderr.
pub(crate) fn print_to_stderr(line: &str) {
    _ = writeln!(io::stderr(), "{}", text::without_secrets(&lines(line)));
}

fn print_to_stdout(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text::without_secrets(text).as_bytes())?;
    stdout.flush()
}
