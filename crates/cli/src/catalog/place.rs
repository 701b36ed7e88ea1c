//! Where in a text of JSON a path like `plans[2].apps[0]` leads.

use crate::spot::{LONGEST, Spot};

/// One step of a path.
#[derive(Debug, PartialEq, Eq)]
enum Step<'a> {
    Field(&'a str),
    Entry(usize),
}

/// Where the value of a path stands; of one that leads nowhere, where it still led somewhere.
pub(super) fn find(text: &str, path: &str) -> Option<Spot> {
    let mut reader = Reader { text, at: 0 };
    reader.space();
    for step in steps(path) {
        let stood = reader.at;
        if reader.enter(&step).is_none() {
            reader.at = stood;
            break;
        }
    }
    let start = reader.at;
    reader.value()?;
    spot(text, start, reader.at)
}

/// Where the JSON parser stood when it said something that ends in `line 3 column 5`.
pub(super) fn of_error(text: &str, error: &str) -> Option<Spot> {
    let (_, place) = error.rsplit_once("line ")?;
    let (line, column) = place.split_once(" column ")?;
    let (line, bytes): (usize, usize) = (line.parse().ok()?, column.parse().ok()?);
    let content = text.lines().nth(line.checked_sub(1)?)?;
    // The parser counts bytes.
    let before = content.get(..bytes.saturating_sub(1)).unwrap_or(content);
    Some(Spot { line, column: before.chars().count().saturating_add(1), length: 1 })
}

fn spot(text: &str, start: usize, end: usize) -> Option<Spot> {
    let before = text.get(..start)?;
    let line_start = before.rfind('\n').map_or(0, |at| at.saturating_add(1));
    let value = text.get(start..end)?.lines().next()?;
    Some(Spot {
        line: before.matches('\n').count().saturating_add(1),
        column: before.get(line_start..)?.chars().count().saturating_add(1),
        length: value.chars().count().min(LONGEST),
    })
}

/// The steps of `plans[2].apps[0]`. The ids of an offer are values, never names of fields, so that no name has a dot.
fn steps(path: &str) -> impl Iterator<Item = Step<'_>> {
    let fields = path.split('.').filter(|field| !field.is_empty());
    fields.flat_map(|field| {
        let mut parts = field.split('[');
        let name = parts.next().filter(|name| !name.is_empty()).map(Step::Field);
        let entries = parts.filter_map(|part| part.strip_suffix(']')?.parse().ok().map(Step::Entry));
        name.into_iter().chain(entries)
    })
}

/// Reads over JSON that is known to be well-formed; whatever is not gives `None`.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes);
    }

    fn space(&mut self) {
        let rest = self.rest();
        self.skip(rest.len().saturating_sub(rest.trim_start_matches([' ', '\t', '\r', '\n']).len()));
    }

    fn take(&mut self, mark: char) -> Option<()> {
        self.space();
        self.rest().starts_with(mark).then(|| self.skip(mark.len_utf8()))
    }

    /// Goes to a field of the object or an entry of the list that stands here.
    fn enter(&mut self, step: &Step<'_>) -> Option<()> {
        match step {
            Step::Field(name) => {
                self.take('{')?;
                loop {
                    self.space();
                    let key = self.string()?;
                    self.take(':')?;
                    self.space();
                    if key == *name {
                        return Some(());
                    }
                    self.value()?;
                    self.take(',')?;
                }
            }
            Step::Entry(index) => {
                self.take('[')?;
                for _ in 0..*index {
                    self.value()?;
                    self.take(',')?;
                }
                self.space();
                (!self.rest().starts_with(']')).then_some(())
            }
        }
    }

    /// Reads over a string; gives what stands between its quotation marks.
    fn string(&mut self) -> Option<&'a str> {
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

    /// Reads over the value that stands here, however deep: by counting brackets.
    fn value(&mut self) -> Option<()> {
        self.space();
        let mut depth = 0_usize;
        loop {
            let rest = self.rest();
            match rest.chars().next()? {
                '"' => _ = self.string()?,
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
    use super::{Spot, find, of_error};

    const TEXT: &str =
        "{\n  \"a\\\"]\": [1, {\"x\": \"}\"}],\n  \"plans\": [{\"id\": \"ä\", \"apps\": [\"one\", \"two\"]}]\n}\n";

    fn at(path: &str) -> Option<(usize, usize, usize)> {
        find(TEXT, path).map(|Spot { line, column, length }| (line, column, length))
    }

    #[test]
    fn a_path_leads_to_its_value() {
        assert_eq!(at("plans[0].apps[1]"), Some((3, 41, 5)), "\"two\", columns in characters");
        assert_eq!(at("plans[0].id"), Some((3, 20, 3)));
        assert_eq!(at("plans[0]"), Some((3, 13, 35)));
    }

    #[test]
    fn a_path_that_leads_nowhere_ends_where_it_still_led() {
        assert_eq!(at("plans[0].apps[7]"), at("plans[0].apps"));
        assert_eq!(at("plans[0].requires[0]"), at("plans[0]"));
        assert_eq!(at("nothing"), Some((1, 1, 1)), "the whole");
        assert_eq!(find("", "plans"), None);
        assert_eq!(find("[", "plans"), None);
    }

    #[test]
    fn the_parsers_own_place_is_read() {
        assert_eq!(
            of_error("{\n  ä!\n}", "expected value at line 2 column 5"),
            Some(Spot { line: 2, column: 4, length: 1 })
        );
        assert_eq!(of_error("{}", "no place"), None);
    }
}
