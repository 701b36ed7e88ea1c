//! Faults of CSV files, with file, line and column.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use entitle::id::TextError;
use thiserror::Error;

use crate::csv_separator::Separator;
use crate::guid::ParseGuidError;

/// The maximum number of faults that are listed; further ones are counted.
pub const MAX_FAULTS: usize = 1_000;

/// One of Microsoft's CSV files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum File {
    /// The plans of an offer, for `pac solution add-license`.
    PlanDefinition,
    /// The components of each plan, for `pac solution add-license`.
    PlanMapping,
    /// An edition of the Microsoft 365 catalogue.
    Catalogue,
}

impl fmt::Display for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::PlanDefinition => "plan definition",
            Self::PlanMapping => "plan mapping",
            Self::Catalogue => "catalogue",
        })
    }
}

/// A fault in a CSV file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{file}, line {line}, column {column}: {what}")]
#[non_exhaustive]
pub struct Fault {
    /// The file.
    pub file: File,
    /// The line on which the row begins, counted from 1.
    pub line: u64,
    /// The column: the number of the cell in its row, counted from 1.
    pub column: u64,
    /// The kind of fault.
    pub what: FaultKind,
}

/// The kind of a fault in a CSV file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FaultKind {
    /// The heading line lacks a column.
    #[error("the heading line has no column `{name}`")]
    MissingColumn {
        /// The heading.
        name: &'static str,
    },
    /// The heading line has an unknown column, whose data would be lost.
    #[error("the heading line has an unknown column `{}`: remove it, or correct the heading", heading.escape_debug())]
    UnknownColumn {
        /// The heading, or the beginning of a long one.
        heading: String,
    },
    /// The heading line has a column twice.
    #[error("the heading line has the column `{name}` twice: remove one")]
    RepeatedColumn {
        /// The heading.
        name: &'static str,
    },
    /// The cells are separated by another character than the comma, which Microsoft's tool takes.
    #[error("the cells are separated by {found}: save the file with commas")]
    OtherSeparator {
        /// The separator.
        found: Separator,
    },
    /// The number of cells in a row differs from that of the heading line.
    #[error("the row has {found} cells, the heading line has {expected}")]
    CellCount {
        /// The number of cells in the heading line.
        expected: usize,
        /// The number of cells in the row.
        found: usize,
    },
    /// A quote is opened and never closed.
    #[error("the quote opened here is never closed")]
    OpenQuote,
    /// A cell is not an id or a label (C9).
    #[error(transparent)]
    Text(#[from] TextError),
    /// A cell is not a GUID.
    #[error(transparent)]
    Guid(#[from] ParseGuidError),
    /// A cell is not a service id (C9).
    #[error(
        "`{}` is not a service id like `publisher.offer.plan`: three parts of at most 50 characters of a-z 0-9 - _",
        text.escape_debug()
    )]
    NotAServiceId {
        /// The text, or the beginning of a long one.
        text: String,
    },
    /// A service id belongs to another offer than the first one of the file.
    #[error(
        "the service id belongs to the offer `{found}`, earlier ones belong to `{expected}`: use one offer per file"
    )]
    OtherOffer {
        /// The publisher and offer of the first service id.
        expected: String,
        /// The publisher and offer of this one.
        found: String,
    },
    /// A plan is defined for the second time.
    #[error("the plan is already defined on line {first}")]
    DefinedTwice {
        /// The line of the first definition.
        first: u64,
    },
    /// The mapping names a plan that is not defined.
    #[error("no plan of the plan definition has this service id")]
    NotDefined,
    /// A component is mapped to a plan for the second time.
    #[error("the component is already mapped to this plan on line {first}")]
    MappedTwice {
        /// The line of the first mapping.
        first: u64,
    },
    /// Two components differ only in letter case, so that people confuse them (C8).
    #[error("the component differs from `{}` only in letter case", other.escape_debug())]
    DiffersInCase {
        /// The component that comes first.
        other: String,
    },
    /// A component has the id of an app whose component is named otherwise.
    #[error("the app of this name has the component `{component}`: correct the names of the components")]
    NamedOtherwise {
        /// The component that the names of components have for the app.
        component: String,
    },
    /// There is no row below the heading line.
    #[error("there is no row below the heading line")]
    NoRows,
}

impl FaultKind {
    /// Returns a stable name of this fault for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::MissingColumn { .. } => "csv.missing-column",
            Self::UnknownColumn { .. } => "csv.unknown-column",
            Self::RepeatedColumn { .. } => "csv.repeated-column",
            Self::OtherSeparator { .. } => "csv.other-separator",
            Self::CellCount { .. } => "csv.cell-count",
            Self::OpenQuote => "csv.open-quote",
            Self::Text(error) => error.code(),
            Self::Guid(error) => error.code(),
            Self::NotAServiceId { .. } => "csv.not-a-service-id",
            Self::OtherOffer { .. } => "csv.other-offer",
            Self::DefinedTwice { .. } => "csv.defined-twice",
            Self::NotDefined => "csv.not-defined",
            Self::MappedTwice { .. } => "csv.mapped-twice",
            Self::DiffersInCase { .. } => "csv.differs-in-case",
            Self::NamedOtherwise { .. } => "csv.named-otherwise",
            Self::NoRows => "csv.no-rows",
        }
    }
}

/// All faults of the files, in file and line order. There is at least one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{total} fault{}{}", if *.total == 1 { "" } else { "s" }, Lines(.listed, *.total))]
#[non_exhaustive]
pub struct Faults {
    /// The first [`MAX_FAULTS`] faults.
    pub listed: Vec<Fault>,
    /// The number of faults.
    pub total: usize,
}

impl Faults {
    pub(crate) fn none() -> Self {
        Self { listed: Vec::new(), total: 0 }
    }

    pub(crate) fn push(&mut self, file: File, line: u64, column: usize, what: FaultKind) {
        self.total = self.total.saturating_add(1);
        if self.listed.len() < MAX_FAULTS {
            let column = u64::try_from(column).unwrap_or(u64::MAX).saturating_add(1);
            self.listed.push(Fault { file, line, column, what });
        }
    }

    /// Returns the value if there is no fault, or the faults, sorted.
    pub(crate) fn into_result<T>(mut self, value: T) -> Result<T, Self> {
        self.listed.sort_by_key(|fault| (fault.file, fault.line, fault.column));
        if self.total == 0 { Ok(value) } else { Err(self) }
    }
}

/// Formats faults, one per line.
struct Lines<'a>(&'a [Fault], usize);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|fault| write!(f, "\n  {fault}"))?;
        match self.1.saturating_sub(self.0.len()) {
            0 => Ok(()),
            more => write!(f, "\n  and {more} more"),
        }
    }
}
