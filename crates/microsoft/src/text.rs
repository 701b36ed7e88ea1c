//! Helpers for error messages.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

/// Returns the beginning of an input of any length, for an error message.
pub(crate) fn excerpt(text: &str) -> String {
    const SHOWN: usize = 60;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => alloc::format!("{}…", text.split_at(end).0),
        None => text.to_string(),
    }
}

/// Returns the items in backticks, as in "`a`, `b` or `c`".
pub(crate) fn quoted(items: &[impl fmt::Display]) -> String {
    let mut items: Vec<String> = items.iter().map(|item| alloc::format!("`{item}`")).collect();
    match items.pop() {
        Some(last) if items.is_empty() => last,
        Some(last) => alloc::format!("{} or {last}", items.join(", ")),
        None => String::new(),
    }
}
