//! The output of a command: text for people, or one JSON value for programs.

use core::fmt::{self, Write as _};
use core::ops::Range;
use std::io::{self, Write as _};

use serde_json::Value;

use crate::exit::{Exit, Failure};
use crate::style::{Emphasis, Painter};
use crate::table::Table;
use crate::text::{self, lines, one_line};

/// The output of a command, as text and as JSON.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) exit: Exit,
    text: String,
    /// What of the text is emphasised, in its order.
    emphasised: Vec<(Range<usize>, Emphasis)>,
    json: Value,
    /// Whether the JSON is a document of a format of its own, to which nothing may be added.
    is_document: bool,
    notes: Vec<String>,
    /// Whether something is recorded, whatever becomes of the output.
    is_recorded: bool,
}

impl Answer {
    /// Returns an answer with this JSON, an object, and no text. For programs the notes are its field `notes`.
    pub(crate) fn new(json: Value) -> Self {
        Self {
            exit: Exit::Done,
            text: String::new(),
            emphasised: Vec::new(),
            json,
            is_document: false,
            notes: Vec::new(),
            is_recorded: false,
        }
    }

    /// Returns an answer whose JSON is a document of a format of its own. Its notes go to stderr, also for
    /// programs.
    pub(crate) fn document(json: Value) -> Self {
        Self { is_document: true, ..Self::new(json) }
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

    /// Appends a table.
    pub(crate) fn table(mut self, table: &Table) -> Self {
        let (heading, rows) = table.parts();
        for line in heading.lines() {
            self = self.emphasised(Emphasis::Heading, line).raw("\n");
        }
        if rows.is_empty() { self } else { self.line(rows) }
    }

    /// Appends one line that begins with a label such as `warning`; what else it contains is escaped.
    pub(crate) fn labelled_line(self, label: &str, rest: impl fmt::Display) -> Self {
        let answer = match Emphasis::of_label(label) {
            Some(emphasis) => self.emphasised(emphasis, label),
            None => self.raw(label),
        };
        answer.escaped_line(rest)
    }

    fn emphasised(mut self, emphasis: Emphasis, text: &str) -> Self {
        let start = self.text.len();
        self.text.push_str(text);
        self.emphasised.push((start..self.text.len(), emphasis));
        self
    }

    /// Returns the text for people, without what a terminal obeys, whatever the documents contain; then what
    /// is emphasised is painted.
    fn painted(&self, painter: Painter) -> String {
        const DENIED: &str = "denied";
        let denied = (self.exit == Exit::Refused && self.text.starts_with(DENIED))
            .then_some((0..DENIED.len(), Emphasis::Refused));
        let (mut text, mut done) = (String::with_capacity(self.text.len()), 0);
        for (range, emphasis) in denied.iter().chain(&self.emphasised) {
            text.push_str(&lines(self.text.get(done..range.start).unwrap_or_default()));
            text.push_str(&painter.paint(*emphasis, &lines(self.text.get(range.clone()).unwrap_or_default())));
            done = range.end;
        }
        text.push_str(&lines(self.text.get(done..).unwrap_or_default()));
        text
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

    /// Appends a note: a line of stderr for people, and of the list `notes` for programs.
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

    /// Returns the JSON with the notes in it, or the notes that have no place in it.
    fn into_json(self) -> (Value, Vec<String>) {
        let (mut json, notes) = (self.json, self.notes);
        match json.as_object_mut() {
            Some(fields) if !self.is_document => {
                fields.insert("notes".to_string(), notes.into());
                (json, Vec::new())
            }
            _ => (json, notes),
        }
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
            print_notes(&answer.notes);
            (answer.exit, answer.is_recorded, print_for_people(&answer))
        }
        (Ok(answer), Audience::Programs) => {
            let (exit, is_recorded) = (answer.exit, answer.is_recorded);
            let (json, notes) = answer.into_json();
            print_notes(&notes);
            (exit, is_recorded, print_to_stdout(&json_text(&json)))
        }
        (Err(failure), Audience::People) => {
            print_to_stderr(&failure.to_string());
            (failure.exit, false, Ok(()))
        }
        (Err(failure), Audience::Programs) => (failure.exit, false, print_to_stdout(&json_text(&failure.json()))),
    };
    finish(written, exit, is_recorded)
}

/// Prints a help or the version, which clap has made, and returns the exit code.
pub(crate) fn print_help(help: &clap::Error) -> u8 {
    finish(help.print().and_then(|()| io::stdout().flush()), Exit::Done, false)
}

/// Returns the exit code of a run, with what was written to stdout or why it cannot be.
fn finish(written: io::Result<()>, exit: Exit, is_recorded: bool) -> u8 {
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

fn print_notes(notes: &[String]) {
    for note in notes {
        print_to_stderr(&format!("note: {}", one_line(note)));
    }
}

fn json_text(value: &Value) -> String {
    text::json(&format!("{value:#}\n")).into_owned()
}

/// Prints a line to stderr; a label before its first colon may be emphasised.
pub(crate) fn print_to_stderr(line: &str) {
    let painter = Painter::of(&io::stderr());
    let line = lines(line);
    let line = text::without_secrets(&line);
    let label = line.split_once(':').and_then(|(label, rest)| Some((Emphasis::of_label(label)?, label, rest)));
    let mut stderr = painter.stream(io::stderr());
    _ = match label {
        Some((emphasis, label, rest)) => writeln!(stderr, "{}:{rest}", painter.paint(emphasis, label)),
        None => writeln!(stderr, "{line}"),
    };
}

fn print_for_people(answer: &Answer) -> io::Result<()> {
    let painter = Painter::of(&io::stdout());
    let text = answer.painted(painter);
    let mut stdout = painter.stream(io::stdout().lock());
    stdout.write_all(text::without_secrets(&text).as_bytes())?;
    stdout.flush()
}

fn print_to_stdout(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text::without_secrets(text).as_bytes())?;
    stdout.flush()
}
