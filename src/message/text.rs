//! Texts of several lines.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::Serialize;

use crate::message::{Language, Message};

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
    pub(crate) fn new() -> Self {
        Self { lines: Vec::new() }
    }

    pub(crate) fn push(&mut self, part: TextPart, messages: impl IntoIterator<Item = Message>) {
        self.lines.push(TextLine { part, messages: messages.into_iter().collect() });
    }

    pub(crate) fn state(&mut self, message: Message) {
        self.push(TextPart::Statement, [message]);
    }

    /// Returns the lines in order.
    #[must_use]
    pub fn lines(&self) -> &[TextLine] {
        &self.lines
    }

    /// Returns the text in a language, one line below the other. `O(n)` in its length.
    #[must_use]
    pub fn in_language(&self, language: &Language<'_>) -> String {
        let lines: Vec<String> = self.lines.iter().map(|line| line.in_language(language)).collect();
        lines.join("\n")
    }

    /// Returns the text in English, in one line.
    pub(crate) fn in_one_line(&self) -> String {
        let lines: Vec<String> = self.lines.iter().map(|line| line.in_language(&Language::ENGLISH)).collect();
        lines.join(" ")
    }
}

impl TextLine {
    /// Returns the line in a language. `O(n)` in its length.
    #[must_use]
    pub fn in_language(&self, language: &Language<'_>) -> String {
        let worded = || self.messages.iter().map(|message| message.in_language(language)).collect::<Vec<String>>();
        match self.part {
            TextPart::Statement => worded().join(" "),
            TextPart::Plan => match worded().split_first() {
                Some((plan, reasons)) if !reasons.is_empty() => alloc::format!("- {plan}: {}", reasons.join(", ")),
                _ => alloc::format!("- {}", worded().join(", ")),
            },
            TextPart::Remedy => alloc::format!("- {}", language.in_order(&self.messages)),
            TextPart::Detail => alloc::format!("  {}", worded().join(", ")),
        }
    }
}

impl fmt::Display for TextLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_language(&Language::ENGLISH))
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_language(&Language::ENGLISH))
    }
}
