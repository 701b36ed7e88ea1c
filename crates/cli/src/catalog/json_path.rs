//! Positions of values in JSON text, by paths like `plans[2].apps[0]`.

use crate::source_snippet::{MAX_MARKED, SourceSpan};

/// A step of a path.
#[derive(Debug, PartialEq, Eq)]
enum Step<'a> {
    Field(&'a str),
    Entry(usize),
}

/// Returns the position of the value of a path, or of the last existing value on it.
pub(super) fn locate(text: &str, path: &str) -> Option<SourceSpan> {
    let mut scanner = JsonScanner { text, at: 0 };
    scanner.skip_space();
    for step in steps(path) {
        let before_step = scanner.at;
        if scanner.enter(&step).is_none() {
            scanner.at = before_step;
            break;
        }
    }
    let start = scanner.at;
    scanner.skip_value()?;
    span_of(text, start, scanner.at)
}

/// Returns the position of a line and a column that count from 1, the column in bytes.
pub(super) fn position(text: &str, line: usize, column: usize) -> Option<SourceSpan> {
    let content = text.lines().nth(line.checked_sub(1)?)?;
    let before = content.get(..column.saturating_sub(1)).unwrap_or(content);
    Some(SourceSpan { line, column: before.chars().count().saturating_add(1), length: 1 })
}

fn span_of(text: &str, start: usize, end: usize) -> Option<SourceSpan> {
    let before = text.get(..start)?;
    let line_start = before.rfind('\n').map_or(0, |at| at.saturating_add(1));
    let value = text.get(start..end)?.lines().next()?;
    Some(SourceSpan {
        line: before.matches('\n').count().saturating_add(1),
        column: before.get(line_start..)?.chars().count().saturating_add(1),
        length: value.chars().count().min(MAX_MARKED),
    })
}

/// Returns the steps of `plans[2].apps[0]`. Ids of an offer are values, never field names, so that
/// no name contains a dot.
fn steps(path: &str) -> impl Iterator<Item = Step<'_>> {
    let fields = path.split('.').filter(|field| !field.is_empty());
    fields.flat_map(|field| {
        let mut parts = field.split('[');
        let name = parts.next().filter(|name| !name.is_empty()).map(Step::Field);
        let entries = parts.filter_map(|part| part.strip_suffix(']')?.parse().ok().map(Step::Entry));
        name.into_iter().chain(entries)
    })
}

/// Skips over well-formed JSON; returns `None` for anything else.
struct JsonScanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> JsonScanner<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes);
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.skip(rest.len().saturating_sub(rest.trim_start_matches([' ', '\t', '\r', '\n']).len()));
    }

    fn take_char(&mut self, mark: char) -> Option<()> {
        self.skip_space();
        self.rest().starts_with(mark).then(|| self.skip(mark.len_utf8()))
    }

    /// Moves to a field of the object, or to an entry of the list, at this position.
    fn enter(&mut self, step: &Step<'_>) -> Option<()> {
        match step {
            Step::Field(name) => {
                self.take_char('{')?;
                loop {
                    self.skip_space();
                    let key = self.skip_string()?;
                    self.take_char(':')?;
                    self.skip_space();
                    if key == *name {
                        return Some(());
                    }
                    self.skip_value()?;
                    self.take_char(',')?;
                }
            }
            Step::Entry(index) => {
                self.take_char('[')?;
                for _ in 0..*index {
                    self.skip_value()?;
                    self.take_char(',')?;
                }
                self.skip_space();
                (!self.rest().starts_with(']')).then_some(())
            }
        }
    }

    /// Skips a string and returns the text between its quotation marks.
    fn skip_string(&mut self) -> Option<&'a str> {
        let inside = self.rest().strip_prefix('"')?;
        let mut is_escaped = false;
        let end = inside.bytes().position(|byte| {
            let ends = byte == b'"' && !is_escaped;
            is_escaped = byte == b'\\' && !is_escaped;
            ends
        })?;
        self.skip(end.saturating_add(2));
        inside.get(..end)
    }

    /// Skips the value at this position, at any depth, by counting brackets.
    fn skip_value(&mut self) -> Option<()> {
        self.skip_space();
        let mut depth = 0_usize;
        loop {
            let rest = self.rest();
            match rest.chars().next()? {
                '"' => _ = self.skip_string()?,
                '{' | '[' => {
                    depth = depth.saturating_add(1);
                    self.skip(1);
                }
                '}' | ']' => {
                    depth = depth.checked_sub(1)?;
                    self.skip(1);
                }
                ',' | ':' | ' ' | '\t' | '\r' | '\n' => self.skip(1),
                _ => self.skip(rest.find([',', '}', ']', ' ', '\t', '\r', '\n', '"']).unwrap_or(rest.len()).max(1)),
            }
            if depth == 0 {
                return Some(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{SourceSpan, locate, position};

    const TEXT: &str =
        "{\n  \"a\\\"]\": [1, {\"x\": \"}\"}],\n  \"plans\": [{\"id\": \"ä\", \"apps\": [\"one\", \"two\"]}]\n}\n";

    fn at(path: &str) -> Option<(usize, usize, usize)> {
        locate(TEXT, path).map(|SourceSpan { line, column, length }| (line, column, length))
    }

    #[test]
    fn a_path_leads_to_its_value() {
        assert_eq!(at("plans[0].apps[1]"), Some((3, 41, 5)), "\"two\", columns in characters");
        assert_eq!(at("plans[0].id"), Some((3, 20, 3)));
        assert_eq!(at("plans[0]"), Some((3, 13, 35)));
    }

    #[test]
    fn a_path_without_a_value_gives_its_last_existing_part() {
        assert_eq!(at("plans[0].apps[7]"), at("plans[0].apps"));
        assert_eq!(at("plans[0].requires[0]"), at("plans[0]"));
        assert_eq!(at("nothing"), Some((1, 1, 1)), "the whole");
        assert_eq!(locate("", "plans"), None);
        assert_eq!(locate("[", "plans"), None);
    }

    #[test]
    fn a_column_in_bytes_is_one_in_characters() {
        assert_eq!(position("{\n  ä!\n}", 2, 5), Some(SourceSpan { line: 2, column: 4, length: 1 }));
        assert_eq!([position("{}", 2, 1), position("{}", 0, 0)], [None, None]);
    }
}
