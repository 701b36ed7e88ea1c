//! Data that is missing from Graph's answers.

use alloc::string::String;
use core::fmt;

use entitle::chrono::{DateTime, Utc};

use crate::instant::InstantText;

/// Why a question cannot be answered: data that is missing. Missing data is never treated as a
/// pass.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum MissingData {
    /// A list was not read.
    ListNotRead {
        /// The list.
        list: &'static str,
    },
    /// It is not in the pages of a list that were read, and these are not the whole list.
    ListIncomplete {
        /// The list.
        list: &'static str,
    },
    /// A property is missing from the answer.
    PropertyMissing {
        /// The property.
        property: &'static str,
    },
    /// A property has an unknown value.
    UnknownValue {
        /// The property.
        property: &'static str,
        /// The value.
        value: String,
    },
    /// All subscriptions of the SKU have entered another state since Graph was queried: query it
    /// again.
    OutOfDate {
        /// When the last of them did.
        since: DateTime<Utc>,
    },
}

impl MissingData {
    /// Returns a stable name for programs and translations.
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
            Self::PropertyMissing { property } => write!(f, "{property} is missing from the answer"),
            Self::UnknownValue { property, value } => {
                write!(f, "{property} has the unknown value `{}`", crate::text::excerpt(value).escape_debug())
            }
            Self::OutOfDate { since } => {
                write!(f, "its subscriptions changed state by {}: query Graph again", InstantText(*since))
            }
        }
    }
}
