//! `entitle tenant report`: the License report.

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use entitle::report::LicenseRow;
use serde_json::json;

use super::TenantOptions;
use super::record::Record;
use crate::answer::Answer;
use crate::exit::Failure;
use crate::instant::day;
use crate::spreadsheet::to_csv;
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
            return Ok(answer.raw(&to_csv(&rows)?));
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
