//! Tables in text output.

use crate::text::one_line;
use comfy_table::{CellAlignment, Table, presets};

/// Formats a heading and rows, each cell in one line; columns of numbers are aligned right.
pub(crate) fn table(heading: &[&str], rows: &[Vec<String>]) -> String {
    let shown = rows.iter().map(|row| row.iter().map(|cell| one_line(cell)));
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header(heading.iter().copied()).add_rows(shown);
    for (index, column) in table.column_iter_mut().enumerate() {
        let is_number = |row: &Vec<String>| row.get(index).is_some_and(|cell| cell.parse::<u64>().is_ok());
        column.set_padding((u16::from(index != 0), 1));
        if !rows.is_empty() && rows.iter().all(is_number) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_string()).collect();
    lines.join("\n")
}
