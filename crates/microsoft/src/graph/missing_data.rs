//! What Graph did not say: it is never a pass.

use alloc::string::String;
use core::fmt;

use entitle::chrono::{DateTime, Utc};

use crate::instant::Written;

/// What was not said, so that a question has no answer. Missing information is never a pass.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum MissingData {
    /// A list was not handed in.
    NotRead {
        /// Which list.
        list: &'static str,
    },
    /// It is not in what was read of a list, and that is not the whole.
    NotWhole {
        /// Which list.
        list: &'static str,
    },
    /// A property is not in the answer.
    NotSaid {
        /// Which property.
        property: &'static str,
    },
    /// A property has a word that is not known here.
    UnknownWord {
        /// Which property.
        property: &'static str,
        /// The word.
        word: String,
    },
    /// All subscriptions of the SKU have entered another state since Graph was asked: ask it again.
    MovedOn {
        /// When the last of them has.
        since: DateTime<Utc>,
    },
}

impl MissingData {
    /// A stable name for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotRead { .. } => "missing-data.not-read",
            Self::NotWhole { .. } => "missing-data.not-whole",
            Self::NotSaid { .. } => "missing-data.not-said",
            Self::UnknownWord { .. } => "missing-data.unknown-word",
            Self::MovedOn { .. } => "missing-data.moved-on",
        }
    }
}

impl fmt::Display for MissingData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotRead { list } => write!(f, "{list} were not read"),
            Self::NotWhole { list } => write!(f, "it is not in the part of {list} that was read"),
            Self::NotSaid { property } => write!(f, "{property} is not said"),
            Self::UnknownWord { property, word } => {
                write!(f, "{property} is `{}`, which is not known here", crate::text::excerpt(word).escape_debug())
            }
            Self::MovedOn { since } => {
                write!(f, "its subscriptions entered another state by {}: ask Graph again", Written(*since))
            }
        }
    }
}
