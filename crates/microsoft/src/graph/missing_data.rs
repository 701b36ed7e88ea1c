//! What Graph did not say: it is never a pass.

use alloc::string::String;
use core::fmt;

use entitle::chrono::{DateTime, Utc};

use crate::instant::InstantText;

/// What was not said, so that a question has no answer. Missing information is never a pass.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum MissingData {
    /// A list was not handed in.
    ListNotRead {
        /// Which list.
        list: &'static str,
    },
    /// It is not in what was read of a list, and that is not the whole.
    ListIncomplete {
        /// Which list.
        list: &'static str,
    },
    /// A property is not in the answer.
    PropertyMissing {
        /// Which property.
        property: &'static str,
    },
    /// A property has a word that is not known here.
    UnknownValue {
        /// Which property.
        property: &'static str,
        /// The word.
        value: String,
    },
    /// All subscriptions of the SKU have entered another state since Graph was asked: ask it again.
    OutOfDate {
        /// When the last of them has.
        since: DateTime<Utc>,
    },
}

impl MissingData {
    /// A stable name for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::ListNotRead { .. } => "missing-data.list-not-read",
            Self::ListIncomplete { .. } => "missing-data.list-incomplete",
            Self::PropertyMissing { .. } => "missing-data.property-missing",
            Self::UnknownValue { .. } => "missing-data.unknown-value",
            Self::OutOfDate { .. } => "missing-data.out-of-date",
        }
    }
}

impl fmt::Display for MissingData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ListNotRead { list } => write!(f, "{list} were not read"),
            Self::ListIncomplete { list } => write!(f, "it is not in the part of {list} that was read"),
            Self::PropertyMissing { property } => write!(f, "{property} is not said"),
            Self::UnknownValue { property, value } => {
                write!(f, "{property} is `{}`, which is not known here", crate::text::excerpt(value).escape_debug())
            }
            Self::OutOfDate { since } => {
                write!(f, "its subscriptions entered another state by {}: ask Graph again", InstantText(*since))
            }
        }
    }
}
