//! Totals over customers, by month, country and plan (P1, P3).

use std::collections::BTreeSet;

use clap::ValueEnum;
use entitle::OfferId;
use entitle::report::{ConsumptionRow, CountryRow, Detail, MonthRow, Series};
use entitle::time::Month;
use serde::Serialize;
use serde_json::json;

use super::ReportOptions;
use super::months::MonthRange;
use super::source::Statements;
use crate::answer::Answer;
use crate::exit::Failure;
use crate::spreadsheet::to_csv;
use crate::table::table;

/// By what a report is added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Dimension {
    Month,
    Country,
    Plan,
}

/// Returns the sums of all statements.
pub(super) fn series(statements: &Statements, months: MonthRange) -> Series {
    let mut series = Series::new(months.range());
    statements.0.iter().for_each(|(_, statement)| series.add(statement));
    series
}

/// Returns the totals, and the sums from which they are made.
pub(super) fn totals(
    statements: &Statements,
    options: &ReportOptions,
    months: MonthRange,
) -> Result<(Answer, Series), Failure> {
    let series = series(statements, months);
    let by = if options.by.is_empty() { &[Dimension::Month][..] } else { &options.by };
    let detail = if by.contains(&Dimension::Plan) { Detail::EachPlan } else { Detail::UserPlans };
    let (rows, consumption) = (series.months(detail), series.consumption());
    let last = rows.iter().map(|row| row.month).chain(consumption.iter().map(|row| row.month)).max();
    let is_shown = |month: Month| by.contains(&Dimension::Month) || Some(month) == last;
    let consumption: Vec<ConsumptionRow> = consumption.into_iter().filter(|row| is_shown(row.month)).collect();
    let answer = if by.contains(&Dimension::Country) {
        let rows: Vec<CountryRow> = series.countries(detail).into_iter().filter(|row| is_shown(row.month)).collect();
        form(&rows, &consumption, options, by, last)?
    } else {
        let rows: Vec<MonthRow> = rows.into_iter().filter(|row| is_shown(row.month)).collect();
        form(&rows, &consumption, options, by, last)?
    };
    Ok((answer, series))
}

/// A row of totals.
trait TotalRow: Serialize {
    /// Returns the offer of the plan, if the row is of one plan.
    fn offer(&self) -> Option<&OfferId>;
    fn cell(&self, dimension: Dimension) -> String;
    fn numbers(&self) -> [String; 3];
}

impl TotalRow for MonthRow {
    fn offer(&self) -> Option<&OfferId> {
        self.product_id.as_ref()
    }

    fn cell(&self, dimension: Dimension) -> String {
        match dimension {
            Dimension::Month => self.month.to_string(),
            Dimension::Country => String::new(),
            Dimension::Plan => self.plan_id.as_ref().map_or_else(String::new, ToString::to_string),
        }
    }

    fn numbers(&self) -> [String; 3] {
        [self.tenants.to_string(), self.total_provisioned().to_string(), self.licenses_assigned.to_string()]
    }
}

impl TotalRow for CountryRow {
    fn offer(&self) -> Option<&OfferId> {
        self.product_id.as_ref()
    }

    fn cell(&self, dimension: Dimension) -> String {
        match dimension {
            Dimension::Month => self.month.to_string(),
            Dimension::Country => match (self.customer_country, self.customer_country_code) {
                (Some(name), _) => name.to_string(),
                (None, Some(code)) => code.to_string(),
                (None, None) => "not known".to_string(),
            },
            Dimension::Plan => self.plan_id.as_ref().map_or_else(String::new, ToString::to_string),
        }
    }

    fn numbers(&self) -> [String; 3] {
        [self.tenants.to_string(), self.total_provisioned().to_string(), self.licenses_assigned.to_string()]
    }
}

/// Returns rows in the form that is asked for.
fn form(
    rows: &[impl TotalRow],
    consumption: &[ConsumptionRow],
    options: &ReportOptions,
    by: &[Dimension],
    last: Option<Month>,
) -> Result<Answer, Failure> {
    let answer = Answer::new(json!({ "licenses": rows, "consumption": consumption }));
    if options.csv {
        return Ok(answer.raw(&if options.consumption { to_csv(consumption)? } else { to_csv(rows)? }));
    }
    let of_month = match last.filter(|_| !by.contains(&Dimension::Month)) {
        Some(month) => format!(" in {month}"),
        None => String::new(),
    };
    let what = if by.contains(&Dimension::Plan) { "Licenses" } else { "Seats of all user plans" };
    let heading = by.iter().map(|dimension| match dimension {
        Dimension::Month => "MONTH",
        Dimension::Country => "COUNTRY",
        Dimension::Plan => "PLAN",
    });
    // Plans of two offers may have one id: their offers tell them apart.
    let offers: BTreeSet<&OfferId> = rows.iter().filter_map(TotalRow::offer).collect();
    let has_offers = offers.len() > 1;
    let offer = has_offers.then_some("OFFER");
    let heading: Vec<&str> = offer.into_iter().chain(heading).chain(["TENANTS", "PROVISIONED", "ASSIGNED"]).collect();
    let cells = rows.iter().map(|row| {
        let offer = has_offers.then(|| row.offer().map_or_else(String::new, ToString::to_string));
        offer.into_iter().chain(by.iter().map(|it| row.cell(*it))).chain(row.numbers()).collect()
    });
    let answer = answer.line(format!("{what}{of_month}")).table(&table(&heading, &cells.collect::<Vec<_>>()));
    if consumption.is_empty() {
        return Ok(answer);
    }
    let has_month = by.contains(&Dimension::Month);
    let offers: BTreeSet<&OfferId> = consumption.iter().map(|row| &row.product_id).collect();
    let has_offers = offers.len() > 1;
    let heading = has_offers.then_some("OFFER").into_iter().chain(has_month.then_some("MONTH"));
    let heading: Vec<&str> = heading.chain(["PLAN", "TENANTS", "CONSUMED", "ALLOWANCE"]).collect();
    let cells = consumption.iter().map(|row| {
        let offer = has_offers.then(|| row.product_id.to_string());
        let month = has_month.then(|| row.month.to_string());
        let numbers = [row.tenants.to_string(), row.consumed.to_string(), row.total_allowance().to_string()];
        offer.into_iter().chain(month).chain([row.plan_id.to_string()]).chain(numbers).collect()
    });
    let table = table(&heading, &cells.collect::<Vec<Vec<String>>>());
    Ok(answer.line(format!("\nConsumption of all countries{of_month}")).table(&table))
}
