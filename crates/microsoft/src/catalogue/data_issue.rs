//! Data issues of an edition: what was repaired, and what readers should know.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use entitle::id::Label;

use crate::csv_separator::Separator;
use crate::guid::Guid;

/// An irregularity of an edition that was repaired or that readers should know of. Lines and
/// columns are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DataIssue {
    /// The cells are separated by another character than the comma, as a spreadsheet of another
    /// country saves them.
    OtherSeparator {
        /// The separator.
        separator: Separator,
    },
    /// A column has the heading that it has in other editions.
    OtherHeading {
        /// The column.
        column: u64,
        /// Its heading.
        heading: &'static str,
        /// Its heading in current editions.
        current: &'static str,
    },
    /// An unknown column was ignored.
    UnknownColumn {
        /// The column.
        column: u64,
    },
    /// No-break spaces in a cell were replaced by spaces.
    NoBreakSpace {
        /// The line.
        line: u64,
        /// The column.
        column: u64,
    },
    /// Tabs or line ends within a cell, with the white space around them, were replaced by one
    /// space.
    ControlSpace {
        /// The line.
        line: u64,
        /// The column.
        column: u64,
    },
    /// Leading or trailing white space of a cell was removed.
    EdgeWhiteSpace {
        /// The line.
        line: u64,
        /// The column.
        column: u64,
    },
    /// A row repeats that a product contains a service plan. The pair counts once.
    RepeatedPair {
        /// The line.
        line: u64,
        /// The line of the first such row.
        first: u64,
        /// The product.
        product: Guid,
        /// The service plan.
        service_plan: Guid,
    },
    /// Several products share a string id. Only their GUIDs distinguish them.
    SharedStringId {
        /// The string id.
        string_id: Label,
        /// The products.
        products: Vec<Guid>,
    },
    /// Several products share a display name.
    SharedName {
        /// The name.
        name: Label,
        /// The products.
        products: Vec<Guid>,
    },
    /// Several service plans share a technical name.
    SharedServicePlanName {
        /// The name.
        name: Label,
        /// The service plans.
        service_plans: Vec<Guid>,
    },
    /// A product has several display names. The first one listed here, which most rows have, is
    /// used.
    ProductNames {
        /// The product.
        product: Guid,
        /// Its names.
        names: Vec<Label>,
    },
    /// A product has several string ids. The first one listed here, which most rows have, is used.
    StringIds {
        /// The product.
        product: Guid,
        /// Its string ids.
        string_ids: Vec<Label>,
    },
    /// A service plan has several technical names. The first one listed here, which most rows have,
    /// is used.
    ServicePlanNames {
        /// The service plan.
        service_plan: Guid,
        /// Its names.
        names: Vec<Label>,
    },
    /// A service plan has several friendly names. The first one listed here, which most rows have,
    /// is used.
    FriendlyNames {
        /// The service plan.
        service_plan: Guid,
        /// Its names.
        names: Vec<Label>,
    },
}

impl DataIssue {
    /// Returns a stable name of the kind of issue, for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::OtherSeparator { .. } => "data-issue.other-separator",
            Self::OtherHeading { .. } => "data-issue.other-heading",
            Self::UnknownColumn { .. } => "data-issue.unknown-column",
            Self::NoBreakSpace { .. } => "data-issue.no-break-space",
            Self::ControlSpace { .. } => "data-issue.control-space",
            Self::EdgeWhiteSpace { .. } => "data-issue.edge-white-space",
            Self::RepeatedPair { .. } => "data-issue.repeated-pair",
            Self::SharedStringId { .. } => "data-issue.shared-string-id",
            Self::SharedName { .. } => "data-issue.shared-name",
            Self::SharedServicePlanName { .. } => "data-issue.shared-service-plan-name",
            Self::ProductNames { .. } => "data-issue.product-names",
            Self::StringIds { .. } => "data-issue.string-ids",
            Self::ServicePlanNames { .. } => "data-issue.service-plan-names",
            Self::FriendlyNames { .. } => "data-issue.friendly-names",
        }
    }
}

impl fmt::Display for DataIssue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherSeparator { separator } => write!(f, "the cells are separated by {separator}"),
            Self::OtherHeading { column, heading, current } => {
                write!(f, "column {column} has the heading `{heading}`, which is read as `{current}`")
            }
            Self::UnknownColumn { column } => write!(f, "column {column} is unknown and was ignored"),
            Self::NoBreakSpace { line, column } => {
                write!(f, "line {line}, column {column}: no-break spaces were replaced by spaces")
            }
            Self::ControlSpace { line, column } => {
                write!(f, "line {line}, column {column}: tabs or line ends were replaced by spaces")
            }
            Self::EdgeWhiteSpace { line, column } => {
                write!(f, "line {line}, column {column}: leading or trailing white space was removed")
            }
            Self::RepeatedPair { line, first, product, service_plan } => {
                write!(f, "line {line} repeats line {first}: `{product}` contains `{service_plan}`")
            }
            Self::SharedStringId { string_id, products } => {
                write!(f, "the string id `{string_id}` is shared by {} products", products.len())
            }
            Self::SharedName { name, products } => {
                write!(f, "the name `{name}` is shared by {} products", products.len())
            }
            Self::SharedServicePlanName { name, service_plans } => {
                write!(f, "the name `{name}` is shared by {} service plans", service_plans.len())
            }
            Self::ProductNames { product, names } => write_taken(f, product, names, "names"),
            Self::StringIds { product, string_ids } => write_taken(f, product, string_ids, "string ids"),
            Self::ServicePlanNames { service_plan, names } => write_taken(f, service_plan, names, "names"),
            Self::FriendlyNames { service_plan, names } => write_taken(f, service_plan, names, "friendly names"),
        }
    }
}

fn write_taken(f: &mut fmt::Formatter<'_>, id: &Guid, names: &[Label], what: &str) -> fmt::Result {
    write!(f, "`{id}` has {} {what}", names.len())?;
    names.first().map_or(Ok(()), |first| write!(f, "; `{first}` is used"))
}

/// Returns the text of a cell with its white space normalized, and adds each repair to
/// `data_issues`.
pub(crate) fn normalize_cell(cell: &str, line: u64, column: u64, data_issues: &mut Vec<DataIssue>) -> String {
    let mut text = Cow::Borrowed(cell);
    if text.contains(is_no_break) {
        data_issues.push(DataIssue::NoBreakSpace { line, column });
        text = text.chars().map(|c| if is_no_break(c) { ' ' } else { c }).collect::<String>().into();
    }
    let trimmed = text.trim();
    if trimmed.len() != text.len() {
        data_issues.push(DataIssue::EdgeWhiteSpace { line, column });
    }
    if trimmed.contains(is_control_space) {
        data_issues.push(DataIssue::ControlSpace { line, column });
        let words = trimmed.split(is_control_space).map(str::trim).filter(|word| !word.is_empty());
        return words.collect::<Vec<_>>().join(" ");
    }
    trimmed.into()
}

fn is_no_break(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{2007}' | '\u{202f}')
}

fn is_control_space(c: char) -> bool {
    c.is_control() && c.is_whitespace()
}
