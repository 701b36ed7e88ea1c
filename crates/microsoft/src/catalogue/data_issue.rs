//! What is not as it should be in an edition, and was mended or has to be known.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use entitle::id::Label;

use crate::guid::Guid;

/// What is not as it should be in an edition. Lines and columns are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DataIssue {
    /// A column that nothing is known of was left out.
    UnknownColumn {
        /// Which one.
        column: u64,
    },
    /// A cell has no-break spaces: they were made plain.
    NoBreakSpace {
        /// The line.
        line: u64,
        /// The column.
        column: u64,
    },
    /// A cell has tabs or line ends within: each, with the white space around it, was made one space.
    ControlSpace {
        /// The line.
        line: u64,
        /// The column.
        column: u64,
    },
    /// A cell begins or ends with white space: it was cut off.
    EdgeWhiteSpace {
        /// The line.
        line: u64,
        /// The column.
        column: u64,
    },
    /// A row says again that a product contains a service plan: it counts once.
    RepeatedPair {
        /// The line.
        line: u64,
        /// The line that says it first.
        first: u64,
        /// The product.
        product: Guid,
        /// The service plan.
        service_plan: Guid,
    },
    /// One string id names several products: only their GUIDs tell them apart.
    SharedStringId {
        /// The string id.
        string_id: Label,
        /// The products.
        products: Vec<Guid>,
    },
    /// One display name is that of several products.
    SharedName {
        /// The name.
        name: Label,
        /// The products.
        products: Vec<Guid>,
    },
    /// One technical name is that of several service plans.
    SharedServicePlanName {
        /// The name.
        name: Label,
        /// The service plans.
        service_plans: Vec<Guid>,
    },
    /// A product has several display names: the first here, which most rows say, was taken.
    ProductNames {
        /// The product.
        product: Guid,
        /// Its names.
        names: Vec<Label>,
    },
    /// A product has several string ids: the first here, which most rows say, was taken.
    StringIds {
        /// The product.
        product: Guid,
        /// Its string ids.
        string_ids: Vec<Label>,
    },
    /// A service plan has several technical names: the first here, which most rows say, was taken.
    ServicePlanNames {
        /// The service plan.
        service_plan: Guid,
        /// Its names.
        names: Vec<Label>,
    },
    /// A service plan has several friendly names: the first here, which most rows say, was taken.
    FriendlyNames {
        /// The service plan.
        service_plan: Guid,
        /// Its names.
        names: Vec<Label>,
    },
}

impl DataIssue {
    /// A stable name of its kind for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
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
            Self::UnknownColumn { column } => write!(f, "column {column} is not known and was left out"),
            Self::NoBreakSpace { line, column } => {
                write!(f, "line {line}, column {column}: no-break spaces were made plain")
            }
            Self::ControlSpace { line, column } => {
                write!(f, "line {line}, column {column}: tabs or line ends were made spaces")
            }
            Self::EdgeWhiteSpace { line, column } => {
                write!(f, "line {line}, column {column}: white space at the edge was cut off")
            }
            Self::RepeatedPair { line, first, product, service_plan } => {
                write!(f, "line {line}: that `{product}` contains `{service_plan}` is said on line {first} already")
            }
            Self::SharedStringId { string_id, products } => {
                write!(f, "the string id `{string_id}` names {} products", products.len())
            }
            Self::SharedName { name, products } => write!(f, "{} products are called `{name}`", products.len()),
            Self::SharedServicePlanName { name, service_plans } => {
                write!(f, "{} service plans are called `{name}`", service_plans.len())
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
    names.first().map_or(Ok(()), |first| write!(f, "; `{first}` was taken"))
}

/// A cell without what may be mended in it.
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
