//! Faults in CSV files, each shown with its cell.

use std::path::Path;

use entitle_microsoft::{Fault, Faults, File, Separator};
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::exit::Exit;
use crate::source_snippet::{MAX_MARKED, SourceSpan, snippet};

/// The maximum number of faults in text output; JSON has all that the library lists.
const SHOWN: usize = 50;

/// A file that was read: its kind, its path, and its text without a byte order mark.
pub(super) type Source<'a> = (File, &'a Path, &'a str);

/// Returns the faults of files as an answer.
pub(super) fn faults(faults: &Faults, sources: &[Source<'_>]) -> Answer {
    let name = |file: File| sources.iter().find(|(each, _, _)| *each == file).map(|(_, path, _)| *path);
    let found: Vec<Value> = faults
        .listed
        .iter()
        .map(|Fault { file, line, column, what, .. }| {
            let (code, message) = (what.code(), what.to_string());
            json!({ "level": "error", "code": code, "message": message, "file": name(*file).map(Path::to_string_lossy), "line": line, "cell": column })
        })
        .collect();
    let line_starts: Vec<Vec<usize>> = sources.iter().map(|(_, _, text)| line_starts(text)).collect();
    let mut answer = Answer::new(json!({ "sound": false, "found": found, "total": faults.total }));
    for fault in faults.listed.iter().take(SHOWN) {
        answer = answer.escaped_line(format_args!("error[{}]: {}", fault.what.code(), fault.what));
        let source = sources.iter().zip(&line_starts).find(|((file, _, _), _)| *file == fault.file);
        let Some(((_, path, text), line_starts)) = source else { continue };
        let (span, line) = span_of(text, line_starts, fault);
        answer = answer.line(snippet(path, &span, format_args!(", cell {}", fault.column), line));
    }
    let more = faults.total.saturating_sub(SHOWN);
    let files: Vec<String> = sources.iter().map(|(_, path, _)| crate::text::name(path)).collect();
    let verb = if files.len() == 1 { "has" } else { "have" };
    let plural = if faults.total == 1 { "" } else { "s" };
    let beyond = if more == 0 { String::new() } else { format!(", of which {more} are not shown") };
    let line = format!("{} {verb} {} fault{plural}{beyond}.", files.join(" and "), faults.total);
    answer.line(line).with_exit(Exit::Unreadable)
}

/// Returns the starts of lines, which end as the library counts them: with line feeds, and with
/// carriage returns without one.
fn line_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let ends = bytes.iter().enumerate().filter(|&(at, &byte)| match byte {
        b'\n' => true,
        b'\r' => bytes.get(at.saturating_add(1)) != Some(&b'\n'),
        _ => false,
    });
    core::iter::once(0).chain(ends.map(|(at, _)| at.saturating_add(1))).collect()
}

/// Returns the position of the cell of a fault, and the line on which it begins.
fn span_of<'a>(text: &'a str, line_starts: &[usize], fault: &Fault) -> (SourceSpan, &'a str) {
    let line = usize::try_from(fault.line).unwrap_or(usize::MAX);
    let row = line_starts.get(line.saturating_sub(1)).copied().unwrap_or_default();
    let (from, to) = cell_range(text.get(row..).unwrap_or_default(), Separator::detect(text), fault.column);
    let (from, to) = (row.saturating_add(from), row.saturating_add(to));
    // A row may have several lines: the cell begins on this one.
    let line = line_starts.partition_point(|&start| start <= from);
    let start = line_starts.get(line.saturating_sub(1)).copied().unwrap_or_default();
    let content = text.get(start..).unwrap_or_default().split(['\r', '\n']).next().unwrap_or_default();
    let characters = |from: usize, to: usize| text.get(from..to).unwrap_or_default().chars();
    let column = characters(start, from).count().saturating_add(1);
    let length = characters(from, to).take_while(|c| !matches!(c, '\r' | '\n')).take(MAX_MARKED).count();
    (SourceSpan { line, column, length }, content)
}

/// Returns the range of a cell, counted from 1; beyond the last cell, the end of the row.
fn cell_range(row: &str, separator: Separator, number: u64) -> (usize, usize) {
    let (mut from, mut at_cell, mut quoted) = (0, 1, false);
    for (at, byte) in row.bytes().enumerate() {
        let is_separator = char::from(byte) == separator.as_char();
        match byte {
            // A quote has a meaning only in a cell that begins with one.
            b'"' if row.as_bytes().get(from) == Some(&b'"') => quoted = !quoted,
            b'\n' | b'\r' if !quoted => {
                // A missing cell is at the end of the row.
                return if at_cell >= number { (from, at) } else { (at, at) };
            }
            _ if is_separator && !quoted => {
                if at_cell >= number {
                    return (from, at);
                }
                at_cell = at_cell.saturating_add(1);
                from = at.saturating_add(1);
            }
            _ => {}
        }
    }
    if at_cell >= number { (from, row.len()) } else { (row.len(), row.len()) }
}

#[cfg(test)]
mod tests {
    use super::{Separator, cell_range, line_starts};

    #[test]
    fn a_cell_is_found_by_its_number() {
        let comma = |row, number| cell_range(row, Separator::Comma, number);
        assert_eq!(comma("a,bc,d\nx", 2), (2, 4));
        assert_eq!(comma("a,\"b,\n\"\"c\",d", 2), (2, 10));
        assert_eq!(comma("a,\"b,\n\"\"c\",d", 3), (11, 12));
        assert_eq!(comma("a,b\r\nc", 3), (3, 3), "the end of the row");
        assert_eq!(comma("a,\"b", 2), (2, 4));
        assert_eq!(comma("a\"b,c\"d,e", 2), (4, 7), "quotes within a cell are none");
        assert_eq!(comma("", 7), (0, 0));
        assert_eq!(cell_range("a,;\"b;\";d", Separator::Semicolon, 2), (3, 7));
    }

    #[test]
    fn lines_begin_as_the_library_counts_them() {
        assert_eq!(line_starts("a\nb\r\nc\rd"), [0, 2, 5, 7]);
        assert_eq!(line_starts(""), [0]);
    }
}
