//! Answers as text, for three readers.

use alloc::vec::Vec;
use core::fmt;

use serde::Serialize;

mod detail;

mod allowed;
mod denied;

use crate::message::Message;

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
    lines: Vec<TextLine>,
}

/// A line of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TextLine {
    /// What it is in the text.
    pub part: TextPart,
    /// What it says.
    pub sentences: Vec<Message>,
}

/// What a line is in a text, and how its sentences belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TextPart {
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

    fn say(&mut self, part: TextPart, sentences: impl IntoIterator<Item = Message>) {
        self.lines.push(TextLine { part, sentences: sentences.into_iter().collect() });
    }

    fn state(&mut self, sentence: Message) {
        self.say(TextPart::Statement, [sentence]);
    }

    /// The lines in their order.
    #[must_use]
    pub fn lines(&self) -> &[TextLine] {
        &self.lines
    }
}

impl fmt::Display for TextLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What comes before the first sentence, before the second, and before those after it.
        let [first, second, later] = match self.part {
            TextPart::Statement => ["", " ", " "],
            TextPart::Plan => ["- ", ": ", ", "],
            TextPart::Remedy => ["- ", ", then ", ", then "],
            TextPart::Detail => ["  ", ", ", ", "],
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
