//! `entitle report`: licenses and consumption of any set of tenants, from their records and usage
//! statements.

pub(crate) mod months;

mod spreadsheet;

mod source;

mod license_report;
mod pictures;
mod totals;

use std::path::PathBuf;

use clap::Args;
use entitle::chrono::{DateTime, Utc};

use crate::answer::Answer;
use crate::exit::Failure;
use months::MonthRange;
use source::Sources;
pub(crate) use source::state;
use totals::Dimension;

/// Report what is provisioned, assigned and consumed, of any set of customers.
///
/// Without an option it prints the License report: every plan of every customer as of now. With
/// --months or --by it adds the customers up. A total of which some customers are unlimited is the
/// sum of the others and the number of those: `8 + 1 unlimited`.
///
/// A record is a tenant's ledger, with its settings file next to it. A usage statement is what
/// `entitle tenant statement` writes: the customer's word, without names of people. A statement that
/// contradicts another one, or the ledger, of the same record is named, and there is no report then.
///
/// Example: entitle report contoso.ledger northwind.json --months 2026-01..2026-12 --by month,plan
#[derive(Debug, Args)]
pub(crate) struct Report {
    /// Ledgers and usage statements.
    #[arg(required = true, value_name = "RECORD|STATEMENT", env = "ENTITLE_LEDGER", hide_env_values = true)]
    sources: Vec<PathBuf>,
    #[command(flatten)]
    options: ReportOptions,
}

/// What a report contains, and its form.
#[derive(Debug, Args)]
pub(crate) struct ReportOptions {
    /// The months: `2026-01..2026-12`, or one, `2026-03` [default: the present month].
    #[arg(long, value_name = "MONTHS")]
    months: Option<MonthRange>,
    /// Add up by these, in this order of columns: month, country, plan. Without `month`, the last
    /// month; without `plan`, all user plans together, which count seats [default: month].
    #[arg(long, value_name = "COLUMNS", value_enum, value_delimiter = ',', conflicts_with = "rows")]
    by: Vec<Dimension>,
    /// The License report: a row for each plan of each customer, with the twelve columns; with
    /// --months also each month.
    #[arg(long)]
    rows: bool,
    /// CSV for a spreadsheet. Cells that a spreadsheet would run as a formula, e.g. those that begin
    /// with `=`, `+`, `-`, `@` or a tab, get a leading single quote.
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// With --csv: the consumption of capacity plans instead of licenses.
    #[arg(long, requires = "csv", conflicts_with = "rows")]
    consumption: bool,
    /// Also write pictures into this folder: licenses by month and by country, and the consumption
    /// of each capacity plan.
    #[arg(long, value_name = "FOLDER")]
    svg: Option<PathBuf>,
}

impl Report {
    pub(crate) fn run(&self, now: DateTime<Utc>) -> Result<Answer, Failure> {
        self.options.run(&self.sources, now)
    }
}

impl ReportOptions {
    /// Returns the report of these ledgers and statements.
    pub(crate) fn run(&self, sources: &[PathBuf], now: DateTime<Utc>) -> Result<Answer, Failure> {
        let sources = Sources::read(sources)?;
        sources.check(now)?;
        let adds_up = self.months.is_some() || !self.by.is_empty() || self.consumption || self.svg.is_some();
        if !adds_up {
            return license_report::present(&sources, self, now);
        }
        let months = self.months.unwrap_or_else(|| MonthRange::of(now));
        let statements = sources.statements(months, now)?;
        let (mut answer, series) = if self.rows {
            (license_report::by_month(&statements, self, months)?, totals::series(&statements, months))
        } else {
            totals::totals(&statements, self, months)?
        };
        if let Some(folder) = &self.svg {
            let files = pictures::write(&series, folder)?;
            answer = if self.csv { answer.notes(files) } else { files.into_iter().fold(answer, Answer::line) };
        }
        Ok(answer.notes(sources.notes()).notes(statements.gaps(months)))
    }
}
