//! Reads Graph's lists, which are split into pages.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

/// The maximum length of the pages of a list in total, in bytes.
pub const MAX_LIST_BYTES: usize = 64 * 1024 * 1024;

/// The maximum number of service plans of a SKU, of assignments of a user and of disabled plans of
/// an assignment: ten times what is observed.
pub const MAX_PARTS: usize = 1_000;

/// Why texts are not answers of Graph.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum GraphError {
    /// There is no page. This is not the same as an empty list.
    #[error("no page of {list} was given")]
    NoPages {
        /// The list.
        list: &'static str,
    },
    /// The pages are longer than [`MAX_LIST_BYTES`].
    #[error("the pages of {list} have {bytes} bytes, at most {MAX_LIST_BYTES} are read")]
    TooLong {
        /// The list.
        list: &'static str,
        /// The length of the pages.
        bytes: usize,
    },
    /// A page is not a JSON page of the list.
    #[error("page {page} of {list}: {error}")]
    NotJson {
        /// The list.
        list: &'static str,
        /// The page, counted from 1.
        page: usize,
        /// The parser's message, with line and column.
        error: String,
    },
    /// A page follows the last page.
    #[error("page {page} of {list} follows the last page, which names no next one")]
    NotAContinuation {
        /// The list.
        list: &'static str,
        /// The page, counted from 1.
        page: usize,
    },
    /// The pages contain an id twice.
    #[error("{list} contain `{}` twice", id.escape_debug())]
    Repeated {
        /// The list.
        list: &'static str,
        /// The id.
        id: String,
    },
    /// An entry has more than [`MAX_PARTS`] parts.
    #[error("{list}: `{}` has {found} {what}, at most {MAX_PARTS} are read", id.escape_debug())]
    TooMany {
        /// The list.
        list: &'static str,
        /// The id of the entry.
        id: String,
        /// The kind of parts.
        what: &'static str,
        /// The number of parts.
        found: usize,
    },
}

impl GraphError {
    /// Returns a stable name of this error for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoPages { .. } => "graph.no-pages",
            Self::TooLong { .. } => "graph.too-long",
            Self::NotJson { .. } => "graph.not-json",
            Self::NotAContinuation { .. } => "graph.not-a-continuation",
            Self::Repeated { .. } => "graph.repeated",
            Self::TooMany { .. } => "graph.too-many",
        }
    }
}

/// Whether the pages that were read are the whole list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extent {
    /// They are the whole list.
    Whole,
    /// The last page names a next one, which was not read. What is not in the list may be there.
    Part {
        /// The address of the next page.
        next: String,
    },
    /// A single entry was queried by its id. Other entries are unknown.
    One,
}

impl Extent {
    /// Returns whether they are the whole list.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        matches!(self, Self::Whole)
    }
}

/// A page. Other fields are ignored.
#[derive(Deserialize)]
struct Page<T> {
    value: Vec<T>,
    #[serde(rename = "@odata.nextLink", default)]
    next: Option<String>,
}

/// Returns the entries of the pages of a list, in order.
pub(crate) fn read_pages<T: DeserializeOwned>(
    list: &'static str,
    pages: &[&str],
) -> Result<(Vec<T>, Extent), GraphError> {
    check_size(list, pages)?;
    let mut all = Vec::new();
    let mut extent = None;
    for (index, text) in pages.iter().enumerate() {
        let page = index.saturating_add(1);
        if extent == Some(Extent::Whole) {
            return Err(GraphError::NotAContinuation { list, page });
        }
        let page_of_list: Page<T> = parse_object(list, page, text)?;
        all.extend(page_of_list.value);
        extent = Some(page_of_list.next.map_or(Extent::Whole, |next| Extent::Part { next }));
    }
    extent.map(|extent| (all, extent)).ok_or(GraphError::NoPages { list })
}

pub(crate) fn check_size(list: &'static str, pages: &[&str]) -> Result<(), GraphError> {
    let bytes = pages.iter().fold(0_usize, |sum, page| sum.saturating_add(page.len()));
    if bytes > MAX_LIST_BYTES { Err(GraphError::TooLong { list, bytes }) } else { Ok(()) }
}

/// Parses a JSON object; serde alone would also accept an array of its fields.
pub(crate) fn parse_object<T: DeserializeOwned>(list: &'static str, page: usize, text: &str) -> Result<T, GraphError> {
    let not_json = |error: String| GraphError::NotJson { list, page, error };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !text.trim_start().starts_with('{') {
        return Err(not_json("an object was expected".to_string()));
    }
    serde_json::from_str(text).map_err(|error| not_json(error.to_string()))
}

pub(crate) fn check_count(list: &'static str, id: &str, what: &'static str, found: usize) -> Result<(), GraphError> {
    if found > MAX_PARTS {
        Err(GraphError::TooMany { list, id: crate::text::excerpt(id), what, found })
    } else {
        Ok(())
    }
}

/// Checks that no two ids are equal.
pub(crate) fn check_distinct<'a>(list: &'static str, ids: impl Iterator<Item = &'a str>) -> Result<(), GraphError> {
    let mut seen = alloc::collections::BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            return Err(GraphError::Repeated { list, id: crate::text::excerpt(id) });
        }
    }
    Ok(())
}
