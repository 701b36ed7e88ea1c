//! `entitle report`: licenses and consumption of any set of tenants, from their records and usage
//! statements.

pub(crate) mod months;

mod spreadsheet;

mod source;

mod as_of;
mod license_report;
mod pictures;
mod totals;

use std::path::PathBuf;

use clap::Args;
use entitle::chrono::{DateTime, Utc};

use crate::answer::Answer;
use crate::exit::Failure;
use crate::instant::{self, Instant};
use months::MonthRange;
use source::Sources;
pub(crate) use source::state;
use totals::Dimension;

/// Report what customers have provisioned, assigned and consumed.
///
/// Without an option it prints the License report: every plan of every customer as of now, and of a
/// statement as of its instant, which is shown. With
/// --months or --by it adds the customers up: without `month` in --by for the last month, without
/// `plan` for all user plans together, which count seats. A total of which some customers are unlimited is the
/// sum of the others and the number of those: `8 + 1 unlimited`.
///
/// A record is a tenant's ledger, with its settings file next to it. The catalog and the keys in the settings
/// decide what counts: put your own next to a customer's ledger, since who sends you both may trust keys of their own.
///
/// A usage statement is what `entitle tenant statement` writes: the customer's word, without names of people. A
/// statement that contradicts another one, or the ledger, of the same record is named, and there is no report
/// then. Figures of a statement that were not final when it was made, and months that are not begun, are noted.
///
/// Example: `entitle report contoso.ledger northwind.json --months 2026-01..2026-12 --by month,plan`
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
    /// `2026-01..2026-12`, or one month [default: the present one].
    #[arg(long, value_name = "MONTHS")]
    months: Option<MonthRange>,
    /// Add up by month, country, plan [default: month].
    #[arg(
        long,
        value_name = "COLUMNS",
        value_enum,
        value_delimiter = ',',
        conflicts_with = "rows",
        hide_possible_values = true
    )]
    by: Vec<Dimension>,
    /// A row of twelve columns for each plan of each customer.
    #[arg(long)]
    rows: bool,
    /// CSV for a spreadsheet, in which no cell is a formula.
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// With --csv: consumption instead of licenses.
    #[arg(long, requires = "csv", conflicts_with = "rows")]
    consumption: bool,
    /// Also write pictures into this folder; of each plan with --by plan.
    #[arg(long, value_name = "FOLDER")]
    svg: Option<PathBuf>,
}

impl Report {
    /// Runs the command at an instant that was chosen, or at the time of the clock.
    pub(crate) fn run(&self, at: Option<Instant>) -> Result<Answer, Failure> {
        self.options.run(&self.sources, at.map(|at| at.0), at.map_or_else(instant::system_clock, |at| at.0))
    }
}

impl ReportOptions {
    /// Returns the report of these ledgers and statements; of ledgers as they were at an earlier
    /// instant that was chosen (P2).
    pub(crate) fn run(
        &self,
        sources: &[PathBuf],
        chosen: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<Answer, Failure> {
        let sources = Sources::read(sources, chosen)?;
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
            let files = pictures::write(&series, folder, self.by.contains(&Dimension::Plan))?;
            answer = if self.csv { answer.notes(files) } else { files.into_iter().fold(answer, Answer::line) };
        }
        Ok(answer.notes(sources.notes()).notes(statements.gaps(months, now)).notes(sources.not_final(months, now)))
    }
}
