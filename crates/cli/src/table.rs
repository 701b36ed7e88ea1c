//! Tables in text output, as wide as the terminal at most.

use core::fmt;

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Width, presets};
use unicode_width::UnicodeWidthStr;

use crate::text::one_line;

/// The narrowest terminal for which text is arranged; in a narrower one, the terminal wraps.
const NARROWEST: u16 = 20;

/// The spaces between two columns.
const GAP: u16 = 2;

/// Formats a heading and rows, each cell in one line; columns of numbers are aligned right. Where
/// the terminal is narrower than the table, cells take several lines; where words do not fit either,
/// each row is a list of its cells.
pub(crate) fn table(heading: &[&str], rows: &[Vec<String>]) -> Table {
    table_within(heading, rows, terminal_width())
}

/// A table in text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    /// The lines of the heading, which a list does not have.
    heading: String,
    rows: String,
}

impl Table {
    /// Returns the lines of the heading, and those of the rows.
    pub(crate) fn parts(&self) -> (&str, &str) {
        (&self.heading, &self.rows)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { heading, rows } = self;
        let between = if heading.is_empty() || rows.is_empty() { "" } else { "\n" };
        write!(f, "{heading}{between}{rows}")
    }
}

/// Returns the width of the terminal: of `COLUMNS`, or of the terminal that standard output is;
/// `None` for a file or a pipe, which have any.
fn terminal_width() -> Option<u16> {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.trim().parse().ok());
    let terminal = || terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| width.0);
    columns.or_else(terminal).filter(|&width| width >= NARROWEST)
}

fn table_within(heading: &[&str], rows: &[Vec<String>], width: Option<u16>) -> Table {
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| one_line(cell).into_owned()).collect()).collect();
    let Some(width) = width else { return arranged(heading, &rows, None) };
    let words: Vec<u16> = (0..heading.len()).map(|column| longest_word(heading, &rows, column)).collect();
    let gaps = GAP.saturating_mul(u16::try_from(heading.len().saturating_sub(1)).unwrap_or(u16::MAX));
    if words.iter().fold(gaps, |sum, &word| sum.saturating_add(word)) <= width {
        arranged(heading, &rows, Some((width, &words)))
    } else {
        Table { heading: String::new(), rows: list(heading, &rows, width) }
    }
}

/// Returns the width of the longest word of a column.
fn longest_word(heading: &[&str], rows: &[Vec<String>], column: usize) -> u16 {
    let cells = rows.iter().filter_map(|row| row.get(column).map(String::as_str));
    let words = heading.get(column).copied().into_iter().chain(cells).flat_map(str::split_whitespace);
    u16::try_from(words.map(UnicodeWidthStr::width).max().unwrap_or_default()).unwrap_or(u16::MAX)
}

/// Returns columns next to each other; within a width, none is narrower than its longest word.
fn arranged(heading: &[&str], rows: &[Vec<String>], within: Option<(u16, &[u16])>) -> Table {
    let mut table = comfy_table::Table::new();
    table.load_preset(presets::NOTHING).set_header(heading.iter().copied()).add_rows(rows);
    if let Some((width, _)) = within {
        // The padding of the last column is cut from its lines.
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width.saturating_add(1));
    }
    for (index, column) in table.column_iter_mut().enumerate() {
        let is_number = |cell: &String| cell == "-" || cell.parse::<u64>().is_ok() || is_decimal(cell);
        let is_number = |row: &Vec<String>| row.get(index).is_some_and(is_number);
        let before = u16::from(index != 0);
        column.set_padding((before, 1));
        if let Some(word) = within.and_then(|(_, words)| words.get(index)) {
            let least = word.saturating_add(before).saturating_add(1);
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(least)));
        }
        if !rows.is_empty() && rows.iter().all(is_number) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    // The heading takes as many lines as its words do.
    let words = heading.iter().flat_map(|name| name.split_whitespace()).count();
    let (mut lines, mut shown) = (lines(&table), 0_usize);
    let of_heading = lines.iter().take_while(|line| {
        let is_more_to_come = shown < words;
        shown = shown.saturating_add(line.split_whitespace().count());
        is_more_to_come
    });
    let rows = lines.split_off(of_heading.count());
    Table { heading: lines.join("\n"), rows: rows.join("\n") }
}

