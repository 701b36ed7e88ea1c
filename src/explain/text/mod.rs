//! Answers how a decision reads for a user, an administrator or a support desk.
//! It takes an allow or a denial and an audience, and returns lines of messages with codes and
//! values.
//! It must not know how access is decided: it asks the explanations and remedies.

use alloc::vec::Vec;
use core::fmt;

use serde::Serialize;

mod detail;
#[cfg(feature = "answers")]
mod remedies;

mod allowed;
mod denied;

use crate::message::Message;

/// The audience of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Audience {
    /// The user who wants to open the app: what they can do alone, and whom to ask.
    User,
    /// A user who is the whole tenant: one person who uses and buys. The same as for a user, who asks
    /// the vendor instead of an administrator.
    Individual,
    /// The administrator who assigns and buys: the reasons, and what to change.
    Administrator,
    /// The support desk: everything, with codes, ids and dates.
    SupportDesk,
}

/// An answer as lines of messages. Its `Display` is the English text, one line below the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Text {
    lines: Vec<TextLine>,
}

/// A line of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TextLine {
    /// The part of the text that the line is.
    pub part: TextPart,
    /// The messages of the line.
    pub messages: Vec<Message>,
}

/// The part of a text that a line is, which determines how its messages are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TextPart {
    /// A statement of its own.
    Statement,
    /// A plan, and why it allows the app or does not.
    Plan,
    /// Steps that must be done one after the other.
    Remedy,
    /// A detail of the line above.
    Detail,
}

impl Text {
    fn new() -> Self {
        Self { lines: Vec::new() }
    }

    fn push(&mut self, part: TextPart, messages: impl IntoIterator<Item = Message>) {
        self.lines.push(TextLine { part, messages: messages.into_iter().collect() });
    }

    fn state(&mut self, message: Message) {
        self.push(TextPart::Statement, [message]);
    }

    /// Returns the lines in order.
    #[must_use]
    pub fn lines(&self) -> &[TextLine] {
        &self.lines
    }
}

impl fmt::Display for TextLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The separators before the first message, before the second, and before all later ones.
        let [first, second, later] = match self.part {
            TextPart::Statement => ["", " ", " "],
            TextPart::Plan => ["- ", ": ", ", "],
            TextPart::Remedy => ["- ", ", then ", ", then "],
            TextPart::Detail => ["  ", ", ", ", "],
        };
        self.messages.iter().enumerate().try_for_each(|(index, message)| {
            f.write_str(match index {
                0 => first,
                1 => second,
                _ => later,
            })?;
            message.fmt(f)
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
