//! `entitle tenant report`: the License report.

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use entitle::report::{LicenseRow, spreadsheet_cell};
use serde_json::json;

use super::TenantOptions;
use super::record::Record;
use crate::answer::Answer;
use crate::exit::Failure;
use crate::instant::day;
use crate::table::table;

/// Print the License report.
#[derive(Debug, Args)]
pub(crate) struct Report {
    /// All twelve columns as CSV for a spreadsheet. Cells that a spreadsheet would run as a
    /// formula, e.g. those that begin with `=`, `+`, `-`, `@` or a tab, get a leading single quote.
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

impl Report {
    pub(crate) fn run(&self, options: &TenantOptions, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let record = Record::read(options)?;
        let rows: Vec<LicenseRow> = record.tenant().license_rows(now).collect();
        let answer = Answer::new(json!(rows)).notes(record.notes());
        if self.csv {
            return Ok(answer.raw(&spreadsheet(&rows)?));
        }
        if rows.is_empty() {
            return Ok(answer.line("No license is installed."));
        }
        let cells: Vec<Vec<String>> = rows.iter().map(cells).collect();
        Ok(answer.line(table(&["SKU NAME", "STATE", "PROVISIONED", "ASSIGNED", "ACTIVATION"], &cells)))
    }
}

fn cells(row: &LicenseRow) -> Vec<String> {
    vec![
        row.sku_name.to_string(),
        row.license_state.to_string(),
        row.licenses_provisioned.to_string(),
        row.licenses_assigned.to_string(),
        row.activation_date.map_or("-".to_string(), day),
    ]
}

fn spreadsheet(rows: &[LicenseRow]) -> Result<String, Failure> {
    let failed = |error: String| Failure::unwritten("cli.csv", error);
    let mut writer = csv::Writer::from_writer(Vec::new());
    rows.iter().try_for_each(|row| writer.serialize(row)).map_err(|error| failed(error.to_string()))?;
    let bytes = writer.into_inner().map_err(|error| failed(error.to_string()))?;
    // Each cell once more: a spreadsheet would run some as formulas.
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in reader.records() {
        let row = row.map_err(|error| failed(error.to_string()))?;
        let cells = row.iter().map(|cell| spreadsheet_cell(cell).into_owned());
        writer.write_record(cells).map_err(|error| failed(error.to_string()))?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| failed(error.to_string()))
}
