//! Rows of several months as CSV for a spreadsheet.

use entitle::time::Month;
use serde::Serialize;

use crate::exit::Failure;
use crate::spreadsheet::harmless;

/// Returns rows as CSV, each with its month in the first column.
pub(super) fn csv_by_month<T: Serialize>(rows: &[(Month, T)]) -> Result<String, Failure> {
    let records = records(&rows.iter().map(|(_, row)| row).collect::<Vec<_>>())?;
    let months = core::iter::once("Month".to_string()).chain(rows.iter().map(|(month, _)| month.to_string()));
    let records = months.zip(records).map(|(month, cells)| core::iter::once(month).chain(cells).collect());
    write(&records.collect::<Vec<Vec<String>>>())
}

/// Returns the cells of the heading and of each row.
fn records(rows: &[impl Serialize]) -> Result<Vec<Vec<String>>, Failure> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    rows.iter().try_for_each(|row| writer.serialize(row)).map_err(|error| failed(&error))?;
    let bytes = writer.into_inner().map_err(|error| failed(&error))?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
    let records = reader.records().map(|row| row.map(|row| row.iter().map(ToString::to_string).collect()));
    records.collect::<Result<_, csv::Error>>().map_err(|error| failed(&error))
}

/// Writes cells. A spreadsheet would run some as formulas.
fn write(records: &[Vec<String>]) -> Result<String, Failure> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for cells in records {
        writer.write_record(cells.iter().map(|cell| harmless(cell))).map_err(|error| failed(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(&error))?;
    String::from_utf8(bytes).map_err(|error| failed(&error))
}

fn failed(error: &impl ToString) -> Failure {
    Failure::unwritten("cli.csv", error.to_string())
}
