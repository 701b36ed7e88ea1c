//! What a command says: text for people, or one JSON object for programs.

use core::fmt::{self, Write as _};
use std::borrow::Cow;
use std::io::{self, Write as _};

use serde_json::Value;

use crate::exit::{Exit, Failure};

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

    /// The same with one line more.
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

    pub(crate) fn ending(self, exit: Exit) -> Self {
        Self { exit, ..self }
    }
}

/// For whom the output is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    People,
    Programs,
}

/// Says it, and tells the exit code.
pub(crate) fn say(said: Result<Answer, Failure>, to: Audience) -> u8 {
    let (exit, written) = match (said, to) {
        (Ok(answer), Audience::People) => {
            answer.notes.iter().for_each(|note| _ = writeln!(io::stderr(), "note: {}", harmless(note)));
            (answer.exit, out(&harmless(&answer.text)))
        }
        (Ok(answer), Audience::Programs) => (answer.exit, out(&format!("{:#}\n", answer.json))),
        (Err(failure), Audience::People) => {
            _ = writeln!(io::stderr(), "{}", harmless(&failure.to_string()));
            (failure.exit, Ok(()))
        }
        (Err(failure), Audience::Programs) => (failure.exit, out(&format!("{:#}\n", failure.json()))),
    };
    match written {
        // Whoever read has heard enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            _ = writeln!(io::stderr(), "error: stdout cannot be written: {error} [cli.stdout]");
            Exit::Unwritten as u8
        }
        _ => exit as u8,
    }
}

/// The text without what a terminal would obey: documents are other people's words.
fn harmless(text: &str) -> Cow<'_, str> {
    let obeyed = |c: char| c.is_control() && c != '\n' && c != '\t';
    if !text.contains(obeyed) {
        return text.into();
    }
    let escaped = |c: char| if obeyed(c) { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(escaped).collect::<String>().into()
}

fn out(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}
