//! CSV for spreadsheets, of which no cell is run as a formula.

use entitle::report::spreadsheet_cell;
use serde::Serialize;

use crate::exit::Failure;

/// Returns rows as CSV with a heading line, for a spreadsheet. Every file that a person opens in one
/// is written here.
///
/// A cell that a spreadsheet would run as a formula gets a leading single quote. So does what
/// follows a semicolon or a tab within a cell: where these separate cells, in a country with a
/// decimal comma, it is a cell of its own.
pub(crate) fn to_csv<T: Serialize>(rows: &[T]) -> Result<String, Failure> {
    let failed = |error: String| Failure::unwritten("cli.csv", error);
    let mut writer = csv::Writer::from_writer(Vec::new());
    rows.iter().try_for_each(|row| writer.serialize(row)).map_err(|error| failed(error.to_string()))?;
    let bytes = writer.into_inner().map_err(|error| failed(error.to_string()))?;
    // Each cell once more, as text.
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in reader.records() {
        let row = row.map_err(|error| failed(error.to_string()))?;
        writer.write_record(row.iter().map(harmless)).map_err(|error| failed(error.to_string()))?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| failed(error.to_string()))
}

/// Returns a cell that no spreadsheet runs.
pub(crate) fn harmless(cell: &str) -> String {
    let mut parts = cell.split_inclusive([';', '\t', '\n', '\r']);
    let first = parts.next().unwrap_or_default();
    // A lone tab or line end is a beginning of its own.
    let first = spreadsheet_cell(first).into_owned();
    parts.fold(first, |text, part| {
        let quoted = part.trim_start_matches([' ', '"']);
        let quote = if spreadsheet_cell(quoted) == quoted { "" } else { "'" };
        text + quote + part
    })
}

#[cfg(test)]
mod tests {
    use super::{harmless, to_csv};

    #[test]
    fn no_cell_begins_a_formula_wherever_cells_are_separated() {
        for (cell, written) in [
            ("Contoso", "Contoso"),
            ("=1+1", "'=1+1"),
            ("+1+1", "'+1+1"),
            ("-1+1", "'-1+1"),
            ("@SUM(1)", "'@SUM(1)"),
            ("\t=1", "'\t'=1"),
            ("\r=1", "'\r'=1"),
            ("Contoso;=1+1", "Contoso;'=1+1"),
            ("Contoso;\"=1+1", "Contoso;'\"=1+1"),
            ("Contoso; @A1;b\t-x", "Contoso;' @A1;b\t'-x"),
            ("a=b; c", "a=b; c"),
            ("-7.5", "-7.5"),
            ("", ""),
        ] {
            assert_eq!(harmless(cell), written, "{cell:?}");
        }
        let rows = [("a,b", "=cmd|' /C calc'!A0"), ("c", "x;=1")];
        assert_eq!(to_csv(&rows).unwrap(), "\"a,b\",'=cmd|' /C calc'!A0\nc,x;'=1\n");
    }
}
