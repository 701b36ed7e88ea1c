//! Lists of Graph, which come in pages: a page is not the whole.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

/// How long the pages of a list may be, added up, in bytes.
pub const MAX_LIST_BYTES: usize = 64 * 1024 * 1024;

/// How many service plans a SKU, assignments a user and disabled plans an assignment may have: ten times what is seen.
pub const MAX_PARTS: usize = 1_000;

/// Why texts are no answers of Graph.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum GraphError {
    /// There is no page: nothing is known, which is not the same as an empty list.
    #[error("there is no page of {list}")]
    NoPages {
        /// Which list.
        list: &'static str,
    },
    /// The pages are longer than [`MAX_LIST_BYTES`].
    #[error("the pages of {list} have at most {MAX_LIST_BYTES} bytes, these have {bytes}")]
    TooLong {
        /// Which list.
        list: &'static str,
        /// How long they are.
        bytes: usize,
    },
    /// A page is not of that list in JSON.
    #[error("page {page} of {list}: {error}")]
    NotJson {
        /// Which list.
        list: &'static str,
        /// The page, counted from 1.
        page: usize,
        /// What the parser said, with line and column.
        error: String,
    },
    /// A page follows one that was the last.
    #[error("page {page} of {list} follows one that names no next page")]
    NotAContinuation {
        /// Which list.
        list: &'static str,
        /// The page, counted from 1.
        page: usize,
    },
    /// The pages name a thing twice.
    #[error("{list} name `{}` twice", id.escape_debug())]
    Repeated {
        /// Which list.
        list: &'static str,
        /// What they name.
        id: String,
    },
    /// A thing has more than [`MAX_PARTS`] parts.
    #[error("{list}: `{}` has {found} {what}, at most {MAX_PARTS} are read", id.escape_debug())]
    TooMany {
        /// Which list.
        list: &'static str,
        /// The thing.
        id: String,
        /// What it has too many of.
        what: &'static str,
        /// How many.
        found: usize,
    },
}

impl GraphError {
    /// A stable name of this error for programs and translations.
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
    /// They are.
    Whole,
    /// They are not: the last names a next page, which was not read. What is not in the list may be in the rest.
    Part {
        /// The address of the next page.
        next: String,
    },
    /// One thing was asked for by its id: what else there is was not asked.
    One,
}

impl Extent {
    /// Whether they are the whole list.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        matches!(self, Self::Whole)
    }
}

/// A page as it comes. What else it says is not asked for.
#[derive(Deserialize)]
struct Page<T> {
    value: Vec<T>,
    #[serde(rename = "@odata.nextLink", default)]
    next: Option<String>,
}

/// The entries of the pages of a list, in their order.
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

/// An object: serde would also take an array of its fields.
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

/// That no two of these are the same.
pub(crate) fn check_distinct<'a>(list: &'static str, ids: impl Iterator<Item = &'a str>) -> Result<(), GraphError> {
    let mut seen = alloc::collections::BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            return Err(GraphError::Repeated { list, id: crate::text::excerpt(id) });
        }
    }
    Ok(())
}
