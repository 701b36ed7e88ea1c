//! Answers as text, for three readers.

use alloc::vec::Vec;
use core::fmt;

use serde::Serialize;

mod detail;

mod allowed;
mod denied;

use crate::sentence::Message;

/// For whom a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Audience {
    /// Who asked to open the app: what they can do themself, and whom to ask.
    User,
    /// Who assigns and buys: why, and what to change.
    Administrator,
    /// Who is called when nobody understands it: everything, with codes, ids and dates.
    SupportDesk,
}

/// An answer in words: lines of sentences, English unless the host says them otherwise. Its `Display` is the lines, one below
/// the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Text {
    lines: Vec<Line>,
}

/// A line of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Line {
    /// What it is in the text.
    pub part: Part,
    /// What it says.
    pub sentences: Vec<Message>,
}

/// What a line is in a text, and how its sentences belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Part {
    /// It stands for itself.
    Statement,
    /// A plan, and why it opens the app or does not.
    Plan,
    /// Steps, to be done one after the other.
    Remedy,
    /// More of what was said above it.
    Detail,
}

impl Text {
    fn new() -> Self {
        Self { lines: Vec::new() }
    }

    fn say(&mut self, part: Part, sentences: impl IntoIterator<Item = Message>) {
        self.lines.push(Line { part, sentences: sentences.into_iter().collect() });
    }

    fn state(&mut self, sentence: Message) {
        self.say(Part::Statement, [sentence]);
    }

    /// The lines in their order.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What comes before the first sentence, before the second, and before those after it.
        let [first, second, later] = match self.part {
            Part::Statement => ["", " ", " "],
            Part::Plan => ["- ", ": ", ", "],
            Part::Remedy => ["- ", ", then ", ", then "],
            Part::Detail => ["  ", ", ", ", "],
        };
        self.sentences.iter().enumerate().try_for_each(|(index, sentence)| {
            f.write_str(match index {
                0 => first,
                1 => second,
                _ => later,
            })?;
            sentence.fmt(f)
        })
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines.iter().enumerate().try_for_each(|(index, line)| {
            f.write_str(if index == 0 { "" } else { "\n" })?;
            line.fmt(f)
        })
    }
}
