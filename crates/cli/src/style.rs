//! What is emphasised at a terminal, and how: the only place with colours.
//!
//! Few things are: what is refused or denied, warnings, headings of tables. `NO_COLOR`, `CLICOLOR` and
//! `CLICOLOR_FORCE` decide, else whether the stream is a terminal. No text needs its colour to be understood.

use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

/// What is emphasised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Emphasis {
    /// A heading.
    Heading,
    /// What is refused, denied or wrong.
    Refused,
    /// What should be looked at, and is done all the same.
    Warning,
}

/// Emphasises on a stream, or does not.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Painter {
    choice: ColorChoice,
}

impl Emphasis {
    /// Returns the emphasis of a label before a colon, as `error: …` has it.
    pub(crate) fn of_label(label: &str) -> Option<Self> {
        match label {
            "error" | "refused" | "denied" => Some(Self::Refused),
            "warning" => Some(Self::Warning),
            _ => None,
        }
    }

    fn style(self) -> Style {
        match self {
            Self::Heading => Style::new().bold(),
            Self::Refused => AnsiColor::Red.on_default().bold(),
            Self::Warning => AnsiColor::Yellow.on_default().bold(),
        }
    }
}

impl Painter {
    /// Returns the painter for a stream, as the environment and the stream have it.
    pub(crate) fn of<S: RawStream>(stream: &S) -> Self {
        Self { choice: AutoStream::choice(stream) }
    }

    /// Returns the text, emphasised where that is shown.
    pub(crate) fn paint(self, emphasis: Emphasis, text: &str) -> String {
        let style = emphasis.style();
        if self.choice == ColorChoice::Never { text.to_string() } else { format!("{style}{text}{style:#}") }
    }

    /// Returns the stream to which what was painted is written.
    pub(crate) fn stream<S: RawStream>(self, stream: S) -> AutoStream<S> {
        // Where nothing is painted there is nothing to take out.
        AutoStream::new(stream, if self.choice == ColorChoice::Never { ColorChoice::AlwaysAnsi } else { self.choice })
    }
}
