//! A place in a text, shown as a compiler shows it.

use core::fmt::Display;
use std::path::Path;

use crate::text::is_terminal_control;

/// A place in a text, lines and columns counted from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SourceSpan {
    pub(crate) line: usize,
    pub(crate) column: usize,
    /// How many characters of the line it is, as far as it is one value on this line.
    pub(crate) length: usize,
}

/// The longest excerpt of a line.
const EXCERPT: usize = 120;

/// The longest value that is marked.
pub(crate) const MAX_MARKED: usize = 60;

/// The place in its line, with the value marked.
pub(crate) fn snippet(file: &Path, span: &SourceSpan, suffix: impl Display, line: &str) -> String {
    let SourceSpan { line: at, column, length } = span;
    let number = at.to_string();
    let margin = " ".repeat(number.len());
    let (excerpt, before) = excerpt(line, *column);
    let (indent, caret) = (" ".repeat(before), "^".repeat((*length).max(1)));
    let file = crate::text::name(file);
    format!("{margin}--> {file}:{at}:{column}{suffix}\n{margin} |\n{number} | {excerpt}\n{margin} | {indent}{caret}\n")
}

/// A line with the place in sight, and how many characters stand before that.
fn excerpt(line: &str, column: usize) -> (String, usize) {
    let before = column.saturating_sub(1);
    let skipped = before.saturating_sub(EXCERPT.saturating_div(2));
    let skipped = if line.chars().count() > EXCERPT { skipped } else { 0 };
    let shown = line.chars().skip(skipped).take(EXCERPT);
    // As wide as one column each, so that the caret stands below.
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