/// Returns each row as a list of its cells below each other, with their headings. A row whose first
/// cell is empty continues the one before it.
fn list(heading: &[&str], rows: &[Vec<String>], width: u16) -> String {
    let mut table = comfy_table::Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(width.saturating_add(1));
    for (index, row) in rows.iter().enumerate() {
        if index > 0 && row.first().is_some_and(|cell| !cell.is_empty()) {
            table.add_row(["", ""]);
        }
        let cells = heading.iter().zip(row).filter(|(_, cell)| !cell.is_empty());
        table.add_rows(cells.map(|(name, cell)| [*name, cell.as_str()]));
    }
    let names = heading.iter().map(|name| name.width()).max().unwrap_or_default();
    let names = u16::try_from(names).unwrap_or(u16::MAX).saturating_add(1);
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((u16::from(index != 0), 1));
        if index == 0 {
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(names)));
        }
    }
    lines(&table).join("\n")
}

fn lines(table: &comfy_table::Table) -> Vec<String> {
    table.lines().map(|line| line.trim_end().to_string()).collect()
}

/// Returns whether a cell is a number with decimals, such as `2.5`.
fn is_decimal(cell: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    cell.split_once('.').is_some_and(|(whole, decimals)| is_number(whole) && is_number(decimals))
}

#[cfg(test)]
mod tests {
    use super::table_within;

    const HEADING: [&str; 3] = ["PLAN", "FINDING", "UNITS"];

    fn rows() -> Vec<Vec<String>> {
        let cells = [
            ["MAIL", "not enabled: its provisioning status is PendingProvisioning", "7"],
            ["ARCHIVE", "enabled\u{202e}", "12"],
        ];
        cells.map(|row| row.map(ToString::to_string).to_vec()).to_vec()
    }

    #[test]
    fn a_table_is_as_wide_as_its_cells() {
        let wide = "PLAN     FINDING                                                      UNITS\n\
                    MAIL     not enabled: its provisioning status is PendingProvisioning      7\n\
                    ARCHIVE  enabled\\u{202e}                                                 12";
        assert_eq!(table_within(&HEADING, &rows(), None).to_string(), wide);
        assert_eq!(table_within(&HEADING, &rows(), Some(75)).to_string(), wide);
    }

    #[test]
    fn in_a_narrow_terminal_cells_take_several_lines() {
        for width in [35_u16, 40, 60, 74] {
            let text = table_within(&HEADING, &rows(), Some(width)).to_string();
            let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= usize::from(width), "{width}:\n{text}");
            for word in rows().concat().iter().flat_map(|cell| cell.split_whitespace()) {
                assert!(text.contains(&word.replace('\u{202e}', "\\u{202e}")), "`{word}` is cut:\n{text}");
            }
            assert!(text.starts_with("PLAN     FINDING"), "{text}");
        }
    }

    /// A column of ids is as wide as the longest of them, however little is left for the others.
    #[test]
    fn no_word_is_cut_while_the_words_of_all_columns_fit() {
        let words = "a sentence of short words that wants all of the room for itself and more";
        let rows = [["publisher.offer.plan-with-a-long-id", words, "another-long-id-of-a-key", words]];
        let rows = rows.map(|row| row.map(ToString::to_string).to_vec());
        // The longest words and the spaces between the columns: 35, 8, 24 and 8, with 6.
        for width in 81_u16..130 {
            let text = table_within(&["SERVICE", "ONE", "KEY", "TWO"], &rows, Some(width)).to_string();
            assert!(text.contains("publisher.offer.plan-with-a-long-id"), "{width}:\n{text}");
            assert!(text.contains("another-long-id-of-a-key") && text.contains("sentence"), "{width}:\n{text}");
            assert!(text.starts_with("SERVICE") && text.lines().all(|line| line.len() <= width.into()), "{text}");
        }
    }

    #[test]
    fn in_a_narrower_one_each_row_is_a_list() {
        let mut more = rows();
        more.push(vec![String::new(), "in the same row".to_string(), String::new()]);
        let list = "PLAN     MAIL\n\
                    FINDING  not enabled: its\n         provisioning status is\n         PendingProvisioning\n\
                    UNITS    7\n\nPLAN     ARCHIVE\nFINDING  enabled\\u{202e}\nUNITS    12\nFINDING  in the same row";
        assert_eq!(table_within(&HEADING, &more, Some(33)).to_string(), list);
    }
}
