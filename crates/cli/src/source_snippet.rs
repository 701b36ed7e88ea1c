//! Excerpts of a text with a marked position, in the style of a compiler.

use core::fmt::Display;
use std::path::Path;

use crate::text::is_terminal_control;

/// A position in a text: line and column, counted from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SourceSpan {
    pub(crate) line: usize,
    pub(crate) column: usize,
    /// The length of the value in characters, up to the end of the line.
    pub(crate) length: usize,
}

/// The maximum length of an excerpt.
const EXCERPT: usize = 120;

/// The maximum length of the marker.
pub(crate) const MAX_MARKED: usize = 60;

/// Formats the line of a position with the value marked.
pub(crate) fn snippet(file: &Path, span: &SourceSpan, suffix: impl Display, line: &str) -> String {
    let SourceSpan { line: at, column, length } = span;
    let number = at.to_string();
    let margin = " ".repeat(number.len());
    let (excerpt, before) = excerpt(line, *column);
    let (indent, caret) = (" ".repeat(before), "^".repeat((*length).max(1)));
    let file = crate::text::name(file);
    format!("{margin}--> {file}:{at}:{column}{suffix}\n{margin} |\n{number} | {excerpt}\n{margin} | {indent}{caret}\n")
}

/// Returns an excerpt of a line around the column, and the number of characters before it there.
fn excerpt(line: &str, column: usize) -> (String, usize) {
    let before = column.saturating_sub(1);
    let skipped = before.saturating_sub(EXCERPT.saturating_div(2));
    let skipped = if line.chars().count() > EXCERPT { skipped } else { 0 };
    let shown = line.chars().skip(skipped).take(EXCERPT);
    // Each control character becomes one column, so that the marker is aligned.
    let shown = shown.map(|c| if is_terminal_control(c) { ' ' } else { c }).collect();
    (shown, before.saturating_sub(skipped))
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let line = "x".repeat(500);
        let (shown, before) = excerpt(&line, 300);
        assert_eq!((shown.len(), before), (120, 60));
        assert_eq!(excerpt("short", 3), ("short".to_string(), 2));
    }
}
